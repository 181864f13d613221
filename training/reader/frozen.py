"""The baseline: sentence vectors of MiniLM as it was published, and one linear head for each piece of evidence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from training.reader.examples import FIRST_PIECE, MASKED, SEPARATOR, Example, Tokenizer
from training.reader.network import Network
from training.reader.score import mean_scores
from voicemock.analysis.reader import bare

MOST_PIECES = 126
"""Of one sentence."""
PASSES, BATCH, RATE, DECAY = 40, 256, 2e-3, 0.3

Floats = npt.NDArray[np.float32]


def print_frozen_scores(
    network: Network, learned: Sequence[Example], unseen: Sequence[Example], tokenizer: Tokenizer
) -> None:
    """Print the mean average precision and F1 of linear heads on vectors that did not learn.

    Each sentence alone; with its neighbors and its place; with these and the question.
    """
    vectors = [[_vectors(network, each, tokenizer) for each in examples] for examples in (learned, unseen)]
    questions = [
        [_vector(network, bare(each.question), tokenizer) for each in examples] for examples in (learned, unseen)
    ]
    for title, with_neighbors, with_question in (
        ("each sentence alone", False, False),
        ("with its neighbors", True, False),
        ("with its neighbors and the question", True, True),
    ):
        seen, other = (
            [
                _features(mine, asked, with_neighbors=with_neighbors, with_question=with_question)
                for mine, asked in zip(*pair, strict=True)
            ]
            for pair in zip(vectors, questions, strict=True)
        )
        found = _heads(seen, [each.labels for each in learned], other)
        precision, f1, count = mean_scores(found, [each.labels for each in unseen])
        print(f"frozen vectors, {title}: mean AP {precision:.3f}, mean best F1 {f1:.3f}, over {count}", flush=True)


def _vectors(network: Network, example: Example, tokenizer: Tokenizer) -> Floats:
    return np.stack([_vector(network, line, tokenizer) for line in example.lines])


@torch.no_grad()
def _vector(network: Network, text: str, tokenizer: Tokenizer) -> Floats:
    """Return the mean state of the pieces of a sentence after the last layer, shape (384,)."""
    network.eval()
    pieces = torch.tensor([[FIRST_PIECE, *tokenizer(text)[:MOST_PIECES], SEPARATOR]])
    mask = torch.ones_like(pieces)
    states = network.read(network.through_lower_layers(pieces, mask), mask)
    mean: Floats = states[0].mean(dim=0).numpy()
    return mean


def _features(vectors: Floats, question: Floats, *, with_neighbors: bool, with_question: bool) -> Floats:
    columns = [vectors]
    if with_neighbors:
        nothing = np.zeros_like(vectors[:1])
        columns += [np.concatenate([nothing, vectors[:-1]]), np.concatenate([vectors[1:], nothing])]
        columns.append(np.linspace(0, 1, len(vectors), dtype=np.float32)[:, None])
    if with_question:
        columns.append(np.tile(question, (len(vectors), 1)))
    return np.concatenate(columns, axis=1)


def _heads(seen: Sequence[Floats], labels: Sequence[Floats], other: Sequence[Floats]) -> list[Floats]:
    """Return the logits of linear heads for other answers than those that they learned from."""
    torch.manual_seed(1)
    rows, truth = torch.from_numpy(np.concatenate(seen)), torch.from_numpy(np.concatenate(labels))
    known = (truth != MASKED).float()
    center, spread = rows.mean(dim=0), rows.std(dim=0) + 1e-5
    rows = (rows - center) / spread
    heads = nn.Linear(rows.shape[1], truth.shape[1])
    optimizer = torch.optim.AdamW(heads.parameters(), lr=RATE, weight_decay=DECAY)
    for _ in range(PASSES):
        for batch in torch.randperm(len(rows)).split(BATCH):
            loss = binary_cross_entropy_with_logits(heads(rows[batch]), truth[batch].clamp(min=0), weight=known[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return [_said(heads, (torch.from_numpy(each) - center) / spread) for each in other]


@torch.no_grad()
def _said(heads: nn.Linear, rows: Tensor) -> Floats:
    said: Floats = heads(rows).numpy()
    return said
