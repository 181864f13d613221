"""Finds when an answer first tells what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from voicemock.analysis.evidence import LIKELY
from voicemock.models import Framework, QuantifiedResult, Sentence

RESULT: Final = "result"
"""The evidence that a sentence tells what came of the actions."""


def result_part(framework: Framework) -> str | None:
    """Return the part of a framework that tells what came of it; None if it has none, as a plan has not."""
    return next((part.name for part in framework.parts if RESULT in part.evidence), None)


def result_sentences(
    sentences: Sequence[Sentence], outcomes: Sequence[QuantifiedResult], part: str | None
) -> Iterator[Sentence]:
    """Yield the sentences that tell a result, in order: likely of that part, or with a measured outcome.

    Args:
        sentences: Of the answer.
        outcomes: Its measured outcomes.
        part: From ``result_part``; without one nothing is yielded.
    """
    measured = [outcome.start_char for outcome in outcomes]
    for sentence in sentences if part is not None else ():
        is_likely = sentence.part == part and (sentence.score or 0.0) >= LIKELY
        if is_likely or any(sentence.start_char <= start < sentence.end_char for start in measured):
            yield sentence


def headline_s(
    sentences: Sequence[Sentence], outcomes: Sequence[QuantifiedResult], framework: Framework
) -> float | None:
    """Return the second in which the first result begins; None without one, or without times."""
    first = next(result_sentences(sentences, outcomes, result_part(framework)), None)
    return first.start_s if first else None
