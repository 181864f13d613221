"""Deletes for good: recordings, rows, the search index, the log and the backups of older layouts.

Recordings are deleted first. If the process is killed in between, the row is still there to be deleted again.
Everything here raises StorageError if a file or a row cannot be deleted.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from voicemock.errors import InputError, StorageError
from voicemock.files import is_same_file, read_own, unfinished_name
from voicemock.models import Job, RealInterview, Session
from voicemock.settings import SECOND_OPINION_FILE
from voicemock.store.database import Change, Database, is_ours
from voicemock.store.unfinished import UNFINISHED_FOLDER, refuse_in_use

DATABASE_NAME: Final = "voicemock.db"
SESSIONS_FOLDER: Final = "sessions"
"""Holds a folder of recordings for each session."""
JOBS_FOLDER: Final = "jobs"
"""Holds a file for each job."""
REAL_FOLDER: Final = "real"
"""Holds a file for each real interview that was noted."""
_ID: Final = r"\d{8}-\d{6}-[0-9a-f]{4}"
_OURS: Final = {
    SESSIONS_FOLDER: re.compile(_ID),
    JOBS_FOLDER: re.compile(r"\.[^\W_]+(-[^\W_]+)*\.json\.part"),
    REAL_FOLDER: re.compile(r"\.\d{4}-\d{2}-\d{2}(-[^\W_]+)+\.json\.part"),
    UNFINISHED_FOLDER: re.compile(rf"({_ID}|import-[0-9a-f]{{8}})\.lock|\.?{_ID}\.answer-\d+\.json(\.part)?"),
}
"""Folders that hold nothing but ours, with the names of what is ours behind a link in their place, beside the documents
of ``_DOCUMENTS``."""
_DOCUMENTS: Final = (Job, RealInterview)
REVIEW_PAGE: Final = "report.html"
"""A session's page, in its folder; it quotes all its answers."""
PROGRESS_PAGE: Final = "progress.html"
"""The page of trends, in the data folder; it names stories and holds numbers of every answer."""

NEUTRAL_QUESTION: Final = "A follow-up to an answer that was deleted."
"""Replaces the question of a follow-up, which may quote the answer that it probes or an earlier reply."""

_UNQUOTED: Final = tuple(
    f"UPDATE {table} SET document = json_replace(document, {paths}) WHERE json_valid(document) AND {key} IN ("  # noqa: S608
    "SELECT id FROM answers WHERE session_id = :session AND position > :position AND json_valid(document) "
    "AND json_extract(document, '$.question.kind') = 'follow_up' AND json_extract(document, '$.follows') = :main)"
    for table, key, paths in (
        ("replaced_assessments", "answer_id", "'$.question.text', :neutral"),
        ("answers", "id", "'$.question.text', :neutral, '$.assessment.question.text', :neutral"),
    )
)
"""Replaces the questions of follow-ups to an answer, and of those that came after a reply to the same answer."""

_NOT_SUMMED_UP: Final = tuple(
    f"""
    UPDATE {table} SET document = json_replace(document, '{feedback}.phrased_by', json('null'), '{feedback}.spoken', (
        SELECT trim(coalesce(group_concat(json_extract(value, '$.text'), ' '), '')
            || coalesce(' ' || json_extract(document, '{feedback}.drill'), ''))
        FROM json_each(document, '{feedback}.points')
    )) WHERE json_valid(document) AND {key} IN (
        SELECT id FROM answers WHERE session_id = :session AND position = :main AND :main != :position
    )
    """  # noqa: S608
    for table, key, feedback in (
        ("replaced_assessments", "answer_id", "$.feedback"),
        ("answers", "id", "$.assessment.feedback"),
    )
)
"""Makes the spoken feedback on a main answer anew from the written one: it may quote the replies to its follow-ups."""


def main_position(database: Database, session: Session, position: int) -> int:
    """Return the position of the answer that an answer's question probes; its own if it probes none."""
    rows = database.read(
        "SELECT json_extract(document, '$.follows') AS main FROM answers "
        "WHERE session_id = ? AND position = ? AND json_valid(document)",
        *(session.id, position),
    )
    return next((row["main"] for row in rows if isinstance(row["main"], int)), position)


def delete_recording(folder: Path, position: int) -> None:
    """Delete the recording of one answer, and the pages that quote or count it.

    Args:
        folder: The folder of the session's recordings.
        position: The answer's place in the session, counted from 1.
    """
    _unlink(path for stem in ("answer", ".answer") for path in folder.glob(f"{stem}-{position:02}.*"))
    _unlink((folder / REVIEW_PAGE, unfinished_name(folder / REVIEW_PAGE)))
    _unlink(_progress_pages(folder.parent.parent))


def without_answer(session: Session, position: int, main: int) -> tuple[Change, ...]:
    """Return the changes that delete an answer, and its words from what other answers of its session keep.

    Args:
        session: The answer's session.
        position: The answer's place in it.
        main: The position of the answer that it belongs to, see ``main_position``.
    """
    values = {"session": session.id, "position": position, "main": main, "neutral": NEUTRAL_QUESTION}
    delete = "DELETE FROM answers WHERE session_id = :session AND position = :position"
    return tuple((statement, values) for statement in (*_UNQUOTED, *_NOT_SUMMED_UP, delete))


def delete_folders(folders: Path, session_ids: Iterable[str]) -> None:
    """Delete the recordings of sessions, and the pages that quote or count their answers."""
    found = tuple(session_ids)
    for session_id in found:
        _refuse_links(folders / session_id)
    _unlink(_progress_pages(folders.parent))
    for session_id in found:
        _remove_folder(folders / session_id)


def delete_everything(data_dir: Path) -> None:
    """Delete everything of ours in a data folder; nothing if a process holds a session of it."""
    refuse_in_use(data_dir / UNFINISHED_FOLDER)
    for session in sorted((data_dir / SESSIONS_FOLDER).glob("*")):
        _refuse_links(session)
    database = _database_behind(data_dir / DATABASE_NAME)
    for folder, ours in _OURS.items():
        if (data_dir / folder).is_symlink():
            _remove_behind(data_dir / folder, ours)
        else:
            _remove_folder(data_dir / folder)
    _unlink(_progress_pages(data_dir))
    for path in (database, data_dir / DATABASE_NAME):
        _unlink(path.with_name(f"{path.name}{suffix}") for suffix in ("", "-wal", "-shm"))
    _unlink(data_dir.glob(f"{DATABASE_NAME}.version-*.bak"))
    agreed = data_dir / SECOND_OPINION_FILE
    _unlink((agreed, unfinished_name(agreed)))


def _database_behind(path: Path) -> Path:
    """Return the file that a database's path leads to; refuse a link to one that is not ours."""
    real = Path(os.path.realpath(path))
    if path.is_symlink() and real.exists() and not is_ours(real):
        raise StorageError(
            f"{path} is a link to {real}, which is no database of voicemock. Remove them yourself. Nothing was deleted."
        )
    return real


def _remove_behind(link: Path, ours: re.Pattern[str]) -> None:
    """Delete a link in the place of a folder of ours, and what is ours behind it; the files of others there stay."""
    with _deleting(link), suppress(FileNotFoundError, NotADirectoryError):  # it leads nowhere, or to a file
        for path in [path for path in link.iterdir() if ours.fullmatch(path.name) or _is_document(path)]:
            if path.is_dir() and not path.is_symlink():
                _remove_folder(path)
            else:
                _unlink((path,))
    _unlink((link,))


def _is_document(path: Path) -> bool:
    """Return whether a file reads as a job or a real interview: any other JSON may be anybody's."""
    if path.suffix != ".json":
        return False
    try:
        content = read_own(path)
    except OSError:
        return False
    for kind in _DOCUMENTS:
        with suppress(ValidationError):
            return bool(kind.model_validate_json(content))
    return False


def _progress_pages(data_dir: Path) -> tuple[Path, ...]:
    """Return the page of trends, and its temporary file, which a killed process may have left."""
    return data_dir / PROGRESS_PAGE, unfinished_name(data_dir / PROGRESS_PAGE)


def _refuse_links(folder: Path) -> None:
    """Raise StorageError if a session's folder, or a recording in it, is a link: what is behind it would stay."""
    found = next((path for path in (folder, *folder.glob("*")) if path.is_symlink()), None)
    if found is not None:
        reason = "it is a link to something that voicemock does not own"
        raise StorageError(f"{found} cannot be deleted: {reason}. Remove it yourself.")


def _remove_folder(folder: Path) -> None:
    with _deleting(folder), suppress(FileNotFoundError):
        if folder.is_symlink():
            raise OSError("it is a link to something that voicemock does not own")
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
        cure = "Check its permissions and try again." if isinstance(error, PermissionError) else "Remove it yourself."
        raise StorageError(f"{path} cannot be deleted: {reason}. {cure}") from error


def refuse_own(path: Path, data_dir: Path) -> None:
    """Raise InputError if a path leads into the data folder, where no deletion looks for it, or behind a link of it."""
    real = Path(os.path.realpath(path))  # Path.resolve raises RuntimeError where links lead in a circle
    own = (data_dir, *(data_dir / name for name in (*_OURS, DATABASE_NAME, SECOND_OPINION_FILE)))
    if any(_leads_to(above, each) for each in own for above in (real, *real.parents)):
        raise InputError(f"{path} is never written to: voicemock keeps its own data there. Name another place.")


def _leads_to(real: Path, own: Path) -> bool:
    return real == own.resolve() or is_same_file(real, own)
