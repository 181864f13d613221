"""Deleting for good: recordings, rows, the index, the log and the copies of older layouts.

Recordings go first: should the process be killed in between, the row is still there to delete again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from voicemock.errors import StorageError
from voicemock.files import unfinished_name
from voicemock.models import Session, Story
from voicemock.store.database import Database

DATABASE_NAME: Final = "voicemock.db"

REVIEW_PAGE: Final = "report.html"
"""The page of a session, in its folder; it holds all its answers' words."""

PROGRESS_PAGE: Final = "progress.html"
"""The page of the trends, in the data folder; it names stories and holds numbers of every answer."""


JOBS_FOLDER: Final = "jobs"
"""The jobs that are prepared for, a file each."""


def delete_answer(database: Database, folder: Path, session: Session, position: int) -> None:
    """Delete one answer with its recording, and the session's page, which quotes it.

    Args:
        database: Where it is kept.
        folder: Of the session's recordings.
        session: Whose answer it is.
        position: Its place in the session, counted from 1.

    Raises:
        StorageError: A file or the row cannot be deleted.
    """
    database.checkpoint_exclusively()
    _unlink(path for stem in ("answer", ".answer") for path in folder.glob(f"{stem}-{position:02}.*"))
    _unlink((folder / REVIEW_PAGE, unfinished_name(folder / REVIEW_PAGE)))
    _unlink(_progress_pages(folder.parent.parent))
    database.forget(("DELETE FROM answers WHERE session_id = ? AND position = ?", (session.id, position)))


def delete_sessions(database: Database, folders: Path, sessions: Iterable[Session], story: Story | None = None) -> None:
    """Delete sessions with their recordings, and the story that they told where it is given.

    Raises:
        StorageError: A file or a row cannot be deleted.
    """
    gone = tuple(sessions)
    database.checkpoint_exclusively()
    _unlink(_progress_pages(folders.parent))
    for session in gone:
        _remove_folder(folders / session.id)
    rows = [("DELETE FROM sessions WHERE id = ?", (session.id,)) for session in gone]
    name = [("DELETE FROM stories WHERE slug = ?", (story.slug,))] if story else []
    database.forget(*rows, *name)


def delete_everything(data_dir: Path) -> None:
    """Delete all that a data folder holds of ours; nobody may have it open.

    Raises:
        StorageError: A file cannot be deleted.
    """
    _remove_folder(data_dir / "sessions")
    _remove_folder(data_dir / JOBS_FOLDER)
    _remove_folder(data_dir / "unfinished")
    names = (DATABASE_NAME, f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm")
    _unlink(_progress_pages(data_dir))
    _unlink((*(data_dir / name for name in names), *data_dir.glob(f"{DATABASE_NAME}.version-*.bak")))


def _progress_pages(data_dir: Path) -> tuple[Path, ...]:
    """Return the page of the trends, and what is left of one that was not written to its end."""
    return data_dir / PROGRESS_PAGE, unfinished_name(data_dir / PROGRESS_PAGE)


def _remove_folder(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _stays(folder, error) from error


def _unlink(paths: Iterable[Path]) -> None:
    for path in tuple(paths):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _stays(path, error) from error


def _stays(path: Path, error: OSError) -> StorageError:
    return StorageError(f"{path} cannot be deleted: {error.strerror or error}. Check its permissions and try again.")
