"""A plan of practice until an interview, from what is weak, what is old and what was never practiced.

Nothing here reads a file or a clock, and nothing is kept: the same state on the same day gives the same plan, and
after practice there is another state.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from voicemock.models import PlanBlock, PlanItem, PracticePlan
from voicemock.plan.blocks import Days, days_until, far_block, far_weeks
from voicemock.plan.schedule import Calendar
from voicemock.plan.special_days import interview_day, light_day, rehearsal_day, short_loop
from voicemock.plan.state import PracticeState, state_of
from voicemock.plan.topics import practice_topics

LONGEST_SPAN_DAYS: Final = 180
MINUTES_PER_DAY: Final = 45
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def plan_for(
    today: date,
    interview_on: date,
    state: PracticeState,
    *,
    minutes_per_day: int = MINUTES_PER_DAY,
    days_off: frozenset[int] = frozenset(),
) -> PracticePlan:
    """Propose what to practice on each day until an interview.

    The rehearsal may take longer than an ordinary day's minutes. Days off are weekdays; Monday is 0.

    Raises:
        ValueError: The day is past or too far away, or no weekday is left.
    """
    span = (interview_on - today).days
    if not 0 <= span <= LONGEST_SPAN_DAYS or len(days_off) > 6:
        raise ValueError(f"no plan for {span} days without {len(days_off)} weekdays")
    days = days_until(today, interview_on, days_off)
    blocks = (
        *_ordinary_blocks(days, today, interview_on, state, minutes_per_day),
        *([rehearsal_day(days.rehearsal, interview_on, state, minutes_per_day)] if days.rehearsal else []),
        *([light_day(days.light, state, minutes_per_day)] if days.light else []),
        interview_day(interview_on, state),
    )
    return PracticePlan(
        today=today,
        interview_on=interview_on,
        days_left=span,
        minutes_per_day=minutes_per_day,
        days_off=tuple(WEEKDAYS[number] for number in sorted(days_off)),
        loop=state.loop.name if state.loop else None,
        rests_on=len(state.answers),
        blocks=tuple(sorted(blocks, key=lambda block: block.starts_on)),
    )


def _ordinary_blocks(
    days: Days, today: date, interview_on: date, state: PracticeState, minutes: int
) -> Iterator[PlanBlock]:
    """Yield the ordinary days, those that are far away in weeks."""
    filled = dict(_filled(days, today, state, minutes))
    far = far_weeks(days.ordinary, today, interview_on)
    together = {day for block in far for day in block}
    for day in days.ordinary:
        if day not in together and filled[day]:
            yield PlanBlock(kind="day", starts_on=day, ends_on=day, practice_days=1, items=filled[day])
    for block in far:
        yield far_block(block, (item for day in block for item in filled[day]))


def _filled(days: Days, today: date, state: PracticeState, minutes: int) -> Iterator[tuple[date, tuple[PlanItem, ...]]]:
    calendar, weekly = Calendar(practice_topics(state, today), today), days.weekly
    for day in days.ordinary:
        loop = short_loop(state, minutes) if day in weekly else None
        yield day, (loop,) if loop else calendar.fill(day, minutes)


__all__ = [
    "LONGEST_SPAN_DAYS",
    "WEEKDAYS",
    "PracticeState",
    "plan_for",
    "state_of",
]
