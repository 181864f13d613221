"""Running an interview on the terminal, and saying where it is kept, whichever way it ended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from voicemock.interview import Interview
    from voicemock.models import SessionReport
    from voicemock.settings import Settings
    from voicemock.store import Store


def hold(console: Console, settings: Settings, interview: Interview) -> SessionReport:
    """Run an interview and say where it is kept.

    Raises:
        VoicemockError: A device, an engine or the disk failed for good.
        KeyboardInterrupt: The candidate left.
    """
    from voicemock.devices import device_of
    from voicemock.errors import DeviceError

    _tell_unfinished(console, interview.filing.store)
    try:
        report = interview.run()
    except KeyboardInterrupt:
        kept = f"What you said is kept: {_show_command(settings)}"
        told = kept if interview.filing.store.answers(interview.filing.store.session()) else "Nothing was said yet."
        console.print(f"\nInterrupted. {told}", markup=False, soft_wrap=True)
        raise
    except DeviceError:
        if interview.filing.store.answers(interview.filing.store.session()):
            console.print(f"What you said is kept: {_show_command(settings)}", markup=False, soft_wrap=True)
        raise
    folder: Path = interview.filing.store.session_folder(report.session)
    wrote_speech = isinstance(device_of(settings.speaker), Path) and not interview.room.narrator.is_silent
    console.print(f"Session {report.session.id} is kept in {folder}", markup=False, soft_wrap=True, highlight=False)
    if wrote_speech:
        console.print(
            f"What the interviewer said is in {settings.speaker}", markup=False, soft_wrap=True, highlight=False
        )
    console.print(f"Look at it again with: {_show_command(settings)}", markup=False, soft_wrap=True, highlight=False)
    return report


def _show_command(settings: Settings) -> str:
    """Return the command that shows the session again, wherever it is kept."""
    from voicemock.settings import load_settings

    usual = load_settings().data_dir
    return "voicemock show" if settings.data_dir == usual else f"voicemock show --data-dir {settings.data_dir}"


def _tell_unfinished(console: Console, store: Store) -> None:
    """Point to recordings that a killed interview left behind; one that records right now looks the same."""
    for path in store.unfinished():
        console.print(
            f"An interview ended in the middle of an answer, or is still going on. The recording is kept: {path}\n"
            f"Measure it with: voicemock analyze {path}",
            style="yellow",
            soft_wrap=True,
            markup=False,
        )
