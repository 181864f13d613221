"""Measures the echo: how long the microphone goes on hearing the speaker after a sentence.

The sound for it is held in memory until the sentence is over and then dropped; it is never recorded.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Final, Protocol

import numpy as np

from voicemock.errors import DeviceError
from voicemock.speech.clip import FRAME_S, FRAME_SAMPLES, LISTENING_RATE, AudioClip, Samples
from voicemock.speech.devices import Speaker

LEAST_HOLDOFF_S: Final = 0.3
"""The microphone is ignored for at least this long: a room's echo and the noise of opening it."""
LONGEST_HOLDOFF_S: Final = 1.5
"""And for no longer than this, or the first words of an answer are lost."""
MARGIN_S: Final = 0.1
"""Added to the measurement: one measurement is no worst case."""

LONG_ENOUGH_S: Final = 1.0
"""A shorter clip holds too little sound to be found again in what is heard."""
LONGEST_DELAY_S: Final = 2.5
"""From opening the microphone to the clip's first sound in it: opening a device, and a wireless way there and back."""

CLEARLY: Final = 10.0
"""How far the best match must stand out, in standard deviations of all. Of about 40,000 delays tried, the best match of
unrelated sound stands out by 4 to 6."""
_BAND_HZ: Final = (300.0, 4000.0)
"""The band of speech, which small speakers play and telephone-like microphones hear."""

_SETTLED_S: Final = 0.3
"""Listening goes on for this long after the last sound, until the room is silent."""
_FADED: Final = 0.03
"""Share of the echo's own level (-30 decibels) that no detector takes for speech."""
_ABOVE_BACKGROUND: Final = 2.0
_CALM_FRAMES: Final = 3
_SILENT_END: Final = 0.02
"""Share of a clip's peak below which its end is silence."""


class EchoMicrophone(Protocol):
    """A microphone that can also listen without holding off."""

    echo_holdoff_s: float

    def sound(self) -> Generator[Samples, None, None]:
        """Yield frames from the first sample on."""
        ...


class EchoMeasuringSpeaker:
    """A speaker that measures with its first long clip how long the microphone must hold off.

    Args:
        speaker: Plays; also an attribute.
        microphone: Its hold-off is set once it is known.
        clock: Seconds of wall clock.
    """

    def __init__(
        self, speaker: Speaker, microphone: EchoMicrophone, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.speaker = speaker
        self._microphone = microphone
        self._clock = clock
        self._is_measured = False

    @property
    def name(self) -> str:
        """Display name of the device."""
        return self.speaker.name

    def play(self, clip: AudioClip, is_skipped: Callable[[], bool] = lambda: False) -> None:
        """Play a clip and return after its last sound, as ``Speaker.play`` does.

        The first clip of a second or more is the one to measure with, unless its rest was skipped.
        """
        if self._is_measured or clip.duration_s < LONG_ENOUGH_S:
            self.speaker.play(clip, is_skipped)
            return
        with closing(self._microphone.sound()) as frames:
            try:
                heard = [next(frames)]
            except (DeviceError, StopIteration):  # listening will report it; speaking needs no microphone
                self.speaker.play(clip, is_skipped)
                return
            began = self._clock()
            self.speaker.play(clip, is_skipped)
            if is_skipped():
                return
            returned_s = FRAME_S + self._clock() - began
            self._microphone.echo_holdoff_s = holdoff_s(_echo_after(clip, heard, frames, returned_s))
            self._is_measured = True


def holdoff_s(echo_s: float | None) -> float:
    """Return how long to ignore the microphone if it hears the speaker for ``echo_s`` too long; None means never."""
    return min(LONGEST_HOLDOFF_S, max(LEAST_HOLDOFF_S, (echo_s or 0.0) + MARGIN_S))


def echo_start_s(played: Samples, heard: Samples) -> float | None:
    """Return where the clip begins in what the microphone heard; None if it is not there.

    Both are at 16 kHz. Correlates the phases alone (GCC-PHAT: Knapp and Carter 1976), which a room, a small speaker and
    other voices disturb little.
    """
    size = 1 << (len(played) + len(heard)).bit_length()
    product = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(played, size))
    hertz = np.fft.rfftfreq(size, 1 / LISTENING_RATE)
    product[(hertz < _BAND_HZ[0]) | (hertz > _BAND_HZ[1])] = 0
    strength = np.abs(product)
    if not strength.any():
        return None
    match = np.fft.irfft(product / np.maximum(strength, 1e-9 * strength.max()), size)
    match = match[: min(len(heard), round(LONGEST_DELAY_S * LISTENING_RATE))]
    best = int(np.argmax(match))
    return best / LISTENING_RATE if match[best] > CLEARLY * match.std() else None


def echo_end_s(played: Samples, heard: Samples, start_s: float) -> float:
    """Return when the echo of a clip has faded in what the microphone heard; the end of it if it never has.

    Args:
        played: The clip, 16 kHz.
        heard: The microphone's sound, 16 kHz.
        start_s: Where the clip begins in it.
    """
    frames = heard[: len(heard) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    levels = np.sqrt(np.mean(frames**2, axis=1))
    first, last = (round(time_s / FRAME_S) for time_s in (start_s, start_s + sounding_s(played)))
    echo, background = np.percentile(levels[first : last + 1], 75), np.percentile(levels, 10)
    is_calm = levels < max(_FADED * echo, _ABOVE_BACKGROUND * background)
    for position in range(last, len(levels) - _CALM_FRAMES + 1):
        if is_calm[position : position + _CALM_FRAMES].all():
            return position * FRAME_S
    return len(levels) * FRAME_S


def sounding_s(clip: Samples) -> float:
    """Return the length of a clip at 16 kHz without the silence at its end."""
    loud = np.flatnonzero(np.abs(clip) > _SILENT_END * np.max(np.abs(clip), initial=0.0))
    return float(loud[-1] + 1) / LISTENING_RATE if len(loud) else 0.0


def _echo_after(
    clip: AudioClip, heard: list[Samples], frames: Generator[Samples, None, None], returned_s: float
) -> float | None:
    """Return how many seconds after its end the clip was still heard; None if it never was.

    Args:
        clip: The clip that was played.
        heard: The frames from before it.
        frames: The frames since; more are taken only if there is an echo to wait for.
        returned_s: When the speaker returned, on the microphone's clock.
    """
    played = clip.at_rate(LISTENING_RATE).samples
    _listen_until(returned_s, heard, frames)
    start_s = echo_start_s(played, np.concatenate(heard))
    if start_s is None:
        return None
    settled_s = start_s + sounding_s(played) + _SETTLED_S
    _listen_until(min(settled_s, returned_s + LONGEST_HOLDOFF_S), heard, frames)
    return max(0.0, echo_end_s(played, np.concatenate(heard), start_s) - returned_s)


def _listen_until(moment_s: float, heard: list[Samples], frames: Generator[Samples, None, None]) -> None:
    while len(heard) * FRAME_S < moment_s and (frame := next(frames, None)) is not None:
        heard.append(frame)
