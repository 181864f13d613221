"""The view of the progress: its sections and rows, in order and in words, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final

from voicemock.feedback import clock, percent
from voicemock.progress import FEW_IN_ALL, RECENT, Direction, Progress, Section, Step, ToldTake, Trend, Unit
from voicemock.report.delivery_rows import NOT_MEASURED
from voicemock.report.passages import printable

_UNITS: Final[dict[Unit, str]] = {
    "s": "",
    "words_per_minute": "words per minute",
    "per_hundred_words": "per 100 words",
    "per_minute": "per minute",
    "share": "",
    "count": "",
}
_DIRECTIONS: Final[dict[Direction, str]] = {
    "few": "few answers",
    "no_clear_change": "no trend",
    "better": "better",
    "worse": "worse",
    "up": "up",
    "down": "down",
}


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A week of a measure."""

    week: str
    """Its first day."""
    median: str
    answers: str


@dataclass(frozen=True, slots=True)
class TrendView:
    """A measure over weeks."""

    trend: Trend
    """The numbers to draw."""
    now: str
    unit: str
    goal: str
    remarks: str
    weeks: tuple[WeekRow, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A group of answers."""

    id: str
    title: str
    count: str
    """How many answers: "4, few"."""
    note: str
    """The same in a sentence."""
    trends: tuple[TrendView, ...]


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story with its best and its latest take."""

    name: str
    best: str
    latest: str
    was_told_once: bool


@dataclass(frozen=True, slots=True)
class StepView:
    """What to practice, why, and the command."""

    what: str
    why: str
    command: str


@dataclass(frozen=True, slots=True)
class ProgressView:
    """The progress in words. Every text is printable."""

    summary: str
    left_out: tuple[str, ...]
    """What is not in the trends, and why."""
    last_week: date
    """Monday of the week of the last answer."""
    sections: tuple[SectionView, ...]
    stories: tuple[StoryView, ...]
    steps: tuple[StepView, ...]


def progress_view(progress: Progress) -> ProgressView:
    """Word the progress."""
    last = progress.last_at.astimezone().date() if progress.last_at else date.min
    return ProgressView(
        summary=_summary(progress),
        left_out=tuple(_left_out(progress)),
        last_week=last - timedelta(days=last.weekday()),
        sections=tuple(map(_section, progress.sections)),
        stories=tuple(
            StoryView(printable(each.name), _take(each.best), _take(each.latest), each.takes == 1)
            for each in progress.stories
        ),
        steps=tuple(
            StepView(printable(step.what), printable(_why(step)), printable(step.command))
            for step in progress.next_steps
        ),
    )


def _summary(progress: Progress) -> str:
    """Return how many answers there are, and from when to when."""
    if progress.first_at is None or progress.last_at is None:
        return "No answer to look at."
    first, last = (moment.astimezone().date() for moment in (progress.first_at, progress.last_at))
    few = ""
    if progress.answers < FEW_IN_ALL:
        few = f" These are few: from {FEW_IN_ALL} on they are held against their goals."
    return f"{_answers(progress.answers)}, {_day(first)} to {_day(last)}.{few}"


def _left_out(progress: Progress) -> Iterator[str]:
    if progress.older_rules:
        yield f"Left out: {progress.older_rules} measured by older rules. See: voicemock reanalyze --all"
    if progress.no_answers:
        yield f"Left out: {progress.no_answers} in which the question was not answered."


def _section(section: Section) -> SectionView:
    answers = _answers(section.answers)
    return SectionView(
        id=f"{section.kind}-{section.name}",
        title=section.title,
        count=f"{section.answers}, few" if section.is_few else str(section.answers),
        note=f"{answers}: few, so no trend is told" if section.is_few else answers,
        trends=tuple(map(_trend, section.trends)),
    )


def _trend(trend: Trend) -> TrendView:
    return TrendView(
        trend=trend,
        now=_value(trend.unit, trend.now),
        unit=_UNITS[trend.unit],
        goal=_goal(trend),
        remarks=", ".join(filter(None, _remarks(trend))),
        weeks=tuple(
            WeekRow(
                week=_day(week.starts_on),
                median=_value(trend.unit, week.median),
                answers=f"{week.answers}, few" if week.is_few else str(week.answers),
            )
            for week in trend.weeks
        ),
    )


def _value(unit: Unit, value: float | None) -> str:
    """Return a number without its unit; "not measured" where there is none."""
    if value is None:
        return NOT_MEASURED
    if unit == "s":
        return clock(value)
    if unit == "share":
        return percent(value)
    if unit == "count":
        return f"{value:.1f}".removesuffix(".0")
    return f"{value:.0f}" if unit == "words_per_minute" else f"{value:.1f}"


def _goal(trend: Trend) -> str:
    """Return a goal in words; "varies" where the answers had different ones."""
    return trend.goal.worded(partial(_value, trend.unit)) if trend.goal else "varies"


def _remarks(trend: Trend) -> Iterator[str]:
    """Yield in how many answers a part is missing, whether the goal is met, and the direction."""
    if trend.missing:
        yield f"missing {trend.missing} of {trend.looked_at}"
    if trend.is_on_goal:
        yield "on goal"
    elif trend.is_on_goal is not None and trend.goal is not None and trend.now is not None:
        yield "above goal" if trend.goal.gap(trend.now) > 0 else "below goal"
    if trend.answers:
        yield _DIRECTIONS[trend.direction]


def _why(step: Step) -> str:
    """Return why something is to be practiced, with the numbers."""
    trend = step.trend
    if trend is None:
        return "Never practiced." if step.days_ago is None else f"Last practiced {step.days_ago} days ago."
    if step.kind == "part":
        return f"Missing in {trend.missing} of the last {trend.looked_at} answers ({step.section})."
    unit = f" {_UNITS[trend.unit]}" if _UNITS[trend.unit] else ""
    value, goal, newest = _value(trend.unit, trend.now), _goal(trend), min(trend.answers, RECENT)
    return f"{trend.title} {value}{unit}, goal {goal}; median of the last {newest} ({step.section})."


def _take(take: ToldTake | None) -> str:
    """Return a telling of a story by its numbers."""
    if take is None:
        return "no take was measured by today's rules"
    parts = "all parts"
    if take.missing is None:
        parts = f"parts {NOT_MEASURED}"
    elif take.missing:
        parts = f"without {', '.join(name.replace('_', ' ') for name in take.missing)}"
    results = {None: f"results {NOT_MEASURED}", 0: "no result", 1: "1 result"}.get(
        take.measured_results, f"{take.measured_results} results"
    )
    rate = take.fillers_per_hundred_words
    fillers = f"fillers {NOT_MEASURED}" if rate is None else f"{rate:.1f} fillers/100"
    day, length = _day(take.recorded_at.astimezone().date()), _value("s", take.duration_s)
    return f"take {take.take}, {day}: {length}, {parts}, {results}, {fillers}"


def _answers(count: int) -> str:
    return f"{count} answer{'' if count == 1 else 's'}"


def _day(day: date) -> str:
    """Return a day as people write it: "24 Nov 2026"."""
    return f"{day.day} {day:%b %Y}"
