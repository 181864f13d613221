"""Fits the weights of a part model: a linear-chain conditional random field, by Adam, with numpy alone.

In training the vectors of a variant are left out now and then, so that the model does not lean on them alone
(Srivastava et al. 2014): the stories' subjects are in the vectors, and new stories have other subjects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]

EPOCHS = 15
BATCH = 32
RATE = 0.03
SHRINK = 0.01
"""Of the weights of features."""
SHRINK_MOVES = 0.001
WITHOUT_VECTORS = 0.3


@dataclass
class Example:
    """One variant: features (sentences, features) and labels."""

    features: Floats
    labels: npt.NDArray[np.int_]


def fit(examples: Sequence[Example], labels: int, dimensions: int, seed: int) -> dict[str, Floats]:
    """Return weights, bias, start, move and end.

    Args:
        examples: What to learn.
        labels: How many there are.
        dimensions: How many features, from the first, are the vector.
        seed: Of the order and of what is left out.
    """
    draw = np.random.default_rng(seed)
    width = examples[0].features.shape[1]
    shapes: dict[str, tuple[int, ...]] = {"weights": (width, labels), "move": (labels, labels)}
    shapes |= dict.fromkeys(("bias", "start", "end"), (labels,))
    values = {name: np.zeros(shape) for name, shape in shapes.items()}
    shrink = {"weights": SHRINK, "bias": 0.0, "start": SHRINK_MOVES, "move": SHRINK_MOVES, "end": SHRINK_MOVES}
    adam = _Adam(values)
    for epoch in range(EPOCHS):
        order = draw.permutation(len(examples))
        for begin in range(0, len(order), BATCH):
            batch = [examples[index] for index in order[begin : begin + BATCH]]
            rows = np.concatenate([example.features for example in batch]).astype(np.float32)
            kept = draw.random(len(batch)) >= WITHOUT_VECTORS
            rows[:, :dimensions] *= np.repeat(kept, [len(e.labels) for e in batch])[:, None] / (1 - WITHOUT_VECTORS)
            slopes = _slopes(values, rows, batch)
            for name, slope in slopes.items():
                slope += shrink[name] * values[name]
            adam.step(slopes, RATE * (1 - epoch / EPOCHS) + 1e-4)
    return values


class _Adam:
    """Adam (Kingma and Ba 2015) with its usual constants."""

    def __init__(self, values: dict[str, Floats]) -> None:
        self._values = values
        self._mean = {name: np.zeros_like(value) for name, value in values.items()}
        self._square = {name: np.zeros_like(value) for name, value in values.items()}
        self._count = 0

    def step(self, slopes: dict[str, Floats], rate: float) -> None:
        self._count += 1
        for name, slope in slopes.items():
            self._mean[name] = 0.9 * self._mean[name] + 0.1 * slope
            self._square[name] = 0.999 * self._square[name] + 0.001 * slope**2
            mean = self._mean[name] / (1 - 0.9**self._count)
            square = self._square[name] / (1 - 0.999**self._count)
            self._values[name] -= rate * mean / (np.sqrt(square) + 1e-8)


def _slopes(values: dict[str, Floats], rows: Floats, batch: Sequence[Example]) -> dict[str, Floats]:
    """Return the gradient of the mean negative log-likelihood of a batch."""
    lengths = np.array([len(example.labels) for example in batch])
    longest, count = int(lengths.max()), len(values["bias"])
    inside = np.arange(longest) < lengths[:, None]
    scores = np.zeros((len(batch), longest, count))
    scores[inside] = rows @ values["weights"] + values["bias"]
    gold = np.zeros((len(batch), longest), int)
    gold[inside] = np.concatenate([example.labels for example in batch])
    likely, moves = _expected(scores, inside, values)
    error = likely
    error[inside, gold[inside]] -= 1
    np.subtract.at(moves, (gold[:, :-1][inside[:, 1:]], gold[:, 1:][inside[:, 1:]]), 1)
    lasts = error[np.arange(len(batch)), lengths - 1]
    slopes = {
        "weights": rows.T @ error[inside],
        "bias": error[inside].sum(axis=0),
        "start": error[:, 0].sum(axis=0),
        "move": moves,
        "end": lasts.sum(axis=0),
    }
    return {name: np.asarray(slope / len(batch), np.float64) for name, slope in slopes.items()}


def _expected(scores: Floats, inside: npt.NDArray[np.bool_], values: dict[str, Floats]) -> tuple[Floats, Floats]:
    """Return the probability of each label at each place, and the expected number of each move (forward-backward)."""
    start, move, end = values["start"], values["move"], values["end"]
    before, after = np.zeros_like(scores), np.zeros_like(scores)
    before[:, 0] = start + scores[:, 0]
    after[:, -1] = end
    last = scores.shape[1] - 1
    for place in range(1, last + 1):
        reached = _log_sum(before[:, place - 1, :, None] + move, axis=1) + scores[:, place]
        before[:, place] = np.where(inside[:, place, None], reached, before[:, place - 1])
    for place in range(last - 1, -1, -1):
        ahead = _log_sum(move + (scores[:, place + 1] + after[:, place + 1])[:, None, :], axis=2)
        after[:, place] = np.where(inside[:, place + 1, None], ahead, end)
    total = _log_sum(before[:, -1] + end, axis=1)
    likely = np.exp(before + after - total[:, None, None]) * inside[:, :, None]
    moves = np.zeros_like(move)
    for place in range(1, last + 1):
        ahead = scores[:, place] + after[:, place] - total[:, None]
        weight = np.exp(before[:, place - 1, :, None] + move + ahead[:, None, :])
        moves += (weight * inside[:, place, None, None]).sum(axis=0)
    return likely, moves


def _log_sum(values: Floats, axis: int) -> Floats:
    top = values.max(axis=axis, keepdims=True)
    return np.asarray(np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis))
