"""Files that somebody else made: no pipe or device is waited for, and only so much is read as was agreed."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

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
