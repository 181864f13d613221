"""Brings the measures together: from a transcript to an ``Analysis``, by pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from voicemock.analysis.delivery import (
    count_words,
    duration_s,
    find_pauses,
    find_unclear,
    judge_length,
    pace_curve,
    per_minute,
    speaking_time_s,
)
from voicemock.analysis.evidence import EvidenceTable, kept_evidence, table_of, without_sentences
from voicemock.analysis.fillers import find_fillers
from voicemock.analysis.headline import headline_s
from voicemock.analysis.instructions import is_instruction
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.outcomes import find_background_numbers, find_outcomes
from voicemock.analysis.rambling import Closeness, find_rambling, measure_closeness
from voicemock.analysis.reader import Reader, load_reader
from voicemock.analysis.relevance import JudgedAnswer, judge_relevance
from voicemock.analysis.repetitions import find_repetitions
from voicemock.analysis.sentences import SentenceSpan, split_sentences
from voicemock.analysis.spoken_text import SpokenText, Statement, statements_of
from voicemock.analysis.structure import Encode, label_structure
from voicemock.analysis.substance import (
    check_coverage,
    count_ownership,
    find_early_complexity,
    find_jargon,
    find_weak_language,
    weigh_substance,
)
from voicemock.models import (
    Analysis,
    AudioSource,
    Filler,
    Framework,
    QuantifiedResult,
    Question,
    SpeechSpan,
    Structure,
    Transcript,
)

ANALYSIS_VERSION: Final = 2
"""Goes up by one with every release whose rules or definitions give other numbers for the same words. Takes of
different versions are told apart; ``voicemock reanalyze`` brings them to the current one."""


MEANING_UP_TO_WORDS: Final = 450
"""A longer answer is judged by its words alone: comparing its meaning would take more than a quarter of a second."""


@dataclass(frozen=True, slots=True)
class Analyzed:
    """An analysis, and what it rests on.

    Attributes:
        analysis: Every measure.
        statements: The sentences with all their words: they are split only once.
    """

    analysis: Analysis
    statements: tuple[Statement, ...]


def analyze(
    transcript: Transcript,
    *,
    framework: Framework,
    target: tuple[float, float],
    lexicon: Lexicon,
    reader: Reader | None = None,
    question: Question | None = None,
    speech: tuple[SpeechSpan, ...] | None = None,
    speech_from: Literal["sound", "times"] = "sound",
    audio_source: AudioSource | None = None,
    encode_subjects: Encode | None = None,
) -> Analyzed:
    """Measure one answer; a measure is None, never zero, where there was nothing to measure.

    Args:
        transcript: From ``transcript_of_words`` or ``transcript_of_text``.
        framework: The way the answer was meant to be built.
        target: Shortest and longest good answer, in seconds.
        lexicon: The words that the measures know.
        reader: Says what is in each sentence; None for the one that comes with the program.
        question: None where it is not known.
        speech: The stretches that hold speech; None for a text.
        speech_from: The sound of a recording, or the times of a transcript, which tell of pauses alone.
        audio_source: What of the file of a recording was heard; None without one.
        encode_subjects: Turns sentences into vectors that can be compared by meaning; None for words alone.
    """
    spoken = SpokenText.of(transcript)
    reader = reader or load_reader()
    reading = reader.read(spoken.said(), question.text if question else "")
    spans = split_sentences(spoken, reading.begins.tolist())
    fillers = find_fillers(spoken, spans, lexicon)
    heard = speech if speech_from == "sound" else None
    table = table_of(reading, [(span.first_word, span.last_word) for span in spans], reader)
    table = without_sentences(table, _instructions(spoken, spans))
    structure = label_structure(spoken, spans, framework, table) if spoken.tokens else None
    outcomes = find_outcomes(spoken, structure.sentences, fillers, table, lexicon) if structure else ()
    analysis = Analysis(
        analysis_version=ANALYSIS_VERSION,
        recording_s=None,  # who has the recording puts it in, and its quality
        target_min_s=target[0],
        target_max_s=target[1],
        fillers=fillers,
        repetitions=find_repetitions(spoken, fillers, lexicon),
        pauses=find_pauses(spoken, spans, fillers, speech),
        unclear=find_unclear(spoken, fillers, heard),
        audio_source=audio_source,
        structure=structure,
        evidence=kept_evidence(table) if structure else None,
        quantified_results=outcomes,
        headline_s=headline_s(structure.sentences, outcomes, framework) if structure else None,
        **_length_and_pace(spoken, fillers, heard, target, audio_source.lost_s if audio_source else 0.0),
    )
    if structure is None:
        return Analyzed(analysis, ())
    sentences = structure.sentences
    statements, every_word = (statements_of(spoken, sentences, silent) for silent in (fillers, ()))
    analysis = analysis.model_copy(update=_content(spoken, statements, table, structure, outcomes, question, lexicon))

    @cache
    def closeness() -> Closeness | None:
        if encode_subjects is None or question is None or analysis.word_count > MEANING_UP_TO_WORDS:
            return None
        return measure_closeness(transcript, sentences, fillers, question, encode_subjects)

    judged = JudgedAnswer(analysis, statements, every_word, question, framework, lexicon, closeness)
    return Analyzed(analysis.model_copy(update={"relevance": judge_relevance(judged)}), every_word)


def _instructions(spoken: SpokenText, spans: tuple[SentenceSpan, ...]) -> list[int]:
    """Return the indices of the sentences that give orders to whoever grades the answer."""
    chars = ((spoken.chars[span.first_word][0], spoken.chars[span.last_word][1]) for span in spans)
    return [row for row, (start, end) in enumerate(chars) if is_instruction(spoken.text[start:end])]


def _length_and_pace(
    spoken: SpokenText,
    fillers: tuple[Filler, ...],
    speech: tuple[SpeechSpan, ...] | None,
    target: tuple[float, float],
    lost_s: float,
) -> dict[str, Any]:
    """Return length and pace, by the names of the fields of an analysis."""
    length_s = duration_s(spoken)
    word_count = count_words(spoken, fillers)
    return {
        "duration_s": length_s,
        "length": judge_length(length_s, target, lost_s),
        "word_count": word_count,
        "words_per_minute": per_minute(word_count, length_s),
        "articulation_words_per_minute": per_minute(word_count, speaking_time_s(spoken, fillers, speech)),
        "pace_curve": pace_curve(spoken, fillers, speech),
        "response_latency_s": spoken.words[0].start_s if spoken.is_timed and speech is not None else None,
        "fillers_per_minute": per_minute(len(fillers), length_s),
    }


def _content(
    spoken: SpokenText,
    statements: tuple[Statement, ...],
    table: EvidenceTable,
    structure: Structure,
    outcomes: tuple[QuantifiedResult, ...],
    question: Question | None,
    lexicon: Lexicon,
) -> dict[str, Any]:
    """Return the findings about the content, by the names of the fields of an analysis."""
    is_story, is_design = structure.framework == "star", structure.framework == "design"
    return {
        "background_numbers": find_background_numbers(spoken, statements, outcomes) if is_story else (),
        "ownership": count_ownership(statements, lexicon),
        "weak_language": find_weak_language(spoken, statements, lexicon),
        "substance": weigh_substance(spoken, statements, table),
        "rambling": find_rambling(spoken, statements, structure, outcomes, lexicon),
        "jargon": find_jargon(spoken, statements, lexicon),
        "early_complexity": find_early_complexity(spoken, statements, lexicon) if is_design else (),
        "coverage": check_coverage(spoken, statements, table, structure.framework, question, lexicon),
    }
