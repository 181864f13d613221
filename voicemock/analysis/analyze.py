"""Brings the measures together: from a transcript to an ``Analysis``, by pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

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
from voicemock.analysis.fillers import find_fillers
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.outcomes import find_background_numbers, find_outcomes
from voicemock.analysis.rambling import find_rambling
from voicemock.analysis.relevance import judge_relevance
from voicemock.analysis.repetitions import find_repetitions
from voicemock.analysis.sentences import split_sentences
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
    AudioQuality,
    Filler,
    Framework,
    QuantifiedResult,
    Question,
    SpeechSpan,
    Structure,
    Transcript,
)

ANALYSIS_VERSION: Final = 1
"""Goes up by one with every release whose rules or definitions give other numbers for the same words. Takes of
different versions are told apart; ``voicemock reanalyze`` brings them to the current one."""


@dataclass(frozen=True, slots=True)
class Analyzed:
    """An analysis, and its sentences with all their words: they are split only once."""

    analysis: Analysis
    statements: tuple[Statement, ...]


def analyze(
    transcript: Transcript,
    *,
    framework: Framework,
    target: tuple[float, float],
    lexicon: Lexicon,
    question: Question | None = None,
    speech: tuple[SpeechSpan, ...] | None = None,
    recording_s: float | None = None,
    audio_quality: AudioQuality | None = None,
    encode: Encode | None = None,
) -> Analyzed:
    """Measure one answer; a measure is None, never zero, where there was nothing to measure.

    Args:
        transcript: From ``transcript_of_words`` or ``transcript_of_text``.
        framework: The way the answer was meant to be built.
        target: Shortest and longest good answer, in seconds.
        lexicon: The words that the measures know.
        question: None where it is not known.
        speech: The stretches of the recording that hold speech; None for a text, as are the next two.
        recording_s: Length of the recording.
        audio_quality: Of the recording.
        encode: Turns sentences into vectors for the trained model of the framework; None for rules alone.
    """
    spoken = SpokenText.of(transcript)
    spans = split_sentences(spoken)
    fillers = find_fillers(spoken, spans, lexicon)
    structure = label_structure(spoken, spans, fillers, framework, lexicon, encode)
    outcomes = find_outcomes(spoken, structure.sentences, fillers, lexicon) if structure else ()
    statements = statements_of(spoken, structure.sentences, fillers) if structure else ()
    content = _content(spoken, statements, structure, outcomes, question, lexicon) if structure else {}
    analysis = Analysis(
        analysis_version=ANALYSIS_VERSION,
        recording_s=recording_s,
        target_min_s=target[0],
        target_max_s=target[1],
        fillers=fillers,
        repetitions=find_repetitions(spoken, fillers, lexicon),
        pauses=find_pauses(spoken, spans, fillers, speech),
        unclear=find_unclear(spoken, fillers, speech),
        audio_quality=audio_quality,
        structure=structure,
        quantified_results=outcomes,
        **_length_and_pace(spoken, fillers, speech, target),
        **content,
    )
    return Analyzed(analysis, statements_of(spoken, structure.sentences, ()) if structure else ())


def _length_and_pace(
    spoken: SpokenText,
    fillers: tuple[Filler, ...],
    speech: tuple[SpeechSpan, ...] | None,
    target: tuple[float, float],
) -> dict[str, Any]:
    """Return length and pace, by the names of the fields of an analysis."""
    length_s = duration_s(spoken)
    word_count = count_words(spoken, fillers)
    return {
        "duration_s": length_s,
        "length": judge_length(length_s, target),
        "word_count": word_count,
        "words_per_minute": per_minute(word_count, length_s),
        "articulation_words_per_minute": per_minute(word_count, speaking_time_s(spoken, fillers, speech)),
        "pace_curve": pace_curve(spoken, fillers),
        "response_latency_s": spoken.words[0].start_s if spoken.is_timed and speech is not None else None,
        "fillers_per_minute": per_minute(len(fillers), length_s),
    }


def _content(
    spoken: SpokenText,
    statements: tuple[Statement, ...],
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
        "substance": weigh_substance(spoken, statements, lexicon),
        "rambling": find_rambling(spoken, statements, structure, outcomes, lexicon),
        "jargon": find_jargon(spoken, statements, lexicon),
        "early_complexity": find_early_complexity(spoken, statements, lexicon) if is_design else (),
        "coverage": check_coverage(spoken, statements, structure.framework, question, lexicon),
        "relevance": judge_relevance(statements, question, structure.framework, lexicon),
    }
