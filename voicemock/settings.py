"""The Settings object: defaults, then the settings file, then the environment, then the command line.

The file is ``config.toml`` in the user's configuration folder; every field is also read from the environment as
``VOICEMOCK_<FIELD>``. ``explain()`` says where each value came from.
"""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from platformdirs import user_cache_path, user_config_path, user_data_path
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from voicemock.errors import ContentError, reason_of

APP_NAME: Final = "voicemock"
ENVIRONMENT_PREFIX: Final = "VOICEMOCK_"
LOCALHOST: Final = "127.0.0.1"
SECOND_OPINION_FILE: Final = "second-opinion.json"
"""In the data folder: the language model that the candidate agreed to use."""
"""Stands for ``localhost``, so that no name is ever looked up."""

_PATH: Final = re.compile(r"[A-Za-z0-9._~/-]*")


_HOST_AND_PORT: Final = re.compile(r"(?:localhost|\d+(?:\.\d+){3}|\[[\da-f:]+\]):\d+(?:/|$)", re.IGNORECASE)
"""An address without "http://": no engine has such a name."""


class Settings(BaseSettings):
    """The settings: engines, devices, thresholds, folders."""

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT_PREFIX, extra="forbid", frozen=True, allow_inf_nan=False)

    # engines
    model: str = "auto"
    """Whisper weights: "auto", "base", "tiny.en", a folder, or any faster-whisper name."""
    allow_download: bool = False
    """Let faster-whisper fetch a model by its name from the model hub. Without it nothing is ever downloaded."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """What Whisper computes on: the processor, or a graphics card."""
    compute_type: str = "auto"
    """CTranslate2 arithmetic; "auto" is int8 on a processor and float16 on a graphics card."""
    beam_size: int = Field(default=5, ge=1, le=10)
    """How many readings Whisper follows at a time where one alone leaves doubt: more are slower and a little better."""
    language: str = "en"
    """Of the answers; only English is measured and coached."""
    vad: str = "webrtc+silero"
    """Tells speech from other sound: "webrtc+silero", "webrtc", "silero"."""
    voice: str = "auto"
    """``ENGINE[:VOICE]``: "piper", "pyttsx3:english", "silent" ...; or "first", "second", "third". "auto" lets the
    interviewer's style choose, and lets other interviewers of a loop have other voices."""
    rate: int = Field(default=170, ge=80, le=300)
    """Speaking rate of the interviewer in words per minute. Left alone, the voices hurry: Piper's speaks 205."""

    # the language model: off unless its address is given, or a second opinion is wanted
    second_opinion: bool | None = None
    """True: a language model of this machine gives a second opinion; one that you agreed to, where language_model names
    none. False: none does. None: one does where language_model names it."""
    language_model: str | None = None
    """Base address of a server on this machine, e.g. http://127.0.0.1:11434/v1, or ``ENGINE:MODEL``."""
    language_model_name: str | None = None
    """One of the server's models; None means its only one."""
    language_model_shares: Literal["quotes", "transcript"] = "transcript"
    """What it may see: everything you said, or only what the feedback quotes, for follow-ups and no second opinion."""
    language_model_timeout_s: float = Field(default=30.0, gt=0, le=600)
    """Seconds that it may take over one answer, all in all. Nobody waits for it: the coach speaks first."""

    # devices
    mic: str | None = None
    """Device name, device index or audio file; None means the system's default microphone."""
    speaker: str | None = None
    """Device name, device index or WAV file to write; None means the system's default speaker."""
    realtime: bool = False
    """Play and hear audio files at the pace of speech."""
    echo_holdoff_s: Literal["auto"] | Annotated[float, Field(ge=0, le=3)] = "auto"
    """A sound card's microphone is ignored for this long after the speaker stops, so that its echo is not an answer.
    "auto" measures the echo of the first sentence and takes 0.3 to 1.5 s."""

    # listening
    patience: float = Field(default=1.0, gt=0, le=10)
    """Multiplies the silence that ends an answer, which is 1.5 to 8 s, depending on the last words."""
    wrap_up: bool = False
    """At twice the longest good length, ask the candidate once to conclude."""
    no_speech_s: float = Field(default=30.0, gt=0, le=600)
    """If nothing is heard for this long, the question counts as unanswered."""
    calm: bool = False
    """While listening, show only the clock, the keys and warnings: no level, no words, no counts."""
    rate_yourself: bool = False
    """Ask for your own view of an answer, 1 to 5 an item, before you get the feedback."""

    # asking
    level: Literal["mid", "senior", "staff", "principal"] | None = None
    """The level you practice for: its questions come first, and the debrief says what is usual there."""

    # measuring
    target_min_s: float | None = Field(default=None, gt=0)
    """Shortest good answer; None means the question's own target (180 s for a story)."""
    target_max_s: float | None = Field(default=None, gt=0)
    """Longest good answer; None means the question's own target (240 s for a story)."""
    longest_recording_s: float = Field(default=7200.0, gt=0, le=86_400)
    """A longer recording is refused; each hour takes 230 MB of memory."""
    longest_text: int = Field(default=200_000, ge=1, le=10_000_000)
    """Characters; a longer transcript is refused. 200,000 are about four hours of talk and take 10 s to measure."""
    extra_fillers: Annotated[tuple[str, ...], NoDecode] = ()
    """Words or phrases that always count as discourse markers; separated by commas in the environment."""

    # folders
    data_dir: Path = Field(default_factory=lambda: user_data_path(APP_NAME, appauthor=False))
    """Sessions: recordings and transcripts."""
    cache_dir: Path = Field(default_factory=lambda: user_cache_path(APP_NAME, appauthor=False))
    """Assembled model files, and the speech of questions; may be deleted at any time."""

    @property
    def target_s(self) -> tuple[float, float] | None:
        """Shortest and longest good answer; None means the question's own target."""
        if self.target_min_s is None or self.target_max_s is None:
            return None
        return self.target_min_s, self.target_max_s

    @field_validator("data_dir", "cache_dir")
    @classmethod
    def _expand_home(cls, value: Path) -> Path:
        if "\0" in str(value) or any("\ud800" <= char <= "\udfff" for char in str(value)):
            raise ValueError("its name is not UTF-8 text; name another folder")
        try:
            return value.expanduser()
        except RuntimeError as error:
            raise ValueError("there is no such home folder") from error

    @field_validator("level", mode="before")
    @classmethod
    def _in_small_letters(cls, value: Any) -> Any:
        return value.lower() or None if isinstance(value, str) else value

    @field_validator("language_model")
    @classmethod
    def _language_model_is_here(cls, value: str | None) -> str | None:
        written = f"http://{value}" if value and _HOST_AND_PORT.match(value) else value
        return loopback_url(written) if written and "//" in written else written or None

    @field_validator("extra_fillers", mode="before")
    @classmethod
    def _split_at_commas(cls, value: Any) -> Any:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _target_is_a_range(self) -> Settings:
        if (self.target_min_s is None) != (self.target_max_s is None):
            raise ValueError("target_min_s and target_max_s must be given together")
        if self.target_s is not None and self.target_s[0] >= self.target_s[1]:
            raise ValueError("target_min_s must be below target_max_s")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings fixes the signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: command line, environment, settings file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, settings_file())


def load_settings(**flags: Any) -> Settings:
    """Return the settings; ``flags`` that are not None win.

    Raises:
        ContentError: The settings file is not TOML, or a value from any source is not allowed.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        raise ContentError(_describe(error, given)) from error
    except (ValueError, RecursionError) as error:  # tomllib.TOMLDecodeError is a ValueError
        raise ContentError(f"{settings_file()}: {error}. Correct the line, or delete the file.") from error
    except OSError as error:
        raise ContentError(f"{settings_file()} cannot be read: {error.strerror or error}.") from error


def explain(**flags: Any) -> dict[str, tuple[Any, str]]:
    """Return each setting's value and where it came from: a flag, the environment, the file or the default."""
    settings = load_settings(**flags)
    in_file = TomlConfigSettingsSource(Settings, settings_file())()
    origins: dict[str, tuple[Any, str]] = {}
    for name in Settings.model_fields:
        if flags.get(name) is not None:
            origin = "command line"
        elif variable_of(name) in _environment():
            origin = f"environment ({variable_of(name)})"
        elif name in in_file:
            origin = str(settings_file())
        else:
            origin = "default"
        origins[name] = (getattr(settings, name), origin)
    return origins


def settings_file() -> Path:
    """Return the path of the settings file; ``VOICEMOCK_CONFIG`` overrides it."""
    override = os.environ.get("VOICEMOCK_CONFIG")
    return Path(override) if override else user_config_path(APP_NAME, appauthor=False) / "config.toml"


def loopback_url(text: str) -> str:
    """Return the base address of a server on this machine, rebuilt from its checked parts.

    ``localhost`` becomes 127.0.0.1. The default path is ``/v1``, as on OpenAI's servers.

    Raises:
        ValueError: It is no http address, names another machine, or carries a password, a query or odd characters.
    """
    shown = text if text.isprintable() and len(text) <= 100 else "the address"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError(f"{shown} is not an address: {error}") from None
    if parts.scheme != "http":
        raise ValueError(f"{shown} must begin with http://, as in http://127.0.0.1:11434/v1")
    if "@" in parts.netloc or "?" in text or "#" in text:
        raise ValueError(f"{shown} may hold a host, a port and a path, nothing else")
    if not text.isascii() or not _PATH.fullmatch(parts.path) or ".." in parts.path:
        raise ValueError(f"{shown} has characters that no path of a server needs")
    address = f"{_address(host, shown)}:{80 if port is None else port}"
    return f"http://{address}{parts.path.rstrip('/') or '/v1'}"


def _describe(error: ValidationError, flags: dict[str, Any]) -> str:
    """Name each bad setting, its source, and what is wrong with it."""
    lines = []
    for problem in error.errors():
        reason = reason_of(problem)
        if not problem["loc"]:  # a rule about several settings, which may come from several places
            lines.append(f"settings: {reason}")
            continue
        name = str(problem["loc"][0])
        if name in flags:
            where = "given on the command line"
        elif variable_of(name) in _environment():
            where = f"from {variable_of(name)}"
        else:
            where = f"in {settings_file()}"
        lines.append(f"setting {name} ({where}): {reason}")
    return "; ".join(lines)


def variable_of(name: str) -> str:
    """Return the variable of the environment that sets a setting."""
    return f"{ENVIRONMENT_PREFIX}{name}".upper()


def _environment() -> set[str]:
    """Return the names that are set, in capitals: their case does not matter."""
    return {name.upper() for name in os.environ}


def _address(host: str, shown: str) -> str:
    """Return the address of a host on this machine as a URL writes it."""
    if host == "localhost":
        return LOCALHOST
    try:
        address = ip_address(host)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise ValueError(
            f"{shown} is not on this machine, and nothing that you say may leave it: use localhost or 127.0.0.1"
        )
    return f"[{address.compressed}]" if address.version == 6 else address.compressed
