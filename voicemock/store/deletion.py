"""Deletes for good: recordings, rows, the search index, the log and the backups of older layouts.

Recordings are deleted first. If the process is killed in between, the row is still there to be deleted again.
Everything here raises StorageError if a file or a row cannot be deleted.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from voicemock.errors import InputError, StorageError
from voicemock.files import is_same_file, unfinished_name
from voicemock.models import Session, Story
from voicemock.store.database import Database

DATABASE_NAME: Final = "voicemock.db"
SESSIONS_FOLDER: Final = "sessions"
"""Holds a folder of recordings for each session."""
UNFINISHED_FOLDER: Final = "unfinished"
"""Holds a marker file for each answer that is being given, and a lock file for each session."""
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
    """Delete everything of ours in a data folder, which no process may have open."""
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


def refuse_own(path: Path, data_dir: Path) -> None:
    """Raise InputError if a path leads to what is kept in the data folder; files of others may stand in it."""
    real = Path(os.path.realpath(path))  # Path.resolve raises RuntimeError where links lead in a circle
    folders = (data_dir / name for name in (SESSIONS_FOLDER, UNFINISHED_FOLDER, JOBS_FOLDER))
    name = real.name.casefold()
    is_own = _leads_to(real.parent, data_dir) and (name == PROGRESS_PAGE or name.startswith(DATABASE_NAME))
    if is_own or any(_leads_to(above, folder) for folder in folders for above in (real, *real.parents)):
        raise InputError(f"{path} is never written to: voicemock keeps its own data there. Name another place.")


def _leads_to(real: Path, own: Path) -> bool:
    return real == own.resolve() or is_same_file(real, own)
