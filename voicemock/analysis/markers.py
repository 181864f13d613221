"""Tells discourse markers ("it took, like, six weeks") from the same words at work ("tools like Jira").

Which words may be markers is a list; what they do where they stand is told by a linear model on the vectors of the
phrase and of the words on both sides, in their context, and on where in its sentence the phrase stands and what sets it
off. What it learned from: docs/metrics.md. Training: ``scripts/train-markers``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from voicemock.analysis.piece_vectors import PieceVectors, load_piece_vectors
from voicemock.analysis.sentences import SentenceSpan
from voicemock.analysis.spoken_text import SpokenText, Token
from voicemock.analysis.vectors import DIMENSIONS, Float32s, word_pieces
from voicemock.content.yaml_files import prompts_folder
from voicemock.errors import WeightsError

CONTEXT_WORDS: Final = 4
"""Words on each side that are read, of the same sentence and without filled pauses: as in training."""
LONGEST_WORD_CHARS: Final = 20
"""Longer words are cut: none is part of a marker."""
MOST_SKIPPED: Final = 30
"""Filled pauses and words together that are looked at on each side."""
THERE_FROM: Final = 0.6
"""Probability from which a phrase counts as a marker: precision 0.94 on held-out hands of our own corpus."""
WORDS_TO_BREAK: Final = (1, 2, 3)
"""A break so many words behind the phrase tells that they may be its object."""
SURROUNDINGS: Final = 3
"""Vectors of a phrase: its own, and those of the words before and behind it."""

_FIRST, _LAST, _UNKNOWN = 101, 102, 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase that may be a discourse marker, and what stands around it.

    Attributes:
        tokens: The phrase in the transcript.
        phrase: In lower case with single spaces.
        before: Words before it in its sentence, without filled pauses.
        after: Words behind it.
        places: Whether it begins its sentence, ends it, is set off before, behind, on both sides, stands beside a
            filled pause, and begins its sentence and is set off behind; then whether one, two or three words behind it
            are set off from the rest: "I mean it: no". Commas, colons, dashes, filled pauses and silences set off.
    """

    tokens: tuple[Token, ...]
    phrase: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    places: tuple[bool, ...]


def find_candidates(
    spoken: SpokenText,
    sentences: tuple[SentenceSpan, ...],
    phrases: Sequence[tuple[str, ...]],
    pauses: frozenset[int],
) -> Iterator[Candidate]:
    """Yield what may be a discourse marker, in order; the longest phrase wins and none overlap.

    Args:
        spoken: The text.
        sentences: All of them, in order.
        phrases: The words of each phrase, lower case.
        pauses: Indices of the tokens that are filled pauses.
    """
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for words in sorted(phrases, key=len, reverse=True):
        by_first.setdefault(words[0], []).append(words)
    sentence_of = _sentence_numbers(spoken, sentences)
    index = 0
    while index < len(spoken.tokens):
        words = next(
            (each for each in by_first.get(spoken.tokens[index].norm, ()) if _is_said(spoken, index, each)), ()
        )
        if words and index not in pauses:
            yield _candidate(spoken, sentence_of, pauses, index, words)
        index += len(words) or 1


def _is_said(spoken: SpokenText, index: int, words: tuple[str, ...]) -> bool:
    run = spoken.tokens[index : index + len(words)]
    return tuple(token.norm for token in run) == words and not any(token.stop_after for token in run[:-1])


def _candidate(
    spoken: SpokenText, sentence_of: list[int], pauses: frozenset[int], index: int, words: tuple[str, ...]
) -> Candidate:
    end = index + len(words)
    before, begins = _neighbors(spoken, sentence_of, pauses, index, range(index - 1, -1, -1))
    after, ends = _neighbors(spoken, sentence_of, pauses, index, range(end, len(spoken.tokens)))
    is_off = _is_break(spoken, pauses, index), _is_break(spoken, pauses, end)
    is_beside_pause = not pauses.isdisjoint((index - 1, end))
    ends_after = _words_to_break(spoken, pauses, end)
    return Candidate(
        tokens=spoken.tokens[index:end],
        phrase=" ".join(words),
        before=tuple(reversed(before)),
        after=tuple(after),
        places=(
            *(begins, ends, *is_off, all(is_off), is_beside_pause, begins and is_off[1]),
            *(ends_after == words_behind for words_behind in WORDS_TO_BREAK),
        ),
    )


def _words_to_break(spoken: SpokenText, pauses: frozenset[int], end: int) -> int:
    """Return how many words stand behind a phrase before the next break; 0 if there are more than are looked at."""
    last = len(spoken.tokens)
    return next((count for count in WORDS_TO_BREAK if _is_break(spoken, pauses, min(end + count, last))), 0)


def _neighbors(
    spoken: SpokenText, sentence_of: list[int], pauses: frozenset[int], index: int, indices: range
) -> tuple[list[str], bool]:
    """Return the next words in one direction, and whether there are none in the sentence."""
    words: list[str] = []
    for each in indices[:MOST_SKIPPED]:
        if sentence_of[each] != sentence_of[index] or len(words) == CONTEXT_WORDS:
            break
        if each not in pauses:
            words.append(spoken.tokens[each].norm[:LONGEST_WORD_CHARS])
    return words, not words


def _is_break(spoken: SpokenText, pauses: frozenset[int], index: int) -> bool:
    """Return whether punctuation, a filled pause or a silence stands between a token and the one before it."""
    return index == len(spoken.tokens) or not pauses.isdisjoint((index - 1, index)) or spoken.is_apart(index)


def _sentence_numbers(spoken: SpokenText, sentences: tuple[SentenceSpan, ...]) -> list[int]:
    """Return the sentence that each token stands in."""
    numbers: list[int] = []
    current = 0
    for token in spoken.tokens:
        while current + 1 < len(sentences) and token.word > sentences[current].last_word:
            current += 1
        numbers.append(current)
    return numbers


def surroundings(candidates: Sequence[Candidate], vectors: PieceVectors) -> Float32s:
    """Return the vectors of each phrase and of the words beside it, shape (candidates, 3 * 384).

    Where no word stands, the mark of that end is taken.
    """
    windows = {(each.before, each.phrase, each.after) for each in candidates}
    found = dict(zip(windows, _encoded(list(windows), vectors), strict=True))
    rows = [found[each.before, each.phrase, each.after] for each in candidates]
    return np.array(rows, np.float32).reshape(-1, SURROUNDINGS * DIMENSIONS)


_Window = tuple[tuple[str, ...], str, tuple[str, ...]]


def _encoded(windows: Sequence[_Window], vectors: PieceVectors) -> Iterator[Float32s]:
    numbers, spans = [], []
    for before, phrase, after in windows:
        pieces = [[_FIRST], *map(_pieces, before), _pieces(phrase), *map(_pieces, after), [_LAST]]
        ends = np.cumsum([0, *map(len, pieces)])
        middle = len(before) + 1
        spans.append([(ends[at], ends[at + 1]) for at in (middle, middle - 1, middle + 1)])
        numbers.append([piece for word in pieces for piece in word])
    for hidden, places in zip(vectors.encode(numbers), spans, strict=True):
        yield np.concatenate([hidden[start:end].mean(axis=0) for start, end in places])


def _pieces(text: str) -> list[int]:
    return word_pieces(text) or [_UNKNOWN]


@dataclass(frozen=True)
class MarkerModel:
    """What was learned: the log odds that a phrase is a marker are a sum of weights of its own.

    Attributes:
        phrases: Those that were learned, in the order of the weights.
        around: Of the vectors, shape (phrases, 3 * 384).
        of_place: Of the places, shape (phrases, places).
        of_phrase: What each phrase has from the start, shape (phrases,).
    """

    phrases: tuple[str, ...]
    around: Float32s
    of_place: Float32s
    of_phrase: Float32s

    @classmethod
    def read(cls, path: Path) -> MarkerModel:
        """Read the weights from an ``.npz`` file.

        Raises:
            WeightsError: It is missing or damaged.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                phrases = tuple(str(phrase) for phrase in file["phrases"])
                return cls(phrases, *(file[name].astype(np.float32) for name in ("around", "of_place", "of_phrase")))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise WeightsError(f"{path} cannot be read: {error}. Install voicemock again.") from error

    def probabilities(self, candidates: Sequence[Candidate], vectors: PieceVectors) -> npt.NDArray[np.floating[Any]]:
        """Return how probably each phrase is a marker, shape (candidates,)."""
        places = np.array([each.places for each in candidates], np.float32).reshape(-1, self.of_place.shape[1])
        number = [self.phrases.index(each.phrase) for each in candidates]
        odds = (surroundings(candidates, vectors) * self.around[number]).sum(axis=1)
        odds = odds + (places * self.of_place[number]).sum(axis=1) + self.of_phrase[number]
        found: npt.NDArray[np.floating[Any]] = np.exp(-np.logaddexp(0, -odds))
        return found


@cache
def load_markers() -> MarkerModel:
    """Return the model that comes with the program, read once a process.

    Raises:
        WeightsError: It is missing or damaged.
    """
    return MarkerModel.read(prompts_folder() / "reader" / "markers.npz")


def find_markers(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates that are discourse markers where they stand.

    Raises:
        WeightsError: The weights are missing or damaged.
    """
    if not candidates:
        return []
    probabilities = load_markers().probabilities(candidates, load_piece_vectors())
    return [each for each, probability in zip(candidates, probabilities, strict=True) if probability >= THERE_FROM]
