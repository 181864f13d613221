"""Asking for the notes of a story, a part at a time, with what belongs there."""

from __future__ import annotations

import sys
from typing import Final

import typer

from voicemock.cli.noted_story import competencies_of
from voicemock.errors import UnknownNameError
from voicemock.models import NoteField, StoryNotes
from voicemock.questions import QuestionBank
from voicemock.story_bank import suggest, with_field

TITLES: Final[dict[NoteField, str]] = {
    "situation": "Situation",
    "task": "Task",
    "action": "Action",
    "result": "Result",
    "metrics": "Metrics",
    "trade_offs": "Trade-offs",
    "technology": "Technology",
}

_HINTS: Final[dict[NoteField, str]] = {
    "metrics": "The numbers, before and after, and where they come from: p99 800 ms to 480 ms, from the dashboard.",
    "trade_offs": "What you gave up for what, and why: two weeks of dual writes, so that every step could be undone.",
    "technology": "What you must be able to explain when asked how it works: Kafka, session affinity, the ledger.",
}


class PromptsLeft(Exception):  # noqa: N818 - not an error: the candidate has had enough
    """The candidate left in the middle (Ctrl-C, Ctrl-D, or the input ended); ``notes`` is what was written so far."""

    def __init__(self, notes: StoryNotes) -> None:
        super().__init__("the candidate left")
        self.notes = notes


def ask_notes(bank: QuestionBank, notes: StoryNotes, fields: tuple[NoteField, ...]) -> StoryNotes:
    """Ask for fields one after the other, each prefilled with what it holds; an empty answer leaves it so.

    Raises:
        PromptsLeft: The candidate left; what was written until then is in it.
    """
    hints = {part.name: part.purpose for part in bank.framework("star").parts}
    for field in fields:
        typer.echo(f"\n{TITLES[field]}. {_HINTS.get(field) or hints[field]}")
        while True:
            try:
                text = ask_line(">", notes.text_of(field))
            except (KeyboardInterrupt, EOFError, typer.Abort) as left:
                raise PromptsLeft(notes) from left
            try:
                notes = with_field(notes, field, text)
            except ValueError as error:
                typer.echo(f"! {error}")
                continue
            break
    return notes


def ask_shows(bank: QuestionBank, notes: StoryNotes) -> StoryNotes:
    """Ask what a story shows, with guesses from its words; names that are unknown are asked for again.

    Raises:
        PromptsLeft: The candidate left.
    """
    typer.echo("\nShows. Competencies and principles, with commas between them: ownership, dive deep.")
    guesses = list(suggest(notes))[:5]
    if guesses:
        typer.echo(f"A guess by its words: {', '.join(guesses)}.")
    while True:
        try:
            text = ask_line(">", ", ".join(notes.shows))
        except (KeyboardInterrupt, EOFError, typer.Abort) as left:
            raise PromptsLeft(notes) from left
        try:
            names = competencies_of(bank, (name for each in text.split(",") if (name := each.strip())))
        except UnknownNameError as error:
            typer.echo(f"! {error}")
            continue
        return notes.model_copy(update={"shows": names})


def ask_line(label: str, written: str = "") -> str:
    """Ask for a line that can be edited; text of several lines is ended with Escape and Enter.

    Raises:
        KeyboardInterrupt: Ctrl-C.
        EOFError: Ctrl-D on an empty line.
        typer.Abort: The input ended, where it is no terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return str(typer.prompt(label, default=written, show_default=False, prompt_suffix=" "))
    from prompt_toolkit import prompt

    several = "\n" in written
    if several:
        typer.echo("(several lines: Esc, then Enter, when done)")
    return prompt(f"{label} ", default=written, multiline=several)
