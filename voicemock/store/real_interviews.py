"""Keeps real interviews, one file each, readable by its owner only."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from voicemock.errors import UnknownNameError
from voicemock.models import RealInterview
from voicemock.store.deletion import REAL_FOLDER
from voicemock.store.documents import keep_document, read_document, remove_document

_CURE: Final = "Delete it, and note the interview again."
_HINTS: Final = 5
"""Ids named in a message."""


class RealInterviewLog:
    """The real interviews of one data folder. Every method raises StorageError if a file cannot be used.

    Args:
        data_dir: Created with the first interview.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / REAL_FOLDER

    def interviews(self) -> tuple[RealInterview, ...]:
        """Return all interviews, the newest first."""
        found = [read_document(path, RealInterview, _CURE) for path in sorted(self._folder.glob("*.json"))]
        return tuple(sorted(found, key=lambda each: (each.held_on, each.id), reverse=True))

    def ids(self) -> frozenset[str]:
        """Return the ids that are taken."""
        return frozenset(path.stem for path in self._folder.glob("*.json"))

    def find(self, name: str) -> RealInterview:
        """Return an interview by its id, a unique beginning of it, or "last".

        Raises:
            UnknownNameError: There is none, or several ids begin so.
        """
        kept = self.interviews()
        if name == "last" and kept:
            return kept[0]
        found = [each for each in kept if each.id == name] or [
            each for each in kept if name and each.id.startswith(name)
        ]
        if len(found) == 1:
            return found[0]
        if not kept:
            raise UnknownNameError("No real interviews noted yet. Note one with: voicemock log add")
        ids = ", ".join(each.id for each in (found or kept)[:_HINTS])
        if found:
            raise UnknownNameError(f"{len(found)} real interviews begin with {name!r}: {ids}. Type more of the id.")
        raise UnknownNameError(f"No real interview {name!r}. The latest are: {ids}. See: voicemock log list")

    def keep(self, interview: RealInterview) -> None:
        """Keep an interview, in place of one with the same id."""
        keep_document(self._path(interview), interview)

    def remove(self, interview: RealInterview) -> None:
        """Delete an interview for good."""
        remove_document(self._path(interview))

    def _path(self, interview: RealInterview) -> Path:
        return self._folder / f"{interview.id}.json"
