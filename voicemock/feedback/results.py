"""What to fix about the result of a story: that it is missing, hidden, or without a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from voicemock.analysis.amounts import FROM_ELEVEN, FROM_ONE, has_figure
from voicemock.feedback.cues import load_cues
from voicemock.feedback.findings import (
    ACTION,
    Finding,
    HeardAnswer,
    missing_values,
    quoting,
    quoting_first,
    quoting_last,
    said,
)
from voicemock.feedback.quoting import Evidence
from voicemock.models import FrameworkPart, QuantifiedResult, Remark, Sentence

_LESSON: Final = re.compile(r"\b(?:learn(?:ed|t|ing)|lesson|taught me|takeaway)\b", re.IGNORECASE)
"""What was learned belongs to the result, but nobody asks how much."""

_NUMBER: Final = (
    r"(?:[$\N{EURO SIGN}\N{POUND SIGN}]?\d[\d.,]*|(?:"
    rf"{FROM_ONE}|hundred|thousand|million|half|zero|none)\b)"
)
_MEASURED: Final = re.compile(
    r"\b(?:went|goes|fell|dropped|rose|grew|came|cut|reduced|sank|climbed|down|up|less|fewer|faster|better|saved)\b.{0,60}"
    r"\b(?:by|to|from|than|saved|worth)\s+"
    r"(?:(?:about|around|nearly|almost|roughly|over|under|some|only|just|like|more than|less than|fewer than|a)\s+)?"
    + _NUMBER, re.IGNORECASE,
)  # fmt: skip
"""A figure by which something changed or at which it stands: no "number missing", counted as an outcome or not."""

_SIZE: Final = re.compile(
    rf"\b(?:(?:{FROM_ELEVEN})(?:[- ]\w+)?|"
    r"(?:an? |\w+ )?(?:hundred|thousand|million)|[$\N{EURO SIGN}\N{POUND SIGN}]?\d[\d.,]*\d)\b", re.IGNORECASE
)  # fmt: skip
_YEAR: Final = re.compile(r"(?:19|20)\d\d|twenty (?:ten|eleven|twelve|\w+teen|twenty)", re.IGNORECASE)
_SIZES_FROM: Final = 2
"""Large figures from which a story has numbers, only not of its result."""

_LAST_CLAUSES: Final = 3
"""Where a story is handed over or left open."""

_LAST_SENTENCES: Final = 2

_BURIED_BEFORE: Final = 0.6
"""Of the answer: a figure that is over by then ..."""
_BURIED_UNDER: Final = 0.2
"""... and has this share of actions or more behind it, is no ending."""


def missing_result(heard: HeardAnswer) -> Iterator[Finding]:
    """A story without its ending, or with the outcome hidden in the middle of it."""
    result = missing_part_named(heard, "result")
    if result is None:
        yield from _left_open(heard)
        yield from _buried_in_the_middle(heard)
        return
    if _outcomes_in_words(heard):
        return
    if heard.told_outcomes:
        outcome = heard.told_outcomes[-1]
        focus = (outcome.start_char, outcome.end_char)
        sentence = sentence_at(heard, outcome.start_char)
        evidence = quoting(sentence, focus=focus) or Evidence(*focus, outcome.start_s)
        yield Finding("buried_result", {}, evidence, "result")
    else:
        yield Finding("missing_result", missing_values(result), quoting_last(heard.sentences), "result")


def result_without_number(heard: HeardAnswer) -> Iterator[Finding]:
    """A story that says it went well, but not how well."""
    if heard.framework.name != "star" or heard.told_outcomes:
        return
    results = heard.sentences_of("result") or _outcomes_in_words(heard)
    if not results or _hold_a_figure(results):
        return
    numbers: list[QuantifiedResult | Remark] = [*heard.analysis.quantified_results]
    numbers += said(heard.analysis.background_numbers)
    if numbers:
        sentence = sentence_at(heard, numbers[0].start_char)
        focus = (numbers[0].start_char, numbers[0].end_char)
        values = {"number": " ".join(numbers[0].text.split())}
        yield Finding("number_in_background", values, quoting(sentence, focus=focus), "result")
    elif len(sizes := tuple(_sizes(heard))) >= _SIZES_FROM:
        text, focus = sizes[0]
        values = {"number": " ".join(text.split())}
        yield Finding("number_in_background", values, quoting(sentence_at(heard, focus[0]), focus=focus), "result")
    else:
        outcomes = tuple(s for s in results if not draws_lesson(s.text))
        yield Finding("no_number", {}, quoting_first(outcomes), "result")


def _outcomes_in_words(heard: HeardAnswer) -> tuple[Sentence, ...]:
    """Return the last sentences that say by their words that something came of it: "in the end all was moved"."""
    if heard.told_outcomes:
        return ()
    return heard.hears("came_of_it", heard.hears("in_the_end", heard.sentences[-_LAST_SENTENCES:]))


def _hold_a_figure(sentences: Iterable[Sentence]) -> bool:
    """Return whether a figure stands in any of some sentences by which something changed or at which it stands."""
    return any(_MEASURED.search(sentence.text) or has_figure(sentence.text) for sentence in sentences)


def _left_open(heard: HeardAnswer) -> Iterator[Finding]:
    """A story that is handed over, still goes on, or has a lesson in the place of an outcome."""
    results = heard.sentences_of("result")
    if heard.framework.name != "star" or heard.told_outcomes or not results:
        return
    part = next(part for part in heard.framework.parts if part.name == "result")
    if _hold_a_figure(results):
        return
    ends_open = any(load_cues().hears("open_end", clause) for clause in heard.clauses[-_LAST_CLAUSES:])
    left = heard.hears("open_end", results)
    tells = [s for s in results if not draws_lesson(s.text) and s not in left]
    if not tells or (ends_open and not heard.hears("came_of_it", tells)):
        yield Finding("missing_result", missing_values(part), quoting_last(heard.sentences), "result")


def _buried_in_the_middle(heard: HeardAnswer) -> Iterator[Finding]:
    """A measured outcome after which the story goes on with other things, and does not come back to it."""
    if heard.framework.name != "star" or not heard.told_outcomes or heard.is_brief:
        return
    outcome, end = heard.told_outcomes[-1], heard.sentences[-1].end_char
    behind = [s for s in heard.sentences if s.start_char > outcome.end_char]
    told = sum(len(s.text) for s in behind if s.part == "result")
    acted = sum(len(s.text) for s in behind if s.part == ACTION)
    measured = _hold_a_figure(s for s in behind if s.part == "result")
    if outcome.end_char < _BURIED_BEFORE * end and acted >= _BURIED_UNDER * end and acted > told and not measured:
        focus = (outcome.start_char, outcome.end_char)
        yield Finding("buried_result", {}, quoting(sentence_at(heard, outcome.start_char), focus=focus), "result")


def missing_part_named(heard: HeardAnswer, name: str) -> FrameworkPart | None:
    """Return a part that a story lacks, unless there is no story at all."""
    if heard.framework.name != "star" or not heard.present:
        return None
    return next((part for part in heard.missing if part.name == name), None)


def _sizes(heard: HeardAnswer) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the large figures with their places; years are none."""
    for sentence in heard.sentences:
        for match in _SIZE.finditer(sentence.text):
            if not _YEAR.match(match[0]):
                yield match[0], (sentence.start_char + match.start(), sentence.start_char + match.end())


def sentence_at(heard: HeardAnswer, char: int) -> Sentence | None:
    """Return the sentence that holds a character."""
    return next((s for s in heard.sentences if s.start_char <= char < s.end_char), None)


def draws_lesson(text: str) -> bool:
    """Return whether a sentence says what was learned."""
    return _LESSON.search(text) is not None
