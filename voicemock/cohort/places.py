"""Places that fsspec reads: paths of this machine, and addresses such as ``s3://bucket/name``.

``s3://`` needs s3fs, ``gs://`` gcsfs. Every package has exceptions of its own; here they become ``OSError``.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

WILD: Final = frozenset("*?[")
"""What makes a path a pattern."""


class Place(NamedTuple):
    """Where something is."""

    files: Any
    """The file system, as fsspec opens it."""
    path: str
    """The path in it; absolute on this machine."""
    given: str
    """The path or address as it was given."""

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine."""
        protocols = self.files.protocol
        return "file" in (protocols if isinstance(protocols, tuple) else (protocols,))

    def address(self, path: str) -> str:
        """Return the one spelling of a path in this file system: absolute, or an address."""
        if self.is_local:
            return os.path.abspath(path)  # noqa: PTH100 - the links in it stay
        whole, given = str(self.files.unstrip_protocol(path)), urlsplit(self.given)
        is_without_host = whole.startswith(f"{given.scheme}:///") and not path.lstrip("/").startswith(given.netloc)
        return f"{given.scheme}://{given.netloc}/{path.lstrip('/')}" if is_without_host else whole

    def content(self) -> bytes:
        """Return the bytes of the file.

        Raises:
            OSError: It cannot be read.
        """
        with _reaching(self.path), self.files.open(self.path, "rb") as file:
            content: bytes = file.read()
            return content


def open_place(place: str) -> Place:
    """Return the place of a path or address. Servers are connected to.

    Raises:
        OSError: It cannot be reached, or its package is missing.
    """
    from fsspec.core import url_to_fs

    with _reaching(place):
        files, path = url_to_fs(place)
        return Place(files, path, place)


def spelled(path: str) -> str:
    """Return the one spelling of a path or address, without connecting to anything.

    Raises:
        OSError: The package of such an address is missing.
    """
    from fsspec.core import get_filesystem_class, split_protocol
    from fsspec.implementations.local import LocalFileSystem

    protocol, _ = split_protocol(path)
    if protocol is None:
        return os.path.abspath(path)  # noqa: PTH100 - the links in it stay
    with _reaching(path):
        kind = get_filesystem_class(protocol)
        return os.path.abspath(kind._strip_protocol(path)) if issubclass(kind, LocalFileSystem) else path  # noqa: PTH100 - fsspec's way to do so unconnected


def is_file(place: Place) -> bool:
    """Return whether a file is there."""
    with _reaching(place.path):
        return bool(place.files.isfile(place.path))


def found_at(place: Place) -> tuple[Literal["file", "folder", "pattern"], list[dict[str, Any]]]:
    """Return what a place is, and what fsspec knows of each file there. What is there by that very name is no pattern.

    Raises:
        OSError: It cannot be read.
    """
    files, path, _ = place
    with _reaching(path):
        if WILD & set(path) and not files.exists(path):
            kind: Literal["file", "folder", "pattern"] = "pattern"
            infos = files.glob(path, detail=True)
        else:
            kind = "folder" if files.isdir(path) else "file"
            infos = files.find(path, detail=True)
    return kind, [info for info in infos.values() if info["type"] == "file"]


def copy_of(address: str, target: Path) -> None:
    """Copy a file from elsewhere to this machine.

    Raises:
        OSError: It cannot be read.
    """
    place = open_place(address)
    with _reaching(address):
        place.files.get_file(place.path, str(target))


@contextmanager
def _reaching(place: str) -> Iterator[None]:
    """Raise OSError for whatever a file system raises."""
    try:
        yield
    except FileNotFoundError as error:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), place) from error
    except (OSError, MemoryError):
        raise
    except Exception as error:
        raise OSError(str(error) or type(error).__name__) from error
