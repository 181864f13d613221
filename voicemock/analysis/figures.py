"""Decides what counts as a number: any number, a share or money, a size, a count with its unit.

The number words come from the table in ``amounts``, which reads what a number phrase says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from voicemock.analysis.amounts import FROM_ELEVEN, FROM_ONE, FROM_TWO

_SHARE_OR_MONEY: Final = re.compile(r"%|\bpercent\b|[$\N{EURO SIGN}\N{POUND SIGN}]\s?\d", re.IGNORECASE)
_SHARE_OR_CHANGE: Final = re.compile(_SHARE_OR_MONEY.pattern + r"|\bfrom\s\S+\s[\s\S]{0,20}\bto\s\S+", re.IGNORECASE)
_ANY_NUMBER: Final = re.compile(
    rf"\d|\b(?:zero|{FROM_ONE}|hundred|thousand|million|half|third|quarter|doubled?|tripled?|halved|twice)\b",
    re.IGNORECASE,
)
_SIZE: Final = re.compile(
    rf"\b(?:(?:{FROM_ELEVEN})(?:[- ]\w+)?|"
    r"(?:an? |\w+ )?(?:hundred|thousand|million)|[$\N{EURO SIGN}\N{POUND SIGN}]?\d[\d.,]*\d)\b",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d|twenty (?:ten|eleven|twelve|\w+teen|twenty)", re.IGNORECASE)
_AMOUNT: Final = re.compile(
    rf"\d|\b(?:zero|no|not a|never|single|any|without|haven't|hasn't|{FROM_ONE}|twenti|hundred|thousand|million|"
    r"billion|dozen|couple|"
    r"half|third|quarter|fifth|tenth|twice|once|\w+fold|doubl\w+|tripl\w+|quadrupl\w+|halv\w+|none|magnitude|all|minute|hour|"
    r"day|week|month)",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(rf"(?:zero|{FROM_TWO}|hundreds?|thousands?|millions?|billions?|half)")
_DIGITS: Final = re.compile(r"[$\u20ac\u00a3]?\d[\d.,]*(?:%|[kmb]|ms|x)?")
_YEAR_DIGITS: Final = re.compile(r"(?:19|20)\d\d")
_UNIT: Final = re.compile(
    r"%|percent|milliseconds?|ms|seconds?|minutes?|hours?|dollars|euros|errors?|incidents?|outages?|tickets?|complaints?|"
    r"customers?|users|requests|orders|pages|crashes|points?"
)


def has_number(text: str) -> bool:
    """Return whether a text names any number, in digits or words."""
    return _ANY_NUMBER.search(text) is not None


def has_share_or_money(text: str) -> bool:
    """Return whether a text names a share or an amount of money."""
    return _SHARE_OR_MONEY.search(text) is not None


def may_hold_amount(text: str) -> bool:
    """Return whether a text has a word that every amount has. Most sentences have none, and need no closer look."""
    return _AMOUNT.search(text) is not None


def find_share_or_change(text: str) -> tuple[int, int] | None:
    """Return the offsets of the first share, amount of money, or "from ... to ..."."""
    match = _SHARE_OR_CHANGE.search(text)
    return match.span() if match else None


def find_sizes(text: str) -> Iterator[tuple[int, int]]:
    """Yield the offsets of large numbers, years excepted."""
    return (match.span() for match in _SIZE.finditer(text) if not _YEAR.match(match[0]))


def find_quantity(words: Sequence[str]) -> tuple[int, int] | None:
    """Return the first and the last word of the first number that has a unit; words are in lower case."""
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
    return bool(_COUNT.fullmatch(word) or (_DIGITS.fullmatch(word) and not _YEAR_DIGITS.fullmatch(word)))
