"""Sentence vectors: from a file of a model as small as can be, and from the real one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voicemock.analysis import vectors as sentence_vectors
from voicemock.analysis.vectors import DIMENSIONS, _word_ids, load_vectors, read_tensors
from voicemock.errors import WeightsError
from voicemock.settings import load_settings


def field(number: int, content: bytes | int) -> bytes:
    """Return a protobuf field: a number, or bytes."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varint(value >> 7)


def tensor(name: str, values: np.ndarray, kind: int) -> bytes:
    dimensions = b"".join(field(1, size) for size in values.shape)
    return field(5, dimensions + field(2, kind) + field(8, name.encode()) + field(9, values.tobytes()))


def test_tensors_are_read_by_name(tmp_path: Path) -> None:
    floats, small = np.arange(300, dtype=np.float32).reshape(2, 150), np.array([-1, 5], np.int8)
    other = tensor("shape", np.array([7], np.int64), 7)
    graph = field(1, b"a node") + tensor("a", floats, 1) + other + tensor("b", small, 3)
    path = tmp_path / "model.onnx"
    path.write_bytes(field(1, 10) + field(7, graph))

    found = read_tensors(path)

    assert sorted(found) == ["a", "b"]
    assert (found["a"] == floats).all()
    assert (found["b"] == small).all()


@pytest.mark.parametrize("content", [b"no model at all", b"\xff\xff", field(7, field(5, b"\x0a"))])
def test_a_file_that_is_no_onnx_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"."):
        read_tensors(path)


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("the", (1996,)),
        ("onboarding", (27120, 2075)),
        ("%", (1003,)),
        ("\u2603", (100,)),
        ("a" * 101, (100,)),
    ],
)
def test_words_are_cut_into_known_pieces(word: str, ids: tuple[int, ...]) -> None:
    assert _word_ids(word) == ids


@pytest.fixture(scope="module")
def vectors():
    try:
        return load_vectors(load_settings().cache_dir)
    except WeightsError as error:
        pytest.skip(str(error))


def test_a_sentence_has_one_vector_whatever_stands_beside_it(vectors) -> None:
    alone = vectors.encode(["we shipped on time"])
    among = vectors.encode(["a much longer sentence about something else entirely", "we shipped on time", ""])
    assert alone.shape == (1, DIMENSIONS)
    assert np.allclose(alone[0], among[1], atol=1e-5)


def test_a_sentence_is_computed_once(vectors, monkeypatch) -> None:
    computed: list[str] = []
    compute = vectors._computed
    monkeypatch.setattr(vectors, "_computed", lambda sentences: computed.extend(sentences) or compute(sentences))
    first = vectors.encode(["one of our own", "another of our own", "one of our own"])
    second = vectors.encode(["another of our own", "one of our own"])
    assert computed == ["one of our own", "another of our own"]
    assert np.array_equal(first[[1, 0]], second)
    assert np.array_equal(first[0], first[2])


def test_the_oldest_sentences_are_forgotten(vectors, monkeypatch) -> None:
    monkeypatch.setattr("voicemock.analysis.vectors.KEPT_SENTENCES", 2)
    assert vectors.encode(["first of many", "second of many", "third of many"]).shape == (3, DIMENSIONS)
    assert list(vectors._known) == ["second of many", "third of many"]


def test_no_sentences_have_no_vectors(vectors) -> None:
    assert vectors.encode([]).shape == (0, DIMENSIONS)


def test_a_very_long_sentence_is_cut_off(vectors) -> None:
    assert np.isfinite(vectors.encode(["word " * 5000])).all()


def test_what_means_the_same_is_close(vectors) -> None:
    a, b, c = vectors.encode(
        ["my task was to cut the costs", "my job was to reduce the spending", "it rained in spring"]
    )
    assert a @ b / np.linalg.norm(a) / np.linalg.norm(b) > a @ c / np.linalg.norm(a) / np.linalg.norm(c)


def test_a_damaged_vocabulary_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reader").mkdir()
    (tmp_path / "reader" / "vocabulary.txt").write_text("[PAD]\nother\n")
    monkeypatch.setattr(sentence_vectors, "prompts_folder", lambda: tmp_path)
    with pytest.raises(WeightsError, match=r"vocabulary\.txt is damaged"):
        sentence_vectors._vocabulary.__wrapped__()
