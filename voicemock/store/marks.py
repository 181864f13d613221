"""Marks: small files that say what an answer is of which so far only sound is on the disk."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import ValidationError

from voicemock.models import OpenAnswer
from voicemock.private_files import write_settled
from voicemock.store.database import make_folder, unusable

_NAME = re.compile(r"(?P<session>[A-Za-z0-9-]+)\.answer-(?P<position>\d{2,})\.json")


class Marks:
    """The marks in a folder, which also has a file to lock for each session.

    Args:
        folder: Made where it is missing.

    Raises:
        StorageError: It cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        make_folder(folder)
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
