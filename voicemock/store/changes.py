"""What is written of a session: statements with their values, for one transaction."""

from __future__ import annotations

from datetime import datetime

from voicemock.models import Answer, Session, Story
from voicemock.store.measurements import keeping_numbers
from voicemock.store.rows import story_kept, utc

Change = tuple[str, tuple[object, ...]]

_ADD_SESSION = """
    INSERT INTO sessions (id, started_at, loop, story_slug, voicemock_version) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO NOTHING
"""

_ADD_ANSWER = """
    INSERT INTO answers (session_id, position, question_id, status, recorded_at, duration_s, audio_file, document)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (session_id, position) DO UPDATE SET
        question_id = excluded.question_id, status = excluded.status,
        recorded_at = excluded.recorded_at, duration_s = excluded.duration_s,
        audio_file = excluded.audio_file, document = excluded.document
"""


def opening(session: Session, story: Story | None) -> tuple[Change, ...]:
    """Keep a session, and the story that it tells; one that is kept stays as it is."""
    row = (
        *(session.id, utc(session.started_at), session.loop),
        *(story.slug if story else None, session.voicemock_version),
    )
    return (*([story_kept(story, session.started_at)] if story else []), (_ADD_SESSION, row))


def adding(session: Session, answer: Answer) -> tuple[Change, ...]:
    """Keep an answer with its numbers; one at the same position is replaced."""
    duration_s = answer.assessment.analysis.duration_s if answer.assessment else None
    row = (
        *(session.id, answer.position, answer.question.id if answer.question else None, answer.status),
        *(utc(answer.recorded_at), duration_s, answer.audio_file, answer.model_dump_json()),
    )
    return ((_ADD_ANSWER, row), *keeping_numbers(session.id, answer))


def ended(session: Session, ended_at: datetime) -> Session:
    """Return a session that ended, not before it began."""
    return session.model_copy(update={"ended_at": max(ended_at, session.started_at)})


def ending(over: Session) -> Change:
    """Note when a session ended."""
    assert over.ended_at is not None  # noqa: S101 - of one that goes on nobody asks it
    return "UPDATE sessions SET ended_at = ? WHERE id = ?", (utc(over.ended_at), over.id)
