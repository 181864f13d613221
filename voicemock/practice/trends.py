"""One measure over weeks: medians, the goal, and whether it moved by more than chance.

What is followed over weeks, with the goal of each; the thresholds are those of the feedback.

Answers in groups, each with the trends that make sense for it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from math import sqrt
from statistics import median
from typing import Final, Literal, NamedTuple, get_args

from voicemock.analysis.delivery import MOST_PEOPLE
from voicemock.coaching.delivery import MANY_MARKERS, MANY_PAUSES_PER_MINUTE, SOME_FILLERS
from voicemock.models import Framework, FrameworkPart, Measured, Model, Pillar
from voicemock.store.rows import MeasuredTake

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


class Followed(NamedTuple):
    """A measure of the delivery; titles are those of ``prompts/measures.yaml``."""

    name: str
    title: str
    unit: Unit
    goal: Goal | None
    value: Callable[[Measured], float | None]


_PACE: Final = Goal(low=MOST_PEOPLE[0], high=MOST_PEOPLE[1])

DELIVERY: Final = (
    Followed(
        "pace",
        "Pace",
        "words_per_minute",
        _PACE,
        lambda one: one.words_per_minute,
    ),
    Followed(
        "filled_pauses",
        "Filled pauses",
        "per_hundred_words",
        Goal(high=SOME_FILLERS),
        lambda one: one.per_hundred_words(one.filled_pauses),
    ),
    Followed(
        "filler_phrases",
        "Filler phrases",
        "per_hundred_words",
        Goal(high=MANY_MARKERS),
        lambda one: one.per_hundred_words(one.filler_phrases),
    ),
    Followed(
        "pauses",
        "Pauses over 1 s",
        "per_minute",
        Goal(high=MANY_PAUSES_PER_MINUTE),
        lambda one: one.pauses_per_minute,
    ),
)
RESULTS: Final = Followed(
    "measured_results",
    "Measured results",
    "count",
    Goal(low=1.0),
    lambda one: None if one.measured_results is None else float(one.measured_results),
)


class Dated(NamedTuple):
    """An answer with the Monday of its week."""

    point: Callable[[float], Point]
    take: MeasuredTake


def delivery_trends(takes: Sequence[Dated]) -> tuple[Trend, ...]:
    """Follow how answers were spoken."""
    return tuple(_followed(measure, takes) for measure in DELIVERY)


def length_trend(takes: Sequence[Dated]) -> Trend:
    """Follow the length against its target; where the answers had different targets, without one."""
    targets = {(each.take.measured.target_min_s, each.take.measured.target_max_s) for each in takes[-RECENT:]}
    low, high = next(iter(targets)) if len(targets) == 1 else (None, None)
    goal = Goal(low=low, high=high) if low is not None else None
    return _followed(Followed("length", "Length", "s", goal, lambda one: one.duration_s), takes)


def framework_trends(takes: Sequence[Dated], framework: Framework) -> tuple[Trend, ...]:
    """Follow the share of each part, and for stories the measured results."""
    parts = tuple(_part_trend(takes, part) for part in framework.parts)
    return (*parts, _followed(RESULTS, takes)) if framework.name == "star" else parts


def _followed(measure: Followed, takes: Sequence[Dated]) -> Trend:
    values = ((each, measure.value(each.take.measured)) for each in takes)
    points = [each.point(value) for each, value in values if value is not None]
    return trend(measure.name, measure.title, measure.unit, measure.goal, points)


def _part_trend(takes: Sequence[Dated], target: FrameworkPart) -> Trend:
    """A part that is missing has no share: it is counted apart."""
    found = [(each, part) for each in takes for part in each.take.measured.parts if part.name == target.name]
    points = [each.point(part.share) for each, part in found if part.present and part.share is not None]
    newest = found[-RECENT:]
    goal = Goal(low=target.target_share_min, high=target.target_share_max)
    return trend(target.name, target.title, "share", goal, points).model_copy(
        update={"missing": sum(not part.present for _, part in newest), "looked_at": len(newest)}
    )


PILLARS: Final[tuple[Pillar, ...]] = get_args(Pillar)


class Section(Model):
    """A group of answers."""

    kind: Literal["all", "pillar", "framework"]
    name: str
    title: str
    answers: int
    trends: tuple[Trend, ...]

    @property
    def is_few(self) -> bool:
        """Whether there is too little to speak of a trend."""
        return self.answers < FEW_IN_ALL


def pillar_title(pillar: str) -> str:
    """Return how a pillar is called: "Program sense"."""
    return pillar.replace("_", " ").capitalize()


def sections_of(takes: Sequence[MeasuredTake], frameworks: Mapping[str, Framework]) -> tuple[Section, ...]:
    """Group answers: all of them, then by pillar (how long, how spoken), then by framework (how built).

    Replies to follow-ups, and what was asked back, tell how somebody speaks and nothing else.
    """
    everything = [_dated(take) for take in takes]
    trends = delivery_trends(everything)
    found = [Section(kind="all", name="all", title="All answers", answers=len(everything), trends=trends)]
    dated = [each for each in everything if each.take.measured.is_whole]
    for pillar in PILLARS:
        own = [each for each in dated if each.take.measured.pillar == pillar]
        trends = (length_trend(own), *delivery_trends(own)) if own else ()
        title = pillar_title(pillar)
        found.append(Section(kind="pillar", name=pillar, title=title, answers=len(own), trends=trends))
    for name, framework in frameworks.items():
        own = [each for each in dated if each.take.measured.framework == name]
        trends = framework_trends(own, framework) if own else ()
        title = framework.title
        found.append(Section(kind="framework", name=name, title=title, answers=len(own), trends=trends))
    return tuple(section for section in found if section.answers)


def _dated(take: MeasuredTake) -> Dated:
    day = take.recorded_at.astimezone().date()
    return Dated(partial(Point, day - timedelta(days=day.weekday())), take)
