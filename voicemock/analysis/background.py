"""Numbers that only say how things were, or how they should become."""

from __future__ import annotations

import re
from typing import Final

from voicemock.analysis.amounts import FROM_TWO
from voicemock.analysis.spoken_text import SpokenText
from voicemock.analysis.statements import Statement
from voicemock.models import QuantifiedResult, Remark

BACKGROUND: Final = frozenset({"situation", "task"})
CONFIDENCE: Final = 0.8

_COUNTS: Final = re.compile(rf"(?:zero|{FROM_TWO}|hundreds?|thousands?|millions?|billions?|half)")
_DIGITS: Final = re.compile(r"[$\u20ac\u00a3]?\d[\d.,]*(?:%|[kmb]|ms|x)?")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_UNIT: Final = re.compile(
    r"%|percent|milliseconds?|ms|seconds?|minutes?|hours?|dollars|euros|errors?|incidents?|outages?|tickets?|complaints?|"
    r"customers?|users|requests|orders|pages|crashes|points?"
)


def find_background_numbers(
    spoken: SpokenText, statements: tuple[Statement, ...], outcomes: tuple[QuantifiedResult, ...]
) -> tuple[Remark, ...]:
    """Return a measured quantity of each background sentence: a share, a time, money, or something counted."""
    taken = {outcome.quote for outcome in outcomes}
    found: list[Remark] = []
    for statement in statements:
        if statement.sentence.part not in BACKGROUND or statement.sentence.text in taken:
            continue
        span = _quantity(statement)
        if span is not None:
            first, last = span
            found.append(
                statement.remark(spoken, first, last, kind="number", rule="background number", confidence=CONFIDENCE)
            )
    return tuple(found)


def _quantity(statement: Statement) -> tuple[int, int] | None:
    """Return the words of the first number with its unit."""
    words = [word.text for word in statement.words]
    for index, word in enumerate(words):
        if not _is_number(word):
            continue
        last = index
        while last + 1 < len(words) and _is_number(words[last + 1]):
            last += 1
        if word.endswith(("%", "ms")) or word.startswith("$"):
            return index, last
        if last + 1 < len(words) and _UNIT.fullmatch(words[last + 1]):
            return index, last + 1
    return None


def _is_number(word: str) -> bool:
    return bool(_COUNTS.fullmatch(word) or (_DIGITS.fullmatch(word) and not _YEAR.fullmatch(word)))
