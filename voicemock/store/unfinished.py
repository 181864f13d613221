"""Finds recorded answers that were never analyzed, and holds the sessions that are in progress.

A marker file is written before an answer's first sound and removed once everything about the answer is kept. What a
killed process left behind is thus found in one folder, ``unfinished/`` of the data folder, however many sessions there
are. A session in progress holds a lock on a file beside the markers. The operating system releases the lock when the
process ends, even if it was killed; the file then stays, unlocked.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple

from filelock import lock_descriptor
from pydantic import ValidationError

from voicemock.errors import StorageError
from voicemock.files import read_own, write_settled
from voicemock.models import Answer, OpenAnswer, Story
from voicemock.speech.wav_header import HEADER
from voicemock.store.database import Database, make_data_folder, writing

UNFINISHED_FOLDER: Final = "unfinished"
"""Holds a marker file for each answer that is being given, and a lock file for each session."""

_MARK = re.compile(r"(?P<session>[A-Za-z0-9-]+)\.answer-(?P<position>\d{2,})\.json")
_RECORDING = re.compile(r"answer-(\d+)\.(?:recording\.wav|flac)")

_NAMED: Final = """
    typeof(session_id) = 'text' AND session_id != '' AND session_id NOT GLOB '*[^A-Za-z0-9-]*'
    AND typeof(position) = 'integer'
"""
"""Accepts rows whose session id is a safe folder name that cannot lead out of the data folder."""


class UnfinishedAnswer(NamedTuple):
    """A recording that waits to be analyzed."""

    session_id: str
    position: int
    recordings: tuple[Path, ...]
    """The raw recording, the compressed one, or both, in this order."""
    mark: OpenAnswer | None
    """None if an old voicemock recorded the answer, which wrote no markers."""
    answer: Answer | None
    """The answer as far as it is kept."""

    @property
    def is_over(self) -> bool:
        """Return whether the answer had ended before the process did."""
        timings = self.answer.timings if self.answer else None
        return timings is not None and timings.declared_over_s is not None


class UnfinishedAnswers:
    """The unfinished answers of a data folder, and the sessions in progress.

    ``begin`` and ``holding`` also raise StorageError if another process holds the session.

    Args:
        data_dir: Holds the markers, in a folder of their own.
        sessions: Holds a folder of recordings for each session.
        database: Holds the answers.
    """

    def __init__(self, data_dir: Path, sessions: Path, database: Database) -> None:
        self._marks = Marks(data_dir / UNFINISHED_FOLDER)
        self._sessions = sessions
        self._database = database
        self._held: dict[str, IO[bytes]] = {}

    def begin(self, session_id: str) -> None:
        """Hold a session, so that no other process takes its answers for left behind."""
        self._held[session_id] = hold(self._marks.lock_of(session_id))

    def end(self, session_id: str) -> None:
        """Release a session."""
        if file := self._held.pop(session_id, None):
            release(file, self._marks.lock_of(session_id))

    def close(self) -> None:
        """Release all sessions; their lock files stay."""
        while self._held:
            self._held.popitem()[1].close()

    def is_in_progress(self, session_id: str) -> bool:
        """Return whether a living process, this one included, holds a session."""
        return session_id in self._held or is_held(self._marks.lock_of(session_id))

    def refuse_in_use(self, session_ids: Collection[str]) -> None:
        """Raise StorageError if another process holds one of these sessions, or another store of this process."""
        refuse_in_use(self._marks.folder, set(session_ids) - self._held.keys())

    @contextmanager
    def holding(self, session_id: str) -> Iterator[None]:
        """Keep every other process from a session while the block runs."""
        if session_id in self._held:
            yield
            return
        self.begin(session_id)
        try:
            yield
        finally:
            self.end(session_id)

    def mark(self, opened: OpenAnswer) -> None:
        """Mark an answer before it is given."""
        self._marks.put(opened)

    def tidy(self, session_id: str, position: int) -> None:
        """Remove the raw recording of an answer that is kept with its compressed one."""
        if answer := self._answer(session_id, position):
            _remove_spare(self._sessions / session_id, answer)

    def done(self, session_id: str, position: int) -> None:
        """Remove the marker and the raw recording of an answer about which everything is kept."""
        self.tidy(session_id, position)
        self._marks.remove(session_id, position)

    def forget(self, session_id: str) -> None:
        """Remove the markers of a session, also those that a killed process was still writing."""
        self._marks.remove_half_written(session_id)
        for each_id, position in self._marks.all():
            if each_id == session_id:
                self._marks.remove(session_id, position)

    def forget_answer(self, session_id: str, position: int, main: int, question: str) -> None:
        """Remove the marker of an answer, and its words from the markers of follow-ups, which may quote it.

        Args:
            session_id: The answer's session.
            position: The answer's place in it.
            main: The position of the answer that it belongs to, its own or the one that its question probes.
            question: Replaces the question of a follow-up.
        """
        self._marks.remove_half_written(session_id)
        self._marks.remove(session_id, position)
        for (each_id, later), mark in self._marks.all().items():
            if each_id == session_id and later > position and mark and mark.question and mark.follows == main:
                neutral = mark.question.model_copy(update={"text": question})
                self._marks.put(mark.model_copy(update={"question": neutral}))

    def of_story(self, story: Story) -> tuple[str, ...]:
        """Return the sessions that have a marker of a story."""
        marks = self._marks.all().items()
        return tuple(
            session_id for (session_id, _), mark in marks if mark and mark.story and mark.story.slug == story.slug
        )

    def find(self, *, everything: bool = False) -> tuple[UnfinishedAnswer, ...]:
        """Return the answers that wait to be analyzed, oldest first, except those of sessions in progress.

        Args:
            everything: Include answers without a marker, which were offered for recovery before or recorded by an old
                voicemock. This looks into every session folder.
        """
        marks = self._marks.all()
        keys = set(marks) | (self._unmarked() if everything else set())
        found = (self._look_at(*key, marks.get(key)) for key in sorted(keys))
        return tuple(each for each in found if each is not None)

    def again(self, left: UnfinishedAnswer) -> UnfinishedAnswer | None:
        """Return an answer as it stands now, or None if it is finished. Call this while holding the session."""
        return self._look_at(left.session_id, left.position, left.mark, is_ours=True)

    def sweep(self) -> None:
        """Remove markers and locks that a killed process left although its answers were finished."""
        marks = self._marks.all()
        for session_id in dict.fromkeys((*(session_id for session_id, _ in marks), *self._marks.locked())):
            if is_held(self._marks.lock_of(session_id)):
                continue
            with self.holding(session_id):  # removes the lock file
                self._marks.remove_half_written(session_id)
                for position in (position for each_id, position in marks if each_id == session_id):
                    if self._look_at(session_id, position, None, is_ours=True) is None:
                        self.done(session_id, position)

    def without_recordings(self) -> tuple[Path, ...]:
        """Return the recordings that answers name and that are missing."""
        rows = self._database.read(
            f"SELECT session_id, audio_file FROM answers WHERE typeof(audio_file) = 'text' AND {_NAMED} ORDER BY id"  # noqa: S608
        )
        named = (self._sessions / row["session_id"] / Path(row["audio_file"]).name for row in rows)
        return tuple(path for path in named if not os.path.exists(path))  # noqa: PTH110 - also for impossible names

    def _unmarked(self) -> set[tuple[str, int]]:
        """Return session and position of recordings without an answer, and of answers without an analysis."""
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
        """Return an answer that is unfinished; None if it is finished, or if another process holds its session."""
        recordings = _recordings_in(self._sessions / session_id).get(position, ())
        answer = self._answer(session_id, position)
        is_kept = answer is not None and (answer.assessment is not None or answer.status != "interrupted")
        if is_kept or not recordings or (not is_ours and is_held(self._marks.lock_of(session_id))):
            return None
        return UnfinishedAnswer(session_id, position, recordings, mark, answer)

    def _answer(self, session_id: str, position: int) -> Answer | None:
        """Return an answer, or None if it is missing or unreadable."""
        rows = self._database.read(
            "SELECT document FROM answers WHERE session_id = ? AND position = ?", session_id, position
        )
        try:
            return Answer.model_validate_json(rows[0]["document"]) if rows else None
        except ValidationError:
            return None


def _recordings_in(folder: Path) -> dict[int, tuple[Path, ...]]:
    """Return the recordings of a session by position, raw before compressed."""
    found: dict[int, tuple[Path, ...]] = {}
    for path in sorted(folder.glob("answer-*"), key=lambda path: path.suffix == ".flac"):
        if match := _RECORDING.fullmatch(path.name):
            found[int(match[1])] = (*found.get(int(match[1]), ()), path)
    return found


def _remove_spare(folder: Path, answer: Answer) -> None:
    """Remove the recordings of an answer that its kept one replaces, and the rest of an interrupted compression."""
    kept = None if answer.audio_file is None else folder / Path(answer.audio_file).name
    if kept is not None and not kept.exists():
        return
    unfinished = folder.glob(f".answer-{answer.position:02}.*.part")
    for path in (*_recordings_in(folder).get(answer.position, ()), *unfinished):
        with writing(path):
            if path != kept and (kept is not None or path.stat().st_size <= HEADER.size):
                path.unlink(missing_ok=True)


class Marks:
    """The marker files in a folder, beside which lies a lock file for each session in progress.

    Args:
        folder: Created if missing.
    """

    def __init__(self, folder: Path) -> None:
        make_data_folder(folder)
        self.folder = folder

    def put(self, mark: OpenAnswer) -> None:
        """Write a marker to the disk itself, not only to its cache."""
        path = self._path(mark.session.id, mark.position)
        with writing(path):
            write_settled(path, mark.model_dump_json().encode())

    def remove(self, session_id: str, position: int) -> None:
        """Remove a marker, if there is one."""
        path = self._path(session_id, position)
        with writing(path):
            path.unlink(missing_ok=True)

    def all(self) -> dict[tuple[str, int], OpenAnswer | None]:
        """Return the markers by session and position, None for an unreadable one."""
        found = {}
        for path in sorted(self.folder.glob("*.json")):
            if match := _MARK.fullmatch(path.name):
                found[match["session"], int(match["position"])] = _read(path)
        return found

    def remove_half_written(self, session_id: str) -> None:
        """Remove the markers of a session that a killed process was still writing."""
        for path in self.folder.glob(f".{session_id}.answer-*.json.part"):
            with writing(path):
                path.unlink(missing_ok=True)

    def locked(self) -> tuple[str, ...]:
        """Return the sessions that have a lock file, locked or not."""
        return tuple(path.stem for path in sorted(self.folder.glob("*.lock")))

    def lock_of(self, session_id: str) -> Path:
        """Return the lock file of a session."""
        return self.folder / f"{session_id}.lock"

    def _path(self, session_id: str, position: int) -> Path:
        return self.folder / f"{session_id}.answer-{position:02}.json"


def _read(path: Path) -> OpenAnswer | None:
    try:
        return OpenAnswer.model_validate_json(read_own(path))
    except (OSError, ValidationError):
        return None


def hold(path: Path) -> IO[bytes]:
    """Lock a session's file until the returned one is closed; raise StorageError if another process has locked it."""
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
    """Unlock a session's file and remove it."""
    if sys.platform == "win32":  # which removes no open file
        file.close()
    path.unlink(missing_ok=True)
    file.close()


def refuse_in_use(folder: Path, session_ids: Collection[str] | None = None) -> None:
    """Raise StorageError if a living process holds one of these sessions, or any at all; it names them.

    Args:
        folder: Holds the lock files.
        session_ids: None for any session.
    """
    locks = (path for path in sorted(folder.glob("*.lock")) if session_ids is None or path.stem in session_ids)
    if busy := [path.stem for path in locks if is_held(path)]:
        these = f"Session {busy[0]} is" if len(busy) == 1 else f"Sessions {', '.join(busy)} are"
        raise StorageError(f"{these} in use by another voicemock. Close that one and try again. Nothing was deleted.")


def is_held(path: Path) -> bool:
    """Return whether a living process, this one included, has locked a session's file."""
    try:
        file = path.open("r+b", buffering=0)
    except OSError:
        return False
    with file:
        return not _lock(file)


def _lock(file: IO[bytes]) -> bool:
    """Lock a file, and return whether that worked; it does on a file system that knows no locks."""
    try:
        return lock_descriptor(file.fileno(), blocking=False)
    except OSError:
        return True


def _is_at(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
