"""Messages about a command or an option that is not there: they name the one that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from voicemock.cli.signatures import signatures_only

_MOST: Final = 6
"""Commands that are named in a message."""


def advise(error: Any, commands: Mapping[str, Any]) -> None:
    """Let a usage error say which option was meant, or which command takes it. Other errors stay as they are.

    Args:
        error: What the parser raised.
        commands: All commands by name.
    """
    name = getattr(error, "option_name", None)
    if name is None or not hasattr(error, "possibilities"):
        return
    near = [each for each in error.possibilities or () if each != "--help"]
    error.possibilities = ()
    error.message = wrong_option(name, near, [] if near else list(takers(name, commands)))


def wrong_option(name: str, near: Sequence[str], others: Sequence[str]) -> str:
    """Return what to say of an option that a command does not take.

    Args:
        name: The option.
        near: Options of the command with a similar name, the closest first.
        others: Other commands that take it.
    """
    if near:
        return f"There is no option {name}. Did you mean {near[0]}?"
    if others and len(others) <= _MOST:
        return f"There is no option {name} here. It belongs to: {', '.join(f'voicemock {each}' for each in others)}"
    return f"There is no option {name} here."


def takers(option: str, commands: Mapping[str, Any]) -> Iterator[str]:
    """Yield the commands, "stories add" for one of a group, that take an option."""
    with signatures_only():
        for name, each in commands.items():
            command = getattr(each, "command", each)
            if _takes(command, option):
                yield name
            for verb, inner in getattr(command, "commands", {}).items():
                if not inner.hidden and _takes(inner, option):
                    yield f"{name} {verb}"


def _takes(command: Any, option: str) -> bool:
    return any(option in (*each.opts, *each.secondary_opts) for each in command.params)


def named_in_help(word: str, lines: Mapping[str, str]) -> list[str]:
    """Return the commands of whose help a word is part: "browser" is in that of ``serve``.

    Args:
        word: What was typed for a command.
        lines: The line of the help of each command.
    """
    wanted = word.lower()
    found = [name for name, line in lines.items() if wanted in line.lower().replace(",", " ").replace(".", " ").split()]
    return found[:_MOST]
