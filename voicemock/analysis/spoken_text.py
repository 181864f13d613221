"""A transcript as tokens that know their characters, their word and their time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from voicemock.models import Transcript, Word

_WORD: Final = re.compile(r"\S+")
_INNER_BREAK: Final = re.compile(r"[—―…]+|\u2013(?!\d)|--+|\.{2,}")
"""Marks that join two spoken words without a space: "um—we", "so...I"."""
_CORE: Final = re.compile(r"[$€£₹~<]?[^\W_](?:\S*[^\W_])?[%+]?|[^\W_]")
_COMMAS: Final = (",", ";", ":", "—", "\u2013", "--", "...", "…", ")", "(")
_STOPS: Final = (".", "!", "?")

SET_OFF_PAUSE_S: Final = 0.5
"""A gap between word times that sets words apart as a comma does. Pauses from 0.25 s on are heard as such
(Goldman-Eisler 1968); twice that keeps slow speech and the error of word times out."""


@dataclass(frozen=True, slots=True)
class Token:
    """One spoken word without the punctuation around it.

    Attributes:
        norm: Lower case, straight apostrophes.
        start_char: First character in the transcript's text.
        end_char: One past the last character.
        word: Index of the transcript word it stands in.
        comma_after: A comma, dash or the like follows before the next token.
        stop_after: A full stop, question or exclamation mark follows.
    """

    norm: str
    start_char: int
    end_char: int
    word: int
    comma_after: bool
    stop_after: bool


@dataclass(frozen=True)
class SpokenText:
    """The text of a transcript with its words and tokens."""

    text: str
    words: tuple[Word, ...]
    chars: tuple[tuple[int, int], ...]
    """Of each word: first character and one past the last."""

    @classmethod
    def of(cls, transcript: Transcript) -> SpokenText:
        """Lay a transcript's words over its text.

        Raises:
            ValueError: The words are not the whitespace-separated pieces of the text.
        """
        chars = tuple(match.span() for match in _WORD.finditer(transcript.text))
        if len(chars) != len(transcript.words):
            raise ValueError(
                f"The transcript has {len(transcript.words)} words, but its text has {len(chars)}. "
                "Build it with transcript_of_text() or transcript_of_words()."
            )
        return cls(transcript.text, transcript.words, chars)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The spoken words in order; punctuation and symbols standing alone are none."""
        return tuple(token for index in range(len(self.words)) for token in self._tokens_of(index))

    @cached_property
    def is_timed(self) -> bool:
        """Whether every word has a start and an end."""
        return bool(self.words) and all(w.start_s is not None and w.end_s is not None for w in self.words)

    def time_of(self, first_word: int, last_word: int) -> tuple[float | None, float | None]:
        """Return when a run of words starts and ends, in seconds; None where that word has no time."""
        return self.words[first_word].start_s, self.words[last_word].end_s

    def word_at(self, char: int) -> int:
        """Return the index of the word that holds a character, or the first one after it."""
        return bisect_right(self.chars, char, key=lambda span: span[1])

    def gap_before(self, word: int) -> float:
        """Return the seconds between a word and the one before it; 0 without times."""
        if word == 0:
            return 0.0
        ended, starts = self.words[word - 1].end_s, self.words[word].start_s
        return starts - ended if ended is not None and starts is not None else 0.0

    def is_apart(self, token: int) -> bool:
        """Whether punctuation or a silence stands between a token and the one before it; the first stands apart."""
        if token == 0:
            return True
        previous = self.tokens[token - 1]
        return (
            previous.comma_after or previous.stop_after or self.gap_before(self.tokens[token].word) >= SET_OFF_PAUSE_S
        )

    def _tokens_of(self, index: int) -> Iterable[Token]:
        start, end = self.chars[index]
        word = self.text[start:end]
        edges = [edge for match in _INNER_BREAK.finditer(word) for edge in match.span()]
        starts, ends = [0, *edges[1::2]], [*edges[::2], len(word)]
        for low, high, following in zip(starts, ends, [*starts[1:], len(word)], strict=True):
            core = _CORE.search(word, low, high)
            if core is None:
                continue
            tail = word[core.end() : following]
            yield Token(
                norm=core.group().lower().replace("\u2019", "'"),
                start_char=start + core.start(),
                end_char=start + core.end(),
                word=index,
                comma_after=any(mark in tail for mark in _COMMAS) or self._dash_follows(index, high, len(word)),
                stop_after=any(mark in tail for mark in _STOPS) and ".." not in tail,
            )

    def _dash_follows(self, index: int, high: int, length: int) -> bool:
        """Whether the next word is a dash of its own: "we — I mean"."""
        if high != length or index + 1 >= len(self.chars):
            return False
        start, end = self.chars[index + 1]
        return self.text[start:end] in {"—", "\u2013", "-", "--", "…", "..."}


def transcript_of_text(text: str) -> Transcript:
    """Return a transcript given as text: unchanged, its words without times."""
    return Transcript(text=text, words=tuple(Word(text=piece) for piece in _WORD.findall(text)))


def transcript_of_words(words: Iterable[Word], *, language: str | None = None, engine: str | None = None) -> Transcript:
    """Return the transcript of timed words: their texts joined by single spaces.

    Space around a word is dropped and an empty word with it; a word with space inside becomes several, which
    share its time by their number of characters.
    """
    kept = tuple(piece for word in words for piece in _without_space(word))
    return Transcript(text=" ".join(word.text for word in kept), language=language, engine=engine, words=kept)


def _without_space(word: Word) -> Iterable[Word]:
    pieces = _WORD.findall(word.text)
    if pieces == [word.text] or word.start_s is None or word.end_s is None:
        yield from (word.model_copy(update={"text": piece}) for piece in pieces)
        return
    share = (word.end_s - word.start_s) / max(1, sum(map(len, pieces)))
    start_s = word.start_s
    for piece in pieces:
        end_s = start_s + share * len(piece)
        yield word.model_copy(update={"text": piece, "start_s": start_s, "end_s": end_s})
        start_s = end_s
