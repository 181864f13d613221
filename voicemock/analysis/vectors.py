"""Sentence vectors: the first layers of MiniLM-L6-v2, computed with numpy from the weights in its ONNX file.

The sentences of an answer go through the network together without padding, which onnxruntime cannot do with this file;
on two cores that takes a third of its time, and only the weights have to be loaded.
"""

from __future__ import annotations

import hashlib
import mmap
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from voicemock.content.yaml_files import prompts_folder
from voicemock.errors import WeightsError
from voicemock.packaged import MINILM
from voicemock.weights import ready_model

Tensor = npt.NDArray[Any]

# Fields of onnx.proto3: the graph of a model, its initializers, and of each the dimensions, type, name and raw bytes.
_GRAPH: Final = 7
_INITIALIZER: Final = 5
_DIMENSIONS: Final = 1
_TYPE: Final = 2
_FLOATS: Final = 4
_INTEGERS: Final = 5
_NAME: Final = 8
_RAW_BYTES: Final = 9
_TYPES: Final = {1: np.float32, 2: np.uint8, 3: np.int8}
_FIXED_BYTES: Final = {1: 8, 5: 4}

Float32s = npt.NDArray[np.float32]

LAYERS: Final = 3
"""Of six: later layers say more about the subject than about the kind of sentence, and cost as much."""
ALL_LAYERS: Final = 6
"""The subject of a sentence shows after the last one; only ``encode_subjects`` goes this far."""
DIMENSIONS: Final = 384
HEADS: Final = 12
MAX_PIECES: Final = 128
"""A longer sentence is cut off; 80 words are about 100 pieces."""

KEPT_SENTENCES: Final = 500
"""An answer of ten minutes has about 150 sentences. Analyzed a second time, it costs a quarter."""

VOCABULARY_SHA256: Final = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
"""Of ``prompts/reader/vocabulary.txt``: other numbers for its pieces would make nonsense of the vectors."""

SENTENCES_AT_ONCE: Final = 128
"""Few answers have more sentences. 128 of maximum length need 0.4 GB."""

_FIRST, _LAST, _UNKNOWN = 101, 102, 100
_PIECES: Final = re.compile(r"\w+|[^\w\s]")
_MAX_WORD_CHARS: Final = 100
_EPSILON: Final = 1e-12
MATRICES: Final = 6
"""Of a layer."""


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Return the float32 and eight-bit tensors of an ONNX file by name, the large ones as views of its bytes.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no ONNX file, or a tensor is not as large as it says.
    """
    try:
        with path.open("rb") as file:  # mapped: tensors that no layer needs are never in memory
            model = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        graphs = [value for field, value in _fields(model) if field == _GRAPH]
        tensors = (_tensor(value) for graph in graphs for field, value in _fields(graph) if field == _INITIALIZER)
        return {name: values for name, values in tensors if values is not None}
    except (IndexError, TypeError) as error:
        raise ValueError(f"{path} is no ONNX file") from error


def _tensor(message: memoryview) -> tuple[str, Tensor | None]:
    dimensions: list[int] = []
    name, kind, raw = "", 0, None
    for field, value in _fields(message):
        if field == _DIMENSIONS:
            dimensions += [value] if isinstance(value, int) else _packed(value)
        elif field == _TYPE:
            kind = value
        elif field == _NAME:
            name = bytes(value).decode()
        elif field in (_RAW_BYTES, _FLOATS):
            raw = value
        elif field == _INTEGERS:
            raw = bytes(number & 0xFF for number in ([value] if isinstance(value, int) else _packed(value)))
    if raw is None or kind not in _TYPES:
        return name, None
    return name, np.frombuffer(raw, _TYPES[kind]).reshape(dimensions)


def _fields(message: memoryview) -> Iterator[tuple[int, Any]]:
    """Yield each field's number with its value: an integer, or the bytes of a string, message or fixed number."""
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        kind = key & 7
        if kind == 0:
            value, place = _varint(message, place)
            yield key >> 3, value
            continue
        if kind == 2:
            size, place = _varint(message, place)
        else:
            size = _FIXED_BYTES.get(kind, len(message) + 1)
        if place + size > len(message):
            raise ValueError("a field reaches beyond the end")
        yield key >> 3, message[place : place + size]
        place += size


def _packed(message: memoryview) -> list[int]:
    values, place = [], 0
    while place < len(message):
        value, place = _varint(message, place)
        values.append(value)
    return values


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7


def load_vectors(cache_dir: Path) -> SentenceVectors:
    """Return MiniLM, verified and warmed up, so that the first answer does not wait for it.

    The weights are verified each time and read once a process; vectors of sentences are not shared.

    Raises:
        WeightsError: It is not installed or damaged.
    """
    try:
        path = ready_model(MINILM, cache_dir) / MINILM.files[0].name
        vectors = SentenceVectors(_read_weights(path, path.stat().st_mtime_ns))
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(f"{MINILM.title} cannot be read: {error}") from error
    vectors.encode(["ready"])
    return vectors


@cache
def _read_weights(path: Path, _changed_ns: int) -> _Weights:
    return _Weights.read(path)


class SentenceVectors:
    """Turns sentences into vectors; the same sentence always gives the same vector, whatever stands beside it."""

    def __init__(self, weights: _Weights) -> None:
        self._weights = weights
        self._known: dict[str, Float32s | None] = {}
        self._subjects: dict[str, Float32s] = {}
        self._halfway: dict[str, Float32s] = {}

    def encode(self, sentences: Sequence[str]) -> Float32s:
        """Return a vector for each sentence, shape (sentences, 384): the mean over its word pieces.

        Sentences are in lower case, accents as they are.
        """
        found = {sentence: self._known.get(sentence) for sentence in sentences}
        if new := [sentence for sentence, vector in found.items() if vector is None]:
            found.update(zip(new, self._computed(new), strict=True))
        older = [(sentence, vector) for sentence, vector in self._known.items() if sentence not in found]
        self._known = dict([*older, *found.items()][-KEPT_SENTENCES:])  # replaced whole: threads share it
        return np.array([found[sentence] for sentence in sentences], np.float32).reshape(-1, DIMENSIONS)

    def encode_subjects(self, sentences: Sequence[str]) -> Float32s:
        """Return a vector of length 1 for the subject of each sentence, shape (sentences, 384).

        The product of two is the nearness of two sentences: 1 is the same, 0 nothing in common. Sentences that were
        encoded just before cost half.
        """
        found = {sentence: self._subjects[sentence] for sentence in sentences if sentence in self._subjects}
        if new := [sentence for sentence in dict.fromkeys(sentences) if sentence not in found]:
            found.update(zip(new, self._computed_subjects(new), strict=True))
        older = [(sentence, vector) for sentence, vector in self._subjects.items() if sentence not in found]
        self._subjects = dict([*older, *found.items()][-KEPT_SENTENCES:])
        return np.array([found[sentence] for sentence in sentences], np.float32).reshape(-1, DIMENSIONS)

    def _computed_subjects(self, sentences: Sequence[str]) -> Float32s:
        halfway = self._halfway
        if new := [sentence for sentence in sentences if sentence not in halfway]:
            halfway = halfway | self._through_first_layers(new)
        rows = [halfway[sentence] for sentence in sentences]
        bounds = np.cumsum([0, *map(len, rows)])
        hidden = np.concatenate(rows)
        for layer in self._weights.upper_layers:
            hidden = layer.run(hidden, bounds)
        means = _means(hidden, bounds)
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)

    def _computed(self, sentences: Sequence[str]) -> Float32s:
        """Go through the network in batches, so that memory does not grow with the answer."""
        vectors = []
        for first in range(0, len(sentences), SENTENCES_AT_ONCE):
            halfway = self._through_first_layers(sentences[first : first + SENTENCES_AT_ONCE])
            vectors += [hidden.mean(axis=0) for hidden in halfway.values()]
            self._halfway = halfway  # of the last ones only: a megabyte
        return np.array(vectors, np.float32)

    def _through_first_layers(self, sentences: Sequence[str]) -> dict[str, Float32s]:
        """Return the values of each sentence's pieces after the first layers; no sentence is given twice."""
        pieces = [_piece_ids(sentence) for sentence in sentences]
        bounds = np.cumsum([0, *map(len, pieces)])
        hidden = self._weights.embed(np.concatenate(pieces), np.concatenate([np.arange(len(ids)) for ids in pieces]))
        for layer in self._weights.layers:
            hidden = layer.run(hidden, bounds)
        return {sentence: hidden[start:end] for sentence, (start, end) in zip(sentences, pairwise(bounds), strict=True)}


def _means(hidden: Float32s, bounds: npt.NDArray[np.int_]) -> Float32s:
    counts = np.diff(bounds)[:, None].astype(np.float32)
    return np.asarray(np.add.reduceat(hidden, bounds[:-1], axis=0) / counts, np.float32)


@dataclass(frozen=True)
class Normalization:
    """Each row brought to mean 0 and variance 1, then to what was learned."""

    gain: Float32s
    shift: Float32s

    def run(self, values: Float32s) -> Float32s:
        """Return the normalized rows."""
        centered = values - values.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", centered, centered) / values.shape[1]
        return np.asarray(centered / np.sqrt(variance + _EPSILON)[:, None] * self.gain + self.shift)


@dataclass(frozen=True)
class Linear:
    """A matrix and an offset."""

    weight: Float32s
    bias: Float32s

    def run(self, values: Float32s) -> Float32s:
        """Return the product and the offset."""
        return np.asarray(values @ self.weight + self.bias)


@dataclass(frozen=True)
class Layer:
    """One transformer layer (Devlin et al. 2019)."""

    query_key_value: Linear
    attention_out: Linear
    attention_norm: Normalization
    widen: Linear
    narrow: Linear
    output_norm: Normalization

    def run(self, hidden: Float32s, bounds: npt.NDArray[np.int_]) -> Float32s:
        """Return the next layer's values of all pieces; sentence i is the rows ``bounds[i]:bounds[i + 1]``."""
        projected = self.query_key_value.run(hidden)
        mixed = np.empty_like(hidden)
        for start, end in pairwise(bounds):
            mixed[start:end] = _attend(projected[start:end])
        hidden = self.attention_norm.run(self.attention_out.run(mixed) + hidden)
        return self.output_norm.run(self.narrow.run(_gelu(self.widen.run(hidden))) + hidden)


def _attend(projected: Float32s) -> Float32s:
    """Return the attention output of the pieces of one sentence, shape (pieces, 384)."""
    count = len(projected)
    size = DIMENSIONS // HEADS
    query, key, value = projected.reshape(count, 3, HEADS, size).transpose(1, 2, 0, 3)
    weights = query @ key.transpose(0, 2, 1) * size**-0.5
    weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return np.asarray((weights @ value).transpose(1, 0, 2).reshape(count, DIMENSIONS))


def _gelu(values: Float32s) -> Float32s:
    """Return the Gaussian error linear unit by its usual tanh approximation (Hendrycks and Gimpel 2016)."""
    inner = values * values
    inner *= 0.044715
    inner += 1
    inner *= values
    inner *= np.float32(np.sqrt(2 / np.pi))
    np.tanh(inner, out=inner)
    inner += 1
    inner *= values
    inner *= 0.5
    return inner


@dataclass(frozen=True)
class _Weights:
    words: npt.NDArray[np.int8]
    word_scales: Float32s
    positions: Float32s
    norm: Normalization
    tensors: dict[str, Any]
    """Of the whole file, as views: unread tensors take no memory."""
    layers: tuple[Layer, ...]

    @cached_property
    def upper_layers(self) -> tuple[Layer, ...]:
        """The layers behind the first ones, read when they are first needed."""
        return tuple(_layer(self.tensors, index) for index in range(LAYERS, ALL_LAYERS))

    @classmethod
    def read(cls, path: Path) -> _Weights:
        """Read the file of MiniLM: int8 weights with a scale each, float32 biases.

        Raises:
            KeyError: It is another model.
        """
        tensors = read_tensors(path)
        embeddings = "inner.embeddings."
        types = tensors[f"{embeddings}token_type_embeddings.weight"][0]
        return cls(
            words=tensors[f"{embeddings}word_embeddings.weight_q"],
            word_scales=tensors[f"{embeddings}word_embeddings.weight_scale"],
            positions=_full(tensors, f"{embeddings}position_embeddings.weight") + types,
            norm=norm_of(tensors, f"{embeddings}LayerNorm"),
            tensors=tensors,
            layers=tuple(_layer(tensors, index) for index in range(LAYERS)),
        )

    def embed(self, ids: npt.NDArray[np.int_], places: npt.NDArray[np.int_]) -> Float32s:
        return self.norm.run(self.words[ids].astype(np.float32) * self.word_scales[ids] + self.positions[places])


def _layer(tensors: dict[str, Any], index: int) -> Layer:
    names = [name.removesuffix("_q") for name in tensors if name.startswith("val_") and name.endswith("_q")]
    matrices = [_full(tensors, name) for name in names[MATRICES * index :][:MATRICES]]
    return layer_of(tensors, f"inner.encoder.layer.{index}.", matrices)


def layer_of(tensors: dict[str, Any], prefix: str, matrices: Sequence[Float32s]) -> Layer:
    """Return a layer of MiniLM.

    Args:
        tensors: Of the file, by name; its biases and normalizations are in it.
        prefix: Of their names.
        matrices: Query, key, value, attention out, widen, narrow. They have no names of their own, but stand in order.

    Raises:
        KeyError: A tensor is missing: it is another network.
        ValueError: So is a matrix.
    """
    query, key, value, out, widen, narrow = matrices
    biases = [tensors[f"{prefix}attention.self.{name}.bias"] for name in ("query", "key", "value")]
    return Layer(
        query_key_value=Linear(np.concatenate([query, key, value], axis=1), np.concatenate(biases)),
        attention_out=Linear(out, tensors[f"{prefix}attention.output.dense.bias"]),
        attention_norm=norm_of(tensors, f"{prefix}attention.output.LayerNorm"),
        widen=Linear(widen, tensors[f"{prefix}intermediate.dense.bias"]),
        narrow=Linear(narrow, tensors[f"{prefix}output.dense.bias"]),
        output_norm=norm_of(tensors, f"{prefix}output.LayerNorm"),
    )


def _full(tensors: dict[str, Any], name: str) -> Float32s:
    return np.asarray(tensors[f"{name}_q"].astype(np.float32) * tensors[f"{name}_scale"])


def norm_of(tensors: dict[str, Any], name: str) -> Normalization:
    """Return what was learned of a normalization.

    Raises:
        KeyError: The file has none of that name.
    """
    return Normalization(tensors[f"{name}.weight"], tensors[f"{name}.bias"])


def _piece_ids(sentence: str) -> npt.NDArray[np.int_]:
    return np.array([_FIRST, *word_pieces(sentence)[: MAX_PIECES - 2], _LAST])


def word_pieces(text: str) -> list[int]:
    """Return the numbers of a text's word pieces: of each word the longest known beginning, then the rest.

    WordPiece, Wu et al. 2016. The text is in lower case.
    """
    return [id_ for word in _PIECES.findall(text) for id_ in _word_ids(word)]


@lru_cache(maxsize=4096)
def _word_ids(word: str) -> tuple[int, ...]:
    vocabulary = _vocabulary()
    if len(word) > _MAX_WORD_CHARS:
        return (_UNKNOWN,)
    ids, start = [], 0
    while start < len(word):
        prefix = "##" if start else ""
        end = next((end for end in range(len(word), start, -1) if prefix + word[start:end] in vocabulary), start)
        if end == start:
            return (_UNKNOWN,)
        ids.append(vocabulary[prefix + word[start:end]])
        start = end
    return tuple(ids)


@cache
def _vocabulary() -> dict[str, int]:
    path = prompts_folder() / "reader" / "vocabulary.txt"
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != VOCABULARY_SHA256:
        raise WeightsError(f"{path} is damaged: it is not the file that was published. Install voicemock again.")
    return {piece: index for index, piece in enumerate(content.decode().splitlines())}
