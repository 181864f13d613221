"""Takes side by side: a column for each take, a row for each measure, and what changed."""

from __future__ import annotations

from typing import Final, NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicemock.coaching.spoken_numbers import clock, percent
from voicemock.practice.comparison import ComparedTake, Comparison, Measure, Move
from voicemock.report.rows import UNLABELED
from voicemock.report.safe_text import printable
from voicemock.report.stories import TENTHS, measure_text, shown_number
from voicemock.report.terminal import show_indented
from voicemock.store.sessions import Take

OLD_RULES: Final = "*"
"""Marks a take that older rules measured."""
OTHER_STORY: Final = "#"
"""Marks a take that tells another story."""
_INDENT: Final = 2

_UNITS: Final = {
    "words_per_minute": "words/min",
    "per_minute": "per min",
    "semitones": "semitones",
    "s": "",
    "count": "",
}
_NOT_COMPARED: Final = f"{OTHER_STORY} tells a different story from the newest take, so Moved leaves it out."
_BRING_LEVEL: Final = f"{OLD_RULES} measured by older rules. Update them with: voicemock reanalyze --all"


class TakeColumn(NamedTuple):
    """A take, and when it was recorded."""

    title: str
    session: str
    position: int


class TakeCell(NamedTuple):
    """A measure of a take."""

    text: str
    is_missing: bool = False
    is_there: bool = True
    """Whether the take has this measure."""


class MeasureRow(NamedTuple):
    """A measure of all takes, and the change from the first to the last; empty if that is not known."""

    title: str
    cells: tuple[TakeCell, ...]
    moved: str


class ComparisonView(NamedTuple):
    """A comparison in words. Every text is printable."""

    title: str
    columns: tuple[TakeColumn, ...]
    rows: tuple[MeasureRow, ...]
    note: str
    """What a mark at a column means; empty without marks."""


def title_of(take: Take) -> str:
    """Return what a take answers: its question or its story."""
    return take.answer.question.text if take.answer.question else take.session.story or take.session.id


def comparison_view(comparison: Comparison, title: str, current_version: int) -> ComparisonView:
    """Return a comparison in words. Takes that other rules than the current ones measured are marked."""
    moved = {move.after.name: move for move in comparison.moves}
    is_old = any(take.analysis_version != current_version for take in comparison.takes)
    return ComparisonView(
        title=printable(title),
        columns=tuple(_column(take, current_version) for take in comparison.takes),
        rows=tuple(
            MeasureRow(
                title=f"{measure.title} ({_UNITS[measure.unit]})" if _UNITS[measure.unit] else measure.title,
                cells=tuple(_cell(take, measure.name) for take in comparison.takes),
                moved=_change(moved[measure.name]) if measure.name in moved else "",
            )
            for measure in comparison.takes[-1].measures
        ),
        note=" ".join(
            filter(
                None,
                (
                    _NOT_COMPARED if any(take.is_other_story for take in comparison.takes) else "",
                    _BRING_LEVEL if is_old else "",
                ),
            )
        ),
    )


def _column(take: ComparedTake, current_version: int) -> TakeColumn:
    mark = (OTHER_STORY if take.is_other_story else "") + (
        "" if take.analysis_version == current_version else OLD_RULES
    )
    return TakeColumn(f"{take.recorded_at.astimezone():%d %b %H:%M}{mark}", take.session, take.position)


def _cell(take: ComparedTake, name: str) -> TakeCell:
    measure = next((each for each in take.measures if each.name == name), None)
    if measure is None:
        return TakeCell(UNLABELED, is_there=False)
    share = f" {percent(measure.share)}" if measure.share is not None and measure.value is not None else ""
    return TakeCell(f"{measure_text(measure)}{share}", is_missing=measure.is_missing)


def _change(move: Move) -> str:
    """Return the difference with its sign; "=" if it may be chance, nothing if it was not measured."""
    if not move.is_noticeable:
        return "=" if move.before.value is not None and move.after.value is not None else ""
    if move.before.is_missing or move.after.is_missing:
        return "now there" if move.before.is_missing else "now missing"
    return _signed(move.after, shown_number(move.after) - shown_number(move.before))


def _signed(measure: Measure, change: float) -> str:
    sign = "+" if change > 0 else "-"
    if measure.unit == "s":
        return f"{sign}{clock(abs(change))}"
    return f"{sign}{abs(change):.1f}" if measure.unit in TENTHS else f"{sign}{abs(change):.0f}"


def show_comparison(console: Console, comparison: Comparison, title: str, current_version: int) -> None:
    """Show a column for each take, and the change from first to last.

    Columns that do not fit beside each other stand in a table of their own below.
    """
    view = comparison_view(comparison, title, current_version)
    console.print()
    console.print(Text(view.title, style="bold"))
    takes = range(len(view.columns))
    while takes:
        most = len(takes)
        while most > 1 and console.measure(_table(view, takes[:most])).maximum > console.width - _INDENT:
            most -= 1
        show_indented(console, _table(view, takes[:most]), _INDENT)
        takes = takes[most:]
    if view.note:
        show_indented(console, Text(view.note, style="yellow"), _INDENT)


def _table(view: ComparisonView, takes: range) -> Table:
    """Return a table of some takes; what moved stands beside the last of all."""
    is_last = takes[-1] == len(view.columns) - 1
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Measure", no_wrap=True)
    for take in takes:
        table.add_column(view.columns[take].title, justify="right", no_wrap=True)
    if is_last:
        table.add_column("Moved", justify="right", no_wrap=True)
    for row in view.rows:
        cells = (
            Text(cell.text, style="red" if cell.is_missing else "" if cell.is_there else "dim")
            for cell in row.cells[takes.start : takes.stop]
        )
        table.add_row(Text(row.title), *cells, *([Text(row.moved)] if is_last else []))
    return table
