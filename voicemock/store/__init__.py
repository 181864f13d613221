"""Sessions on disk: one SQLite file, and a folder of recordings for each session.

    <data folder>/                    made with mode 0700 where it is missing
        voicemock.db                  0600; answers as JSON beside the columns they are searched by
        voicemock.db.version-1.bak    what the file was before it was brought to a newer layout
        sessions/<session id>/        0700; answer-01.flac and so on
        jobs/<name>.json              0600; jobs that are prepared for, in a folder of mode 0700
        unfinished/                   0700; a mark for each answer that is being given, a lock for each session

Recordings are written by the recorder; the store only says where. Every change is one transaction, so a process
killed at any moment leaves the last complete state.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from voicemock.errors import InputError, UnknownNameError
from voicemock.models import Answer, Assessment, BankedStory, Session, Story, StoryNotes
from voicemock.store.changes import adding, ended, ending, opening
from voicemock.store.database import Database, make_folder, unusable
from voicemock.store.deletion import (
    DATABASE_NAME,
    JOBS_FOLDER,
    PROGRESS_PAGE,
    delete_answer,
    delete_everything,
    delete_sessions,
)
from voicemock.store.measurements import MeasuredTake, read_measured
from voicemock.store.notes import banked_stories, delete_notes, keep_notes
from voicemock.store.overviews import SessionOverview, StoryOverview, list_sessions, list_stories
from voicemock.store.rows import SESSIONS, answer_of, session_of, understood
from voicemock.store.search import Excerpt, Filters, SearchResult, search
from voicemock.store.takes import Take, read_last_take, read_takes, replace_assessment, replaced_assessments
from voicemock.store.unfinished import UnfinishedAnswer, UnfinishedAnswers

_PREFIX_HINTS = 5
"""Session ids named in an error message."""

_NEWEST_SESSIONS = f"{SESSIONS} ORDER BY started_at DESC, id DESC"


class Store:
    """The sessions and stories of one data folder.

    Args:
        data_dir: Made where it is missing.

    Attributes:
        unfinished: Answers that are being given, and those that a killed process left.

    Raises:
        StorageError: The folder or the file cannot be used, or a newer voicemock made it.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "sessions"
        self._path = data_dir / DATABASE_NAME
        make_folder(data_dir)
        make_folder(self._folder)
        self._database = Database(self._path)
        self.unfinished = UnfinishedAnswers(data_dir, self._folder, self._database)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, and hold no session any longer; a second time does nothing."""
        self.unfinished.close()
        self._database.close()

    def new_session(self, loop: str | None, version: str, started_at: datetime, story: Story | None = None) -> Session:
        """Open a session and make its folder; it is held until it ends, so that nobody takes it for left behind.

        Args:
            loop: Name of the loop that is practiced, if any.
            version: Of voicemock.
            started_at: Aware; the id carries it in local time, "20261123-091500-7f3a".
            story: What is told instead of answers; a story that is kept takes over its framework.

        Raises:
            StorageError: The folder or the row cannot be written.
        """
        session = self.reserve(loop, version, started_at, story)
        self.readmit(session, story)
        return session

    def reserve(self, loop: str | None, version: str, started_at: datetime, story: Story | None = None) -> Session:
        """Make the folder of a session and hold it; nothing is kept of it until ``keep``, or ever after ``drop``.

        Raises:
            StorageError: The folder cannot be written.
        """
        session_id = self._claim_folder(f"{started_at.astimezone():%Y%m%d-%H%M%S}")
        self.unfinished.begin(session_id)
        name = story.name if story else None
        return Session(id=session_id, started_at=started_at, loop=loop, story=name, voicemock_version=version)

    def keep(self, session: Session, story: Story | None, answers: Sequence[Answer], ended_at: datetime) -> Session:
        """Keep a session that was reserved and is over, with its answers: all of it or nothing.

        Raises:
            StorageError: It cannot be written.
        """
        over = ended(session, ended_at)
        added = (change for answer in answers for change in adding(session, answer))
        self._database.write_all(*opening(session, story), *added, ending(over))
        self.unfinished.end(session.id)
        return over

    def drop(self, session: Session) -> None:
        """Remove the folder of a session that was reserved, and hold it no longer."""
        shutil.rmtree(self.session_folder(session), ignore_errors=True)
        self.unfinished.end(session.id)

    def readmit(self, session: Session, story: Story | None = None) -> None:
        """Keep a session whose folder is here, and the story that it tells; one that is kept stays as it is.

        Raises:
            StorageError: It cannot be written.
        """
        self._database.write_all(*opening(session, story))

    def session_folder(self, session: Session) -> Path:
        """Return the folder of a session's recordings."""
        return self._folder / session.id

    def add(self, session: Session, answer: Answer) -> None:
        """Keep an answer; one at the same position is replaced.

        Raises:
            StorageError: It cannot be written, or the session is not kept here.
        """
        self._database.write_all(*adding(session, answer))

    def end(self, session: Session, ended_at: datetime) -> Session:
        """Note when a session ended, not before it began even where the clock was put back, and return it so.

        Raises:
            StorageError: It cannot be written.
        """
        over = ended(session, ended_at)
        self._database.write_all(ending(over))
        self.unfinished.end(session.id)
        return over

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
        with understood(self._path):
            return Story.model_validate(dict(rows[0])) if rows else None

    def banked_stories(self) -> tuple[BankedStory, ...]:
        """Return every story with its notes, in the order of their names.

        Raises:
            StorageError: The file cannot be read, or notes in it make no sense.
        """
        return banked_stories(self._database, self._path)

    def keep_notes(self, story: Story, notes: StoryNotes, updated_at: datetime) -> None:
        """Keep what was written down about a story, in the place of what was there; a new story is kept with it.

        Raises:
            StorageError: It cannot be written.
        """
        keep_notes(self._database, story, notes, updated_at)

    def delete_notes(self, story: Story) -> None:
        """Delete what was written down about a story, for good; its takes stay.

        Raises:
            StorageError: It cannot be deleted.
        """
        delete_notes(self._database, story)

    def takes(self, story: Story) -> tuple[Take, ...]:
        """Return every telling of a story in which something was said, the first one first.

        Raises:
            StorageError: The file cannot be read, or an answer in it makes no sense.
        """
        return read_takes(self._database, self._path, "story_slug = ?", story.slug)

    def takes_of_question(self, question_id: str) -> tuple[Take, ...]:
        """Return every answer to a question in which something was said, the first one first.

        Raises:
            StorageError: The file cannot be read, or an answer in it makes no sense.
        """
        return read_takes(self._database, self._path, "question_id = ?", question_id)

    def last_take(self, story: Story) -> Take | None:
        """Return the newest telling of a story in which something was said; None where there is none.

        Raises:
            StorageError: The file cannot be read, or the answer makes no sense.
        """
        return read_last_take(self._database, self._path, "story_slug = ?", story.slug)

    def last_take_of_question(self, question_id: str) -> Take | None:
        """Return the newest answer to a question in which something was said; None where there is none.

        Raises:
            StorageError: The file cannot be read, or the answer makes no sense.
        """
        return read_last_take(self._database, self._path, "question_id = ?", question_id)

    def takes_of_session(self, session: Session) -> tuple[Take, ...]:
        """Return every answer of a session in which something was said, in order.

        Raises:
            StorageError: The file cannot be read, or an answer in it makes no sense.
        """
        return read_takes(self._database, self._path, "sessions.id = ?", session.id)

    def all_takes(self) -> Iterator[Take]:
        """Yield everything in which something was said, the first one first; one answer is in memory at a time.

        Raises:
            StorageError: The file cannot be read, or an answer in it makes no sense.
        """
        rows = self._database.read(
            "SELECT session_id, position FROM answers WHERE status = 'answered' "
            "ORDER BY recorded_at, session_id, position"
        )
        for row in rows:
            here = (row["session_id"], row["position"])
            yield from read_takes(self._database, self._path, "sessions.id = ? AND position = ?", *here)

    def measured(self) -> tuple[MeasuredTake, ...]:
        """Return the numbers of everything in which something was said, the first one first.

        Raises:
            StorageError: The file cannot be read or written, or an answer in it makes no sense.
        """
        return read_measured(self._database, self._path)

    def reassess(self, take: Take, assessment: Assessment, replaced_at: datetime) -> None:
        """Put another assessment in the place of an answer's own, which is kept as history.

        Raises:
            StorageError: It cannot be written.
        """
        replace_assessment(self._database, take, assessment, replaced_at)

    def earlier_assessments(self, take: Take) -> tuple[Assessment, ...]:
        """Return the assessments that an answer had before, the first one first.

        Raises:
            StorageError: The file cannot be read.
        """
        return replaced_assessments(self._database, take)

    def search(self, words: str, filters: Filters = Filters(), limit: int = 20) -> tuple[SearchResult, ...]:
        """Return the answers in which all the words were said, those that are most about them first.

        Args:
            words: Words, and phrases in quotation marks; "migrat*" finds what begins so.
            filters: What narrows the search.
            limit: How many.

        Raises:
            InputError: There is no word in the search.
            StorageError: The file cannot be read.
        """
        return search(self._database, words, filters, limit)

    def session(self, name: str = "last") -> Session:
        """Return the session with an id, the only one whose id begins so, the last of a story, or the "last" one.

        Raises:
            UnknownNameError: None has that id, or several begin so.
            StorageError: The file cannot be read.
        """
        newest = self._database.read(f"{_NEWEST_SESSIONS} LIMIT {_PREFIX_HINTS}")
        if not newest:
            raise UnknownNameError("No interview is kept yet. Start one with: voicemock practice")
        if name == "last":
            return session_of(newest[0], self._path)
        found = self._ids_that_begin(name)
        if len(found) == 1:
            return session_of(self._database.read(f"{SESSIONS} WHERE id = ?", found[0])[0], self._path)
        if not found and (told := self._last_of_story(name)):
            return told
        ids = ", ".join(str(each) for each in (found or [row["id"] for row in newest])[:_PREFIX_HINTS])
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
        return tuple(answer_of(row["document"], row["position"], session, self._path) for row in rows)

    def positions(self, session: Session) -> tuple[int, ...]:
        """Return the places of a session's answers, also of those that cannot be read.

        Raises:
            StorageError: The file cannot be read.
        """
        rows = self._database.read("SELECT position FROM answers WHERE session_id = ? ORDER BY position", session.id)
        return tuple(row["position"] for row in rows)

    def sessions_of(self, story: Story) -> tuple[Session, ...]:
        """Return every session of a story, also those in which nothing was said.

        Raises:
            StorageError: The file cannot be read.
        """
        rows = self._database.read(f"{SESSIONS} WHERE story_slug = ? ORDER BY started_at, id", story.slug)
        return tuple(session_of(row, self._path) for row in rows)

    def delete_answer(self, session: Session, position: int) -> None:
        """Delete one answer with its recording, for good.

        Raises:
            StorageError: A file or the row cannot be deleted.
        """
        delete_answer(self._database, self.session_folder(session), session, position)
        self.unfinished.forget(session.id, position)

    def delete_session(self, session: Session) -> None:
        """Delete a session with its recordings, for good.

        Raises:
            StorageError: A file or a row cannot be deleted.
        """
        self._delete([session])

    def delete_story(self, story: Story) -> None:
        """Delete a story with all its sessions, for good.

        Raises:
            StorageError: A file or a row cannot be deleted.
        """
        self._delete(self.sessions_of(story), story)

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

    def _last_of_story(self, name: str) -> Session | None:
        try:
            story = self.story(name)
        except InputError:
            return None
        last = self.last_take(story) if story else None
        return last.session if last else None

    def _ids_that_begin(self, name: str) -> list[object]:
        """Return the id that is the name, or those that begin with it, the newest first."""
        rows = self._database.read("SELECT id FROM sessions ORDER BY started_at DESC, id DESC")
        ids = [row["id"] for row in rows]
        return [each for each in ids if each == name] or [each for each in ids if name and str(each).startswith(name)]

    def _delete(self, sessions: Sequence[Session], story: Story | None = None) -> None:
        delete_sessions(self._database, self._folder, sessions, story)
        for session in sessions:
            self.unfinished.forget(session.id)


__all__ = [
    "JOBS_FOLDER",
    "PROGRESS_PAGE",
    "Excerpt",
    "Filters",
    "MeasuredTake",
    "SearchResult",
    "SessionOverview",
    "Store",
    "StoryOverview",
    "Take",
    "UnfinishedAnswer",
    "delete_everything",
]
