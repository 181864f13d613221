"""What to fix in what an answer is about: the heart of the question left out, or few of the expected points made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from voicemock.analysis.closeness import content_words
from voicemock.feedback.findings import Finding, HeardAnswer, extent, strong_point
from voicemock.feedback.no_answers import shares_no_words
from voicemock.feedback.numerals import enumerate_words, in_words
from voicemock.models import Coverage, Question

UNTOUCHED_FROM: Final = 2
TOUCHED_ENOUGH: Final = 0.27
"""Share of the words of a strong answer's points that were said, without vectors; good ones say 0.4."""
TOUCHED_BY_WORDS: Final = 0.35
"""From here on the words are proof enough that an answer is about its question, and no vector is computed."""
MEANING_UP_TO_WORDS: Final = 450
"""A longer answer is judged by its words alone: the meaning of one takes a quarter of a second of the processor."""
NEAR_ENOUGH: Final = 0.37
"""Mean nearness of an answer's sentences to the points of a strong one; those with the heart left out stay below it."""
COVERED_ENOUGH: Final = 0.3
"""Share of the expected points below which the gaps are what to work on; half of what is said in plain words is not
recognized (docs/accuracy.md), so that a good answer may show 40 %."""
COVERS_FROM_WORDS: Final = 120
"""A shorter answer cannot cover them, and hears that it is short."""


def may_miss_the_point(heard: HeardAnswer) -> bool:
    """Return whether words alone leave open if an answer is about its question: then its meaning is looked at."""
    question = heard.question
    if question is None or not question.wants_a_whole_answer or heard.is_hardly_there:
        return False
    if heard.analysis.word_count > MEANING_UP_TO_WORDS:
        return False
    if heard.framework.name == "star":
        return not heard.tells_an_event or shares_no_words(heard)
    return _mean(_touched(heard, question)) <= TOUCHED_BY_WORDS


def left_out(heard: HeardAnswer) -> Iterator[Finding]:
    """What a strong answer to this very question does, and what was said is not about it."""
    question = heard.question
    if question is None or heard.framework.name == "star" or heard.is_brief or not question.wants_a_whole_answer:
        return
    near = heard.closeness
    if near is not None:
        if near.mean <= NEAR_ENOUGH:
            farthest = min(range(len(near.points)), key=near.points.__getitem__)
            values = {"untouched": strong_point(question, question.strong_answer[farthest])}
            yield Finding("left_out", values, extent=extent(-near.mean, -NEAR_ENOUGH, -0.2))
        return
    touched = _touched(heard, question)
    untouched = [p for p, share in zip(question.strong_answer, touched, strict=True) if not share]
    if len(untouched) >= UNTOUCHED_FROM and _mean(touched) <= TOUCHED_ENOUGH:
        values = {"untouched": strong_point(question, untouched[0])}
        yield Finding("left_out", values, extent=extent(len(untouched) / len(touched), 0.3, 1.0))


def _touched(heard: HeardAnswer, question: Question) -> list[float]:
    """Return the share of the words of each point of a strong answer that were said."""
    answer = frozenset().union(*heard.contents)
    points = [content_words(point) for point in question.strong_answer]
    return [len(point & answer) / max(1, len(point)) for point in points]


def _mean(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares) if shares else 0.0


def uncovered(heard: HeardAnswer) -> Iterator[Finding]:
    """Many of the moves and trade-offs that such an answer needs were not made."""
    coverage = heard.analysis.coverage
    if coverage is None or heard.analysis.word_count < COVERS_FROM_WORDS:
        return
    if coverage.covered >= COVERED_ENOUGH * coverage.expected:
        return
    missing = [item for item in coverage.items if item.name in coverage.missing]
    values = covered_values(coverage) | {
        "missing": enumerate_words(tuple(item.title[0].lower() + item.title[1:] for item in missing[:4])),
        "first": missing[0].say,
    }
    yield Finding("uncovered", values, extent=extent(-coverage.covered / coverage.expected, -COVERED_ENOUGH, 0.0))


def covered_values(coverage: Coverage) -> dict[str, str]:
    """Return how much of a checklist was covered."""
    return {
        "covered": str(coverage.covered),
        "expected": str(coverage.expected),
        "covered_spoken": in_words(coverage.covered),
        "expected_spoken": in_words(coverage.expected),
    }
