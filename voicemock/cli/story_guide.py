"""Writing a story down at the prompt, and going on until three are whole."""

from __future__ import annotations

from typing import Final

import typer
from rich.console import Console

from voicemock.cli.noted_story import card_of, keep, new_or_kept, notes_reader
from voicemock.cli.story_prompts import PromptsLeft, ask_line, ask_notes, ask_shows
from voicemock.errors import InputError
from voicemock.models import NOTE_FIELDS, BankedStory, NoteField, StoryCard
from voicemock.questions import QuestionBank
from voicemock.report.passages import printable
from voicemock.report.story_cards import show_gaps
from voicemock.settings import Settings
from voicemock.store import Store
from voicemock.story_bank import ReadNotes, fields_lacking, is_complete

WHOLE_STORIES: Final = 3
"""Three programs in STAR with metrics and trade-offs: the guide's first step of a preparation."""


def write(store: Store, settings: Settings, bank: QuestionBank, banked: BankedStory) -> StoryCard:
    """Ask for every part of a story, and once more for those in which something is missing; keep and show it.

    Raises:
        typer.Exit: The candidate left; what was written is kept.
    """
    return _write(store, bank, notes_reader(settings, bank), banked, NOTE_FIELDS)


def guide(store: Store, settings: Settings, bank: QuestionBank, name: str | None) -> None:
    """Go from story to story until three of them are whole.

    Args:
        store: Where they are kept.
        settings: What measures them.
        bank: Knows what stories may show.
        name: The story to begin with.

    Raises:
        typer.Exit: The candidate left; what was written is kept.
    """
    read = notes_reader(settings, bank)
    asked: set[str] = set()
    while True:
        cards = [card_of(each, read) for each in store.stories.banked()]
        whole = [card for card in cards if is_complete(card.gaps)]
        _say_where(whole, cards)
        if len(whole) >= WHOLE_STORIES:
            return
        started = [card for card in cards if card not in whole and not card.notes.is_empty]
        name = name or next((card.story.name for card in started if card.story.slug not in asked), None) or _ask_name()
        if not name:
            return
        try:
            banked = new_or_kept(store, name)
        except InputError as error:
            typer.echo(f"! {error}")
            name = None
            continue
        lacking = () if banked.notes.is_empty else fields_lacking(card_of(banked, read).gaps)
        _write(store, bank, read, banked, lacking or NOTE_FIELDS)
        asked.add(banked.story.slug)
        name = None


def _write(
    store: Store, bank: QuestionBank, read: ReadNotes, banked: BankedStory, fields: tuple[NoteField, ...]
) -> StoryCard:
    typer.echo(f"\n{printable(banked.story.name)}\nEnter goes on; leave empty what you do not know yet. Ctrl-D ends.")
    try:
        banked = keep(store, banked, ask_notes(bank, banked.notes, fields))
        card = card_of(banked, read)
        if again := fields_lacking(card.gaps):
            show_gaps(Console(), card.gaps)
            banked = keep(store, banked, ask_notes(bank, banked.notes, again))
        banked = keep(store, banked, ask_shows(bank, banked.notes))
    except PromptsLeft as left:
        if not left.notes.is_empty:
            keep(store, banked, left.notes)
            typer.echo(f'\nWhat you wrote is kept. Go on with: voicemock stories edit "{printable(banked.story.name)}"')
        raise typer.Exit(1) from left
    card = card_of(banked, read)
    show_gaps(Console(), card.gaps)
    return card


def _say_where(whole: list[StoryCard], cards: list[StoryCard]) -> None:
    names = ", ".join(printable(card.story.name) for card in whole)
    typer.echo(f"\n{len(whole)} of {WHOLE_STORIES} stories are whole{f': {names}' if names else ''}.")
    if len(whole) >= WHOLE_STORIES:
        typer.echo("See what they cover: voicemock stories coverage --company amazon")
    elif not cards:
        typer.echo("Choose programs you led yourself, in which something was hard, and came out differently for you.")


def _ask_name() -> str:
    typer.echo("\nWhich program next? A short name for it, such as: Kafka migration. Empty ends.")
    try:
        return ask_line(">").strip()
    except (KeyboardInterrupt, EOFError, typer.Abort):
        return ""
