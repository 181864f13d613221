"""Where a sentence ends in speech that was written down without punctuation.

A trained model weighs the words on both sides of each place; docs/structure-model.md says how it was made. The best
cut of a whole stretch is found at once (a shortest path), so that no piece is too short or too long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np

from voicemock.analysis.trained_files import read_trained_file

SHORTEST_WORDS: Final = 7
LONGEST_WORDS: Final = 60
SHORT_COST: Final = 0.5
"""For each word that a piece has less than the shortest."""
PAUSE_WORTH: Final = 2.5
"""What a pause adds to the model's log odds: with one, sentences end about ten times as often."""

EAGERNESS: Final = 1.0
"""Added to the log odds: a sentence cut in two keeps its part, two that run together lose one."""

NUMBER: Final = "#"
_NUMBER: Final = re.compile(r"[$€£]?\d[\d,.:]*[%+]?")


def cut(words: Sequence[str], pauses: Sequence[bool]) -> list[int]:
    """Return the places where a new sentence begins, as indices of words; the first word is none of them.

    Args:
        words: Lower case, no punctuation around them.
        pauses: Whether there is a pause before each word.
    """
    if not words:
        return []
    odds = [0.0, *_log_odds(words)]
    worth = [value + PAUSE_WORTH * paused for value, paused in zip(odds, pauses, strict=True)]
    count = len(words)
    best, source = [0.0] + [-np.inf] * count, [0] * (count + 1)
    for end in range(1, count + 1):
        for start in range(max(0, end - LONGEST_WORDS), end):
            value = best[start] + (worth[start] if start else 0.0) - SHORT_COST * max(0, SHORTEST_WORDS - end + start)
            if value > best[end]:
                best[end], source[end] = value, start
    places, end = [], count
    while source[end]:
        end = source[end]
        places.append(end)
    return places[::-1]


def _log_odds(words: Sequence[str]) -> list[float]:
    weights, bias = _model()
    return [
        bias + EAGERNESS + sum(weights.get(sign, 0.0) for sign in signs_of(words, place))
        for place in range(1, len(words))
    ]


def signs_of(words: Sequence[str], place: int) -> list[str]:
    """Return what can be seen around the place before a word: the words next to it, in pairs, and their endings."""
    before, last, first, second, third = (
        _NUMBER.sub(NUMBER, words[index]) if 0 <= index < len(words) else "" for index in range(place - 2, place + 3)
    )
    return [
        f"{last}|", f"{before} {last}|", f"|{first}", f"|{first} {second}", f"|{first} {second} {third}",
        f"{last}|{first}", f"-{last[-3:]}|", f"-{last[-2:]}|{first}", f"|{first} -{second[-2:]}",
    ]  # fmt: skip


@cache
def _model() -> tuple[dict[str, float], float]:
    arrays = read_trained_file("clauses")
    if arrays is None:
        return {}, 0.0
    weights = arrays["weights"].astype(float)
    return dict(zip(arrays["signs"].tolist(), weights.tolist(), strict=True)), float(arrays["bias"])
