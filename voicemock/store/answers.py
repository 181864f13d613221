"""Answers: documents, beside the columns they are searched by."""

from __future__ import annotations

from voicemock.models import Answer, Session
from voicemock.store.database import Change, Database
from voicemock.store.measurements import keeping_numbers
from voicemock.store.rows import answer_of, utc

_ADD_ANSWER = """
    INSERT INTO answers (session_id, position, question_id, status, recorded_at, duration_s, audio_file, document)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (session_id, position) DO UPDATE SET
        question_id = excluded.question_id, status = excluded.status,
        recorded_at = excluded.recorded_at, duration_s = excluded.duration_s,
        audio_file = excluded.audio_file, document = excluded.document
"""


def keep_answer(database: Database, session: Session, answer: Answer) -> None:
    """Keep an answer; one at the same position is replaced.

    Raises:
        StorageError: It cannot be written, or the session is not kept here.
    """
    database.write_all(*adding(session, answer))


def adding(session: Session, answer: Answer) -> tuple[Change, ...]:
    """Return the changes that keep an answer with its numbers."""
    duration_s = answer.assessment.analysis.duration_s if answer.assessment else None
    row = (
        *(session.id, answer.position, answer.question.id if answer.question else None, answer.status),
        *(utc(answer.recorded_at), duration_s, answer.audio_file, answer.model_dump_json()),
    )
    return ((_ADD_ANSWER, row), *keeping_numbers(session.id, answer))


def answers_of(database: Database, session: Session) -> tuple[Answer, ...]:
    """Return the answers of a session, in the order they were given.

    Raises:
        StorageError: The file cannot be read, or an answer in it makes no sense.
    """
    rows = database.read("SELECT position, document FROM answers WHERE session_id = ? ORDER BY position", session.id)
    return tuple(answer_of(row["document"], row["position"], session, database.path) for row in rows)


def positions_of(database: Database, session: Session) -> tuple[int, ...]:
    """Return the places of a session's answers, also of those that cannot be read.

    Raises:
        StorageError: The file cannot be read.
    """
    rows = database.read("SELECT position FROM answers WHERE session_id = ? ORDER BY position", session.id)
    return tuple(row["position"] for row in rows)
