"""Turns logits into probabilities, and finds from where on they are sure; on answers that the network never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import numpy.typing as npt

from training.reader.examples import MASKED
from voicemock.analysis.evidence import LACKS
from voicemock.analysis.reader import Scale

SURE = 0.92
"""Share of the sure answers that are right."""
FEWEST = 8
"""Answers that a limit rests on at least."""
STEPS = 100
TINY = 1e-7
THERE_FROM, ABSENT_TO = 0.9, 0.05
"""The limits where there are too few answers to measure them."""
LEAST_THERE, MOST_ABSENT = 0.6, 0.3
"""No limit is laxer, however rare or common the evidence is: where a question asks for it, it is neither."""
LEAST_LACKING = 0.8
"""The same for what an answer lacks: a false "you did not say" costs more trust than a true one is worth."""

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
        least = LEAST_LACKING if name.startswith(LACKS) else LEAST_THERE
        found[name] = asdict(Scale(slope, offset, max(there_from, least), absent_to))
    return found


def _there(labels: Floats) -> bool | None:
    """Return whether an answer holds it; None where labelers may disagree."""
    if (labels == 1).any():
        return True
    return None if (labels == MASKED).any() else False


def limits(likeliest: Sequence[float], there: Sequence[bool | None]) -> tuple[float, float]:
    """Return from which probability on it is surely there, and up to which it is surely not.

    Args:
        likeliest: Of each answer the probability of its likeliest sentence.
        there: Whether the answer holds it; None where nobody can tell.
    """
    known = sorted((each, truth) for each, truth in zip(likeliest, there, strict=True) if truth is not None)
    there_from = _limit([(each, truth) for each, truth in reversed(known)], THERE_FROM)
    absent_to = _limit([(each, not truth) for each, truth in known], ABSENT_TO)
    return there_from, min(absent_to, MOST_ABSENT)


def _limit(known: Sequence[tuple[float, bool]], otherwise: float) -> float:
    """Return the farthest probability up to which enough are right; ``otherwise`` where that cannot be measured."""
    limit, right = otherwise, 0
    for count, (probability, truth) in enumerate(known, 1):
        right += truth
        if count >= FEWEST and right / count >= SURE:
            limit = probability
    return limit


def _platt(logits: Floats, labels: Floats) -> tuple[float, float]:
    """Return slope and offset (Platt 1999) by Newton's method, drawn a little towards 1 and 0."""
    known = labels != MASKED
    x, y = logits[known].astype(np.float64), labels[known].astype(np.float64)
    found = np.array([1.0, 0.0])
    for _ in range(STEPS):
        p = _logistic(found[0] * x + found[1])
        weight = p * (1 - p)
        gradient = np.array([((p - y) * x).sum() + found[0] - 1, (p - y).sum() + found[1]])
        cross = (weight * x).sum()
        curve = np.array([[(weight * x * x).sum() + 1, cross], [cross, weight.sum() + 1]])
        step = np.linalg.solve(curve, gradient)
        while _cost(found - step, x, y) > _cost(found, x, y) and np.abs(step).max() > TINY:
            step /= 2
        found = found - step
        if np.abs(step).max() <= TINY:
            break
    return float(found[0]), float(found[1])


def _cost(found: npt.NDArray[np.float64], x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> float:
    scaled = found[0] * x + found[1]
    return float((np.logaddexp(0, scaled) - y * scaled).sum() + ((found[0] - 1) ** 2 + found[1] ** 2) / 2)


def _logistic(x: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    return np.exp(-np.logaddexp(0, -x))
