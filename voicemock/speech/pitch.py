"""Follows the pitch and the level of a voice with SwiftF0, a small network (Nieradzik, 2025).

While an answer is recorded it takes a second of sound at a time, so that nothing of it is left to do at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from voicemock.errors import WeightsError
from voicemock.packaged import SWIFT_F0
from voicemock.speech.clip import LISTENING_RATE, Samples
from voicemock.weights import verify_bundled

if TYPE_CHECKING:
    from swift_f0 import PitchResult, SwiftF0

Track: TypeAlias = NDArray[np.float64]
"""One value each 16 ms, shape (n,)."""

STEP_S: Final = 0.016
LOWEST_HZ: Final = 60.0
HIGHEST_HZ: Final = 500.0
"""Speaking voices lie between 75 and 300 Hz (Baken & Orlikoff, 2000); a lively one goes beyond for a moment."""

_BLOCK: Final = LISTENING_RATE
"""Least samples handed to the network at once: 10 ms of work. It looks at 0.35 s around each block anew."""

_LONGEST_BLOCK: Final = 5 * LISTENING_RATE
"""Most samples handed to it at once. It takes 2 MB for 5 s, 165 MB for 30 s, and 1.1 GB for 5 minutes."""


@dataclass(frozen=True, eq=False)
class VoiceTrack:
    """Pitch and level of a recording, one value each 16 ms.

    Attributes:
        at_s: Moment of each value, on the answer's clock.
        semitones: Pitch, in semitones above 1 Hz; meaningless where there is no voice.
        confidence: How sure it is that there is a voice, 0 to 1; a voice from 0.5 on.
        level_db: Level of the 32 ms around, in decibels below full scale.
    """

    at_s: Track
    semitones: Track
    confidence: Track
    level_db: Track

    def before(self, end_s: float) -> VoiceTrack:
        """Return what comes before a moment."""
        kept = self.at_s < end_s
        return VoiceTrack(self.at_s[kept], self.semitones[kept], self.confidence[kept], self.level_db[kept])


class PitchTracker:
    """Tracks one recording, whose sound comes piece by piece.

    Args:
        detector: The network; it may be shared.
    """

    def __init__(self, detector: SwiftF0) -> None:
        self._detector = detector
        self._stream = detector.stream(LOWEST_HZ, HIGHEST_HZ)
        self._waiting: list[Samples] = []
        self._found: list[VoiceTrack] = []
        self._begins_s = 0.0

    def take(self, samples: Samples) -> None:
        """Take the next sound, 16 kHz and without rumble, of any length."""
        self._waiting.append(samples)
        if sum(map(len, self._waiting)) >= _BLOCK:
            self._push()

    def go_back(self, to_s: float) -> None:
        """Forget everything from a moment on; what is taken next follows there."""
        self._found = [joined(self._found).before(to_s), self._rest().before(to_s)]
        self._stream = self._detector.stream(LOWEST_HZ, HIGHEST_HZ)
        self._begins_s = to_s

    def finish(self) -> VoiceTrack:
        """Return the whole track. Nothing can be taken afterwards."""
        return joined([*self._found, self._rest()])

    def _push(self) -> None:
        samples, self._waiting = np.concatenate(self._waiting), []
        pieces = (samples[start : start + _LONGEST_BLOCK] for start in range(0, len(samples), _LONGEST_BLOCK))
        found = [_track_of(self._stream.push(piece, LISTENING_RATE), self._begins_s) for piece in pieces]
        self._found.append(joined(found))

    def _rest(self) -> VoiceTrack:
        """Return what the network held back to look ahead."""
        if self._waiting:
            self._push()
            last = self._found.pop()
            return joined([last, _track_of(self._stream.flush(), self._begins_s)])
        return _track_of(self._stream.flush(), self._begins_s)


def joined(tracks: Sequence[VoiceTrack]) -> VoiceTrack:
    """Return tracks that follow one another as one."""
    nothing = np.zeros(0)
    columns = zip(*((each.at_s, each.semitones, each.confidence, each.level_db) for each in tracks), strict=True)
    return VoiceTrack(*(np.concatenate(column) for column in columns)) if tracks else VoiceTrack(*4 * (nothing,))


def _track_of(found: PitchResult, begins_s: float) -> VoiceTrack:
    semitones = 12 * np.log2(np.maximum(found.pitch_hz, 1.0))
    return VoiceTrack(found.timestamps + begins_s, semitones, found.confidence, found.loudness_db)


def load_pitch_tracker() -> PitchTracker | None:
    """Return a fresh tracker; None where SwiftF0 is not installed or is damaged: then the melody is not measured.

    ``voicemock doctor`` says so.
    """
    try:
        verify_bundled(SWIFT_F0)
        return PitchTracker(_detector())
    except (ImportError, WeightsError):
        return None


@cache
def _detector() -> SwiftF0:
    from swift_f0 import SwiftF0

    return SwiftF0(threads=1, spin=False)


def tracking(
    samples: Samples, tracker: PitchTracker, then: Callable[[int, int], None] | None = None
) -> Callable[[int, int], None]:
    """Return a progress function that tracks a clip's pitch step by step, so that one progress covers both.

    Args:
        samples: The whole clip, 16 kHz; what is left is tracked with the last step.
        tracker: Takes it.
        then: Called afterwards with the same numbers.
    """
    taken = 0

    def step(done: int, count: int) -> None:
        nonlocal taken
        until = len(samples) * done // max(1, count)
        tracker.take(samples[taken : max(taken, until)])
        taken = max(taken, until)
        if then is not None:
            then(done, count)

    return step
