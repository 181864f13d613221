"""A chain of labels over sentences: how likely each label is, given what speaks for it and what stands around it.

The forward-backward algorithm of a linear-chain conditional random field (Lafferty, McCallum and Pereira 2001).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]

FORBIDDEN: Final = -1e4
"""A score that no label can afford."""


@dataclass(frozen=True, slots=True)
class Transitions:
    """What it is worth to begin with a label, to go from one (row) to another (column), and to end with one."""

    start: Floats
    move: Floats
    end: Floats


def probabilities(scores: Floats, transitions: Transitions) -> Floats:
    """Return how likely each label is for each sentence, shape (sentences, labels); rows sum to 1.

    Args:
        scores: What speaks for each label of each sentence, same shape; at least one sentence.
        transitions: What neighbors say.
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
