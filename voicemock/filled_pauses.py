"""The filled pauses of a clip: those written without being said go, those said without being written come.

Whisper leaves an "um" out because people who write do, and once it has begun it writes one too many. Both show where
its words are held against the sound. Pure functions; the transcriber is asked through a ``Scorer``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from voicemock.acoustics import Acoustics
from voicemock.held_sounds import held_sounds
from voicemock.models import SpeechSpan, Word
from voicemock.word_times import in_order, joined, shared_s, unwritten, within

FILLERS: Final = ("um", "uh")

SHORTEST_VOICE_S: Final = 0.08
"""Of voice, that a filled pause needs. Of 935 in meeting monologues 95 % last 0.1 s or more."""

SHORTEST_UNCOVERED_VOICE_S: Final = 0.12
"""The same for one that was not written; less is the end of a word."""

LONGEST_SOUND_S: Final = 1.2
"""A longer sound that was not written is speech that was not understood. Of 935 filled pauses 90 % are shorter."""

SOUND_GAP_S: Final = 0.15
"""Silence that parts two filled pauses: "uh ... uh"."""

LEAST_GAIN: Final = -3.0
"""How much less probable a filled pause may make the transcript, as a logarithm. In 30 recordings and the same joined
all 6 stretches of uncovered voice above it were filled pauses, and 36 of the 40 below were none."""

LEAST_PROBABILITY: Final = 0.08
"""Of the filled pause itself, after the words before it."""

LEAST_GAIN_OF_HELD_SOUND: Final = -8.0
"""For a sound that a voice holds the same is not needed, but next to impossible it may not be."""

WORDS_AFTER: Final = 6
"""So many words after the place are made more or less probable by what stands there."""

_FILLED_PAUSE: Final = re.compile(r"u+h+m*|u+m+|e+r+m*|h+m+|m{2,}", re.IGNORECASE)
_PUNCTUATION: Final = ".,;:!?-\N{HORIZONTAL ELLIPSIS}"


class Scorer(Protocol):
    """Tells how probable words are in a clip that was heard."""

    def __call__(self, before: str, then: str) -> tuple[float, ...]:
        """Return the logarithm of the probability of each token of ``then`` after ``before``."""
        ...


class _Fit(NamedTuple):
    """How well a filled pause fits where nothing is written: better first."""

    gain: float
    probability: float
    text: str


def is_unheard(word: Word, acoustics: Acoustics) -> bool:
    """Whether a filled pause was written where no voice lasts long enough for one.

    Whisper writes "uh" once too often in a row, or puts it beside where it was said; what was said stays uncovered then
    and is found again.
    """
    if not _FILLED_PAUSE.fullmatch(word.text.strip(_PUNCTUATION)):
        return False
    return shared_s(SpeechSpan(word.start_s or 0.0, word.end_s or 0.0), acoustics.voiced) < SHORTEST_VOICE_S


def dropped_fillers(words: Sequence[Word], acoustics: Acoustics, score: Scorer) -> tuple[Word, ...]:
    """Return the filled pauses that the transcriber heard but did not write, in order.

    Where a voice stands that no word covers, the transcriber is asked how probable its words are with one and without.

    Args:
        words: What was written, in order, held against the sound.
        acoustics: Of the clip.
        score: Of the same clip.
    """
    found: tuple[Word, ...] = ()
    for sound in _uncovered(words, acoustics):
        fit = _best_fit(in_order(words, found), sound, score)
        if fit.gain >= LEAST_GAIN and fit.probability >= LEAST_PROBABILITY:
            probability = round(fit.probability, 3)
            found = (*found, Word(text=fit.text, start_s=sound.start_s, end_s=sound.end_s, probability=probability))
    return found


def fillers_by_sound(words: Sequence[Word], acoustics: Acoustics, score: Scorer) -> tuple[Word, ...]:
    """Return the filled pauses that are found by their sound alone, in order; ``words`` as in ``dropped_fillers``.

    Their probability is the share of the sound that is steady.
    """
    found: list[Word] = []
    for span, steadiness in held_sounds(acoustics, words):
        fit = _best_fit(words, span, score)
        if fit.gain >= LEAST_GAIN_OF_HELD_SOUND:
            word = Word(text=fit.text, start_s=span.start_s, end_s=span.end_s, probability=steadiness, heard_as="sound")
            found.append(word)
    return tuple(found)


def _uncovered(words: Sequence[Word], acoustics: Acoustics) -> tuple[SpeechSpan, ...]:
    """Return the sounds between words that hold a voice and could be one filled pause."""
    return tuple(
        sound
        for stretch in unwritten(words, acoustics.voiced, SHORTEST_UNCOVERED_VOICE_S)
        for sound in joined(within(stretch, acoustics.sounds), SOUND_GAP_S)
        if sound.end_s - sound.start_s <= LONGEST_SOUND_S
        and shared_s(sound, acoustics.voiced) >= SHORTEST_UNCOVERED_VOICE_S
    )


def _best_fit(words: Sequence[Word], sound: SpeechSpan, score: Scorer) -> _Fit:
    """Return the filled pause that fits best at the place of a sound."""
    before = [word.text for word in words if (word.start_s or 0.0) < sound.start_s]
    opening, rest = _spaced(before), _spaced([word.text for word in words[len(before) : len(before) + WORDS_AFTER]])
    without = sum(score(opening, rest))
    fits = []
    for text in FILLERS:
        scores = score(opening, f" {text},{rest}")
        fits.append(_Fit(sum(scores) - without, math.exp(scores[0]), text))
    return max(fits)


def _spaced(texts: Sequence[str]) -> str:
    return "".join(f" {text}" for text in texts)
