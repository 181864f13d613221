"""Hard-wrapped texts and quotes of mails: line ends that an editor or a mail program made, and nobody spoke."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

NARROWEST: Final = 30
WIDEST: Final = 100
"""Characters of the longest line. Narrower lines are notes, wider ones paragraphs."""
FEWEST_LINES: Final = 3
FILLED: Final = 0.9
"""Share of the lines without punctuation at their end that have no room for the next word."""

_ENDS: Final = re.compile(r"[.!?:;\u2026][\"'\u201d\u2019)\]*_]*$")
_BULLET: Final = re.compile(r"\s*(?:[^\w\s\"'\u201c\u2018(\[$\u20ac\u00a3~@&.,]+(?:\s|$)|\[[ xX]?\]\s|#|\|)")
_NUMBER: Final = re.compile(r"\s*\(?(?:\d{1,2}|[a-h])[.)]\s")
_GOES_ON: Final = re.compile(r"\s*[\"'\u201c(]?[a-z\d$\u20ac\u00a3]")
_HYPHEN: Final = re.compile(r"[^\W\d_]-$")
_QUOTE: Final = re.compile(r"[ \t]*>(?:[ \t]?>)*[ \t]?")
_WROTE: Final = re.compile(r"\s*\S.{0,200}\bwrote:\s*")


def unwrapped(text: str) -> str:
    """Return a hard-wrapped text with a line for each paragraph; any other text unchanged.

    A text is hard-wrapped if its lines end where the next word had no room, and sentences go on in the next line.

    Args:
        text: Whose lines end with line feeds alone.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    joined = _joined(lines)
    if not joined:
        return text
    out = lines[0]
    for number, line in enumerate(lines[1:], start=1):
        if number not in joined:
            out += f"\n{line}"
        elif _HYPHEN.search(out) and line.lstrip()[:1].islower():
            out += line.lstrip()
        else:
            out += f" {line.lstrip()}"
    return out


def unquoted(text: str) -> str:
    """Return what a mail quotes with ">" before each line, without the marks; any other text unchanged.

    Lines of a list with ">" for bullets are no quote: they are neither wrapped nor have empty lines with a mark.

    Args:
        text: Whose lines end with line feeds alone.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    is_reply = bool(lines) and _WROTE.fullmatch(lines[0]) is not None
    quoted = lines[1:] if is_reply else lines
    if len(quoted) < FEWEST_LINES - 1 or not all(map(_QUOTE.match, quoted)):
        return text
    said = [_QUOTE.sub("", line, count=1) for line in quoted]
    is_quote = is_reply or not all(line.strip() for line in said) or bool(_joined([line.rstrip() for line in said]))
    return "\n".join(said) if is_quote else text


def _joined(lines: Sequence[str]) -> frozenset[int]:
    """Return the lines that go on where the line before was full; none unless the text is hard-wrapped."""
    width = max(map(len, lines))
    if not NARROWEST <= width <= WIDEST or sum(bool(line) for line in lines) < FEWEST_LINES:
        return frozenset()
    is_list = sum(_NUMBER.match(line) is not None for line in lines) > 1
    within = [
        number
        for number in range(1, len(lines))
        if lines[number - 1]
        and lines[number]
        and not _BULLET.match(lines[number])
        and not (is_list and _NUMBER.match(lines[number]))
    ]
    full = {number for number in within if _is_full(lines[number - 1], lines[number], width)}
    cut = [number for number in within if not _ENDS.search(lines[number - 1])]
    going_on = [number for number in cut if number in full and _GOES_ON.match(lines[number])]
    is_wrapped = len(going_on) * 2 >= len(cut) > 0 and sum(number in full for number in cut) >= FILLED * len(cut)
    return frozenset(full) if is_wrapped else frozenset()


def _is_full(line: str, following: str, width: int) -> bool:
    """Return whether a line has no room for the first word of the next one."""
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) > width
