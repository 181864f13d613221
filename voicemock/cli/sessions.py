"""``voicemock sessions`` and ``voicemock show``: what is kept, and one interview again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from voicemock.cli.options import DataDir
from voicemock.cli.output import print_all, print_json
from voicemock.cli.unfinished import tell_unfinished
from voicemock.debrief import debrief_of, spoken_debrief
from voicemock.interview import report_of
from voicemock.models import Answer, Assessment, Framework, Session
from voicemock.questions import QuestionBank
from voicemock.report.debrief_table import show_debrief_summary
from voicemock.report.passages import printable
from voicemock.report.story_clock import show_story_clock
from voicemock.report.terminal import show_assessment, show_sessions
from voicemock.report.timeline_lines import show_timeline
from voicemock.settings import load_settings
from voicemock.store import Store


def sessions(
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 20,
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="One session a line.")] = False,
) -> None:
    """List the interviews and told stories that are kept.

    Example: voicemock sessions --limit 5
    """
    settings = load_settings(data_dir=data_dir)
    with Store(settings.data_dir) as store:
        tell_unfinished(settings, store)
        overviews = store.overviews.sessions(limit=limit)
    nothing = "No interview is kept yet. Start one with: voicemock practice"
    print_all(overviews, show_sessions, as_json=as_json, nothing=nothing)


def show(
    session: Annotated[
        str, typer.Argument(help="Session id, its first letters, or the name of a story.", metavar="[SESSION|STORY]")
    ] = "last",
    clean: Annotated[bool, typer.Option("--clean", help="Show transcripts without fillers and restarts.")] = False,
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="The interview as practice --json printed it.")] = False,
) -> None:
    """Show an interview again: timeline, transcripts, measures, feedback.

    Example: voicemock show shows the last one.
    """
    settings = load_settings(data_dir=data_dir)
    with Store(settings.data_dir) as store:
        tell_unfinished(settings, store)
        found = store.sessions.find(session)
        answers = store.sessions.answers(found)
        folder = store.sessions.folder(found)
    if as_json:
        print_json(report_of(found, answers))
        return
    console, bank = Console(), QuestionBank.load()
    console.print(f"Session {found.id}, {found.started_at.astimezone():%A %d %B %Y, %H:%M}", highlight=False)
    if found.story is not None:
        console.print(printable(found.story), style="bold", markup=False, highlight=False)
    if not answers:
        console.print("No answer is kept.")
    for answer in answers:
        _show_answer(console, found, answer, folder, bank, clean=clean)
    _show_debrief(console, found, answers, bank)


def _show_answer(
    console: Console, session: Session, answer: Answer, folder: Path, bank: QuestionBank, *, clean: bool
) -> None:
    """Show what was asked, and what was made of it or how to make something of it."""
    text = printable(answer.question.text if answer.question else session.story or "")
    if answer.assessment is None:
        console.print(f"\n{answer.position}. {text}", markup=False, highlight=False)
        console.print(f"   {_not_analyzed(answer, folder)}", style="yellow", markup=False, soft_wrap=True)
        return
    if answer.question:
        console.print(f"\n{answer.position}. {text}", style="bold", markup=False, highlight=False)
    _show_assessment(console, answer.assessment, bank.framework_of(answer.assessment, answer.question), clean=clean)


def _not_analyzed(answer: Answer, folder: Path) -> str:
    """Say what is kept of an answer that nobody analyzed, and the command that does."""
    recording = folder / answer.audio_file if answer.audio_file else None
    kept = f"; the recording is kept: {recording}" if recording else ""
    cure = f"\n   Analyze it with: voicemock recover {recording}" if answer.status == "interrupted" else ""
    return f"{answer.status}, not analyzed{kept}{cure}"


def _show_assessment(console: Console, assessment: Assessment, framework: Framework | None, *, clean: bool) -> None:
    """Show where the time went, and then the review."""
    if framework is not None and assessment.transcript.text.strip():
        show_story_clock(console, assessment.analysis, framework)
    show_timeline(console, assessment, framework)
    show_assessment(console, assessment, framework=framework, clean=clean, title="")


def _show_debrief(console: Console, session: Session, answers: tuple[Answer, ...], bank: QuestionBank) -> None:
    """Show what several answers have in common."""
    debrief = debrief_of(answers, bank)
    if debrief.answered > 1:
        show_debrief_summary(console, debrief, spoken_debrief(debrief))
        console.print(f"\n  Scorecards: voicemock debrief {session.id}", style="dim", highlight=False, soft_wrap=True)
