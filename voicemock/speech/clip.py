"""Sound in memory: clips, the listening frames they are cut into, and 16-bit PCM."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import soxr
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]
"""Mono samples in [-1, 1], shape (n,)."""

LISTENING_RATE: Final = 16_000
"""Hz. Whisper, WebRTC and Silero all work at this rate; microphones are resampled to it once."""

FRAME_SAMPLES: Final = 480
"""Samples in a listening frame: 30 ms at 16 kHz, the longest frame that WebRTC VAD takes."""

FRAME_S: Final = FRAME_SAMPLES / LISTENING_RATE
_PCM16_SCALE: Final = np.float32(32768)
"""libav's scale as well, so a recording that is read back equals, bit by bit, what was heard."""


def frames_in(duration_s: float) -> int:
    """Return the number of frames that last at least this long."""
    return math.ceil(round(duration_s / FRAME_S, 6))


@dataclass(frozen=True, slots=True)
class AudioClip:
    """A stretch of mono sound.

    Attributes:
        samples: float32 in [-1, 1], shape (n,).
        sample_rate: Hz.
    """

    samples: Samples
    sample_rate: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate

    def at_rate(self, sample_rate: int) -> AudioClip:
        """Return the same sound at another sample rate."""
        if sample_rate == self.sample_rate or not len(self.samples):
            return AudioClip(self.samples, sample_rate)

        return AudioClip(soxr.resample(self.samples, self.sample_rate, sample_rate), sample_rate)

    def between(self, start_s: float, end_s: float) -> AudioClip:
        """Return the stretch from ``start_s`` to ``end_s``, cut to the clip's own ends."""
        start, end = (max(0, round(t * self.sample_rate)) for t in (start_s, end_s))
        return AudioClip(self.samples[start:end], self.sample_rate)


def silence(duration_s: float, sample_rate: int = LISTENING_RATE) -> AudioClip:
    """Return a clip of digital silence."""
    return AudioClip(np.zeros(round(duration_s * sample_rate), np.float32), sample_rate)


def frames_of(clip: AudioClip) -> Iterator[Samples]:
    """Cut a clip into listening frames; the last is padded with silence."""
    samples = clip.at_rate(LISTENING_RATE).samples
    for start in range(0, len(samples), FRAME_SAMPLES):
        yield whole_frame(samples[start : start + FRAME_SAMPLES])


def whole_frame(samples: Samples) -> Samples:
    """Return at most 480 samples as one listening frame, padded with silence."""
    return samples if len(samples) == FRAME_SAMPLES else np.pad(samples, (0, FRAME_SAMPLES - len(samples)))


def to_pcm16(samples: Samples) -> bytes:
    """Return samples as little-endian signed 16-bit PCM."""
    return (samples * _PCM16_SCALE).round().clip(-32768, 32767).astype("<i2").tobytes()


def from_pcm16(data: bytes) -> Samples:
    """Return the samples of little-endian signed 16-bit PCM; an odd last byte is left out."""
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float32) / _PCM16_SCALE
