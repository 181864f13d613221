"""Whether a recording is good enough to count words and filled pauses in it.

Pure arithmetic on the power of listening frames and verdicts of voice activity detection.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from voicemock.audio import FRAME_S, FRAME_SAMPLES, AudioClip, Samples, frames_of
from voicemock.models import AudioProblem, AudioQuality

SHORTEST_SAMPLE_S: Final = 0.5
"""Of speech and of silence each, to compare them."""

AWAY_FROM_SPEECH_FRAMES: Final = 3
"""Frames this near to speech are no silence: they hold its beginning and its reverberation."""

FULL_SCALE: Final = 0.99
NOISY_BELOW_DB: Final = 12.0
"""Speech over noise. Measured with noise added to recordings (docs/accuracy.md): below it filled pauses are lost."""

CLIPPED_ABOVE: Final = 0.001
"""Share of the samples of speech at full scale from which distortion is heard."""

QUIET_BELOW_DB: Final = -50.0
"""Speech below full scale: the microphone is far away or turned down."""

_SILENCE: Final = 1e-10


class LevelMeter:
    """Takes a recording frame by frame and keeps what its quality is judged by: 8 bytes for each 30 ms."""

    def __init__(self) -> None:
        self._powers: list[float] = []
        self._clipped: list[int] = []

    def take(self, frame: Samples) -> None:
        """Take the next frame."""
        self._powers.append(float(np.mean(frame**2)))
        self._clipped.append(int(np.count_nonzero(np.abs(frame) >= FULL_SCALE)))

    def quality(self, is_speech: Sequence[bool]) -> AudioQuality:
        """Judge what was taken; one verdict for each frame."""
        return judge_quality(self._powers, self._clipped, is_speech)


def quality_of(clip: AudioClip, is_speech: Sequence[bool]) -> AudioQuality:
    """Judge a whole recording; one verdict for each listening frame."""
    meter = LevelMeter()
    for frame in frames_of(clip):
        meter.take(frame)
    return meter.quality(is_speech)


def judge_quality(powers: Sequence[float], clipped: Sequence[int], is_speech: Sequence[bool]) -> AudioQuality:
    """Compare the speech of a recording with its silence.

    Args:
        powers: Mean square of each frame.
        clipped: Samples at full scale in each frame.
        is_speech: Whether it holds speech.
    """
    speech = np.asarray(is_speech, bool)[: len(powers)]
    power = np.asarray(powers, np.float64)[: len(speech)]
    around = np.convolve(speech, np.ones(2 * AWAY_FROM_SPEECH_FRAMES + 1)) if len(speech) else speech
    near = around[AWAY_FROM_SPEECH_FRAMES:][: len(speech)] > 0
    level_db = _level_db(power[speech])
    noise_db = _level_db(power[~near])
    at_full_scale = np.asarray(clipped, np.float64)[: len(speech)][speech].sum()
    clipped_share = float(at_full_scale / (speech.sum() * FRAME_SAMPLES)) if speech.any() else None
    above_db = None if level_db is None or noise_db is None else level_db - noise_db
    return AudioQuality(
        speech_db=level_db,
        noise_db=noise_db,
        speech_over_noise_db=None if above_db is None else round(above_db, 1),
        clipped_share=None if clipped_share is None else round(clipped_share, 5),
        problems=_problems(level_db, above_db, clipped_share),
    )


def _level_db(power: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float | None:
    """Return the median level, in decibels below full scale; None where there is too little to tell."""
    if len(power) * FRAME_S < SHORTEST_SAMPLE_S:
        return None
    return round(float(10 * np.log10(np.median(power) + _SILENCE)), 1)


def _problems(level_db: float | None, above_db: float | None, clipped_share: float | None) -> tuple[AudioProblem, ...]:
    found: list[AudioProblem] = []
    if above_db is not None and above_db < NOISY_BELOW_DB:
        found.append("noisy")
    if level_db is not None and level_db < QUIET_BELOW_DB:
        found.append("quiet")
    if clipped_share is not None and clipped_share > CLIPPED_ABOVE:
        found.append("clipped")
    return tuple(found)
