"""``voicemock doctor``, ``config`` and ``devices``: this machine, the settings, the sound devices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from voicemock.cli.listening_view import meter
from voicemock.cli.options import DataDir, Mic, Model, Speaker, Voice
from voicemock.cli.output import silence_libraries, tell
from voicemock.coaching.language_model.providers import has_model, time_limit, wanting
from voicemock.doctor import MARKS, TRIAL_MOST_S, Check, examine, summary
from voicemock.report.settings import HEADINGS, file_text, setting_rows
from voicemock.report.terminal import Terminal
from voicemock.settings import Settings, load_settings
from voicemock.speech.device_list import list_devices

STYLES: Final = {"ok": "green", "warning": "yellow", "failed": "red", "skipped": ""}


def doctor(
    no_sound: Annotated[bool, typer.Option("--no-sound", help="Do not record or play sound.")] = False,
    mic: Mic = None,
    speaker: Speaker = None,
    voice: Voice = None,
    model: Model = None,
    data_dir: DataDir = None,
) -> None:
    """Check whether this machine is ready for an interview.

    Looks at the data folder, disk, Whisper model, voice activity detection, sound devices and voice, and records two
    seconds from the microphone.

    Example: voicemock doctor, and say a sentence when it listens.

    The exit code is 1 when something failed.
    """
    silence_libraries()
    settings = load_settings(mic=mic, speaker=speaker, voice=voice, model=model, data_dir=data_dir)
    console = Terminal()
    if has_model(wanting(settings)) and not console.is_terminal:
        tell(f"Trying out the language model may take {time_limit(settings, TRIAL_MOST_S):g} s.", err=True)
    with console.status("Looking ...") as status:

        def on_level(level: float) -> None:
            status.update(f"Microphone test: please say something now {meter(level)}".replace("[", r"\["))

        failed = [check for check in _shown(console, settings, not no_sound, on_level) if check.verdict == "failed"]
    if failed:
        console.print(f"\n{summary(len(failed))}")
        raise typer.Exit(1)
    console.print(Text.assemble(f"\n{summary(0)} Start with: ", ("voicemock practice", "bold")))


def _shown(
    console: Console, settings: Settings, with_sound: bool, on_level: Callable[[float], None]
) -> Iterator[Check]:
    """Print each check as it comes in, and yield it."""
    for check in examine(settings, with_sound=with_sound, on_level=on_level):
        line = Table.grid(padding=(0, 1))
        line.add_column(width=6)
        line.add_column(width=24)
        line.add_column(overflow="fold")
        detail = Text(check.detail)
        if check.cure:
            detail.append(f"\n-> {check.cure}", style="bold")
        line.add_row(Text(MARKS[check.verdict], style=STYLES[check.verdict]), check.name, detail)
        console.print(line)
        yield check


def config() -> None:
    """Show every setting and where its value came from.

    A setting comes from the command line, else the environment (VOICEMOCK_MODEL, VOICEMOCK_VOICE
    ...), else the settings file, else the default. Example of a settings file:

    model = "base"

    patience = 1.5
    """
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for heading in HEADINGS:
        table.add_column(heading, overflow="fold")
    for row in setting_rows():
        table.add_row(*map(Text, row))
    console = Terminal()
    console.print(table)
    console.print(f"\n{file_text()}", markup=False, soft_wrap=True, highlight=False)


def devices() -> None:
    """List the microphones and speakers for --mic and --speaker.

    Example: voicemock practice --mic 2 --speaker headphones
    """
    found = list_devices()
    if not found:
        tell("The system has no sound device. Plug one in, or use audio files: --mic FILE --speaker FILE")
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
    Terminal().print(table)


def _role(channels: int, is_default: bool) -> str:
    if not channels:
        return "-"
    return "default" if is_default else "yes"
