"""Sessions on disk: one SQLite file, and a folder of recordings for each session.

    <data folder>/                    made with mode 0700 where it is missing
        voicemock.db                  0600; answers as JSON beside the columns they are searched by
        voicemock.db.version-1.bak    what the file was before it was brought to a newer layout
        sessions/<session id>/        0700; answer-01.flac and so on

Recordings are written by the recorder; the store only says where. Every change is one transaction, so a process
killed at any moment leaves the last complete state.
"""

from __future__ import annotations

import secrets
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

from pydantic import ValidationError

from voicemock.errors import InputError, StorageError, UnknownNameError
from voicemock.models import Answer, Assessment, Session, Story
from voicemock.store.database import Database, make_folder, unusable
from voicemock.store.overviews import SessionOverview, StoryOverview, list_sessions, list_stories

DATABASE_NAME: Final = "voicemock.db"

_PREFIX_HINTS = 5
"""Session ids named in an error message."""

_SESSIONS = """
    SELECT id, started_at, ended_at, loop, stories.name AS story, voicemock_version
    FROM sessions LEFT JOIN stories ON stories.slug = sessions.story_slug
"""


class Take(NamedTuple):
    """One telling of a story, or one answer to a question."""

    session: Session
    answer: Answer


class Store:
    """The sessions and stories of one data folder.

    Args:
        data_dir: Made where it is missing.

    Raises:
        StorageError: The folder or the file cannot be used, or a newer voicemock made it.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "sessions"
        self._path = data_dir / DATABASE_NAME
        make_folder(data_dir)
        make_folder(self._folder)
        self._database = Database(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        self._database.close()

    def new_session(self, loop: str | None, version: str, started_at: datetime, story: Story | None = None) -> Session:
        """Open a session and make its folder.

        Args:
            loop: Name of the loop that is practiced, if any.
            version: Of voicemock.
            started_at: Aware; the id carries it in local time, "20261123-091500-7f3a".
            story: What is told instead of answers; a story that is kept takes over its framework.

        Raises:
            StorageError: The folder or the row cannot be written.
        """
        session_id = self._claim_folder(f"{started_at.astimezone():%Y%m%d-%H%M%S}")
        row = (session_id, _utc(started_at), loop, story.slug if story else None, version)
        opened = (
            "INSERT INTO sessions (id, started_at, loop, story_slug, voicemock_version) VALUES (?, ?, ?, ?, ?)",
            row,
        )
        self._database.write_all(*([_kept(story, started_at)] if story else []), opened)
        name = story.name if story else None
        return Session(id=session_id, started_at=started_at, loop=loop, story=name, voicemock_version=version)

    def session_folder(self, session: Session) -> Path:
        """Return the folder of a session's recordings."""
        return self._folder / session.id

    def add(self, session: Session, answer: Answer) -> None:
        """Keep an answer; one at the same position is replaced.

        Raises:
            StorageError: It cannot be written, or the session is not kept here.
        """
        duration_s = answer.assessment.analysis.duration_s if answer.assessment else None
        self._database.write(
            """
            INSERT INTO answers
                (session_id, position, question_id, status, recorded_at, duration_s, audio_file, document)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (session_id, position) DO UPDATE SET
                question_id = excluded.question_id, status = excluded.status,
                recorded_at = excluded.recorded_at, duration_s = excluded.duration_s,
                audio_file = excluded.audio_file, document = excluded.document
            """,
            *(session.id, answer.position, answer.question.id if answer.question else None, answer.status),
            *(_utc(answer.recorded_at), duration_s, answer.audio_file, answer.model_dump_json()),
        )

    def end(self, session: Session, ended_at: datetime) -> Session:
        """Note when a session ended, and return it so.

        Raises:
            StorageError: It cannot be written.
        """
        self._database.write("UPDATE sessions SET ended_at = ? WHERE id = ?", _utc(ended_at), session.id)
        return session.model_copy(update={"ended_at": ended_at})

    def sessions(self, limit: int | None = None) -> tuple[SessionOverview, ...]:
        """Return what is kept, newest first, at most ``limit`` of them.

        Raises:
            StorageError: The file cannot be read.
        """
        return list_sessions(self._database, limit)

    def stories(self) -> tuple[StoryOverview, ...]:
        """Return the stories that are kept, the one told last first.

        Raises:
            StorageError: The file cannot be read.
        """
        return list_stories(self._database)

    def story(self, name: str) -> Story | None:
        """Return the story of a name, however it is spaced and capitalized; None where there is none.

        Raises:
            InputError: It cannot be the name of a story.
            StorageError: The file cannot be read.
        """
        rows = self._database.read(
            "SELECT slug, name, framework FROM stories WHERE replace(slug, '-', '') = ?", Story.named(name).key
        )
        return Story.model_validate(dict(rows[0])) if rows else None

    def takes(self, story: Story) -> tuple[Take, ...]:
        """Return every telling of a story in which something was said, the first one first.

        Raises:
            StorageError: The file cannot be read, or an answer in it makes no sense.
        """
        return self._takes("story_slug = ?", story.slug)

    def takes_of_question(self, question_id: str) -> tuple[Take, ...]:
        """Return every answer to a question in which something was said, the first one first.

        Raises:
            StorageError: The file cannot be read, or an answer in it makes no sense.
        """
        return self._takes("question_id = ?", question_id)

    def all_takes(self) -> tuple[Take, ...]:
        """Return everything in which something was said, the first one first.

        Raises:
            StorageError: The file cannot be read, or an answer in it makes no sense.
        """
        return self._takes("true")

    def reassess(self, take: Take, assessment: Assessment, replaced_at: datetime) -> None:
        """Put another assessment in the place of an answer's own, which is kept as history.

        Raises:
            StorageError: It cannot be written.
        """
        here = (take.session.id, take.answer.position)
        old = take.answer.assessment
        changed = take.answer.model_copy(update={"assessment": assessment})
        self._database.write_all(
            (
                """
                INSERT INTO replaced_assessments (answer_id, replaced_at, document)
                SELECT id, ?, ? FROM answers WHERE session_id = ? AND position = ?
                """,
                (_utc(replaced_at), old.model_dump_json() if old else "null", *here),
            ),
            (
                "UPDATE answers SET document = ?, duration_s = ? WHERE session_id = ? AND position = ?",
                (changed.model_dump_json(), assessment.analysis.duration_s, *here),
            ),
        )

    def earlier_assessments(self, take: Take) -> tuple[Assessment, ...]:
        """Return the assessments that an answer had before, the first one first.

        Raises:
            StorageError: The file cannot be read.
        """
        rows = self._database.read(
            """
            SELECT replaced_assessments.document FROM replaced_assessments JOIN answers ON answers.id = answer_id
            WHERE session_id = ? AND position = ? ORDER BY replaced_at, replaced_assessments.rowid
            """,
            *(take.session.id, take.answer.position),
        )
        return tuple(Assessment.model_validate_json(row["document"]) for row in rows)

    def session(self, name: str = "last") -> Session:
        """Return the session with an id, the only one whose id begins so, the last of a story, or the "last" one.

        Raises:
            UnknownNameError: None has that id, or several begin so.
            StorageError: The file cannot be read.
        """
        rows = self._database.read(f"{_SESSIONS} ORDER BY started_at DESC, id DESC")
        if not rows:
            raise UnknownNameError("No interview is kept yet. Start one with: voicemock practice")
        if name == "last":
            return _session(rows[0])
        found = [row for row in rows if row["id"] == name] or [
            row for row in rows if name and row["id"].startswith(name)
        ]
        if len(found) == 1:
            return _session(found[0])
        if not found and (told := self._last_of_story(name)):
            return told
        ids = ", ".join(row["id"] for row in (found or rows)[:_PREFIX_HINTS])
        if found:
            raise UnknownNameError(f"{len(found)} sessions begin with {name!r}: {ids}. Type more of the id.")
        raise UnknownNameError(f"No session {name!r}. The latest are: {ids}. See: voicemock sessions")

    def answers(self, session: Session) -> tuple[Answer, ...]:
        """Return the answers of a session, in the order they were given.

        Raises:
            StorageError: The file cannot be read, or an answer in it makes no sense.
        """
        rows = self._database.read(
            "SELECT position, document FROM answers WHERE session_id = ? ORDER BY position", session.id
        )
        return tuple(self._answer(session, row) for row in rows)

    def unfinished(self) -> tuple[Path, ...]:
        """Return recordings that no answer speaks of: a killed process left them, or one is recording right now.

        Raises:
            StorageError: The file cannot be read.
        """
        rows = self._database.read("SELECT session_id, audio_file FROM answers WHERE audio_file NOT NULL")
        kept = {(row["session_id"], _answer_of(row["audio_file"])) for row in rows}
        found: dict[tuple[str, str], Path] = {}
        for path in sorted(self._folder.glob("*/answer-*")):  # .flac comes before .recording.wav
            if path.name.endswith((".flac", ".recording.wav")):
                found.setdefault((path.parent.name, _answer_of(path.name)), path)
        return tuple(path for key, path in found.items() if key not in kept)

    def integrity(self) -> str | None:
        """Return what is wrong with the file, or None."""
        return self._database.integrity()

    def _claim_folder(self, stamp: str) -> str:
        """Make a session folder that nobody else has, and return its name."""
        while True:
            session_id = f"{stamp}-{secrets.token_hex(2)}"
            try:
                (self._folder / session_id).mkdir(mode=0o700)
            except FileExistsError:
                continue
            except OSError as error:
                raise unusable(self._folder / session_id, error) from error
            return session_id

    def _takes(self, condition: str, *values: object) -> tuple[Take, ...]:
        rows = self._database.read(
            f"""
            SELECT sessions.id, started_at, ended_at, loop, stories.name AS story, voicemock_version, position, document
            FROM answers JOIN sessions ON sessions.id = session_id LEFT JOIN stories ON stories.slug = story_slug
            WHERE status = 'answered' AND {condition} ORDER BY recorded_at, sessions.id, position
            """,  # noqa: S608 - the condition is one of this module's own
            *values,
        )
        found = []
        for row in rows:
            session = _session({key: row[key] for key in row.keys() if key not in ("position", "document")})  # noqa: SIM118
            found.append(Take(session, self._answer(session, row)))
        return tuple(take for take in found if take.answer.assessment)

    def _last_of_story(self, name: str) -> Session | None:
        try:
            story = self.story(name)
        except InputError:
            return None
        takes = self.takes(story) if story else ()
        return takes[-1].session if takes else None

    def _answer(self, session: Session, row: sqlite3.Row) -> Answer:
        try:
            return Answer.model_validate_json(row["document"])
        except ValidationError as error:
            raise StorageError(
                f"{self._path}: answer {row['position']} of session {session.id} cannot be read "
                f"({error.error_count()} fields are wrong). Its recording is in {self.session_folder(session)}."
            ) from error


def _answer_of(file_name: str) -> str:
    """Return the answer a recording belongs to, compressed or as it was written: "answer-01"."""
    return file_name.partition(".")[0]


def _kept(story: Story, created_at: datetime) -> tuple[str, tuple[object, ...]]:
    """Return the statement that keeps a story; the name it was first given stays."""
    statement = """
        INSERT INTO stories (slug, name, framework, created_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (slug) DO UPDATE SET framework = excluded.framework
    """
    return statement, (story.slug, story.name, story.framework, _utc(created_at))


def _session(row: sqlite3.Row | dict[str, object]) -> Session:
    return Session.model_validate(dict(row))


def _utc(moment: datetime) -> str:
    """Return a moment as text that sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


__all__ = ["SessionOverview", "Store", "StoryOverview", "Take"]
