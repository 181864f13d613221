"""The trained model that says which part of the framework a sentence belongs to: its file, features and scores.

It is linear: a sentence's vector, the words and pairs of words in it, the framework's cues and its length are weighed
and summed. Where a sentence stands is no feature: with it a model never notices a missing part. How it was trained, on
what, and how often it is right: docs/structure-model.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from voicemock.analysis.chain import Transitions
from voicemock.analysis.cues import MAX_CUE_CHARS
from voicemock.analysis.trained_files import read_trained_file

Floats = npt.NDArray[np.floating[Any]]
Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]
"""Turns sentences in lower case into vectors, one a row."""

NUMBER: Final = "#"
"""Stands for every number: it matters that there is one, not which."""
LONG_SENTENCE_WORDS: Final = 40
SHORT_SENTENCE_WORDS: Final = 5

_NUMBER: Final = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True)
class PartModel:
    """Weights for one framework; labels are the framework's parts in order, then none of them.

    Attributes:
        phrases: Words and pairs of words that the model knows, with ``<s>`` and ``</s>`` for the ends of a sentence.
        cues: The regular expressions whose finds it weighs, as they were when it was trained.
        center: What is taken off each vector: the mean of the training sentences, shape (384,).
        scale: What each vector is then multiplied with.
        weights: Shape (384 + phrases + cues + 2, labels).
        bias: Shape (labels,).
        transitions: Between the labels of neighboring sentences.
    """

    phrases: dict[str, int]
    cues: tuple[re.Pattern[str], ...]
    center: Floats
    scale: float
    weights: Floats
    bias: Floats
    transitions: Transitions

    def scores(self, sentences: Sequence[str], encode: Encode) -> Floats:
        """Return what speaks for each label, shape (sentences, labels).

        Args:
            sentences: Words as ``spoken_words`` gives them: lower case, no punctuation, no fillers.
            encode: Makes the vectors that the model was trained with.
        """
        vectors = (encode(sentences) - self.center) * self.scale
        features = np.concatenate([vectors, self.lexical_features(sentences)], axis=1)
        return np.asarray(features @ self.weights + self.bias)

    def lexical_features(self, sentences: Sequence[str]) -> Floats:
        """Return what can be seen without a vector, shape (sentences, phrases + cues + 2)."""
        return lexical_features(sentences, self.phrases, self.cues)


def lexical_features(
    sentences: Sequence[str], known: dict[str, int], cues: Sequence[re.Pattern[str]]
) -> npt.NDArray[np.float64]:
    """Return phrases (spread over their number), cues found, and two measures of length, a row a sentence."""
    features = np.zeros((len(sentences), len(known) + len(cues) + 2))
    for row, sentence in zip(features, sentences, strict=True):
        found = [known[phrase] for phrase in phrases_of(sentence) if phrase in known]
        row[found] = 2 / np.sqrt(max(1, len(found)))
        row[len(known) : -2] = [cue.search(sentence[-MAX_CUE_CHARS:]) is not None for cue in cues]
        count = len(sentence.split())
        row[-2:] = min(count, LONG_SENTENCE_WORDS) / (LONG_SENTENCE_WORDS / 2), count < SHORT_SENTENCE_WORDS
    return features


def phrases_of(sentence: str) -> set[str]:
    """Return a sentence's words and pairs of words, and how it opens; numbers are all alike."""
    words = ["<s>", *(_NUMBER.sub(NUMBER, word) for word in sentence.split()), "</s>"]
    pairs = (" ".join(words[index : index + 2]) for index in range(len(words) - 1))
    return {*words[1:-1], *pairs, " ".join(words[:3])}


@cache
def load_part_model(framework: str) -> PartModel | None:
    """Return the trained model of a framework; None when none was trained for it.

    Raises:
        ContentError: Its file is not the one that was published.
    """
    arrays = read_trained_file(framework)
    return None if arrays is None else _of_arrays(arrays)


def _of_arrays(arrays: dict[str, Any]) -> PartModel:
    numbers = {name: array.astype(np.float64) for name, array in arrays.items() if array.dtype.kind == "f"}
    return PartModel(
        phrases={str(phrase): index for index, phrase in enumerate(arrays["phrases"])},
        cues=tuple(re.compile(str(cue)) for cue in arrays["cues"]),
        center=numbers["center"],
        scale=float(numbers["scale"]),
        weights=numbers["weights"],
        bias=numbers["bias"],
        transitions=Transitions(numbers["start"], numbers["move"], numbers["end"]),
    )
