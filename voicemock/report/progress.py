"""The progress in words, for the page, and on the terminal: sparklines with goals, stories, what to practice next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicemock.coaching.spoken_numbers import clock, counted, percent
from voicemock.practice.progress import Progress, Step, ToldTake
from voicemock.practice.trends import FEW_IN_ALL, FEW_IN_WEEK, RECENT, Direction, Goal, Section, Trend, Unit, Week
from voicemock.report.rows import NOT_MEASURED
from voicemock.report.safe_text import printable
from voicemock.report.terminal import show_indented, sign_grid

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

WEEKS: Final = 12
"""Cells of a sparkline: the newest quarter of a year."""
SPARK_BLOCKS: Final = "▁▂▃▄▅▆▇█"
SPARK_DIGITS: Final = "12345678"
"""For a terminal without blocks."""
GAP: Final = "."
"""A week without answers."""

_TITLE_CELLS: Final = len("Measured results")
_GOAL_CELLS: Final = len("3:00 to 4:00")
"""Minimum widths, so that the columns of all sections line up."""
_SHORT_UNITS: Final = {"words_per_minute": "/min", "per_hundred_words": "/100", "per_minute": "/min"}


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
    """The answers that are not in the trends, and why."""
    last_week: date
    """Monday of the week of the last answer."""
    sections: tuple[SectionView, ...]
    stories: tuple[StoryView, ...]
    steps: tuple[StepView, ...]


class Cell(NamedTuple):
    """One week; ``week`` is None if it has no answer."""

    sign: str
    week: Week | None


def progress_view(progress: Progress) -> ProgressView:
    """Return the progress in words."""
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
    """Return the number of answers and the time they span."""
    if progress.first_at is None or progress.last_at is None:
        return "No answer to look at."
    first, last = (moment.astimezone().date() for moment in (progress.first_at, progress.last_at))
    few = ""
    if progress.answers < FEW_IN_ALL:
        few = f" These are few: from {FEW_IN_ALL} on they are held against their goals."
    return f"{counted(progress.answers, 'answer')}, {_day(first)} to {_day(last)}.{few}"


def _left_out(progress: Progress) -> Iterator[str]:
    if progress.older_rules:
        yield f"Left out: {progress.older_rules} measured by older rules. See: voicemock reanalyze --all"
    if progress.no_answers:
        yield f"Left out: {progress.no_answers} in which the question was not answered."


def _section(section: Section) -> SectionView:
    answers = counted(section.answers, "answer")
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
    """Return a number without its unit; "not measured" for None."""
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
    """Return a goal in words; "varies" if the answers had different ones."""
    return trend.goal.worded(partial(_value, trend.unit)) if trend.goal else "varies"


def _remarks(trend: Trend) -> Iterator[str]:
    """Yield how often a part is missing, whether the goal is met, and the direction."""
    if trend.missing:
        yield f"missing {trend.missing} of {trend.looked_at}"
    if trend.is_on_goal:
        yield "on goal"
    elif trend.is_on_goal is not None and trend.goal is not None and trend.now is not None:
        yield "above goal" if trend.goal.gap(trend.now) > 0 else "below goal"
    if trend.answers:
        yield _DIRECTIONS[trend.direction]


def _why(step: Step) -> str:
    """Return why to practice something, with the numbers."""
    trend = step.trend
    if trend is None:
        return "Never practiced." if step.days_ago is None else f"Last practiced {step.days_ago} days ago."
    if step.kind == "part":
        return f"Missing in {trend.missing} of the last {trend.looked_at} answers ({step.section})."
    unit = f" {_UNITS[trend.unit]}" if _UNITS[trend.unit] else ""
    value, goal, newest = _value(trend.unit, trend.now), _goal(trend), min(trend.answers, RECENT)
    return f"{trend.title} {value}{unit}, goal {goal}; median of the last {newest} ({step.section})."


def _take(take: ToldTake | None) -> str:
    """Return a take of a story by its numbers."""
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


def _day(day: date) -> str:
    """Return a day as people write it: "24 Nov 2026"."""
    return f"{day.day} {day:%b %Y}"


def sparkline(weeks: Sequence[Week], goal: Goal | None, last: date, cells: int, *, ascii_only: bool) -> list[Cell]:
    """Return a sign for each week up to the one that begins on ``last``; low values have low signs.

    The scale includes the ends of the goal, so that values far outside look so.
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


def show_progress(console: Console, progress: Progress) -> None:
    """Show summary, trends, stories and what to practice next."""
    view = progress_view(progress)
    console.print(Text(view.summary, style="bold"))
    for line in view.left_out:
        console.print(Text(line, style="yellow"))
    if view.sections:
        console.print(Text(_legend(console), style="dim"))
    for section in view.sections:
        _show_section(console, section, view.last_week)
    _show_stories(console, view)
    _show_steps(console, view)


def _legend(console: Console) -> str:
    sign = "digit (1 low, 8 high)" if console.options.ascii_only else "block"
    return (
        f"Each {sign} is the median of a week, up to the last one; {GAP} a week without answers. "
        f"In parentheses: no week has {FEW_IN_WEEK} answers. Then the median of the newest {RECENT} answers "
        "(/100: per 100 words), and the goal."
    )


def _show_section(console: Console, section: SectionView, last_week: date) -> None:
    console.print()
    console.print(Text(section.title, style="bold cyan").append(f"  {section.count}", style="dim"))
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True, min_width=_TITLE_CELLS)
    table.add_column(no_wrap=True, width=WEEKS + 2)
    table.add_column(no_wrap=True, justify="right", min_width=4)
    table.add_column(no_wrap=True, min_width=4)
    table.add_column(no_wrap=True, min_width=_GOAL_CELLS)
    table.add_column(ratio=1)
    for each in section.trends:
        trend = each.trend
        table.add_row(
            Text(trend.title),
            _line(console, trend, last_week),
            Text(each.now, style={True: "green", False: "yellow", None: ""}[trend.is_on_goal]),
            Text(_SHORT_UNITS.get(trend.unit, ""), style="dim"),
            Text(each.goal, style="dim"),
            Text(each.remarks),
        )
    show_indented(console, table)


def _line(console: Console, trend: Trend, last_week: date) -> Text:
    cells = sparkline(trend.weeks, trend.goal, last_week, WEEKS, ascii_only=console.options.ascii_only)
    is_thin = all(week.is_few for week in trend.weeks)
    line = Text("(" if is_thin else " ")
    for cell in cells:
        line.append(cell.sign, style=_cell_style(trend, cell.week.median, cell.week.is_few) if cell.week else "dim")
    return line.append(")" if is_thin else " ")


def _cell_style(trend: Trend, value: float, is_few: bool) -> str:
    color = "" if trend.goal is None else "green" if trend.goal.gap(value) == 0 else "yellow"
    return f"{color} dim".strip() if is_few else color


def _show_stories(console: Console, view: ProgressView) -> None:
    if not view.stories:
        return
    console.print()
    console.print(Text("Stories", style="bold cyan"))
    for story in view.stories:
        show_indented(console, Text(story.name))
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True, min_width=6)
        table.add_column(ratio=1)
        if story.best == story.latest:
            table.add_row(Text("only" if story.was_told_once else "latest, best"), Text(story.latest))
        else:
            table.add_row(Text("best"), Text(story.best))
            table.add_row(Text("latest"), Text(story.latest))
        show_indented(console, table, 4)


def _show_steps(console: Console, view: ProgressView) -> None:
    if not view.steps:
        return
    console.print()
    console.print(Text("Practice next", style="bold cyan"))
    table = sign_grid()
    for number, step in enumerate(view.steps, start=1):
        table.add_row(Text(f"{number}."), Text(step.what))
        table.add_row("", Text(step.why, style="dim"))
        table.add_row("", Text(step.command, style="cyan"))
    show_indented(console, table)
