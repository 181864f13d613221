"""Stories that a candidate practices, the notes on them, and the competencies that they cover."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import AwareDatetime, Field

from voicemock.errors import InputError
from voicemock.models.questions import FrameworkName
from voicemock.models.transcript import Model

LONGEST_NAME: Final = 100
"""Characters; a longer name is a story, not its name."""

STORY_PARTS: Final = ("situation", "task", "action", "result")
"""The fields of the notes that tell the story, in the order it is told."""

LONGEST_NOTE: Final = 20_000
"""Characters of one field; a story of four minutes has about 3,500."""

_WORD: Final = re.compile(r"[^\W_]+")

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

NOTE_FIELDS: Final[tuple[NoteField, ...]] = get_args(NoteField)
"""Every field that is written, in the order it is asked for."""


def visible_name(name: str) -> str:
    """Return a name without line ends, tabs and invisible characters."""
    return " ".join("".join(char for char in name if char.isprintable() or char.isspace()).split())


def slug_of_name(name: str, thing: str, longest: int) -> str:
    """Return the words of the name of a story or job in lower case, joined by hyphens.

    Raises:
        InputError: The name is too long, or has neither a letter nor a digit.
    """
    words = _WORD.findall(unicodedata.normalize("NFKC", name).casefold())
    if not words:
        raise InputError(f"{name!r} is not a name for a {thing}: give it at least one letter or digit.")
    if len(name) > longest:
        raise InputError(f"The name of a {thing} has at most {longest} characters, this one {len(name)}.")
    return "-".join(words)


class Story(Model):
    """A story of the candidate's own, under the name it was first given."""

    slug: str = Field(pattern=r"^[^\W_]+(-[^\W_]+)*$")
    """The words of its name in lower case, joined by hyphens: what it is kept and found by."""
    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    framework: FrameworkName
    """The framework for its answers, as last chosen."""

    @classmethod
    def named(cls, name: str, framework: FrameworkName = "star") -> Self:
        """Return the story of a name, without line ends, tabs and invisible characters.

        Raises:
            InputError: The name is too long, or has neither a letter nor a digit.
        """
        shown = visible_name(name)
        return cls(slug=slug_of_name(shown, "story", LONGEST_NAME), name=shown, framework=framework)

    @property
    def key(self) -> str:
        """The same for all spellings of one name: "kafkamigration"."""
        return self.slug.replace("-", "")


class StoryNotes(Model):
    """A story in writing. A field that is empty was not written yet."""

    situation: Note = ""
    task: Note = ""
    action: Note = ""
    result: Note = ""
    metrics: Note = ""
    """The numbers, and what they measure."""
    trade_offs: Note = ""
    """The price of each choice, and the reason for it."""
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
        """True if nothing was written down."""
        return not self.shows and not any(self.text_of(field).strip() for field in NOTE_FIELDS)


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
    """Advice on it, a sentence."""
    quote: str | None = None
    """The words that it is about; None where it is about words that are not there."""


class StoryCard(BankedStory):
    """The output of ``voicemock stories list --json`` and ``show --json``: a story, and the gaps in its notes."""

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
    """True if it rests on words alone: no link of an untold story shows anything new."""
    reason: str


class StoryCoverage(Model):
    """The output of ``voicemock stories coverage --json``: the company's competencies that the stories show."""

    company: str
    title: str
    competencies: tuple[CoveredCompetency, ...]
    """Those that no story shows first, then those with the fewest stories."""
    gaps: tuple[str, ...]
    """Competencies that no story shows."""
    next_story: NextStory | None
    """None where there is no story at all."""
