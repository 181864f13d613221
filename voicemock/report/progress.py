"""The progress in words, for the page and the terminal: measures with goals, stories, what to practice next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from voicemock.coaching.spoken_numbers import clock, counted, enumerate_words, percent
from voicemock.practice.periods import ChartedBy, PracticedSession, SessionMedian, Week, monday_of
from voicemock.practice.progress import Progress, Step, StoryProgress, ToldTake
from voicemock.practice.trends import FEW_IN_ALL, RECENT, Direction, Section, Trend, Unit
from voicemock.report.rows import NOT_MEASURED
from voicemock.report.safe_text import printable

UNITS: Final[dict[Unit, str]] = {
    "s": "",
    "words_per_minute": "words per minute",
    "per_hundred_words": "per 100 words",
    "per_minute": "per minute",
    "share": "",
    "count": "",
    "points": "points of 5",
    "semitones": "semitones",
}
_DIRECTIONS: Final[dict[Direction, str]] = {
    "few": "few answers",
    "no_clear_change": "no trend",
    "better": "better",
    "worse": "worse",
    "up": "up",
    "down": "down",
}


_STANDINGS: Final = (
    {0: "on goal", 1: "above goal", -1: "below goal"},
    {0: "close", 1: "higher", -1: "lower"},
)
"""How a measure compares with its goal, and the candidate's own view with the measure."""


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A session or a week of a measure."""

    practiced: str
    """Its day, or its first and last day of practice."""
    median: str
    answers: str
    command: str
    """Opens a session; "" for a week."""


@dataclass(frozen=True, slots=True)
class TrendView:
    """A measure over sessions or weeks."""

    trend: Trend
    """The numbers to draw."""
    now: str
    unit: str
    goal: str
    remarks: str
    points: tuple[Week | SessionMedian, ...]
    """The medians to draw, oldest first."""
    rows: tuple[PeriodRow, ...]
    """The same in words."""


@dataclass(frozen=True, slots=True)
class SectionView:
    """A group of answers."""

    id: str
    title: str
    count: str
    """The number of answers: "4, few"."""
    note: str
    """The number in a sentence."""
    trends: tuple[TrendView, ...]


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story with its best and latest takes."""

    name: str
    best: str
    latest: str
    was_told_once: bool
    see_best: str
    """Command that opens the best take; "" without one."""
    see_latest: str


@dataclass(frozen=True, slots=True)
class StepView:
    """What to practice, why, and the command."""

    what: str
    why: str
    command: str
    see: str
    """Command that opens an answer that shows why; "" without one."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session that is looked at, and the command that opens it."""

    practiced: str
    answers: str
    command: str


@dataclass(frozen=True, slots=True)
class ProgressView:
    """The progress in words. Every text is printable."""

    summary: str
    left_out: tuple[str, ...]
    """The answers that are not in the trends, and why."""
    charted_by: ChartedBy
    last_week: date
    """Monday of the week of the last answer."""
    charted: tuple[PracticedSession, ...]
    """The sessions of a chart, oldest first."""
    sessions: tuple[SessionView, ...]
    """The newest sessions, newest first."""
    sections: tuple[SectionView, ...]
    stories: tuple[StoryView, ...]
    steps: tuple[StepView, ...]


def progress_view(progress: Progress) -> ProgressView:
    """Return the progress in words."""
    last = progress.last_at.astimezone().date() if progress.last_at else date.min
    return ProgressView(
        summary=_summary(progress),
        left_out=tuple(_left_out(progress)),
        charted_by=progress.charted_by,
        last_week=monday_of(last),
        charted=progress.sessions,
        sessions=tuple(
            SessionView(_day(each.on), counted(each.answers, "answer"), _show(each.session))
            for each in reversed(progress.sessions)
        ),
        sections=tuple(_section(each, progress.charted_by) for each in progress.sections),
        stories=tuple(map(_story, progress.stories)),
        steps=tuple(map(_step, progress.next_steps)),
    )


def _story(story: StoryProgress) -> StoryView:
    return StoryView(
        name=printable(story.name),
        best=_take(story.best),
        latest=_take(story.latest),
        was_told_once=story.takes == 1,
        see_best=_show(story.best.session, story.best.position) if story.best else "",
        see_latest=_show(story.latest.session, story.latest.position),
    )


def _step(step: Step) -> StepView:
    see = _show(step.answers[0].session, step.answers[0].position) if step.answers else ""
    return StepView(printable(step.what), printable(_why(step)), printable(step.command), see)


def _show(session: str, position: int | None = None) -> str:
    """Return the command that opens a session, or one of its answers."""
    return printable(f"voicemock show {session}" + ("" if position is None else f"/{position}"))


def _summary(progress: Progress) -> str:
    """Return the number of answers and the time they span."""
    if progress.first_at is None or progress.last_at is None:
        return "No answer to look at."
    first, last = (moment.astimezone().date() for moment in (progress.first_at, progress.last_at))
    few = ""
    if progress.answers < FEW_IN_ALL:
        few = f" That is few: from {FEW_IN_ALL} on, they are compared with their goals."
    return f"{counted(progress.answers, 'answer')}, {_days(first, last)}.{few}"


def _left_out(progress: Progress) -> Iterator[str]:
    if progress.older_rules:
        yield f"Left out: {progress.older_rules} measured by older rules. See: voicemock reanalyze --all"
    if progress.no_answers:
        yield f"Left out: {progress.no_answers} in which the question was not answered."


def _section(section: Section, by: ChartedBy) -> SectionView:
    answers = counted(section.answers, "answer")
    return SectionView(
        id=f"{section.kind}-{section.name}",
        title=section.title,
        count=f"{section.answers}, few" if section.is_few else str(section.answers),
        note=f"{answers}: too few to show a trend" if section.is_few else answers,
        trends=tuple(_trend(each, by) for each in section.trends),
    )


def _trend(trend: Trend, by: ChartedBy) -> TrendView:
    points: tuple[Week | SessionMedian, ...] = trend.weeks if by == "week" else trend.sessions
    return TrendView(
        trend=trend,
        now=value_text(trend.unit, trend.now),
        unit=UNITS[trend.unit],
        goal=_goal(trend),
        remarks=", ".join(filter(None, _remarks(trend))),
        points=points,
        rows=tuple(_row(trend.unit, point) for point in points),
    )


def _row(unit: Unit, point: Week | SessionMedian) -> PeriodRow:
    median = value_text(unit, point.median)
    if isinstance(point, SessionMedian):
        return PeriodRow(_day(point.on), median, str(point.answers), _show(point.session))
    answers = f"{point.answers}, few" if point.is_few else str(point.answers)
    return PeriodRow(_days(point.first_on, point.last_on), median, answers, "")


def value_text(unit: Unit, value: float | None) -> str:
    """Return a number without its unit; "not measured" for None."""
    if value is None:
        return NOT_MEASURED
    if unit == "s":
        return clock(value)
    if unit == "share":
        return percent(value)
    if unit == "points":
        return f"{value:+.1f}".replace("+0.0", "0.0").replace("-0.0", "0.0")
    if unit == "count":
        return f"{value:.1f}".removesuffix(".0")
    return f"{value:.0f}" if unit == "words_per_minute" else f"{value:.1f}"


def _goal(trend: Trend) -> str:
    """Return a goal in words; "varies" if the answers had different ones, nothing for a measure that has none."""
    if trend.unit == "semitones":
        return ""
    return trend.goal.worded(partial(value_text, trend.unit)) if trend.goal else "varies"


def _remarks(trend: Trend) -> Iterator[str]:
    """Yield how often a part is missing, whether the goal is met, and the direction."""
    if trend.missing:
        yield f"missing {trend.missing} of {trend.looked_at}"
    if trend.is_on_goal is not None and trend.goal is not None and trend.now is not None:
        yield _STANDINGS[trend.unit == "points"][(trend.goal.gap(trend.now) > 0) - (trend.goal.gap(trend.now) < 0)]
    if trend.answers:
        yield _DIRECTIONS[trend.direction]


def _why(step: Step) -> str:
    """Return why to practice something, with the numbers."""
    trend = step.trend
    if trend is None:
        return "Never practiced." if step.days_ago is None else f"Last practiced {step.days_ago} days ago."
    if step.kind == "part":
        return f"Missing in {trend.missing} of the last {trend.looked_at} answers ({step.section})."
    unit = f" {UNITS[trend.unit]}" if UNITS[trend.unit] else ""
    value, goal, newest = value_text(trend.unit, trend.now), _goal(trend), min(trend.answers, RECENT)
    return f"{trend.title} {value}{unit}, goal {goal}; median of the last {newest} ({step.section})."


def _take(take: ToldTake | None) -> str:
    """Return a take of a story by its numbers."""
    if take is None:
        return "no take was measured by today's rules"
    parts = "all parts"
    if take.missing is None:
        parts = f"parts {NOT_MEASURED}"
    elif take.missing:
        parts = f"no {enumerate_words(tuple(name.replace('_', ' ') for name in take.missing), conjunction='or')}"
    results = {None: f"results {NOT_MEASURED}", 0: "no measured result", 1: "1 measured result"}.get(
        take.measured_results, f"{take.measured_results} measured results"
    )
    rate = take.fillers_per_hundred_words
    fillers = f"fillers {NOT_MEASURED}" if rate is None else f"{rate:.1f} fillers/100"
    day, length = _day(take.recorded_at.astimezone().date()), value_text("s", take.duration_s)
    return f"take {take.take}, {day}: {length}, {parts}, {results}, {fillers}"


def _day(day: date) -> str:
    """Return a day as people write it: "24 Nov 2026"."""
    return f"{day.day} {day:%b %Y}"


def _days(first: date, last: date) -> str:
    """Return the days from first to last: "24 Nov 2026", "23 to 27 Nov 2026", "30 Nov to 2 Dec 2026"."""
    if first == last:
        return _day(first)
    begin = f"{first.day}" if first.month == last.month else f"{first.day} {first:%b}"
    return f"{begin if first.year == last.year else _day(first)} to {_day(last)}"
