"""Cuts a transcript for display: by sentence for a terminal or file, by part, word and pause for a page."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final, Literal, NamedTuple, TypeVar

from voicemock.models import Assessment, Filler, Pause, word_spans
from voicemock.report.safe_text import printable

Mark = Literal["filled_pause", "discourse_marker", "quantified_result", "unclear", "taken_back"]

_LEFT_OUT: Final = frozenset({"filled_pause", "discourse_marker", "taken_back"})
"""Marks of words that a clean transcript leaves out."""
_SENTENCE_END: Final = (".", "?", "!")
_AFTER_FILLER: Final = re.compile(r"[,;\N{HORIZONTAL ELLIPSIS}-]*\s*")
"""Dropped with words that are left out: their comma, or the hyphen of a cut-off word, and the space after it."""


class Piece(NamedTuple):
    """A stretch of the transcript with one mark."""

    text: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class TranscriptPassage:
    """A sentence, or the text between two of them; ``start_s`` is None without word times."""

    pieces: tuple[Piece, ...]
    part: str | None = None
    start_s: float | None = None

    @property
    def text(self) -> str:
        """Return the whole passage."""
        return "".join(piece.text for piece in self.pieces)


class Span(NamedTuple):
    """A marked stretch of the transcript's text, end exclusive."""

    start: int
    end: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Atom:
    """Text within one word, or between words, and within one mark. A page follows the recording by it."""

    text: str
    """Printable; never empty."""
    word: int | None
    """Index into the transcript's words; None between words."""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighboring text with one mark."""

    mark: Mark | None
    atoms: tuple[Atom, ...]

    @property
    def text(self) -> str:
        """Return the whole text."""
        return "".join(atom.text for atom in self.atoms)


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A sentence with the pauses in it and before it; ``start_s`` is None without word times."""

    start_s: float | None
    items: tuple[Run | Pause, ...]

    @property
    def text(self) -> str:
        """Return the words."""
        return "".join(item.text for item in self.items if isinstance(item, Run))


@dataclass(frozen=True, slots=True)
class Block:
    """Neighboring sentences of one part; ``part`` is None if they belong to no part."""

    part: str | None
    lines: tuple[SpokenLine, ...]


class Placed(NamedTuple):
    """The place of a word in the text, end exclusive."""

    start: int
    end: int
    number: int
    """Index into the transcript's words."""


S = TypeVar("S", Placed, Span)


def passages(assessment: Assessment, *, clean: bool = False) -> tuple[TranscriptPassage, ...]:
    """Cut a transcript into sentences, in order and complete.

    A clean transcript has no fillers, repetitions or restarts, nor the commas around them.
    """
    text, marks = assessment.transcript.text, marks_of(assessment, clean=clean)
    found = (
        TranscriptPassage(_pieces(text, marks, start, end, clean=clean), part, start_s)
        for part, start_s, start, end in _stretches(assessment)
    )
    return tuple(passage for passage in found if passage.text.strip())


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
    """Return all marks in order, those of repetitions and restarts only for a clean transcript."""
    spans = [Span(filler.start_char, filler.end_char, filler.kind) for filler in assessment.analysis.fillers]
    spans += [Span(r.start_char, r.end_char, "quantified_result") for r in assessment.analysis.quantified_results]
    if clean:
        spans += [Span(r.start_char, r.end_char, "taken_back") for r in assessment.analysis.repetitions]
    sure = sorted(span for span in spans if span.start < span.end)
    return sorted([*sure, *_unclear(assessment, sure)])


def _unclear(assessment: Assessment, marked: Sequence[Span]) -> Iterator[Span]:
    """Yield the unclear words; a run is cut at other marks and where a sentence begins."""
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
    """Drop words and the commas that only they needed; return where the text continues."""
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
    """Restore the capital of a sentence whose first word was left out."""
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


def spoken_blocks(assessment: Assessment) -> tuple[Block, ...]:
    """Cut a transcript into blocks, in order and complete but for white space between sentences."""
    spans = enumerate(word_spans(assessment.transcript))
    words = [Placed(start, end, index) for index, (start, end) in spans if start >= 0]
    marks = marks_of(assessment, clean=False)
    pauses = _pauses_before(assessment)
    lines = [
        (part, SpokenLine(start_s, _items(assessment.transcript.text, (start, end), words, marks, pauses)))
        for part, start_s, start, end in _stretches(assessment)
    ]
    spoken = [(part, line) for part, line in lines if line.text.strip()]
    return tuple(
        Block(part, tuple(line for _, line in group)) for part, group in groupby(spoken, key=lambda entry: entry[0])
    )


def _stretches(assessment: Assessment) -> Iterator[tuple[str | None, float | None, int, int]]:
    """Yield part, start and offsets of each sentence, and of the text between two of them."""
    structure, position = assessment.analysis.structure, 0
    for sentence in structure.sentences if structure else ():
        yield None, None, position, sentence.start_char
        yield sentence.part, sentence.start_s, sentence.start_char, sentence.end_char
        position = sentence.end_char
    yield None, None, position, len(assessment.transcript.text)


def _pauses_before(assessment: Assessment) -> dict[int, Pause]:
    """Return each pause by the number of the word after it."""
    words = assessment.transcript.words
    times = [(word.start_s, index) for index, word in enumerate(words) if word.start_s is not None]
    found: dict[int, Pause] = {}
    for pause in assessment.analysis.pauses or ():
        after = bisect_right(times, ((pause.start_s + pause.end_s) / 2, len(words)))
        if after < len(times):
            found[times[after][1]] = pause
    return found


def _items(
    text: str,
    stretch: tuple[int, int],
    words: Sequence[Placed],
    marks: Sequence[Span],
    pauses: dict[int, Pause],
) -> tuple[Run | Pause, ...]:
    """Return the runs of a stretch of text. A pause stands before the next word and splits a run in two."""
    start, end = stretch
    inside, marked = _inside(stretch, words), _inside(stretch, marks)
    cuts = {start, end, *(at for span in (*inside, *marked) for at in span[:2])}
    items: list[Run | Pause] = []
    for left, right in pairwise(sorted(cuts)):
        word, mark = _at(left, inside), _at(left, marked)
        if word is not None and word.number in pauses and left == word.start:
            items.append(pauses[word.number])
        if shown := printable(text[left:right]):
            _append(items, mark.mark if mark else None, Atom(shown, word.number if word else None))
    return tuple(items)


def _inside(stretch: tuple[int, int], spans: Sequence[S]) -> deque[S]:
    """Return the spans inside a stretch; ``spans`` are in the order of their starts."""
    first, last = (bisect_left(spans, at, key=lambda span: span.start) for at in stretch)
    return deque(span for span in spans[first:last] if span.end <= stretch[1])


def _at(char: int, spans: deque[S]) -> S | None:
    """Return the span that holds a character, and drop the spans before it: characters come in order."""
    while spans and spans[0].end <= char:
        spans.popleft()
    return spans[0] if spans and spans[0].start <= char else None


def _append(items: list[Run | Pause], mark: Mark | None, atom: Atom) -> None:
    """Add an atom to the last run, or begin a run if its mark differs."""
    last = items[-1] if items else None
    if isinstance(last, Run) and last.mark == mark:
        items[-1] = Run(mark, (*last.atoms, atom))
    else:
        items.append(Run(mark, (atom,)))
