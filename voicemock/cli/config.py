"""``voicemock config``: every setting, its value and where it came from."""

from __future__ import annotations


def config() -> None:
    """Show every setting and where its value came from.

    A setting is taken from the command line, else from the environment (VOICEMOCK_MODEL, VOICEMOCK_VOICE ...),
    else from the settings file, else it is the default. Example of a settings file:

    model = "base"

    patience = 1.5
    """
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from voicemock.settings import explain, settings_file

    table = Table(box=None, padding=(0, 1), header_style="bold")
    for heading in ("setting", "value", "from"):
        table.add_column(heading, overflow="fold")
    for name, (value, origin) in explain().items():
        shown = "not set" if value is None else "none" if value == () else str(value)
        table.add_row(name, escape(shown), escape(origin))
    console = Console()
    console.print(table)
    found = "" if settings_file().exists() else " (not there yet)"
    console.print(f"\nSettings file: {settings_file()}{found}", markup=False, soft_wrap=True, highlight=False)
