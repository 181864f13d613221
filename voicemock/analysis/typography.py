"""Plain letters, digits and marks for the typographic ones, so that every rule knows one form of each."""

from __future__ import annotations

import re
from typing import Final

_FULL_WIDTH: Final[dict[int, int]] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN: Final[dict[int, int | str]] = {
    **_FULL_WIDTH,
    **dict.fromkeys(map(ord, "\u2019\u02bc\u2018\u201b\uff07"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011"), "-"),
    **dict.fromkeys(map(ord, "\ufe6a\u066a"), "%"),
}
_UNSEEN: Final = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]+")
"""Soft hyphens, zero-width spaces and joiners, marks of direction, byte order marks, and how an emoji is to look."""


def plain(text: str) -> str:
    """Return a text of the same length with full-width forms, apostrophes and hyphens as on an English keyboard."""
    return text.translate(_PLAIN)


def visible(word: str) -> str:
    """Return a word without the characters that nobody sees."""
    return _UNSEEN.sub("", word)
