"""The base of all models, and the transcript with its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION: Final = 1
"""Version of the JSON that ``analyze --json`` and ``practice --json`` print."""


_STEERING: Final = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""Characters that JSON may hold unescaped, and that a terminal obeys or cannot show."""


class Model(BaseModel):
    """Base of everything saved or printed: frozen, strict about keys. Its errors do not quote the candidate."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_serialization_defaults_required=True, hide_input_in_errors=True
    )

    def model_dump_json(self, **options: Any) -> str:
        """Return it as JSON in which nothing steers a terminal; parsing it gives every character back."""
        return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", super().model_dump_json(**options))


class SpeechSpan(NamedTuple):
    """A stretch of the recording that holds speech."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


class Word(Model):
    """One spoken word, punctuation attached, no spaces inside."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    probability: float | None = Field(default=None, ge=0, le=1)
    heard_as: Literal["word", "sound"] = "word"
    """``sound``: a filled pause that the transcriber did not write; it was found in the audio alone, and its
    probability is the share of the sound that is steady."""


class FileSpeaker(Model):
    """One of several speakers in a transcript that was given."""

    name: str | None
    """As the file names it; None for words under no name."""
    word_count: int
    kept: bool
    """The transcript is what this one says; the words of the others are left out."""


class Transcript(Model):
    """The spoken words, verbatim.

    For audio, and for a transcript with times, ``text`` is the word texts joined by single spaces. For a transcript
    given as text it is that text without characters that nobody sees, and the words carry no times; the marks of a
    program that wrote it (times, speakers, noted sounds) are no words and left out.
    """

    text: str
    language: str | None = None
    engine: str | None = None
    """Engine and model that wrote it ("faster-whisper base int8"); None for a text given by the user."""
    words: tuple[Word, ...] = ()
    speakers: tuple[FileSpeaker, ...] = ()
    """Everybody in a given transcript of several speakers, in the order of their first words; else empty."""


_SPACED: Final = re.compile(r"\S+")
_GLUED: Final = re.compile(
    r"(?:(?:[^\W_]{2}|(?<![\w.])\d|[%)\]\"\u201d\u2019])[.!?:]{1,3}[\"\u201d\u2019)\]]*|^\(?\d{1,2}\))"
    r"(?=[\"\u201c(]?(?:(?P<word>[A-Z\u00c0-\u00de][a-z\u00df-\u00ff]+)|[A-Z\u00c0-\u00de]['\u2019]|[IA](?!\w)))"
)
"""A full stop with a new sentence right behind it: "failed.We". One letter before it is an initial or "e.g."."""
_GLUED_COMMA: Final = re.compile(r"(?<=[^\W\d_]{2}),(?=[^\W\d_])|(?<=[\w%]),(?=[^\W\d_]{2})")
"""A comma with the next word right behind it: "why,and". Between two single letters, as in "x,y", there is one word."""
_CODE: Final = re.compile(r"\w[(\[{]")
"""Of "f(key,value)"."""
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
    "|(?<=[\\w%.,])[\u200c\u200d]+|[\u200c\u200d]+(?=\\w)"
)
"""Soft hyphens, zero-width spaces and joiners, marks of direction, byte order marks. The joiners of an emoji stay."""
_ONE_WORD: Final = re.compile(r"://|@|\bwww\.|\w\.[a-z]|\(\)|[\\=_]|::")
"""In addresses, paths, "node.js" and code a full stop ends nothing."""
_TITLES: Final = re.compile(r"(?i:\b(?:dr|mr|mrs|ms|prof|st|no|vs))\.$")
_EXTENSIONS: Final = frozenset({"Ai", "App", "Com", "Cs", "Io", "Js", "Md", "Net", "Org", "Py", "Ts", "Txt"})
"""Of products and files that are written with a capital: "Node.Js", "Asp.Net"."""


def pieces_of(text: str) -> Iterator[str]:
    """Yield the words of a text: what stands between spaces, and glued sentences apart: "failed.We" is two."""
    for match in _SPACED.finditer(text):
        yield from _unglued(match[0])


def visible_text(text: str) -> str:
    """Return a text without the characters that nobody sees, so that none cuts a word or a number in two."""
    return _UNSEEN.sub("", text)


def _unglued(piece: str) -> Iterator[str]:
    if _ONE_WORD.search(piece) is None:
        start = 0
        for end in sorted({*_ends_of_sentences(piece), *_ends_at_commas(piece)}):
            yield piece[start:end]
            start = end
        piece = piece[start:]
    yield piece


def _ends_of_sentences(piece: str) -> Iterator[int]:
    start = 0
    for found in _GLUED.finditer(piece):
        if found["word"] not in _EXTENSIONS and _TITLES.search(piece, start, found.end()) is None:
            yield found.end()
            start = found.end()


def _ends_at_commas(piece: str) -> Iterator[int]:
    if "," in piece and _CODE.search(piece) is None:
        yield from (found.end() for found in _GLUED_COMMA.finditer(piece))


def word_spans(transcript: Transcript) -> tuple[tuple[int, int], ...]:
    """Return start and end (exclusive) of each word in the text; (-1, -1) for a word that is not in it."""
    spans, position = [], 0
    for word in transcript.words:
        start = transcript.text.find(word.text, position) if word.text else -1
        if start >= 0:
            position = start + len(word.text)
        spans.append((start, position) if start >= 0 else (-1, -1))
    return tuple(spans)


def transcript_of_text(text: str) -> Transcript:
    """Return a transcript given as text: unchanged but for what nobody sees, its words without times."""
    text = visible_text(text)
    return Transcript(text=text, words=tuple(Word(text=piece) for piece in pieces_of(text)))


def transcript_of_words(words: Iterable[Word], *, language: str | None = None, engine: str | None = None) -> Transcript:
    """Return the transcript of timed words: their texts joined by single spaces.

    Space around a word is dropped and an empty word with it; a word with space inside becomes several, which
    share its time by their number of characters.
    """
    kept = tuple(piece for word in words for piece in _without_space(word))
    return Transcript(text=" ".join(word.text for word in kept), language=language, engine=engine, words=kept)


def _without_space(word: Word) -> Iterable[Word]:
    pieces = list(pieces_of(visible_text(word.text)))
    if pieces == [word.text] or word.start_s is None or word.end_s is None:
        yield from (word.model_copy(update={"text": piece}) for piece in pieces)
        return
    share = (word.end_s - word.start_s) / max(1, sum(map(len, pieces)))
    start_s = word.start_s
    for piece in pieces:
        end_s = start_s + share * len(piece)
        yield word.model_copy(update={"text": piece, "start_s": start_s, "end_s": end_s})
        start_s = end_s
