"""Takes: answers in which something was said, with their sessions, and the assessments that they had before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from voicemock.models import Answer, Assessment, Session, Story
from voicemock.store.database import Database
from voicemock.store.measurements import MeasuredTake, keeping_numbers, read_measured
from voicemock.store.rows import ANSWERS, answer_of, session_of, understood, utc

_HERE = "sessions.id = ? AND position = ?"


class Take(NamedTuple):
    """One telling of a story, or one answer to a question."""

    session: Session
    answer: Answer


class Takes:
    """The takes of a data folder; several are returned in the order in which they were recorded."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_story(self, story: Story) -> tuple[Take, ...]:
        """Return every telling of a story."""
        return self._where("story_slug = ?", story.slug)

    def of_question(self, question_id: str) -> tuple[Take, ...]:
        """Return every answer to a question."""
        return self._where("question_id = ?", question_id)

    def of_session(self, session: Session) -> tuple[Take, ...]:
        """Return every answer of a session."""
        return self._where("sessions.id = ?", session.id)

    def last_of_story(self, story: Story) -> Take | None:
        """Return the newest telling of a story; None where there is none."""
        return self._last("story_slug = ?", story.slug)

    def last_of_question(self, question_id: str) -> Take | None:
        """Return the newest answer to a question; None where there is none."""
        return self._last("question_id = ?", question_id)

    def all(self) -> Iterator[Take]:
        """Yield every take; one answer is in memory at a time."""
        rows = self._database.read(
            "SELECT session_id, position FROM answers WHERE status = 'answered' "
            "ORDER BY recorded_at, session_id, position"
        )
        for row in rows:
            yield from self._where(_HERE, *row)

    def measured(self) -> tuple[MeasuredTake, ...]:
        """Return the numbers of every take."""
        return read_measured(self._database)

    def reassess(self, take: Take, assessment: Assessment, replaced_at: datetime) -> None:
        """Put another assessment in the place of an answer's own, which is kept as history."""
        here = (take.session.id, take.answer.position)
        old = take.answer.assessment
        changed = take.answer.model_copy(update={"assessment": assessment})
        self._database.write_all(
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

    def earlier_assessments(self, take: Take) -> tuple[Assessment, ...]:
        """Return the assessments that an answer had before, the first one first."""
        rows = self._database.read(
            """
            SELECT replaced_assessments.document FROM replaced_assessments JOIN answers ON answers.id = answer_id
            WHERE session_id = ? AND position = ? ORDER BY replaced_at, replaced_assessments.rowid
            """,
            take.session.id,
            take.answer.position,
        )
        with understood(self._database.path):
            return tuple(Assessment.model_validate_json(row["document"]) for row in rows)

    def _where(self, condition: str, *values: object) -> tuple[Take, ...]:
        """Return the takes that meet a condition of ours on answers and sessions."""
        rows = self._database.read(
            f"{ANSWERS} WHERE status = 'answered' AND {condition} ORDER BY recorded_at, sessions.id, position", *values
        )
        found = []
        for row in rows:
            session = session_of(row, self._database.path)
            found.append(Take(session, answer_of(row["document"], row["position"], session, self._database.path)))
        return tuple(take for take in found if take.answer.assessment)

    def _last(self, condition: str, *values: object) -> Take | None:
        """Return the newest take that meets a condition of ours; no other is read, however many there are."""
        newest = self._database.read(
            f"""
            SELECT session_id, position FROM answers JOIN sessions ON sessions.id = session_id
            WHERE status = 'answered' AND {condition} ORDER BY recorded_at DESC, session_id DESC, position DESC LIMIT 1
            """,  # noqa: S608 - no condition comes from outside
            *values,
        )
        found = [take for row in newest for take in self._where(_HERE, *row)]
        return found[0] if found else None
