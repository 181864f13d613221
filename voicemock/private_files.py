"""Files and folders that only their owner can read, from the moment they exist: no umask is relied on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voicemock.disk import settle_file, settle_folder

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
