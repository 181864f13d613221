"""Plain letters, digits and marks for the typographic ones, so that every rule knows one form of each."""

from __future__ import annotations

from typing import Final

_FULL_WIDTH: Final[dict[int, int]] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN: Final[dict[int, int | str]] = {
    **_FULL_WIDTH,
    **dict.fromkeys(map(ord, "\u2019\u02bc\u2018\u201b\uff07"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011"), "-"),
    **dict.fromkeys(map(ord, "\ufe6a\u066a"), "%"),
}


def plain(text: str) -> str:
    """Return a text of the same length with full-width forms, apostrophes and hyphens as on an English keyboard."""
    return text.translate(_PLAIN)
