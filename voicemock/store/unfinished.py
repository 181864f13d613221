"""Marks: small files that say what an answer is of which so far only sound is on the disk.

Session locks. The operating system releases them when the process ends, even if it was killed.

The lock is on a file of its own, named after the session. A process that is killed leaves the file, unlocked.

Answers that were recorded and are not analyzed: marked while they are given, and found again.

A mark is written before the first sound and removed when all about the answer is kept. So what a killed process left is
found by looking into one folder, ``unfinished/`` of the data folder, however many sessions there are.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple

from filelock import lock_descriptor
from pydantic import ValidationError

from voicemock.errors import StorageError
from voicemock.files import write_settled
from voicemock.models import Answer, OpenAnswer
from voicemock.speech.audio_files import RecordingFile
from voicemock.store.database import Database, make_data_folder, unusable

_NAME = re.compile(r"(?P<session>[A-Za-z0-9-]+)\.answer-(?P<position>\d{2,})\.json")


class Marks:
    """The marks in a folder, which also has a file to lock for each session.

    Args:
        folder: Made where it is missing.

    Raises:
        StorageError: It cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        make_data_folder(folder)
        self._folder = folder

    def put(self, mark: OpenAnswer) -> None:
        """Write a mark; the disk holds it then.

        Raises:
            StorageError: It cannot be written.
        """
        path = self._path(mark.session.id, mark.position)
        try:
            write_settled(path, mark.model_dump_json().encode())
        except OSError as error:
            raise unusable(path, error) from error

    def remove(self, session_id: str, position: int) -> None:
        """Remove a mark; one that is not there is fine.

        Raises:
            StorageError: It cannot be removed.
        """
        path = self._path(session_id, position)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise unusable(path, error) from error

    def all(self) -> dict[tuple[str, int], OpenAnswer | None]:
        """Return the marks, by session and position; None for one that cannot be read."""
        found = {}
        for path in sorted(self._folder.glob("*.json")):
            if match := _NAME.fullmatch(path.name):
                found[match["session"], int(match["position"])] = _read(path)
        return found

    def remove_half_written(self, session_id: str) -> None:
        """Remove the marks of a session that a killed process did not write to their end."""
        for path in self._folder.glob(f".{session_id}.answer-*.json.part"):
            path.unlink(missing_ok=True)

    def locked(self) -> tuple[str, ...]:
        """Return the sessions that have a file to lock, whether or not somebody has locked it."""
        return tuple(path.stem for path in sorted(self._folder.glob("*.lock")))

    def lock_of(self, session_id: str) -> Path:
        """Return the file that whoever holds a session has locked."""
        return self._folder / f"{session_id}.lock"

    def _path(self, session_id: str, position: int) -> Path:
        return self._folder / f"{session_id}.answer-{position:02}.json"


def _read(path: Path) -> OpenAnswer | None:
    try:
        return OpenAnswer.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def hold(path: Path) -> IO[bytes]:
    """Hold a session until the file that is returned is closed.

    Raises:
        StorageError: Another process holds it, or the folder cannot be written.
    """
    try:
        while True:
            file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
            if not _lock(file):
                file.close()
                raise StorageError(f"Session {path.stem} is in use by another voicemock. Close that one and try again.")
            if _is_at(file, path):
                return file
            file.close()  # its holder has released and removed it meanwhile
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror or error}.") from error


def release(file: IO[bytes], path: Path) -> None:
    """Hold a session no longer, and leave no file."""
    if sys.platform == "win32":  # which removes no open file
        file.close()
    path.unlink(missing_ok=True)
    file.close()


def is_held(path: Path) -> bool:
    """Return whether a process that lives holds a session; also this one."""
    try:
        file = path.open("r+b", buffering=0)
    except OSError:
        return False
    with file:
        return not _lock(file)


def _lock(file: IO[bytes]) -> bool:
    """Lock a file, and return whether no other process has; where the file system knows no locks, none has."""
    try:
        return lock_descriptor(file.fileno(), blocking=False)
    except OSError:
        return True


def _is_at(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


FOLDER: Final = "unfinished"

_NAMED: Final = """
    typeof(session_id) = 'text' AND session_id != '' AND session_id NOT GLOB '*[^A-Za-z0-9-]*'
    AND typeof(position) = 'integer'
"""
"""A row whose session is the name of a folder, and no way out of ours."""

_RECORDING = re.compile(r"answer-(\d+)\.(?:recording\.wav|flac)")


class UnfinishedAnswer(NamedTuple):
    """A recording that waits to be analyzed."""

    session_id: str
    position: int
    recordings: tuple[Path, ...]
    """As it was written, then compressed: one of them or both."""
    mark: OpenAnswer | None
    """None where a voicemock recorded it that left no marks."""
    answer: Answer | None
    """As it is kept so far."""

    @property
    def is_over(self) -> bool:
        """Whether the answer had come to its end before the process did."""
        timings = self.answer.timings if self.answer else None
        return timings is not None and timings.declared_over_s is not None


class UnfinishedAnswers:
    """The answers of a data folder that are not finished, and the sessions that go on.

    Args:
        data_dir: Where the marks are, in a folder of their own.
        sessions: Where the recordings are, in a folder for each session.
        database: What is kept.

    Raises:
        StorageError: A folder cannot be made.
    """

    def __init__(self, data_dir: Path, sessions: Path, database: Database) -> None:
        self._marks = Marks(data_dir / FOLDER)
        self._sessions = sessions
        self._database = database
        self._held: dict[str, IO[bytes]] = {}

    def begin(self, session_id: str) -> None:
        """Hold a session, so that nobody takes it for left behind as long as this process lives.

        Raises:
            StorageError: Another process holds it, or the folder cannot be written.
        """
        self._held[session_id] = hold(self._marks.lock_of(session_id))

    def end(self, session_id: str) -> None:
        """Hold a session no longer."""
        if file := self._held.pop(session_id, None):
            release(file, self._marks.lock_of(session_id))

    def close(self) -> None:
        """Hold nothing any longer."""
        while self._held:
            self._held.popitem()[1].close()

    @contextmanager
    def holding(self, session_id: str) -> Iterator[None]:
        """Keep every other process from a session while the block runs.

        Raises:
            StorageError: Another process holds it, or the folder cannot be written.
        """
        if session_id in self._held:
            yield
            return
        self.begin(session_id)
        try:
            yield
        finally:
            self.end(session_id)

    def mark(self, opened: OpenAnswer) -> None:
        """Mark an answer before it is given.

        Raises:
            StorageError: The mark cannot be written.
        """
        self._marks.put(opened)

    def tidy(self, session_id: str, position: int) -> None:
        """Remove the sound that an answer was compressed from, once what is kept names the compressed one.

        Raises:
            StorageError: A file cannot be removed.
        """
        if answer := self._answer(session_id, position):
            _remove_spare(self._sessions / session_id, answer)

    def done(self, session_id: str, position: int) -> None:
        """Remove the mark of an answer about which all is kept, and the sound that it was compressed from.

        Raises:
            StorageError: A file cannot be removed.
        """
        self.tidy(session_id, position)
        self._marks.remove(session_id, position)

    def forget(self, session_id: str, position: int | None = None) -> None:
        """Remove the marks of a session, or of one of its answers.

        Raises:
            StorageError: One cannot be removed.
        """
        for each_id, each_position in self._marks.all():
            if each_id == session_id and position in (None, each_position):
                self._marks.remove(each_id, each_position)

    def find(self, *, everything: bool = False) -> tuple[UnfinishedAnswer, ...]:
        """Return what waits to be analyzed, the first one first; nothing of sessions that go on.

        Args:
            everything: Also answers without a mark: somebody was asked about them, or an older voicemock recorded
                them. This looks into every folder.

        Raises:
            StorageError: The file cannot be read.
        """
        marks = self._marks.all()
        keys = set(marks) | (self._unmarked() if everything else set())
        found = (self._look_at(*key, marks.get(key)) for key in sorted(keys))
        return tuple(each for each in found if each is not None)

    def again(self, left: UnfinishedAnswer) -> UnfinishedAnswer | None:
        """Return how an answer stands now; None where nothing is left to do. Call it while holding the session.

        Raises:
            StorageError: The file cannot be read.
        """
        return self._look_at(left.session_id, left.position, left.mark, is_ours=True)

    def sweep(self) -> None:
        """Remove marks and locks of which nothing is left to do: a process was killed before it could.

        Raises:
            StorageError: One cannot be removed.
        """
        marks = self._marks.all()
        for session_id in dict.fromkeys((*(session_id for session_id, _ in marks), *self._marks.locked())):
            if is_held(self._marks.lock_of(session_id)):
                continue
            with self.holding(session_id):  # which leaves no lock
                self._marks.remove_half_written(session_id)
                for position in (position for each_id, position in marks if each_id == session_id):
                    if self._look_at(session_id, position, None, is_ours=True) is None:
                        self.done(session_id, position)

    def without_recordings(self) -> tuple[Path, ...]:
        """Return the recordings that answers name and that are gone.

        Raises:
            StorageError: The file cannot be read.
        """
        rows = self._database.read(
            f"SELECT session_id, audio_file FROM answers WHERE typeof(audio_file) = 'text' AND {_NAMED} ORDER BY id"  # noqa: S608
        )
        named = (self._sessions / row["session_id"] / Path(row["audio_file"]).name for row in rows)
        return tuple(path for path in named if not os.path.exists(path))  # noqa: PTH110 - true of no name that cannot be

    def _unmarked(self) -> set[tuple[str, int]]:
        """Return session and position of recordings that no answer speaks of, and of answers without an analysis."""
        kept = {tuple(row) for row in self._database.read(f"SELECT session_id, position FROM answers WHERE {_NAMED}")}  # noqa: S608
        folders = (path for path in self._sessions.iterdir() if path.is_dir())
        recorded = {(folder.name, position) for folder in folders for position in _recordings_in(folder)}
        waiting = self._database.read(
            "SELECT session_id, position FROM answers "  # noqa: S608 - the condition is ours
            f"WHERE status = 'interrupted' AND audio_file NOT NULL AND {_NAMED}"
        )
        return (recorded - kept) | {tuple(row) for row in waiting}

    def _look_at(
        self, session_id: str, position: int, mark: OpenAnswer | None, *, is_ours: bool = False
    ) -> UnfinishedAnswer | None:
        """Return what is left to do about an answer; None where that is nothing, or where it is somebody else's."""
        recordings = _recordings_in(self._sessions / session_id).get(position, ())
        answer = self._answer(session_id, position)
        is_kept = answer is not None and (answer.assessment is not None or answer.status != "interrupted")
        if is_kept or not recordings or not (is_ours or self._is_left(session_id)):
            return None
        return UnfinishedAnswer(session_id, position, recordings, mark, answer)

    def _is_left(self, session_id: str) -> bool:
        return not is_held(self._marks.lock_of(session_id))

    def _answer(self, session_id: str, position: int) -> Answer | None:
        """Return an answer; None where there is none that can be read."""
        rows = self._database.read(
            "SELECT document FROM answers WHERE session_id = ? AND position = ?", session_id, position
        )
        try:
            return Answer.model_validate_json(rows[0]["document"]) if rows else None
        except ValidationError:
            return None


def _recordings_in(folder: Path) -> dict[int, tuple[Path, ...]]:
    """Return the recordings of a session by position, each as it was written before it compressed."""
    found: dict[int, tuple[Path, ...]] = {}
    for path in sorted(folder.glob("answer-*"), key=lambda path: path.suffix == ".flac"):
        if match := _RECORDING.fullmatch(path.name):
            found[int(match[1])] = (*found.get(int(match[1]), ()), path)
    return found


def _remove_spare(folder: Path, answer: Answer) -> None:
    """Remove the sound that an answer was compressed from, and what is left of a compression that was broken off.

    Raises:
        StorageError: A file cannot be removed.
    """
    kept = None if answer.audio_file is None else folder / Path(answer.audio_file).name
    if kept is not None and not kept.exists():
        return
    unfinished = folder.glob(f".answer-{answer.position:02}.*.part")
    for path in (*_recordings_in(folder).get(answer.position, ()), *unfinished):
        try:
            if path != kept and (kept is not None or path.stat().st_size <= RecordingFile.HEADER_BYTES):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise unusable(path, error) from error
