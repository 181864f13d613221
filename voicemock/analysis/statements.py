"""A sentence the way phrases see it: its spoken words, without fillers, that know where and when they were said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from voicemock.analysis.spoken_text import SpokenText, Token, transcript_of_text
from voicemock.models import Filler, Remark, Sentence

LONGEST_WORD_CHARS: Final = 30
"""Longer words are cut: no phrase knows them."""
LONGEST_STATEMENT_WORDS: Final = 300
"""A sentence is read this far; a transcriber without punctuation writes sentences of a hundred words."""

LONG_SENTENCE_WORDS: Final = 30
"""A longer sentence is looked at clause by clause."""

_CLAUSE: Final = re.compile(r"\s(?=(?:and|so|but|then|because)\s(?:\S+\s){4})", re.IGNORECASE)
_HYPHENS: Final = re.compile(r"[^-/]+")


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

    def clauses(self) -> tuple[Statement, ...]:
        """Return a long sentence in pieces; a transcriber may write a minute of talk as one sentence.

        Only the first piece has a time.
        """
        text, start_char = self.sentence.text, self.sentence.start_char
        if len(text.split()) <= LONG_SENTENCE_WORDS:
            return (self,)
        starts = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text)]
        return tuple(self._cut(start_char + start, start_char + end) for start, end in pairwise(starts))

    def _cut(self, start_char: int, end_char: int) -> Statement:
        offset = self.sentence.start_char
        text = self.sentence.text[start_char - offset : end_char - offset].rstrip()
        piece = {"text": text, "start_char": start_char, "end_char": start_char + len(text)}
        start_s = self.sentence.start_s if start_char == offset else None
        sentence = self.sentence.model_copy(update={**piece, "start_s": start_s})
        return Statement(sentence, tuple(word for word in self.words if start_char <= word.start_char < end_char))

    def remark(self, spoken: SpokenText, first: int, last: int, *, kind: str, rule: str, confidence: float) -> Remark:
        """Return a run of its words as a finding; ``last`` belongs to it."""
        start_char, end_char = self.words[first].start_char, self.words[last].end_char
        start_s, end_s = spoken.time_of(self.words[first].word, self.words[last].word)
        return Remark(
            kind=kind,
            rule=rule,
            confidence=confidence,
            text=spoken.text[start_char:end_char],
            quote=self.sentence.text,
            part=self.sentence.part,
            start_s=start_s,
            end_s=end_s,
            start_char=start_char,
            end_char=end_char,
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
    """Return sentences with all of their words where their transcript is not at hand: of an answer that was kept.

    The words do not know their places among the words of the transcript, so no remark can be made of them.
    """
    return tuple(
        Statement(sentence, tuple(_moved(statement_of(sentence.text).words, sentence.start_char)))
        for sentence in sentences
    )


def _moved(words: Iterable[SpokenWord], by: int) -> Iterator[SpokenWord]:
    return (SpokenWord(word.text, word.start_char + by, word.end_char + by, word.word) for word in words)


def statement_of(text: str) -> Statement:
    """Return a text as one statement: a phrase of a question, not of an answer."""
    spoken = SpokenText.of(transcript_of_text(text))
    words = tuple(word for token in spoken.tokens for word in _words_of(token))
    return Statement(Sentence(text=text, start_char=0, end_char=len(text)), words[:LONGEST_STATEMENT_WORDS])


def _silent(spoken: SpokenText, fillers: tuple[Filler, ...]) -> set[int]:
    """Return where the tokens of fillers begin."""
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
    if "-" not in token.norm and "/" not in token.norm:
        return [SpokenWord(token.norm[:LONGEST_WORD_CHARS], token.start_char, token.end_char, token.word)]
    if len(token.norm) != token.end_char - token.start_char:
        return [SpokenWord(token.norm[:LONGEST_WORD_CHARS], token.start_char, token.end_char, token.word)]
    return [
        SpokenWord(
            match[0][:LONGEST_WORD_CHARS], token.start_char + match.start(), token.start_char + match.end(), token.word
        )
        for match in list(_HYPHENS.finditer(token.norm))[:LONGEST_STATEMENT_WORDS]
    ]
