"""Second opinions on the command line: finds a language model on this machine, and asks once whether to use it."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from voicemock.cli.unfinished import is_anybody_there
from voicemock.coaching.language_model.providers import (
    NONE_FOUND,
    WHAT_IT_GETS,
    FoundServer,
    agree,
    find_servers,
    with_known_server,
)
from voicemock.report.safe_text import printable
from voicemock.settings import Settings

GOING_ON = "Going on without one."
NOT_ASKED = "A second opinion needs your consent first. Run this in a terminal, and you are asked."
NOT_USED = "It is not used."


def with_second_opinion(console: Console, settings: Settings) -> Settings:
    """Return the settings with the language model to use, if one is wanted, found and agreed to.

    Args:
        console: Where to ask.
        settings: Say whether one is wanted. Where they name one, or the candidate has agreed before, nobody is asked.

    Raises:
        StorageError: The data folder cannot be written to.
    """
    known = with_known_server(settings)
    if not settings.second_opinion or known.language_model is not None:
        return known
    with console.status("Looking for a language model on this machine ..."):
        found = find_servers()
    if not found:
        _print(console, f"{NONE_FOUND} {GOING_ON}")
    elif not is_anybody_there(console):
        _print(console, NOT_ASKED)
    else:
        return _agreed(console, settings, found)
    return settings.model_copy(update={"second_opinion": False})


def _agreed(console: Console, settings: Settings, found: tuple[FoundServer, ...]) -> Settings:
    """Ask about each server until one is agreed to, remember that, and return the settings with it."""
    for server in found:
        model = server.models[0]
        _print(console, server.note())
        _print(console, WHAT_IT_GETS)
        if _yes(console, "Use it for a second opinion, now and from now on? [y/N] "):
            agree(settings.data_dir, server.url, model)
            return settings.model_copy(update={"language_model": server.url, "language_model_name": model})
        _print(console, NOT_USED)
    return settings.model_copy(update={"second_opinion": False})


def _yes(console: Console, question: str) -> bool:
    try:
        return console.input(Text(question)).strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def _print(console: Console, text: str) -> None:
    console.print(printable(text), markup=False, highlight=False, soft_wrap=True)
