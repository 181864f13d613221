"""What is wrong with the sound that arrives, told while there is still time to mend it.

Pure arithmetic on the progress of listening; a verdict comes from seconds of sound, and stays for seconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from enum import IntEnum
from typing import Final

import numpy as np

from voicemock.audio import frames_in
from voicemock.audio_quality import FULL_SCALE, QUIET_BELOW_DB, SHORTEST_SAMPLE_S, judge_quality
from voicemock.recorder import Progress

SILENT_PEAK: Final = 1.5 / 2**15
"""A largest sample of one step of 16-bit sound: what a switched-off microphone gives, and no room does."""
MUTED_AFTER_S: Final = 3.0

UNHEARD_AFTER_S: Final = 8.0
"""Whoever has not begun by then, and is hardly heard, may be talking into another microphone."""

CLIPPED_SHARE: Final = 0.1
"""Of the frames of speech, that touch full scale. Seven recordings made louder step by step passed
``audio_quality.CLIPPED_ABOVE`` (a share of samples) between 0.07 and 0.14."""
CLIPPED_WITHIN_S: Final = 3.0

STEADY_DB: Final = 6.0
"""From the 10th to the 90th percentile of 3 s. Fans and hum have 3 dB; of 17 recordings of speech none fell below 8."""
STEADY_WITHIN_S: Final = 3.0
NOISE_FROM_DB: Final = -40.0
"""Below full scale: 12 dB (``audio_quality.NOISY_BELOW_DB``) under the loudest speech of 28 recordings, which had
-28 dB (their median -37), so that it costs filled pauses whoever speaks."""

REMEMBERED_S: Final = 15.0
HELD_S: Final = 5.0
"""A warning stays this long after its cause is gone, so that it can be read and does not flicker."""

_FLOOR: Final = 1e-6


class Trouble(IntEnum):
    """What keeps a voice from being understood, the most serious first."""

    MUTED = 1
    """Nothing at all arrives."""
    DROPPED = 2
    """The system dropped sound."""
    CLIPPED = 3
    UNHEARD = 4
    """Nobody has spoken, and hardly any sound arrives."""
    NOISY = 5
    QUIET = 6


_TEXTS: Final = {
    Trouble.MUTED: "Nothing at all arrives from {}. Is it muted, or the wrong microphone?",
    Trouble.DROPPED: "The computer is too busy: sound was dropped. Close other programs.",
    Trouble.CLIPPED: "Too loud: your voice is cut off. Move back, or turn down {}.",
    Trouble.UNHEARD: "Hardly any sound arrives from {}. Is it the right microphone, and turned up?",
    Trouble.NOISY: "There is a loud steady noise. Fillers and words may be missed.",
    Trouble.QUIET: "Very quiet: come closer, or turn up {}.",
}


def warning_text(trouble: Trouble, microphone: str) -> str:
    """Say what is wrong, and what to do.

    Args:
        trouble: What is wrong.
        microphone: Its name, for people.
    """
    return _TEXTS[trouble].format(microphone)


def trouble_in(recent: Sequence[Progress]) -> Trouble | None:
    """Return the most serious trouble in the last seconds of listening.

    Args:
        recent: One for each frame, the newest last; ``REMEMBERED_S`` of them are enough.
    """
    if not recent:
        return None
    levels = np.array([progress.level for progress in recent])
    peaks = np.array([progress.peak for progress in recent])
    is_speech = np.array([progress.speaking and progress.silent_for_s == 0 for progress in recent])
    decibels = 20 * np.log10(levels + _FLOOR)
    if _is_muted(peaks):
        return Trouble.MUTED
    if recent[-1].overflows > recent[0].overflows:
        return Trouble.DROPPED
    if _is_clipped(peaks, is_speech):
        return Trouble.CLIPPED
    if not recent[-1].speaking and _is_unheard(decibels):
        return Trouble.UNHEARD
    problems = judge_quality(list(levels**2), [0] * len(levels), is_speech.tolist()).problems
    if "noisy" in problems or _is_steady_noise(decibels):
        return Trouble.NOISY
    return Trouble.QUIET if "quiet" in problems else None


_Series = np.ndarray[tuple[int], np.dtype[np.float64]]
_Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


def _is_muted(peaks: _Series) -> bool:
    """Whether nothing arrives; a microphone that is silent between words and sentences is only cleaned up."""
    span = frames_in(MUTED_AFTER_S)
    silent = peaks <= SILENT_PEAK
    if len(silent) < span or not silent[-span:].all():
        return False
    sounds = np.flatnonzero(~silent)
    return not len(sounds) or bool(silent[: sounds[-1]].mean() < CLIPPED_SHARE)


def _is_clipped(peaks: _Series, is_speech: _Flags) -> bool:
    span = frames_in(CLIPPED_WITHIN_S)
    spoken = peaks[-span:][is_speech[-span:]]
    return len(spoken) >= frames_in(SHORTEST_SAMPLE_S) and bool((spoken >= FULL_SCALE).mean() > CLIPPED_SHARE)


def _is_unheard(decibels: _Series) -> bool:
    span = frames_in(UNHEARD_AFTER_S)
    return len(decibels) >= span and bool(np.percentile(decibels[-span:], 95) < QUIET_BELOW_DB)


def _is_steady_noise(decibels: _Series) -> bool:
    span = frames_in(STEADY_WITHIN_S)
    if len(decibels) < span:
        return False
    low, high = np.percentile(decibels[-span:], (10, 90))
    return bool(low >= NOISE_FROM_DB and high - low < STEADY_DB)


class MicrophoneWatch:
    """Takes the progress of one stretch of listening, and keeps a warning for as long as it takes to read it.

    Attributes:
        trouble: What to warn of now; None where all is well.
    """

    _HELD_FRAMES = frames_in(HELD_S)
    _CHECK_FRAMES = 8
    """A check costs 0.3 ms, and verdicts come from seconds: every 0.24 s is enough."""

    def __init__(self) -> None:
        self.trouble: Trouble | None = None
        self._recent: deque[Progress] = deque(maxlen=frames_in(REMEMBERED_S))
        self._frames = 0
        self._seen_at = 0

    def take(self, progress: Progress) -> None:
        """Take the next frame's progress; call it for every frame."""
        self._recent.append(progress)
        self._frames += 1
        if self._frames % self._CHECK_FRAMES:
            return
        found = trouble_in(self._recent)
        is_serious = found is not None and (self.trouble is None or found <= self.trouble)
        if is_serious or self._frames - self._seen_at >= self._HELD_FRAMES:
            self.trouble, self._seen_at = found, self._frames
