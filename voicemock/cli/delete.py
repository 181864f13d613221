"""``voicemock delete``: an answer, a session, a story or everything, gone for good."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from voicemock.cli.options import DataDir, Yes
from voicemock.errors import UnknownNameError
from voicemock.models import Session
from voicemock.report.passages import printable
from voicemock.settings import load_settings
from voicemock.store import Store, delete_everything
from voicemock.temporary_folder import remove_abandoned

_ANSWER = re.compile(r"(.+)/0*([1-9]\d{0,5})")


def delete(
    name: Annotated[
        str | None, typer.Argument(help="A session, or one answer of it: SESSION/2.", metavar="[SESSION|SESSION/N]")
    ] = None,
    story: Annotated[str | None, typer.Option(help="A story with all its takes.", metavar="NAME")] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="All sessions, stories, jobs and recordings.")
    ] = False,
    yes: Yes = False,
    data_dir: DataDir = None,
) -> None:
    """Delete recordings and transcripts for good.

    Examples: voicemock delete 20261124-173516-f101/2, voicemock delete --story "Kafka migration"

    Recordings, rows, search index and backups: nothing of it is left in the data folder.
    """
    if sum((name is not None, story is not None, everything)) != 1:
        raise typer.BadParameter("Name a session or an answer, or give --story or --everything.")
    settings = load_settings(data_dir=data_dir)
    folder = settings.data_dir
    if everything:
        _everything(folder, settings.cache_dir, yes=yes)
        return
    with Store(folder) as store:
        if story is not None:
            _story(store, story, yes=yes)
        else:
            _session_or_answer(store, name or "", yes=yes)


def _everything(folder: Path, cache_dir: Path, *, yes: bool) -> None:
    _confirm(f"Delete every session, story, job and recording in {folder}?", yes=yes)
    delete_everything(folder)
    remove_abandoned(cache_dir)
    typer.echo("Everything is gone.")


def _story(store: Store, name: str, *, yes: bool) -> None:
    found = store.stories.find(name)
    if found is None:
        raise UnknownNameError(f"No story {name!r} is kept. See: voicemock time")
    sessions = store.sessions.of_story(found)
    _confirm(
        f"Delete the story {printable(found.name)!r}, its notes and its {_counted(len(sessions), 'session')}?", yes=yes
    )
    store.delete_story(found)
    typer.echo("It is gone.")


def _session_or_answer(store: Store, name: str, *, yes: bool) -> None:
    match = _ANSWER.fullmatch(name)
    session = _find(store, match[1] if match else name)
    if match is None:
        answers = len(store.sessions.positions(session))
        _confirm(f"Delete session {session.id} with {_counted(answers, 'answer')}?", yes=yes)
        store.delete_session(session)
    else:
        _answer(store, session, int(match[2]), yes=yes)
    typer.echo("It is gone.")


def _answer(store: Store, session: Session, position: int, *, yes: bool) -> None:
    positions = store.sessions.positions(session)
    if position not in positions:
        there = ", ".join(map(str, positions)) or "none"
        raise UnknownNameError(f"Session {session.id} has no answer {position}. There are: {there}.")
    _confirm(f"Delete answer {position} of session {session.id}?", yes=yes)
    store.delete_answer(session, position)


def _find(store: Store, name: str) -> Session:
    """Return the session that is meant; a story's name is not enough to lose its last take.

    Raises:
        UnknownNameError: No session has that id, or several begin so.
    """
    session = store.sessions.find(name)
    if name != "last" and not session.id.startswith(name):
        raise UnknownNameError(f"{name!r} is a story. Delete it with --story, or a take of it by its session's id.")
    return session


def _confirm(question: str, *, yes: bool) -> None:
    if not yes:
        typer.confirm(f"{question} This cannot be undone.", abort=True)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
