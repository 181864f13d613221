"""Jobs, plans and comparisons of takes on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicemock.coaching.spoken_numbers import clock, counted, percent
from voicemock.models import JobCard, PlanBlock, PlanItem, PracticePlan
from voicemock.practice.comparison import ComparedTake, Comparison, Measure, Move
from voicemock.report.jobs import ABOUT, COMES_UP, NO_TOPIC, mostly_about, sizes_of, words_of
from voicemock.report.rows import UNLABELED
from voicemock.report.safe_text import printable
from voicemock.report.stories import measure_text, shown_number
from voicemock.report.terminal import show_indented

FEW_ANSWERS: Final = 5
"""With fewer, the plan says nothing about habits."""
OLD_RULES: Final = "*"
"""Marks a take that older rules measured."""

_TITLES: Final = {"rehearsal": "rehearsal", "light": "a light day", "interview": "the interview"}
_UNITS: Final = {"words_per_minute": "words/min", "per_minute": "per min", "s": "", "count": ""}


def show_job_table(console: Console, cards: Sequence[JobCard]) -> None:
    """Show a line for each job."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Job", ratio=3)
    table.add_column("Company", no_wrap=True)
    table.add_column("Mostly about", ratio=5)
    table.add_column("Added", no_wrap=True)
    for card in cards:
        table.add_row(
            Text(printable(card.job.name)),
            Text(printable(card.job.company or UNLABELED)),
            Text(mostly_about(card)),
            Text(f"{card.job.added_at.astimezone():%Y-%m-%d}"),
        )
    console.print(table)


def show_job_card(console: Console, card: JobCard) -> None:
    """Show what a job is about, the words that say so, and what would be asked."""
    company = f"  {printable(card.job.company)}" if card.job.company else ""
    console.print(Text.assemble((printable(card.job.name), "bold"), (company, "dim")))
    console.print(Text(sizes_of(card.job), style="dim"))
    console.print(Text(f"\n{ABOUT}", style="bold cyan"))
    if not card.topics:
        console.print(f"  {NO_TOPIC}")
    for topic in card.topics:
        show_indented(console, Text.assemble((topic.title, "bold"), f": {words_of(topic)}"))
    console.print(Text(f"\n{COMES_UP}", style="bold cyan"))
    for question in card.questions:
        show_indented(console, Text.assemble((question.id, "cyan"), f"  {printable(question.text)}"))


def show_plan(console: Console, plan: PracticePlan) -> None:
    """Show a plan block by block, with commands on lines of their own so that they can be copied."""
    console.print(Text(heading_text(plan), style="bold"))
    console.print(Text(basis_text(plan), style="dim"))
    for block in plan.blocks:
        _show_block(console, block)
    console.print()
    console.print(Text("Nothing of this is kept. Run it again after practice: what you did moves on.", style="dim"))


def heading_text(plan: PracticePlan) -> str:
    """Return when the interview is and how much time there is."""
    loop = f" ({plan.loop} loop)" if plan.loop else ""
    when = _day(plan.interview_on)
    if plan.days_left == 0:
        return f"The interview is today{loop}. Practice is over."
    left = "tomorrow" if plan.days_left == 1 else f"in {plan.days_left} days"
    off = f", {' and '.join(f'{name.capitalize()}s' for name in plan.days_off)} off" if plan.days_off else ""
    return f"Interview on {when}, {left}{loop}. {plan.minutes_per_day} minutes a day{off}."


def basis_text(plan: PracticePlan) -> str:
    """Return how many answers the plan is based on."""
    if not plan.rests_on:
        return (
            "This plan rests on nothing yet: no answer of yours is kept. It is a beginner's plan; after your first "
            "answers it is made from them."
        )
    answers = counted(plan.rests_on, "answer")
    if plan.rests_on < FEW_ANSWERS:
        return f"It rests on {answers}: few, so it knows no habit of yours yet."
    return f"It rests on your {answers}."


def block_title(block: PlanBlock) -> str:
    """Return the day, or the first and last day."""
    if block.kind == "weeks":
        days = counted(block.practice_days, "day")
        return f"{_day(block.starts_on)} to {_day(block.ends_on)}, {days} of practice"
    title = f", {_TITLES[block.kind]}" if block.kind in _TITLES else ""
    minutes = f", {block.minutes} min" if block.items and block.kind != "interview" else ""
    return f"{_day(block.starts_on)}{title}{minutes}"


def item_title(item: PlanItem) -> str:
    """Return what to do and how long it takes."""
    times = f"{item.times} times, " if item.times > 1 else ""
    each = " each" if item.times > 1 else ""
    return f"{printable(item.what)} ({times}{item.minutes} min{each})"


def _show_block(console: Console, block: PlanBlock) -> None:
    console.print()
    style = "bold cyan" if block.kind in ("day", "weeks") else "bold magenta"
    console.print(Text(block_title(block), style=style))
    for item in block.items:
        show_indented(console, Text(item_title(item)))
        show_indented(console, Text(printable(item.why), style="dim"), 4)
        if item.command is not None:  # on one line, so that it can be copied
            console.print(Text(f"    {printable(item.command)}", style="green"), soft_wrap=True)


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def show_comparison(console: Console, comparison: Comparison, title: str, current_version: int) -> None:
    """Show a column for each take, and the change from first to last. Takes measured by older rules are marked."""
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
    return f"{sign}{abs(change):.1f}" if measure.unit == "per_minute" else f"{sign}{abs(change):.0f}"
