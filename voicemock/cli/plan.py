"""``voicemock plan`` and ``progress``: what to practice until the interview, and how answers changed."""

from __future__ import annotations

import webbrowser
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.cli.desktop import has_desktop
from voicemock.cli.options import (
    DataDir,
    Day,
    Force,
    JsonLine,
    NoOpen,
    PageFile,
    PillarName,
    parse_pillar,
)
from voicemock.cli.output import tell
from voicemock.cli.results import print_json
from voicemock.content.questions import QuestionBank
from voicemock.models import FrameworkName, Loop
from voicemock.practice.plan import LONGEST_SPAN_DAYS, WEEKDAYS, plan_for
from voicemock.practice.plan_topics import PracticeState, state_of
from voicemock.practice.progress import Chosen, Progress, look_back
from voicemock.report.cards import show_plan
from voicemock.report.page import refuse_target, write_given
from voicemock.report.page_progress import render_progress
from voicemock.report.progress_lines import show_progress
from voicemock.report.rows import load_measures
from voicemock.report.terminal import Terminal
from voicemock.settings import load_settings
from voicemock.store.deletion import PROGRESS_PAGE
from voicemock.store.store import Store

DAYS_WITHOUT_DATE: Final = 14
"""Until the interview, where its day is not known."""
_SHORTEST_NAME: Final = 3
"""Letters that tell a weekday from the others."""


def plan(
    interview_on: Annotated[
        datetime | None,
        typer.Option(
            "--date",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="Day of the interview.",
            show_default="in two weeks",
        ),
    ] = None,
    minutes_per_day: Annotated[
        int, typer.Option(min=10, max=240, metavar="MINUTES", help="What a day has for practice.")
    ] = 45,
    loop: Annotated[
        str | None,
        typer.Option(
            "--loop",
            "--company",
            help="Whose loop: amazon, google, tpm ...",
            metavar="NAME",
            show_default="that of your last loop, else tpm",
        ),
    ] = None,
    days_off: Annotated[
        str | None, typer.Option(help="Weekdays without practice: sat,sun.", metavar="DAYS", show_default=False)
    ] = None,
    data_dir: DataDir = None,
    as_json: JsonLine = False,
) -> None:
    """Plan what to practice each day until your interview.

    From your own answers: what keeps missing, what was not told for long, what was never practiced. A full loop comes
    two or three days before, a light day last. Nothing is kept: run it again after practice, and it has moved on.

    Example: voicemock plan --date 2026-12-18 --loop amazon --minutes-per-day 30 --days-off sat,sun
    """
    today = datetime.now().astimezone().date()
    day = interview_on.date() if interview_on else today + timedelta(days=DAYS_WITHOUT_DATE)
    _refuse_unless_ahead(day, today)
    off = parse_days_off(days_off)
    state = _state(load_settings(data_dir=data_dir).data_dir, QuestionBank.load(), loop)
    if interview_on is None:
        tell(f"No date was given, so this is a plan for an interview on {day}. Name yours: --date {day}", err=True)
    found = plan_for(today, day, state, minutes_per_day=minutes_per_day, days_off=off)
    if as_json:
        print_json(found)
    else:
        show_plan(Terminal(), found)


def parse_days_off(text: str | None) -> frozenset[int]:
    """Read weekdays, "sat,sun" or "Saturday"; Monday is 0."""
    found = set()
    for name in (text or "").replace(",", " ").lower().split():
        numbers = [number for number, day in enumerate(WEEKDAYS) if day.startswith(name)]
        if len(name) < _SHORTEST_NAME or not numbers:
            raise typer.BadParameter(f"{name!r} is no weekday. Write them like this: --days-off sat,sun")
        found.update(numbers)
    if len(found) == len(WEEKDAYS):
        raise typer.BadParameter("That leaves no day to practice on.")
    return frozenset(found)


def _refuse_unless_ahead(interview_on: date, today: date) -> None:
    """Raise typer.BadParameter if the day of the interview is past or too far away."""
    days = (interview_on - today).days
    if days < 0:
        raise typer.BadParameter(f"{interview_on} is past; today is {today}.")
    if days > LONGEST_SPAN_DAYS:
        raise typer.BadParameter(
            f"{interview_on} is {days} days away; a plan reaches {LONGEST_SPAN_DAYS}. Start with: voicemock practice"
        )


def _state(folder: Path, bank: QuestionBank, loop_name: str | None) -> PracticeState:
    with Store(folder) as store:
        takes, loop, stories = store.takes.measured(), _loop(bank, store, loop_name), store.stories.banked()
    return state_of(takes, stories, loop, bank, datetime.now(UTC))


def _loop(bank: QuestionBank, store: Store, name: str | None) -> Loop:
    """Return the loop of this name; without a name, that of the last interview with a loop, else the general one."""
    if name is not None:
        return bank.loop(name)
    known = {loop.name for loop in bank.loops}
    last = next((each.loop for each in store.overviews.sessions() if each.loop in known), None)
    return bank.loop(last or "tpm")


def progress(
    pillar: PillarName = None,
    framework: Annotated[str | None, typer.Option(help="star, triage or design.", metavar="NAME")] = None,
    since: Day = None,
    page: Annotated[bool, typer.Option("--page", help="Write a page with charts and open it.")] = False,
    to: PageFile = None,
    force: Force = False,
    no_open: NoOpen = False,
    data_dir: DataDir = None,
    as_json: JsonLine = False,
) -> None:
    """Show what became of your answers, and what to practice next.

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
        _write(found, folder, to, force=force, is_opened=not no_open)
    else:
        show_progress(Terminal(), found)


def _chosen(bank: QuestionBank, pillar: str | None, framework: str | None, since: datetime | None) -> Chosen:
    name: FrameworkName | None = bank.framework(framework.strip().lower()).name if framework is not None else None
    return Chosen(pillar=parse_pillar(pillar), framework=name, since=since.astimezone() if since else None)


def _looked_back(folder: Path, bank: QuestionBank, chosen: Chosen) -> Progress:
    with Store(folder) as store:
        takes = store.takes.measured()
    return look_back(
        takes,
        bank.frameworks,
        current_version=ANALYSIS_VERSION,
        now=datetime.now(UTC),
        chosen=chosen,
        questions={question.id for question in bank.questions},
    )


def _write(found: Progress, folder: Path, to: Path | None, *, force: bool, is_opened: bool) -> None:
    path = (to or folder / PROGRESS_PAGE).absolute()
    is_own = path.name == PROGRESS_PAGE and path.parent.resolve() == folder.resolve()
    if not is_own:
        refuse_target(path, folder, force=force)
    write_given(path, render_progress(found, load_measures()).encode("utf-8", "replace"), force=force or is_own)
    tell(str(path))
    if is_opened and has_desktop():
        webbrowser.open(path.as_uri())
