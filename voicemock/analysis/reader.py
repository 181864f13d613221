"""Reads an answer with a small network: what each word says of each piece of evidence, and where sentences begin.

The network is MiniLM-L6, trained on labeled answers (docs/reader.md). It reads what a listener hears: capitals and
punctuation are taken off, so they never change what is found. After one pass through the answer the evidence in any
stretch of words can be read off.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from voicemock.analysis.vectors import word_pieces
from voicemock.content.yaml_files import prompts_folder
from voicemock.errors import WeightsError
from voicemock.files import returning_memory

Floats = npt.NDArray[np.floating[Any]]

FILE: Final = "reader.onnx"
SCALES_FILE: Final = "scales.json"
SUM_FILE: Final = "reader.onnx.sha256"
WINDOW: Final = 384
"""Pieces that go through the network together, the question included: as in training."""
QUESTION_PIECES: Final = 48
"""A longer question is cut off: as in training."""
OVERLAP: Final = 96
"""Pieces that neighboring windows share: about six sentences, so that each is read with what stands around it."""
THREADS: Final = 2

_FIRST, _SEPARATOR = 101, 102
_SILENT: Final = re.compile(r"[^\w\s'.,]|_|(?<!\d)[.,]|[.,](?!\d)")
"""Marks that are not heard: all but apostrophes and what stands inside a number."""


def bare(text: str) -> str:
    """Return a text as a listener has it: no capitals, accents or punctuation."""
    plain = unicodedata.normalize("NFD", text.replace("%", " percent").replace("\u2019", "'").lower())
    heard = _SILENT.sub(" ", "".join(each for each in plain if not unicodedata.combining(each)))
    return " ".join(heard.split())


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns a logit into a probability, and tells when it is sure.

    Attributes:
        slope: The logit is multiplied by it.
        offset: Added then; the logistic function of the sum is the probability.
        there_from: From this probability of its likeliest sentence on, it is surely there.
        absent_to: Up to this one it is surely not.
    """

    slope: float
    offset: float
    there_from: float
    absent_to: float

    def probability(self, logits: npt.ArrayLike) -> Floats:
        """Return the probability for each logit."""
        scaled = self.slope * np.asarray(logits, np.float64) + self.offset
        probability: Floats = np.exp(-np.logaddexp(0, -scaled))
        return probability


@dataclass(frozen=True)
class Reading:
    """What the network says of one answer.

    Attributes:
        evidence: Logits summed over the pieces of each word, shape (words, evidence).
        pieces: How many pieces each word has, shape (words,); 0 for a word of marks alone.
        begins: Log odds that a sentence begins with a word, shape (words,).
        verdicts: Logits of what is said about the whole answer, shape (verdicts,).
    """

    evidence: Floats
    pieces: npt.NDArray[np.int_]
    begins: Floats
    verdicts: Floats

    def logits(self, first_word: int, last_word: int) -> Floats:
        """Return the logits of a stretch of words, the last one included, shape (evidence,)."""
        stretch = slice(first_word, last_word + 1)
        total: Floats = self.evidence[stretch].sum(axis=0) / max(1, int(self.pieces[stretch].sum()))
        return total


class Reader:
    """The network. Threads may share it."""

    def __init__(self, path: Path, scales: Mapping[str, Scale]) -> None:
        """Load the network.

        Args:
            path: Its weights.
            scales: For each of its outputs, by name, in order: the evidence, then the verdicts, which have a colon.

        Raises:
            WeightsError: The file is missing, damaged or not a network of ours.
        """
        from onnxruntime import InferenceSession, SessionOptions
        from onnxruntime.capi.onnxruntime_pybind11_state import (
            Fail,
            InvalidArgument,
            InvalidGraph,
            InvalidProtobuf,
            NoSuchFile,
        )

        options = SessionOptions()
        options.intra_op_num_threads = min(THREADS, os.cpu_count() or 1)
        try:
            self._session = InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf, NoSuchFile) as error:
            raise WeightsError(f"{path} cannot be read: {error}") from error
        self._options = returning_memory()
        self.scales = scales
        self.evidence = tuple(name for name in scales if ":" not in name)
        self.verdicts = tuple(name for name in scales if ":" in name)

    def read(self, words: Sequence[str], question: str = "") -> Reading:
        """Return what the network says of an answer.

        Args:
            words: As they stand in the transcript.
            question: What was asked; empty where that is not known.
        """
        numbers = [word_pieces(bare(word)) for word in words]
        pieces = [piece for word in numbers for piece in word]
        if not pieces:
            return self._nothing(len(words))
        evidence, begins, verdicts = self._through(pieces, question)
        word_of = np.repeat(np.arange(len(words)), [len(word) for word in numbers])
        summed = np.zeros((len(words), evidence.shape[1]), np.float32)
        np.add.at(summed, word_of, evidence)
        first = np.full(len(words), -np.inf, np.float32)
        starts = np.flatnonzero(np.diff(word_of, prepend=-1))
        first[word_of[starts]] = begins[starts]
        return Reading(summed, np.bincount(word_of, minlength=len(words)), first, _weighed(verdicts))

    def _nothing(self, words: int) -> Reading:
        return Reading(
            np.zeros((words, len(self.evidence)), np.float32),
            np.zeros(words, np.int_),
            np.full(words, -np.inf, np.float32),
            np.full(len(self.verdicts), -np.inf, np.float32),
        )

    def _through(self, pieces: Sequence[int], question: str) -> tuple[Floats, Floats, Floats]:
        """Return what each piece says, from the window in which it stands farthest from an end."""
        head = [_FIRST, *word_pieces(bare(question))[:QUESTION_PIECES], _SEPARATOR]
        windows = windows_over(len(pieces), WINDOW - len(head) - 1)
        longest = max(end - begin for begin, end in windows) + len(head) + 1
        numbers = np.zeros((len(windows), longest), np.int64)
        mask = np.zeros_like(numbers)
        for row, (begin, end) in enumerate(windows):
            window = [*head, *pieces[begin:end], _SEPARATOR]
            numbers[row, : len(window)] = window
            mask[row, : len(window)] = 1
        found = self._session.run(["evidence", "begins", "verdicts"], {"pieces": numbers, "mask": mask}, self._options)
        kept = [
            (row, slice(len(head) + first - begin, len(head) + last - begin))
            for row, ((begin, _), (first, last)) in enumerate(zip(windows, shares_of(windows), strict=True))
        ]
        evidence, begins, verdicts = (np.concatenate([each[row, share] for row, share in kept]) for each in found)
        return evidence, begins, verdicts


def windows_over(pieces: int, room: int) -> list[tuple[int, int]]:
    """Return first piece and end of each window: of one size, the last one shifted back to end with the pieces."""
    if pieces <= room:
        return [(0, pieces)]
    step = room - OVERLAP
    count = -(-(pieces - OVERLAP) // step)
    begins = [min(index * step, pieces - room) for index in range(count)]
    return [(begin, begin + room) for begin in begins]


def shares_of(windows: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pieces that each window answers for: up to the middle of what it shares with the next."""
    borders = [(after[0] + before[1]) // 2 for before, after in pairwise(windows)]
    return list(pairwise([windows[0][0], *borders, windows[-1][1]]))


def _weighed(spoken: Floats) -> Floats:
    """Return the logits of the verdicts: what the pieces say, weighted by how much each counts."""
    counts, says = np.split(spoken.astype(np.float64), 2, axis=1)
    weights = np.exp(counts - counts.max(axis=0))
    weighed: Floats = (weights * says).sum(axis=0) / weights.sum(axis=0)
    return weighed


@cache
def load_reader() -> Reader:
    """Return the reader that comes with the program, verified, loaded once a process.

    Raises:
        WeightsError: It is missing or damaged.
    """
    return Reader(verified_reader(), load_scales())


@cache
def verified_reader() -> Path:
    """Return the reader's file after checking that it is the published one.

    Raises:
        WeightsError: It is missing or damaged.
    """
    folder = prompts_folder() / "reader"
    path = folder / FILE
    try:
        published = (folder / SUM_FILE).read_text(encoding="utf-8").split()[0]
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, IndexError) as error:
        raise WeightsError(f"{path} cannot be read: {error}. Install voicemock again.") from error
    if found != published:
        raise WeightsError(f"{path} is damaged: it is not the file that was published. Install voicemock again.")
    return path


@cache
def load_scales() -> dict[str, Scale]:
    """Return the scales of all evidence and verdicts by name, in the order of the network's outputs.

    Raises:
        WeightsError: The file is missing or damaged.
    """
    path = prompts_folder() / "reader" / SCALES_FILE
    try:
        return {name: Scale(**scale) for name, scale in json.loads(path.read_text(encoding="utf-8")).items()}
    except (AttributeError, OSError, TypeError, ValueError) as error:
        raise WeightsError(f"{path} cannot be read: {error}. Install voicemock again.") from error
