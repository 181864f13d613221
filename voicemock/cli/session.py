"""Runs an interview on the terminal and says where it is kept, however it ended."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from rich.console import Console

from voicemock.cli.output import silence_libraries
from voicemock.cli.unfinished import command_for, offer_unfinished
from voicemock.errors import StorageError, VoicemockError
from voicemock.interview.interview import Interview
from voicemock.models import SessionReport
from voicemock.settings import Settings
from voicemock.speech.devices import device_of


def run_interview(
    console: Console,
    settings: Settings,
    screen: AbstractContextManager[object],
    opening: AbstractContextManager[Interview],
    *,
    offers_unfinished: bool = True,
) -> SessionReport:
    """Open an interview, run it and say where it is kept.

    Args:
        console: Where to write.
        settings: Of the interview.
        screen: The terminal; restored at the end.
        opening: What ``open_interview`` returns, not entered yet.
        offers_unfinished: Whether to offer first to finish what a killed interview left.
    """
    silence_libraries()
    if offers_unfinished:
        offer_unfinished(console, settings)
    with screen, opening as interview:
        report = _run(console, settings, interview)
        _say_where(console, settings, interview, report)
    return report


def _run(console: Console, settings: Settings, interview: Interview) -> SessionReport:
    """Run an interview. If it breaks off, say what is kept of it."""
    try:
        return interview.run()
    except KeyboardInterrupt:
        told = _kept(interview, settings) or "Nothing was said yet."
        console.print(f"\nInterrupted. {told}", markup=False, soft_wrap=True)
        raise
    except (VoicemockError, MemoryError):
        if kept := _kept(interview, settings):
            console.print(kept, markup=False, soft_wrap=True)
        raise


def _say_where(console: Console, settings: Settings, interview: Interview, report: SessionReport) -> None:
    """Say where an interview is kept and how to look at it again."""
    lines = [f"Session {report.session.id} is saved in {interview.answer_store.store.sessions.folder(report.session)}"]
    if isinstance(device_of(settings.speaker), Path) and interview.room.is_heard:
        lines.append(f"What the interviewer said is in {settings.speaker}")
    if any(answer.transcript.text for answer in report.answers):
        lines.append(f"Look at it again with: {command_for('show', settings)}")
    else:
        lines.append("Nothing was said, so there is nothing to review.")
    for line in lines:
        console.print(line, markup=False, soft_wrap=True, highlight=False)


def _kept(interview: Interview, settings: Settings) -> str | None:
    """Return what is kept of an interview that broke off; None if nothing is, or nothing can be read."""
    store, session = interview.answer_store.store, interview.session
    if session is None or not store.sessions.folder(session).is_dir():
        return None
    recover = command_for("recover", settings)
    try:
        answers = store.sessions.answers(session)
    except StorageError:
        answers = ()
    if not answers and any(store.sessions.folder(session).glob("answer-*")):
        return f"What you said is recorded but not filed yet. Once that is possible, finish it with: {recover}"
    if any(answer.status == "interrupted" and answer.assessment is None for answer in answers):
        return f"What you said is kept. Analyze the last answer with: {recover}"
    return f"What you said is kept: {command_for('show', settings)}" if answers else None
