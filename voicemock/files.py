"""Files of this computer: private, durable, temporary, and bounded when someone else made them.

Every function raises the system's OSError unless it says otherwise.
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
from typing import IO, Any, Final

if sys.platform == "darwin":
    import fcntl
if sys.platform != "win32":
    import resource

ALMOST_FULL_BYTES: Final = 1 << 16
"""A disk with less free space counts as full: a database and its log, or the start of a recording, need this much."""

UTF_8_BYTES: Final = 4
"""Most bytes that one character takes."""

O_BINARY: int = getattr(os, "O_BINARY", 0)
"""Without it, Windows would translate line ends inside PCM."""

_WITHOUT_WAITING: Final[int] = getattr(os, "O_NONBLOCK", 0)
"""Without it, opening a pipe waits for a writer. Windows has neither."""

_WITHOUT_LINKS: Final[int] = getattr(os, "O_NOFOLLOW", 0)
"""Without it, opening a link opens what it leads to. Windows does not have it."""

_MARK: Final = "in-use"
"""The file in a temporary folder that its process locks. Windows does not remove it while it is open."""

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
"""From glibc's malloc.h."""

_REUSED_BYTES: Final = 256 << 20
"""More than any block that Whisper asks for: 72 MB for what each of its moments has to do with each other one."""

_RETURNED_BYTES: Final = 4 << 20
"""Elsewhere, a larger block is the system's own business: it is cleared anew each time, and returned at once."""


def is_full(folder: Path) -> bool:
    """Return whether the disk of a folder has no space left; False where the system does not say."""
    try:
        return shutil.disk_usage(folder).free < ALMOST_FULL_BYTES
    except OSError:
        return False


# Private files: readable by their owner alone from the moment they exist, whatever the umask.


def make_folder(folder: Path) -> None:
    """Make a private folder and its missing parents; one that exists keeps its mode."""
    missing = [above for above in (folder, *folder.parents) if not above.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)  # refuses what exists and is no folder


def start_file(path: Path) -> None:
    """Create an empty private file in place of any other: a process that has the old one open sees nothing of it."""
    path.unlink(missing_ok=True)
    _claim(path)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that must not exist yet, whole or not at all.

    Raises:
        FileExistsError: It exists.
        OSError: It cannot be written.
    """
    _claim(path)
    try:
        write_whole(path, content)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _claim(path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def is_same_file(one: Path, other: Path) -> bool:
    """Return whether two paths lead to one file or folder, through links of any kind; False if one is not there."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def unfinished_name(path: Path) -> Path:
    """Return the name a file has while it is being written; a killed process may leave one behind."""
    return path.with_name(f".{path.name}.part")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a name to write to; at the end that file replaces ``path``, and after an error it is removed."""
    unfinished = unfinished_name(path)
    try:
        unfinished.unlink(missing_ok=True)  # one that others can read would stay readable
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write or replace a file, whole or not at all."""
    with replacing(path) as unfinished:
        _write(unfinished, content)


def write_settled(path: Path, content: bytes) -> None:
    """Write or replace a file, whole or not at all, and return when the disk holds it.

    Raises:
        OSError: It cannot be written; the earlier content is intact.
    """
    with replacing(path) as unfinished:
        _write(unfinished, content)
        settle_file(unfinished)
    settle_folder(path.parent)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | O_BINARY, 0o600), "wb") as file:
        file.write(content)


# Durable files: what only the system's memory holds is lost in a power cut.


def settle(descriptor: int) -> None:
    """Return when the disk holds everything written to an open file, which may take a while."""
    if sys.platform == "darwin":
        with suppress(OSError):  # not every file system knows it
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # fsync alone leaves it in the drive's own memory
            return
    os.fsync(descriptor)


def settle_file(path: Path) -> None:
    """Return when the disk holds a file that another function has written."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        settle(descriptor)
    finally:
        os.close(descriptor)


def settle_folder(folder: Path) -> None:
    """Return when the disk holds the names in a folder; Windows takes care of that by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# Temporary folders. A process that is killed leaves its folder behind. A lock marks a folder in use, and the system
# releases it when the process ends; the next request, and the next interview, remove the folders without a lock.


@contextmanager
def temporary_folder(cache_dir: Path) -> Iterator[Path]:
    """Yield a private folder under ``temporary/`` of the cache folder; it is removed with its content at the end."""
    remove_abandoned(cache_dir)
    above = cache_dir / "temporary"
    make_folder(above)
    folder, mark = _locked_folder(above)
    try:
        yield folder
    finally:
        mark.close()
        rmtree(folder, ignore_errors=True)


def remove_abandoned(cache_dir: Path) -> None:
    """Remove the temporary folders of processes that have ended."""
    for folder in (cache_dir / "temporary").glob("*/"):
        with suppress(OSError):  # locked, or not ours to remove
            _remove_unless_locked(folder)


def _locked_folder(above: Path) -> tuple[Path, IO[str]]:
    """Make a folder and lock it; try again if another process removed it before it was locked."""
    while True:
        folder = Path(mkdtemp(dir=above))
        try:
            start_file(folder / _MARK)
            mark = (folder / _MARK).open()
        except FileNotFoundError:
            continue
        if _is_locked(mark) and (folder / _MARK).exists():
            return folder, mark
        mark.close()


def _is_locked(mark: IO[str]) -> bool:
    """Lock a mark without waiting; return whether that worked."""
    from filelock import lock_descriptor  # not at the top: a help need not wait for it

    return lock_descriptor(mark.fileno(), blocking=False)


def _remove_unless_locked(folder: Path) -> None:
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
        if _is_locked(mark):
            rmtree(folder, ignore_errors=True)


# Files that someone else made: no pipe or device is waited for, and no more than a limit is read.


def read_at_most(path: Path, largest: int) -> bytes:
    """Return the content of a regular file, or of the one that a link leads to.

    Args:
        path: The file.
        largest: Most bytes to read, even if the file grows meanwhile.

    Raises:
        OSError: It cannot be read, is no regular file, or is larger.
    """
    with open(path, "rb", opener=_open_regular) as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        size = f"{largest // 2**20} MB" if largest >= 2**20 else f"{largest:,} bytes"
        raise OSError(errno.EFBIG, f"it is larger than {size}")
    return content


def read_own(path: Path) -> bytes:
    """Return the content of a file of the data folder, which must be a regular one: no link is followed.

    Raises:
        OSError: It cannot be read, or is a link, a pipe, a device or a folder.
    """
    refuse_foreign(path)
    with open(path, "rb", opener=_open_own) as file:
        return file.read()


def refuse_foreign(path: Path) -> None:
    """Refuse a path in the data folder that is no regular file there."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        raise OSError(errno.ELOOP, "it is a link, which is not followed. Put the file itself in its place")
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a pipe, a device or a folder. Put the file itself in its place")


def refuse_special(path: Path) -> None:
    """Refuse a path that is no regular file."""
    _refuse_mode(path.stat().st_mode)


def _open_own(path: str, flags: int) -> int:
    return _open_regular(path, flags | _WITHOUT_LINKS)


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


def share_one_heap() -> None:
    """Let all threads share one heap where the C library is glibc; call it before any thread starts.

    By default, glibc gives each thread a heap and returns nothing of it to the others. Whisper, the voice and the
    detectors work on different threads, mostly one after the other. One heap saves 60 MB in an interview, at no
    measurable cost in time.
    """
    _mallopt(_M_ARENA_MAX, 1)


@contextmanager
def reusing_memory() -> Iterator[None]:
    """Let the heap keep large blocks for as long as the context lasts, and return them at its end.

    glibc returns a block of over 32 MB to the system as soon as it is freed, and the system clears one anew for each of
    Whisper's layers: a quarter of the processor time that hearing takes. Elsewhere large blocks are kept out of the
    heap: whatever is left above one would split it for good.
    """
    _keep_blocks_up_to(_REUSED_BYTES)
    try:
        yield
    finally:
        _keep_blocks_up_to(_RETURNED_BYTES)
        give_back_memory()


def _keep_blocks_up_to(size: int) -> None:
    _mallopt(_M_MMAP_THRESHOLD, size)
    _mallopt(_M_TRIM_THRESHOLD, 2 * size)


def _mallopt(option: int, value: int) -> None:
    if sys.platform == "linux" and (mallopt := getattr(CDLL(None), "mallopt", None)):
        mallopt(option, value)


def give_back_memory() -> None:
    """Return what the heap has freed to the system where the C library is glibc; it takes about 5 ms.

    glibc keeps it otherwise: as much as the longest sentence took that the voice has said.
    """
    if sys.platform != "linux":
        return
    trim = getattr(CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def returning_memory() -> Any:
    """Return options for a run of onnxruntime, after which the session's arena returns what the run took.

    It keeps it otherwise: 18 MB for each second of the longest sentence that the voice has said, and 58 MB after the
    reader has read an answer of 680 words. Allocating anew makes a sentence 7 % slower.
    """
    from onnxruntime import RunOptions

    options = RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def forbid_core_dumps() -> None:
    """Let neither this process nor its children leave a core dump: one would hold what was said.

    Linux hands a dump to a program (systemd-coredump, apport) whatever the limit, unless it is 1 byte. No file is as
    small as that, and so there is none either.
    """
    if sys.platform != "win32":
        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (1 if most else 0, most))
