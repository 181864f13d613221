"""Late loading: what the first page does not need is made when it is first used, or after that page is shown."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from threading import Lock
from typing import Any, Generic, TypeVar

Made = TypeVar("Made")


class Late(Generic[Made]):
    """A value that is made once, when it is first needed, on any thread.

    Args:
        make: Makes it.
    """

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._made: list[Made] = []
        self._one_at_a_time = Lock()

    @property
    def is_made(self) -> bool:
        """Return whether it is there."""
        return bool(self._made)

    def get(self) -> Made:
        """Return it, making it first if necessary."""
        with self._one_at_a_time:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]


def imported(place: str) -> Any:
    """Return what a place names: "module:attribute", the module below this package."""
    module, _, name = place.partition(":")
    return getattr(import_module(f"{__package__}.{module}"), name)
