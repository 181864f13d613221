"""From rows of the file to sessions and answers, and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from voicemock.errors import StorageError
from voicemock.models import Answer, Session

MOMENT: TypeAdapter[AwareDatetime] = TypeAdapter(AwareDatetime)

SESSIONS = """
    SELECT id, started_at, ended_at, loop, stories.name AS story, voicemock_version
    FROM sessions LEFT JOIN stories ON stories.slug = sessions.story_slug
"""

ANSWERS = """
    SELECT sessions.id, started_at, ended_at, loop, stories.name AS story, voicemock_version, position, document
    FROM answers JOIN sessions ON sessions.id = session_id LEFT JOIN stories ON stories.slug = story_slug
"""
"""Each with its session."""


@contextmanager
def understood(path: Path) -> Iterator[None]:
    """Turn rows that voicemock cannot have written into an error that says what to do.

    Raises:
        StorageError: A value of a row makes no sense.
    """
    try:
        yield
    except ValidationError as error:
        fields = ", ".join(sorted({str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}))
        raise StorageError(
            f"{path} holds a row that makes no sense ({fields}). Move the file away, or put a backup in its place."
        ) from error


def session_of(row: sqlite3.Row | Mapping[str, object], path: Path) -> Session:
    """Return the session of a row that has its fields, and maybe others.

    Raises:
        StorageError: It makes no sense.
    """
    with understood(path):
        return Session.model_validate({name: row[name] for name in Session.model_fields})


def answer_of(document: str, position: int, session: Session, path: Path) -> Answer:
    """Return the answer that a document holds.

    Raises:
        StorageError: It makes no sense.
    """
    try:
        return Answer.model_validate_json(document)
    except ValidationError as error:
        folder = path.parent / "sessions" / session.id
        raise StorageError(
            f"{path}: answer {position} of session {session.id} cannot be read "
            f"({error.error_count()} fields are wrong). Its recording is in {folder}."
        ) from error


def utc(moment: datetime) -> str:
    """Return a moment as text that sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
