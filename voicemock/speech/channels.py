"""Decides which track and which channels of a file are heard: those that hold a voice, at the level it was recorded.

Averaging whatever there is loses a voice: a channel of inverted polarity cancels it, and silent channels make it quiet.
Pure functions, on what ``ChannelSurvey`` measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from voicemock.speech.clip import FRAME_S, FRAME_SAMPLES
from voicemock.speech.rumble import RumbleFilter
from voicemock.speech.vad import VoiceActivityDetector

Channels = np.ndarray[tuple[int, int], np.dtype[np.float32]]
"""Samples at 16 kHz, shape (n, channels)."""

ALIKE: Final = 0.9
"""Correlation, of either sign, from which two channels are one sound. What one microphone heard has 1, a stereo
microphone near a mouth 0.9 and more, two people on a channel each 0.3 at most."""

SILENT_BELOW: Final = 0.01
"""Of the loudest channel's level (-40 dB): crosstalk, or the noise of an empty input."""

AS_LOUD: Final = 0.5
"""Of the loudest channel's level (-6 dB): what is quieter would only make the mean quieter."""

AS_MUCH_SPEECH: Final = 0.8
"""Share of the most speech in any channel. Detectors differ by less; then the louder voice is heard."""

_NOTHING: Final = 1e-20
"""Product of levels that stands for that of silence."""

_INAUDIBLE: Final = 1e-4
"""Peak of a frame (-80 dB) that holds no voice, whatever a detector would say."""


@dataclass(frozen=True, slots=True)
class Mix:
    """How the channels of a track become one sound.

    Attributes:
        weights: Of each channel; the sum of their sizes is 1.
        speech_s: Seconds of speech in the channels that are heard.
        level: Root mean square of that speech, or of all sound without speech.
    """

    weights: tuple[float, ...]
    speech_s: float
    level: float

    @property
    def heard(self) -> tuple[int, ...]:
        """Numbers of the channels that are heard, counted from 1."""
        return tuple(number for number, weight in enumerate(self.weights, start=1) if weight)

    @property
    def is_inverted(self) -> bool:
        """Whether a channel is turned over to be added."""
        return min(self.weights) < 0

    def of(self, channels: Channels) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        """Return the one sound, shape (n,)."""
        return channels @ np.asarray(self.weights, np.float32)


def even_mix(channels: int) -> Mix:
    """Return the mean of all channels."""
    return Mix((1 / channels,) * channels, 0.0, 0.0)


class ChannelSurvey:
    """Measures the channels of a track, block by block: level, likeness, and speech.

    Args:
        channels: How many there are.
        load_detector: Makes a voice activity detector; each channel gets its own.
    """

    def __init__(self, channels: int, load_detector: Callable[[], VoiceActivityDetector]) -> None:
        self._detectors = [load_detector() for _ in range(channels)]
        self._rumble = [RumbleFilter() for _ in range(channels)]
        self._count = 0
        self._products = np.zeros((channels, channels))
        self._speech_frames = np.zeros(channels)
        self._speech_power = np.zeros(channels)
        self._rest: Channels = np.zeros((0, channels), np.float32)

    def take(self, block: Channels) -> None:
        """Measure the next samples."""
        if not len(block):
            return
        heard = np.stack([each.take(block[:, n]) for n, each in enumerate(self._rumble)], axis=1)
        self._count += len(heard)
        self._products += heard.T.astype(np.float64) @ heard
        waiting = np.concatenate([self._rest, heard])
        whole = len(waiting) // FRAME_SAMPLES * FRAME_SAMPLES
        for frame in waiting[:whole].reshape(-1, FRAME_SAMPLES, block.shape[1]):
            self._hear(frame)
        self._rest = waiting[whole:]

    def _hear(self, frame: Channels) -> None:
        """Ask the detectors about a frame; a channel that repeats the first one is not asked again."""
        first = frame[:, 0]
        verdicts: list[bool] = []
        for number, detector in enumerate(self._detectors):
            own = frame[:, number]
            is_copy = number > 0 and (np.array_equal(own, first) or np.array_equal(own, -first))
            if is_copy:
                verdicts.append(verdicts[0])
            else:
                is_audible = float(np.abs(own).max()) >= _INAUDIBLE
                verdicts.append(is_audible and detector.is_speech(np.ascontiguousarray(own)))
        is_speech = np.asarray(verdicts)
        self._speech_frames += is_speech
        self._speech_power += is_speech * np.mean(frame.astype(np.float64) ** 2, axis=0)

    def mix(self) -> Mix:
        """Return how to hear what was surveyed."""
        covariance = self._products / max(1, self._count)
        speech_level = np.sqrt(self._speech_power / np.maximum(1, self._speech_frames))
        return choose_mix(covariance, (self._speech_frames * FRAME_S).tolist(), speech_level.tolist())


def choose_mix(
    covariance: np.ndarray[Any, np.dtype[np.float64]], speech_s: Sequence[float], speech_levels: Sequence[float]
) -> Mix:
    """Return how to hear channels: the one with the voice, with those that hold the same sound as loudly.

    Args:
        covariance: Of the samples of the channels, shape (channels, channels).
        speech_s: Seconds of speech in each channel.
        speech_levels: Root mean square of each channel's speech.
    """
    count, overall = len(speech_s), np.sqrt(np.diag(covariance))
    if not overall.any():
        return even_mix(count)
    audible = [n for n in range(count) if overall[n] >= SILENT_BELOW * overall.max()]
    most_s = max(speech_s[n] for n in audible)
    speaking = [n for n in audible if most_s > 0 and speech_s[n] >= AS_MUCH_SPEECH * most_s] or audible
    levels = speech_levels if most_s > 0 else overall.tolist()
    leader = max(speaking, key=lambda n: levels[n])
    likeness = covariance[leader] / np.maximum(overall * overall[leader], _NOTHING)
    same = [n for n in audible if abs(likeness[n]) >= ALIKE and overall[n] >= AS_LOUD * overall[leader]]
    weights = [float(np.sign(likeness[n])) / len(same) if n in same else 0.0 for n in range(count)]
    return Mix(tuple(weights), speech_s[leader], levels[leader])


def choose_track(mixes: Sequence[Mix]) -> int:
    """Return the index of the track with the voice; without speech the first that holds any sound."""
    most_s = max(mix.speech_s for mix in mixes)
    if most_s == 0:
        return next((n for n, mix in enumerate(mixes) if mix.level > 0), 0)
    speaking = [n for n, mix in enumerate(mixes) if mix.speech_s >= AS_MUCH_SPEECH * most_s]
    return max(speaking, key=lambda n: mixes[n].level)
