"""Deletes for good: recordings, rows, the search index, the log and the backups of older layouts.

Recordings are deleted first. If the process is killed in between, the row is still there to be deleted again.
Everything here raises StorageError if a file or a row cannot be deleted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from voicemock.errors import StorageError
from voicemock.files import unfinished_name
from voicemock.models import Session, Story
from voicemock.store.database import Database
from voicemock.store.unfinished import UNFINISHED_FOLDER, refuse_in_use

DATABASE_NAME: Final = "voicemock.db"
SESSIONS_FOLDER: Final = "sessions"
"""Holds a folder of recordings for each session."""
JOBS_FOLDER: Final = "jobs"
"""Holds a file for each job."""
REVIEW_PAGE: Final = "report.html"
"""A session's page, in its folder; it quotes all its answers."""
PROGRESS_PAGE: Final = "progress.html"
"""The page of trends, in the data folder; it names stories and holds numbers of every answer."""


def delete_answer(database: Database, folder: Path, session: Session, position: int) -> None:
    """Delete one answer with its recording, and the pages that quote or count it.

    Args:
        database: Holds the answer.
        folder: The folder of the session's recordings.
        session: The answer's session.
        position: The answer's place in the session, counted from 1.
    """
    database.checkpoint_exclusively()
    _unlink(path for stem in ("answer", ".answer") for path in folder.glob(f"{stem}-{position:02}.*"))
    _unlink((folder / REVIEW_PAGE, unfinished_name(folder / REVIEW_PAGE)))
    _unlink(_progress_pages(folder.parent.parent))
    database.forget(("DELETE FROM answers WHERE session_id = ? AND position = ?", (session.id, position)))


def delete_sessions(database: Database, folders: Path, sessions: Iterable[Session], story: Story | None = None) -> None:
    """Delete sessions with their recordings, and the given story that they told."""
    doomed = tuple(sessions)
    database.checkpoint_exclusively()
    _unlink(_progress_pages(folders.parent))
    for session in doomed:
        _remove_folder(folders / session.id)
    rows = [("DELETE FROM sessions WHERE id = ?", (session.id,)) for session in doomed]
    name = [("DELETE FROM stories WHERE slug = ?", (story.slug,))] if story else []
    database.forget(*rows, *name)


def delete_everything(data_dir: Path) -> None:
    """Delete everything of ours in a data folder; nothing if a process holds a session of it."""
    refuse_in_use(data_dir / UNFINISHED_FOLDER)
    for folder in (SESSIONS_FOLDER, JOBS_FOLDER, UNFINISHED_FOLDER):
        _remove_folder(data_dir / folder)
    names = (DATABASE_NAME, f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm")
    _unlink(_progress_pages(data_dir))
    _unlink((*(data_dir / name for name in names), *data_dir.glob(f"{DATABASE_NAME}.version-*.bak")))


def _progress_pages(data_dir: Path) -> tuple[Path, ...]:
    """Return the page of trends, and its temporary file, which a killed process may have left."""
    return data_dir / PROGRESS_PAGE, unfinished_name(data_dir / PROGRESS_PAGE)


def _remove_folder(folder: Path) -> None:
    with _deleting(folder), suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _unlink(paths: Iterable[Path]) -> None:
    for path in tuple(paths):
        with _deleting(path):
            path.unlink(missing_ok=True)


@contextmanager
def _deleting(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise StorageError(f"{path} cannot be deleted: {reason}. Check its permissions and try again.") from error
