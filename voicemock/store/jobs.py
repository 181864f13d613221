"""Where jobs are kept: a file each, which only its owner may read."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from voicemock.errors import StorageError, UnknownNameError
from voicemock.files import unfinished_name, write_whole
from voicemock.models import Job
from voicemock.store.database import make_data_folder, unusable
from voicemock.store.deletion import JOBS_FOLDER


class JobShelf:
    """The jobs of one data folder.

    Args:
        data_dir: Made with the first job.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._folder = data_dir / JOBS_FOLDER

    def jobs(self) -> tuple[Job, ...]:
        """Return all that are kept, in the order of their names.

        Raises:
            StorageError: One of them cannot be read.
        """
        return tuple(_read(path) for path in sorted(self._folder.glob("*.json")))

    def job(self, name: str) -> Job:
        """Return the job of a name, however it is spaced and capitalized.

        Raises:
            InputError: It cannot be the name of a job.
            UnknownNameError: There is none of that name; the message names the closest.
            StorageError: It cannot be read.
        """
        path = self._path(name)
        if path.exists():
            return _read(path)
        names = [each.stem for each in sorted(self._folder.glob("*.json"))]
        longer = [each for each in names if path.stem in each]
        close = longer or get_close_matches(path.stem, names, n=2, cutoff=0.5)
        hint = (
            f" Did you mean {' or '.join(close)}?"
            if close
            else " Add it with: voicemock job add NAME --description FILE"
        )
        raise UnknownNameError(f"There is no job {name!r}.{hint}")

    def has(self, name: str) -> bool:
        """Return whether a job of that name is kept.

        Raises:
            InputError: It cannot be the name of a job.
        """
        return self._path(name).exists()

    def keep(self, job: Job) -> None:
        """Keep a job, in the place of one of the same name; a process that is killed leaves the old one.

        Raises:
            StorageError: It cannot be written.
        """
        make_data_folder(self._data_dir)
        make_data_folder(self._folder)
        path = self._folder / f"{job.slug}.json"
        try:
            write_whole(path, job.model_dump_json().encode())
        except OSError as error:
            raise unusable(path, error) from error

    def remove(self, job: Job) -> None:
        """Delete a job for good.

        Raises:
            StorageError: It cannot be deleted.
        """
        path = self._folder / f"{job.slug}.json"
        try:
            path.unlink(missing_ok=True)
            unfinished_name(path).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{path} cannot be deleted: {error.strerror or error}.") from error

    def _path(self, name: str) -> Path:
        return self._folder / f"{Job.slug_of(name)}.json"


def _read(path: Path) -> Job:
    try:
        return Job.model_validate_json(path.read_bytes())
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValidationError as error:
        raise StorageError(
            f"{path} cannot be read ({error.error_count()} fields are wrong). Delete it, and add the job again."
        ) from error
