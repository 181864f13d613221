"""What to fix about the result of a story: that it is missing, hidden, or without a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from voicemock.feedback.findings import Finding, Heard, missing_values, quoting, quoting_first, quoting_last, said
from voicemock.feedback.quoting import Evidence
from voicemock.models import FrameworkPart, QuantifiedResult, Remark, Sentence

_LESSON: Final = re.compile(r"\b(?:learn(?:ed|t|ing)|lesson|taught me|takeaway)\b", re.IGNORECASE)
"""What was learned belongs to the result, but nobody asks how much."""

_FIGURE: Final = re.compile(r"%|\bpercent\b|[$\N{EURO SIGN}\N{POUND SIGN}]\s?\d", re.IGNORECASE)
"""A share or an amount of money: whoever gave one is not told that there is no number, counted as a result or not."""


def missing_result(heard: Heard) -> Iterator[Finding]:
    """A story without its ending, or with the outcome hidden in the middle of it."""
    result = missing_part_named(heard, "result")
    if result is None:
        return
    if heard.told_outcomes:
        outcome = heard.told_outcomes[-1]
        focus = (outcome.start_char, outcome.end_char)
        sentence = sentence_at(heard, outcome.start_char)
        evidence = quoting(sentence, focus=focus) or Evidence(*focus, outcome.start_s)
        yield Finding("buried_result", {}, evidence, "result")
    else:
        yield Finding("missing_result", missing_values(result), quoting_last(heard.sentences), "result")


def result_without_number(heard: Heard) -> Iterator[Finding]:
    """A story that says it went well, but not how well."""
    if heard.framework.name != "star" or heard.told_outcomes:
        return
    results = heard.sentences_of("result")
    if not results or any(_FIGURE.search(s.text) for s in results):
        return
    numbers: list[QuantifiedResult | Remark] = [*heard.analysis.quantified_results]
    numbers += said(heard.analysis.background_numbers)
    if numbers:
        sentence = sentence_at(heard, numbers[0].start_char)
        focus = (numbers[0].start_char, numbers[0].end_char)
        values = {"number": " ".join(numbers[0].text.split())}
        yield Finding("number_in_background", values, quoting(sentence, focus=focus), "result")
    else:
        outcomes = tuple(s for s in results if not draws_lesson(s.text))
        yield Finding("no_number", {}, quoting_first(outcomes), "result")


def missing_part_named(heard: Heard, name: str) -> FrameworkPart | None:
    """Return a part that a story lacks, unless there is no story at all."""
    if heard.framework.name != "star" or not heard.present:
        return None
    return next((part for part in heard.missing if part.name == name), None)


def sentence_at(heard: Heard, char: int) -> Sentence | None:
    """Return the sentence that holds a character."""
    return next((s for s in heard.sentences if s.start_char <= char < s.end_char), None)


def draws_lesson(text: str) -> bool:
    """Return whether a sentence says what was learned."""
    return _LESSON.search(text) is not None
