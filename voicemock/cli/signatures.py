"""Imports a command's module for its signature alone, so that its help does not wait for what it works with.

A help needs names, types and texts of options; the rooms below ``cli`` and their libraries take half a second. Inside
``signatures_only`` they are not imported: each name that a command's module takes from them stands for nothing. Where
it is used all the same, while the module is imported or the help is written, there is an error, and the caller imports
the module as usual. Modules that were imported so are forgotten at the end, so none of them can run.

``voicemock --help`` imports this module, so it imports nothing slow.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

_COMMANDS: Final = "voicemock.cli"
_NEEDED: Final = frozenset(
    {
        "voicemock",
        f"{_COMMANDS}.options",
        f"{_COMMANDS}.help_text",
        f"{_COMMANDS}.verbs",
        f"{_COMMANDS}.output",
        "voicemock.report.formats",
    }
)
"""What a signature is made of, besides typer and the standard library."""
_SLOW: Final = frozenset({"voicemock", "numpy", "pydantic", "rich"})
"""Packages of which a signature needs nothing else."""


class _Nothing:
    """Stands for a name that was not imported. It may be called and derived from; any other use is an error."""

    def __call__(self, *_given: object, **_named: object) -> _Nothing:
        return self

    def __mro_entries__(self, _bases: tuple[object, ...]) -> tuple[type, ...]:
        return ()

    def __str__(self) -> str:
        raise TypeError("it was not imported")

    __repr__ = __format__ = __bool__ = __str__  # type: ignore[assignment]


class _Names:
    """Stands for a module that was not imported."""

    def __getattr__(self, name: str) -> _Nothing:
        return _Nothing()


@contextmanager
def signatures_only() -> Iterator[None]:
    """Import modules of commands without what they work with, until the block ends. Not for threads."""
    usual, before = builtins.__import__, set(sys.modules)

    def find(name: str, globals: Any = None, *given: Any, **named: Any) -> Any:  # noqa: A002 - as the built-in names it
        is_ours = str((globals or {}).get("__name__", "")).startswith(_COMMANDS)
        is_slow = name.partition(".")[0] in _SLOW and name not in _NEEDED
        if is_ours and is_slow and name not in sys.modules:
            return _Names()
        return usual(name, globals, *given, **named)

    builtins.__import__ = find
    try:
        yield
    finally:
        builtins.__import__ = usual
        for name in [name for name in sys.modules if name.startswith(f"{_COMMANDS}.") and name not in before]:
            del sys.modules[name]
            vars(sys.modules[_COMMANDS]).pop(name.rpartition(".")[2], None)
