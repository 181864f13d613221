"""Sounds that a voice holds and no word covers: filled pauses that only the ear can find.

An "uh" is a voiced sound that holds its pitch and its color: the mouth does not move while its owner thinks (Goto, Itou
& Hayamizu, 1999, "A real-time filled pause detection system for spontaneous speech recognition": small changes of the
fundamental frequency and of the spectral envelope). Running speech does that for a fraction of a syllable only.
Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np

from voicemock.acoustics import HOP_S, Acoustics, runs, span_of
from voicemock.models import SpeechSpan, Word
from voicemock.word_times import joined, shared_s

STEADY_CHANGE_DB: Final = 4.0
"""Median spectral change over 60 ms below which a voice is held. In 30 recordings filled pauses that no word covered
had 1.0 to 3.9, other voice that no word covered 3.7 to 7.5."""

PITCH_JUMP_SEMITONES: Final = 1.0
"""Most that the pitch of a held voice moves in 10 ms; more is another sound."""

SHORTEST_S: Final = 0.15
"""A held voice that is shorter is a vowel."""

SHORTEST_BEFORE_SPEECH_S: Final = 0.25
"""The same where speech goes on right behind it: the first vowel of a word may come before the word's time."""

LONGEST_S: Final = 1.5
"""A longer one is humming, or a machine."""

PARTS_APART_S: Final = 0.12
"""Between the vowel and the nasal of an "um" the sound changes for a moment."""

ONSET_S: Final = 0.1
"""How long after silence it may take until the voice is steady."""

COVERED: Final = 0.3
"""Share of the sound that words may cover; their times are not exact."""


class HeldSound(NamedTuple):
    """A stretch in which a voice is held.

    Attributes:
        span: From first to last.
        steadiness: Share of it in which pitch and color stand still, 0 to 1.
    """

    span: SpeechSpan
    steadiness: float


def held_sounds(acoustics: Acoustics, words: Sequence[Word]) -> tuple[HeldSound, ...]:
    """Return the held sounds of a clip that come out of silence, stand by themselves and are covered by no word.

    Args:
        acoustics: Of the clip.
        words: What was written, with times from the clip's start.
    """
    steady = tuple(_steady_voice(acoustics))
    return tuple(
        HeldSound(sound, round(min(1.0, shared_s(sound, steady) / (sound.end_s - sound.start_s)), 3))
        for sound in joined(steady, PARTS_APART_S)
        if _stands_free(sound, words, acoustics)
    )


def _steady_voice(acoustics: Acoustics) -> Iterable[SpeechSpan]:
    """Yield the stretches in which a voice holds its pitch and its color, in order."""
    pitch = acoustics.pitch_semitones
    jumps = np.abs(np.diff(pitch, prepend=pitch[:1])) > PITCH_JUMP_SEMITONES
    for start, end in runs(acoustics.is_voiced & ~jumps):
        is_held = float(np.median(acoustics.change_db[start:end])) <= STEADY_CHANGE_DB
        if is_held and (end - start) * HOP_S >= SHORTEST_S:
            yield span_of(start, end)


def _stands_free(voice: SpeechSpan, words: Sequence[Word], acoustics: Acoustics) -> bool:
    duration_s = voice.end_s - voice.start_s
    written = [SpeechSpan(word.start_s or 0.0, word.end_s or 0.0) for word in words]
    sound = next((each for each in acoustics.sounds if shared_s(each, [voice]) > 0), None)
    if sound is None or duration_s > LONGEST_S or shared_s(voice, written) > COVERED * duration_s:
        return False
    if voice.start_s - sound.start_s > ONSET_S:
        return False
    stands_alone = sound.end_s - voice.end_s <= ONSET_S
    return stands_alone or duration_s >= SHORTEST_BEFORE_SPEECH_S
