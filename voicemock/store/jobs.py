"""Keeps jobs, one file each, readable by its owner only."""

from __future__ import annotations

from pathlib import Path

from voicemock.errors import UnknownNameError, nearest
from voicemock.models import Job
from voicemock.store.deletion import JOBS_FOLDER
from voicemock.store.documents import keep_document, read_document, remove_document


class JobShelf:
    """The jobs of one data folder. Every method raises StorageError if a file cannot be read, written or deleted.

    Args:
        data_dir: Created with the first job.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / JOBS_FOLDER

    def jobs(self) -> tuple[Job, ...]:
        """Return all jobs in the order of their names."""
        return tuple(_read(path) for path in sorted(self._folder.glob("*.json")))

    def job(self, name: str) -> Job:
        """Return the job of a name, regardless of its spacing and capitals.

        Raises:
            InputError: The name cannot be a job's.
            UnknownNameError: No job has that name; the message names the closest.
        """
        path = self._path(name)
        if path.exists():
            return _read(path)
        close = nearest(path.stem, [each.stem for each in self._folder.glob("*.json")])
        hint = (
            f" Did you mean {' or '.join(close)}?"
            if close
            else " Add it with: voicemock job add NAME --description FILE"
        )
        raise UnknownNameError(f"There is no job {name!r}.{hint}")

    def has(self, name: str) -> bool:
        """Return whether a job of that name is kept; raise InputError if no job can have it."""
        return self._path(name).exists()

    def keep(self, job: Job) -> None:
        """Keep a job and replace one of the same name. If the process is killed, the old one is still there."""
        keep_document(self._folder / f"{job.slug}.json", job)

    def remove(self, job: Job) -> None:
        """Delete a job for good."""
        remove_document(self._folder / f"{job.slug}.json")

    def _path(self, name: str) -> Path:
        return self._folder / f"{Job.slug_of(name)}.json"


def _read(path: Path) -> Job:
    return read_document(path, Job, "Delete it, and add the job again.")
