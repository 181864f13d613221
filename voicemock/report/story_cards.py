"""The story bank on the terminal: a table, one story's notes, and what the stories cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicemock.feedback import clock
from voicemock.models import NOTE_FIELDS, Gap, GapKind, StoryCard, StoryCoverage
from voicemock.report.passages import printable
from voicemock.report.structure_rows import UNLABELED
from voicemock.report.terminal import show_indented

_SHORT: Final[dict[GapKind, str]] = {
    "no_situation": "situation",
    "no_task": "task",
    "no_action": "action",
    "no_result": "result",
    "no_number": "a number",
    "no_trade_off": "a trade-off",
    "no_technology": "technology",
    "only_we": '"I"',
    "only_coordination": "your own work",
    "thin_action": "more steps",
    "shows_nothing": "a link",
}
"""What is missing, in a word or two."""

NOTHING: Final = "nothing"


def show_story_table(console: Console, cards: Sequence[StoryCard]) -> None:
    """Show a line for each story: what it shows, how often it was told, and what its notes lack."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Story", ratio=3)
    table.add_column("Shows", ratio=3)
    table.add_column("Takes", justify="right", no_wrap=True)
    table.add_column("Last told", no_wrap=True)
    table.add_column("Missing in the notes", ratio=3)
    for card in cards:
        told = card.last_told_at
        table.add_row(
            Text(printable(card.story.name)),
            Text(", ".join(map(spelled, card.notes.shows)) or UNLABELED),
            Text(str(card.takes)),
            Text(f"{told.astimezone():%Y-%m-%d}" if told else "never"),
            Text("the notes" if card.notes.is_empty else ", ".join(_SHORT[gap.kind] for gap in card.gaps) or NOTHING),
        )
    console.print(table)


def show_story_card(console: Console, card: StoryCard, guesses: Mapping[str, tuple[str, ...]]) -> None:
    """Show the notes of a story, what they lack, and what it may show.

    ``guesses`` are competencies that it is not linked to, with the words that hint at them.
    """
    console.print(Text(printable(card.story.name), style="bold"))
    takes = "1 take" if card.takes == 1 else f"{card.takes} takes"
    length = f", {clock(card.last_duration_s)}" if card.last_duration_s is not None else ""
    told = f", the last one {card.last_told_at.astimezone():%d %B %Y}{length}" if card.last_told_at else ""
    console.print(Text(f"{takes}{told}", style="dim"))
    for field in NOTE_FIELDS:
        if text := card.notes.text_of(field).strip():
            mark = "  as you told it" if field in card.notes.spoken else ""
            title = field.replace("_", "-").capitalize()
            console.print(Text.assemble((f"\n{title}", "bold cyan"), (mark, "dim")))
            for line in text.splitlines():
                show_indented(console, Text(printable(line)))
    console.print(Text.assemble(("\nShows  ", "bold cyan"), ", ".join(map(spelled, card.notes.shows)) or "nothing yet"))
    if guesses:
        console.print(Text("\nIt may show, by its words (a guess)", style="bold cyan"))
        for competency, words in guesses.items():
            show_indented(console, Text(f"{spelled(competency)}: {printable(', '.join(words))}"))
    show_gaps(console, card.gaps)


def show_gaps(console: Console, gaps: Sequence[Gap]) -> None:
    """Show what the notes of a story lack, and the words that it is about."""
    if not gaps:
        console.print(Text("\nNothing is missing in the notes.", style="green"))
        return
    console.print(Text("\nMissing", style="bold yellow"))
    for gap in gaps:
        quote = f' You wrote: "{printable(gap.quote)}"' if gap.quote else ""
        show_indented(console, Text(f"- {gap.text}{quote}"))


def show_coverage(console: Console, found: StoryCoverage) -> None:
    """Show a line for each competency a company asks stories for, the gaps first, and the story to tell next."""
    covered = len(found.competencies) - len(found.gaps)
    console.print(Text(f"{found.title}: {covered} of {len(found.competencies)} are shown by a story", style="bold"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Competency", ratio=3)
    table.add_column("Shown by", ratio=3)
    table.add_column("A guess by words", ratio=4)
    for row in found.competencies:
        shown = ", ".join(map(printable, row.stories))
        guesses = (f"{printable(each.story)}? ({printable(', '.join(each.words[:3]))})" for each in row.suggestions)
        style = "" if shown else "yellow"
        table.add_row(Text(spelled(row.competency)), Text(shown or "no story", style=style), Text("; ".join(guesses)))
    console.print(table)
    if found.next_story is None:
        console.print("There is no story yet. Write one: voicemock stories add NAME", markup=False)
        return
    story, subjects = found.next_story, ", ".join(map(spelled, found.next_story.competencies))
    console.print(Text(f"Tell next: {printable(story.story)}", style="bold"))
    about = f" ({'perhaps ' if story.guessed else ''}{subjects})" if subjects else ""
    show_indented(console, Text(f"{story.reason}{about}"))


def spelled(competency: str) -> str:
    """Return a competency as it is written in a sentence."""
    return competency.replace("-", " ")
