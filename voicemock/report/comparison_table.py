"""Takes beside each other on the terminal, and what moved from the first to the last."""

from __future__ import annotations

from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicemock.comparison import ComparedTake, Comparison, Measure, Move
from voicemock.feedback import clock, percent
from voicemock.report.passages import printable
from voicemock.report.story_clock import measure_text
from voicemock.report.terminal import show_indented

OLD_RULES: Final = "*"
"""Marks a take that other rules measured."""

_UNITS: Final = {"words_per_minute": "words/min", "per_minute": "per min", "s": "", "count": ""}


def show_comparison(console: Console, comparison: Comparison, title: str, current_version: int) -> None:
    """Show a column for each take, and what moved from the first to the last; takes of other rules are marked."""
    console.print()
    console.print(Text(printable(title), style="bold"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Measure", no_wrap=True)
    for take in comparison.takes:
        mark = "" if take.analysis_version == current_version else OLD_RULES
        table.add_column(f"{take.recorded_at.astimezone():%d %b %H:%M}{mark}", justify="right", no_wrap=True)
    table.add_column("Moved", justify="right", no_wrap=True)
    moved = {move.after.name: move for move in comparison.moves}
    for measure in comparison.takes[-1].measures:
        unit = f" ({_UNITS[measure.unit]})" if _UNITS[measure.unit] else ""
        values = [_value(take, measure.name) for take in comparison.takes]
        change = moved.get(measure.name)
        table.add_row(Text(f"{measure.title}{unit}"), *values, Text(_change(change) if change else ""))
    show_indented(console, table)
    if any(take.analysis_version != current_version for take in comparison.takes):
        told = f"{OLD_RULES} measured by older rules. Bring them level with: voicemock reanalyze --all"
        show_indented(console, Text(told, style="yellow"))


def _value(take: ComparedTake, name: str) -> Text:
    measure = next((each for each in take.measures if each.name == name), None)
    if measure is None:
        return Text("-", style="dim")
    share = f" {percent(measure.share)}" if measure.share is not None and measure.value is not None else ""
    return Text(f"{measure_text(measure)}{share}", style="red" if measure.is_missing else "")


def _change(move: Move) -> str:
    """Return the difference with its sign; nothing where it may be chance or was not measured."""
    if not move.is_noticeable:
        return "=" if move.before.value is not None and move.after.value is not None else ""
    if move.before.is_missing or move.after.is_missing:
        return "now there" if move.before.is_missing else "now missing"
    return _signed(move.after, (move.after.value or 0.0) - (move.before.value or 0.0))


def _signed(measure: Measure, change: float) -> str:
    sign = "+" if change > 0 else "-"
    if measure.unit == "s":
        return f"{sign}{clock(abs(change))}"
    return f"{sign}{abs(change):.1f}" if measure.unit == "per_minute" else f"{sign}{abs(change):.0f}"
