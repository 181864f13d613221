"""Warns of a bad microphone during an answer, whatever shows the warning."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np

from voicemock.speech.audio_quality import RecentSound, Trouble, trouble_in
from voicemock.speech.clip import frames_in
from voicemock.speech.recorder import Progress

REMEMBERED_S: Final = 15.0
"""How much sound a warning is judged by."""
HELD_S: Final = 5.0
"""A warning stays this long after its cause is gone, so that it can be read and does not flicker."""

_TEXTS: Final = {
    Trouble.MUTED: "No sound at all from {}. Is it muted, or the wrong microphone?",
    Trouble.DROPPED: "The computer is too busy: sound was dropped. Close other programs.",
    Trouble.CLIPPED: "Too loud: your voice is cut off. Move back, or turn down {}.",
    Trouble.UNHEARD: "Hardly any sound from {}. Is it the right microphone, and turned up?",
    Trouble.NOISY: "There is a loud steady noise. Fillers and words may be missed.",
    Trouble.QUIET: "Very quiet: move closer, or turn up {}.",
}


def warning_text(trouble: Trouble, microphone: str) -> str:
    """Return what is wrong and what to do; ``microphone`` is its display name."""
    return _TEXTS[trouble].format(microphone)


def trouble_heard(recent: Sequence[Progress]) -> Trouble | None:
    """Return the most serious trouble in the last frames, oldest first; ``REMEMBERED_S`` of them are enough."""
    if not recent:
        return None
    sound = RecentSound(
        levels=np.array([progress.level for progress in recent]),
        peaks=np.array([progress.peak for progress in recent]),
        is_speech=np.array([progress.speaking and progress.silent_for_s == 0 for progress in recent]),
        has_begun=recent[-1].speaking,
        was_dropped=recent[-1].overflows > recent[0].overflows,
    )
    return trouble_in(sound)


class MicrophoneWatch:
    """Follows the progress of one stretch of listening, and keeps a warning long enough to be read.

    Attributes:
        trouble: The current warning.
    """

    _HELD_FRAMES = frames_in(HELD_S)
    _CHECK_FRAMES = 8
    """A check costs 0.3 ms and looks at seconds of sound: every 0.24 s is enough."""

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
        found = trouble_heard(self._recent)
        is_serious = found is not None and (self.trouble is None or found <= self.trouble)
        if is_serious or self._frames - self._seen_at >= self._HELD_FRAMES:
            self.trouble, self._seen_at = found, self._frames
