"""Messages about a command or an option that does not exist: they name the right one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from voicemock.cli.signatures import signatures_only
from voicemock.errors import reason_of

_MOST: Final = 6
"""Commands that are named in a message."""


def advise(error: Any, commands: Mapping[str, Any]) -> None:
    """Let a usage error say which option was meant, or which command takes it. Other errors only lose a prefix.

    An option of another command is not a typing error. If that command has a second name for it that this one takes,
    that name was meant: ``plan`` has ``--loop`` and ``--company`` for one thing, and ``practice`` has ``--loop``.

    Args:
        error: What the parser raised.
        commands: All commands by name.
    """
    if isinstance(told := getattr(error, "message", None), str):
        error.message = reason_of({"msg": told})  # Typer reads values with pydantic
    name = getattr(error, "option_name", None)
    if name is None or not hasattr(error, "possibilities"):
        return
    near = [each for each in error.possibilities or () if each != "--help"]
    found = list(takers(name, commands))
    here = _options_of(getattr(getattr(error, "ctx", None), "command", None))
    meant = [other for _, names in found for other in names if other in here]
    error.possibilities = ()
    error.message = wrong_option(name, meant or ([] if found else near), [command for command, _ in found])


def wrong_option(name: str, near: Sequence[str], others: Sequence[str]) -> str:
    """Return what to say of an option that a command does not take.

    Args:
        name: The option.
        near: Options of the command that may have been meant, the likeliest first.
        others: Other commands that take it.
    """
    if near:
        return f"There is no option {name}. Did you mean {near[0]}?"
    if others and len(others) <= _MOST:
        return f"There is no option {name} here. It belongs to: {', '.join(f'voicemock {each}' for each in others)}"
    return f"There is no option {name} here."


def takers(option: str, commands: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the commands, "stories add" for one of a group, that take an option, each with all its names for it."""
    with signatures_only():
        for name, each in commands.items():
            command = getattr(each, "command", each)
            shown = {f"{name} {verb}": inner for verb, inner in getattr(command, "commands", {}).items()}
            for words, taker in (
                (name, command),
                *((words, inner) for words, inner in shown.items() if not inner.hidden),
            ):
                names = next((names for names in _options(taker) if option in names), None)
                if names is not None:
                    yield words, names


def _options(command: Any) -> Iterator[tuple[str, ...]]:
    """Yield the names of each option of a command."""
    return ((*each.opts, *each.secondary_opts) for each in getattr(command, "params", ()))


def _options_of(command: Any) -> frozenset[str]:
    return frozenset(name for names in _options(command) for name in names)


def named_in_help(word: str, lines: Mapping[str, str]) -> list[str]:
    """Return the commands whose help contains a word: "browser" is in that of ``serve``.

    Args:
        word: What was typed for a command.
        lines: The line of the help of each command.
    """
    wanted = word.lower()
    found = [name for name, line in lines.items() if wanted in line.lower().replace(",", " ").replace(".", " ").split()]
    return found[:_MOST]
