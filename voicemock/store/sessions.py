"""Sessions and their answers: rows of the SQLite file, and a folder of recordings for each session."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from voicemock.errors import InputError, StorageError, UnknownNameError
from voicemock.models import Answer, Assessment, Level, MentorReview, Session, Story
from voicemock.store.database import Change, Database, writing
from voicemock.store.rows import (
    ANSWERS,
    SESSIONS,
    MeasuredTake,
    answer_of,
    keeping_numbers,
    read_measured,
    session_of,
    understood,
    utc,
)
from voicemock.store.stories import Stories, story_kept
from voicemock.store.unfinished import UnfinishedAnswers

_PREFIX_HINTS = 5
"""Number of session ids named in an error message."""

_NEWEST_FIRST = "ORDER BY started_at DESC, id DESC"

_SAYS_ANYTHING = """
    WHERE EXISTS (SELECT 1 FROM answers WHERE session_id = sessions.id AND status IN ('answered', 'interrupted'))
"""

_ADD_SESSION = """
    INSERT INTO sessions (id, started_at, loop, story_slug, level, voicemock_version) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO NOTHING
"""

_ADD_ANSWER = """
    INSERT INTO answers (session_id, position, question_id, status, recorded_at, duration_s, audio_file, document)
    VALUES (:session_id, :position, :question_id, :status, :recorded_at, :duration_s, :audio_file, :document)
    ON CONFLICT (session_id, position) DO UPDATE SET
        question_id = excluded.question_id, status = excluded.status,
        recorded_at = excluded.recorded_at, duration_s = excluded.duration_s,
        audio_file = excluded.audio_file, document = excluded.document
"""

_DOCUMENT = "SELECT position, document FROM answers WHERE session_id = ? AND position = ?"
_CHANGED = "An answer of session {session} was changed meanwhile. Nothing was imported. Try again."

_HERE = "sessions.id = ? AND position = ?"
"""Selects one answer by session id and position."""


class Take(NamedTuple):
    """One telling of a story or one answer to a question, with its session."""

    session: Session
    answer: Answer


class Sessions:
    """The sessions of a data folder, with their answers.

    Args:
        database: Holds their rows.
        folder: Holds a folder of recordings for each session.
        unfinished: Holds the running sessions, so that no other process takes their answers for left behind.
    """

    def __init__(self, database: Database, folder: Path, unfinished: UnfinishedAnswers) -> None:
        self._database = database
        self._folder = folder
        self._unfinished = unfinished

    def folder(self, session: Session) -> Path:
        """Return the folder of a session's recordings; raise StorageError if a link stands in its place."""
        folder = self._folder / session.id
        if folder.is_symlink():
            raise StorageError(f"{folder} is a link, which is not followed. Put the folder itself in its place.")
        return folder

    def start(
        self,
        loop: str | None,
        version: str,
        started_at: datetime,
        story: Story | None = None,
        level: Level | None = None,
    ) -> Session:
        """Open a session, create its folder, and hold it until it ends.

        Args:
            loop: Name of the practiced loop.
            version: Of voicemock.
            started_at: Aware; the id shows it in local time, "20261123-091500-7f3a".
            story: The story that is told, if any; the kept story takes over its framework.
            level: The level that is practiced for, if one was chosen.
        """
        session = self.reserve(loop, version, started_at, story, level)
        self.readmit(session, story)
        return session

    def reserve(
        self,
        loop: str | None,
        version: str,
        started_at: datetime,
        story: Story | None = None,
        level: Level | None = None,
    ) -> Session:
        """Create the folder of a session and hold it. ``keep`` makes it permanent, ``drop`` removes it."""
        self._database.check_in_place()
        session_id = _claim_folder(self._folder, started_at)
        self._unfinished.begin(session_id)
        name = story.name if story else None
        return Session(
            id=session_id, started_at=started_at, loop=loop, story=name, level=level, voicemock_version=version
        )

    def keep(self, session: Session, story: Story | None, answers: Sequence[Answer], ended_at: datetime) -> Session:
        """Keep a reserved session that is over, with its answers: all of it or nothing."""
        ended, end = _ending(session, ended_at)
        added = (change for answer in answers for change in _adding(session, answer))
        self._database.write_all(*_opening(session, story), *added, end)
        self._unfinished.end(session.id)
        return ended

    def drop(self, session: Session) -> None:
        """Remove the folder of a reserved session, and release it."""
        shutil.rmtree(self.folder(session), ignore_errors=True)
        self._unfinished.end(session.id)

    def readmit(self, session: Session, story: Story | None = None) -> None:
        """Keep a session whose folder exists, and its story. A session that is kept already stays as it is."""
        self._database.write_all(*_opening(session, story))

    def end(self, session: Session, ended_at: datetime) -> Session:
        """Keep the end of a session, release it, and return it. A clock that was put back ends no session early."""
        ended, change = _ending(session, ended_at)
        self._database.write_all(change)
        self._unfinished.end(session.id)
        return ended

    def find(self, name: str = "last") -> Session:
        """Return a session by its id, a unique beginning of it, the name of its story (the last telling), or "last".

        A session in which nothing was said is the last one only if there is no other.

        Raises:
            UnknownNameError: No session matches, or several ids begin so.
        """
        newest = self._database.read(f"{SESSIONS} {_NEWEST_FIRST} LIMIT {_PREFIX_HINTS}")
        if not newest:
            raise UnknownNameError("No interviews yet. Start one with: voicemock practice")
        if name == "last":
            said = self._database.read(f"{SESSIONS} {_SAYS_ANYTHING} {_NEWEST_FIRST} LIMIT 1")
            return session_of((said or newest)[0], self._database.path)
        found = self._ids_that_begin(name)
        if len(found) == 1:
            return session_of(self._database.read(f"{SESSIONS} WHERE id = ?", found[0])[0], self._database.path)
        if not found and (told := self._last_of_story(name)):
            return told
        ids = ", ".join(str(each) for each in (found or [row["id"] for row in newest])[:_PREFIX_HINTS])
        if found:
            more = " ..." if len(found) > _PREFIX_HINTS else ""
            raise UnknownNameError(f"{len(found)} sessions begin with {name!r}: {ids}{more}. Type more of the id.")
        raise UnknownNameError(f"No session {name!r}. The latest are: {ids}. See: voicemock sessions")

    def of_story(self, story: Story) -> tuple[Session, ...]:
        """Return every session of a story, including those in which nothing was said."""
        rows = self._database.read(f"{SESSIONS} WHERE story_slug = ? ORDER BY started_at, id", story.slug)
        return tuple(session_of(row, self._database.path) for row in rows)

    def add_answer(self, session: Session, answer: Answer) -> None:
        """Keep an answer, and replace one at the same position."""
        self._database.write_all(*_adding(session, answer))

    def answers(self, session: Session) -> tuple[Answer, ...]:
        """Return the answers of a session in order."""
        rows = self._database.read(
            "SELECT position, document FROM answers WHERE session_id = ? ORDER BY position", session.id
        )
        return tuple(answer_of(row, session, self._database.path) for row in rows)

    def keep_reviews(self, session: Session, reviewed: Sequence[tuple[Answer, tuple[MentorReview, ...]]]) -> None:
        """Replace what other people said of answers: of all of them or of none.

        Args:
            session: Has the answers.
            reviewed: Each answer as it was read, with its new reviews.

        Raises:
            StorageError: An answer was changed or deleted meanwhile.
        """
        changes: list[Change] = []
        documents: list[object] = []
        for answer, reviews in reviewed:
            found = self._database.read(_DOCUMENT, session.id, answer.position)
            if not found or answer_of(found[0], session, self._database.path) != answer:
                raise StorageError(_CHANGED.format(session=session.id))
            documents += [session.id, answer.position, found[0]["document"]]
            changes += _adding(session, answer.model_copy(update={"reviews": reviews}))
        unchanged = " AND ".join([f"EXISTS ({_DOCUMENT} AND document = ?)"] * len(reviewed))
        if not self._database.write_all_if((f"SELECT 1 WHERE {unchanged}", documents), *changes):
            raise StorageError(_CHANGED.format(session=session.id))

    def positions(self, session: Session) -> tuple[int, ...]:
        """Return the positions of a session's answers, including answers that cannot be read."""
        rows = self._database.read("SELECT position FROM answers WHERE session_id = ? ORDER BY position", session.id)
        return tuple(row["position"] for row in rows)

    def _last_of_story(self, name: str) -> Session | None:
        try:
            story = Stories(self._database).find(name)
        except InputError:
            return None
        last = Takes(self._database).last_of_story(story) if story else None
        return last.session if last else None

    def _ids_that_begin(self, name: str) -> list[object]:
        """Return the id that equals the name, or else those that begin with it, newest first."""
        ids = [row["id"] for row in self._database.read(f"SELECT id FROM sessions {_NEWEST_FIRST}")]  # noqa: S608 - ours
        return [each for each in ids if each == name] or [each for each in ids if name and str(each).startswith(name)]


class Takes:
    """The takes of a data folder, in the order of recording."""

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
        """Return the newest telling of a story."""
        return self._last("story_slug = ?", story.slug)

    def last_of_question(self, question_id: str) -> Take | None:
        """Return the newest answer to a question."""
        return self._last("question_id = ?", question_id)

    def all(self) -> Iterator[Take]:
        """Yield every take, with one answer in memory at a time."""
        rows = self._database.read(
            "SELECT session_id, position FROM answers WHERE status = 'answered' "
            "ORDER BY recorded_at, session_id, position"
        )
        for row in rows:
            yield from self._where(_HERE, *row)

    def counts(self) -> dict[tuple[str | None, str | None], int]:
        """Return the number of takes of each story and each question, by its name or id, last practiced first."""
        rows = self._database.read(
            """
            SELECT stories.name AS story, question_id, count(*) AS takes
            FROM answers JOIN sessions ON sessions.id = session_id LEFT JOIN stories ON stories.slug = story_slug
            WHERE status = 'answered' AND coalesce(story_slug, question_id) NOT NULL
            GROUP BY story_slug, question_id ORDER BY max(recorded_at) DESC, story, question_id
            """
        )
        return {(row["story"], row["question_id"]): row["takes"] for row in rows}

    def measured(self) -> tuple[MeasuredTake, ...]:
        """Return the numbers of every take."""
        return read_measured(self._database)

    def reassess(self, take: Take, assessment: Assessment, replaced_at: datetime) -> None:
        """Replace an answer's assessment; the old one is kept as history."""
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
        """Return the replaced assessments of an answer, oldest first."""
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
        """Return the takes that meet an SQL condition on answers and sessions."""
        rows = self._database.read(
            f"{ANSWERS} WHERE status = 'answered' AND {condition} ORDER BY recorded_at, sessions.id, position", *values
        )
        found = []
        for row in rows:
            session = session_of(row, self._database.path)
            found.append(Take(session, answer_of(row, session, self._database.path)))
        return tuple(take for take in found if take.answer.assessment)

    def _last(self, condition: str, *values: object) -> Take | None:
        """Return the newest take that meets an SQL condition, without reading any other."""
        newest = self._database.read(
            f"""
            SELECT session_id, position FROM answers JOIN sessions ON sessions.id = session_id
            WHERE status = 'answered' AND {condition} ORDER BY recorded_at DESC, session_id DESC, position DESC LIMIT 1
            """,  # noqa: S608 - no condition comes from outside
            *values,
        )
        found = [take for row in newest for take in self._where(_HERE, *row)]
        return found[0] if found else None


def _claim_folder(folders: Path, started_at: datetime) -> str:
    """Create a new session folder, and return its name: "20261123-091500-7f3a", in local time."""
    while True:
        session_id = f"{started_at.astimezone():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        with writing(folders / session_id), suppress(FileExistsError):
            (folders / session_id).mkdir(mode=0o700)
            return session_id


def _opening(session: Session, story: Story | None) -> tuple[Change, ...]:
    """Return the changes that keep a session and its story."""
    slug = story.slug if story else None
    row = (session.id, utc(session.started_at), session.loop, slug, session.level, session.voicemock_version)
    return (*([story_kept(story, session.started_at)] if story else []), (_ADD_SESSION, row))


def _ending(session: Session, ended_at: datetime) -> tuple[Session, Change]:
    """Return a session with its end, never before its start, and the change that keeps it."""
    ended_at = max(ended_at, session.started_at)
    change = ("UPDATE sessions SET ended_at = ? WHERE id = ?", (utc(ended_at), session.id))
    return session.model_copy(update={"ended_at": ended_at}), change


def _adding(session: Session, answer: Answer) -> tuple[Change, ...]:
    """Return the changes that keep an answer and its numbers."""
    row = {
        "session_id": session.id,
        "position": answer.position,
        "question_id": answer.question.id if answer.question else None,
        "status": answer.status,
        "recorded_at": utc(answer.recorded_at),
        "duration_s": answer.assessment.analysis.duration_s if answer.assessment else None,
        "audio_file": answer.audio_file,
        "document": answer.model_dump_json(),
    }
    return ((_ADD_ANSWER, row), *keeping_numbers(session.id, answer))
