"""Writes the notes of a story: at the prompt, part by part, or from a file, a telling or the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Final

import typer

from voicemock.api import open_interview
from voicemock.cli.output import tell
from voicemock.cli.session import run_interview
from voicemock.cli.time import StoryScreen
from voicemock.coaching.assess import Analyzer
from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError, TranscriptFileError, UnknownNameError
from voicemock.models import NOTE_FIELDS, BankedStory, NoteField, Story, StoryCard, StoryNotes, transcript_of_text
from voicemock.practice.story_coverage import suggest
from voicemock.practice.story_notes import (
    ReadNotes,
    fields_lacking,
    gaps,
    is_complete,
    notes_of_headings,
    notes_of_telling,
    with_field,
)
from voicemock.report.safe_text import printable
from voicemock.report.stories import show_gaps
from voicemock.report.terminal import Terminal
from voicemock.settings import Settings
from voicemock.speech.transcripts.reading import read_transcript_file
from voicemock.store.store import Store

TITLES: Final[dict[NoteField, str]] = {
    "situation": "Situation",
    "task": "Task",
    "action": "Action",
    "result": "Result",
    "metrics": "Metrics",
    "trade_offs": "Trade-offs",
    "technology": "Technology",
}
WHOLE_STORIES: Final = 3
"""Three programs in STAR with metrics and trade-offs: the guide's first step of a preparation."""

_HINTS: Final[dict[NoteField, str]] = {
    "metrics": "The numbers, before and after, and where they come from: p99 800 ms to 480 ms, from the dashboard.",
    "trade_offs": "What you gave up for what, and why: two weeks of dual writes, so that every step could be undone.",
    "technology": "What you must be able to explain when asked how it works: Kafka, session affinity, the ledger.",
}


class PromptsLeft(Exception):  # noqa: N818 - not an error
    """The candidate left (Ctrl-C, Ctrl-D, or the input ended); ``notes`` is what was written so far."""

    def __init__(self, notes: StoryNotes) -> None:
        super().__init__("the candidate left")
        self.notes = notes


class StoryEditor:
    """Finds, changes and keeps the stories of a store.

    Args:
        store: Has the stories.
        settings: For measuring and recording.
        bank: Has the competencies, and what belongs into each part.
    """

    def __init__(self, store: Store, settings: Settings, bank: QuestionBank) -> None:
        self.store = store
        self._settings = settings
        self._bank = bank

    @cached_property
    def _read(self) -> ReadNotes:
        return notes_reader(self._settings, self._bank)

    def find(self, name: str) -> BankedStory:
        """Return the story of this name, in any spacing and capitals; an error names the closest ones."""
        story, banked = self.store.stories.find(name), self.store.stories.banked()
        for each in banked:
            if story is not None and each.story.slug == story.slug:
                return each
        by_name = {each.story.name.casefold(): each.story.name for each in banked}
        longer = [key for key in by_name if name.casefold() in key]
        close = [by_name[key] for key in longer or get_close_matches(name.casefold(), by_name, n=2, cutoff=0.5)]
        hint = f" Did you mean {' or '.join(map(repr, close))}?" if close else ""
        raise UnknownNameError(printable(f"There is no story {name!r}.{hint} See: voicemock stories list"))

    def new_or_kept(self, name: str) -> BankedStory:
        """Return the story of this name, or a new one without notes."""
        return self.find(name) if self.store.stories.find(name) else BankedStory(story=Story.named(name))

    def keep(self, banked: BankedStory, notes: StoryNotes) -> BankedStory:
        """Keep the notes of a story and return the story with them."""
        now = datetime.now(UTC)
        self.store.stories.keep_notes(banked.story, notes, now)
        return banked.model_copy(update={"notes": notes, "updated_at": now})

    def card(self, banked: BankedStory) -> StoryCard:
        """Return a story with what its notes lack."""
        return StoryCard(**dict(banked), gaps=gaps(banked.notes, self._read))

    def competencies(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return competencies and principles as the bank spells them, each once."""
        return tuple(dict.fromkeys(self._bank.competency(name) for name in names))

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
            cards = [self.card(each) for each in self.store.stories.banked()]
            whole = [card for card in cards if is_complete(card.gaps)]
            _say_where(whole, cards)
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
        tell(f"\n{name}\nEnter goes on; leave empty what you do not know yet. Ctrl-D ends.")
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
        hints = {part.name: part.purpose for part in self._bank.framework("star").parts}
        for field in fields:
            tell(f"\n{TITLES[field]}. {_HINTS.get(field) or hints[field]}")
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
        tell("\nShows. Competencies and principles, with commas between them: ownership, dive deep.")
        guesses = list(suggest(notes))[:5]
        if guesses:
            tell(f"A guess by its words: {', '.join(guesses)}.")
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

        Of a transcript with several speakers it is what the one says who talks most.
        """
        text = read_transcript_file(path, self._settings.longest_text).transcript.text
        if not text.strip():
            raise TranscriptFileError(f"{path} holds no word.")
        try:
            headed = notes_of_headings(text)
        except ValueError as error:
            raise InputError(f"{path}: {error}") from error
        if headed is None:
            return self._notes_of_telling(text, spoken=False)
        _say_left_out(headed.left_out, "before the first heading")
        return headed.notes.model_copy(update={"shows": self.competencies(headed.shows)})

    def notes_from_voice(self, banked: BankedStory) -> StoryNotes:
        """Listen to one telling, which is kept as a take, and return the notes in its words."""
        console, settings, bank = Terminal(), self._settings, self._bank
        screen = StoryScreen(console, bank, settings, self.store.takes.of_story(banked.story))
        opening = open_interview(settings, bank=bank, screen=screen, story=banked.story)
        report = run_interview(console, settings, screen, opening, offers_unfinished=False)
        text = report.answers[0].transcript.text if report.answers else ""
        if not text.strip():
            raise InputError("Nothing was heard, so nothing was written down.")
        return self._notes_of_telling(text, spoken=True)

    def _notes_of_telling(self, text: str, *, spoken: bool) -> StoryNotes:
        told = notes_of_telling(self._read(text), spoken=spoken)
        _say_left_out(told.left_out, "that belong to no part")
        return told.notes


def notes_reader(settings: Settings, bank: QuestionBank) -> ReadNotes:
    """Return the function that measures notes by the same rules as a told story."""
    analyzer = Analyzer(settings, bank)
    return lambda text: analyzer.assess(transcript_of_text(text), source="", framework="star").analysis


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


def ask_line(label: str, written: str = "") -> str:
    """Ask for a line, with the text ``written`` to edit. Text of several lines is ended with Escape and Enter.

    Raises:
        KeyboardInterrupt: Ctrl-C.
        EOFError: Ctrl-D on an empty line.
        typer.Abort: The input ended and is not a terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return str(typer.prompt(label, default=written, show_default=False, prompt_suffix=" "))
    from prompt_toolkit import prompt

    several = "\n" in written
    if several:
        tell("(several lines: Esc, then Enter, when done)")
    return prompt(f"{label} ", default=written, multiline=several)


def _ask_name() -> str:
    tell("\nWhich program next? A short name for it, such as: Kafka migration. Empty ends.")
    try:
        return ask_line(">").strip()
    except (KeyboardInterrupt, EOFError, typer.Abort):
        return ""


def _say_where(whole: list[StoryCard], cards: list[StoryCard]) -> None:
    names = ", ".join(printable(card.story.name) for card in whole)
    tell(f"\n{len(whole)} of {WHOLE_STORIES} stories are whole{f': {names}' if names else ''}.")
    if len(whole) >= WHOLE_STORIES:
        tell("See what they cover: voicemock stories coverage --company amazon")
    elif not cards:
        tell("Choose programs you led yourself, in which something was hard, and came out differently for you.")


def _say_left_out(sentences: tuple[str, ...], why: str) -> None:
    if sentences:
        tell(f"Left out, {why}:")
        for sentence in sentences:
            tell(f"  {printable(sentence)}")
