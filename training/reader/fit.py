"""Trains the reader."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from training.reader.examples import MASKED, Example, Tokenizer, Window, varied, windows_of
from training.reader.network import Network, weigh

BATCH_PIECES = 3_000
ENCODER_RATE = 2e-4
HEAD_RATE = 2e-3
LAYER_DECAY = 0.85
"""The rate of each layer, as a share of the one above it."""
WARM_UP = 0.1
SCALE = 10.0
"""Of the losses, so that gradients are of a size that clipping at 1 rarely touches."""
BEGINS_WEIGHT = 0.3
VERDICTS_WEIGHT = 0.3
OVERLAP = 4
"""Sentences of a window that the next one sees again."""


def fit(
    network: Network, examples: Sequence[Example], tokenizer: Tokenizer, *, passes: int, seed: int, log: bool = True
) -> None:
    """Train a network in place.

    Args:
        network: What learns.
        examples: What it learns from.
        tokenizer: Cuts text into pieces.
        passes: How often it sees each example, varied every time.
        seed: The same seed gives the same weights on the same machine.
        log: Print a line after each pass.
    """
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311 - repeatable, and nothing secret
    optimizer = torch.optim.AdamW(_groups(network), weight_decay=0.01)
    base = [group["lr"] for group in optimizer.param_groups]
    steps, step, began = None, 0, time.monotonic()
    network.train()
    for number in range(passes):
        batches = _batches(examples, tokenizer, chance)
        steps = steps or len(batches) * passes
        total = 0.0
        for batch in batches:
            factor = _rate(step / steps)
            for group, rate in zip(optimizer.param_groups, base, strict=True):
                group["lr"] = rate * factor
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = _loss(network, batch)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            total += float(loss.detach())
            step += 1
        if log:
            minutes = (time.monotonic() - began) / 60
            print(f"pass {number + 1} of {passes}: loss {total / len(batches):.4f}, {minutes:.1f} min", flush=True)
    network.eval()


def _rate(done: float) -> float:
    return min(done / WARM_UP, 1.0) * (0.5 + 0.5 * math.cos(math.pi * min(done, 1.0)))


def _groups(network: Network) -> list[dict[str, object]]:
    layers = network.encoder.encoder.layer
    groups: list[dict[str, object]] = [
        {"params": [*network.evidence.parameters(), *network.begins.parameters()], "lr": HEAD_RATE}
    ]
    for depth, layer in enumerate(layers):
        groups.append(
            {"params": list(layer.parameters()), "lr": ENCODER_RATE * LAYER_DECAY ** (len(layers) - 1 - depth)}
        )
    groups.append(
        {"params": list(network.encoder.embeddings.parameters()), "lr": ENCODER_RATE * LAYER_DECAY ** len(layers)}
    )
    return groups


def _batches(examples: Sequence[Example], tokenizer: Tokenizer, chance: random.Random) -> list[list[Window]]:
    windows = [window for example in examples for window in windows_of(varied(example, chance), tokenizer)]
    chance.shuffle(windows)
    windows.sort(key=lambda window: len(window.pieces) // 48)
    batches: list[list[Window]] = [[]]
    for window in windows:
        if batches[-1] and (len(batches[-1]) + 1) * max(len(w.pieces) for w in [*batches[-1], window]) > BATCH_PIECES:
            batches.append([])
        batches[-1].append(window)
    chance.shuffle(batches)
    return batches


def padded(windows: Sequence[Window]) -> tuple[Tensor, Tensor]:
    """Return pieces and mask of windows, shapes (windows, longest)."""
    longest = max(len(window.pieces) for window in windows)
    pieces = torch.zeros(len(windows), longest, dtype=torch.long)
    mask = torch.zeros(len(windows), longest, dtype=torch.long)
    for row, window in enumerate(windows):
        pieces[row, : len(window.pieces)] = torch.tensor(window.pieces)
        mask[row, : len(window.pieces)] = 1
    return pieces, mask


def _loss(network: Network, windows: Sequence[Window]) -> Tensor:
    pieces, mask = padded(windows)
    evidence, begins, spoken = network(pieces, mask)
    logits = torch.stack([evidence[row, a:b].mean(0) for row, window in enumerate(windows) for a, b in window.spans])
    labels = torch.from_numpy(np.concatenate([window.labels for window in windows]))
    return (
        _known_loss(logits, labels)
        + BEGINS_WEIGHT * _begins_loss(begins, windows)
        + VERDICTS_WEIGHT * _verdicts_loss(spoken, windows)
    )


def _known_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the loss over what is known; 0 where nothing is."""
    known = (labels != MASKED).float()
    losses = binary_cross_entropy_with_logits(logits.float(), labels.clamp(min=0), weight=known, reduction="sum")
    return losses / known.sum().clamp(min=1) * SCALE


def _begins_loss(begins: Tensor, windows: Sequence[Window]) -> Tensor:
    first = torch.zeros_like(begins, dtype=torch.float32)
    inside = torch.zeros_like(first)
    for row, window in enumerate(windows):
        inside[row, window.spans[0][0] : window.spans[-1][1]] = 1
        for a, _ in window.spans:
            first[row, a] = 1
    losses = binary_cross_entropy_with_logits(begins.float(), first, weight=inside, reduction="sum")
    return losses / inside.sum() * SCALE


def _verdicts_loss(spoken: Tensor, windows: Sequence[Window]) -> Tensor:
    """Return the loss of the verdicts on answers that fit into one window."""
    whole = [(row, window) for row, window in enumerate(windows) if window.is_whole]
    if not whole:
        return torch.zeros(())
    logits = torch.stack([weigh(spoken[row, window.spans[0][0] : window.spans[-1][1]]) for row, window in whole])
    return _known_loss(logits, torch.from_numpy(np.stack([window.verdicts for _, window in whole])))


@dataclass(frozen=True, slots=True)
class Read:
    """What the network says of one answer.

    Attributes:
        evidence: Logits of each sentence, shape (lines, evidence).
        verdicts: Logits for the whole answer, shape (verdicts,).
    """

    evidence: npt.NDArray[np.float32]
    verdicts: npt.NDArray[np.float32]


@torch.no_grad()
def read(network: Network, example: Example, tokenizer: Tokenizer) -> Read:
    """Return what a trained network says. Where windows overlap, the later one knows more of what follows."""
    network.eval()
    table = np.zeros((len(example.lines), network.evidence.out_features), np.float32)
    heard: list[Tensor] = []
    for window in windows_of(example, tokenizer, OVERLAP):
        pieces, mask = padded([window])
        evidence, _, spoken = network(pieces, mask)
        keep = OVERLAP // 2 if window.first else 0
        for row, (a, b) in list(enumerate(window.spans))[keep:]:
            table[window.first + row] = evidence[0, a:b].mean(0).numpy()
        heard.append(spoken[0, window.spans[keep if keep < len(window.spans) else 0][0] : window.spans[-1][1]])
    return Read(table, weigh(torch.cat(heard)).numpy())


def save(network: Network, path: Path) -> None:
    """Write the weights for a later export."""
    torch.save(network.state_dict(), path)
