"""Stories: what is told again and again until it sits.

What a candidate wrote down about a story, and what the notes of all stories cover.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Final, Literal, Self

from pydantic import AwareDatetime, Field

from voicemock.errors import InputError
from voicemock.models.questions import FrameworkName
from voicemock.models.transcript import Model

LONGEST_NAME: Final = 100
"""Characters; a longer name is a story, not its name."""

_WORD = re.compile(r"[^\W_]+")


class Story(Model):
    """A story of the candidate's own, under the name it was first given."""

    slug: str = Field(pattern=r"^[^\W_]+(-[^\W_]+)*$")
    """The words of its name in lower case, joined by hyphens: what it is kept and found by."""
    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    framework: FrameworkName
    """What it is held against, as last chosen."""

    @classmethod
    def named(cls, name: str, framework: FrameworkName = "star") -> Self:
        """Return the story of a name; line ends, tabs and what cannot be seen are left out of it.

        Raises:
            InputError: The name is too long, or has neither a letter nor a digit.
        """
        shown = " ".join("".join(char for char in name if char.isprintable() or char.isspace()).split())
        words = _WORD.findall(unicodedata.normalize("NFKC", shown).casefold())
        if not words:
            raise InputError(f"{shown!r} is no name for a story: give it at least one letter or digit.")
        if len(shown) > LONGEST_NAME:
            raise InputError(f"The name of a story has at most {LONGEST_NAME} characters, this one {len(shown)}.")
        return cls(slug="-".join(words), name=shown, framework=framework)

    @property
    def key(self) -> str:
        """What two spellings of one name have in common: "kafkamigration"."""
        return self.slug.replace("-", "")


STORY_PARTS: Final = ("situation", "task", "action", "result")
"""The fields of the notes that tell the story, in the order it is told."""

LONGEST_NOTE: Final = 20_000
"""Characters of one field; a story of four minutes has about 3,500."""

Note = Annotated[str, Field(max_length=LONGEST_NOTE)]
NoteField = Literal["situation", "task", "action", "result", "metrics", "trade_offs", "technology"]
GapKind = Literal[
    "no_situation",
    "no_task",
    "no_action",
    "no_result",
    "no_number",
    "no_trade_off",
    "no_technology",
    "only_we",
    "only_coordination",
    "thin_action",
    "shows_nothing",
]


class StoryNotes(Model):
    """A story in writing. A field that is empty was not written yet."""

    situation: Note = ""
    task: Note = ""
    action: Note = ""
    result: Note = ""
    metrics: Note = ""
    """The numbers, and what they measure."""
    trade_offs: Note = ""
    """What was given up for what, and why."""
    technology: Note = ""
    """The technology that the candidate must be able to explain."""
    spoken: tuple[NoteField, ...] = ()
    """Fields that hold the candidate's exact words as they were told aloud, not yet edited."""
    shows: tuple[str, ...] = ()
    """Competencies and principles of the question bank, in the order they were linked."""

    def text_of(self, field: NoteField) -> str:
        """Return what a field holds."""
        return str(getattr(self, field))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written down at all."""
        return not self.shows and not any(self.text_of(field).strip() for field in NOTE_FIELDS)


NOTE_FIELDS: Final[tuple[NoteField, ...]] = (
    "situation",
    "task",
    "action",
    "result",
    "metrics",
    "trade_offs",
    "technology",
)
"""Every field that is written, in the order it is asked for."""


class BankedStory(Model):
    """A story with its notes and how often it was told."""

    story: Story
    notes: StoryNotes = StoryNotes()
    updated_at: AwareDatetime | None = None
    """When the notes were changed last; None where there are none."""
    takes: int = Field(default=0, ge=0)
    last_told_at: AwareDatetime | None = None
    last_duration_s: float | None = None


class Gap(Model):
    """Something that the notes of a story lack."""

    kind: GapKind
    text: str
    """What to do about it, a sentence."""
    quote: str | None = None
    """The words that it is about; None where it is about words that are not there."""


class StoryCard(BankedStory):
    """What ``voicemock stories list --json`` and ``show --json`` print: a story with what its notes lack."""

    gaps: tuple[Gap, ...]


class Suggestion(Model):
    """A guess that a story may show a competency."""

    story: str
    words: tuple[str, ...]
    """Of its notes, on which the guess rests."""


class CoveredCompetency(Model):
    """One competency or principle that a company asks stories for."""

    competency: str
    question_ids: tuple[str, ...]
    """Questions that ask for a story of it: the company's own, or those asked everywhere where it has none."""
    stories: tuple[str, ...]
    """Names of the stories whose notes say that they show it; those told at least once first."""
    suggestions: tuple[Suggestion, ...]
    """Stories that are not linked to it but have words of it. A guess."""


class NextStory(Model):
    """The story to tell next, and why."""

    story: str
    competencies: tuple[str, ...]
    """Those it shows that no other told story shows; of a guess, those it may show."""
    guessed: bool
    """Whether it rests on words alone: no link of a story that was not told shows anything new."""
    reason: str


class StoryCoverage(Model):
    """What ``voicemock stories coverage --json`` prints: which of a company's competencies one's stories show."""

    company: str
    title: str
    competencies: tuple[CoveredCompetency, ...]
    """Those that no story shows first, then those with the fewest stories."""
    gaps: tuple[str, ...]
    """Competencies that no story shows."""
    next_story: NextStory | None
    """None where there is no story at all."""
