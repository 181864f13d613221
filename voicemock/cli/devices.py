"""``voicemock devices``: the microphones and speakers there are."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from voicemock.devices import list_devices


def devices() -> None:
    """List the microphones and speakers that --mic and --speaker take.

    Example: voicemock practice --mic 2 --speaker headphones
    """
    found = list_devices()
    if not found:
        typer.echo("No sound device is known to the system. Plug one in, or use audio files: --mic FILE --speaker FILE")
        return
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for heading in ("index", "name", "microphone", "speaker", "rate"):
        table.add_column(heading, overflow="fold")
    for device in found:
        table.add_row(
            str(device.index),
            escape(f"{device.name} ({device.host_api})"),
            _role(device.inputs, device.is_default_input),
            _role(device.outputs, device.is_default_output),
            f"{device.default_rate:g} Hz",
        )
    Console().print(table)


def _role(channels: int, is_default: bool) -> str:
    if not channels:
        return "-"
    return "default" if is_default else "yes"
