"""Offsets, drift and hum: none of it changes what is heard, and a clean recording stays as it is."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from voicemock.models import AudioQuality
from voicemock.speech.audio_files import read_audio
from voicemock.speech.audio_quality import quality_of
from voicemock.speech.clip import FRAME_SAMPLES, LISTENING_RATE, AudioClip, Samples, frames_of
from voicemock.speech.rumble import HighPass, RumbleFilter, cut_needed, without_rumble
from voicemock.speech.vad import WebRtc, speech_flags

STORY = read_audio(Path(__file__).parents[2] / "fixtures" / "audio" / "too-short.flac").between(0.0, 12.0)
T = np.arange(len(STORY.samples)) / LISTENING_RATE


def sine(hz: float, level: float) -> Samples:
    return (level * np.sin(2 * np.pi * hz * T)).astype(np.float32)


RUMBLE = {
    "0.1 % of full scale": np.full_like(STORY.samples, 0.001),
    "0.5 %": np.full_like(STORY.samples, 0.005),
    "below zero": np.full_like(STORY.samples, -0.02),
    "a third of full scale": np.full_like(STORY.samples, 0.3),
    "that begins late": np.where(T > 5, 0.03, 0.0).astype(np.float32),
    "that grows": (0.05 * T / T[-1]).astype(np.float32),
    "that sways": sine(0.2, 0.02),
    "that sways fast": sine(1, 0.02),
    "hum of 8 Hz": sine(8, 0.01),
    "hum of 20 Hz": sine(20, 0.02),
    "hum of 45 Hz": sine(45, 0.02),
    "mains of Europe": sine(50, 0.01),
    "hum on an offset": sine(30, 0.01) + np.float32(0.02),
}


def quality(clip: AudioClip) -> AudioQuality:
    heard = without_rumble(clip)
    return quality_of(heard, speech_flags(heard, WebRtc()), clip)


@pytest.mark.parametrize("added", RUMBLE.values(), ids=RUMBLE)
def test_rumble_does_not_change_how_a_recording_is_judged(added: Samples) -> None:
    clean, found = quality(STORY), quality(AudioClip(STORY.samples + added, LISTENING_RATE))
    assert found.problems == clean.problems == ()
    assert found.speech_db == pytest.approx(clean.speech_db, abs=1.0)
    assert (found.speech_over_noise_db or 0.0) >= (clean.speech_over_noise_db or 0.0) - 2.0


def test_a_clean_recording_stays_as_it_is() -> None:
    np.testing.assert_array_equal(without_rumble(STORY).samples, STORY.samples)


@pytest.mark.parametrize("length", [160, FRAME_SAMPLES, 1024])
def test_live_sound_is_freed_after_three_seconds_whatever_pieces_it_comes_in(length: int) -> None:
    clip = AudioClip(STORY.samples + np.float32(0.02), LISTENING_RATE)
    rumble = RumbleFilter()
    pieces = [rumble.take(clip.samples[at : at + length]) for at in range(0, len(clip.samples), length)]
    assert sum(map(len, pieces)) == len(clip.samples)
    heard = np.concatenate(pieces)
    at_s = 3.1
    live, finished = (
        each.between(at_s, 12.0).samples for each in (AudioClip(heard, LISTENING_RATE), without_rumble(clip))
    )
    np.testing.assert_allclose(live, finished, atol=1e-6)


def test_an_offset_that_has_gone_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicemock.speech.rumble._LOOKED_BACK", 150)
    offset = np.where(T < 5, 0.02, 0.0).astype(np.float32)
    clip = AudioClip(STORY.samples + offset, LISTENING_RATE)
    rumble = RumbleFilter()
    heard = [rumble.take(frame) for frame in frames_of(clip)]
    assert not np.array_equal(heard[150], list(frames_of(clip))[150])
    np.testing.assert_array_equal(heard[-1], list(frames_of(clip))[-1])


def test_clean_live_sound_stays_as_it_is() -> None:
    rumble = RumbleFilter()
    for frame in frames_of(STORY):
        np.testing.assert_array_equal(rumble.take(frame), frame)


@pytest.mark.parametrize("count", [0, 1, 100, FRAME_SAMPLES, FRAME_SAMPLES + 1])
def test_a_moment_of_sound_has_as_many_samples_afterwards(count: int) -> None:
    assert len(without_rumble(AudioClip(np.full(count, 0.1, np.float32), LISTENING_RATE)).samples) == count


def test_how_sound_is_cut_into_pieces_makes_no_difference() -> None:
    whole, pieces = HighPass(65, 12), HighPass(65, 12)
    cuts = [0, 480, 481, 5000, 20_000, len(STORY.samples)]
    expected = whole.take(STORY.samples)
    found = np.concatenate([pieces.take(STORY.samples[a:b]) for a, b in pairwise(cuts)])
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("hz", "least_db", "most_db"), [(30, -200, -60), (45, -200, -30), (75, -1, 0.1), (200, -0.1, 0.1)]
)
def test_voices_pass_and_hum_does_not(hz: float, least_db: float, most_db: float) -> None:
    heard = HighPass(65, 12).take(sine(hz, 0.5))[LISTENING_RATE:]
    assert least_db <= 20 * np.log10(np.std(heard) / (0.5 / np.sqrt(2))) <= most_db


@pytest.mark.parametrize(
    ("as_recorded_db", "without_offset_db", "without_rumble_db", "cut"),
    [
        ([-60, -30] * 10, [-60, -30] * 10, [-60, -30] * 10, 0),
        ([-40, -30] * 10, [-60, -30] * 10, [-60, -30] * 10, 1),
        ([-40, -30] * 10, [-40, -30] * 10, [-60, -30] * 10, 2),
        ([-80, -30] * 10, [-80, -30] * 10, [-95, -30] * 10, 0),  # too quiet to hide anything
        ([-80, -70] * 10, [-80, -70] * 10, [-95, -70] * 10, 2),  # unless the voice is as quiet
        ([-40] + [-30] * 19, [-60] + [-30] * 19, [-60] + [-30] * 19, 0),
    ],
)
def test_no_more_is_cut_than_needed(
    as_recorded_db: list[float], without_offset_db: list[float], without_rumble_db: list[float], cut: int
) -> None:
    levels = (np.array(each, np.float64) for each in (as_recorded_db, without_offset_db, without_rumble_db))
    assert cut_needed(*levels) == cut
