"""Which track and which channels of a file are heard."""

from __future__ import annotations

import numpy as np
import pytest

from voicemock.speech.channels import Mix, choose_mix, choose_track, even_mix

ONE, HALF = 0.01, 0.0025
"""Power of a channel, and of one that is half as loud."""


def powers(*channels: float) -> np.ndarray:
    """The covariance of channels that have nothing in common."""
    return np.diag(np.array(channels, np.float64))


def alike(levels: list[float], correlation: float = 1.0) -> np.ndarray:
    """The covariance of channels with this correlation; a negative level turns one over."""
    covariance = np.outer(levels, levels)
    return np.where(np.eye(len(levels), dtype=bool), covariance, correlation * covariance)


@pytest.mark.parametrize(
    ("covariance", "speech_s", "weights"),
    [
        (powers(ONE), [9], (1,)),
        (alike([0.1, 0.1]), [9, 9], (0.5, 0.5)),
        (alike([0.1, -0.1]), [9, 9], (0.5, -0.5)),
        (alike([0.1, -0.1], 0.93), [9, 9], (0.5, -0.5)),
        (alike([0.1, -0.02]), [9, 9], (1, 0)),  # a quiet copy adds nothing
        (powers(ONE, 0), [9, 0], (1, 0)),
        (powers(0, ONE), [0, 9], (0, 1)),
        (powers(0, 0, ONE, 0, 0, 0), [0, 0, 9, 0, 0, 0], (0, 0, 1, 0, 0, 0)),
        (powers(ONE, HALF), [0, 9], (0, 1)),  # music beside a voice
        (powers(ONE, ONE), [9, 3], (1, 0)),  # two people: who talks most
        (powers(HALF, ONE), [9, 8.5], (0, 1)),  # one person, two microphones apart
        (powers(ONE, HALF), [0, 0], (1, 0)),  # no voice: the loudest
        (powers(0, 0), [0, 0], (0.5, 0.5)),
    ],
)
def test_what_is_heard_is_the_voice_at_its_level(
    covariance: np.ndarray, speech_s: list[float], weights: tuple[float, ...]
) -> None:
    speech_levels = [float(np.sqrt(covariance[n, n])) for n in range(len(speech_s))]
    assert choose_mix(covariance, speech_s, speech_levels).weights == pytest.approx(weights)


@pytest.mark.parametrize(
    ("tracks", "chosen"),
    [
        ([(9, 0.1)], 0),
        ([(0, 0.0), (9, 0.1)], 1),
        ([(0, 0.3), (9, 0.1)], 1),
        ([(9, 0.1), (0, 0.3)], 0),
        ([(9, 0.1), (8.5, 0.2)], 1),
        ([(3, 0.2), (9, 0.1)], 1),
        ([(0, 0.0), (0, 0.1)], 1),
        ([(0, 0.0), (0, 0.0)], 0),
    ],
)
def test_the_track_with_the_voice_is_heard(tracks: list[tuple[float, float]], chosen: int) -> None:
    assert choose_track([Mix((1.0,), speech_s, level) for speech_s, level in tracks]) == chosen


def test_an_even_mix_hears_every_channel() -> None:
    assert even_mix(4).heard == (1, 2, 3, 4)
    assert not even_mix(4).is_inverted
