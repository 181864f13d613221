"""The one door to what is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from voicemock.models import Answer, Assessment, BankedStory, Session, Story, StoryNotes
from voicemock.store.answers import adding, answers_of, keep_answer, positions_of
from voicemock.store.database import Database, make_folder
from voicemock.store.deletion import DATABASE_NAME, delete_answer, delete_sessions
from voicemock.store.measurements import MeasuredTake, read_measured
from voicemock.store.notes import banked_stories, delete_notes, keep_notes
from voicemock.store.overviews import SessionOverview, StoryOverview, list_sessions, list_stories
from voicemock.store.search import Filters, SearchResult, search
from voicemock.store.sessions import claim_folder, end_session, ending, find_session, keep_session, opening, sessions_of
from voicemock.store.stories import find_story
from voicemock.store.takes import Take, each_take, read_last_take, read_takes, replace_assessment, replaced_assessments
from voicemock.store.unfinished import UnfinishedAnswers


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
        make_folder(data_dir)
        make_folder(self._folder)
        self._database = Database(data_dir / DATABASE_NAME)
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
        session_id = claim_folder(self._folder, started_at)
        self.unfinished.begin(session_id)
        name = story.name if story else None
        return Session(id=session_id, started_at=started_at, loop=loop, story=name, voicemock_version=version)

    def keep(self, session: Session, story: Story | None, answers: Sequence[Answer], ended_at: datetime) -> Session:
        """Keep a session that was reserved and is over, with its answers: all of it or nothing.

        Raises:
            StorageError: It cannot be written.
        """
        ended, end = ending(session, ended_at)
        added = (change for answer in answers for change in adding(session, answer))
        self._database.write_all(*opening(session, story), *added, end)
        self.unfinished.end(session.id)
        return ended

    def drop(self, session: Session) -> None:
        """Remove the folder of a session that was reserved, and hold it no longer."""
        shutil.rmtree(self.session_folder(session), ignore_errors=True)
        self.unfinished.end(session.id)

    def readmit(self, session: Session, story: Story | None = None) -> None:
        """Keep a session whose folder is here, and the story that it tells; one that is kept stays as it is.

        Raises:
            StorageError: It cannot be written.
        """
        keep_session(self._database, session, story)

    def session_folder(self, session: Session) -> Path:
        """Return the folder of a session's recordings."""
        return self._folder / session.id

    def add(self, session: Session, answer: Answer) -> None:
        """Keep an answer; one at the same position is replaced.

        Raises:
            StorageError: It cannot be written, or the session is not kept here.
        """
        keep_answer(self._database, session, answer)

    def end(self, session: Session, ended_at: datetime) -> Session:
        """Note when a session ended, not before it began even where the clock was put back, and return it so.

        Raises:
            StorageError: It cannot be written.
        """
        ended = end_session(self._database, session, ended_at)
        self.unfinished.end(session.id)
        return ended

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
        return find_story(self._database, name)

    def banked_stories(self) -> tuple[BankedStory, ...]:
        """Return every story with its notes, in the order of their names.

        Raises:
            StorageError: The file cannot be read, or notes in it make no sense.
        """
        return banked_stories(self._database)

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
        return read_takes(self._database, "story_slug = ?", story.slug)

    def takes_of_question(self, question_id: str) -> tuple[Take, ...]:
        """Return every answer to a question in which something was said, the first one first.

        Raises:
            StorageError: The file cannot be read, or an answer in it makes no sense.
        """
        return read_takes(self._database, "question_id = ?", question_id)

    def last_take(self, story: Story) -> Take | None:
        """Return the newest telling of a story in which something was said; None where there is none.

        Raises:
            StorageError: The file cannot be read, or the answer makes no sense.
        """
        return read_last_take(self._database, "story_slug = ?", story.slug)

    def last_take_of_question(self, question_id: str) -> Take | None:
        """Return the newest answer to a question in which something was said; None where there is none.

        Raises:
            StorageError: The file cannot be read, or the answer makes no sense.
        """
        return read_last_take(self._database, "question_id = ?", question_id)

    def takes_of_session(self, session: Session) -> tuple[Take, ...]:
        """Return every answer of a session in which something was said, in order.

        Raises:
            StorageError: The file cannot be read, or an answer in it makes no sense.
        """
        return read_takes(self._database, "sessions.id = ?", session.id)

    def all_takes(self) -> Iterator[Take]:
        """Yield everything in which something was said, the first one first; one answer is in memory at a time.

        Raises:
            StorageError: The file cannot be read, or an answer in it makes no sense.
        """
        return each_take(self._database)

    def measured(self) -> tuple[MeasuredTake, ...]:
        """Return the numbers of everything in which something was said, the first one first.

        Raises:
            StorageError: The file cannot be read or written, or an answer in it makes no sense.
        """
        return read_measured(self._database)

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
        return find_session(self._database, name)

    def answers(self, session: Session) -> tuple[Answer, ...]:
        """Return the answers of a session, in the order they were given.

        Raises:
            StorageError: The file cannot be read, or an answer in it makes no sense.
        """
        return answers_of(self._database, session)

    def positions(self, session: Session) -> tuple[int, ...]:
        """Return the places of a session's answers, also of those that cannot be read.

        Raises:
            StorageError: The file cannot be read.
        """
        return positions_of(self._database, session)

    def sessions_of(self, story: Story) -> tuple[Session, ...]:
        """Return every session of a story, also those in which nothing was said.

        Raises:
            StorageError: The file cannot be read.
        """
        return sessions_of(self._database, story)

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

    def _delete(self, sessions: Sequence[Session], story: Story | None = None) -> None:
        delete_sessions(self._database, self._folder, sessions, story)
        for session in sessions:
            self.unfinished.forget(session.id)
