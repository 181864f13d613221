"""Reads and checks what a plan is asked for, and makes the plan from the answers in a store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError
from voicemock.models import Loop, PracticePlan
from voicemock.practice.plan import LONGEST_SPAN_DAYS, MINUTES_PER_DAY, WEEKDAYS, plan_for
from voicemock.practice.plan_topics import state_of
from voicemock.store.store import Store

DAYS_WITHOUT_DATE: Final = 14
"""Days until the interview, if its date is unknown."""
FEWEST_MINUTES: Final = 10
MOST_MINUTES: Final = 240
"""Minutes of a day."""
GENERAL_LOOP: Final = "tpm"
"""The loop to prepare for when no other is known."""
_SHORTEST_NAME: Final = 3
"""Letters that are enough to tell weekdays apart."""


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What a plan is asked for.

    Attributes:
        interview_on: Day of the interview; None: in two weeks.
        minutes_per_day: How long you can practice each day.
        loop: Name of the loop to prepare for; None: that of the last interview with one, else the general one.
        days_off: Weekdays without practice; Monday is 0.
    """

    interview_on: date | None = None
    minutes_per_day: int = MINUTES_PER_DAY
    loop: str | None = None
    days_off: frozenset[int] = frozenset()

    def day(self, today: date) -> date:
        """Return the day of the interview.

        Raises:
            InputError: It is past or too far away.
        """
        day = self.interview_on or today + timedelta(days=DAYS_WITHOUT_DATE)
        days = (day - today).days
        if days < 0:
            raise InputError(f"{day} is in the past; today is {today}.")
        if days > LONGEST_SPAN_DAYS:
            raise InputError(
                f"{day} is {days} days away; a plan reaches {LONGEST_SPAN_DAYS}. Start with: voicemock practice"
            )
        return day


def read_days_off(text: str) -> frozenset[int]:
    """Read weekdays, "sat,sun" or "Saturday"; Monday is 0.

    Raises:
        InputError: One is no weekday, or no day is left.
    """
    found = set()
    for name in text.replace(",", " ").lower().split():
        numbers = [number for number, day in enumerate(WEEKDAYS) if day.startswith(name)]
        if len(name) < _SHORTEST_NAME or not numbers:
            raise InputError(f"{name!r} is not a weekday. Write weekdays like this: --days-off sat,sun")
        found.update(numbers)
    if len(found) == len(WEEKDAYS):
        raise InputError("That leaves no days to practice.")
    return frozenset(found)


def plan_from(store: Store, bank: QuestionBank, request: PlanRequest, now: datetime) -> PracticePlan:
    """Return the plan based on the answers in a store.

    Args:
        store: Has the answers and the stories.
        bank: Has the loops and the questions.
        request: What the plan is for.
        now: Aware; today is its local day.

    Raises:
        InputError: The day is past or too far away, or there is no such loop.
    """
    today = now.astimezone().date()
    day = request.day(today)
    loop = _loop(bank, store, request.loop)
    state = state_of(store.takes.measured(), store.stories.banked(), loop, bank, now)
    return plan_for(today, day, state, minutes_per_day=request.minutes_per_day, days_off=request.days_off)


def _loop(bank: QuestionBank, store: Store, name: str | None) -> Loop:
    if name is not None:
        return bank.loop(name)
    known = {loop.name for loop in bank.loops}
    last = next((each.loop for each in store.overviews.sessions() if each.loop in known), None)
    return bank.loop(last or GENERAL_LOOP)
