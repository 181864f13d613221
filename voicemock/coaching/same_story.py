"""Notices that two answers tell the same story, by the meaning of their sentences."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from voicemock.analysis.structure import Encode
from voicemock.analysis.vectors import Float32s, SentenceVectors, load_vectors
from voicemock.errors import WeightsError
from voicemock.models import Analysis, Question, QuestionSummary

SAME_FROM: Final = 0.46
"""Two tellings from here on are one story. The six of bench/data/retold.yaml that set it have 0.53 to 0.65, the others
0.49 to 0.68, and the nearest of 1,520 pairs of different stories by one speaker (training/corpus) has 0.42."""
SHARED_WORDS_FROM: Final = 0.2
"""Below this share of the shorter answer's words two answers are not compared: one story told twice has 0.6, and three
quarters of the pairs of different stories have less."""
SENTENCES: Final = 15
"""The longest of an answer: with all of them the nearness is the same to 0.01."""
FEWEST_SENTENCES: Final = 4
"""In fewer there is too little of a story."""
TOLD_FROM_OWN_WORK: Final = frozenset({"star", "program", "retrospective"})
"""Frameworks whose questions leave it to the candidate what to tell of: two answers to one may tell two stories."""
_SENTENCE_WORDS: Final = 5
_WORD_CHARS: Final = 5


class Told(NamedTuple):
    """What an answer tells, by its position."""

    position: int
    sentences: tuple[str, ...]


class Match(NamedTuple):
    """Two answers that tell the same story."""

    first: int
    """Position of the first telling."""
    again: int
    nearness: float
    """0 to 1."""
    first_sentence: str
    again_sentence: str
    """The two sentences that are nearest to each other."""


def find_told_twice(told: Sequence[Told], encode: Encode) -> tuple[Match, ...]:
    """Return the answers that tell a story again, each with the first telling.

    Args:
        told: In the order of the session.
        encode: Turns sentences into vectors of length 1, one a row.

    Raises:
        WeightsError: The vectors cannot be computed here.
    """
    longest = {each.position: _longest(each.sentences) for each in told}
    found: dict[int, Match] = {}
    for one, other in combinations([each.position for each in told], 2):
        if other in found or not _may_be_same(longest[one], longest[other]):
            continue
        match = _match(one, other, longest[one], longest[other], encode)
        if match.nearness >= SAME_FROM:
            found[other] = match
    return tuple(found.values())


def tells_again(one: Sequence[str], other: Sequence[str], encode: Encode) -> bool | None:
    """Return whether two answers tell one story; None where one of them is too short to tell.

    Args:
        one: Sentences of an answer.
        other: Sentences of another one.
        encode: Turns sentences into vectors of length 1, one a row.

    Raises:
        WeightsError: The vectors cannot be computed here.
    """
    first, again = _longest(one), _longest(other)
    if min(len(first), len(again)) < FEWEST_SENTENCES:
        return None
    return _may_be_same(first, again) and _match(1, 2, first, again, encode).nearness >= SAME_FROM


def tell_one_story(
    before: Analysis, after: Analysis, question: Question | QuestionSummary | None, encode: Encode | None
) -> bool | None:
    """Return whether two takes tell the same; None where that cannot be told.

    Takes of a named story do, and so do answers to a question that sets the matter itself.

    Args:
        before: The earlier take.
        after: The later one.
        question: Of both; None for a named story.
        encode: Turns sentences into vectors of length 1, one a row; None where its weights are not installed.
    """
    earlier, now = before.structure, after.structure
    if question is None or now is None or now.framework not in TOLD_FROM_OWN_WORK:
        return True
    if earlier is None or encode is None:
        return None
    with suppress(WeightsError):
        return tells_again([each.text for each in earlier.sentences], [each.text for each in now.sentences], encode)
    return None


def nearness_of(one: Sequence[str], other: Sequence[str], encode: Encode) -> float:
    """Return how near the sentences of two answers are by meaning, 0 to 1."""
    return _match(1, 2, _longest(one), _longest(other), encode).nearness


def _longest(sentences: Sequence[str]) -> tuple[str, ...]:
    whole = [each for each in sentences if len(each.split()) >= _SENTENCE_WORDS]
    return tuple(sorted(whole, key=len, reverse=True)[:SENTENCES])


def _may_be_same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two answers have enough words in common to be compared."""
    if min(len(one), len(other)) < FEWEST_SENTENCES:
        return False
    words = [_words(each) for each in (one, other)]
    return len(words[0] & words[1]) >= SHARED_WORDS_FROM * min(map(len, words))


def _words(sentences: Sequence[str]) -> set[str]:
    """Return the words that may tell a subject, and the numbers."""
    words = {word.strip(".,;:!?\"'()") for word in " ".join(sentences).lower().split()}
    return {word for word in words if len(word) >= _WORD_CHARS or (len(word) > 1 and word[0].isdigit())}


def _match(one: int, other: int, first: Sequence[str], again: Sequence[str], encode: Encode) -> Match:
    near = _vectors(first, encode) @ _vectors(again, encode).T
    nearness = float(near.max(axis=0).mean() + near.max(axis=1).mean()) / 2
    place = np.unravel_index(int(near.argmax()), near.shape)
    return Match(one, other, min(1.0, max(0.0, nearness)), first[int(place[0])], again[int(place[1])])


def _vectors(sentences: Sequence[str], encode: Encode) -> Float32s:
    return encode([sentence.lower() for sentence in sentences])


def subjects_encoder(cache_dir: Path) -> Encode:
    """Return what turns sentences into vectors of their subjects. The weights are read when it is first used.

    It raises WeightsError where they are missing or damaged.

    Args:
        cache_dir: Folder of assembled weights.
    """
    return lambda sentences: _vectors_of(cache_dir).encode_subjects(sentences)


@cache
def _vectors_of(cache_dir: Path) -> SentenceVectors:
    return load_vectors(cache_dir)
