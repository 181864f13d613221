"""The progress on the terminal: sections of sparklines with their goals, stories, and what to practice next.

Nothing depends on color: the words say the same.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicemock.progress import FEW_IN_WEEK, RECENT, Progress, Trend
from voicemock.report.progress_words import ProgressView, SectionView, progress_view
from voicemock.report.sparkline import GAP, sparkline
from voicemock.report.terminal import show_indented, sign_grid

WEEKS: Final = 12
"""Cells of a sparkline: the newest quarter of a year."""

_TITLE_CELLS: Final = len("Measured results")
_GOAL_CELLS: Final = len("3:00 to 4:00")
"""Columns of all sections stand below each other."""
_SHORT_UNITS: Final = {"words_per_minute": "/min", "per_hundred_words": "/100", "per_minute": "/min"}


def show_progress(console: Console, progress: Progress) -> None:
    """Show everything that there is to look back at."""
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
