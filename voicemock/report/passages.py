"""The transcript cut into pieces to show: sentence by sentence, with fillers and measured outcomes marked."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from voicemock.models import Assessment, Filler

Mark = Literal["filled_pause", "discourse_marker", "quantified_result", "unclear", "taken_back"]

_LEFT_OUT = frozenset({"filled_pause", "discourse_marker", "taken_back"})
"""What a clean transcript is without."""

_SENTENCE_END = (".", "?", "!")

_AFTER_FILLER = re.compile(r"[,;\N{HORIZONTAL ELLIPSIS}-]*\s*")
"""What goes with words that are left out: their comma, or the hyphen of a word cut off, and the space behind it."""


class Piece(NamedTuple):
    """A stretch of the transcript that is shown in one way."""

    text: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class TranscriptPassage:
    """A sentence, or what stands between two of them; ``start_s`` is None for a text."""

    pieces: tuple[Piece, ...]
    part: str | None = None
    start_s: float | None = None

    @property
    def text(self) -> str:
        """The whole passage."""
        return "".join(piece.text for piece in self.pieces)


class Span(NamedTuple):
    """A marked stretch of the transcript's text, end exclusive."""

    start: int
    end: int
    mark: Mark


def passages(assessment: Assessment, *, clean: bool = False) -> tuple[TranscriptPassage, ...]:
    """Cut a transcript into sentences, in order and complete.

    A clean one is without fillers and what was said again or begun anew, and without the commas around them.
    """
    structure, text = assessment.analysis.structure, assessment.transcript.text
    marks = marks_of(assessment, clean=clean)
    found: list[TranscriptPassage] = []
    position = 0
    for sentence in structure.sentences if structure else ():
        found.append(TranscriptPassage(_pieces(text, marks, position, sentence.start_char, clean=clean)))
        pieces = _pieces(text, marks, sentence.start_char, sentence.end_char, clean=clean)
        found.append(TranscriptPassage(pieces, sentence.part, sentence.start_s))
        position = sentence.end_char
    found.append(TranscriptPassage(_pieces(text, marks, position, len(text), clean=clean)))
    return tuple(passage for passage in found if passage.text.strip())


def printable(text: str) -> str:
    """Return text without anything that could steer a terminal or turn its reading direction around.

    White space becomes single spaces where it is a line end or tab; every other control or format character goes.
    """
    return "".join(
        " " if char in "\n\r\t\v\f\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}" else char
        for char in text
        if char in "\n\r\t\v\f" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )


def one_line(text: str) -> str:
    """Return printable text with single spaces between its words."""
    return " ".join(printable(text).split())


def _pieces(text: str, marks: Sequence[Span], start: int, end: int, *, clean: bool) -> tuple[Piece, ...]:
    """Return a stretch of the transcript, cut where marks begin and end."""
    pieces: list[Piece] = []
    position = start
    first, last = (bisect_left(marks, at, key=lambda span: span.start) for at in (start, end))
    for span in marks[first:last]:
        if span.start < position or span.end > end:
            continue
        pieces.append(Piece(text[position : span.start]))
        if clean and span.mark in _LEFT_OUT:
            position = _leave_out(text, span, end, pieces)
        else:
            pieces.append(Piece(text[span.start : span.end], span.mark))
            position = span.end
    pieces.append(Piece(text[position:end]))
    shown = tuple(Piece(printable(piece.text), piece.mark) for piece in pieces if piece.text)
    return _capitalized(shown) if clean and text[start:end].strip()[:1].isupper() else shown


def marks_of(assessment: Assessment, *, clean: bool) -> list[Span]:
    """Return everything that is marked, in order; what was taken back only where it is to be left out."""
    spans = [Span(filler.start_char, filler.end_char, filler.kind) for filler in assessment.analysis.fillers]
    spans += [Span(r.start_char, r.end_char, "quantified_result") for r in assessment.analysis.quantified_results]
    if clean:
        spans += [Span(r.start_char, r.end_char, "taken_back") for r in assessment.analysis.repetitions]
    sure = sorted(span for span in spans if span.start < span.end)
    return sorted([*sure, *_unclear(assessment, sure)])


def _unclear(assessment: Assessment, marked: Sequence[Span]) -> Iterator[Span]:
    """Yield the doubtful words; a run is cut where something else is marked in it, or another sentence begins."""
    text, structure = assessment.transcript.text, assessment.analysis.structure
    borders = [sentence.start_char for sentence in structure.sentences] if structure else []
    cutting = sorted([*((span.start, span.end) for span in marked), *((border, border) for border in borders)])
    longest = max((end - start for start, end in cutting), default=0)
    for unclear in assessment.analysis.unclear or ():
        first = bisect_left(cutting, (unclear.start_char - longest, 0))
        cuts = cutting[first : bisect_left(cutting, (unclear.end_char, 0))]
        start = unclear.start_char
        for cut_start, cut_end in (*cuts, (unclear.end_char, unclear.end_char)):
            if start < (end := min(cut_start, unclear.end_char)):
                stretch = text[start:end]
                left, right = len(stretch) - len(stretch.lstrip(" ,")), len(stretch.rstrip(" ,"))
                if left < right:
                    yield Span(start + left, start + right, "unclear")
            start = max(start, cut_end)


def _leave_out(text: str, span: Span, end: int, pieces: list[Piece]) -> int:
    """Drop words and the commas that only they needed; return where the text goes on."""
    anything_before = bool("".join(piece.text for piece in pieces).strip())
    follows = _AFTER_FILLER.match(text, span.end, end)
    after = follows.end() if follows else span.end
    if text[after : after + 1] in _SENTENCE_END or after == end:
        pieces.append(Piece(pieces.pop().text.rstrip(" ,")))
        return after if anything_before else min(after + 1, end)
    if "," in text[span.end : after] and (before := pieces[-1].text.rstrip()).endswith(","):
        pieces[-1] = Piece(f"{before[:-1]} ")
    return after


def _capitalized(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Give a sentence whose first word was left out its capital again."""
    if not pieces:
        return pieces
    first = pieces[0]
    return (Piece(first.text[:1].upper() + first.text[1:], first.mark), *pieces[1:])


def filler_counts(fillers: tuple[Filler, ...]) -> tuple[tuple[str, int], ...]:
    """Return each filler and how often it was said, the most frequent first."""
    counts: dict[str, int] = {}
    for filler in fillers:
        name = printable(filler.text).casefold()
        counts[name] = counts.get(name, 0) + 1
    return tuple(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))
