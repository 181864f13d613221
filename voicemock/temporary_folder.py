"""A folder for sound that must be a file for a moment: in the cache folder, for its owner alone, and gone afterward.

A process that is killed leaves its folder behind. A lock marks a folder in use, and the system releases it when the
process ends; the next request for a folder, and the next interview, remove the folders that are not locked.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import IO

from filelock import lock_descriptor

from voicemock.private_files import make_folder, start_file

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
