"""Getting what was written onto the disk itself: what the system only holds in memory is lost with the power.

Files and folders that only their owner can read, from the moment they exist: no umask is relied on.

A folder for sound that must be a file for a moment: in the cache folder, for its owner alone, and gone afterward.

A process that is killed leaves its folder behind. A lock marks a folder in use, and the system releases it when the
process ends; the next request for a folder, and the next interview, remove the folders that are not locked.

Files that somebody else made: no pipe or device is waited for, and only so much is read as was agreed.

How the C library keeps memory: on Linux, by default, a heap for each thread, and none gives back what it took.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes import CDLL
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import IO, Final

from filelock import lock_descriptor

ALMOST_FULL_BYTES: Final = 1 << 16
"""A disk that has less is full: a database and its log, or a header and the first block of a recording take it."""


def is_full(folder: Path) -> bool:
    """Return whether the disk of a folder has no space left; False where nobody can tell."""
    try:
        return shutil.disk_usage(folder).free < ALMOST_FULL_BYTES
    except OSError:
        return False


def settle(descriptor: int) -> None:
    """Return when the disk holds all that was written to an open file; that may take a while.

    Raises:
        OSError: The disk refuses.
    """
    if sys.platform == "darwin":
        import fcntl

        with suppress(OSError):  # not every file system knows it
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # fsync alone leaves it in the drive's own memory
            return
    os.fsync(descriptor)


def settle_file(path: Path) -> None:
    """Return when the disk holds a file that somebody else has written.

    Raises:
        OSError: The disk refuses, or the file is not there.
    """
    descriptor = os.open(path, os.O_RDWR)
    try:
        settle(descriptor)
    finally:
        os.close(descriptor)


def settle_folder(folder: Path) -> None:
    """Return when the disk holds the names of what is in a folder; Windows sees to that by itself.

    Raises:
        OSError: The disk refuses.
    """
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


O_BINARY: int = getattr(os, "O_BINARY", 0)
"""Windows would otherwise translate line ends inside PCM."""


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone; one that is there stays as it is.

    Raises:
        OSError: It cannot be made.
    """
    missing = [above for above in (folder, *folder.parents) if not above.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)  # refuses what is there and is no folder


def start_file(path: Path) -> None:
    """Leave an empty file for its owner alone, whatever was there before: who has that open sees nothing of the new.

    Raises:
        OSError: It cannot be made.
    """
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def write_new(path: Path, content: bytes) -> None:
    """Write a file that must not be there yet, whole or not at all.

    Raises:
        FileExistsError: It is there.
        OSError: It cannot be written.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # the name is ours
    try:
        write_whole(path, content)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def unfinished_name(path: Path) -> Path:
    """Return where a file stands while it is written; what is left there by a process that was killed is no file."""
    return path.with_name(f".{path.name}.part")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Lend a name beside a file: what is written there takes its place at the end; of what fails nothing is left.

    Raises:
        OSError: It cannot be replaced.
    """
    unfinished = unfinished_name(path)
    try:
        unfinished.unlink(missing_ok=True)  # one that somebody else can read would stay so
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, whatever was there before.

    Raises:
        OSError: It cannot be written.
    """
    with replacing(path) as unfinished:
        _write(unfinished, content)


def write_settled(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; the disk holds it then.

    Raises:
        OSError: It cannot be written; what was there before still is.
    """
    with replacing(path) as unfinished:
        _write(unfinished, content)
        settle_file(unfinished)
    settle_folder(path.parent)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | O_BINARY, 0o600), "wb") as file:
        file.write(content)


_MARK = "in-use"
"""A file in the folder, locked by the process that uses it; Windows does not remove it while it is open."""


@contextmanager
def temporary_folder(cache_dir: Path) -> Iterator[Path]:
    """Make a folder under ``temporary/`` of the cache folder, and remove it with all that is in it at the end.

    Raises:
        OSError: It cannot be made.
    """
    remove_abandoned(cache_dir)
    make_folder(_above(cache_dir))
    folder, mark = _held_folder(_above(cache_dir))
    try:
        yield folder
    finally:
        mark.close()
        rmtree(folder, ignore_errors=True)


def remove_abandoned(cache_dir: Path) -> None:
    """Remove the temporary folders of processes that are gone."""
    for folder in _above(cache_dir).glob("*/"):
        try:
            _remove_unless_held(folder)
        except OSError:  # held, or not ours to remove
            continue


def _above(cache_dir: Path) -> Path:
    return cache_dir / "temporary"


def _held_folder(above: Path) -> tuple[Path, IO[str]]:
    """Make a folder and hold it; one that somebody removed before it was held is made again."""
    while True:
        folder = Path(mkdtemp(dir=above))
        try:
            start_file(folder / _MARK)
            mark = (folder / _MARK).open()
        except FileNotFoundError:
            continue
        if lock_descriptor(mark.fileno(), blocking=False) and (folder / _MARK).exists():
            return folder, mark
        mark.close()


def _remove_unless_held(folder: Path) -> None:
    if sys.platform == "win32":
        (folder / _MARK).unlink(missing_ok=True)
        rmtree(folder, ignore_errors=True)
        return
    try:
        mark = (folder / _MARK).open()
    except FileNotFoundError:
        rmtree(folder, ignore_errors=True)
        return
    with mark:
        if lock_descriptor(mark.fileno(), blocking=False):
            rmtree(folder, ignore_errors=True)


UTF_8_BYTES: Final = 4
"""At most, for a character."""

_WITHOUT_WAITING: Final[int] = getattr(os, "O_NONBLOCK", 0)
"""A pipe that nobody writes to would be waited for when it is opened. Windows has neither."""


def read_at_most(path: Path, largest: int) -> bytes:
    """Return the content of a regular file.

    Args:
        path: The file, or a link to it.
        largest: Bytes; not one more is read, even if the file grows meanwhile.

    Raises:
        OSError: It cannot be read, is no regular file, or is larger.
    """
    with open(path, "rb", opener=_open_regular) as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        raise OSError(errno.EFBIG, f"it is larger than {_size(largest)}")
    return content


def refuse_special(path: Path) -> None:
    """Refuse what is no file with an end.

    Raises:
        OSError: It is a pipe, a device or the like, or is not there.
    """
    _refuse_mode(path.stat().st_mode)


def _open_regular(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | _WITHOUT_WAITING)
    try:
        _refuse_mode(os.fstat(descriptor).st_mode)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _refuse_mode(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder. Name the files in it")
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device. Save it as a file first")


def _size(count: int) -> str:
    return f"{count // 2**20} MB" if count >= 2**20 else f"{count:,} bytes"


_M_ARENA_MAX: Final = -8
"""From glibc's malloc.h."""


def share_one_heap() -> None:
    """Let all threads take memory from one heap, where the C library is glibc; call it before they begin.

    Whisper, the voice and the detectors work on different threads, mostly one after the other. With one heap each
    gets what the other has left: 60 MB less in an interview, at no cost in time that could be measured.
    """
    if sys.platform != "linux":
        return

    mallopt = getattr(CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)
