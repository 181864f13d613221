"""Writes the notes of a story: at the prompt, part by part, or from a file, a telling or the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from voicemock.api import open_interview
from voicemock.cli.output import tell
from voicemock.cli.prompts import ask_line
from voicemock.cli.session import run_interview
from voicemock.cli.time import StoryScreen
from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError, TranscriptFileError, UnknownNameError
from voicemock.models import NOTE_FIELDS, BankedStory, NoteField, StoryCard, StoryNotes
from voicemock.practice.story_bank import WHOLE_STORIES, FilledNotes, StoryBank, notes_reader, whole_stories
from voicemock.practice.story_coverage import suggest
from voicemock.practice.story_notes import fields_lacking, with_field
from voicemock.report.safe_text import printable
from voicemock.report.stories import show_gaps
from voicemock.report.story_rows import (
    FIELD_TITLES,
    SHOWS_HINT,
    WHICH_PROGRAMS,
    field_hint,
    left_out_text,
    whole_text,
)
from voicemock.report.terminal import Terminal
from voicemock.settings import Settings
from voicemock.speech.transcripts.reading import read_transcript_file
from voicemock.store.store import Store


class PromptsLeft(Exception):  # noqa: N818 - not an error
    """The candidate left (Ctrl-C, Ctrl-D, or the input ended); ``notes`` is what was written so far."""

    def __init__(self, notes: StoryNotes) -> None:
        super().__init__("the candidate left")
        self.notes = notes


class StoryEditor(StoryBank):
    """Writes the stories of a store.

    Args:
        store: Has the stories.
        settings: For measuring and recording.
        bank: Has the competencies, and what belongs into each part.
    """

    def __init__(self, store: Store, settings: Settings, bank: QuestionBank) -> None:
        super().__init__(store, bank, notes_reader(settings, bank))
        self._settings = settings

    def write(self, banked: BankedStory) -> None:
        """Ask for every part of a story, then again for those that lack something; keep it.

        Raises:
            typer.Exit: The candidate left; what was written is kept.
        """
        self._write(banked, NOTE_FIELDS)

    def guide(self, name: str | None) -> None:
        """Go from story to story, beginning with the one that is named, until three of them are whole.

        Raises:
            typer.Exit: The candidate left; what was written is kept.
        """
        asked: set[str] = set()
        while True:
            cards = self.cards()
            whole = whole_stories(cards)
            _say_where(cards, is_enough=len(whole) >= WHOLE_STORIES)
            if len(whole) >= WHOLE_STORIES:
                return
            started = [card for card in cards if card not in whole and not card.notes.is_empty]
            known = next((card.story.name for card in started if card.story.slug not in asked), None)
            name = name or known or _ask_name()
            if not name:
                return
            try:
                banked = self.new_or_kept(name)
            except InputError as error:
                tell(f"! {error}")
            else:
                lacking = () if banked.notes.is_empty else fields_lacking(self.card(banked).gaps)
                self._write(banked, lacking or NOTE_FIELDS)
                asked.add(banked.story.slug)
            name = None

    def _write(self, banked: BankedStory, fields: tuple[NoteField, ...]) -> None:
        name = printable(banked.story.name)
        tell(f"\n{name}\nPress Enter to go on; leave blank what you do not know yet. Ctrl-D ends.")
        try:
            banked = self.keep(banked, self._ask_notes(banked.notes, fields))
            found = self.card(banked).gaps
            if again := fields_lacking(found):
                show_gaps(Terminal(), found)
                banked = self.keep(banked, self._ask_notes(banked.notes, again))
            banked = self.keep(banked, self._ask_shows(banked.notes))
        except PromptsLeft as left:
            if not left.notes.is_empty:
                self.keep(banked, left.notes)
                tell(f'\nWhat you wrote is kept. Go on with: voicemock stories edit "{name}"')
            raise typer.Exit(1) from left
        show_gaps(Terminal(), self.card(banked).gaps)

    def _ask_notes(self, notes: StoryNotes, fields: tuple[NoteField, ...]) -> StoryNotes:
        """Ask for fields one after the other, each prefilled with its text."""
        for field in fields:
            tell(f"\n{FIELD_TITLES[field]}. {field_hint(field, self._bank.framework('star'))}")
            while True:
                text = _ask_or_leave(notes, notes.text_of(field))
                try:
                    notes = with_field(notes, field, text)
                except ValueError as error:
                    tell(f"! {error}")
                    continue
                break
        return notes

    def _ask_shows(self, notes: StoryNotes) -> StoryNotes:
        """Ask what a story shows, with guesses from its words. Unknown names are asked for again."""
        tell(f"\nShows. {SHOWS_HINT}")
        guesses = list(suggest(notes))[:5]
        if guesses:
            tell(f"A guess from its words: {', '.join(guesses)}.")
        while True:
            text = _ask_or_leave(notes, ", ".join(notes.shows))
            try:
                names = self.competencies(name for each in text.split(",") if (name := each.strip()))
            except UnknownNameError as error:
                tell(f"! {error}")
                continue
            return notes.model_copy(update={"shows": names})

    def notes_from_file(self, path: Path) -> StoryNotes:
        """Return the notes of a text file: by its headings if it has any, else by its sentences.

        For a transcript with several speakers, it takes the words of the one who talks most.
        """
        text = read_transcript_file(path, self._settings.longest_text).transcript.text
        if not text.strip():
            raise TranscriptFileError(f"{path} contains no words.")
        try:
            filled = self.notes_from_text(text)
        except ValueError as error:
            raise InputError(f"{path}: {error}") from error
        _say_left_out(filled)
        return filled.notes

    def notes_from_voice(self, banked: BankedStory) -> StoryNotes:
        """Listen to one telling, which is kept as a take, and return the notes in its words."""
        console, settings, bank = Terminal(), self._settings, self._bank
        screen = StoryScreen(console, bank, settings, self.store.takes.of_story(banked.story))
        opening = open_interview(settings, bank=bank, screen=screen, story=banked.story)
        report = run_interview(console, settings, screen, opening, offers_unfinished=False)
        text = report.answers[0].transcript.text if report.answers else ""
        if not text.strip():
            raise InputError("Nothing was heard, so nothing was written down.")
        filled = self.notes_from_telling(text)
        _say_left_out(filled)
        return filled.notes


def with_fields(notes: StoryNotes, fields: list[str]) -> StoryNotes:
    """Return notes with the fields that ``--set`` gives."""
    for given in fields:
        name, equals, text = given.partition("=")
        wanted = name.strip().lower().replace("-", "_")
        field = next((each for each in NOTE_FIELDS if each == wanted), None)
        if not equals or field is None:
            raise typer.BadParameter(f"{given[:40]!r}: write FIELD=TEXT, with one of {', '.join(NOTE_FIELDS)}.")
        try:
            notes = with_field(notes, field, text)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
    return notes


def _ask_or_leave(notes: StoryNotes, written: str) -> str:
    """Ask for a line.

    Raises:
        PromptsLeft: The candidate left.
    """
    try:
        return ask_line(">", written)
    except (KeyboardInterrupt, EOFError, typer.Abort) as left:
        raise PromptsLeft(notes) from left


def _ask_name() -> str:
    tell("\nWhich program is next? Give it a short name, such as: Kafka migration. Leave it blank to stop.")
    try:
        return ask_line(">").strip()
    except (KeyboardInterrupt, EOFError, typer.Abort):
        return ""


def _say_where(cards: Sequence[StoryCard], *, is_enough: bool) -> None:
    tell(f"\n{whole_text(cards)}")
    if is_enough:
        tell("See what they cover: voicemock stories coverage --company amazon")
    elif not cards:
        tell(WHICH_PROGRAMS)


def _say_left_out(filled: FilledNotes) -> None:
    if filled.left_out:
        tell(left_out_text(filled))
        for sentence in filled.left_out:
            tell(f"  {printable(sentence)}")
