"""Vectors of words in their context: the reader's lowest two layers, computed with numpy from its file.

These layers are MiniLM's own and do not learn when the reader is trained (docs/reader.md), so what is built on them
holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final

import numpy as np

from voicemock.analysis.reader import verified_reader
from voicemock.analysis.vectors import MATRICES, Float32s, Layer, layer_of, norm_of, read_tensors
from voicemock.errors import WeightsError

LAYERS: Final = 2
WINDOWS_AT_ONCE: Final = 128
_EMBEDDINGS: Final = "encoder.embeddings."


class PieceVectors:
    """The layers. Threads may share them."""

    def __init__(self, tensors: dict[str, Any]) -> None:
        """Take the tensors of the reader's file by name.

        Raises:
            KeyError: It is another network.
        """
        self._words = tensors[f"{_EMBEDDINGS}word_embeddings.weight_quantized"]
        self._scale = tensors[f"{_EMBEDDINGS}word_embeddings.weight_scale"]
        self._zero = tensors[f"{_EMBEDDINGS}word_embeddings.weight_zero_point"].astype(np.float32)
        positions = _full(tensors, f"{_EMBEDDINGS}position_embeddings.weight")
        self._positions = positions + _full(tensors, f"{_EMBEDDINGS}token_type_embeddings.weight")[0]
        self._norm = norm_of(tensors, f"{_EMBEDDINGS}LayerNorm")
        self._layers = tuple(_layer(tensors, index) for index in range(LAYERS))

    def encode(self, windows: Sequence[Sequence[int]]) -> list[Float32s]:
        """Return the vectors of each window's pieces, shape (pieces, 384) each.

        Args:
            windows: Numbers of word pieces, the first and the last mark among them.
        """
        found: list[Float32s] = []
        for first in range(0, len(windows), WINDOWS_AT_ONCE):
            part = [np.asarray(window) for window in windows[first : first + WINDOWS_AT_ONCE]]
            bounds = np.cumsum([0, *map(len, part)])
            words = (self._words[np.concatenate(part)].astype(np.float32) - self._zero) * self._scale
            hidden = self._norm.run(words + self._positions[np.concatenate([np.arange(len(each)) for each in part])])
            for layer in self._layers:
                hidden = layer.run(hidden, bounds)
            found += [hidden[start:end] for start, end in pairwise(bounds)]
        return found


@cache
def load_piece_vectors() -> PieceVectors:
    """Return the layers of the reader that comes with the program, verified, read once a process.

    Raises:
        WeightsError: The reader is missing, damaged or of another form.
    """
    path = verified_reader()
    try:
        return PieceVectors(read_tensors(path))
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(f"{path} cannot be read: {error}. Install voicemock again.") from error


def _layer(tensors: dict[str, Any], index: int) -> Layer:
    names = [name.removesuffix("_quantized") for name in tensors if name.startswith("onnx::MatMul_")]
    names = [name for name in names if f"{name}_quantized" in tensors][MATRICES * index :][:MATRICES]
    return layer_of(tensors, f"encoder.encoder.layer.{index}.", [_full(tensors, name) for name in names])


def _full(tensors: dict[str, Any], name: str) -> Float32s:
    """Return an eight-bit tensor as the numbers it stands for."""
    centered = tensors[f"{name}_quantized"].astype(np.float32) - tensors[f"{name}_zero_point"].astype(np.float32)
    return np.asarray(centered * tensors[f"{name}_scale"])
