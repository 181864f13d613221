"""A plan of practice until the day of an interview."""

from __future__ import annotations

from datetime import date
from typing import Literal

from voicemock.models.base import SCHEMA_VERSION, Model

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
    """What to practice until the interview. Nothing of it is kept: it is made anew from what was practiced."""

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
