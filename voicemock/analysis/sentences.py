"""Splits spoken text into sentences: by punctuation, and by pauses and clauses where there is none.

For clauses the reader says where a sentence begins. The best cut of a whole stretch is a shortest path, so that no
piece is too short or too long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from voicemock.analysis.layout import WRAPPED_LINE_CHARS, is_mark
from voicemock.analysis.spoken_text import SpokenText

SHORTEST_WORDS: Final = 7
LONGEST_WORDS: Final = 60
SHORT_COST: Final = 0.5
"""For each word below the shortest."""
PAUSE_WORTH: Final = 2.5
"""Added to the model's log odds by a pause: with one, sentences end about ten times as often."""

EAGERNESS: Final = 1.0
"""Added to the log odds: a sentence cut in two keeps its evidence, two that run together blur it."""

LONG_RUN_WORDS: Final = 40
"""In a longer stretch without a full stop the transcriber lost the punctuation: it is split at clauses."""
CLAUSE_PAUSE_S: Final = 0.6
"""A gap between words that ends a clause in an unpunctuated stretch; Whisper's word times are off by as much."""

_CLOSERS: Final = "\"'\u201d\u2019)]}*_»"
_OPENERS: Final = "\"'\u201c\u2018([{*_«"
_ABBREVIATIONS: Final = frozenset({
    "e.g", "i.e", "vs", "approx", "dr", "mr", "mrs", "ms", "prof", "sr", "jr", "no", "fig", "al", "eg", "ie", "cf",
    "dept", "est", "inc", "ltd", "co", "corp", "st", "u.s", "u.k", "u.s.a"
})  # fmt: skip
_MAY_END: Final = frozenset({
    "inc", "ltd", "co", "corp", "u.s", "u.k", "u.s.a", "sr", "jr", "no", "al"
})  # fmt: skip
"""Abbreviations that also stand at the end of a sentence."""
_INITIALS: Final = re.compile(r"(?:[a-z]\.)*[a-z]", re.ASCII)
_STARTERS: Final = frozenset({
    "i", "we", "the", "it", "they", "then", "so", "but", "and", "our", "my", "this", "that", "these", "he", "she",
    "you", "in", "as", "at", "when"
})  # fmt: skip
_BULLET: Final = re.compile(r"(?:[-*•#>]+|\d{1,2}[.)])$")
_LIST_NUMBER: Final = re.compile(r"\d{1,2}[.)]")


def cut(odds: Sequence[float], pauses: Sequence[bool]) -> list[int]:
    """Return the places where a new sentence begins, as indices of words; the first word is not one of them.

    Args:
        odds: Log odds that a sentence begins with each word.
        pauses: Whether a pause stands before each word.
    """
    worth = [value + EAGERNESS + PAUSE_WORTH * paused for value, paused in zip(odds, pauses, strict=True)]
    count = len(worth)
    best, source = [0.0] + [-np.inf] * count, [0] * (count + 1)
    for end in range(1, count + 1):
        for start in range(max(0, end - LONGEST_WORDS), end):
            value = best[start] + (worth[start] if start else 0.0) - SHORT_COST * max(0, SHORTEST_WORDS - end + start)
            if value > best[end]:
                best[end], source[end] = value, start
    places, end = [], count
    while source[end]:
        end = source[end]
        places.append(end)
    return places[::-1]


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """A run of words that is one sentence.

    Attributes:
        first_word: Index of its first word.
        last_word: Index of its last word.
        borders: How likely it begins and ends there, by the reader; None where punctuation or layout says so.
    """

    first_word: int
    last_word: int
    borders: float | None = None


def split_sentences(spoken: SpokenText, begins: Sequence[float] = ()) -> tuple[SentenceSpan, ...]:
    """Return the sentences in order: runs of words that hold at least one letter or digit.

    Args:
        spoken: The answer.
        begins: Log odds that a sentence begins with each word; without them long stretches stay whole.
    """
    runs: list[SentenceSpan] = []
    first = 0
    for index in range(len(spoken.words)):
        if index + 1 == len(spoken.words) or _ends_sentence(spoken, index):
            runs.extend(_clauses(spoken, begins, first, index))
            first = index + 1
    return tuple(span for run in runs if (span := _trimmed(spoken, run)) is not None)


def _ends_sentence(spoken: SpokenText, index: int) -> bool:
    """Return whether a sentence ends between a word and the next."""
    word, following = spoken.word(index), spoken.word(index + 1)
    between = spoken.text[spoken.chars[index][1] : spoken.chars[index + 1][0]]
    bare = word.rstrip(_CLOSERS)
    if index + 1 in spoken.layout.starts or ("\n" in between and _line_ends(spoken, index, bare, following, between)):
        return True
    opener = following.lstrip(_OPENERS)[:1]
    if bare.endswith(("!", "?")):
        return True
    if bare.endswith(("...", "…")):
        return opener.isupper() and following.strip(_OPENERS).lower() not in {"i", "i'm", "i've"}
    if not bare.endswith("."):
        return False
    if _LIST_NUMBER.fullmatch(bare.lstrip(_OPENERS)) and _opens_sentence(spoken, index):
        return not opener.isupper()
    return _full_stop_ends(bare[:-1].lstrip(_OPENERS), following, opener)


def _opens_sentence(spoken: SpokenText, index: int) -> bool:
    """Return whether a word is the number of an item, or stands after a list mark or the end of a sentence."""
    if index == 0 or index in spoken.layout.words:
        return True
    if "\n" in spoken.text[spoken.chars[index - 1][1] : spoken.chars[index][0]]:
        return False
    previous = spoken.word(index - 1)
    return previous.rstrip(_CLOSERS).endswith((".", "!", "?", ":")) or bool(_BULLET.match(previous))


def _full_stop_ends(bare: str, following: str, opener: str) -> bool:
    lower = bare.lower()
    initials = _INITIALS.fullmatch(lower) is not None and lower != "i"
    if lower in _ABBREVIATIONS or initials:
        return (lower in _MAY_END or initials) and following.strip(_OPENERS).lower() in _STARTERS and opener.isupper()
    return True


def _line_ends(spoken: SpokenText, index: int, bare: str, following: str, between: str) -> bool:
    """Return whether a line break between two words ends a sentence rather than wraps it."""
    if between.count("\n") > 1:
        return True
    line_start = spoken.text.rfind("\n", 0, spoken.chars[index][0]) + 1
    is_long = spoken.chars[index][1] - line_start >= WRAPPED_LINE_CHARS
    starts_anew = following.lstrip(_OPENERS)[:1].isupper()
    return bare.endswith(":") or (starts_anew and not is_long)


def _clauses(spoken: SpokenText, begins: Sequence[float], first: int, last: int) -> list[SentenceSpan]:
    """Split a stretch that is too long to be one sentence where a new one seems to begin."""
    if last - first + 1 <= LONG_RUN_WORDS or not begins:
        return [SentenceSpan(first, last)]
    pauses = [spoken.gap_before(index) >= CLAUSE_PAUSE_S for index in range(first, last + 1)]
    starts = [first, *(first + place for place in cut(begins[first : last + 1], pauses))]
    odds = {start: begins[start] + PAUSE_WORTH * pauses[start - first] for start in starts[1:]}
    return [
        SentenceSpan(start, end - 1, _probability(min(odds[place] for place in (start, end) if place in odds)))
        for start, end in pairwise([*starts, last + 1])
        if start in odds or end in odds
    ] or [SentenceSpan(first, last)]


def _probability(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-log_odds)))


def _trimmed(spoken: SpokenText, span: SentenceSpan) -> SentenceSpan | None:
    """Return a sentence without list marks and lone symbols around it; None when nothing is left."""
    first, last = span.first_word, span.last_word
    while first <= last and _is_mark(spoken, first):
        first += 1
    while last >= first and _is_mark(spoken, last):
        last -= 1
    return SentenceSpan(first, last, span.borders) if first <= last else None


def _is_mark(spoken: SpokenText, index: int) -> bool:
    return index in spoken.layout.words or is_mark(spoken.word(index))
