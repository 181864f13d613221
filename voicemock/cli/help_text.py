"""Lays out help texts: nothing is cut off, and no word is broken on a narrow terminal.

``voicemock --help`` imports this module, so it imports nothing slow.
"""

from __future__ import annotations

from functools import partial
from shutil import get_terminal_size
from typing import Any, Final

import typer
from typer.core import TyperGroup

_WIDEST: Final = 80
_MARGIN: Final = 2


_ROOMY: Final = 70
"""From this width on, an option and its description stand side by side."""
_LONGEST_NAME: Final = 30
_LONGEST_NAME_IF_NARROW: Final = 9
"""Cells. The description of a longer name begins below it."""


class HelpContext(typer.Context):
    """A command's context whose help leaves room for words."""

    def make_formatter(self) -> Any:
        """Return the formatter of the help."""
        formatter = super().make_formatter()
        longest = _LONGEST_NAME if formatter.width >= _ROOMY else _LONGEST_NAME_IF_NARROW
        formatter.write_dl = partial(formatter.write_dl, col_max=longest)  # type: ignore[method-assign]
        return formatter


class CommandGroup(TyperGroup):
    """Lists each command with its whole first sentence, over as many lines as it takes: Typer itself cuts it."""

    context_class = HelpContext

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands that are not hidden."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, first_paragraph(command.help)) for name, command in commands if command and not command.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def help_width() -> int:
    """Return the columns of a help: those of the terminal, without a margin, and no more than are easy to read."""
    return min(get_terminal_size().columns, _WIDEST) - _MARGIN


def first_paragraph(text: str | None) -> str:
    """Return the first paragraph of a help text on one line."""
    return " ".join((text or "").strip().partition("\n\n")[0].split())
