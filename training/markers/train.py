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
PENALTY_SHARED: Final = 2.0
"""Of the squared weights that all phrases share, beside the summed loss."""
PENALTY_OWN: Final = 1.0
"""Of what a phrase adds to them for the vectors around it."""
SPREAD: Final = 0.2
"""The vectors are scaled to this standard deviation, so that single places count more than single dimensions."""
STEPS: Final = 60
COUNT_ONLY_SET_OFF: Final = frozenset({
    "right", "actually", "basically", "honestly", "literally", "obviously", "just", "kind of", "sort of"
})  # fmt: skip
"""Without its commas no example of these would be a marker any longer: docs/metrics.md."""


def train(to: Path | None) -> MarkerModel:
    """Learn from all examples and write the weights to a file, if one is given."""
    examples = all_examples(SEED)
    candidates = [without_commas(each.candidate) if row % 2 else each.candidate for row, each in enumerate(examples)]
    model = fit(candidates, examples, surroundings(candidates, load_piece_vectors()))
    if to is not None:
        np.savez_compressed(
            to,
            phrases=np.array(model.phrases),
            around=model.around.astype(np.float16),
            of_place=model.of_place,
            of_phrase=model.of_phrase,
        )
    return model


def without_commas(candidate: Candidate) -> Candidate:
    """Return a candidate as it stands where no comma or silence is written; ends and filled pauses stay."""
    if candidate.phrase in COUNT_ONLY_SET_OFF:
        return candidate
    begins, ends, _, _, _, is_beside_pause, _, *words_to_break = candidate.places
    off = begins or is_beside_pause, ends or is_beside_pause
    places = (begins, ends, *off, all(off), is_beside_pause, begins and off[1], *(False for _ in words_to_break))
    return Candidate(candidate.tokens, candidate.phrase, candidate.before, candidate.after, places)


def fit(candidates: Sequence[Candidate], examples: Sequence[Example], around: Float32s) -> MarkerModel:
    """Return the weights that fit the examples best."""
    phrases = Lexicon.load().fillers.markers
    means, spread = around.mean(axis=0), around.std(axis=0) / SPREAD + 1e-4
    rows = np.concatenate([(around - means) / spread, np.array([each.places for each in candidates])], axis=1)
    parts = [
        (torch.from_numpy(rows[of].astype(np.float32)), *_judged([examples[each] for each in of]))
        for of in ([row for row, each in enumerate(candidates) if each.phrase == phrase] for phrase in phrases)
    ]
    weights, offsets = _fitted(parts, around.shape[1])
    of_vectors, of_place = np.split(weights, [around.shape[1]], axis=1)
    of_vectors = of_vectors / spread
    learned = of_vectors, of_place, offsets - of_vectors @ means
    return MarkerModel(tuple(phrases), *(each.astype(np.float32) for each in learned))


def _judged(examples: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor([float(each.is_marker) for each in examples]), torch.tensor([each.weight for each in examples])


def _fitted(
    parts: Sequence[tuple[torch.Tensor, torch.Tensor, torch.Tensor]], of_vectors: int
) -> tuple[Float32s, Float32s]:
    """Return the weights, shape (phrases, columns), and the offset of each phrase.

    A phrase has what all share and what it adds, so that one with few examples is judged like the others.
    """
    columns = parts[0][0].shape[1]
    shared = torch.zeros(columns, requires_grad=True)
    own = torch.zeros(len(parts), columns, requires_grad=True)
    offsets = torch.zeros(len(parts), requires_grad=True)
    penalty = torch.full((columns,), PENALTY_SHARED)
    penalty[:of_vectors] = PENALTY_OWN
    optimizer = torch.optim.LBFGS([shared, own, offsets], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        total = PENALTY_SHARED / 2 * (shared.square().sum() + offsets.square().sum())
        total = total + (penalty * own.square()).sum() / 2
        for number, (rows, gold, weight) in enumerate(parts):
            odds = rows @ (shared + own[number]) + offsets[number]
            total = total + binary_cross_entropy_with_logits(odds, gold, weight=weight, reduction="sum")
        total.backward()
        return total

    optimizer.step(loss)
    return (shared + own).detach().numpy(), offsets.detach().numpy()
