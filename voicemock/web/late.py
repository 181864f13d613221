"""Late: what the first page does without. It is made when it is needed, or once that page is shown."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from threading import Lock
from typing import Any, Generic, TypeVar

Made = TypeVar("Made")


class Late(Generic[Made]):
    """Something that is made once, when it is first asked for; on any thread.

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
        """Return it, and make it before if need be."""
        with self._one_at_a_time:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]


def imported(place: str) -> Any:
    """Return what a place names: "module:attribute", the module below this package."""
    module, _, name = place.partition(":")
    return getattr(import_module(f"{__package__}.{module}"), name)
