"""A row of numbers as a row of blocks, one a week; where there are no blocks, of digits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from voicemock.progress import Goal, Week

SPARK_BLOCKS: Final = "▁▂▃▄▅▆▇█"
SPARK_DIGITS: Final = "12345678"
GAP: Final = "."
"""A week without answers."""


class Cell(NamedTuple):
    """One week; ``week`` is None where there was no answer in it."""

    sign: str
    week: Week | None


def sparkline(weeks: Sequence[Week], goal: Goal | None, last: date, cells: int, *, ascii_only: bool) -> list[Cell]:
    """Return a sign for each week up to the one that begins on ``last``, from the lowest to the highest value.

    The ends of the goal belong to the scale, so that what is far outside looks so.
    """
    signs = SPARK_DIGITS if ascii_only else SPARK_BLOCKS
    by_day = {week.starts_on: week for week in weeks}
    days = [last - timedelta(weeks=back) for back in reversed(range(cells))]
    ends = [end for end in (goal.low, goal.high) if end is not None] if goal else []
    values = [*ends, *(by_day[day].median for day in days if day in by_day)]
    if not values:
        return [Cell(GAP, None) for _ in days]
    low, high = min(values), max(values)
    found = []
    for day in days:
        week = by_day.get(day)
        found.append(Cell(GAP if week is None else signs[_level(week.median, low, high, len(signs))], week))
    return found


def _level(value: float, low: float, high: float, levels: int) -> int:
    if high == low:
        return levels // 2
    return min(levels - 1, int((value - low) / (high - low) * levels))
