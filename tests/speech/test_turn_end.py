"""Smart Turn: what it is given to hear, and that everything works without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voicemock import weights
from voicemock.errors import EngineError
from voicemock.packaged import SMART_TURN, PackagedFile
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.speech.turn_end import SmartTurn, load_smart_turn


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
