"""Trains the model that finds the ends of sentences in speech without punctuation: logistic regression, numpy alone."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from training.stories import Story
from training.variants import running_words
from voicemock.analysis.sentences import signs_of

MIN_COUNT = 3
EPOCHS = 12
BATCH = 512
RATE = 0.02
SHRINK = 2e-5
COPIES = 2
"""Each story is read so often, with other joints and fillers between its sentences."""


def train_clauses(stories: Sequence[Story], seed: int) -> dict[str, Any]:
    """Return signs, their weights and the bias: together the log odds that a sentence ends at a place."""
    places = [place for story in stories for place in _places(story, seed)]
    counts = Counter(sign for signs, _ in places for sign in signs)
    known = {sign: index for index, sign in enumerate(sorted(s for s, count in counts.items() if count >= MIN_COUNT))}
    width = len(signs_of(["a", "b"], 1))
    rows = np.full((len(places), width), len(known))
    for row, (signs, _) in zip(rows, places, strict=True):
        row[:] = [known.get(sign, len(known)) for sign in signs]
    weights, bias = _fit(rows, np.array([ends for _, ends in places], float), len(known), seed)
    return {
        "signs": np.array(list(known)), "weights": weights.astype(np.float16), "bias": np.float32(bias)
    }  # fmt: skip


def _places(story: Story, seed: int) -> list[tuple[list[str], bool]]:
    draw = random.Random(f"{story.style} {story.title} {seed}")  # noqa: S311
    places = []
    for _ in range(COPIES):
        pieces = [words for _, words in running_words(story.sentences, draw)]
        words = [word for piece in pieces for word in piece]
        starts = set(np.cumsum([len(piece) for piece in pieces]).tolist())
        places += [(signs_of(words, place), place in starts) for place in range(1, len(words))]
    return places


def _fit(rows: Any, ends: Any, count: int, seed: int) -> tuple[Any, float]:
    """Return weights and bias by Adam; the last weight, of all unknown signs, stays zero."""
    draw = np.random.default_rng(seed)
    weights = np.zeros(count + 1)
    bias = np.array([-2.5])
    mean, square, step = np.zeros(count + 2), np.zeros(count + 2), 0
    for epoch in range(EPOCHS):
        order = draw.permutation(len(rows))
        rate = RATE * (1 - epoch / EPOCHS) + 1e-4
        for begin in range(0, len(order), BATCH):
            batch = order[begin : begin + BATCH]
            error = 1 / (1 + np.exp(-(weights[rows[batch]].sum(axis=1) + bias))) - ends[batch]
            slope = np.append(SHRINK * weights, error.mean())
            np.add.at(slope, rows[batch], error[:, None] / len(batch))
            step += 1
            mean = 0.9 * mean + 0.1 * slope
            square = 0.999 * square + 0.001 * slope**2
            move = rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
            weights -= move[:-1]
            bias -= move[-1]
            weights[-1] = 0.0
    return weights[:-1], float(bias[0])
