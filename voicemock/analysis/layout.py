"""Finds what orders a written text and was not said: bullets, numbers of a list, headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from voicemock.content.headings import is_heading

WRAPPED_LINE_CHARS: Final = 50
"""A line at least this long without a full stop is taken to be wrapped, not ended."""
HEADING_WORDS: Final = 8
"""A longer line is no heading."""
LABEL_WORDS: Final = 4
"""A longer beginning of a line, up to its colon, is part of a sentence."""
LABELS: Final = 2
"""From this many lines on that begin with a label, labels that are no known headings are headings, too."""

_NUMBER: Final = re.compile(
    r"\(?(?P<number>\d{1,2})[.):]|#\d{1,2}[.):]?|\(?[a-h]\)|(?:\d{1,2}\.){2,3}|\[[ xX\u2713\u2714\d]{0,2}\]"
    r"|\d\ufe0f?\u20e3|[\u2460-\u24ff\u2776-\u2793][.)]?"
)
_CURRENCY_OR_QUOTE: Final = (
    "$\u20ac\u00a3\u20b9\u00a5\"'\u201c\u201d\u2018\u2019\u00ab\u00bb([{.,\u2026\u00bf\u00a1&@%/\\"
)
_BEFORE_NUMBERS: Final = "-+~<>\u2212\u2013\u2248\u2264\u2265\u00b1"
_SIGNS: Final = frozenset({"So", "Mn", "Me", "Cf"})
"""Categories of the characters of which an emoji is made."""
_EDGES: Final = "*_`#|~"


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a text, by the indices of its words.

    Attributes:
        words: Those that are layout as a whole.
        starts: Those with which an item or a heading begins.
    """

    words: frozenset[int]
    starts: frozenset[int]


def layout_of(text: str, chars: Sequence[tuple[int, int]]) -> Layout:
    """Return the layout of a text.

    Args:
        text: In plain letters.
        chars: First character and one past the last, of each word.
    """
    lines = list(_lines(text, chars))
    if len(lines) < 2 and not any(map(_opens_with_mark, lines)):
        return _of_one_line(lines)
    numbers = [found["number"] for line in lines if (found := _NUMBER.fullmatch(line[0][1])) and found["number"]]
    labels = [_label(line) for line in lines]
    many = len({label for label, _ in labels if label}) >= LABELS
    words: set[int] = set()
    starts: set[int] = set()
    for line, before, (label, length) in zip(lines, [[], *lines], labels, strict=False):
        marks = _marks(line, is_list=len(numbers) > 1 or not _is_wrapped(before))
        after = line[marks:]
        label, length = _label(after) if marks else (label, length)
        if _is_heading_line(line):
            words.update(index for index, _ in line)
            starts.add(line[0][0])
            continue
        heads = length if label and (is_heading(label) or many) else 0
        if not heads and is_heading(" ".join(word for _, word in after)):
            heads = len(after)
        words.update(index for index, _ in line[: marks + heads])
        if marks or heads or _glued_glyph(after[0][1] if after else ""):
            starts.add(line[0][0])
    return Layout(frozenset(words), frozenset(starts))


def _of_one_line(lines: Sequence[list[tuple[int, str]]]) -> Layout:
    """Return the layout of a text of one line: at most a known heading before it."""
    for line in lines:
        label, length = _label(line)
        if label and length < len(line) and is_heading(label) and len(label) > 1:
            return Layout(frozenset(index for index, _ in line[:length]), frozenset())
    return Layout(frozenset(), frozenset())


def _opens_with_mark(line: list[tuple[int, str]]) -> bool:
    return not any(map(str.isalnum, line[0][1])) or _NUMBER.fullmatch(line[0][1]) is not None


def _lines(text: str, chars: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, str]]]:
    """Yield the words of each line with their indices."""
    number, before = 0, 0
    numbered = []
    for index, (start, end) in enumerate(chars):
        number += text.count("\n", before, start)
        before = start
        numbered.append((number, index, text[start:end]))
    for _, words in groupby(numbered, key=lambda each: each[0]):
        yield [(index, word) for _, index, word in words]


def _is_wrapped(line: Sequence[tuple[int, str]]) -> bool:
    """Return whether a line is long and its sentence goes on in the next one, maybe with a number."""
    length = sum(len(word) + 1 for _, word in line)
    return length > WRAPPED_LINE_CHARS and not line[-1][1].endswith((".", "!", "?", ":"))


def _marks(line: Sequence[tuple[int, str]], *, is_list: bool) -> int:
    """Return how many words at the beginning of a line are bullets, or numbers where there is a list."""
    count = 0
    for _, word in line[:-1]:
        if (_NUMBER.fullmatch(word) is None or not is_list) and any(map(str.isalnum, word)):
            return count
        count += 1
    return count


def _label(line: Sequence[tuple[int, str]]) -> tuple[str, int]:
    """Return the label that ends with a colon, or a dash after a known heading, and its length in words."""
    for count, (_, word) in enumerate(line[: LABEL_WORDS + 1], start=1):
        bare = word.strip(_EDGES)
        if bare.endswith(":"):
            label = " ".join(each.strip(_EDGES) for _, each in line[:count]).rstrip(": *_")
            return (label, count) if label[:1].isupper() or is_heading(label) else ("", 0)
        if count > 1 and bare in {"-", "\u2013", "\u2014", "|"}:
            label = " ".join(each.strip(_EDGES) for _, each in line[: count - 1])
            return (label, count) if is_heading(label) else ("", 0)
        if bare.endswith((".", "!", "?", ",", ";")):
            break
    return "", 0


def _is_heading_line(line: Sequence[tuple[int, str]]) -> bool:
    """Return whether a line is a heading of Markdown, and no sentence behind number signs."""
    is_marked = set(line[0][1]) == {"#"} and 1 < len(line) <= HEADING_WORDS
    return is_marked and not line[-1][1].endswith((".", "!", "?"))


def _glued_glyph(word: str) -> bool:
    """Return whether a word begins with a bullet without a space behind it: "-Split", "\u2022Split"."""
    return 0 < _glyphs(word, 0, len(word)) < len(word)


def _glyphs(text: str, start: int, end: int) -> int:
    """Return how many characters from ``start`` on are a bullet: no letter, digit, quote, bracket or sign."""
    at = start
    while at < end and not text[at].isalnum() and text[at] not in _CURRENCY_OR_QUOTE:
        at += 1
    if at < end and at > start and text[at].isdigit() and text[at - 1] in _BEFORE_NUMBERS:
        return 0
    return at - start


def without_glyphs(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without bullets at its beginning, and without signs and marks of Markdown at its ends."""
    first, last = start + _glyphs(text, start, end), end
    while last > first and (text[last - 1] in _EDGES or unicodedata.category(text[last - 1]) in _SIGNS):
        last -= 1
    return (first, last) if first < last else (start, end)
