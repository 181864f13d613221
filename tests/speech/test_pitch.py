"""Tracking pitch: piece by piece while it is recorded, and over what is taken out of the recording."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from voicemock import weights
from voicemock.speech.clip import FRAME_S, FRAME_SAMPLES, LISTENING_RATE, Samples
from voicemock.speech.pitch import PitchTracker, VoiceTrack, load_pitch_tracker, tracking


def voice(*hertz: float, seconds_each: float = 1.2) -> Samples:
    """A buzz like that of a voice, one pitch after the other."""
    count = round(seconds_each / FRAME_S) * FRAME_SAMPLES
    pitch = np.repeat(hertz, count)
    phase = 2 * np.pi * np.cumsum(pitch) / LISTENING_RATE
    buzz = sum(np.sin(number * phase) / number for number in range(1, 11))
    return (0.1 * buzz).astype(np.float32)


def tracker() -> PitchTracker:
    made = load_pitch_tracker()
    assert made is not None
    return made


def tracked(samples: Samples) -> VoiceTrack:
    whole = tracker()
    for frame in samples.reshape(-1, FRAME_SAMPLES):
        whole.take(frame)
    return whole.finish()


def hertz_around(found: VoiceTrack, at_s: float) -> float:
    near = np.abs(found.at_s - at_s) < 0.2
    assert (found.confidence[near] >= 0.5).all()
    return float(2 ** (np.median(found.semitones[near]) / 12))


@pytest.mark.parametrize("hertz", [80.0, 120.0, 210.0, 400.0])
def test_the_pitch_of_a_buzz(hertz: float):
    assert hertz_around(tracked(voice(hertz)), 0.6) == pytest.approx(hertz, rel=0.02)


def test_taken_frame_by_frame_or_at_once_it_is_the_same():
    samples = voice(110.0, 150.0, 220.0)
    at_once = tracker()
    at_once.take(samples)
    one, other = tracked(samples), at_once.finish()
    assert one.at_s == pytest.approx(other.at_s)
    assert one.semitones == pytest.approx(other.semitones, abs=0.01)
    assert len(one.at_s) == len(samples) // 256


def test_what_is_taken_out_of_a_recording_is_forgotten():
    first, aside, then = (voice(hertz) for hertz in (110.0, 300.0, 150.0))
    whole = tracker()
    for samples in (first, aside):
        whole.take(samples)
    whole.go_back(1.2)
    whole.take(then)
    found = whole.finish()
    assert (np.diff(found.at_s) > 0).all()
    assert found.at_s[-1] == pytest.approx(2.4, abs=0.05)
    assert [hertz_around(found, at_s) for at_s in (0.6, 1.8)] == pytest.approx([110.0, 150.0], rel=0.02)


def test_a_long_recording_is_handed_over_in_pieces_that_take_little_memory():
    given: list[int] = []

    class Stream:
        def push(self, samples: Samples, rate: int) -> SimpleNamespace:
            given.append(len(samples))
            return self.flush()

        def flush(self) -> SimpleNamespace:
            nothing = np.zeros(0)
            return SimpleNamespace(timestamps=nothing, pitch_hz=nothing, confidence=nothing, loudness_db=nothing)

    whole = PitchTracker(SimpleNamespace(stream=lambda *_: Stream()))  # type: ignore[arg-type]
    whole.take(np.zeros(61 * LISTENING_RATE, np.float32))
    whole.finish()
    assert sum(given) == 61 * LISTENING_RATE
    assert max(given) <= 5 * LISTENING_RATE


def test_silence_has_no_voice():
    assert not (tracked(np.zeros(FRAME_SAMPLES * 60, np.float32)).confidence >= 0.5).any()


def test_nothing_taken_is_an_empty_track():
    assert len(tracker().finish().at_s) == 0


@pytest.mark.parametrize("steps", [((1, 1),), ((1, 3), (2, 3), (3, 3))])
def test_a_clip_is_tracked_with_the_progress_of_its_transcript(steps: tuple[tuple[int, int], ...]):
    samples, told, whole = voice(110.0, 150.0), [], tracker()
    step = tracking(samples, whole, lambda done, count: told.append((done, count)))
    for done, count in steps:
        step(done, count)
    assert tuple(told) == steps
    assert whole.finish().at_s == pytest.approx(tracked(samples).at_s)


def test_without_the_package_nothing_is_tracked(monkeypatch: pytest.MonkeyPatch):
    from voicemock.speech import pitch

    pitch._detector.cache_clear()
    monkeypatch.setitem(sys.modules, "swift_f0", None)
    assert load_pitch_tracker() is None


def test_with_a_damaged_network_nothing_is_tracked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "model.onnx").write_bytes(b"another network")
    monkeypatch.setattr(weights, "installed_sources", lambda file: (tmp_path / file.name,))
    weights.verify_bundled.cache_clear()
    assert load_pitch_tracker() is None
    weights.verify_bundled.cache_clear()
