"""Synthetic voice sounds for tests: a buzz with the resonances of a mouth."""

from __future__ import annotations

import numpy as np

from voicemock.models import Prosody, ProsodyStretch, SentenceEnd
from voicemock.speech.clip import LISTENING_RATE, Samples

PITCH_HZ = 120.0


def seconds(duration_s: float) -> np.ndarray:
    return np.arange(round(duration_s * LISTENING_RATE)) / LISTENING_RATE


def hush(duration_s: float) -> Samples:
    return (np.random.default_rng(1).normal(0, 1e-4, len(seconds(duration_s)))).astype(np.float32)


def buzz(duration_s: float, *, formants_hz: tuple[float, float], glide_hz: float = 0.0) -> Samples:
    """A voice with two resonances; ``glide_hz`` moves them apart over the duration."""
    t = seconds(duration_s)
    progress = t / duration_s
    phase = 2 * np.pi * PITCH_HZ * t
    sound = np.zeros(len(t))
    for harmonic in range(1, 30):
        hz = harmonic * PITCH_HZ
        gain = sum(
            np.exp(-(((hz - f - glide_hz * progress * sign) / 150) ** 2))
            for f, sign in zip(formants_hz, (1, -1), strict=True)
        )
        sound += (gain + 0.02) * np.sin(harmonic * phase)
    fade = np.minimum(1.0, np.minimum(t, duration_s - t) / 0.02)
    return (0.2 * sound / np.abs(sound).max() * fade).astype(np.float32)


def uh(duration_s: float = 0.4) -> Samples:
    return buzz(duration_s, formants_hz=(600, 1200))


def talk(duration_s: float) -> Samples:
    """Syllables of 0.12 s, each with other resonances."""
    shapes = [(300, 2300), (700, 1100), (400, 800), (500, 1900), (750, 1300), (320, 1000)]
    count = round(duration_s / 0.12)
    return np.concatenate([buzz(0.12, formants_hz=shapes[i % len(shapes)], glide_hz=400) for i in range(count)])


def noise(duration_s: float) -> Samples:
    return np.random.default_rng(3).normal(0, 0.1, len(seconds(duration_s))).astype(np.float32)


def hum(duration_s: float) -> Samples:
    return (0.1 * np.sin(2 * np.pi * 100 * seconds(duration_s))).astype(np.float32)


def prosody(**changes) -> Prosody:
    """The melody of an ordinary answer of half a minute."""
    ordinary = Prosody(
        voiced_s=18.0,
        pitch_sd_semitones=2.2,
        pitch_range_semitones=8.0,
        loudness_sd_db=3.1,
        fade_db=1.0,
        sentence_end_drop_db=4.0,
        ends=(sentence_end(4.0), sentence_end(12.0, drop_db=9.4), sentence_end(29.0, rise_semitones=4.2)),
        stretches=(
            ProsodyStretch(start_s=0.0, end_s=15.0, pitch_sd_semitones=2.4, level_db=0.5),
            ProsodyStretch(start_s=15.0, end_s=30.0, pitch_sd_semitones=2.0, level_db=-0.5),
        ),
        one_note=(),
        contour_step_s=0.2,
        contour=(None, 0.5, 2.0, -1.5, None) * 30,
    )
    return ordinary.model_copy(update=changes)


def sentence_end(at_s: float, *, drop_db: float = 4.0, rise_semitones: float | None = -2.0) -> SentenceEnd:
    return SentenceEnd(
        at_s=at_s, end_s=at_s + 0.5, start_char=0, end_char=5, drop_db=drop_db, rise_semitones=rise_semitones
    )
