"""Learns which phrases are discourse markers: logistic regression on vectors of the words around."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from training.markers.examples import Example, all_examples
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.markers import Candidate, MarkerModel, surroundings
from voicemock.analysis.piece_vectors import load_piece_vectors
from voicemock.analysis.vectors import Float32s

SEED: Final = 7
PENALTY: Final = 3.0
"""Of the squared weights, beside the summed loss."""
SPREAD: Final = 0.2
"""The vectors are scaled to this standard deviation, so that single places count more than single dimensions."""
STEPS: Final = 100
NOTHING_SETS_OFF: Final = 0.5
"""Share of the examples whose commas and pauses are taken away: transcripts often have none."""


def train(to: Path | None) -> MarkerModel:
    """Learn from all examples and write the weights to a file, if one is given."""
    examples = all_examples(SEED)
    candidates = [without_commas(each.candidate) if row % 2 else each.candidate for row, each in enumerate(examples)]
    model = fit(candidates, examples, surroundings(candidates, load_piece_vectors()))
    if to is not None:
        np.savez(
            to,
            phrases=np.array(model.phrases),
            around=model.around,
            of_phrase=model.of_phrase,
            of_place=model.of_place,
            of_both=model.of_both,
        )
    return model


def without_commas(candidate: Candidate) -> Candidate:
    """Return a candidate as it stands where no comma or silence is written; ends and filled pauses stay."""
    begins, ends, _, _, _, is_beside_pause, _ = candidate.places
    off = begins or is_beside_pause, ends or is_beside_pause
    places = (begins, ends, *off, all(off), is_beside_pause, begins and off[1])
    return Candidate(candidate.tokens, candidate.phrase, candidate.before, candidate.after, places)


def fit(candidates: Sequence[Candidate], examples: Sequence[Example], around: Float32s) -> MarkerModel:
    """Return the weights that fit the examples best."""
    phrases = Lexicon.load().fillers.markers
    means, spread = around.mean(axis=0), around.std(axis=0) / SPREAD + 1e-4
    places = np.array([each.places for each in candidates], np.float32)
    named = np.eye(len(phrases), dtype=np.float32)[[phrases.index(each.phrase) for each in candidates]]
    both = (named[:, :, None] * places[:, None, :]).reshape(len(candidates), -1)
    rows = torch.from_numpy(np.concatenate([(around - means) / spread, named, places, both], axis=1).astype(np.float32))
    gold = torch.tensor([float(each.is_marker) for each in examples])
    weight = torch.tensor([each.weight for each in examples])
    learned = _fitted(rows, gold, weight).numpy()
    of_vectors, of_phrase, of_place, of_both = np.split(
        learned, np.cumsum([around.shape[1], len(phrases), places.shape[1]])
    )
    of_vectors = of_vectors / spread
    offset = of_phrase - of_vectors @ means  # every candidate is one phrase, so this is the constant of the sum
    return MarkerModel(
        tuple(phrases),
        *(each.astype(np.float32) for each in (of_vectors, offset, of_place, of_both.reshape(len(phrases), -1))),
    )


def _fitted(rows: torch.Tensor, gold: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    weights = torch.zeros(rows.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        of_examples = binary_cross_entropy_with_logits(rows @ weights, gold, weight=weight, reduction="sum")
        total: torch.Tensor = of_examples + PENALTY / 2 * weights.square().sum()
        total.backward()
        return total

    optimizer.step(loss)
    return weights.detach()
