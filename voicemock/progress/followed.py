"""What is followed over weeks, with the goal of each; the thresholds are those of the feedback."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from voicemock.analysis.pace import MOST_PEOPLE
from voicemock.feedback.delivery import MANY_MARKERS, MANY_PAUSES_PER_MINUTE, SOME_FILLERS
from voicemock.models import Framework, FrameworkPart, Measured
from voicemock.progress.trends import RECENT, Goal, Point, Trend, Unit, trend
from voicemock.store import MeasuredTake


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
