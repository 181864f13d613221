"""The menu that ``voicemock`` alone shows a person at a terminal.

``voicemock --help`` imports this module, so it imports nothing slow.
"""

from __future__ import annotations

import sys
from typing import Final

from voicemock.cli.output import tell

ITEMS: Final = (
    ("Practice now: three questions, out loud", "practice"),
    ("Practice in the browser", "serve"),
    ("Look at your last interview", "show"),
    ("Your stories", "stories"),
    ("Is this machine ready?", "doctor"),
)
"""Each choice with the command that it runs."""
_LEAVING: Final = frozenset({"", "q", "quit", "exit"})


def is_at_a_terminal() -> bool:
    """Return whether a person typed the command. A script or a pipe gets the help."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream is not None and stream.isatty() for stream in streams)


def chosen() -> str | None:
    """Show the menu and return the command that is chosen; None to leave.

    Raises:
        KeyboardInterrupt: Ctrl-C.
    """
    tell(menu_text())
    while True:
        try:
            typed = input("> ")
        except EOFError:
            tell("")
            return None
        if typed.strip().lower() in _LEAVING:
            return None
        if command := command_of(typed):
            return command
        tell(f"Type a number from 1 to {len(ITEMS)}, or q to quit.")


def menu_text() -> str:
    """Return the menu as it is shown."""
    width = max(len(text) for text, _ in ITEMS)
    rows = [f"  {number}  {text:<{width}}  voicemock {command}" for number, (text, command) in enumerate(ITEMS, 1)]
    lines = ["What would you like to do?", "", *rows, ""]
    return "\n".join([*lines, "Type a number and press Enter; q quits. All commands: voicemock --help"])


def command_of(typed: str) -> str | None:
    """Return the command of a number, or of a command's own name; None for anything else."""
    text = typed.strip().lower().removeprefix("voicemock ")
    numbered = {str(number): command for number, (_, command) in enumerate(ITEMS, 1)}
    return numbered.get(text) or (text if text in numbered.values() else None)
