"""The transcript as it was spoken: parts, sentences, words with their marks, and the pauses between them.

Every piece of text knows which word it belongs to, so that whoever shows it can follow the recording word by word.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple, TypeVar

from voicemock.models import Assessment, Pause, Transcript
from voicemock.report.passages import Mark, Span, marks_of, printable


@dataclass(frozen=True, slots=True)
class Atom:
    """Text that is neither cut by a word's end nor by a mark's.

    Attributes:
        text: Safe to print; never empty.
        word: Index into the transcript's words; None between words.
    """

    text: str
    word: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """Text that is shown in one way."""

    mark: Mark | None
    atoms: tuple[Atom, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(atom.text for atom in self.atoms)


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A sentence with the pauses in it and before it; ``start_s`` is None for a text."""

    start_s: float | None
    items: tuple[Run | Pause, ...]

    @property
    def text(self) -> str:
        """The words."""
        return "".join(item.text for item in self.items if isinstance(item, Run))


@dataclass(frozen=True, slots=True)
class Block:
    """Neighboring sentences of one part; ``part`` is None for those that belong to none."""

    part: str | None
    lines: tuple[SpokenLine, ...]


class Placed(NamedTuple):
    """Where a word stands in the text, end exclusive."""

    start: int
    end: int
    number: int
    """Index into the transcript's words."""


S = TypeVar("S", Placed, Span)


def spoken_blocks(assessment: Assessment) -> tuple[Block, ...]:
    """Cut a transcript into blocks, in order and complete; only white space between sentences is left out."""
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


def word_spans(transcript: Transcript) -> tuple[tuple[int, int], ...]:
    """Return where each word stands in the text, start and end (exclusive); a word that is not in it gets (-1, -1)."""
    spans, position = [], 0
    for word in transcript.words:
        start = transcript.text.find(word.text, position) if word.text else -1
        if start >= 0:
            position = start + len(word.text)
        spans.append((start, position) if start >= 0 else (-1, -1))
    return tuple(spans)


def _stretches(assessment: Assessment) -> Iterator[tuple[str | None, float | None, int, int]]:
    """Yield part, start and offsets of each sentence, and of what stands between two of them."""
    structure, position = assessment.analysis.structure, 0
    for sentence in structure.sentences if structure else ():
        yield None, None, position, sentence.start_char
        yield sentence.part, sentence.start_s, sentence.start_char, sentence.end_char
        position = sentence.end_char
    yield None, None, position, len(assessment.transcript.text)


def _pauses_before(assessment: Assessment) -> dict[int, Pause]:
    """Return the pauses by the word that follows them."""
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
    """Return the runs of a stretch of text; a pause stands before the word that follows it and parts a run in two."""
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
    """Return the spans that lie in a stretch, of those in the order of their starts."""
    first, last = (bisect_left(spans, at, key=lambda span: span.start) for at in stretch)
    return deque(span for span in spans[first:last] if span.end <= stretch[1])


def _at(char: int, spans: deque[S]) -> S | None:
    """Return the first span that holds a character, and drop those before it: characters come in order."""
    while spans and spans[0].end <= char:
        spans.popleft()
    return spans[0] if spans and spans[0].start <= char else None


def _append(items: list[Run | Pause], mark: Mark | None, atom: Atom) -> None:
    """Add an atom to the last run if that is shown in the same way."""
    last = items[-1] if items else None
    if isinstance(last, Run) and last.mark == mark:
        items[-1] = Run(mark, (*last.atoms, atom))
    else:
        items.append(Run(mark, (atom,)))
