"""Judges sound: a recording, the last seconds of listening, and a short microphone test.

Pure arithmetic on levels and voice activity verdicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal

import numpy as np

from voicemock.models import AudioProblem, AudioQuality
from voicemock.speech.clip import FRAME_S, FRAME_SAMPLES, AudioClip, Samples, frames_in, frames_of

_Series = np.ndarray[tuple[int], np.dtype[np.float64]]

_Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]

MicrophoneFinding = Literal["silent", "clipped", "noise_without_voice", "no_voice", "quiet", "noisy", "fine"]

# Thresholds of every judge.

SHORTEST_SAMPLE_S: Final = 0.5
"""Of speech and of silence each, to compare them."""

AWAY_FROM_SPEECH_FRAMES: Final = 3
"""Frames this close to speech are no silence: they hold its onset and its reverberation."""

CLIPPED_FROM: Final = 0.99
"""An absolute sample from here up counts as cut off at full scale."""

CLIPPED_ABOVE: Final = 0.001
"""Share of the samples of speech at full scale from which distortion is heard."""

NOISY_BELOW_DB: Final = 12.0
"""Speech over noise. Measured with noise added to recordings (docs/accuracy.md): below it filled pauses are lost."""

QUIET_BELOW_DB: Final = -50.0
"""Speech below full scale: the microphone is far away or turned down."""

# Thresholds for the last seconds of listening.

MUTED_PEAK: Final = 1.5 / 2**15
"""A peak of one step of 16-bit sound comes from a switched-off microphone, never from a room."""

MUTED_AFTER_S: Final = 3.0

MUTED_BEFORE_BELOW: Final = 0.1
"""Share of earlier frames that may be as silent. A microphone with more cleans up the silence between words itself."""

UNHEARD_AFTER_S: Final = 8.0
"""If almost nothing is heard for this long, the candidate may be using another microphone."""

CLIPPED_FRAMES_ABOVE: Final = 0.1
"""Share of the frames of speech that touch full scale. Seven recordings made louder step by step passed
``CLIPPED_ABOVE`` (a share of samples) between 0.07 and 0.14."""

CLIPPED_WITHIN_S: Final = 3.0

STEADY_DB: Final = 6.0
"""From the 10th to the 90th percentile of 3 s. Fans and hum have 3 dB; of 17 recordings of speech none fell below 8."""

STEADY_WITHIN_S: Final = 3.0

NOISE_FROM_DB: Final = -40.0
"""Below full scale: 12 dB (``NOISY_BELOW_DB``) under the loudest speech of 28 recordings, which had -28 dB (their
median -37). Such noise costs filled pauses, however loud the voice."""

# Thresholds for a short test of the microphone.

SILENT_TEST_PEAK: Final = 0.0005
"""-66 decibels: below the noise of any live microphone; it is muted or not connected."""

QUIET_TEST_BELOW_DB: Final = -45.0
"""Speech below this is hard to tell from a room; laptops give about -30 to -20."""

NOISY_TEST_ABOVE_DB: Final = -35.0
"""Background above this, between words, covers quiet ones."""

_SILENCE: Final = 1e-10
"""Power that stands for digital silence, which has no logarithm."""

_FLOOR: Final = 1e-6


class LevelMeter:
    """Meters a recording frame by frame; its quality needs 8 bytes for each 30 ms."""

    def __init__(self) -> None:
        self._powers: list[float] = []
        self._clipped: list[int] = []

    def take(self, frame: Samples, as_recorded: Samples | None = None) -> None:
        """Meter the next frame; where it was filtered, ``as_recorded`` still shows what is cut off at full scale."""
        unfiltered = frame if as_recorded is None else as_recorded
        self._powers.append(float(np.mean(frame**2)))
        self._clipped.append(int(np.count_nonzero(np.abs(unfiltered) >= CLIPPED_FROM)))

    def forget(self, first: int, last: int) -> None:
        """Forget the frames from one to before another."""
        del self._powers[first:last], self._clipped[first:last]

    def quality(self, is_speech: Sequence[bool]) -> AudioQuality:
        """Judge the frames so far, given one speech verdict for each."""
        return judge_quality(self._powers, self._clipped, is_speech)


def quality_of(clip: AudioClip, is_speech: Sequence[bool], as_recorded: AudioClip | None = None) -> AudioQuality:
    """Judge a whole recording, given one speech verdict for each listening frame.

    Args:
        clip: The sound, without rumble.
        is_speech: A verdict for each of its frames.
        as_recorded: The same sound before it was filtered: there clipping shows.
    """
    meter = LevelMeter()
    for frame, unfiltered in zip(frames_of(clip), frames_of(as_recorded or clip), strict=True):
        meter.take(frame, unfiltered)
    return meter.quality(is_speech)


def judge_quality(powers: Sequence[float], clipped: Sequence[int], is_speech: Sequence[bool]) -> AudioQuality:
    """Compare the speech of a recording with its silence.

    Args:
        powers: Mean square of each frame.
        clipped: Samples at full scale in each frame.
        is_speech: Whether each frame holds speech.
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


def _level_db(power: _Series) -> float | None:
    """Return the median level, in decibels below full scale; None if there is too little sound to tell."""
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


class Trouble(IntEnum):
    """Reasons why a voice is not understood, the most serious first."""

    MUTED = 1
    """No sound arrives at all."""
    DROPPED = 2
    """The system dropped sound."""
    CLIPPED = 3
    UNHEARD = 4
    """The answer has not begun, and hardly any sound arrives."""
    NOISY = 5
    QUIET = 6


@dataclass(frozen=True, slots=True)
class RecentSound:
    """The last seconds of listening, one value for each frame.

    Attributes:
        levels: Root mean square.
        peaks: Largest absolute sample.
        is_speech: Whether the frame holds speech.
        has_begun: Whether the answer has begun.
        was_dropped: Whether the system dropped sound in these seconds.
    """

    levels: _Series
    peaks: _Series
    is_speech: _Flags
    has_begun: bool
    was_dropped: bool


def trouble_in(sound: RecentSound) -> Trouble | None:
    """Return the most serious trouble in the last seconds of listening."""
    decibels = 20 * np.log10(sound.levels + _FLOOR)
    if _is_muted(sound.peaks):
        return Trouble.MUTED
    if sound.was_dropped:
        return Trouble.DROPPED
    if _is_clipped(sound.peaks, sound.is_speech):
        return Trouble.CLIPPED
    if not sound.has_begun and _is_unheard(decibels):
        return Trouble.UNHEARD
    problems = judge_quality(list(sound.levels**2), [0] * len(sound.levels), sound.is_speech.tolist()).problems
    if "noisy" in problems or _is_steady_noise(decibels):
        return Trouble.NOISY
    return Trouble.QUIET if "quiet" in problems else None


def _is_muted(peaks: _Series) -> bool:
    """Return whether no sound arrives, unless the microphone is one that cleans up silence between words."""
    span = frames_in(MUTED_AFTER_S)
    silent = peaks <= MUTED_PEAK
    if len(silent) < span or not silent[-span:].all():
        return False
    before = silent[: np.flatnonzero(~silent).max(initial=0)]
    return not len(before) or bool(before.mean() < MUTED_BEFORE_BELOW)


def _is_clipped(peaks: _Series, is_speech: _Flags) -> bool:
    span = frames_in(CLIPPED_WITHIN_S)
    spoken = peaks[-span:][is_speech[-span:]]
    return len(spoken) >= frames_in(SHORTEST_SAMPLE_S) and bool((spoken >= CLIPPED_FROM).mean() > CLIPPED_FRAMES_ABOVE)


def _is_unheard(decibels: _Series) -> bool:
    span = frames_in(UNHEARD_AFTER_S)
    return len(decibels) >= span and bool(np.percentile(decibels[-span:], 95) < QUIET_BELOW_DB)


def _is_steady_noise(decibels: _Series) -> bool:
    span = frames_in(STEADY_WITHIN_S)
    if len(decibels) < span:
        return False
    low, high = np.percentile(decibels[-span:], (10, 90))
    return bool(low >= NOISE_FROM_DB and high - low < STEADY_DB)


def judge_test(samples: Samples, heard: Samples, speech: Sequence[bool]) -> tuple[MicrophoneFinding, float | None]:
    """Judge a short recording made while the user was asked to speak; also return the voice's level in decibels.

    Args:
        samples: The recording, 16 kHz.
        heard: The same without rumble, by which levels are judged.
        speech: Which of its 30 ms frames hold speech.
    """
    if not len(samples) or float(np.max(np.abs(heard))) < SILENT_TEST_PEAK:
        return "silent", None
    frames = heard[: len(speech) * FRAME_SAMPLES].reshape(len(speech), -1)
    loud, is_speech = np.sqrt(np.mean(frames**2, axis=1)), np.array(speech, bool)
    voice_db, background_db = _median_db(loud[is_speech]), _median_db(loud[~is_speech])
    is_noisy = background_db is not None and background_db > NOISY_TEST_ABOVE_DB
    if np.mean(np.abs(samples) >= CLIPPED_FROM) > CLIPPED_ABOVE:
        return "clipped", voice_db
    if voice_db is None:
        return ("noise_without_voice" if is_noisy else "no_voice"), None
    if voice_db < QUIET_TEST_BELOW_DB:
        return "quiet", voice_db
    return ("noisy" if is_noisy else "fine"), voice_db


def _median_db(levels: Samples) -> float | None:
    return 20 * float(np.log10(max(float(np.median(levels)), _SILENCE))) if len(levels) else None
