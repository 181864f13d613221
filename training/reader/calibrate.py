"""Turns logits into probabilities, and finds from where on they are sure; on answers that the network never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import numpy.typing as npt

from training.reader.examples import MASKED
from voicemock.analysis.reader import Scale

SURE = 0.92
"""Share of the sure answers that are right."""
FEWEST = 8
"""Answers that a limit rests on at least."""
STEPS = 200
NEVER_THERE, NEVER_ABSENT = 1.0, 0.0
"""Limits that nothing reaches: there is too little to tell."""

Floats = npt.NDArray[np.float32]


def scales(logits: Sequence[Floats], labels: Sequence[Floats], names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return the fields of a ``Scale`` for each piece of evidence.

    Args:
        logits: Of each answer, shape (lines, evidence).
        labels: 1, 0 or ``MASKED``; same shapes.
        names: Of the evidence.
    """
    found = {}
    for column, name in enumerate(names):
        mine = [answer[:, column] for answer in logits]
        true = [answer[:, column] for answer in labels]
        slope, offset = _platt(np.concatenate(mine), np.concatenate(true))
        likeliest = [float(_logistic(slope * each + offset).max()) for each in mine]
        there_from, absent_to = limits(likeliest, [_there(each) for each in true])
        found[name] = asdict(Scale(slope, offset, there_from, absent_to))
    return found


def _there(labels: Floats) -> bool | None:
    """Return whether an answer holds it; None where labelers may disagree."""
    if (labels == 1).any():
        return True
    return None if (labels == MASKED).any() else False


def limits(likeliest: Sequence[float], there: Sequence[bool | None]) -> tuple[float, float]:
    """Return from which probability on it is surely there, and up to which it is surely not."""
    known = sorted((each, truth) for each, truth in zip(likeliest, there, strict=True) if truth is not None)
    there_from, absent_to = NEVER_THERE, NEVER_ABSENT
    right = 0
    for count, (probability, truth) in enumerate(reversed(known), 1):
        right += truth
        if count >= FEWEST and right / count >= SURE:
            there_from = probability
    right = 0
    for count, (probability, truth) in enumerate(known, 1):
        right += not truth
        if count >= FEWEST and right / count >= SURE:
            absent_to = probability
    return (
        (there_from, absent_to) if absent_to < there_from else (max(there_from, absent_to), min(there_from, absent_to))
    )


def _platt(logits: Floats, labels: Floats) -> tuple[float, float]:
    """Return slope and offset (Platt 1999) by Newton's method, drawn a little towards 1 and 0."""
    known = labels != MASKED
    x, y = logits[known].astype(np.float64), labels[known].astype(np.float64)
    slope, offset = 1.0, 0.0
    for _ in range(STEPS):
        p = _logistic(slope * x + offset)
        weight = p * (1 - p)
        gradient = np.array([((p - y) * x).sum() + (slope - 1), (p - y).sum() + 0.1 * offset])
        cross = (weight * x).sum()
        curve = np.array([[(weight * x * x).sum() + 1, cross], [cross, weight.sum() + 0.1]])
        step = np.linalg.solve(curve, gradient)
        slope, offset = slope - step[0], offset - step[1]
        if np.abs(step).max() < 1e-6:
            break
    return float(slope), float(offset)


def _logistic(x: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    return 1 / (1 + np.exp(-x))
