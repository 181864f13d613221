"""Smart Turn: what it is given to hear, and that everything works without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from voicemock import weights
from voicemock.errors import EngineError
from voicemock.packaged import SMART_TURN, PackagedFile
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.speech.endpointing import Chunker
from voicemock.speech.turn_end import SmartTurn, end_of_voice, load_smart_turn


class Session:
    """Stands for the network and keeps what it was shown."""

    shown: Any = None

    def __init__(self, path: Path, *_: object, **__: object) -> None:
        pass

    def run(self, outputs: object, inputs: dict[str, Any]) -> list[Any]:
        Session.shown = inputs["input_features"]
        return [np.array([[0.75]], np.float32)]


@pytest.mark.parametrize("length_s", [0.1, 3.0, 25.0])
def test_it_hears_the_last_eight_seconds_of_a_clip_of_any_length(
    monkeypatch: pytest.MonkeyPatch, length_s: float
) -> None:
    monkeypatch.setattr("onnxruntime.InferenceSession", Session)
    noise = np.random.default_rng(1).normal(0, 0.1, round(length_s * LISTENING_RATE)).astype(np.float32)
    assert SmartTurn(Path("x")).probability(AudioClip(noise, LISTENING_RATE)) == 0.75
    assert Session.shown.shape == (1, 80, 800)
    assert Session.shown.dtype == np.float32
    assert np.all(np.isfinite(Session.shown))


def tone(duration_s: float, level_db: float) -> NDArray[np.float32]:
    """Return a stretch of an even loudness."""
    count = round(duration_s * LISTENING_RATE)
    return np.full(count, 10 ** (level_db / 20), np.float32) * np.where(np.arange(count) % 2, 1, -1).astype(np.float32)


@pytest.mark.parametrize(
    ("behind_the_voice", "ended_s"),
    [
        ([(0.2, -70)], 2.0),  # the detectors were late
        ([(0.0, -70)], 2.0),  # they were not
        ([(0.1, -40), (0.2, -70)], 2.1),  # a quiet last syllable belongs to it
        ([(0.2, -28)], 2.2),  # a loud room hides the end, so the detectors' word counts
        ([(0.8, -70)], 2.8),  # nobody is as late as that: they hear what is not loud
    ],
)
def test_a_voice_ends_where_its_sound_does(behind_the_voice: list[tuple[float, float]], ended_s: float) -> None:
    until_detected = np.concatenate([tone(2.0, -20), *(tone(*stretch) for stretch in behind_the_voice)])
    clip = np.concatenate([until_detected, tone(Chunker.MARGIN_S, behind_the_voice[-1][1])])
    assert end_of_voice(clip, len(until_detected)) / LISTENING_RATE == pytest.approx(ended_s, abs=0.01)


@pytest.mark.parametrize("length", [0, 1, 100, 1600])
def test_a_clip_without_a_voice_ends_where_it_was_said_to(length: int) -> None:
    assert end_of_voice(np.zeros(length, np.float32), length) == length
    assert end_of_voice(np.zeros(length, np.float32), 0) == 0


def test_it_hears_as_much_silence_however_late_the_end_was_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("onnxruntime.InferenceSession", Session)
    heard = []
    for late_s in (0.0, 0.1, 0.3):
        clip = np.concatenate([tone(9.0, -20), tone(late_s + Chunker.MARGIN_S, -70)])
        SmartTurn(Path("x")).probability(AudioClip(clip, LISTENING_RATE))
        heard.append(Session.shown)
    assert np.allclose(heard[0], heard[1], atol=1e-3)
    assert np.allclose(heard[0], heard[2], atol=1e-3)


def test_a_network_that_cannot_be_loaded_is_an_engine_error(tmp_path: Path) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"no network")
    with pytest.raises(EngineError, match="Smart Turn"):
        SmartTurn(tmp_path / "broken.onnx").probability(AudioClip(np.zeros(800, np.float32), LISTENING_RATE))


def test_without_its_weights_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(weights, "is_installed", lambda model: False)
    assert load_smart_turn(tmp_path) is None


def test_damaged_weights_count_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def found(file: PackagedFile) -> tuple[Path, ...]:
        return (tmp_path / file.name,)

    (tmp_path / SMART_TURN.files[0].name).write_bytes(b"another network")
    monkeypatch.setattr(weights, "is_installed", lambda model: True)
    monkeypatch.setattr(weights, "installed_sources", found)
    assert load_smart_turn(tmp_path) is None
