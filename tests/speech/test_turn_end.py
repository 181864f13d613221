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
    ("sound", "detected_s", "ended_s"),
    [
        ([(2.0, -20), (1.0, -70)], 2.2, 2.0),  # the detectors were late
        ([(2.0, -20), (1.0, -70)], 2.0, 2.0),  # they were not
        ([(2.0, -20), (1.0, -70)], 1.8, 2.0),  # they were early
        ([(2.0, -20), (0.2, -40), (1.0, -70)], 2.0, 2.2),  # a quiet last syllable belongs to the voice
        ([(2.0, -20), (0.2, -40), (1.0, -70)], 2.3, 2.2),
        ([(2.0, -70), (0.2, -20), (1.0, -70)], 2.4, 2.2),  # so does all of a short answer
        ([(2.0, -20), (1.0, -28)], 2.2, 2.2),  # a loud room hides the end: the detectors have the say
        ([(2.0, -20), (1.0, -70)], 2.8, 2.8),  # nobody is as late as that: they hear what is not loud
    ],
)
def test_a_voice_ends_where_its_sound_does(sound: list[tuple[float, float]], detected_s: float, ended_s: float) -> None:
    clip = np.concatenate([tone(*stretch) for stretch in sound])
    detected = round(detected_s * LISTENING_RATE)
    heard = clip[: detected + round(Chunker.MARGIN_S * LISTENING_RATE)]
    assert end_of_voice(heard, detected) / LISTENING_RATE == pytest.approx(ended_s, abs=0.01)


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
