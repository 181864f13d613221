"""Stories in words, for the terminal and the page: what they show, how often they were told, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from voicemock.coaching.spoken_numbers import clock, counted
from voicemock.content.questions import spelled
from voicemock.models import (
    BankedStory,
    CoveredCompetency,
    Framework,
    Gap,
    GapKind,
    NoteField,
    StoryCard,
    StoryCoverage,
    StoryNotes,
)
from voicemock.practice.story_bank import WHOLE_STORIES, FilledNotes, whole_stories
from voicemock.report.deletion import FOR_GOOD
from voicemock.report.rows import UNLABELED
from voicemock.report.safe_text import printable

FIELD_TITLES: Final[dict[NoteField, str]] = {
    "situation": "Situation",
    "task": "Task",
    "action": "Action",
    "result": "Result",
    "metrics": "Metrics",
    "trade_offs": "Trade-offs",
    "technology": "Technology",
}
AS_TOLD: Final = "as you told it"
"""Stands beside a field that holds the candidate's exact words."""
NOTHING: Final = "nothing"
NOTHING_MISSING: Final = "Nothing is missing in the notes, as far as they can be checked."
SHOWS_HINT: Final = "Competencies and principles, with commas between them: ownership, dive deep."
WHICH_PROGRAMS: Final = "Choose programs that you led yourself, where something was hard and you made the difference."
NOT_COVERED: Final = "no story"
NOTES_GONE: Final = "The notes are deleted. Its takes are kept"

_HINTS: Final[dict[NoteField, str]] = {
    "metrics": "The numbers, before and after, and where they come from: p99 800 ms to 480 ms, from the dashboard.",
    "trade_offs": "What you gave up, for what, and why: two weeks of dual writes, so that every step could be undone. "
    "It is kept as you write it, and not judged.",
    "technology": "What you must be able to explain when asked how it works: Kafka, session affinity, the ledger.",
}
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
_WORDS_OF_A_GUESS: Final = 3


class StoryRow(NamedTuple):
    """A line of the list of stories."""

    name: str
    shows: str
    takes: str
    last_told: str
    missing: str


def story_row(card: StoryCard) -> StoryRow:
    """Return the line of a story."""
    told = card.last_told_at
    missing = ", ".join(_SHORT[gap.kind] for gap in card.gaps) or NOTHING
    return StoryRow(
        printable(card.story.name),
        ", ".join(map(spelled, card.notes.shows)) or UNLABELED,
        str(card.takes),
        f"{told.astimezone():%Y-%m-%d}" if told else "never",
        "the notes" if card.notes.is_empty else missing,
    )


def field_hint(field: NoteField, star: Framework) -> str:
    """Return what belongs in a field of the notes."""
    return _HINTS.get(field) or next(part.purpose for part in star.parts if part.name == field)


def takes_text(banked: BankedStory) -> str:
    """Return how often a story was told, and when last: "2 takes, the last one 30 November 2026, 3:12"."""
    length = f", {clock(banked.last_duration_s)}" if banked.last_duration_s is not None else ""
    told = f", the last one {banked.last_told_at.astimezone():%d %B %Y}{length}" if banked.last_told_at else ""
    return f"{counted(banked.takes, 'take')}{told}"


def shows_text(notes: StoryNotes) -> str:
    """Return what a story shows."""
    return ", ".join(map(spelled, notes.shows)) or "nothing yet"


def gap_text(gap: Gap) -> str:
    """Return what is missing, with the words in question."""
    return f'{gap.text} You wrote: "{printable(gap.quote)}"' if gap.quote else gap.text


def whole_text(cards: Sequence[StoryCard]) -> str:
    """Return how many of the stories that a preparation needs lack nothing essential."""
    whole = whole_stories(cards)
    names = ", ".join(printable(card.story.name) for card in whole)
    return f"{len(whole)} of {WHOLE_STORIES} stories are complete{f': {names}' if names else ''}."


def left_out_text(filled: FilledNotes) -> str:
    """Return why words of a text went into no field, as their heading."""
    return f"Left out, {filled.why}:"


def deletion_question(banked: BankedStory) -> str:
    """Return what is asked before notes are deleted."""
    return f"Delete the notes of {printable(banked.story.name)!r}? {FOR_GOOD}"


def takes_question(sessions: int) -> str:
    """Return what is asked about the recordings of a story whose notes are deleted."""
    return f"Delete its recordings too ({counted(sessions, 'take')})?"


def coverage_text(found: StoryCoverage) -> str:
    """Return how much of what a company asks for is shown."""
    covered = len(found.competencies) - len(found.gaps)
    return f"{found.title}: {covered} of {len(found.competencies)} are shown by a story"


def guesses_text(row: CoveredCompetency) -> str:
    """Return the stories that may show a competency, each with the words that hint at it."""
    return "; ".join(
        f"{printable(each.story)}? ({printable(', '.join(each.words[:_WORDS_OF_A_GUESS]))})" for each in row.suggestions
    )


def next_reason_text(found: StoryCoverage) -> str:
    """Return why the next story is to be told; "" where there is no story."""
    story = found.next_story
    if story is None:
        return ""
    subjects = ", ".join(map(spelled, story.competencies))
    return f"{story.reason} ({'perhaps ' if story.guessed else ''}{subjects})" if subjects else story.reason
