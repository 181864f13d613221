"""Finds language models on this machine: the servers that most people run, on their usual ports.

Nothing is looked for unless a second opinion is wanted, and what is found is used only after the candidate has agreed,
once. Only the list of models is asked for; no word of the candidate's is sent.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import BaseModel, ValidationError, field_validator

from voicemock.errors import LanguageModelError, StorageError
from voicemock.files import make_folder, write_whole
from voicemock.settings import LOCALHOST, SECOND_OPINION_FILE, Settings, loopback_url

USUAL: Final = (("Ollama", 11434), ("llama.cpp", 8080), ("LM Studio", 1234))
"""Servers and the port of each, as its maker sets it."""
ASKED_WITH: Final = "You have agreed to use it: --second-opinion asks it."
"""For a candidate who has agreed to a model and has not set that it is always asked."""
LOOKS_FOR_S: Final = 1.0
"""A server on this machine lists its models at once, or is not there."""

NONE_FOUND: Final = "No language model answers on the usual ports of Ollama, llama.cpp and LM Studio."
WHAT_IT_GETS: Final = "It would get what you say, as text. What it does with that, voicemock cannot see."


class FoundServer(NamedTuple):
    """A server that answered."""

    title: str
    """The program that usually has this port; another may have taken it."""
    url: str
    models: tuple[str, ...]
    """Those that run on this machine."""

    def note(self) -> str:
        """Say where it answers, with which model, and name five others."""
        model, *more = self.models
        others = f" (others there: {', '.join(more[:5])})" if more else ""
        return f"{self.title} answers at {self.url} with {model}{others}."


class Agreed(BaseModel):
    """The server and model that the candidate agreed to use."""

    url: str
    model: str | None = None

    @field_validator("url")
    @classmethod
    def _is_here(cls, value: str) -> str:
        return loopback_url(value)


def find_servers(places: Sequence[tuple[str, int]] = USUAL, timeout_s: float = LOOKS_FOR_S) -> tuple[FoundServer, ...]:
    """Return the servers that answer with a model on the usual ports of this machine."""
    from voicemock.coaching.language_model.server import OpenAiCompatible, runs_here

    found = []
    for title, port in places:
        url = f"http://{LOCALHOST}:{port}/v1"
        try:
            models = tuple(filter(runs_here, OpenAiCompatible(url, timeout_s=timeout_s).models()))
        except LanguageModelError:
            continue
        if models:
            found.append(FoundServer(title, url, models))
    return tuple(found)


def agree(data_dir: Path, url: str, model: str | None) -> None:
    """Remember that the candidate agreed to use a model.

    Raises:
        StorageError: The data folder cannot be written to.
    """
    try:
        make_folder(data_dir)
        write_whole(data_dir / SECOND_OPINION_FILE, json.dumps(Agreed(url=url, model=model).model_dump()).encode())
    except OSError as error:
        raise StorageError(f"{data_dir / SECOND_OPINION_FILE} cannot be written: {error.strerror or error}.") from error


def withdraw(data_dir: Path) -> None:
    """Forget what the candidate agreed to; it may be nothing.

    Raises:
        StorageError: The data folder cannot be written to.
    """
    try:
        (data_dir / SECOND_OPINION_FILE).unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{data_dir / SECOND_OPINION_FILE} cannot be deleted: {error.strerror or error}.") from error


def wanting(settings: Settings) -> Settings:
    """Return the settings of a candidate who asks for a second opinion now; where they say no, it stays no."""
    return settings.model_copy(update={"second_opinion": settings.second_opinion is not False})


def time_limit(settings: Settings, usual_s: float) -> float:
    """Return how many seconds a request may take: as the candidate has set it, else as is usual for it."""
    is_set = "language_model_timeout_s" in settings.model_fields_set
    return settings.language_model_timeout_s if is_set else usual_s


def with_known_server(settings: Settings) -> Settings:
    """Return the settings with the server that the candidate agreed to, where they want a model and name none."""
    if not settings.second_opinion or settings.language_model is not None:
        return settings
    try:
        agreed = Agreed.model_validate_json((settings.data_dir / SECOND_OPINION_FILE).read_bytes())
    except (OSError, ValidationError):
        return settings
    return settings.model_copy(update={"language_model": agreed.url, "language_model_name": agreed.model})


def has_model(settings: Settings) -> bool:
    """Return whether these settings lead to a language model."""
    return settings.second_opinion is not False and with_known_server(settings).language_model is not None
