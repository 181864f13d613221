"""``voicemock config``: every setting, its value and where it came from."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicemock.report.passages import printable
from voicemock.settings import explain, settings_file


def config() -> None:
    """Show every setting and where its value came from.

    A setting is taken from the command line, else from the environment (VOICEMOCK_MODEL, VOICEMOCK_VOICE ...),
    else from the settings file, else it is the default. Example of a settings file:

    model = "base"

    patience = 1.5
    """
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for heading in ("setting", "value", "from"):
        table.add_column(heading, overflow="fold")
    for line in config_lines():
        table.add_row(*map(Text, line))
    console = Console()
    console.print(table)
    found = "" if settings_file().exists() else " (not there yet)"
    shown = f"\nSettings file: {printable(str(settings_file()))}{found}"
    console.print(shown, markup=False, soft_wrap=True, highlight=False)


def config_lines() -> list[tuple[str, str, str]]:
    """Return each setting with its value and where it came from, as they are shown.

    Raises:
        ContentError: A setting cannot be used.
    """
    return [
        (name, printable("not set" if value is None else "none" if value == () else str(value)), printable(origin))
        for name, (value, origin) in explain().items()
    ]
