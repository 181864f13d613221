"""A plan of practice on the terminal: a block a day, commands on lines of their own so that they can be copied."""

from __future__ import annotations

from datetime import date
from typing import Final

from rich.console import Console
from rich.text import Text

from voicemock.models import PlanBlock, PlanItem, PracticePlan
from voicemock.report.passages import printable
from voicemock.report.terminal import show_indented

FEW_ANSWERS: Final = 5
"""Of fewer, nothing is told of habits."""
_TITLES: Final = {"rehearsal": "rehearsal", "light": "a light day", "interview": "the interview"}


def show_plan(console: Console, plan: PracticePlan) -> None:
    """Show a whole plan."""
    console.print(Text(heading_text(plan), style="bold"))
    console.print(Text(basis_text(plan), style="dim"))
    for block in plan.blocks:
        _show_block(console, block)
    console.print()
    console.print(Text("Nothing of this is kept. Run it again after practice: what you did moves on.", style="dim"))


def heading_text(plan: PracticePlan) -> str:
    """Return how long there is, and what for."""
    loop = f" ({plan.loop} loop)" if plan.loop else ""
    when = _day(plan.interview_on)
    if plan.days_left == 0:
        return f"The interview is today{loop}. Practice is over."
    left = "tomorrow" if plan.days_left == 1 else f"in {plan.days_left} days"
    off = f", {' and '.join(f'{name.capitalize()}s' for name in plan.days_off)} off" if plan.days_off else ""
    return f"Interview on {when}, {left}{loop}. {plan.minutes_per_day} minutes a day{off}."


def basis_text(plan: PracticePlan) -> str:
    """Return what the plan rests on."""
    if not plan.rests_on:
        return (
            "This plan rests on nothing yet: no answer of yours is kept. It is a beginner's plan; after your first "
            "answers it is made from them."
        )
    answers = f"{plan.rests_on} answer{'' if plan.rests_on == 1 else 's'}"
    if plan.rests_on < FEW_ANSWERS:
        return f"It rests on {answers}: few, so it knows no habit of yours yet."
    return f"It rests on your {answers}."


def block_title(block: PlanBlock) -> str:
    """Return the day, or the days from the first to the last."""
    if block.kind == "weeks":
        days = f"{block.practice_days} day{'' if block.practice_days == 1 else 's'} of practice"
        return f"{_day(block.starts_on)} to {_day(block.ends_on)}, {days}"
    title = f", {_TITLES[block.kind]}" if block.kind in _TITLES else ""
    minutes = f", {block.minutes} min" if block.items and block.kind != "interview" else ""
    return f"{_day(block.starts_on)}{title}{minutes}"


def item_title(item: PlanItem) -> str:
    """Return what is to be done, with how long it takes."""
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
