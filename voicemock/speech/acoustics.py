"""Measures sound every 10 ms: level, periodicity, pitch, and how fast its color changes.

Pure arithmetic on samples; words play no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from voicemock.models import SpeechSpan
from voicemock.speech.clip import LISTENING_RATE, Samples

Track: TypeAlias = NDArray[np.float64]
"""One value each 10 ms, shape (n,)."""

Flags: TypeAlias = NDArray[np.bool_]
"""One verdict each 10 ms, shape (n,)."""

HOP_S: Final = 0.01
WINDOW_S: Final = 0.04
"""Long enough for two periods of a voice of 50 Hz, short enough to stay inside a syllable."""

LOWEST_VOICE_HZ: Final = 70.0
HIGHEST_VOICE_HZ: Final = 350.0
"""Speaking voices lie between 75 and 300 Hz (Baken & Orlikoff, 2000)."""

VOICED: Final = 0.6
"""Periodicity from which a sound is a voice, not breath or noise."""

ABOVE_FLOOR_DB: Final = 6.0
"""A sound is at least this much louder than the quietest tenth of the clip ..."""

BELOW_SPEECH_DB: Final = 45.0
"""... and at most this much quieter than the loudest part, so that a quiet room is not taken for sound."""

CLEAR_WITHIN_DB: Final = 30.0
"""A voice meant to be heard is at most this much quieter than the loudest part. Of 41 filled pauses in real recordings
the quietest was 18 dB below it; a voice next door, or leaking from another headset, is 35 dB and more below."""

GAP_S: Final = 0.08
"""Shortest silence between two sounds; inside a syllable it is shorter."""

CHANGE_OVER_S: Final = 0.06
"""A vowel or consonant lasts about this long in fluent speech. Over this time running speech changes and a stretched
vowel does not."""

_HOP: Final = round(HOP_S * LISTENING_RATE)
_WINDOW: Final = round(WINDOW_S * LISTENING_RATE)
_FFT: Final = 2048
_BANDS: Final = 24
_BAND_EDGES_HZ: Final = (80.0, 5000.0)
_SILENCE: Final = 1e-10
"""Power of a silent frame: -100 dB."""


@dataclass(frozen=True, eq=False)
class Acoustics:
    """Tracks of one clip, one value each 10 ms.

    Attributes:
        level_db: Power, in decibels below full scale.
        periodicity: How much the sound repeats itself, 0 to 1: the height of the highest peak of the autocorrelation
            in the range of voices, corrected for the window (Boersma, 1993).
        pitch_semitones: The frequency of that peak, in semitones above 1 Hz; meaningless where nothing is periodic.
        change_db: How much the shape of the spectrum changes over 60 ms: the root mean square difference of 24 mel
            bands, each relative to the frame's mean.
    """

    level_db: Track
    periodicity: Track
    pitch_semitones: Track
    change_db: Track

    @cached_property
    def is_loud(self) -> Flags:
        """The frames with sound."""
        if not len(self.level_db):
            return np.zeros(0, bool)
        quiet, loud = np.percentile(self.level_db, (10, 95))
        return np.asarray(self.level_db > max(quiet + ABOVE_FLOOR_DB, loud - BELOW_SPEECH_DB))

    @cached_property
    def is_voiced(self) -> Flags:
        """The frames with a voice."""
        return self.is_loud & (self.periodicity >= VOICED)

    @cached_property
    def periodic(self) -> tuple[SpeechSpan, ...]:
        """The stretches that repeat themselves, in seconds, however quiet: a voice, a hum, or chance."""
        return _spans(self.periodicity >= VOICED)

    @cached_property
    def clear_voice(self) -> tuple[SpeechSpan, ...]:
        """The stretches with a voice that is meant to be heard, in seconds; ``voiced`` holds faint ones, too."""
        if not len(self.level_db):
            return ()
        is_near = self.level_db >= np.percentile(self.level_db, 95) - CLEAR_WITHIN_DB
        return _spans(self.is_voiced & is_near)

    @cached_property
    def sounds(self) -> tuple[SpeechSpan, ...]:
        """The stretches of sound, in seconds; gaps shorter than ``GAP_S`` are closed."""
        closed: list[tuple[int, int]] = []
        for start, end in runs(self.is_loud.tolist()):
            first = closed.pop()[0] if closed and (start - closed[-1][1]) * HOP_S < GAP_S else start
            closed.append((first, end))
        return tuple(span_of(start, end) for start, end in closed)

    @cached_property
    def voiced(self) -> tuple[SpeechSpan, ...]:
        """The stretches with a voice, in seconds."""
        return _spans(self.is_voiced)


def describe(samples: Samples) -> Acoustics:
    """Measure a clip at 16 kHz; a clip shorter than one window gives no values."""
    if len(samples) < _WINDOW:
        nothing = np.zeros(0)
        return Acoustics(nothing, nothing, nothing, nothing)
    frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW).astype(np.float32), _FFT)) ** 2
    periodicity, pitch = _periodicity(power)
    return Acoustics(
        level_db=10 * np.log10(np.mean(frames**2, axis=1, dtype=np.float64) + _SILENCE),
        periodicity=periodicity,
        pitch_semitones=pitch,
        change_db=_change(power),
    )


def _periodicity(power: NDArray[np.float32]) -> tuple[Track, Track]:
    """Return the height and the pitch of the autocorrelation's highest peak among voices."""
    correlation = np.fft.irfft(power)[:, :_WINDOW] / _window_correlation()
    shortest, longest = (round(LISTENING_RATE / hz) for hz in (HIGHEST_VOICE_HZ, LOWEST_VOICE_HZ))
    lag = shortest + np.argmax(correlation[:, shortest:longest], axis=1)
    height = correlation[np.arange(len(lag)), lag] / np.maximum(correlation[:, 0], _SILENCE)
    return np.clip(height, 0.0, 1.0), 12 * np.log2(LISTENING_RATE / lag)


@cache
def _window_correlation() -> Track:
    correlation = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(_WINDOW), _FFT)) ** 2)[:_WINDOW]
    return np.asarray(correlation / correlation[0])


def _change(power: NDArray[np.float32]) -> Track:
    bands = 10 * np.log10(power @ _mel_bands().T + _SILENCE)
    shape = bands - bands.mean(axis=1, keepdims=True)
    half = round(CHANGE_OVER_S / HOP_S) // 2
    change = np.zeros(len(shape))
    if len(shape) > 2 * half:
        change[half:-half] = np.sqrt(np.mean((shape[2 * half :] - shape[: -2 * half]) ** 2, axis=1))
    return change


@cache
def _mel_bands() -> NDArray[np.float64]:
    """Return triangular filters over the spectrum, shape (24, 1025)."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in _BAND_EDGES_HZ)
    edges = 700 * (10 ** (np.linspace(low, high, _BANDS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(_FFT, 1 / LISTENING_RATE)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0.0, np.minimum(rising, falling))


def runs(flags: Iterable[bool]) -> Iterator[tuple[int, int]]:
    """Yield the first frame of each run of true flags, and the frame after its last."""
    position = 0
    for flag, run in groupby(flags):
        start, position = position, position + len(list(run))
        if flag:
            yield start, position


def _spans(flags: Flags) -> tuple[SpeechSpan, ...]:
    """Return the seconds of each run of true flags."""
    return tuple(span_of(start, end) for start, end in runs(flags.tolist()))


def span_of(start: int, end: int) -> SpeechSpan:
    """Return the seconds that a run of frames covers; each stands for the 10 ms around its middle."""
    first_s = (WINDOW_S - HOP_S) / 2
    return SpeechSpan(round(start * HOP_S + first_s, 3), round(end * HOP_S + first_s, 3))
