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
USUAL: Final = 3
"""From this many lines on, and half of all, labels that are no known headings are headings, too."""

_NUMBER: Final = re.compile(r"\(?(?P<number>\d{1,2})[.):]")
_ITEM: Final = re.compile(
    r"\(?\d{1,2}[.):]|#\d{1,2}[.):]?|\(?[a-h]\)|(?:\d{1,2}\.){2,3}|\[[ xX\u2713\u2714\d]{0,2}\]|o"
    r"|\d\ufe0f?\u20e3|[\u2460-\u24ff\u2776-\u2793][.)]?"
)
_ITEM_OF_MANY: Final = re.compile(r"\(?(?:i{1,3}|iv|vi{0,3}|ix|x)[.)]|\d{1,2}(?:\.\d{1,2})+")
"""Numbers of items where several lines begin so; a single one is a word."""
_BULLETS: Final = "\u2022\u2023\u25e6\u2043\u25cf\u25cb\u25aa\u25ab\u25a0\u25a1\u25b8\u25ba\u2605\uf0b7\uf0a7"
"""Glyphs that are bullets in the middle of a line, too."""
_CURRENCY_OR_QUOTE: Final = (
    "$\u20ac\u00a3\u20b9\u00a5\"'\u201c\u201d\u2018\u2019\u00ab\u00bb([{.,\u2026\u00bf\u00a1&@%/\\"
)
_BEFORE_NUMBERS: Final = "-+~<>\u2212\u2013\u2248\u2264\u2265\u00b1"
_SAID: Final = "%\u2030$\u20ac\u00a3\u00b0"
"""Signs that stand for words, alone as well: "40 %"."""
_TAG: Final = re.compile(r"</?\w")
"""A tag that somebody wrote is text: it is no bullet."""
_CLOSERS: Final = "\"'\u201d\u2019)]"
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


NO_LAYOUT: Final = Layout(frozenset(), frozenset())
Words = Sequence[tuple[int, str]]
"""Of a line, with their indices in the text."""


def layout_of(text: str, chars: Sequence[tuple[int, int]]) -> Layout:
    """Return the layout of a text.

    Args:
        text: In plain letters.
        chars: First character and one past the last, of each word.
    """
    lines = list(_lines(text, chars))
    is_list = len([line for line in lines if _NUMBER.fullmatch(line[0][1])]) > 1
    items = len([line for line in lines if _ITEM_OF_MANY.fullmatch(line[0][1])])
    labels = {label for line in lines if (label := _label(line)[0])}
    usual = len(labels) >= max(USUAL, len(lines) / 2)
    words: set[int] = set()
    starts: set[int] = set()
    before: Words = []
    for line in lines:
        marks = _marks(line, is_list=is_list or not _is_wrapped(before), of_many=items > 1)
        heads = len(line) - marks if _is_heading_line(line) else _heading(line[marks:], usual=usual)
        words.update(index for index, _ in line[: marks + heads])
        if marks or heads or _glued_glyph(line[0][1]):
            starts.add(line[0][0])
        for length, place in _within(line, marks + heads):
            starts.add(line[place][0])
            words.update(index for index, _ in line[place : place + length])
        before = line
    return Layout(frozenset(words), frozenset(starts))


def _heading(line: Words, *, usual: bool) -> int:
    """Return how many words at the beginning of a line are a heading.

    Args:
        line: Without its marks.
        usual: Most lines begin with a label, so that one that is not known is a heading as well.
    """
    label, length = _label(line)
    if label and (is_heading(label) or (usual and len(label.split()) < LABEL_WORDS)):
        return length
    return len(line) if is_heading(" ".join(word for _, word in line)) else 0


def _within(line: Words, first: int) -> Iterator[tuple[int, int]]:
    """Yield items and headings in the middle of a line: how many words are layout, and where."""
    opening = _NUMBER.fullmatch(line[0][1])
    expected = int(opening["number"]) + 1 if opening and opening["number"] else 0
    for place in range(max(1, first), len(line) - 1):
        (_, previous), (_, word), (_, following) = line[place - 1 : place + 2]
        number = _NUMBER.fullmatch(word)
        if word.strip("\ufe0f") in _BULLETS or (_is_sign(word) and following[:1].isupper()):
            yield 1, place
        elif number and int(number["number"]) == expected and following[:1].isupper():
            expected += 1
            yield 1, place
        elif previous.rstrip(_CLOSERS).endswith((".", "!", "?")):
            label, length = _label(line[place : place + LABEL_WORDS + 1])
            if label and line[place + length - 1][1].rstrip(_EDGES).endswith(":") and is_heading(label):
                yield length, place


def _is_sign(word: str) -> bool:
    return {unicodedata.category(char) for char in word} <= _SIGNS


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


def _is_wrapped(line: Words) -> bool:
    """Return whether a line is long and its sentence goes on in the next one, maybe with a number."""
    length = sum(len(word) + 1 for _, word in line)
    return length > WRAPPED_LINE_CHARS and not line[-1][1].endswith((".", "!", "?", ":"))


def _marks(line: Words, *, is_list: bool, of_many: bool) -> int:
    """Return how many words at the beginning of a line are bullets, or numbers where there is a list."""
    count = 0
    for _, word in line[:-1]:
        is_item = (is_list and _ITEM.fullmatch(word)) or (of_many and _ITEM_OF_MANY.fullmatch(word))
        if not is_item and (any(map(str.isalnum, word)) or set(word) <= set(_SAID)):
            return count
        count += 1
    return count


def _label(line: Words) -> tuple[str, int]:
    """Return the label that a line begins with, and its length: before a colon or a dash, or in brackets."""
    for count, (_, word) in enumerate(line[: LABEL_WORDS + 1], start=1):
        bare = word.strip(_EDGES)
        label = " ".join(each.strip(_EDGES) for _, each in line[:count]).strip(": *_")
        if bare.endswith(":"):
            return (label, count) if label[:1].isupper() or is_heading(label) else ("", 0)
        if label[:1] in "[(" and label[-1:] in "])" and is_heading(label[1:-1]) and len(label) > LABEL_WORDS:
            return label[1:-1], count
        if count > 1 and word in {"-", "\u2013", "\u2014", "|"}:
            label = label.rstrip("-\u2013\u2014| ")
            return (label, count) if is_heading(label) else ("", 0)
        if bare.endswith((".", "!", "?", ",", ";")):
            break
    return "", 0


def is_mark(word: str) -> bool:
    """Return whether a word has no letter or digit, and no sign that stands for a word."""
    return not any(char.isalnum() or char in _SAID for char in word)


def _is_heading_line(line: Words) -> bool:
    """Return whether a line is a heading of Markdown, and no sentence behind number signs."""
    is_marked = set(line[0][1]) == {"#"} and 1 < len(line) <= HEADING_WORDS
    return is_marked and not line[-1][1].endswith((".", "!", "?"))


def _glued_glyph(word: str) -> bool:
    """Return whether a word begins with a bullet without a space behind it: "-Split", "\u2022Split"."""
    return 0 < _glyphs(word, 0, len(word)) < len(word)


def _glyphs(text: str, start: int, end: int) -> int:
    """Return how many characters from ``start`` on are a bullet: no letter, digit, quote, bracket or sign."""
    at = start
    while at < end and not text[at].isalnum() and text[at] not in _CURRENCY_OR_QUOTE and not _TAG.match(text, at):
        at += 1
    if at < end and at > start and text[at].isdigit() and text[at - 1] in _BEFORE_NUMBERS:
        return 0
    return at - start


def without_glyphs(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without bullets at its beginning, and without signs and marks of Markdown at its ends."""
    first, last = start + _glyphs(text, start, end), end
    while last > first and _is_edge(text, last - 1):
        last -= 1
    return (first, last) if first < last else (start, end)


def _is_edge(text: str, at: int) -> bool:
    """Return whether the last character of a stretch is a mark or an emoji: not the signs of "C#" and "40°"."""
    if text[at] == "#":
        return not (at and text[at - 1].isalnum())
    return text[at] in _EDGES or (unicodedata.category(text[at]) in _SIGNS and text[at] not in _SAID)
