"""The numbers of every answer, kept beside the answers: thousands of them are read without reading a word.

They are derived from the answers and can be made again at any time. What an older voicemock kept has none, and
what holds other fields than today's has none that can be read; both are made from the answer when they are asked for.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NamedTuple

from pydantic import AwareDatetime, ValidationError

from voicemock.models import Answer, Measured
from voicemock.store.database import Change, Database
from voicemock.store.rows import ANSWERS, MOMENT, answer_of, session_of, understood


class MeasuredTake(NamedTuple):
    """The numbers of one answer, and where it is kept."""

    session: str
    position: int
    recorded_at: AwareDatetime
    story: str | None
    """Name of the story that was told."""
    measured: Measured


def keeping_numbers(session_id: str, answer: Answer) -> tuple[Change, ...]:
    """Return the changes that keep an answer's numbers, to be run after the answer itself is written."""
    if answer.assessment is None:
        return ()
    statement = """
        INSERT OR REPLACE INTO measured (answer_id, document)
        SELECT id, ? FROM answers WHERE session_id = ? AND position = ?
    """
    return ((statement, (Measured.of(answer).model_dump_json(), session_id, answer.position)),)


def read_measured(database: Database) -> tuple[MeasuredTake, ...]:
    """Return the numbers of every answer in which something was said, the first one first.

    Raises:
        StorageError: The file cannot be read or written, or an answer in it makes no sense.
    """
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
    """Take an answer's numbers out of it and keep them; None where it is gone or was not analyzed."""
    rows = database.read(f"{ANSWERS} WHERE answers.id = ?", answer_id)
    answer = _answer(rows[0], database.path) if rows else None
    if answer is None or answer.assessment is None:
        return None
    measured = Measured.of(answer)
    database.write(  # not where another voicemock has changed the answer meanwhile
        "INSERT OR REPLACE INTO measured (answer_id, document) SELECT id, ? FROM answers WHERE id = ? AND document = ?",
        *(measured.model_dump_json(), answer_id, rows[0]["document"]),
    )
    return measured


def _answer(row: sqlite3.Row, path: Path) -> Answer:
    return answer_of(row["document"], row["position"], session_of(row, path), path)
