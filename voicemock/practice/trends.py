"""Trends: each measure over sessions and weeks, goals with the feedback's thresholds, and changes beyond chance."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import sqrt
from statistics import median
from typing import Final, Literal, NamedTuple, get_args

from voicemock.analysis.delivery import MOST_PEOPLE
from voicemock.coaching.delivery import MANY_MARKERS, MANY_PAUSES_PER_MINUTE, SOME_FILLERS
from voicemock.coaching.self_rating import gap_of
from voicemock.models import RATED_ITEMS, Framework, FrameworkPart, Measured, Model, Pillar, RatedItem
from voicemock.practice.periods import (
    AnswerPlace,
    Point,
    SessionMedian,
    Week,
    place_of,
    sessions,
    weeks,
    weighted_median,
)
from voicemock.store.rows import MeasuredTake

Unit = Literal["s", "words_per_minute", "per_hundred_words", "per_minute", "share", "count", "points", "semitones"]
Direction = Literal["few", "no_clear_change", "better", "worse", "up", "down"]

FEW_IN_ALL: Final = 5
"""Answers. Fewer give numbers but no trend."""
MOST_SEEN: Final = 3
"""Answers that show a weakness."""
RECENT: Final = 10
"""Answers whose median is a measure's current value."""
BEYOND_CHANCE: Final = 1.96
"""Standard errors of the rank-sum test: a change is reported by chance one time in twenty."""

LEAST_CHANGES: Final[dict[Unit, float]] = {
    "s": 5.0,
    "words_per_minute": 5.0,
    "per_hundred_words": 0.5,
    "per_minute": 0.5,
    "share": 0.03,
    "count": 0.5,
    "points": 0.5,
    "semitones": 0.3,
}
"""A smaller change is not worth reporting, however certain."""

SHORT_TURN_WEIGHT: Final = 1 / 3
"""The reply to a follow-up counts this much of a story: it is about a third as long."""

PILLARS: Final[tuple[Pillar, ...]] = get_args(Pillar)


class Goal(Model):
    """Target range of a measure; None is an open end."""

    low: float | None = None
    high: float | None = None

    def gap(self, value: float) -> float:
        """Return how far a value is above the goal, or below it as a negative number."""
        if self.low is not None and value < self.low:
            return value - self.low
        return value - self.high if self.high is not None and value > self.high else 0.0

    def worded(self, shown: Callable[[float], str]) -> str:
        """Return the goal in words, with ``shown`` to format its ends: "3:00 to 4:00", "at most 6.0"."""
        low, high = (None if end is None else shown(end) for end in (self.low, self.high))
        if low is None:
            return f"at most {high}"
        return f"at least {low}" if high is None else f"{low} to {high}"


class Trend(Model):
    """One measure over the answers in which it was measured."""

    name: str
    title: str
    unit: Unit
    goal: Goal | None
    """None without a goal, or if the answers had different ones."""
    answers: int
    now: float | None
    """Median of the newest ten; None if it was never measured."""
    is_on_goal: bool | None
    """None without a goal, or with few answers."""
    direction: Direction
    weeks: tuple[Week, ...]
    """The weeks in which it was measured, oldest first."""
    sessions: tuple[SessionMedian, ...]
    """The newest sessions in which it was measured, oldest first."""
    see: tuple[AnswerPlace, ...] = ()
    """Of the newest ten answers those that miss the goal, farthest first; for a part those without it, newest first."""
    missing: int | None = None
    """For a part: in how many of the newest ten answers it was missing."""
    looked_at: int | None = None
    """For a part: how many answers that is, ten or fewer."""


class Section(Model):
    """A group of answers with its trends."""

    kind: Literal["all", "pillar", "framework", "own_view"]
    name: str
    title: str
    answers: int
    trends: tuple[Trend, ...]

    @property
    def is_few(self) -> bool:
        """Whether there are too few answers for a trend."""
        return self.answers < FEW_IN_ALL


class Followed(NamedTuple):
    """A measure that is followed; titles are those of ``prompts/measures.yaml``."""

    name: str
    title: str
    unit: Unit
    goal: Goal | None
    value: Callable[[Measured], float | None]


def _gap(numbers: Measured, item: RatedItem) -> float | None:
    gap = gap_of(numbers, item)
    return None if gap is None else float(gap)


_PACE: Final = Goal(low=MOST_PEOPLE[0], high=MOST_PEOPLE[1])

DELIVERY: Final = (
    Followed("pace", "Pace", "words_per_minute", _PACE, lambda one: one.words_per_minute),
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
        "pauses", "Pauses over 1 s", "per_minute", Goal(high=MANY_PAUSES_PER_MINUTE), lambda one: one.pauses_per_minute
    ),
)
MELODY: Final = Followed("pitch_variety", "Pitch variety", "semitones", None, lambda one: one.pitch_sd_semitones)
"""Without a goal: how lively a voice is belongs to the person, the language and the talk."""

RESULTS: Final = Followed(
    "measured_results",
    "Measured results",
    "count",
    Goal(low=1.0),
    lambda one: None if one.measured_results is None else float(one.measured_results),
)


CLOSE_VIEW: Final = Goal(low=-0.5, high=0.5)
"""Points. Nearer to the measure an own view is as good as equal: both are whole numbers."""

OWN_VIEW: Final = tuple(
    Followed(f"own_{item}", item.capitalize(), "points", CLOSE_VIEW, partial(_gap, item=item)) for item in RATED_ITEMS
)
"""By how much candidates rate themselves above the measure; below it as a negative number."""


class Dated(NamedTuple):
    """An answer, and where it is kept."""

    place: AnswerPlace
    take: MeasuredTake

    @property
    def weight(self) -> float:
        """How much it counts."""
        return 1.0 if self.take.measured.is_whole else SHORT_TURN_WEIGHT


def sections_of(takes: Sequence[MeasuredTake], frameworks: Mapping[str, Framework]) -> tuple[Section, ...]:
    """Group answers: all, then by pillar (length and delivery), by framework (structure), and those rated by oneself.

    Replies to follow-ups, and questions asked back, count only for the delivery of all answers.
    """
    everything = [Dated(place_of(take), take) for take in takes]
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
    found.append(own_view_section(dated))
    return tuple(section for section in found if section.answers)


def own_view_section(takes: Sequence[Dated]) -> Section:
    """Return how far the candidate's own ratings are from the measures, over the answers that were rated."""
    rated = [each for each in takes if each.take.measured.self_rating is not None]
    trends = tuple(_followed(measure, rated) for measure in OWN_VIEW) if rated else ()
    return Section(
        kind="own_view", name="own_view", title="Your own view, minus the measure", answers=len(rated), trends=trends
    )


def pillar_title(pillar: str) -> str:
    """Return a pillar's title: "Program sense"."""
    return pillar.replace("_", " ").capitalize()


def delivery_trends(takes: Sequence[Dated]) -> tuple[Trend, ...]:
    """Return the trends of how answers were spoken; that of the melody where it was measured."""
    melody = _followed(MELODY, takes)
    return (*(_followed(measure, takes) for measure in DELIVERY), *((melody,) if melody.answers else ()))


def length_trend(takes: Sequence[Dated]) -> Trend:
    """Return the trend of the length, with a goal if the newest answers had the same target."""
    targets = {(each.take.measured.target_min_s, each.take.measured.target_max_s) for each in takes[-RECENT:]}
    low, high = next(iter(targets)) if len(targets) == 1 else (None, None)
    goal = Goal(low=low, high=high) if low is not None else None
    return _followed(Followed("length", "Length", "s", goal, lambda one: one.duration_s), takes)


def framework_trends(takes: Sequence[Dated], framework: Framework) -> tuple[Trend, ...]:
    """Return the trends of each part's share and, for stories, of the measured results."""
    parts = tuple(_part_trend(takes, part) for part in framework.parts)
    return (*parts, _followed(RESULTS, takes)) if framework.name == "star" else parts


def _followed(measure: Followed, takes: Sequence[Dated]) -> Trend:
    values = ((each, measure.value(each.take.measured)) for each in takes)
    points = [Point(each.place, value, each.weight) for each, value in values if value is not None]
    return trend(measure.name, measure.title, measure.unit, measure.goal, points)


def _part_trend(takes: Sequence[Dated], target: FrameworkPart) -> Trend:
    """Return the trend of a part's share. Answers without the part are counted separately."""
    found = [(each, part) for each in takes for part in each.take.measured.parts if part.name == target.name]
    points = [Point(each.place, part.share) for each, part in found if part.present and part.share is not None]
    newest = found[-RECENT:]
    without = tuple(each.place for each, part in reversed(newest) if not part.present)
    goal = Goal(low=target.target_share_min, high=target.target_share_max)
    whole = trend(target.name, target.title, "share", goal, points)
    return whole.model_copy(
        update={"missing": len(without), "looked_at": len(newest), "see": without[:MOST_SEEN] or whole.see}
    )


def trend(name: str, title: str, unit: Unit, goal: Goal | None, points: Sequence[Point]) -> Trend:
    """Return the trend of a measure from its points, oldest first."""
    values = [point.value for point in points]
    now = weighted_median(points[-RECENT:]) if points else None
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
        sessions=sessions(points),
        see=_off_goal(points[-RECENT:], goal),
    )


def _off_goal(points: Sequence[Point], goal: Goal | None) -> tuple[AnswerPlace, ...]:
    """Return the answers that miss a goal, the farthest first."""
    if goal is None:
        return ()
    missed = [point for point in reversed(points) if goal.gap(point.value)]
    return tuple(point.place for point in sorted(missed, key=lambda point: -abs(goal.gap(point.value))))[:MOST_SEEN]


def direction(values: Sequence[float], goal: Goal | None, least: float) -> Direction:
    """Return how a measure moved between the earlier and the later half of the answers.

    Without a goal, or within it, a move is only up or down. Less than ``least`` is no change.
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

    Uses the normal approximation without the correction for ties, so it misses changes if many values are equal.
    """
    first, second = len(earlier), len(later)
    if not first or not second:
        return False
    ranked = sorted(earlier)
    below = sum(bisect_left(ranked, value) + bisect_right(ranked, value) for value in later) / 2
    spread = sqrt(first * second * (first + second + 1) / 12)
    return abs(below - first * second / 2) >= BEYOND_CHANCE * spread
