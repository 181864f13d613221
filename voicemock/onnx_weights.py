"""The weight tensors in an ONNX file, read without the onnx package: an ONNX file is one protobuf message.

Only what tensors need is understood (https://onnx.ai/onnx/intro/concepts.html, ``onnx.proto3``): the graph is field 7
of the model, its initializers are field 5, and of each the dimensions, type, name and raw bytes are fields 1, 2, 8, 9.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Tensor = npt.NDArray[Any]

_GRAPH: Final = 7
_INITIALIZER: Final = 5
_DIMENSIONS: Final = 1
_TYPE: Final = 2
_NAME: Final = 8
_RAW_BYTES: Final = 9
_TYPES: Final = {1: np.float32, 3: np.int8}
_FIXED_BYTES: Final = {1: 8, 5: 4}


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Return the float32 and int8 tensors of an ONNX file by name, as views of its bytes.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no ONNX file, or a tensor is not as large as it says.
    """
    try:
        with path.open("rb") as file:  # mapped: what no layer needs is never in memory
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
        elif field == _RAW_BYTES:
            raw = value
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
