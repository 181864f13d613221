"""Running an interview on the terminal, and saying where it is kept, whichever way it ended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from voicemock.interview import Interview
    from voicemock.models import SessionReport
    from voicemock.settings import Settings


def hold(console: Console, settings: Settings, interview: Interview) -> SessionReport:
    """Run an interview and say where it is kept.

    Raises:
        VoicemockError: A device, an engine or the disk failed for good.
        MemoryError: The system gives no more of it.
        KeyboardInterrupt: The candidate left.
    """
    from voicemock.devices import device_of
    from voicemock.errors import VoicemockError

    try:
        report = interview.run()
    except KeyboardInterrupt:
        told = _kept(interview, settings) or "Nothing was said yet."
        console.print(f"\nInterrupted. {told}", markup=False, soft_wrap=True)
        raise
    except (VoicemockError, MemoryError):
        if kept := _kept(interview, settings):
            console.print(kept, markup=False, soft_wrap=True)
        raise
    folder: Path = interview.filing.store.session_folder(report.session)
    wrote_speech = isinstance(device_of(settings.speaker), Path) and interview.room.is_heard
    console.print(f"Session {report.session.id} is kept in {folder}", markup=False, soft_wrap=True, highlight=False)
    if wrote_speech:
        console.print(
            f"What the interviewer said is in {settings.speaker}", markup=False, soft_wrap=True, highlight=False
        )
    console.print(
        f"Look at it again with: {command_for('show', settings)}", markup=False, soft_wrap=True, highlight=False
    )
    return report


def _kept(interview: Interview, settings: Settings) -> str | None:
    """Say what is kept of an interview that was broken off; None where nothing is, or nothing can be read."""
    from voicemock.errors import StorageError

    store, session = interview.filing.store, interview.session
    if session is None or not store.session_folder(session).is_dir():
        return None
    recover = command_for("recover", settings)
    try:
        answers = store.answers(session)
    except StorageError:
        answers = ()
    if not answers and any(store.session_folder(session).glob("answer-*")):
        return f"What you said is recorded, and not filed yet. Once that is possible, finish it with: {recover}"
    if any(answer.status == "interrupted" and answer.assessment is None for answer in answers):
        return f"What you said is kept. Analyze the last answer with: {recover}"
    return f"What you said is kept: {command_for('show', settings)}" if answers else None


def command_for(name: str, settings: Settings) -> str:
    """Return the command of a name for the folder that is used, wherever that is."""
    from voicemock.settings import load_settings

    usual = load_settings().data_dir
    return f"voicemock {name}" if settings.data_dir == usual else f"voicemock {name} --data-dir {settings.data_dir}"
