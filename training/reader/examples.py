"""From labeled answers to what the network learns from: windows of word pieces with the labels of their sentences."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from training.corpus import FORMAT_FRAMEWORKS, FORMATS, PARTS_OF_ANSWERS, SHARED, Answer, Labels, Names, judged_as
from voicemock.analysis.figures import has_number
from voicemock.analysis.reader import bare

WINDOW: Final = 384
"""Pieces of a window, the question included."""
QUESTION_PIECES: Final = 48
"""A longer question is cut off."""
FIRST_PIECE: Final = 101
SEPARATOR: Final = 102
MERGED_PIECES: Final = 55
"""About 45 words."""
MASKED: Final = -1.0
"""Nobody knows: not learned from."""
EVIDENCE_OF_PARTS: Final = {
    "situation": ("situation",),
    "task": ("task",),
    "result": ("result", "outcome_figure", "before_after"),
    "lesson": ("lesson",),
    "assess": ("assess", "data_used", "impact_sized"),
    "mitigate": ("mitigate", "re_scope"),
    "negotiate": ("negotiate",),
    "communicate": ("communicate",),
    "requirements": ("requirement",),
    "scale": ("scaling",),
    "failure": ("failure_handling",),
    "metrics": ("metric",),
    "trade_off": ("trade_off",),
    "cost": ("cost",),
    "operations": ("operations",),
    **{part.name: part.evidence for each in FORMAT_FRAMEWORKS for part in each.parts},
    "outcome": ("result", "outcome_figure", "before_after"),
}
"""An answer lacks the part when its sentences of this evidence are taken out."""
MOST_TAKEN: Final = 0.4
"""Share of the sentences that a part may have to be taken out."""


class Tokenizer(Protocol):
    """Cuts text into word pieces."""

    def __call__(self, text: str) -> list[int]:
        """Return the numbers of the pieces of a text, without any that mark its ends."""


@dataclass(frozen=True, slots=True)
class Example:
    """An answer as the network sees it.

    Attributes:
        name: Of the answer.
        question: What was asked; may be empty.
        lines: Its sentences.
        labels: For each line and each piece of evidence 1, 0 or ``MASKED``; shape (lines, evidence).
        verdicts: The same for what is said about the whole answer; shape (verdicts,).
    """

    name: str
    question: str
    lines: tuple[str, ...]
    labels: npt.NDArray[np.float32] = field(repr=False)
    verdicts: npt.NDArray[np.float32] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of an answer that goes through the network at once.

    Attributes:
        pieces: Question, separator, sentences, separator.
        spans: First piece of each sentence and the one after its last.
        begins: First piece of each sentence as it was written, also of those that are taken together.
        labels: Shape (sentences, evidence).
        first: Which sentence of the answer its first one is.
        is_whole: Whether it holds the whole answer.
        verdicts: On the whole answer.
    """

    pieces: list[int]
    spans: list[tuple[int, int]]
    begins: tuple[int, ...]
    labels: npt.NDArray[np.float32]
    first: int
    is_whole: bool
    verdicts: npt.NDArray[np.float32]


def verdict_names(names: Names) -> list[str]:
    """Return the names of what is said about whole answers: faults, strengths, and what is missing."""
    kinds = [*(each for each in PARTS_OF_ANSWERS if each not in FORMATS), SHARED]
    faults = sorted(f"{kind}:{fault}" for kind in kinds for fault in names.verdicts(kind))
    good = sorted({strength for framework in PARTS_OF_ANSWERS for strength in names.strengths(framework)})
    missing = [f"lacks:{part}" for parts in PARTS_OF_ANSWERS.values() for part in parts]
    return [*faults, *(f"good:{strength}" for strength in good), *missing]


def verdicts_of(answer: Answer, labels: Labels, verdicts: Sequence[str], names: Names) -> npt.NDArray[np.float32]:
    """Return 1, 0 or ``MASKED`` for each verdict; what does not fit the framework is masked."""
    row = np.full(len(verdicts), MASKED, np.float32)
    strengths = names.strengths(answer.framework)
    for column, verdict in enumerate(verdicts):
        kind, _, name = verdict.partition(":")
        if kind == "good" and name in strengths:
            row[column] = float(name in labels.strengths)
        elif kind == "lacks" and name in PARTS_OF_ANSWERS[answer.framework]:
            row[column] = MASKED if name in labels.doubtful else float(name in labels.missing)
        elif kind == judged_as(answer.framework):
            row[column] = float(name in labels.first | labels.also)
    return row


def example_of(
    answer: Answer, labels: Labels, evidence: Sequence[str], verdicts: Sequence[str], names: Names
) -> Example:
    """Return a labeled answer in numbers."""
    table = np.full((len(answer.lines), len(evidence)), MASKED, np.float32)
    asked = [(column, name) for column, name in enumerate(evidence) if answer.framework in names.asked_of[name]]
    for row, (yes, unsure) in enumerate(zip(labels.yes, labels.unsure, strict=True)):
        for column, name in asked:
            table[row, column] = MASKED if name in unsure else float(name in yes)
    judged = verdicts_of(answer, labels, verdicts, names)
    return Example(answer.name, answer.question, tuple(bare(line) for line in answer.lines), table, judged)


def without_a_part(
    example: Example, framework: str, evidence: Sequence[str], verdicts: Sequence[str], chance: random.Random
) -> Example | None:
    """Return the answer with one of its parts taken out, which it then lacks; None where none can be.

    Nothing else is said about the whole answer: the cut may have spoiled it.
    """
    parts = [part for part in PARTS_OF_ANSWERS[framework] if part in EVIDENCE_OF_PARTS]
    for part in chance.sample(parts, len(parts)):
        columns = [evidence.index(name) for name in EVIDENCE_OF_PARTS[part]]
        told = (example.labels[:, columns] != 0).any(axis=1)
        if (example.labels[:, columns[0]] == 1).any() and told.mean() <= MOST_TAKEN:
            judged = np.full(len(verdicts), MASKED, np.float32)
            judged[verdicts.index(f"lacks:{part}")] = 1
            kept = tuple(line for line, gone in zip(example.lines, told, strict=True) if not gone)
            return Example(f"{example.name} without {part}", example.question, kept, example.labels[~told], judged)
    return None


def with_a_number_behind(
    example: Example, evidence: Sequence[str], verdicts: Sequence[str], chance: random.Random
) -> Example | None:
    """Return a story that ends on a number of its background, so that a number there is not taken for its result.

    Nothing is said about the whole answer. None where no such number stands before its end.
    """
    outcome, situation = (example.labels[:, evidence.index(name)] for name in ("outcome_figure", "situation"))
    rows = [
        row
        for row, line in enumerate(example.lines[:-1])
        if outcome[row] == 0 and situation[row] == 1 and has_number(line)
    ]
    if not rows:
        return None
    moved = chance.choice(rows)
    order = [*(row for row in range(len(example.lines)) if row != moved), moved]
    judged = np.full(len(verdicts), MASKED, np.float32)
    lines = tuple(example.lines[row] for row in order)
    return Example(f"{example.name} ends on a number", example.question, lines, example.labels[order], judged)


def with_neighbors_merged(window: Window, chance: random.Random) -> Window:
    """Return the window, in half of all cases with some neighboring sentences taken for one, as a splitter errs."""
    if chance.random() < 0.5:
        return window
    spans: list[tuple[int, int]] = []
    rows: list[npt.NDArray[np.float32]] = []
    for (begin, end), row in zip(window.spans, window.labels, strict=True):
        if spans and end - spans[-1][0] < MERGED_PIECES and chance.random() < 0.15:
            spans[-1] = (spans[-1][0], end)
            rows[-1] = np.where(np.maximum(rows[-1], row) == 1, 1, np.minimum(rows[-1], row)).astype(np.float32)
        else:
            spans.append((begin, end))
            rows.append(row)
    return replace(window, spans=spans, labels=np.stack(rows))


def windows_of(example: Example, tokenizer: Tokenizer, overlap: int = 0) -> list[Window]:
    """Return the windows of an example: one where it fits.

    Args:
        example: What is cut.
        tokenizer: Cuts text into pieces.
        overlap: How many sentences of a window are seen again in the next.
    """
    head = [FIRST_PIECE, *tokenizer(bare(example.question))[:QUESTION_PIECES], SEPARATOR]
    room = WINDOW - len(head) - 1
    pieces = [tokenizer(line)[:room] or [SEPARATOR] for line in example.lines]
    windows: list[Window] = []
    begin = 0
    while begin < len(pieces):
        end, used = begin, 0
        while end < len(pieces) and used + len(pieces[end]) <= room:
            used += len(pieces[end])
            end += 1
        windows.append(_window(head, pieces, example, (begin, end)))
        if end == len(pieces):
            break
        begin = max(end - overlap, begin + 1)
    return windows


def _window(head: list[int], pieces: list[list[int]], example: Example, lines: tuple[int, int]) -> Window:
    begin, end = lines
    numbers, spans = list(head), []
    for each in pieces[begin:end]:
        spans.append((len(numbers), len(numbers) + len(each)))
        numbers += each
    is_whole = end - begin == len(pieces)
    begins = tuple(first for first, _ in spans)
    return Window([*numbers, SEPARATOR], spans, begins, example.labels[begin:end], begin, is_whole, example.verdicts)
