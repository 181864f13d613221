"""Who is there: a session is held by a lock, which the system takes away from a process that is gone, however it ended.

The lock is on a file of its own, named after the session. What a process leaves that is killed is the file, unlocked.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

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
            file.close()  # whoever held it has let go and removed the file meanwhile
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror or error}.") from error


def let_go(file: IO[bytes], path: Path) -> None:
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
    """Lock a file, and return whether nobody else has; where the file system knows no locks, nobody has."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _is_at(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
