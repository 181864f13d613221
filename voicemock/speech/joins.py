"""Joins between words, and the filled pauses that Whisper half heard there.

While it writes, Whisper weighs an "um" at every join, and mostly decides against it: it has learned from edited text.
One further pass tells how probable one was at each join. Where it was likely, the transcript is scored with and without
it. So a filled pause is found that is as quiet as the room, or that the times of its neighbor cover; ``filled_pauses``
sees neither. Pure functions; the transcriber is asked through a ``Scorer`` and a ``Timer``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple, Protocol

from voicemock.models import SpeechSpan, Word
from voicemock.speech.acoustics import Acoustics
from voicemock.speech.filled_pauses import (
    LEAST_PROBABILITY,
    SHORTEST_VOICE_S,
    Fit,
    Scorer,
    best_fit,
    is_filled_pause,
    long_enough,
)

LEAST_JOIN_PROBABILITY: Final = 0.1
"""Of a filled pause at a join, from which it is scored; of some 1,000 joins in 45 real recordings 9 have more."""

LEAST_SUPPORT: Final = -8.5
"""Least gain for the transcript (``Fit.gain``) plus twice the logarithm of the filled pause's own probability. Of 27
joins scored in real recordings, as they are and with filled pauses made quieter and shorter, 11 lie above it: 10 held a
filled pause, the other half of one. The best that held none had -8.9."""


class Timer(Protocol):
    """Finds out when words were said in a clip that Whisper has heard."""

    def __call__(self, texts: Sequence[str]) -> tuple[Word, ...]:
        """Return the words with their times, as many as texts."""
        ...


class Step(NamedTuple):
    """What a decoder did at one step.

    Attributes:
        text: What it wrote; "" for a mark.
        filled_pause: Probability that it would write a filled pause instead, or did, 0 to 1.
    """

    text: str
    filled_pause: float


def joins_in(steps: Iterable[Step], words: Sequence[Word]) -> dict[int, float]:
    """Return how probable a filled pause was at the joins of a transcript, when the clip was written once more.

    The two need not have the same words; a join that has no words in common with the other transcript is left out.

    Args:
        steps: Of the further pass, in order.
        words: The transcript, in order.

    Returns:
        The probability, by the index of the word behind the join.
    """
    texts, likely = _read(steps)
    matcher = SequenceMatcher(None, [*map(_bare, texts)], [_bare(word.text) for word in words], autojunk=False)
    same = {block.a + at: block.b + at for block in matcher.get_matching_blocks() for at in range(block.size)}
    found: dict[int, float] = {}
    for join, probability in likely.items():
        place = same[join - 1] + 1 if join - 1 in same else same.get(join) if join else 0
        if place is not None:
            found[place] = max(probability, found.get(place, 0.0))
    return found


def _read(steps: Iterable[Step]) -> tuple[list[str], dict[int, float]]:
    """Return the words of a pass, and before which of them a filled pause was how probable."""
    texts: list[str] = []
    likely: dict[int, float] = {}
    for step in steps:
        begins = step.text.startswith(" ")
        if begins or not texts or not any(map(str.isalnum, step.text)):
            likely[len(texts)] = max(step.filled_pause, likely.get(len(texts), 0.0))
        if begins:
            texts.append(step.text)
        elif texts:
            texts[-1] += step.text
    return texts, likely


def _bare(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


def with_fillers_at_joins(
    words: Sequence[Word], joins: Mapping[int, float], acoustics: Acoustics, score: Scorer, time: Timer
) -> tuple[Word, ...]:
    """Return the words with the filled pauses that were said at joins, in order; their neighbors make room for them.

    Args:
        words: The transcript in order, with corrected times.
        joins: How probable a filled pause was at the joins of these words.
        acoustics: Of the clip.
        score: Of the same clip.
        time: Of the same clip.
    """
    whole = tuple(words)
    for place in sorted(joins, reverse=True):
        if found := _said_at(place, joins[place], words, acoustics, score, time):
            whole = _with(found, place, whole)
    return whole


def _said_at(
    place: int, likely: float, words: Sequence[Word], acoustics: Acoustics, score: Scorer, time: Timer
) -> Word | None:
    """Return the filled pause that was said at a join; None where one is written already or none was said."""
    beside = words[max(0, place - 1) : place + 1]
    if likely < LEAST_JOIN_PROBABILITY or any(is_filled_pause(word.text) for word in beside):
        return None
    fit = best_fit(words, place, score)
    if not _fits(fit, is_last=place == len(words)):
        return None
    voice = _voice_of(words, place, fit.text, acoustics, time)
    if voice is None:
        return None
    probability = round(max(fit.probability, likely), 3)
    return Word(text=fit.text, start_s=voice.start_s, end_s=voice.end_s, probability=probability)


def _fits(fit: Fit, *, is_last: bool) -> bool:
    """Return whether a filled pause was said; after the last word there is nothing that it could make less probable."""
    if is_last:
        return fit.probability >= LEAST_PROBABILITY
    return fit.gain + 2 * math.log(max(fit.probability, 1e-9)) >= LEAST_SUPPORT


def _voice_of(words: Sequence[Word], place: int, text: str, acoustics: Acoustics, time: Timer) -> SpeechSpan | None:
    """Return the voice at the time that a filled pause would have; it may be as quiet as the room."""
    texts = [word.text for word in words]
    timed = time([*texts[:place], text, *texts[place:]])
    if len(timed) != len(texts) + 1:
        return None
    said = timed[place]
    end_s = said.end_s if place == len(texts) else timed[place + 1].start_s
    span = SpeechSpan(said.start_s or 0.0, max(said.end_s or 0.0, end_s or 0.0))
    for voices in (acoustics.clear_voice, acoustics.periodic):
        if found := long_enough(span, voices, SHORTEST_VOICE_S):
            return max(found, key=lambda voice: voice.duration_s)
    return None


def _with(found: Word, place: int, words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words with another one before a place; the others end before it or begin behind it."""
    start_s, end_s = found.start_s or 0.0, found.end_s or 0.0
    earlier = [_kept_to(word, 0.0, start_s) for word in words[:place]]
    return (*earlier, found, *(_kept_to(word, end_s, float("inf")) for word in words[place:]))


def _kept_to(word: Word, from_s: float, to_s: float) -> Word:
    start_s, end_s = (min(max(at_s or 0.0, from_s), to_s) for at_s in (word.start_s, word.end_s))
    return word.model_copy(update={"start_s": start_s, "end_s": end_s})
