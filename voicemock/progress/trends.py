"""One measure over weeks: medians, the goal, and whether it moved by more than chance."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from math import sqrt
from statistics import median
from typing import Final, Literal, NamedTuple

from voicemock.models import Model

Unit = Literal["s", "words_per_minute", "per_hundred_words", "per_minute", "share", "count"]
Direction = Literal["few", "no_clear_change", "better", "worse", "up", "down"]

FEW_IN_WEEK: Final = 3
"""Answers; the median of fewer is one answer's chance, and is marked."""

FEW_IN_ALL: Final = 5
"""Answers; of fewer nothing is said but their numbers."""

RECENT: Final = 10
"""Answers whose median is where a measure stands now."""

BEYOND_CHANCE: Final = 1.96
"""Standard errors of the rank-sum test: where nothing changed, a change is told one time in twenty."""

LEAST_CHANGES: Final[dict[Unit, float]] = {
    "s": 5.0,
    "words_per_minute": 5.0,
    "per_hundred_words": 0.5,
    "per_minute": 0.5,
    "share": 0.03,
    "count": 0.5,
}
"""What is less is no change worth telling, however sure it is."""


class Goal(Model):
    """Where a measure should be; None is an open end."""

    low: float | None = None
    high: float | None = None

    def gap(self, value: float) -> float:
        """Return how far a value is from the nearest end, above zero above the goal and below zero below it."""
        if self.low is not None and value < self.low:
            return value - self.low
        return value - self.high if self.high is not None and value > self.high else 0.0

    def worded(self, shown: Callable[[float], str]) -> str:
        """Return it in words, each end as ``shown`` writes it: "3:00 to 4:00", "at most 6.0"."""
        low, high = (None if end is None else shown(end) for end in (self.low, self.high))
        if low is None:
            return f"at most {high}"
        return f"at least {low}" if high is None else f"{low} to {high}"


class Point(NamedTuple):
    """One answer's number and the Monday of its week."""

    week: date
    value: float


class Week(Model):
    """The answers of one week, from Monday on."""

    starts_on: date
    answers: int
    median: float

    @property
    def is_few(self) -> bool:
        """Whether the median is of so few answers that it says little."""
        return self.answers < FEW_IN_WEEK


class Trend(Model):
    """One measure over weeks. Only answers in which it was measured count."""

    name: str
    title: str
    unit: Unit
    goal: Goal | None
    """None where there is none, or where the answers had different ones."""
    answers: int
    now: float | None
    """Median of the newest ten; None where it was never measured."""
    is_on_goal: bool | None
    """None without a goal, and where the answers are few."""
    direction: Direction
    weeks: tuple[Week, ...]
    """Those in which it was measured, the first one first."""
    missing: int | None = None
    """Of a part: in how many of the newest ten answers it was not heard."""
    looked_at: int | None = None
    """Of a part: how many those are, ten or fewer."""


def trend(name: str, title: str, unit: Unit, goal: Goal | None, points: Sequence[Point]) -> Trend:
    """Follow a measure; its points come in the order of time."""
    values = [point.value for point in points]
    now = median(values[-RECENT:]) if values else None
    return Trend(
        name=name,
        title=title,
        unit=unit,
        goal=goal,
        answers=len(values),
        now=now,
        is_on_goal=None if goal is None or now is None or len(values) < FEW_IN_ALL else goal.gap(now) == 0,
        direction=direction(values, goal, LEAST_CHANGES[unit]),
        weeks=weeks(points),
    )


def weeks(points: Sequence[Point]) -> tuple[Week, ...]:
    """Return the median of each week that has answers."""
    found = []
    for starts_on, group in groupby(points, key=lambda point: point.week):
        values = [point.value for point in group]
        found.append(Week(starts_on=starts_on, answers=len(values), median=median(values)))
    return tuple(found)


def direction(values: Sequence[float], goal: Goal | None, least: float) -> Direction:
    """Say where a measure went: the earlier half of the answers against the later half.

    Without a goal, or inside it, there is only up and down; less than ``least`` is no change.
    """
    if len(values) < FEW_IN_ALL:
        return "few"
    earlier, later = values[: len(values) // 2], values[len(values) // 2 :]
    before, after = median(earlier), median(later)
    if abs(after - before) < least or not differ(earlier, later):
        return "no_clear_change"
    gaps = (abs(goal.gap(before)), abs(goal.gap(after))) if goal else (0.0, 0.0)
    if gaps[0] == gaps[1]:
        return "up" if after > before else "down"
    return "better" if gaps[1] < gaps[0] else "worse"


def differ(earlier: Sequence[float], later: Sequence[float]) -> bool:
    """Return whether two groups differ by more than chance: the rank-sum test of Mann and Whitney (1947).

    Its normal approximation, without the correction for ties: where many values are equal it tells a change too seldom.
    """
    first, second = len(earlier), len(later)
    if not first or not second:
        return False
    ranked = sorted(earlier)
    below = sum(bisect_left(ranked, value) + bisect_right(ranked, value) for value in later) / 2
    spread = sqrt(first * second * (first + second + 1) / 12)
    return abs(below - first * second / 2) >= BEYOND_CHANCE * spread
