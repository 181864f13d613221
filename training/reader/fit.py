"""Trains the reader."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.nn.utils import clip_grad_norm_
from torch.nn.utils.rnn import pad_sequence

from training.reader.examples import MASKED, Example, Tokenizer, Window, windows_of, with_neighbors_merged
from training.reader.network import Network, weigh

BATCH_PIECES = 3_000
ENCODER_RATE = 6e-4
HEAD_RATE = 6e-3
LAYER_DECAY = 0.8
"""The rate of each layer, as a share of the one above it."""
WARM_UP = 0.1
UNASKED = 0.15
"""Share of the answers that are read without their question."""
SCALE = 10.0
"""Of the losses, so that gradients are of a size that clipping at 1 rarely touches."""
BEGINS_WEIGHT = 1.0
VERDICTS_WEIGHT = 0.3
OVERLAP = 4
"""Sentences of a window that the next one sees again."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A window and the states of its pieces after the layers that do not learn."""

    window: Window
    states: Tensor


_BothWays = tuple[list[_Prepared], list[_Prepared]]
"""The windows of an answer with its question, and without."""


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
    prepared = _prepared(network, examples, tokenizer)
    steps = passes * len(_batches(prepared, chance))
    step, began = 0, time.monotonic()
    network.train()
    for number in range(passes):
        total, batches = 0.0, _batches(prepared, chance)
        for batch in batches:
            for group, rate in zip(optimizer.param_groups, base, strict=True):
                group["lr"] = rate * _rate(step / steps)
            optimizer.zero_grad()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = _loss(network, batch)
            loss.backward()
            clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            total += float(loss.detach())
            step += 1
        if log:
            minutes = (time.monotonic() - began) / 60
            print(f"pass {number + 1} of {passes}: loss {total / len(batches):.4f}, {minutes:.1f} min", flush=True)
    network.eval()


@torch.no_grad()
def _prepared(network: Network, examples: Sequence[Example], tokenizer: Tokenizer) -> list[_BothWays]:
    network.eval()
    found: list[_BothWays] = []
    for example in examples:
        ways = []
        for question in (example.question, ""):
            windows = windows_of(replace(example, question=question), tokenizer)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                states = [network.through_lower_layers(*padded([window]))[0].half() for window in windows]
            ways.append([_Prepared(*pair) for pair in zip(windows, states, strict=True)])
        found.append((ways[0], ways[1]))
    return found


def _rate(done: float) -> float:
    return min(done / WARM_UP, 1.0) * (0.5 + 0.5 * math.cos(math.pi * min(done, 1.0)))


def _groups(network: Network) -> list[dict[str, Any]]:
    layers = network.encoder.encoder.layer
    heads = (network.evidence, network.begins, network.verdicts)
    groups: list[dict[str, Any]] = [{"params": [p for head in heads for p in head.parameters()], "lr": HEAD_RATE}]
    for depth, layer in list(enumerate(layers))[network.fixed :]:
        rate = ENCODER_RATE * LAYER_DECAY ** (len(layers) - 1 - depth)
        groups.append({"params": list(layer.parameters()), "lr": rate})
    return groups


def _batches(prepared: Sequence[_BothWays], chance: random.Random) -> list[list[_Prepared]]:
    """Return all windows once, varied, those of a batch about equally long."""
    chosen = [each for asked, unasked in prepared for each in (unasked if chance.random() < UNASKED else asked)]
    varied = [_Prepared(with_neighbors_merged(each.window, chance), each.states) for each in chosen]
    chance.shuffle(varied)
    varied.sort(key=lambda each: len(each.window.pieces) // 48)
    batches: list[list[_Prepared]] = [[]]
    for each in varied:
        longest = max(len(one.window.pieces) for one in [*batches[-1], each])
        if batches[-1] and (len(batches[-1]) + 1) * longest > BATCH_PIECES:
            batches.append([])
        batches[-1].append(each)
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


def _loss(network: Network, batch: Sequence[_Prepared]) -> Tensor:
    windows = [each.window for each in batch]
    _, mask = padded(windows)
    states = pad_sequence([each.states for each in batch], batch_first=True).float()
    evidence, begins, spoken = network.through_upper_layers(states, mask)
    logits = _pooled(evidence, windows)
    labels = torch.from_numpy(np.concatenate([window.labels for window in windows]))
    return (
        _known_loss(logits, labels)
        + BEGINS_WEIGHT * _begins_loss(begins, windows)
        + VERDICTS_WEIGHT * _verdicts_loss(spoken, windows)
    )


def _pooled(evidence: Tensor, windows: Sequence[Window]) -> Tensor:
    """Return the mean over the pieces of each sentence, shape (sentences of all windows, evidence)."""
    sentences = sum(len(window.spans) for window in windows)
    weights = torch.zeros(sentences, evidence.shape[0] * evidence.shape[1])
    number = 0
    for row, window in enumerate(windows):
        for a, b in window.spans:
            weights[number, row * evidence.shape[1] + a : row * evidence.shape[1] + b] = 1 / (b - a)
            number += 1
    return weights @ evidence.float().flatten(0, 1)


def _known_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the loss over what is known; 0 where nothing is."""
    known = (labels != MASKED).float()
    losses = binary_cross_entropy_with_logits(logits.float(), labels.clamp(min=0), weight=known, reduction="sum")
    return losses / known.sum().clamp(min=1) * SCALE


def _begins_loss(begins: Tensor, windows: Sequence[Window]) -> Tensor:
    begins = begins.float()
    first = torch.zeros_like(begins)
    inside = torch.zeros_like(begins)
    for row, window in enumerate(windows):
        inside[row, window.spans[0][0] : window.spans[-1][1]] = 1
        first[row, list(window.begins)] = 1
    losses = binary_cross_entropy_with_logits(begins, first, weight=inside, reduction="sum")
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
        keep = min(OVERLAP // 2, len(window.spans) - 1) if window.first else 0
        for row, (a, b) in list(enumerate(window.spans))[keep:]:
            table[window.first + row] = evidence[0, a:b].mean(0).numpy()
        heard.append(spoken[0, window.spans[keep][0] : window.spans[-1][1]])
    return Read(table, weigh(torch.cat(heard)).numpy())
