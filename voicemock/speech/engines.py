"""Loads engines by name: transcribers, voices, voice activity detectors and language models, ours or a third party's.

A package adds one with an entry point in the group ``voicemock.transcribers``, ``voicemock.synthesizers``,
``voicemock.detectors`` or ``voicemock.language_models``; its name is then a value of the settings ``model``, ``voice``,
``vad`` or ``language_model``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, cast, get_args

from voicemock.errors import EngineError, SpeechSynthesisError, WeightsError, unknown_name
from voicemock.models import VoiceName
from voicemock.settings import Settings
from voicemock.speech.synthesizer import Synthesizer
from voicemock.speech.transcription import Transcriber
from voicemock.speech.vad import VoiceActivityDetector
from voicemock.weights import installed_models, resolve_model

Kind = Literal["transcribers", "synthesizers", "detectors", "language_models"]

_TITLES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        "transcribers": "transcriber",
        "synthesizers": "voice",
        "detectors": "voice activity detector",
        "language_models": "language model",
    }
)
_OTHER_NAMES: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType(
    {"synthesizers": ("auto", *get_args(VoiceName), "silent")}
)
"""What a setting may also be, besides an engine."""

VOICES_IN_ORDER_OF_PREFERENCE: Final = ("piper", "pyttsx3")

VOICE_NAMES: Final[tuple[VoiceName, ...]] = get_args(VoiceName)

_NAMED_VOICES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("second", "piper"): "joe+higher",
        ("second", "pyttsx3 linux"): "en-us+f5",
        ("second", "pyttsx3 win32"): "zira",
        ("second", "pyttsx3 darwin"): "karen",
        ("third", "piper"): "joe+deeper",
        ("third", "pyttsx3 linux"): "en-us+m1",
        ("third", "pyttsx3 win32"): "mark",
        ("third", "pyttsx3 darwin"): "daniel",
    }
)
"""What a named voice is with an engine, on all platforms or one. The first voice, and any that is not installed, is the
engine's own."""


def engine_names(kind: Kind) -> tuple[str, ...]:
    """Return the names of the installed engines of a kind."""
    return tuple(sorted(entry_points(group=f"voicemock.{kind}").names))


def engine_class(kind: Kind, name: str) -> Callable[..., Any]:
    """Return the class of an engine.

    Raises:
        UnknownNameError: No engine of that name is installed.
    """
    found = entry_points(group=f"voicemock.{kind}", name=name)
    if not found:
        raise unknown_name(_TITLES[kind], name, (*_OTHER_NAMES.get(kind, ()), *engine_names(kind)))
    return cast(Callable[..., Any], next(iter(found)).load())


def load_detector(settings: Settings) -> VoiceActivityDetector:
    """Return a fresh voice activity detector."""
    return cast(VoiceActivityDetector, engine_class("detectors", settings.vad)())


def transcriber_loader(settings: Settings) -> Callable[[], Transcriber]:
    """Check that the model is on this machine and return the function that loads it.

    ``settings.model`` is a Whisper model, or ``ENGINE:MODEL`` for another transcriber.

    Raises:
        WeightsError: The model is not on this machine, or is damaged.
    """
    engine, separator, model = settings.model.partition(":")
    if not separator or engine not in engine_names("transcribers"):
        engine, model = "faster-whisper", settings.model
    where: Path | str = model
    if engine == "faster-whisper":
        where = resolve_model(model, settings.cache_dir, settings.allow_download)

    def load() -> Transcriber:
        made = engine_class("transcribers", engine)(
            where,
            label=_model_label(where, settings),
            device=settings.device,
            compute_type=settings.compute_type,
            beam_size=settings.beam_size,
            language=settings.language,
        )
        return cast(Transcriber, made)

    return load


def _model_label(where: Path | str, settings: Settings) -> str:
    """Return a model's display name: the name of a packaged one, else the last part of its path."""
    names = {model.where: model.name for model in installed_models(settings.cache_dir)}
    return names.get(Path(where), Path(where).name)


def load_synthesizer(settings: Settings) -> tuple[Synthesizer | None, str | None]:
    """Return the voice to speak with, and a notice for the user if there is none or a better one is damaged.

    "auto" takes the first one that works here; so do "first", "second" and "third", in a voice of their own if the
    engine has one. Any other voice that the settings name must work.

    Raises:
        EngineError: The voice asked for does not work here, or its files are damaged.
        UnknownNameError: No voice engine of that name is installed.
    """
    engine, _, voice = settings.voice.partition(":")
    if engine == "silent":
        return None, None
    if not takes_any_engine(settings):
        return _synthesizer(engine, voice or None, settings), None
    reasons: list[str] = []
    damaged: str | None = None
    for candidate in VOICES_IN_ORDER_OF_PREFERENCE:
        try:
            found = _named(candidate, engine, voice or None, settings)
        except EngineError as error:
            reasons.append(f"{candidate}: {error}")
            damaged = damaged or (str(error) if isinstance(error, WeightsError) else None)
        else:
            return found, damaged
    return None, "No voice works here, so text is shown and not spoken. " + " ".join(reasons)


def voice_fingerprint(settings: Settings) -> str | None:
    """Return a string that identifies the speech of the chosen voice, without loading it.

    None if its files alone do not tell: a voice of the system may change behind its name.
    """
    engine, _, voice = settings.voice.partition(":")
    if takes_any_engine(settings):
        name, engine = engine, VOICES_IN_ORDER_OF_PREFERENCE[0]
        voice = voice or _wanted(name, engine) or ""
    if engine == "silent":
        return None
    fingerprint_of = getattr(engine_class("synthesizers", engine), "fingerprint_of", None)
    if fingerprint_of is None:
        return None
    try:
        return cast(str | None, fingerprint_of(voice or None, settings.rate, settings.cache_dir))
    except (EngineError, OSError):
        return None  # loading it says why


def takes_any_engine(settings: Settings) -> bool:
    """Return whether the voice is one that any engine may speak: "auto", or a voice by its name."""
    return settings.voice.partition(":")[0] in ("auto", *VOICE_NAMES)


def other_voices(settings: Settings) -> tuple[tuple[VoiceName, Synthesizer | None], ...]:
    """Return what the second and the third interviewer would speak with; None where that is the first one's voice.

    Raises:
        EngineError: No voice works here.
    """
    first, *others = (load_synthesizer(settings.model_copy(update={"voice": name}))[0] for name in VOICE_NAMES)
    return tuple(
        (name, voice if first and voice and voice.name != first.name else None)
        for name, voice in zip(VOICE_NAMES[1:], others, strict=True)
    )


def _wanted(name: str, engine: str) -> str | None:
    """Return the voice of an engine that a name stands for here."""
    return _NAMED_VOICES.get((name, engine)) or _NAMED_VOICES.get((name, f"{engine} {sys.platform}"))


def _named(engine: str, name: str, voice: str | None, settings: Settings) -> Synthesizer:
    """Return the voice of an engine that a name stands for, or else the engine's own."""
    wanted = _wanted(name, engine)
    if wanted and not voice:
        with suppress(SpeechSynthesisError):
            return _synthesizer(engine, wanted, settings)
    return _synthesizer(engine, voice, settings)


def _synthesizer(engine: str, voice: str | None, settings: Settings) -> Synthesizer:
    make = engine_class("synthesizers", engine)
    return cast(Synthesizer, make(voice=voice, rate=settings.rate, cache_dir=settings.cache_dir))
