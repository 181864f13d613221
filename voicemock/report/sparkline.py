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
    low, high, levels = min(values), max(values), len(signs)

    def sign(value: float) -> str:
        level = levels // 2 if high == low else int((value - low) / (high - low) * levels)
        return signs[min(levels - 1, level)]

    weeks_of = [by_day.get(day) for day in days]
    return [Cell(sign(week.median) if week else GAP, week) for week in weeks_of]
