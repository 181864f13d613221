"""Getting what was written onto the disk itself: what the system only holds in memory is lost with the power."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

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
