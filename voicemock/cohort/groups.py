"""Groups of candidates that are large enough to be shown, and pseudonyms for the candidates.

A group of fewer than five candidates is never shown by itself. It is put together with others of the same table, until
what is left of a total after all groups that are shown is again at least five candidates.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Generic, NamedTuple, TypeVar

from voicemock.errors import StorageError
from voicemock.files import read_own, write_new

LEAST_CANDIDATES: Final = 5
"""Fewer are not shown singly: the floor that statistical offices use for counts of people lies between 3 and 10."""
KEY_FILE: Final = ".pseudonyms"
"""In RESULTS. Without it a pseudonym cannot be traced to its candidate, and the next report has other ones."""
_KEY_BYTES: Final = 32
_SHOWN_DIGITS: Final = 16
"""Hexadecimal digits of a pseudonym: two of a million candidates share one in fewer than one of ten million cohorts."""

Key = TypeVar("Key")


class Split(NamedTuple, Generic[Key]):
    """Which groups are shown by themselves, and which only together."""

    alone: tuple[Key, ...]
    together: tuple[Key, ...]


def split(members: Mapping[Key, frozenset[str]], least: int = LEAST_CANDIDATES) -> Split[Key]:
    """Decide which parts of a whole are shown by themselves.

    Args:
        members: The candidates of each part. The whole is shown, too.
        least: How many candidates a group needs.

    Returns:
        The parts to show alone, and the rest, which is empty or has at least ``least`` candidates. If the whole has
        fewer, all is rest.
    """
    by_size = sorted(members, key=lambda key: len(members[key]))
    rest = [key for key in by_size if len(members[key]) < least]
    left = by_size[len(rest) :]
    while rest and left and len(frozenset().union(*(members[key] for key in rest))) < least:
        rest.append(left.pop(0))
    hidden = set(rest)
    return Split(*(tuple(key for key in members if (key in hidden) is is_rest) for is_rest in (False, True)))


def is_enough(candidates: int) -> bool:
    """Return whether a number may be shown that describes this many candidates."""
    return candidates >= LEAST_CANDIDATES


class Pseudonyms:
    """Names that stand for candidates, recordings and so on: the same in each report of one RESULTS.

    Args:
        key: Secret of the RESULTS.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @property
    def results_id(self) -> str:
        """Names the RESULTS without telling the key."""
        return self.of("results", "id")

    def of(self, kind: str, name: str) -> str:
        """Return the pseudonym of a name: ``candidate-`` and 16 hexadecimal digits of an HMAC-SHA256."""
        digest = hmac.digest(self._key, f"{kind}\0{name}".encode(errors="surrogatepass"), "sha256")
        return f"{kind}-{digest.hex()[:_SHOWN_DIGITS]}"


def pseudonyms_of(results: Path) -> Pseudonyms:
    """Return the pseudonyms of a RESULTS; its key is made the first time, readable by its owner alone.

    Raises:
        StorageError: The key cannot be read or written.
    """
    path = results / KEY_FILE
    try:
        if not path.exists():
            write_new(path, secrets.token_bytes(_KEY_BYTES))
    except FileExistsError:
        pass  # another report was faster
    except OSError as error:
        raise StorageError(
            f"{path}, the key of the pseudonyms, cannot be written: {error.strerror or error}."
        ) from error
    try:
        key = read_own(path)
    except OSError as error:
        raise StorageError(f"{path}, the key of the pseudonyms, cannot be read: {error.strerror or error}.") from error
    if len(key) != _KEY_BYTES:
        raise StorageError(f"{path} is no key of pseudonyms. Remove it, and candidates get new ones.")
    return Pseudonyms(key)
