"""Makes an answer tighter in the candidate's own sentences: what adds nothing cut, the result first.

Whole sentences go, and fillers, repetitions and false starts of those that stay. Nothing is added, and only the
headline changes its place. Where it cannot be told whether a sentence may go, it stays: better too long than broken.
"""

from __future__ import annotations

from typing import Final

from voicemock.analysis.spoken_text import SpokenText
from voicemock.coaching.findings import HARDLY_ANY_WORDS, NO_ANSWERS
from voicemock.coaching.tightening.cuts import (
    headline,
    keeping,
    spare,
    without_empty,
    without_openers,
)
from voicemock.coaching.tightening.lines import Line, lines_of, names_in
from voicemock.coaching.tightening.smoothing import remaining
from voicemock.models import Analysis, Assessment, Framework, Tightened, Tightness, TightSentence, WordsCut
from voicemock.models.tightening import spoken_words

LONGEST_DEFAULT_S: Final = 120.0
TYPICAL_WORDS_PER_MINUTE: Final = 150.0
"""The pace of a text, which has none: between the slowest tenth and the middle of 387 AMI monologues (126 and 161)."""


def default_length_s(assessment: Assessment) -> float:
    """Return the length for which nothing is said: two minutes, or what the question asks for if that is less."""
    return min(LONGEST_DEFAULT_S, assessment.analysis.target_max_s)


def tighten(assessment: Assessment, framework: Framework, to_s: float | None = None) -> Tightened:
    """Return an answer in its own sentences, cut towards a length as far as what stays still makes sense.

    Args:
        assessment: Of the answer; one that was kept is enough.
        framework: That it was measured by.
        to_s: The length in seconds; None for the usual one.
    """
    analysis = assessment.analysis
    to_s = default_length_s(assessment) if to_s is None else to_s
    outcome = _left_alone(assessment)
    if outcome is not None:
        return _tightened(assessment, (), outcome, to_s)
    spoken = SpokenText.of(assessment.transcript)
    lines = lines_of(spoken, analysis, framework)
    lead = headline(lines, names_in(spoken))
    lines = without_empty(keeping(lines, lead))
    optional = spare(lines, framework, to_s * _pace(analysis) / 60)
    sentences = tuple(
        _shown(spoken.text, line, is_headline=n == lead, is_optional=n in optional)
        for n, line in enumerate(without_openers(lines, lead))
    )
    is_cut = any(each.why or each.cuts or each.is_headline for each in sentences)
    return _tightened(assessment, sentences, "tighter" if is_cut else "nothing_to_cut", to_s)


def _left_alone(assessment: Assessment) -> Tightness | None:
    """Return why nothing may go at all; None where something may."""
    analysis, text = assessment.analysis, assessment.transcript.text
    if analysis.relevance is not None and analysis.relevance.kind in NO_ANSWERS:
        return "no_answer"
    if analysis.word_count < HARDLY_ANY_WORDS:
        return "brief"
    sentences = analysis.structure.sentences if analysis.structure else ()
    are_in_place = all(text[each.start_char : each.end_char] == each.text for each in sentences)
    return None if sentences and are_in_place else "nothing_to_cut"


def _pace(analysis: Analysis) -> float:
    return analysis.words_per_minute or TYPICAL_WORDS_PER_MINUTE


def _shown(text: str, line: Line, *, is_headline: bool, is_optional: bool) -> TightSentence:
    sentence, stays = line.sentence, line.why is None
    cuts = (
        WordsCut(text=text[each.start : each.end], why=each.why, start_char=each.start, end_char=each.end)
        for each in line.gone
    )
    return TightSentence(
        text=sentence.text,
        reads=remaining(text, (sentence.start_char, sentence.end_char), line.gone) if stays else None,
        part=sentence.part,
        is_headline=is_headline,
        is_optional=is_optional,
        why=line.why,
        cuts=tuple(cuts) if stays else (),
        start_s=sentence.start_s,
        end_s=sentence.end_s,
        start_char=sentence.start_char,
        end_char=sentence.end_char,
    )


def _tightened(
    assessment: Assessment, sentences: tuple[TightSentence, ...], outcome: Tightness, to_s: float
) -> Tightened:
    analysis = assessment.analysis
    kept = sorted((each for each in sentences if each.reads), key=lambda each: not each.is_headline)
    text = " ".join(each.reads for each in kept if each.reads) if sentences else assessment.transcript.text
    before, pace = analysis.word_count, _pace(analysis)
    after = min(before, spoken_words(text)) if sentences else before
    borders = [each.borders is None for each in analysis.structure.sentences] if analysis.structure else []
    return Tightened(
        source=assessment.source,
        question=assessment.question.text if assessment.question else None,
        outcome=outcome,
        to_s=to_s,
        words_per_minute=pace,
        is_own_pace=analysis.words_per_minute is not None,
        words_before=before,
        words_after=after,
        seconds_before=before * 60 / pace,
        seconds_after=after * 60 / pace,
        headline_s=analysis.headline_s,
        is_read=analysis.evidence is not None,
        is_punctuated=2 * sum(borders) >= len(borders),
        text=text,
        sentences=sentences,
    )
