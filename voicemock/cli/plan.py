"""``voicemock plan``: what to practice each day until the interview."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from voicemock.cli.options import DataDir, JsonLine
from voicemock.cli.output import print_json
from voicemock.models import Loop
from voicemock.plan import LONGEST_SPAN_DAYS, WEEKDAYS, PracticeState, plan_for, state_of
from voicemock.questions import QuestionBank
from voicemock.report.plan_table import show_plan
from voicemock.settings import load_settings
from voicemock.store import Store

_SHORTEST_NAME = 3
"""Letters of a weekday that tell it from the others."""


def plan(
    interview_on: Annotated[
        datetime, typer.Option("--date", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Day of the interview.")
    ],
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
    """Propose what to practice each day until your interview, and why.

    From your own answers: what keeps missing, what was not told for long, what was never practiced. A full loop comes
    two or three days before, a light day last. Nothing is kept: run it again after practice, and it has moved on.

    Example: voicemock plan --date 2026-12-18 --loop amazon --minutes-per-day 30 --days-off sat,sun
    """
    today = datetime.now().astimezone().date()
    day = _possible(interview_on.date(), today)
    off = parse_days_off(days_off)
    state = _state(load_settings(data_dir=data_dir).data_dir, QuestionBank.load(), loop)
    found = plan_for(today, day, state, minutes_per_day=minutes_per_day, days_off=off)
    if as_json:
        print_json(found)
    else:
        show_plan(Console(), found)


def parse_days_off(text: str | None) -> frozenset[int]:
    """Read weekdays, "sat,sun" or "Saturday"; Monday is 0.

    Raises:
        typer.BadParameter: One is no weekday, or no day is left.
    """
    found = set()
    for name in (text or "").replace(",", " ").lower().split():
        numbers = [number for number, day in enumerate(WEEKDAYS) if day.startswith(name)]
        if len(name) < _SHORTEST_NAME or not numbers:
            raise typer.BadParameter(f"{name!r} is no weekday. Write them like this: --days-off sat,sun")
        found.update(numbers)
    if len(found) == len(WEEKDAYS):
        raise typer.BadParameter("That leaves no day to practice on.")
    return frozenset(found)


def _possible(interview_on: date, today: date) -> date:
    """Return the day of the interview.

    Raises:
        typer.BadParameter: It is past or too far away.
    """
    days = (interview_on - today).days
    if days < 0:
        raise typer.BadParameter(f"{interview_on} is past; today is {today}.")
    if days > LONGEST_SPAN_DAYS:
        raise typer.BadParameter(
            f"{interview_on} is {days} days away; a plan reaches {LONGEST_SPAN_DAYS}. Start with: voicemock practice"
        )
    return interview_on


def _state(folder: Path, bank: QuestionBank, loop_name: str | None) -> PracticeState:
    with Store(folder) as store:
        takes, loop, stories = store.takes.measured(), _loop(bank, store, loop_name), store.stories.banked()
    return state_of(takes, stories, loop, bank, datetime.now(UTC))


def _loop(bank: QuestionBank, store: Store, name: str | None) -> Loop:
    """Return the loop of a name; without one that of the last interview that followed a loop, else the general one."""
    if name is not None:
        return bank.loop(name)
    known = {loop.name for loop in bank.loops}
    last = next((each.loop for each in store.overviews.sessions() if each.loop in known), None)
    return bank.loop(last or "tpm")
