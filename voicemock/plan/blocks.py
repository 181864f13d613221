"""The days until the interview: which are special, and which are planned together because they are far away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import ceil
from typing import Final

from voicemock.models import PlanBlock, PlanItem, PlanItemKind

REHEARSAL_DAYS: Final = (2, 3)
"""Days before the interview, the better one first: late enough to be true, early enough to mend something."""
ONE_BY_ONE_DAYS: Final = 14
"""So many days are each shown; of more only the first and the last week are."""
NEAR_DAYS: Final = 7
MOST_FAR_BLOCKS: Final = 4
MOST_FAR_ITEMS: Final = 8
MANY_FROM: Final = 3
"""Of one kind in weeks that are far away: so many share a line."""
_MANY: Final[dict[PlanItemKind, str]] = {
    "competency": "What the loop asks about",
    "question": "Questions whose last answer left something open",
    "pillar": "Each pillar in turn",
    "story": "Stories in turn",
    "new_story": "Stories in turn",
    "story_gap": "Stories to write",
}


@dataclass(frozen=True, slots=True)
class Days:
    """The days of practice, in order.

    Attributes:
        ordinary: Those that are filled with what is weak and old.
        rehearsal: The day of a full loop; None where there is no room for one.
        light: The last one; None where not one is left.
    """

    ordinary: tuple[date, ...]
    rehearsal: date | None
    light: date | None

    @property
    def weekly(self) -> frozenset[date]:
        """The last ordinary day of each week but the last: a short loop shows how the parts hold together."""
        weeks = [list(group) for _, group in groupby(self.ordinary, key=lambda day: day.isocalendar()[:2])]
        return frozenset(week[-1] for week in weeks[:-1] if len(week) > 1)


def days_until(today: date, interview_on: date, days_off: frozenset[int]) -> Days:
    """Return the days of practice before the interview, today among them. Days off are weekdays; Monday is 0."""
    span = (interview_on - today).days
    days = [day for number in range(span) if (day := today + timedelta(days=number)).weekday() not in days_off]
    if not days:
        return Days((), None, None)
    *before, light = days
    before_interview = {(interview_on - day).days: day for day in before}
    rehearsal = next((before_interview[number] for number in REHEARSAL_DAYS if number in before_interview), None)
    if rehearsal is None and before:
        rehearsal = before[-1]  # the two days are days off
    return Days(tuple(day for day in before if day != rehearsal), rehearsal, light)


def far_weeks(days: Sequence[date], today: date, interview_on: date) -> tuple[tuple[date, ...], ...]:
    """Return the ordinary days that are planned together: whole weeks between the first and the last."""
    if (interview_on - today).days <= ONE_BY_ONE_DAYS:
        return ()
    near, last = today + timedelta(days=NEAR_DAYS), interview_on - timedelta(days=NEAR_DAYS)
    weeks: dict[int, list[date]] = {}
    for day in days:
        if near <= day < last:
            weeks.setdefault((day - near).days // 7, []).append(day)
    together = max(1, ceil(len(weeks) / MOST_FAR_BLOCKS))
    blocks: dict[int, list[date]] = {}
    for week, found in weeks.items():
        blocks.setdefault(week // together, []).extend(found)
    return tuple(tuple(found) for found in blocks.values())


def far_block(days: Sequence[date], items: Iterable[PlanItem]) -> PlanBlock:
    """Return days as one block: how often what is practiced, the most frequent kinds first."""
    by_kind: dict[PlanItemKind, list[PlanItem]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item)
    lines = [line for found in by_kind.values() for line in _together(found)]
    kept = sorted(lines, key=lambda line: -line.minutes * line.times)[:MOST_FAR_ITEMS]
    return PlanBlock(kind="weeks", starts_on=days[0], ends_on=days[-1], practice_days=len(days), items=tuple(kept))


def _together(items: Sequence[PlanItem]) -> Iterator[PlanItem]:
    """Yield a line for each thing that is done again and again, or one for many that differ."""
    by_command: dict[str | None, list[PlanItem]] = {}
    for item in items:
        by_command.setdefault(item.command, []).append(item)
    if len(by_command) < MANY_FROM:
        for same in by_command.values():
            yield same[0].model_copy(update={"times": len(same)})
        return
    first = items[0]
    what = f"{_MANY.get(first.kind, 'In turn')} ({len(by_command)}), the first: {first.what}"
    yield first.model_copy(update={"times": len(items), "what": what})
