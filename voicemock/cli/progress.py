"""``voicemock progress``: what became of the answers over weeks, and what to practice next."""

from __future__ import annotations

import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from voicemock.analysis import ANALYSIS_VERSION
from voicemock.cli.options import DataDir, Day, JsonLine, NoOpen, PageFile, has_desktop, parse_pillar
from voicemock.cli.output import print_json
from voicemock.models import FrameworkName
from voicemock.progress import Chosen, Progress, look_back
from voicemock.questions import QuestionBank
from voicemock.report.measures import load_measures
from voicemock.report.page_files import write_private
from voicemock.report.progress_page import render_progress
from voicemock.report.progress_table import show_progress
from voicemock.settings import load_settings
from voicemock.store import PROGRESS_PAGE, Store


def progress(
    pillar: Annotated[
        str | None, typer.Option(help="program-sense, system-design or behavioral.", metavar="PILLAR")
    ] = None,
    framework: Annotated[str | None, typer.Option(help="star, triage or design.", metavar="NAME")] = None,
    since: Day = None,
    page: Annotated[bool, typer.Option("--page", help="Write a page with charts and open it.")] = False,
    to: PageFile = None,
    no_open: NoOpen = False,
    data_dir: DataDir = None,
    as_json: JsonLine = False,
) -> None:
    """Show what became of your answers over weeks, and what to practice next.

    Example: voicemock progress --pillar behavioral, or as a page with charts: voicemock progress --page

    Few answers are called few: of fewer than 5 no trend is told.
    """
    if as_json and (page or to):
        raise typer.BadParameter("Give one of --page and --json.")
    bank = QuestionBank.load()
    folder = load_settings(data_dir=data_dir).data_dir
    found = _looked_back(folder, bank, _chosen(bank, pillar, framework, since))
    if as_json:
        print_json(found)
    elif page or to:
        _write(found, folder, to, is_opened=not no_open)
    else:
        show_progress(Console(), found)


def _chosen(bank: QuestionBank, pillar: str | None, framework: str | None, since: datetime | None) -> Chosen:
    name: FrameworkName | None = bank.framework(framework.strip().lower()).name if framework is not None else None
    return Chosen(pillar=parse_pillar(pillar), framework=name, since=since.astimezone() if since else None)


def _looked_back(folder: Path, bank: QuestionBank, chosen: Chosen) -> Progress:
    with Store(folder) as store:
        takes = store.takes.measured()
    return look_back(takes, bank.frameworks, current_version=ANALYSIS_VERSION, now=datetime.now(UTC), chosen=chosen)


def _write(found: Progress, folder: Path, to: Path | None, *, is_opened: bool) -> None:
    path = (to or folder / PROGRESS_PAGE).absolute()
    write_private(path, render_progress(found, load_measures()).encode("utf-8", "replace"))
    typer.echo(str(path))
    if is_opened and has_desktop():
        webbrowser.open(path.as_uri())
