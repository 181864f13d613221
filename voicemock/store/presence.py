"""Session locks. The operating system releases them when the process ends, even if it was killed.

The lock is on a file of its own, named after the session. A process that is killed leaves the file, unlocked.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from filelock import lock_descriptor

from voicemock.errors import StorageError


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
