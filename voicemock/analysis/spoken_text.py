"""The transcript as tokens, and its sentences as statements of spoken words.

Each token and word knows its characters in the transcript, and its word there, which has times.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, TypedDict

from voicemock.analysis.layout import NO_LAYOUT, Layout, layout_of
from voicemock.analysis.typography import plain
from voicemock.models import Filler, Remark, Sentence, Transcript, Word, transcript_of_text, visible_text

_PAUSES: Final = ("um", "umm", "uh", "uhh", "uhm", "erm", "hmm")
_BACK_CHANNEL: Final = r"(?:h+u+h+|h+m+|h+u+m+|u+h+|o+h+|m+)\b"
_AFTER_PAUSE: Final = "|".join(rf"(?<=\b{pause})" for pause in _PAUSES)
_INNER_BREAK: Final = re.compile(
    r"[—―…]+|\u2013(?!\d)|--+|\.{2,}|(?<=[^\W\d_]),(?=\w)|(?<=\w),(?=[^\W\d_])"
    rf"|(?<![mnu][hm])[-./;:](?=(?:{'|'.join(_PAUSES)})(?![\w'])(?!-{_BACK_CHANNEL}))"
    rf"|(?:{_AFTER_PAUSE})[-./;:](?=\w)(?!{_BACK_CHANNEL})",
    re.IGNORECASE,
)
"""Marks that join two spoken words without a space: "um—we", "so...I", "waited,um,for", "um-we"; not "uh-huh"."""
_CORE: Final = re.compile(r"[$€£₹~<]?[^\W_](?:\S*[^\W_])?[%+]?|[^\W_]")
_COMMAS: Final = (",", ";", ":", "—", "\u2013", "--", "...", "…", ")", "(")
_STOPS: Final = (".", "!", "?")

SET_OFF_PAUSE_S: Final = 0.5
"""A gap between word times that sets words apart as a comma does. Pauses from 0.25 s on are heard as such
(Goldman-Eisler 1968); twice that keeps slow speech and the error of word times out."""

LONGEST_WORD_CHARS: Final = 30
"""Longer words are cut: no phrase knows them."""
LONGEST_STATEMENT_WORDS: Final = 300
"""Later words of a sentence are not read; without punctuation sentences have a hundred words."""

TELLING_WORDS: Final = 4
"""A shorter sentence ("Um.", "I guess so.") is not quoted if there is a longer one."""

_HYPHENS: Final = re.compile(r"[^-/]+")
_STUTTER: Final = re.compile(r"(?:([a-z]{1,3})-)(?:\1-)*(?=\1)", re.IGNORECASE)
_PREFIXES: Final = frozenset({"re", "de", "co", "pre", "un", "non", "e", "in", "pro", "sub"})
_TERMS: Final = frozenset({"t-test", "t-tests", "s-shaped", "so-so", "no-no", "bye-bye", "win-win", "go-go", "c-class"})


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


class Place(TypedDict):
    """A stretch of the text, its characters and its times, by the names of the fields of all findings."""

    text: str
    start_s: float | None
    end_s: float | None
    start_char: int
    end_char: int


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
            ValueError: The words are not all of the text but the space between them.
        """
        chars: list[tuple[int, int]] = []
        end = 0
        for word in transcript.words:
            start = transcript.text.find(word.text, end)
            if not word.text or start < 0 or transcript.text[end:start].strip():
                break
            end = start + len(word.text)
            chars.append((start, end))
        if len(chars) != len(transcript.words) or transcript.text[end:].strip():
            raise ValueError(
                f"The transcript has {len(transcript.words)} words, but its text has others. "
                "Build it with transcript_of_text() or transcript_of_words()."
            )
        return cls(transcript.text, transcript.words, tuple(chars))

    @cached_property
    def plain(self) -> str:
        """The text in plain letters, digits and marks, character by character."""
        return plain(self.text)

    @cached_property
    def layout(self) -> Layout:
        """What orders the text and was not said; nothing where words have times, because all of them were said."""
        return NO_LAYOUT if self.is_timed else layout_of(self.plain, self.chars)

    def word(self, index: int) -> str:
        """Return a word in plain letters, without characters that nobody sees."""
        return visible_text(self.plain[slice(*self.chars[index])])

    def said(self) -> list[str]:
        """Return the words in plain letters; those that are layout are empty."""
        return ["" if index in self.layout.words else self.word(index) for index in range(len(self.words))]

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The spoken words in order, without layout, punctuation and symbols standing alone."""
        silent = self.layout.words
        return tuple(
            token for index in range(len(self.words)) if index not in silent for token in self._tokens_of(index)
        )

    @cached_property
    def is_timed(self) -> bool:
        """Whether every word has a start and an end."""
        return bool(self.words) and all(w.start_s is not None and w.end_s is not None for w in self.words)

    def time_of(self, first_word: int, last_word: int) -> tuple[float | None, float | None]:
        """Return when a run of words starts and ends, in seconds; None where that word has no time."""
        return self.words[first_word].start_s, self.words[last_word].end_s

    def place(self, start_char: int, end_char: int) -> Place:
        """Return the stretch between two characters that begins and ends inside of words."""
        start_s, end_s = self.time_of(self.word_at(start_char), self.word_at(end_char - 1))
        text = self.text[start_char:end_char]
        return {"text": text, "start_s": start_s, "end_s": end_s, "start_char": start_char, "end_char": end_char}

    def word_at(self, char: int) -> int:
        """Return the index of the word that holds a character, or the first one after it."""
        return bisect_right(self.chars, char, key=lambda span: span[1])

    def first_token(self, char: int) -> int:
        """Return the index of the first token that begins at a character or after it."""
        return bisect_left(self.tokens, char, key=lambda token: token.start_char)

    def gap_before(self, word: int) -> float:
        """Return the seconds between a word and the one before it; 0 without times."""
        if word == 0:
            return 0.0
        ended, starts = self.words[word - 1].end_s, self.words[word].start_s
        return starts - ended if ended is not None and starts is not None else 0.0

    def is_apart(self, token: int) -> bool:
        """Return whether punctuation or a silence stands before a token; the first always stands apart."""
        if token == 0:
            return True
        previous = self.tokens[token - 1]
        return (
            previous.comma_after or previous.stop_after or self.gap_before(self.tokens[token].word) >= SET_OFF_PAUSE_S
        )

    def _tokens_of(self, index: int) -> Iterable[Token]:
        start, end = self.chars[index]
        word = self.plain[start:end]
        edges = [edge for match in _INNER_BREAK.finditer(word) for edge in match.span()]
        starts, ends = [0, *edges[1::2]], [*edges[::2], len(word)]
        for low, high, following in zip(starts, ends, [*starts[1:], len(word)], strict=True):
            core = _CORE.search(word, low, high)
            if core is None:
                continue
            tail = word[core.end() : following]
            yield Token(
                norm=visible_text(core.group()).lower(),
                start_char=start + core.start(),
                end_char=start + core.end(),
                word=index,
                comma_after=any(mark in tail for mark in _COMMAS) or self._dash_follows(index, high, len(word)),
                stop_after=any(mark in tail for mark in _STOPS) and ".." not in tail,
            )

    def _dash_follows(self, index: int, high: int, length: int) -> bool:
        """Return whether the next word is a dash of its own: "we — I mean"."""
        if high != length or index + 1 >= len(self.chars):
            return False
        start, end = self.chars[index + 1]
        return self.text[start:end] in {"—", "\u2013", "-", "--", "…", "..."}


class SpokenWord(NamedTuple):
    """A word of a statement: lower case, without punctuation; the halves of "dead-letter" are two."""

    text: str
    start_char: int
    end_char: int
    word: int
    """Index of the transcript's word that it stands in."""


@dataclass(frozen=True)
class Statement:
    """A sentence and its spoken words."""

    sentence: Sentence
    words: tuple[SpokenWord, ...]

    @cached_property
    def text(self) -> str:
        """The words, each followed by a space."""
        return "".join(f"{word.text} " for word in self.words)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each word begins in ``text``."""
        starts, position = [], 0
        for word in self.words:
            starts.append(position)
            position += len(word.text) + 1
        return tuple(starts)

    def remark(self, spoken: SpokenText, first: int, last: int, *, kind: str, rule: str, confidence: float) -> Remark:
        """Return a run of its words as a finding; ``last`` belongs to it."""
        return Remark(
            kind=kind,
            rule=rule,
            confidence=confidence,
            quote=self.sentence.text,
            part=self.sentence.part,
            **spoken.place(self.words[first].start_char, self.words[last].end_char),
        )


def statements_of(
    spoken: SpokenText, sentences: tuple[Sentence, ...], fillers: tuple[Filler, ...]
) -> tuple[Statement, ...]:
    """Return every sentence with its spoken words, in order."""
    silent = _silent(spoken, fillers)
    tokens = [token for token in spoken.tokens if token.start_char not in silent]
    statements: list[Statement] = []
    position = 0
    for sentence in sentences:
        while position < len(tokens) and tokens[position].start_char < sentence.start_char:
            position += 1
        words: list[SpokenWord] = []
        while position < len(tokens) and tokens[position].start_char < sentence.end_char:
            if len(words) < LONGEST_STATEMENT_WORDS:
                words.extend(_words_of(tokens[position]))
            position += 1
        statements.append(Statement(sentence, tuple(words)))
    return tuple(statements)


def statements_in(sentences: tuple[Sentence, ...]) -> tuple[Statement, ...]:
    """Return the sentences of a stored answer with all of their words; its transcript is not needed.

    The words do not know their places among the words of the transcript, so no remark can be made of them.
    """
    return tuple(
        Statement(each, tuple(_moved(word, each.start_char) for word in statement_of(each.text).words))
        for each in sentences
    )


def is_telling(sentence: Sentence) -> bool:
    """Return whether a sentence is long enough to be recognized."""
    return len(sentence.text.split()) >= TELLING_WORDS


def _moved(word: SpokenWord, by: int) -> SpokenWord:
    return word._replace(start_char=word.start_char + by, end_char=word.end_char + by)


def statement_of(text: str) -> Statement:
    """Return a text of its own as one statement: a phrase of a question, not of an answer."""
    spoken = SpokenText.of(transcript_of_text(text))
    words = tuple(word for token in spoken.tokens for word in _words_of(token))
    return Statement(Sentence(text=text, start_char=0, end_char=len(text)), words[:LONGEST_STATEMENT_WORDS])


def stuttered(norm: str) -> int:
    """Return how many characters of a word were stuttered: four of "w-w-we"; 0 of "re-review" and "t-test"."""
    match = _STUTTER.match(norm) if "-" in norm else None
    if match is None or norm in _TERMS or (norm.count("-") == 1 and match[1] in _PREFIXES):
        return 0
    is_whole_word = norm[match.end() :] == match[1]
    return match.end() if not is_whole_word or len(match[1]) < 3 or match[0].count("-") > 1 else 0


def _silent(spoken: SpokenText, fillers: tuple[Filler, ...]) -> set[int]:
    """Return the first characters of the tokens that belong to fillers."""
    spans = [(filler.start_char, filler.end_char) for filler in fillers]
    silent: set[int] = set()
    index = 0
    for token in spoken.tokens:
        while index < len(spans) and spans[index][1] <= token.start_char:
            index += 1
        if index < len(spans) and spans[index][0] <= token.start_char:
            silent.add(token.start_char)
    return silent


def _words_of(token: Token) -> list[SpokenWord]:
    if stutter := stuttered(token.norm):
        return [SpokenWord(token.norm[stutter:], token.start_char + stutter, token.end_char, token.word)]
    is_whole = _HYPHENS.fullmatch(token.norm) is not None or "i" in _HYPHENS.findall(token.norm)
    if is_whole or len(token.norm) != token.end_char - token.start_char:
        return [SpokenWord(token.norm[:LONGEST_WORD_CHARS], token.start_char, token.end_char, token.word)]
    return [
        SpokenWord(
            match[0][:LONGEST_WORD_CHARS], token.start_char + match.start(), token.start_char + match.end(), token.word
        )
        for match in list(_HYPHENS.finditer(token.norm))[:LONGEST_STATEMENT_WORDS]
    ]
