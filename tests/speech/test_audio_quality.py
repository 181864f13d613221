"""Recordings that are too poor to count."""

from __future__ import annotations

import numpy as np
import pytest

from voicemock.models import AudioQuality
from voicemock.speech.audio_quality import LevelMeter, judge_quality
from voicemock.speech.clip import FRAME_S, FRAME_SAMPLES

SILENT, SPEECH = 2.0, 4.0


def judged(speech_db: float, noise_db: float, *, speech_s: float = SPEECH, silent_s: float = SILENT) -> AudioQuality:
    """Judge a recording of speech and then silence at these levels."""
    silent, speech = round(silent_s / FRAME_S), round(speech_s / FRAME_S)
    powers = [10 ** (speech_db / 10)] * speech + [10 ** (noise_db / 10)] * silent
    return judge_quality(powers, [0] * len(powers), [True] * speech + [False] * silent)


@pytest.mark.parametrize(
    ("speech_db", "noise_db", "problems"),
    [(-20, -60, ()), (-20, -33, ()), (-20, -31, ("noisy",)), (-55, -75, ("quiet",)), (-55, -60, ("noisy", "quiet"))],
)
def test_problems_follow_from_levels(speech_db: float, noise_db: float, problems: tuple[str, ...]) -> None:
    quality = judged(speech_db, noise_db)
    assert quality.problems == problems
    assert quality.speech_over_noise_db == pytest.approx(speech_db - noise_db)


@pytest.mark.parametrize(("speech_s", "silent_s"), [(4.0, 0.3), (0.0, 4.0), (0.0, 0.0), (0.03, 0.0), (0.0, 0.12)])
def test_what_cannot_be_compared_is_not_measured(speech_s: float, silent_s: float) -> None:
    quality = judged(-20, -25, speech_s=speech_s, silent_s=silent_s)
    assert quality.speech_over_noise_db is None
    assert "noisy" not in quality.problems


def test_the_edges_of_speech_are_no_silence() -> None:
    """A fading word would otherwise pass for noise."""
    powers, flags = [1e-2] * 100 + [1e-3] * 3 + [1e-7] * 40, [True] * 100 + [False] * 43
    quality = judge_quality(powers, [0] * len(powers), flags)
    assert quality.noise_db == pytest.approx(-70.0)


def test_speech_at_full_scale_is_clipped() -> None:
    meter = LevelMeter()
    loud = np.full(FRAME_SAMPLES, 0.5, np.float32)
    loud[:4] = 1.0
    for _ in range(40):
        meter.take(loud)
    quality = meter.quality([True] * 40)
    assert quality.clipped_share == pytest.approx(4 / FRAME_SAMPLES, abs=1e-4)
    assert quality.problems == ("clipped",)
