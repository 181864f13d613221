"""Opens a data folder, gives out its parts, and deletes across them.

    <data folder>/                    created with mode 0700
        voicemock.db                  0600; answers as JSON beside the columns they are searched by
        voicemock.db.version-1.bak    the file before it was brought to a newer layout
        sessions/<session id>/        0700; answer-01.flac and so on
        jobs/<name>.json              0600; the jobs to prepare for, in a folder of mode 0700
        real/<day>-<company>.json     0600; the real interviews that were noted, in a folder of mode 0700
        unfinished/                   0700; a marker for each answer that is being given, a lock for each session

The recorder writes the recordings; the store only says where. Every change is one transaction, so a process that is
killed leaves the last complete state.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Self

from voicemock.models import Session, Story
from voicemock.store.database import Change, Database, make_data_folder
from voicemock.store.deletion import (
    DATABASE_NAME,
    NEUTRAL_QUESTION,
    SESSIONS_FOLDER,
    delete_folders,
    delete_recording,
    main_position,
    without_answer,
)
from voicemock.store.overviews import Overviews
from voicemock.store.sessions import Sessions, Takes
from voicemock.store.stories import Stories
from voicemock.store.unfinished import UnfinishedAnswers


class Store:
    """The sessions and stories of one data folder.

    Every part raises StorageError if the file or the folder cannot be read or written, or holds something that makes
    no sense.

    Args:
        data_dir: Created if missing.

    Attributes:
        sessions: Sessions with their answers.
        takes: Answers in which something was said, across sessions.
        stories: Stories and the notes about them.
        overviews: Lists of sessions and stories, and the search.
        unfinished: Answers that are being given, and those that a killed process left behind.

    Raises:
        StorageError: The folder cannot be used, or a newer voicemock made it.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / SESSIONS_FOLDER
        make_data_folder(data_dir)
        make_data_folder(self._folder)
        self._database = Database(data_dir / DATABASE_NAME)
        self.unfinished = UnfinishedAnswers(data_dir, self._folder, self._database)
        self.sessions = Sessions(self._database, self._folder, self.unfinished)
        self.takes = Takes(self._database)
        self.stories = Stories(self._database)
        self.overviews = Overviews(self._database, self.unfinished.is_in_progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and release all sessions. Closing it twice is harmless."""
        self.unfinished.close()
        self._database.close()

    def delete_answer(self, session: Session, position: int) -> None:
        """Delete one answer with its recording and its words, for good; nothing if another process holds its session.

        A follow-up that came after it keeps its reply and loses its question, which may quote it.
        """
        self.unfinished.refuse_in_use((session.id,))
        main = main_position(self._database, session, position)
        changes = (*self.stories.without_telling(session, position), *without_answer(session, position, main))
        self._database.checkpoint_exclusively()
        delete_recording(self.sessions.folder(session), position)
        self.unfinished.forget_answer(session.id, position, main, NEUTRAL_QUESTION)
        self._database.forget(*changes)

    def delete_session(self, session: Session) -> None:
        """Delete a session with its recordings and words, for good; nothing if another process holds it."""
        self._delete((session.id,), *self.stories.without_telling(session))

    def delete_story(self, story: Story) -> None:
        """Delete a story with all its sessions, for good; nothing if another process holds one of them."""
        kept = [session.id for session in self.sessions.of_story(story)]
        found = dict.fromkeys((*kept, *self.unfinished.of_story(story)))
        self._delete(tuple(found), ("DELETE FROM stories WHERE slug = ?", (story.slug,)))

    def integrity(self) -> str | None:
        """Return the problem with the file, or None."""
        return self._database.integrity()

    def _delete(self, session_ids: Collection[str], *changes: Change) -> None:
        """Delete sessions, and run further deletions."""
        self.unfinished.refuse_in_use(session_ids)
        self._database.checkpoint_exclusively()
        delete_folders(self._folder, session_ids)
        for session_id in session_ids:
            self.unfinished.forget(session_id)
        rows = (("DELETE FROM sessions WHERE id = ?", (session_id,)) for session_id in session_ids)
        self._database.forget(*rows, *changes)
