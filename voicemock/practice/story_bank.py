"""The story bank: the stories of a store, found by name, kept, and checked for what they lack."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Final, NamedTuple

from voicemock.coaching.assess import Analyzer
from voicemock.content.questions import QuestionBank, slug_of
from voicemock.errors import UnknownNameError, nearest
from voicemock.models import (
    NOTE_FIELDS,
    Analysis,
    BankedStory,
    NoteField,
    Story,
    StoryCard,
    StoryNotes,
    transcript_of_text,
)
from voicemock.practice.story_notes import ReadNotes, gaps, is_complete, notes_of_headings, notes_of_telling
from voicemock.settings import Settings
from voicemock.store.store import Store

WHOLE_STORIES: Final = 3
"""Three programs in STAR with metrics and trade-offs: the guide's first step of a preparation."""


class FilledNotes(NamedTuple):
    """Notes that were made from a text or a telling."""

    notes: StoryNotes
    left_out: tuple[str, ...]
    """Sentences or lines that went to no field."""
    why: str
    """The reason, to go after "Left out, "."""


class StoryBank:
    """Finds, changes and keeps the stories of a store.

    Args:
        store: Has the stories.
        bank: Has the competencies.
        read: Measures notes.
    """

    def __init__(self, store: Store, bank: QuestionBank, read: ReadNotes) -> None:
        self.store = store
        self._bank = bank
        self._read = read

    def find(self, name: str) -> BankedStory:
        """Return the story of this name, in any spacing and capitals.

        Raises:
            UnknownNameError: There is none; the message names the closest.
            InputError: It cannot be the name of a story.
        """
        story, banked = self.store.stories.find(name), self.store.stories.banked()
        for each in banked:
            if story is not None and each.story.slug == story.slug:
                return each
        close = nearest(name, [each.story.name for each in banked])
        hint = f" Did you mean {' or '.join(map(repr, close))}?" if close else ""
        raise UnknownNameError(f"There is no story {name!r}.{hint} See: voicemock stories list")

    def new_or_kept(self, name: str) -> BankedStory:
        """Return the story of this name, or a new one without notes."""
        return self.find(name) if self.store.stories.find(name) else BankedStory(story=Story.named(name))

    def keep(self, banked: BankedStory, notes: StoryNotes) -> BankedStory:
        """Keep the notes of a story and return the story with them."""
        now = datetime.now(UTC)
        self.store.stories.keep_notes(banked.story, notes, now)
        return banked.model_copy(update={"notes": notes, "updated_at": now})

    def cards(self) -> tuple[StoryCard, ...]:
        """Return every story with what its notes lack, in the order of their names."""
        return tuple(map(self.card, self.store.stories.banked()))

    def card(self, banked: BankedStory) -> StoryCard:
        """Return a story with what its notes lack."""
        return StoryCard(**dict(banked), gaps=gaps(banked.notes, self._read))

    def competencies(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return competencies and principles as the bank spells them, each once.

        Raises:
            UnknownNameError: No question has one of them; the message names the closest.
        """
        return tuple(dict.fromkeys(self._bank.competency(name) for name in names))

    def notes_from_text(self, text: str) -> FilledNotes:
        """Return the notes of a text: by its headings if it has any, else by its sentences.

        Raises:
            UnknownNameError: It names a competency that no question has.
            ValueError: A part is too long.
        """
        headed = notes_of_headings(text)
        if headed is None:
            return told_notes(self._read(text), spoken=False)
        notes = headed.notes.model_copy(update={"shows": self.competencies(headed.shows)})
        return FilledNotes(notes, headed.left_out, "before the first heading")

    def notes_from_telling(self, text: str) -> FilledNotes:
        """Return the notes that a telling makes, in its exact words."""
        return told_notes(self._read(text), spoken=True)


def told_notes(analysis: Analysis, *, spoken: bool) -> FilledNotes:
    """Return the notes that a story analyzed as STAR makes."""
    told = notes_of_telling(analysis, spoken=spoken)
    return FilledNotes(told.notes, told.left_out, "that belong to no part")


def notes_reader(settings: Settings, bank: QuestionBank) -> ReadNotes:
    """Return the function that measures notes by the same rules as a told story. Its parts are made at first use."""

    @cache
    def analyzer() -> Analyzer:
        return Analyzer(settings, bank)

    return lambda text: analyzer().assess(transcript_of_text(text), source="", framework="star").analysis


def whole_stories(cards: Iterable[StoryCard]) -> tuple[StoryCard, ...]:
    """Return the stories that lack nothing essential."""
    return tuple(card for card in cards if is_complete(card.gaps))


def fields_replaced(banked: BankedStory, told: StoryNotes) -> tuple[NoteField, ...]:
    """Return the fields whose text would be replaced."""
    return tuple(
        field
        for field in NOTE_FIELDS
        if banked.notes.text_of(field) and told.text_of(field) not in ("", banked.notes.text_of(field))
    )


def linked(notes: StoryNotes, competencies: Iterable[str]) -> StoryNotes:
    """Return notes that are also linked to these competencies."""
    return notes.model_copy(update={"shows": tuple(dict.fromkeys((*notes.shows, *competencies)))})


def unlinked(notes: StoryNotes, names: Iterable[str]) -> StoryNotes:
    """Return notes without links to these competencies, which may no longer be in the bank.

    Raises:
        UnknownNameError: The story is not linked to one of them.
    """
    taken = {slug_of(each) for each in names}
    if unknown := taken.difference(notes.shows):
        shown = ", ".join(notes.shows) or "nothing"
        raise UnknownNameError(f"It is not linked to {', '.join(sorted(unknown))}. It is linked to: {shown}.")
    return notes.model_copy(update={"shows": tuple(each for each in notes.shows if each not in taken)})
