"""Jobs and plans on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicemock.coaching.spoken_numbers import counted
from voicemock.content.wording import times
from voicemock.models import JobCard, PlanBlock, PlanItem, PracticePlan
from voicemock.report.jobs import ABOUT, COMES_UP, NO_TOPIC, mostly_about, sizes_of, words_of
from voicemock.report.rows import UNLABELED
from voicemock.report.safe_text import printable
from voicemock.report.terminal import show_indented

FEW_ANSWERS: Final = 5
"""With fewer, the plan says nothing about habits."""
NOT_KEPT: Final = "None of this is saved."

_TITLES: Final = {"rehearsal": "rehearsal", "light": "a light day", "interview": "the interview"}


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
    console.print(Text(f"{NOT_KEPT} Run it again after you practice, and the plan moves on.", style="dim"))


def no_date_text(day: date) -> str:
    """Return which day a plan is for if no date was given."""
    return f"No date was given, so this is a plan for an interview on {day}."


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
            "This is a beginner's plan: you have no saved answers yet. After your first answers, the "
            "plan is based on them."
        )
    answers = counted(plan.rests_on, "answer")
    if plan.rests_on < FEW_ANSWERS:
        return f"It is based on {answers}, too few to know your habits yet."
    return f"It is based on your {answers}."


def block_title(block: PlanBlock) -> str:
    """Return the day, or the first and last day."""
    if block.kind == "weeks":
        days = counted(block.practice_days, "day")
        last = f" to {_day(block.ends_on)}" if block.ends_on != block.starts_on else ""
        return f"{_day(block.starts_on)}{last}, {days} of practice"
    title = f", {_TITLES[block.kind]}" if block.kind in _TITLES else ""
    minutes = f", {block.minutes} min" if block.items and block.kind != "interview" else ""
    return f"{_day(block.starts_on)}{title}{minutes}"


def item_title(item: PlanItem) -> str:
    """Return what to do and how long it takes."""
    how_often = f"{times(item.times)}, " if item.times > 1 else ""
    each = " each" if item.times > 1 else ""
    return f"{printable(item.what)} ({how_often}{item.minutes} min{each})"


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
