"""``voicemock doctor``: is this machine ready?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicemock.cli.listening_view import meter
from voicemock.cli.options import DataDir, Mic, Model, Speaker, Voice
from voicemock.cli.output import silence_libraries
from voicemock.doctor import Check, examine
from voicemock.settings import Settings, load_settings

MARKS = {"ok": "[green]ok[/green]", "warning": "[yellow]look[/yellow]", "failed": "[red]FAILED[/red]", "skipped": "-"}


def doctor(
    no_sound: Annotated[bool, typer.Option("--no-sound", help="Do not record and do not play.")] = False,
    mic: Mic = None,
    speaker: Speaker = None,
    voice: Voice = None,
    model: Model = None,
    data_dir: DataDir = None,
) -> None:
    """Tell whether this machine is ready for an interview.

    Looks at the data folder, disk, Whisper model, voice activity detection, sound devices and voice, and records two
    seconds from the microphone.

    Example: voicemock doctor, and say a sentence when it listens.

    The exit code is 1 when something failed.
    """
    silence_libraries()
    settings = load_settings(mic=mic, speaker=speaker, voice=voice, model=model, data_dir=data_dir)
    console = Console()
    with console.status("Looking ...") as status:

        def on_level(level: float) -> None:
            status.update(f"Microphone test: please say something now {meter(level)}".replace("[", r"\["))

        failed = [check for check in _shown(console, settings, not no_sound, on_level) if check.verdict == "failed"]
    if failed:
        console.print(f"\n{len(failed)} of these keep an interview from working. The lines marked -> say what to do.")
        raise typer.Exit(1)
    console.print("\nReady. Start with: [bold]voicemock practice[/bold]")


def _shown(
    console: Console, settings: Settings, with_sound: bool, on_level: Callable[[float], None]
) -> Iterator[Check]:
    """Print each check as it comes in, and hand it on."""
    for check in examine(settings, with_sound=with_sound, on_level=on_level):
        line = Table.grid(padding=(0, 1))
        line.add_column(width=6)
        line.add_column(width=24)
        line.add_column(overflow="fold")
        detail = Text(check.detail)
        if check.cure:
            detail.append(f"\n-> {check.cure}", style="bold")
        line.add_row(MARKS[check.verdict], check.name, detail)
        console.print(line)
        yield check
