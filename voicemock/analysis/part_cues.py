"""Tells the parts of an answer by signs in the words, and weighs chains of labels over sentences.

Signs alone decide for a framework without a trained model, and where its weights are not installed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from voicemock.models import Framework

EVIDENCE: Final = (0.0, 1.0, 1.7, 2.2, 2.5)
"""Worth of 0, 1, 2 ... cues in one sentence: each further sign says less."""
ENTER: Final = 0.7
"""Cost of moving on to the next part: a change of subject needs about one clear sign."""
SKIP: Final = 0.9
"""More for each part that is passed over."""
RETURN: Final = 1.6
"""Cost of going back: people do tell the result first, but they say so."""
LATE_START: Final = 0.3
"""Cost for each part passed over before the first sentence."""
FIRST: Final = "<first>"
"""Marks the end of the sentence that opens the answer, so that a cue can ask for it."""
MAX_CUE_CHARS: Final = 1200
"""Cues are searched in this much of a sentence; 80 words are about 500 characters."""

Floats = npt.NDArray[np.floating[Any]]

FORBIDDEN: Final = -1e4
"""A score that no label can afford."""


def label_by_cues(texts: Sequence[str], nowhere: list[bool], framework: Framework) -> list[int | None]:
    """Return the index of the part that each sentence belongs to; ``texts`` are the words of ``spoken_words``."""
    first = next((index for index, skip in enumerate(nowhere) if not skip), None)
    marked = [f"{text} {FIRST}" if index == first else text for index, text in enumerate(texts)]
    return decode(evidence(marked, framework), nowhere)


def evidence(texts: Sequence[str], framework: Framework) -> list[list[float]]:
    """Return how strongly each sentence shows the signs of each part, shape (sentences, parts)."""
    cues = compiled(tuple(part.cues for part in framework.parts))
    ends = [text[-MAX_CUE_CHARS:] for text in texts]
    return [
        [EVIDENCE[min(sum(cue.search(text) is not None for cue in part), len(EVIDENCE) - 1)] for part in cues]
        for text in ends
    ]


def decode(scores: list[list[float]], nowhere: list[bool]) -> list[int | None]:
    """Return the part of each sentence that fits the signs best when parts come mostly in order.

    The best path through all sentences (Viterbi): signs are gained, moving between parts costs, and no part is
    required. A sentence of ``nowhere`` gets None and does not break the path around it.
    """
    kept = [index for index, skip in enumerate(nowhere) if not skip]
    labels: list[int | None] = [None] * len(scores)
    if not kept:
        return labels
    count = len(scores[0])
    best = [scores[kept[0]][part] - LATE_START * part for part in range(count)]
    sources: list[list[int]] = []
    for index in kept[1:]:
        moves = [_best_source(best, new) for new in range(count)]
        best = [best[old] - _cost(old, new) + scores[index][new] for new, old in enumerate(moves)]
        sources.append(moves)
    part = max(range(count), key=best.__getitem__)
    for index, moves in zip(reversed(kept), [*reversed(sources), []], strict=True):
        labels[index] = part
        part = moves[part] if moves else part
    return _supported(labels, scores)


def _best_source(best: list[float], new: int) -> int:
    return max(range(len(best)), key=lambda old: best[old] - _cost(old, new))


def _cost(old: int, new: int) -> float:
    if new == old:
        return 0.0
    return RETURN if new < old else ENTER + SKIP * (new - old - 1)


def _supported(labels: list[int | None], scores: list[list[float]]) -> list[int | None]:
    """Take the label from runs of sentences without a single sign of their part."""
    runs: list[list[int]] = []
    for index, label in enumerate(labels):
        if label is None:
            continue
        if runs and labels[runs[-1][-1]] == label:
            runs[-1].append(index)
        else:
            runs.append([index])
    checked = list(labels)
    for run in runs:
        part = labels[run[0]]
        if part is not None and max(scores[index][part] for index in run) == 0.0:
            for index in run:
                checked[index] = None
    return checked


@lru_cache(maxsize=8)
def compiled(cues: tuple[tuple[str, ...], ...]) -> tuple[tuple[re.Pattern[str], ...], ...]:
    """Return the patterns of each part."""
    return tuple(tuple(re.compile(cue) for cue in part) for part in cues)


@dataclass(frozen=True, slots=True)
class Transitions:
    """The worth of a label at the beginning, of one (row) before another (column), and of a label at the end."""

    start: Floats
    move: Floats
    end: Floats


def probabilities(scores: Floats, transitions: Transitions) -> Floats:
    """Return how likely each label is for each sentence, shape (sentences, labels); rows sum to 1.

    The forward-backward algorithm of a linear-chain conditional random field (Lafferty, McCallum and Pereira 2001).
    ``scores`` has the same shape, and at least one sentence.
    """
    before = [transitions.start + scores[0]]
    for row in scores[1:]:
        before.append(_log_sum(before[-1][:, None] + transitions.move, axis=0) + row)
    after = [transitions.end]
    for row in scores[:0:-1]:
        after.append(_log_sum(transitions.move + row + after[-1], axis=1))
    weights = np.array(before) + np.array(after[::-1])
    return np.asarray(np.exp(weights - _log_sum(weights, axis=1)[:, None]))


def _log_sum(values: Floats, axis: int) -> Floats:
    top = values.max(axis=axis, keepdims=True)
    return np.asarray(np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis))
