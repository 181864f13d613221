"""The progress on the terminal: sections of sparklines with their goals, stories, and what to practice next.

Nothing depends on color: the words say the same.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from voicemock.progress import FEW_IN_WEEK, RECENT, Progress, Section, Trend
from voicemock.report.passages import printable
from voicemock.report.progress_words import (
    direction_text,
    goal_text,
    left_out_texts,
    missing_text,
    summary_text,
    take_text,
    value_text,
    verdict_text,
    why_text,
)
from voicemock.report.sparkline import GAP, sparkline

WEEKS: Final = 12
"""Cells of a sparkline: the newest quarter of a year."""

_TITLE_CELLS: Final = len("Measured results")
_GOAL_CELLS: Final = len("3:00 to 4:00")
"""Columns of all sections stand below each other."""
_SHORT_UNITS: Final = {"words_per_minute": "/min", "per_hundred_words": "/100", "per_minute": "/min"}


def show_progress(console: Console, progress: Progress) -> None:
    """Show everything that there is to look back at."""
    console.print(Text(summary_text(progress), style="bold"))
    for line in left_out_texts(progress):
        console.print(Text(line, style="yellow"))
    last = progress.last_at.astimezone().date() if progress.last_at else date.min
    if progress.sections:
        console.print(Text(_legend(console), style="dim"))
    for section in progress.sections:
        _show_section(console, section, last)
    _show_stories(console, progress)
    _show_steps(console, progress)


def _legend(console: Console) -> str:
    sign = "digit (1 low, 8 high)" if console.options.ascii_only else "block"
    return (
        f"Each {sign} is the median of a week, up to the last one; {GAP} a week without answers. "
        f"In parentheses: no week has {FEW_IN_WEEK} answers. Then the median of the newest {RECENT} answers "
        "(/100: per 100 words), and the goal."
    )


def _show_section(console: Console, section: Section, last: date) -> None:
    console.print()
    few = ", few" if section.is_few else ""
    console.print(Text(section.title, style="bold cyan").append(f"  {section.answers}{few}", style="dim"))
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True, min_width=_TITLE_CELLS)
    table.add_column(no_wrap=True, width=WEEKS + 2)
    table.add_column(no_wrap=True, justify="right", min_width=4)
    table.add_column(no_wrap=True, min_width=4)
    table.add_column(no_wrap=True, min_width=_GOAL_CELLS)
    table.add_column(ratio=1)
    for trend in section.trends:
        table.add_row(
            Text(trend.title),
            _line(console, trend, last - timedelta(days=last.weekday())),
            Text(value_text(trend.unit, trend.now), style=_style(trend)),
            Text(_SHORT_UNITS.get(trend.unit, ""), style="dim"),
            Text(goal_text(trend.unit, trend.goal), style="dim"),
            Text(_remarks(trend)),
        )
    console.print(Padding(table, (0, 0, 0, 2)))


def _line(console: Console, trend: Trend, last: date) -> Text:
    cells = sparkline(trend.weeks, trend.goal, last, WEEKS, ascii_only=console.options.ascii_only)
    is_thin = all(week.is_few for week in trend.weeks)
    line = Text("(" if is_thin else " ")
    for cell in cells:
        line.append(cell.sign, style=_cell_style(trend, cell.week.median, cell.week.is_few) if cell.week else "dim")
    return line.append(")" if is_thin else " ")


def _cell_style(trend: Trend, value: float, is_few: bool) -> str:
    color = "" if trend.goal is None else "green" if trend.goal.gap(value) == 0 else "yellow"
    return f"{color} dim".strip() if is_few else color


def _style(trend: Trend) -> str:
    return {True: "green", False: "yellow", None: ""}[trend.is_on_goal]


def _remarks(trend: Trend) -> str:
    return ", ".join(filter(None, (missing_text(trend), verdict_text(trend), direction_text(trend))))


def _show_stories(console: Console, progress: Progress) -> None:
    if not progress.stories:
        return
    console.print()
    console.print(Text("Stories", style="bold cyan"))
    for story in progress.stories:
        console.print(Padding(Text(printable(story.name)), (0, 0, 0, 2)))
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True, min_width=6)
        table.add_column(ratio=1)
        if story.best == story.latest:
            table.add_row(Text("only" if story.takes == 1 else "latest, best"), Text(take_text(story.latest)))
        else:
            table.add_row(Text("best"), Text(take_text(story.best)))
            table.add_row(Text("latest"), Text(take_text(story.latest)))
        console.print(Padding(table, (0, 0, 0, 4)))


def _show_steps(console: Console, progress: Progress) -> None:
    if not progress.next_steps:
        return
    console.print()
    console.print(Text("Practice next", style="bold cyan"))
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for number, step in enumerate(progress.next_steps, start=1):
        table.add_row(Text(f"{number}."), Text(printable(step.what)))
        table.add_row("", Text(why_text(step), style="dim"))
        table.add_row("", Text(printable(step.command), style="cyan"))
    console.print(Padding(table, (0, 0, 0, 2)))
