"""Jobs on the terminal: a table, and one job with its topics and questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicemock.models import JobCard
from voicemock.report.passages import printable
from voicemock.report.structure_rows import UNLABELED
from voicemock.report.terminal import show_indented

_TOPICS_IN_TABLE: Final = 4
_WORDS_SHOWN: Final = 8
"""Words of a topic that are shown; there may be many more."""


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
            Text(", ".join(topic.title.lower() for topic in card.topics[:_TOPICS_IN_TABLE]) or "nothing we know"),
            Text(f"{card.job.added_at.astimezone():%Y-%m-%d}"),
        )
    console.print(table)


def show_job_card(console: Console, card: JobCard) -> None:
    """Show what a job is about, by which words, and what would be asked."""
    company = f"  {printable(card.job.company)}" if card.job.company else ""
    console.print(Text.assemble((printable(card.job.name), "bold"), (company, "dim")))
    sizes = [
        f"{len(text.split()):,} words of {what}"
        for what, text in (("description", card.job.description), ("notes", card.job.notes))
        if text
    ]
    console.print(Text(", ".join(sizes), style="dim"))
    console.print(Text("\nWhat it is about, by its words", style="bold cyan"))
    if not card.topics:
        console.print("  No word of it points to a topic we know: questions come up as without it.")
    for topic in card.topics:
        words = ", ".join(map(printable, topic.words[:_WORDS_SHOWN]))
        more = f" and {len(topic.words) - _WORDS_SHOWN} more" if len(topic.words) > _WORDS_SHOWN else ""
        show_indented(console, Text.assemble((topic.title, "bold"), f": {words}{more}"))
    console.print(Text("\nQuestions that come up", style="bold cyan"))
    for question in card.questions:
        show_indented(console, Text.assemble((question.id, "cyan"), f"  {printable(question.text)}"))
