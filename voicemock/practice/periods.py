"""Puts measured answers together by session and by week: medians with the days of the practice.

For the first weeks a session is what a candidate remembers; a week needs other weeks to be compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise
from math import isclose
from typing import Final, Literal, NamedTuple

from voicemock.models import Model
from voicemock.store.rows import MeasuredTake

ChartedBy = Literal["session", "week"]

ENOUGH_WEEKS: Final = 6
"""With answers in at least this many weeks, the chart is by week: that fills half of it."""
SESSIONS: Final = 12
"""Number of sessions in a chart: the newest ones, as many as fit on a line of a terminal."""
FEW_IN_WEEK: Final = 3
"""Answers. A median of fewer is marked, because a single answer decides it."""


class AnswerPlace(Model):
    """The place of an answer in the store: ``voicemock show SESSION/POSITION`` opens it."""

    session: str
    position: int
    on: date
    """The local day of the practice."""
    question: str | None = None
    """Id of the question that was answered."""


class Point(NamedTuple):
    """An answer's value, and how much it counts."""

    place: AnswerPlace
    value: float
    weight: float = 1.0


class Week(Model):
    """The answers of one week, which starts on Monday."""

    starts_on: date
    first_on: date
    """The first day of practice in it."""
    last_on: date
    answers: int
    median: float

    @property
    def is_few(self) -> bool:
        """Whether there are too few answers for a meaningful median."""
        return self.answers < FEW_IN_WEEK


class SessionMedian(Model):
    """The answers of one session."""

    session: str
    on: date
    answers: int
    median: float


class PracticedSession(Model):
    """A session that is looked at."""

    session: str
    on: date
    answers: int


def place_of(take: MeasuredTake) -> AnswerPlace:
    """Return where an answer is kept."""
    measured = take.measured
    return AnswerPlace(
        session=take.session,
        position=take.position,
        on=take.recorded_at.astimezone().date(),
        question=measured.question if measured.is_whole else None,
    )


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def charted_by(days: Iterable[date]) -> ChartedBy:
    """Return whether answers of these days are charted by session or by week."""
    return "week" if len({monday_of(day) for day in days}) >= ENOUGH_WEEKS else "session"


def weeks(points: Sequence[Point]) -> tuple[Week, ...]:
    """Return the median of each week with answers; points are in the order of time."""
    found = []
    for starts_on, group in groupby(points, key=lambda point: monday_of(point.place.on)):
        own = list(group)
        found.append(
            Week(
                starts_on=starts_on,
                first_on=own[0].place.on,
                last_on=own[-1].place.on,
                answers=len(own),
                median=weighted_median(own),
            )
        )
    return tuple(found)


def sessions(points: Sequence[Point]) -> tuple[SessionMedian, ...]:
    """Return the median of each of the newest sessions with answers; points are in the order of time."""
    by_session: dict[str, list[Point]] = {}
    for point in points:
        by_session.setdefault(point.place.session, []).append(point)
    return tuple(
        SessionMedian(session=name, on=own[0].place.on, answers=len(own), median=weighted_median(own))
        for name, own in list(by_session.items())[-SESSIONS:]
    )


def weighted_median(points: Sequence[Point]) -> float:
    """Return the value with half of the weight below it; the median where all count alike."""
    ranked = sorted(points, key=lambda point: point.value)
    half, below = sum(point.weight for point in ranked) / 2, 0.0
    for point, following in pairwise([*ranked, ranked[-1]]):
        below += point.weight
        if isclose(below, half):
            return (point.value + following.value) / 2
        if below > half:
            return point.value
    return ranked[-1].value


def practiced_sessions(places: Iterable[AnswerPlace]) -> tuple[PracticedSession, ...]:
    """Return the newest sessions, oldest first; places are in the order of time."""
    by_session: dict[str, list[AnswerPlace]] = {}
    for place in places:
        by_session.setdefault(place.session, []).append(place)
    return tuple(
        PracticedSession(session=name, on=own[0].on, answers=len(own))
        for name, own in list(by_session.items())[-SESSIONS:]
    )
