"""``voicemock debrief``: what a session showed over all of its answers."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from voicemock.cli.options import DataDir
from voicemock.cli.output import print_json
from voicemock.debrief import debrief_of, spoken_debrief
from voicemock.models import DebriefReport
from voicemock.questions import QuestionBank
from voicemock.report.debrief_table import show_debrief
from voicemock.settings import load_settings
from voicemock.store import Store


def debrief(
    session: Annotated[
        str, typer.Argument(help="Session id, its first letters, or the name of a story.", metavar="[SESSION|STORY]")
    ] = "last",
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
) -> None:
    """Sum up an interview: what recurs, what to work on next, and a scorecard for every question.

    Everything is something observed, with your own words and the moment; there is no grade and no verdict.

    Example: voicemock debrief shows the last interview.
    """
    with Store(load_settings(data_dir=data_dir).data_dir) as store:
        found = store.sessions.find(session)
        answers = store.sessions.answers(found)
    summed_up = debrief_of(answers, QuestionBank.load())
    spoken = spoken_debrief(summed_up)
    if as_json:
        print_json(DebriefReport(session=found, debrief=summed_up, spoken=spoken))
        return
    console = Console()
    console.print(f"Session {found.id}, {found.started_at.astimezone():%A %d %B %Y, %H:%M}", highlight=False)
    show_debrief(console, summed_up, spoken)
