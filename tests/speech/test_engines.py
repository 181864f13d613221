"""Engines by name: our own, a third party's, and the message when none works."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import pytest

from voicemock.coaching.language_model.second_opinion import load_language_model, load_second_opinions
from voicemock.coaching.language_model.server import OpenAiCompatible
from voicemock.errors import EngineError, LanguageModelError, SpeechSynthesisError, UnknownNameError, WeightsError
from voicemock.settings import load_settings
from voicemock.speech import engines
from voicemock.speech.engines import (
    engine_class,
    engine_names,
    load_detector,
    load_synthesizer,
    other_voices,
    transcriber_loader,
    voice_fingerprint,
)
from voicemock.speech.vad import Silero, WebRtc, WebRtcConfirmedBySilero
from voicemock.speech.whisper import FasterWhisper


class Remembering:
    """An engine that remembers how it was made."""

    def __init__(self, *positional: Any, **named: Any) -> None:
        self.made_with = (positional, named)


class Hoarse(Remembering):
    def __init__(self, **named: Any) -> None:
        raise SpeechSynthesisError("It has no voice.")


class Damaged(Remembering):
    def __init__(self, **named: Any) -> None:
        raise WeightsError("Its voice file is damaged.")


class OneVoice(Remembering):
    """Has its own voice and no other."""

    name = "its own"

    def __init__(self, **named: Any) -> None:
        if named["voice"]:
            raise SpeechSynthesisError(f"It has no voice called {named['voice']}.")
        super().__init__(**named)


class NoHigherVoice(Remembering):
    def __init__(self, **named: Any) -> None:
        if named["voice"] == "joe+higher":
            raise SpeechSynthesisError("It has no such voice.")
        super().__init__(**named)
        self.name = str(named["voice"])


class AnyVoice(Remembering):
    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.name = str(named["voice"])


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes these classes of this file the engines of a kind, by their names."""

    def installed(kind: str, **classes: str) -> None:
        points = EntryPoints(
            EntryPoint(name.replace("_", "-"), f"{__name__}:{cls}", f"voicemock.{kind}")
            for name, cls in classes.items()
        )
        monkeypatch.setattr(engines, "entry_points", points.select)

    return installed


def test_ours_are_there() -> None:
    assert engine_names("transcribers") == ("faster-whisper",)
    assert engine_names("synthesizers") == ("piper", "pyttsx3")
    assert engine_names("detectors") == ("silero", "webrtc", "webrtc+silero")
    assert engine_names("language_models") == ("openai-compatible",)
    assert engine_class("transcribers", "faster-whisper") is FasterWhisper


@pytest.mark.parametrize(
    ("name", "cls"), [("webrtc+silero", WebRtcConfirmedBySilero), ("webrtc", WebRtc), ("silero", Silero)]
)
def test_a_detector_is_fresh_every_time(name: str, cls: type) -> None:
    settings = load_settings(vad=name)
    first, second = load_detector(settings), load_detector(settings)
    assert type(first) is type(second) is cls
    assert first is not second


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("transcribers", "transcriber"),
        ("synthesizers", "voice"),
        ("detectors", "voice activity detector"),
        ("language_models", "language model"),
    ],
)
def test_an_unknown_name_is_told_with_the_known_ones(kind: Any, shown: str) -> None:
    with pytest.raises(UnknownNameError, match=f"There is no {shown} 'nobody'.*{engine_names(kind)[0]}"):
        engine_class(kind, "nobody")


# --- the language model ---------------------------------------------------------------------------------


def test_the_language_model_is_off_unless_it_is_set() -> None:
    assert load_language_model(load_settings()) is None
    assert load_second_opinions(load_settings()) is None


def test_an_address_is_a_server_like_openai_s() -> None:
    settings = load_settings(language_model="http://localhost:8080", language_model_name="small")
    model = load_language_model(settings)
    assert isinstance(model, OpenAiCompatible)
    assert model.name == "small"
    beside = load_second_opinions(settings)
    assert beside is not None
    beside.close()
    assert load_second_opinions(settings.model_copy(update={"second_opinion": False})) is None


def test_another_engine_is_named_before_its_model(install: Any) -> None:
    install("language_models", mine="Remembering")
    model = load_language_model(load_settings(language_model="mine:large:latest", language_model_timeout_s=3))
    assert isinstance(model, Remembering)
    assert model.made_with == (("large:latest",), {"model": None, "timeout_s": 3.0})


def test_a_language_model_on_other_machines_is_refused() -> None:
    with pytest.raises(LanguageModelError, match="may leave this one"):
        load_second_opinions(load_settings(language_model="http://localhost:1", language_model_name="kimi-k2:cloud"))


# --- voices --------------------------------------------------------------------------------------------


def test_the_first_voice_that_works_is_taken(install: Any) -> None:
    install("synthesizers", piper="Hoarse", pyttsx3="Remembering")
    voice, notice = load_synthesizer(load_settings(rate=150))
    assert isinstance(voice, Remembering)
    assert voice.made_with[1]["rate"] == 150
    assert voice.made_with[1]["voice"] is None
    assert notice is None


@pytest.mark.parametrize("broken", ["Hoarse", "Damaged"])
def test_without_any_voice_texts_are_shown_and_every_reason_told(install: Any, broken: str) -> None:
    install("synthesizers", piper=broken, pyttsx3=broken)
    voice, notice = load_synthesizer(load_settings())
    assert voice is None
    assert notice is not None
    assert "text is shown" in notice
    assert notice.count("voice file is damaged" if broken == "Damaged" else "It has no voice") == 2


def test_a_better_voice_that_is_damaged_is_told(install: Any) -> None:
    install("synthesizers", piper="Damaged", pyttsx3="Remembering")
    voice, notice = load_synthesizer(load_settings())
    assert isinstance(voice, Remembering)
    assert notice == "Its voice file is damaged."


@pytest.mark.parametrize("broken", ["Hoarse", "Damaged"])
def test_a_voice_asked_for_by_name_must_work(install: Any, broken: str) -> None:
    install("synthesizers", piper=broken, pyttsx3="Remembering")
    with pytest.raises(EngineError):
        load_synthesizer(load_settings(voice="piper"))


@pytest.mark.parametrize(
    ("setting", "voice"),
    [("other", None), ("other:anna", "anna"), ("other:C:\\voices\\anna.onnx", "C:\\voices\\anna.onnx")],
)
def test_a_third_partys_voice(install: Any, setting: str, voice: str | None) -> None:
    install("synthesizers", other="Remembering")
    engine, _ = load_synthesizer(load_settings(voice=setting))
    assert isinstance(engine, Remembering)
    assert engine.made_with[1]["voice"] == voice


@pytest.mark.parametrize(
    ("setting", "platform", "piper", "pyttsx3", "voice"),
    [
        ("first", "linux", "Remembering", "Remembering", None),
        ("second", "linux", "Remembering", "Remembering", "joe+higher"),
        ("third", "win32", "Remembering", "Remembering", "joe+deeper"),
        ("second", "linux", "Hoarse", "Remembering", "en-us+f5"),
        ("third", "linux", "Hoarse", "Remembering", "en-us+m1"),
        ("second", "win32", "Hoarse", "Remembering", "zira"),
        ("third", "darwin", "Hoarse", "Remembering", "daniel"),
        ("third", "freebsd", "Hoarse", "Remembering", None),
        ("second", "linux", "OneVoice", "Remembering", None),
        ("second", "linux", "Hoarse", "OneVoice", None),
        ("second:anna", "linux", "Remembering", "Remembering", "anna"),
    ],
)
def test_a_named_voice_is_the_engines_own_where_the_engine_has_no_such_voice(
    install: Any,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    platform: str,
    piper: str,
    pyttsx3: str,
    voice: str | None,
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    install("synthesizers", piper=piper, pyttsx3=pyttsx3)
    found, notice = load_synthesizer(load_settings(voice=setting))
    assert isinstance(found, Remembering)
    assert found.made_with[1]["voice"] == voice
    assert notice is None


@pytest.mark.parametrize(
    ("piper", "listed"),
    [
        ("AnyVoice", {"second": "joe+higher", "third": "joe+deeper"}),
        ("NoHigherVoice", {"second": None, "third": "joe+deeper"}),
        ("OneVoice", {"second": None, "third": None}),
    ],
)
def test_the_other_voices_are_those_that_sound_different(
    install: Any, piper: str, listed: dict[str, str | None]
) -> None:
    install("synthesizers", piper=piper)
    assert {name: voice and voice.name for name, voice in other_voices(load_settings())} == listed


def test_silent_is_no_voice_and_no_notice() -> None:
    assert load_synthesizer(load_settings(voice="silent")) == (None, None)


@pytest.mark.parametrize("voice", ["silent", "pyttsx3", "piper:nobody", "piper:/gone.onnx", "piper:joe+alto"])
def test_a_voice_that_must_be_loaded_to_be_known_has_no_fingerprint(voice: str) -> None:
    assert voice_fingerprint(load_settings(voice=voice)) is None


def test_a_third_partys_voice_need_not_have_one(install: Any) -> None:
    install("synthesizers", other="Remembering")
    assert voice_fingerprint(load_settings(voice="other")) is None


# --- transcribers --------------------------------------------------------------------------------------


def test_the_model_is_looked_for_at_once_and_loaded_later(install: Any, tmp_path: Path) -> None:
    install("transcribers", faster_whisper="Hoarse")
    with pytest.raises(WeightsError):
        transcriber_loader(load_settings(model=str(tmp_path / "gone")))


@pytest.mark.parametrize(("setting", "model"), [("other:large", "large"), ("other:C:\\models\\x", "C:\\models\\x")])
def test_a_third_partys_transcriber(install: Any, setting: str, model: str) -> None:
    install("transcribers", other="Remembering")
    transcriber: Any = transcriber_loader(load_settings(model=setting, language="de"))()
    assert transcriber.made_with[0] == (model,)
    assert transcriber.made_with[1]["language"] == "de"


@pytest.mark.parametrize("allowed", [True, False])
def test_a_model_is_fetched_by_name_only_where_that_is_allowed(monkeypatch: pytest.MonkeyPatch, allowed: bool) -> None:
    asked: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        "voicemock.speech.engines.resolve_model",
        lambda name, cache_dir, allow_download: asked.append((name, allow_download)) or name,
    )
    transcriber_loader(load_settings(model="small", allow_download=allowed))
    assert asked == [("small", allowed)]
