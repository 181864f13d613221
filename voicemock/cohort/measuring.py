"""What a worker does with one recording: hash it, measure it.

The model stays in the worker's process between recordings. A worker writes nothing but the copy of a recording that is
not on its machine, which is private and gone when it is measured.
"""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.api import AnalyzeFile, open_analysis
from voicemock.cohort.places import copy_of
from voicemock.errors import EngineError, InputError, VoicemockError
from voicemock.files import forbid_core_dumps, share_one_heap, temporary_folder
from voicemock.models import Assessment, Failure
from voicemock.settings import Settings
from voicemock.speech.engines import transcriber_loader

How = tuple[tuple[str, Any], ...]
"""The settings that the measures depend on, as pairs: it is the key of what stays loaded."""


def content_hash(url: str) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    Raises:
        OSError: It cannot be read.
    """
    with _on_this_machine(url) as path, path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def measure(url: str, question_id: str | None, how: How) -> Assessment | Failure:
    """Measure one recording. What is wrong with the file is returned, so it is not tried again.

    Raises:
        OSError: It cannot be read.
        EngineError: This worker cannot measure anything.
    """
    try:
        with _on_this_machine(url) as path:
            try:
                return _analyzing(how)(path, question_id, None, None)
            except InputError as error:
                return Failure(kind=error.kind, message=str(error).replace(str(path), url))
    except EngineError:
        raise
    except VoicemockError as error:
        return Failure(kind=error.kind, message=str(error))


def version_here(how: How) -> int:
    """Load the model of this worker, and return the version of its rules.

    Raises:
        EngineError: The model is not here, or is damaged.
    """
    transcriber_loader(Settings(**dict(how)))
    return ANALYSIS_VERSION


def dask_setup(_worker: object) -> None:
    """Prepare the process of a worker on this machine. Dask calls it there, by this name.

    Ctrl-C goes to every process of a terminal; the one that runs the cohort hears it, and ends its workers.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    forbid_core_dumps()
    share_one_heap()


@cache
def _analyzing(how: How) -> AnalyzeFile:
    """Return what measures a file. Its model is loaded with the first recording, and stays until the process ends."""
    opened = open_analysis(Settings(**dict(how)))
    _kept.append(opened)
    return opened.__enter__()


_kept: list[object] = []
"""Contexts that nothing leaves before the process ends."""


@contextmanager
def _on_this_machine(url: str) -> Iterator[Path]:
    """Yield the path of a file; one from elsewhere is copied for as long as the block lasts."""
    if "://" not in url:
        yield Path(url)
        return
    with temporary_folder(Settings().cache_dir) as folder:
        copy = folder / f"recording{PurePosixPath(urlsplit(url).path).suffix}"
        copy_of(url, copy)
        yield copy
