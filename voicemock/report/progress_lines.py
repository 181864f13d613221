"""The progress on the terminal: a line for each measure with its goal, stories, sessions, what to practice next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicemock.practice.periods import FEW_IN_WEEK, SESSIONS, SessionMedian, Week
from voicemock.practice.progress import Progress
from voicemock.practice.trends import RECENT, Goal
from voicemock.report.progress import ProgressView, SectionView, TrendView, progress_view
from voicemock.report.terminal import show_indented, sign_grid

WEEKS: Final = 12
"""Cells of a chart: the newest quarter of a year."""
SPARK_BLOCKS: Final = "▁▂▃▄▅▆▇█"
SPARK_DIGITS: Final = "12345678"
"""For a terminal without blocks."""
GAP: Final = "."
"""A week without answers, or a session without such an answer."""
LISTED: Final = 5
"""Sessions that are listed with their commands."""

_TITLE_CELLS: Final = len("Measured results")
_GOAL_CELLS: Final = len("3:00 to 4:00")
"""Minimum widths, so that the columns of all sections line up."""
_SHORT_UNITS: Final = {"words_per_minute": "/min", "per_hundred_words": "/100", "per_minute": "/min", "semitones": "st"}


class Cell(NamedTuple):
    """One week or session; ``point`` is None if it has no answer."""

    sign: str
    point: Week | SessionMedian | None


def cells_of(trend: TrendView, view: ProgressView) -> list[Week | SessionMedian | None]:
    """Return what each cell of a chart shows, so that the cells of all measures line up."""
    if view.charted_by == "week":
        by_day = {week.starts_on: week for week in trend.trend.weeks}
        return [by_day.get(view.last_week - timedelta(weeks=back)) for back in reversed(range(WEEKS))]
    by_session = {each.session: each for each in trend.trend.sessions}
    return [by_session.get(each.session) for each in view.charted]


def sparkline(points: Sequence[Week | SessionMedian | None], goal: Goal | None, *, ascii_only: bool) -> list[Cell]:
    """Return a sign for each point; low values have low signs.

    The scale includes the ends of the goal, so that values far outside it look far outside.
    """
    signs = SPARK_DIGITS if ascii_only else SPARK_BLOCKS
    ends = [end for end in (goal.low, goal.high) if end is not None] if goal else []
    values = [*ends, *(point.median for point in points if point)]
    if not values:
        return [Cell(GAP, None) for _ in points]
    low, high, levels = min(values), max(values), len(signs)

    def sign(value: float) -> str:
        level = levels // 2 if high == low else int((value - low) / (high - low) * levels)
        return signs[min(levels - 1, level)]

    return [Cell(sign(point.median) if point else GAP, point) for point in points]


def show_progress(console: Console, progress: Progress) -> None:
    """Show summary, trends, stories and what to practice next."""
    view = progress_view(progress)
    console.print(Text(view.summary, style="bold"))
    for line in view.left_out:
        console.print(Text(line, style="yellow"))
    if view.sections:
        console.print(Text(_legend(console, view), style="dim"))
    for section in view.sections:
        _show_section(console, section, view)
    _show_sessions(console, view)
    _show_stories(console, view)
    _show_steps(console, view)


def _legend(console: Console, view: ProgressView) -> str:
    sign = "digit (1 low, 8 high)" if console.options.ascii_only else "block"
    if view.charted_by == "session":
        what = f"a session, the newest on the right; {GAP} a session without such an answer. "
    else:
        what = (
            f"a week, up to the last one; {GAP} a week without answers. "
            f"In parentheses: no week has {FEW_IN_WEEK} answers. "
        )
    newest = f"Then the median of the newest {RECENT} answers (/100: per 100 words), and the goal."
    return f"Each {sign} is the median of {what}{newest}"


def _show_section(console: Console, section: SectionView, view: ProgressView) -> None:
    console.print()
    console.print(Text(section.title, style="bold cyan").append(f"  {section.count}", style="dim"))
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True, min_width=_TITLE_CELLS)
    table.add_column(no_wrap=True, width=_chart_cells(view) + 2)
    table.add_column(no_wrap=True, justify="right", min_width=4)
    table.add_column(no_wrap=True, min_width=4)
    table.add_column(no_wrap=True, min_width=_GOAL_CELLS)
    table.add_column(ratio=1)
    for each in section.trends:
        trend = each.trend
        table.add_row(
            Text(trend.title),
            _line(console, each, view),
            Text(each.now, style={True: "green", False: "yellow", None: ""}[trend.is_on_goal]),
            Text(_SHORT_UNITS.get(trend.unit, ""), style="dim"),
            Text(each.goal, style="dim"),
            Text(each.remarks),
        )
    show_indented(console, table)


def _chart_cells(view: ProgressView) -> int:
    return WEEKS if view.charted_by == "week" else min(SESSIONS, len(view.charted))


def _line(console: Console, trend: TrendView, view: ProgressView) -> Text:
    goal = trend.trend.goal
    cells = sparkline(cells_of(trend, view), goal, ascii_only=console.options.ascii_only)
    is_thin = view.charted_by == "week" and all(week.is_few for week in trend.trend.weeks)
    line = Text("(" if is_thin else " ")
    for cell in cells:
        line.append(cell.sign, style=_cell_style(goal, cell.point) if cell.point else "dim")
    return line.append(")" if is_thin else " ")


def _cell_style(goal: Goal | None, point: Week | SessionMedian) -> str:
    color = "" if goal is None else "green" if goal.gap(point.median) == 0 else "yellow"
    return f"{color} dim".strip() if isinstance(point, Week) and point.is_few else color


def _show_sessions(console: Console, view: ProgressView) -> None:
    if not view.sessions:
        return
    console.print()
    console.print(Text("Sessions", style="bold cyan").append("  the newest", style="dim"))
    table = Table.grid(padding=(0, 1))
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for session in view.sessions[:LISTED]:
        table.add_row(Text(session.practiced), Text(session.answers), Text(session.command, style="cyan"))
    show_indented(console, table)


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
            table.add_row("", Text(story.see_latest, style="cyan"))
        else:
            table.add_row(Text("best"), Text(story.best))
            table.add_row("", Text(story.see_best, style="cyan"))
            table.add_row(Text("latest"), Text(story.latest))
            table.add_row("", Text(story.see_latest, style="cyan"))
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
        if step.see:
            table.add_row("", Text(f"Heard in: {step.see}", style="dim"))
    show_indented(console, table)
