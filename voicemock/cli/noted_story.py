"""A story with its notes: found by its name, looked at, changed and kept again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from difflib import get_close_matches

from voicemock.analysis import transcript_of_text
from voicemock.analyzer import Analyzer
from voicemock.errors import UnknownNameError
from voicemock.models import BankedStory, Story, StoryCard, StoryNotes
from voicemock.questions import QuestionBank
from voicemock.report.passages import printable
from voicemock.settings import Settings
from voicemock.store import Store
from voicemock.story_bank import ReadNotes, gaps


def find_story(store: Store, name: str) -> BankedStory:
    """Return the story of a name, however it is spaced and capitalized.

    Raises:
        InputError: It cannot be the name of a story.
        UnknownNameError: There is none; the message names the closest.
    """
    story, banked = store.stories.find(name), store.stories.banked()
    for each in banked:
        if story is not None and each.story.slug == story.slug:
            return each
    by_name = {each.story.name.casefold(): each.story.name for each in banked}
    longer = [key for key in by_name if name.casefold() in key]
    close = [by_name[key] for key in longer or get_close_matches(name.casefold(), by_name, n=2, cutoff=0.5)]
    hint = f" Did you mean {' or '.join(map(repr, close))}?" if close else ""
    raise UnknownNameError(printable(f"There is no story {name!r}.{hint} See: voicemock stories list"))


def new_or_kept(store: Store, name: str) -> BankedStory:
    """Return the story of a name, or a new one without notes.

    Raises:
        InputError: It cannot be the name of a story.
    """
    story = store.stories.find(name)
    return BankedStory(story=Story.named(name)) if story is None else find_story(store, name)


def keep(store: Store, banked: BankedStory, notes: StoryNotes) -> BankedStory:
    """Keep the notes of a story, and return it with them."""
    now = datetime.now(UTC)
    store.stories.keep_notes(banked.story, notes, now)
    return banked.model_copy(update={"notes": notes, "updated_at": now})


def notes_reader(settings: Settings, bank: QuestionBank) -> ReadNotes:
    """Return what measures notes, by the rules that a told story is measured by."""
    analyzer = Analyzer(settings, bank)
    return lambda text: analyzer.assess(transcript_of_text(text), source="", framework="star").analysis


def card_of(banked: BankedStory, read: ReadNotes) -> StoryCard:
    """Return a story with what its notes lack."""
    return StoryCard(**dict(banked), gaps=gaps(banked.notes, read))


def competencies_of(bank: QuestionBank, names: Iterable[str]) -> tuple[str, ...]:
    """Return competencies and principles as the bank spells them, each once.

    Raises:
        UnknownNameError: The bank knows one of them not; the message names the closest.
    """
    return tuple(dict.fromkeys(bank.competency(name) for name in names))
