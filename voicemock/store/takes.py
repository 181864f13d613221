"""Takes: answers in which something was said, with their sessions, and the assessments that they had before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from voicemock.models import Answer, Assessment, Session
from voicemock.store.database import Database
from voicemock.store.measurements import keeping_numbers
from voicemock.store.rows import ANSWERS, answer_of, session_of, understood, utc

_HERE = "sessions.id = ? AND position = ?"


class Take(NamedTuple):
    """One telling of a story, or one answer to a question."""

    session: Session
    answer: Answer


def read_takes(database: Database, condition: str, *values: object) -> tuple[Take, ...]:
    """Return the takes that meet a condition of ours on answers and sessions, the first one first.

    Raises:
        StorageError: The file cannot be read, or an answer in it makes no sense.
    """
    rows = database.read(
        f"{ANSWERS} WHERE status = 'answered' AND {condition} ORDER BY recorded_at, sessions.id, position", *values
    )
    found = []
    for row in rows:
        session = session_of(row, database.path)
        found.append(Take(session, answer_of(row["document"], row["position"], session, database.path)))
    return tuple(take for take in found if take.answer.assessment)


def read_last_take(database: Database, condition: str, *values: object) -> Take | None:
    """Return the newest take that meets a condition of ours; no other is read, however many there are.

    Raises:
        StorageError: The file cannot be read, or the answer makes no sense.
    """
    newest = database.read(
        f"""
        SELECT session_id, position FROM answers JOIN sessions ON sessions.id = session_id
        WHERE status = 'answered' AND {condition} ORDER BY recorded_at DESC, session_id DESC, position DESC LIMIT 1
        """,  # noqa: S608 - no condition comes from outside
        *values,
    )
    found = [take for row in newest for take in read_takes(database, _HERE, *row)]
    return found[0] if found else None


def each_take(database: Database) -> Iterator[Take]:
    """Yield every take, the first one first; one answer is in memory at a time.

    Raises:
        StorageError: The file cannot be read, or an answer in it makes no sense.
    """
    rows = database.read(
        "SELECT session_id, position FROM answers WHERE status = 'answered' ORDER BY recorded_at, session_id, position"
    )
    for row in rows:
        yield from read_takes(database, _HERE, *row)


def replace_assessment(database: Database, take: Take, assessment: Assessment, replaced_at: datetime) -> None:
    """Put another assessment in the place of an answer's own, which is kept as history.

    Raises:
        StorageError: It cannot be written.
    """
    here = (take.session.id, take.answer.position)
    old = take.answer.assessment
    changed = take.answer.model_copy(update={"assessment": assessment})
    database.write_all(
        (
            """
            INSERT INTO replaced_assessments (answer_id, replaced_at, document)
            SELECT id, ?, ? FROM answers WHERE session_id = ? AND position = ?
            """,
            (utc(replaced_at), old.model_dump_json() if old else "null", *here),
        ),
        (
            "UPDATE answers SET document = ?, duration_s = ? WHERE session_id = ? AND position = ?",
            (changed.model_dump_json(), assessment.analysis.duration_s, *here),
        ),
        *keeping_numbers(take.session.id, changed),
    )


def replaced_assessments(database: Database, take: Take) -> tuple[Assessment, ...]:
    """Return the assessments that an answer had before, the first one first.

    Raises:
        StorageError: The file cannot be read.
    """
    rows = database.read(
        """
        SELECT replaced_assessments.document FROM replaced_assessments JOIN answers ON answers.id = answer_id
        WHERE session_id = ? AND position = ? ORDER BY replaced_at, replaced_assessments.rowid
        """,
        *(take.session.id, take.answer.position),
    )
    with understood(database.path):
        return tuple(Assessment.model_validate_json(row["document"]) for row in rows)
