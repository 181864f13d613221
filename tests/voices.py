"""Synthetic voice sounds for tests: a buzz with the resonances of a mouth."""

from __future__ import annotations

import numpy as np

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
