"""The plan of practice until an interview, and the jobs that a candidate prepares for."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, Self

from pydantic import AwareDatetime, Field

from voicemock.errors import InputError
from voicemock.models.questions import FoundTopic, QuestionSummary
from voicemock.models.stories import slug_of_name, visible_name
from voicemock.models.transcript import SCHEMA_VERSION, Model

PlanItemKind = Literal[
    "part",
    "measure",
    "story",
    "new_story",
    "story_gap",
    "question",
    "pillar",
    "competency",
    "follow_ups",
    "loop",
    "light",
]
PlanBlockKind = Literal["day", "weeks", "rehearsal", "light", "interview"]


class PlanItem(Model):
    """One thing to practice."""

    kind: PlanItemKind
    what: str
    command: str | None
    """To be copied as it is; None where nothing is to be run."""
    minutes: int
    why: str
    """From the candidate's own numbers, where there are any."""
    times: int = 1
    """How often in a block of weeks."""


class PlanBlock(Model):
    """A day, or weeks that are planned together because they are far away."""

    kind: PlanBlockKind
    starts_on: date
    ends_on: date
    """The same as ``starts_on`` for a day."""
    practice_days: int
    items: tuple[PlanItem, ...]

    @property
    def minutes(self) -> int:
        """Of all items together."""
        return sum(item.minutes * item.times for item in self.items)


class PracticePlan(Model):
    """The practice until the interview. It is not kept: each time it is made from the answers so far."""

    schema_version: Literal[1] = SCHEMA_VERSION
    today: date
    interview_on: date
    days_left: int
    minutes_per_day: int
    days_off: tuple[str, ...]
    """Names of weekdays, "saturday"."""
    loop: str | None
    """Name of the loop that it prepares for; None where none is known."""
    rests_on: int
    """Answers that it was made from; 0 for a beginner's plan."""
    blocks: tuple[PlanBlock, ...]


LONGEST_JOB_NAME: Final = 60
LONGEST_JOB_SLUG: Final = 240
"""Bytes; it is the name of a file, with 11 more while that is written. One ligature may stand for 18 letters."""
"""Characters; the name is a file's name too."""

LONGEST_JOB_TEXT: Final = 100_000
"""Characters of a description or of notes; a long job description has about 10,000."""


class Job(Model):
    """A job and what is known about it. Nothing of it leaves the machine."""

    slug: str = Field(pattern=r"^[^\W_]+(-[^\W_]+)*$")
    """The words of its name in lower case, joined by hyphens: what it is kept and found by."""
    name: str = Field(min_length=1, max_length=LONGEST_JOB_NAME)
    company: str | None = None
    """As questions name it: lower-case words joined by dashes; None where it was not said."""
    description: str = Field(default="", max_length=LONGEST_JOB_TEXT)
    notes: str = Field(default="", max_length=LONGEST_JOB_TEXT)
    """The candidate's notes on the company."""
    added_at: AwareDatetime

    @classmethod
    def slug_of(cls, name: str) -> str:
        """Return the slug that a name is kept under.

        Raises:
            InputError: It has neither a letter nor a digit, or is too long.
        """
        slug = slug_of_name(name.strip(), "job", LONGEST_JOB_NAME)
        if len(slug.encode()) > LONGEST_JOB_SLUG:
            raise InputError("The name of a job is too long written out in letters. Choose a shorter one.")
        return slug

    @classmethod
    def named(cls, name: str, *, description: str, notes: str, company: str | None, added_at: AwareDatetime) -> Self:
        """Return a job of a name, without line ends, tabs and invisible characters.

        Raises:
            InputError: It cannot be the name of a job.
        """
        shown = visible_name(name)
        return cls(
            slug=cls.slug_of(shown),
            name=shown,
            company=company,
            description=description,
            notes=notes,
            added_at=added_at,
        )

    @property
    def text(self) -> str:
        """Everything that is known."""
        return f"{self.description}\n{self.notes}"


class JobCard(Model):
    """The output of ``voicemock job list --json`` and ``show --json``: a job, its topics and likely questions."""

    job: Job
    topics: tuple[FoundTopic, ...]
    questions: tuple[QuestionSummary, ...]
    """As they would come up, the likeliest first."""
