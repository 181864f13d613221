"""Makes text that was said or written safe to show: it is data on a terminal, in Markdown and in a spreadsheet."""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from typing import Final

_LAYOUT_CODES: Final = re.compile(r"\x1b\[[0-9;]*m|\x1b\[\d*[AK]|\x1b\[\?25[hl]|\r")
"""Color, one line up, erase the line, hide or show the cursor, and back to its start: all that rich writes for us."""
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]<>#|!~&])")
_LIST_START: Final = re.compile(r"^(\s*)(\d+)([.)])(?=\s|$)|^(\s*)([-+=])")
_COMMAND: Final = re.compile(r"\bvoicemock [a-z].*$")
_JOINED: Final = "\x00"
"""Stands for a space that no line may be broken at."""
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\N{MINUS SIGN}")
"""A spreadsheet takes a cell that begins with one of these, or with a full-width form of one, for a formula."""
_SENTENCE_END: Final = (".", "!", "?", "\N{HORIZONTAL ELLIPSIS}")


def printable(text: str) -> str:
    """Return text without anything that could control a terminal or reverse its reading direction.

    Line ends and tabs become single spaces; every other control or format character is dropped.
    """
    return "".join(
        " " if char in "\n\r\t\v\f\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}" else char
        for char in text
        if char in "\n\r\t\v\f" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )


def printable_lines(text: str) -> str:
    """Return printable text that keeps its line ends."""
    return "\n".join(map(printable, text.split("\n")))


def printable_between_codes(text: str) -> str:
    """Return text that was laid out for a terminal: our own codes stay, and all between them is printable."""
    pieces = _LAYOUT_CODES.split(text)
    codes = (*_LAYOUT_CODES.findall(text), "")
    return "".join(f"{printable_lines(piece)}{code}" for piece, code in zip(pieces, codes, strict=True))


def escaped_json(text: str) -> str:
    """Return an equivalent line of JSON without characters that could control a terminal."""
    if text.isprintable():
        return text
    return "".join(char if printable(char) == char else json.dumps(char)[1:-1] for char in text)


def wrapped(text: str, width: int) -> str:
    """Return text in lines of at most this many cells, broken between words.

    A path or a command of ours stays whole even if it is longer: it is made to be copied.
    """
    return "\n".join(_wrapped_line(line, width) for line in text.split("\n"))


def _wrapped_line(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    indent = line[: len(line) - len(line.lstrip())]
    joined = _COMMAND.sub(lambda command: command[0].replace(" ", _JOINED), line)
    pieces = textwrap.wrap(
        joined,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )
    return "\n".join(pieces).replace(_JOINED, " ")


def one_line(text: str) -> str:
    """Return printable text with single spaces between its words."""
    return " ".join(printable(text).split())


def plain_markdown(text: str) -> str:
    """Return text that Markdown shows as it is."""
    escaped = _MARKDOWN.sub(r"\\\1", one_line(text))
    return _LIST_START.sub(lambda match: rf"{match[2]}\{match[3]}" if match[2] else rf"\{match[5]}", escaped)


def spreadsheet_cell(text: str) -> str:
    """Return text that a spreadsheet shows but does not compute."""
    shown = printable(text)
    is_formula = unicodedata.normalize("NFKD", shown).lstrip().startswith(_FORMULA_STARTS)
    return f"'{shown}" if is_formula else shown


def cited(quote: str) -> str:
    """Return words of an answer on one line, with "..." where they begin or end inside a sentence."""
    words = one_line(quote)
    ended = words.rstrip(" ,;:-\N{EN DASH}\N{EM DASH}")
    front = "... " if words[:1].islower() else ""
    return f"{front}{words}" if words.rstrip("\"')").endswith(_SENTENCE_END) or not ended else f"{front}{ended} ..."
