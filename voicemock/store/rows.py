"""Converts rows to sessions and answers, and keeps the numbers of every answer in a table of their own.

Thousands of answers can so be counted without reading their words. The numbers are derived: those that an older
voicemock did not keep, or kept with other fields than today's, are made from the answer when they are asked for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from voicemock.errors import StorageError
from voicemock.models import Answer, Measured, Session
from voicemock.store.database import Change, Database
from voicemock.store.deletion import SESSIONS_FOLDER

MOMENT: TypeAdapter[AwareDatetime] = TypeAdapter(AwareDatetime)

SESSIONS = """
    SELECT id, started_at, ended_at, loop, stories.name AS story, level, voicemock_version
    FROM sessions LEFT JOIN stories ON stories.slug = sessions.story_slug
"""

ANSWERS = """
    SELECT sessions.id, started_at, ended_at, loop, stories.name AS story, level, voicemock_version, position, document
    FROM answers JOIN sessions ON sessions.id = session_id LEFT JOIN stories ON stories.slug = story_slug
"""
"""Each answer with its session."""


@contextmanager
def understood(path: Path) -> Iterator[None]:
    """Turn values that voicemock cannot have written into a StorageError that says what to do."""
    try:
        yield
    except ValidationError as error:
        fields = ", ".join(sorted({str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}))
        raise StorageError(
            f"{path} contains a row that makes no sense ({fields}). Move the file away, or put a backup in its place."
        ) from error


def session_of(row: sqlite3.Row | Mapping[str, object], path: Path) -> Session:
    """Return the session of a row that has at least its fields."""
    with understood(path):
        return Session.model_validate({name: row[name] for name in Session.model_fields})


def answer_of(row: sqlite3.Row, session: Session, path: Path) -> Answer:
    """Return the answer in a row's ``document``."""
    try:
        return Answer.model_validate_json(row["document"])
    except ValidationError as error:
        folder = path.parent / SESSIONS_FOLDER / session.id
        raise StorageError(
            f"{path}: answer {row['position']} of session {session.id} cannot be read "
            f"({error.error_count()} fields are wrong). Its recording is in {folder}."
        ) from error


def utc(moment: datetime) -> str:
    """Return a moment as text that sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class MeasuredTake(NamedTuple):
    """The numbers of one answer, with its place in the store."""

    session: str
    position: int
    recorded_at: AwareDatetime
    story: str | None
    """Name of the story that was told."""
    measured: Measured


def keeping_numbers(session_id: str, answer: Answer) -> tuple[Change, ...]:
    """Return the changes that keep an answer's numbers. Run them after the answer itself is written."""
    if answer.assessment is None:
        return ()
    statement = """
        INSERT OR REPLACE INTO measured (answer_id, document)
        SELECT id, ? FROM answers WHERE session_id = ? AND position = ?
    """
    return ((statement, (Measured.of(answer).model_dump_json(), session_id, answer.position)),)


def read_measured(database: Database) -> tuple[MeasuredTake, ...]:
    """Return the numbers of every answer in which something was said, oldest first."""
    rows = database.read(
        """
        SELECT answers.id AS answer_id, session_id, position, recorded_at, stories.name AS story, measured.document
        FROM answers JOIN sessions ON sessions.id = session_id
        LEFT JOIN stories ON stories.slug = story_slug LEFT JOIN measured ON answer_id = answers.id
        WHERE status = 'answered' ORDER BY recorded_at, session_id, position
        """
    )
    found = []
    for row in rows:
        measured = _numbers(row["document"]) or _made_again(database, row["answer_id"])
        if measured is not None:
            with understood(database.path):
                at = MOMENT.validate_python(row["recorded_at"])
            found.append(MeasuredTake(row["session_id"], row["position"], at, row["story"], measured))
    return tuple(found)


def _numbers(document: str | None) -> Measured | None:
    try:
        return Measured.model_validate_json(document) if document else None
    except ValidationError:  # another voicemock wrote it
        return None


def _made_again(database: Database, answer_id: int) -> Measured | None:
    """Compute an answer's numbers anew and keep them; return None if it is gone or was not analyzed."""
    rows = database.read(f"{ANSWERS} WHERE answers.id = ?", answer_id)
    if not rows:
        return None
    answer = answer_of(rows[0], session_of(rows[0], database.path), database.path)
    if answer.assessment is None:
        return None
    measured = Measured.of(answer)
    database.write(  # unless another voicemock has changed the answer meanwhile
        "INSERT OR REPLACE INTO measured (answer_id, document) SELECT id, ? FROM answers WHERE id = ? AND document = ?",
        *(measured.model_dump_json(), answer_id, rows[0]["document"]),
    )
    return measured
