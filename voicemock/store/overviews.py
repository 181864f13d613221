"""Lists of what is kept: a line a session, a line a story."""

from __future__ import annotations

from pydantic import AwareDatetime

from voicemock.models import FrameworkName, Model
from voicemock.store.database import Database
from voicemock.store.rows import understood

_SESSIONS = """
    WITH listed AS (SELECT * FROM sessions ORDER BY started_at DESC, id DESC LIMIT ?),
    takes AS (
        SELECT sessions.id AS session_id, answers.duration_s,
            row_number() OVER (PARTITION BY story_slug ORDER BY recorded_at, sessions.id) AS take
        FROM sessions JOIN answers ON answers.session_id = sessions.id
        WHERE story_slug IN (SELECT story_slug FROM listed) AND status = 'answered'
    )
    SELECT listed.id, started_at, ended_at, loop, stories.name AS story, take, takes.duration_s,
        answers.position, answers.question_id
    FROM listed
    LEFT JOIN stories ON stories.slug = listed.story_slug
    LEFT JOIN takes ON takes.session_id = listed.id
    LEFT JOIN answers ON answers.session_id = listed.id
    ORDER BY started_at DESC, listed.id DESC, answers.position
"""

_STORIES = """
    SELECT slug, name, framework, count(answers.position) AS takes,
        max(answers.recorded_at) AS last_told_at, answers.duration_s AS last_duration_s
    FROM stories
    LEFT JOIN sessions ON sessions.story_slug = stories.slug
    LEFT JOIN answers ON answers.session_id = sessions.id AND answers.status = 'answered'
    GROUP BY slug
    ORDER BY last_told_at DESC NULLS LAST, slug
"""  # where max() is the only aggregate of a value, SQLite takes the bare columns from the row that holds it


class SessionOverview(Model):
    """One line of the list of sessions."""

    id: str
    started_at: AwareDatetime
    ended_at: AwareDatetime | None
    loop: str | None
    story: str | None = None
    """Name of the story that was told."""
    take: int | None = None
    """Which telling of the story it is, counted from 1; None where nothing was said."""
    duration_s: float | None = None
    """How long the story took."""
    answers: int
    """How many answers are kept."""
    questions: tuple[str, ...]
    """Ids of the questions, in the order they were asked."""


class StoryOverview(Model):
    """One line of the list of stories."""

    slug: str
    name: str
    framework: FrameworkName
    takes: int
    last_told_at: AwareDatetime | None
    last_duration_s: float | None


def list_sessions(database: Database, limit: int | None) -> tuple[SessionOverview, ...]:
    """Return the sessions, newest first, at most ``limit`` of them.

    Raises:
        StorageError: The file cannot be read.
    """
    found: dict[str, dict[str, object]] = {}
    questions: dict[str, list[str]] = {}
    answers: dict[str, int] = {}
    for row in database.read(_SESSIONS, -1 if limit is None else limit):
        line = dict(row)
        position, question_id = line.pop("position"), line.pop("question_id")
        found[row["id"]] = line
        answers[row["id"]] = answers.get(row["id"], 0) + (position is not None)
        questions.setdefault(row["id"], []).extend([question_id] if question_id else [])
    with understood(database.path):
        return tuple(
            SessionOverview.model_validate({**line, "answers": answers[key], "questions": tuple(questions[key])})
            for key, line in found.items()
        )


def list_stories(database: Database) -> tuple[StoryOverview, ...]:
    """Return the stories, the one told last first.

    Raises:
        StorageError: The file cannot be read.
    """
    with understood(database.path):
        return tuple(StoryOverview.model_validate(dict(row)) for row in database.read(_STORIES))
