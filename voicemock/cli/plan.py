"""``voicemock plan`` and ``progress``: what to practice until the interview, and how answers changed."""

from __future__ import annotations

import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from voicemock.cli.desktop import has_desktop
from voicemock.cli.options import (
    DataDir,
    Day,
    Force,
    JsonLine,
    NoOpen,
    PageFile,
    PillarName,
    parse_day,
    parse_pillar,
)
from voicemock.cli.output import tell
from voicemock.cli.results import print_json
from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError
from voicemock.models import FrameworkName
from voicemock.practice.plan_request import PlanRequest, plan_from, read_days_off
from voicemock.practice.progress import Chosen, Progress, progress_in
from voicemock.report.cards import no_date_text, show_plan
from voicemock.report.page import refuse_target, write_given
from voicemock.report.page_progress import render_progress
from voicemock.report.progress_lines import show_progress
from voicemock.report.rows import load_measures
from voicemock.report.terminal import Terminal
from voicemock.settings import load_settings
from voicemock.store.deletion import PROGRESS_PAGE
from voicemock.store.store import Store


def plan(
    interview_on: Annotated[
        datetime | None,
        typer.Option(
            "--date",
            parser=parse_day,
            metavar="YYYY-MM-DD",
            help="Day of the interview.",
            show_default="in two weeks",
        ),
    ] = None,
    minutes_per_day: Annotated[
        int, typer.Option(min=10, max=240, metavar="MINUTES", help="How long you can practice each day.")
    ] = 45,
    loop: Annotated[
        str | None,
        typer.Option(
            "--loop",
            "--company",
            help="Which loop: amazon, google, tpm ...",
            metavar="NAME",
            show_default="your last loop, else tpm",
        ),
    ] = None,
    days_off: Annotated[
        str | None, typer.Option(help="Weekdays without practice: sat,sun.", metavar="DAYS", show_default=False)
    ] = None,
    data_dir: DataDir = None,
    as_json: JsonLine = False,
) -> None:
    """Plan what to practice each day until your interview.

    It goes by your own answers: what is often missing, what you have not told in a while, what you have never
    practiced. A full loop comes two or three days before the interview, and a light day last. Nothing is saved: run it
    again after you practice, and the plan moves on.

    Example: voicemock plan --date 2026-12-18 --loop amazon --minutes-per-day 30 --days-off sat,sun
    """
    now = datetime.now(UTC)
    today = now.astimezone().date()
    with _refusing():
        request = PlanRequest(
            interview_on.date() if interview_on else None, minutes_per_day, loop, read_days_off(days_off or "")
        )
        day = request.day(today)
    with Store(load_settings(data_dir=data_dir).data_dir) as store:
        found = plan_from(store, QuestionBank.load(), request, now)
    if interview_on is None:
        tell(f"{no_date_text(day)} Name yours: --date {day}", err=True)
    if as_json:
        print_json(found)
    else:
        show_plan(Terminal(), found)


@contextmanager
def _refusing() -> Iterator[None]:
    """Tell of an option that cannot be used as Typer does."""
    try:
        yield
    except InputError as error:
        raise typer.BadParameter(str(error)) from error


def progress(
    pillar: PillarName = None,
    framework: Annotated[str | None, typer.Option(help="star, triage, design, explain ...", metavar="NAME")] = None,
    since: Day = None,
    page: Annotated[bool, typer.Option("--page", help="Write a page with charts and open it.")] = False,
    to: PageFile = None,
    force: Force = False,
    no_open: NoOpen = False,
    data_dir: DataDir = None,
    as_json: JsonLine = False,
) -> None:
    """Show how your answers are changing, and what to practice next.

    Example: voicemock progress --pillar behavioral, or as a page with charts: voicemock progress --page

    With fewer than 5 answers, it shows no trend.
    """
    if as_json and (page or to):
        raise typer.BadParameter("Give one of --page and --json.")
    bank = QuestionBank.load()
    folder = load_settings(data_dir=data_dir).data_dir
    chosen = _chosen(bank, pillar, framework, since)
    with Store(folder) as store:
        found = progress_in(store, bank, chosen, datetime.now(UTC))
    if as_json:
        print_json(found)
    elif page or to:
        _write(found, folder, to, force=force, is_opened=not no_open)
    else:
        show_progress(Terminal(), found)


def _chosen(bank: QuestionBank, pillar: str | None, framework: str | None, since: datetime | None) -> Chosen:
    name: FrameworkName | None = bank.framework(framework.strip().lower()).name if framework is not None else None
    return Chosen(pillar=parse_pillar(pillar), framework=name, since=since.astimezone() if since else None)


def _write(found: Progress, folder: Path, to: Path | None, *, force: bool, is_opened: bool) -> None:
    path = (to or folder / PROGRESS_PAGE).absolute()
    is_own = path.name == PROGRESS_PAGE and path.parent.resolve() == folder.resolve()
    if not is_own:
        refuse_target(path, folder, force=force)
    write_given(path, render_progress(found, load_measures()).encode("utf-8", "replace"), force=force or is_own)
    tell(str(path))
    if is_opened and has_desktop():
        webbrowser.open(path.as_uri())
