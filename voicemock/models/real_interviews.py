"""Real interviews that a candidate had, and how practice before them agrees with what came of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from itertools import count
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import AwareDatetime, Field, field_validator

from voicemock.models.stories import slug_of_name, visible_name
from voicemock.models.transcript import SCHEMA_VERSION, Model

Outcome = Literal["passed", "failed", "waiting"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)

LONGEST_COMPANY: Final = 60
LONGEST_ROUND: Final = 60
LONGEST_ASKED: Final = 500
"""Characters of a question."""
MOST_ASKED: Final = 30
"""Questions of one interview."""
MOST_INTERVIEWS: Final = 500
"""Interviews in one file."""
ID: Final = r"^\d{4}-\d{2}-\d{2}(-[^\W_]+)+$"
_LONGEST_ID: Final = 64
_LONGEST_SLUG: Final = 40
"""Characters of a company's name in an id, which is a file's name too."""
_YEARS: Final = range(1971, 2200)

AskedText = Annotated[str, Field(min_length=1, max_length=LONGEST_ASKED)]


class RealInterview(Model):
    """One round of interviews at a company. Nothing of it leaves the machine."""

    id: str = Field(pattern=ID, max_length=_LONGEST_ID)
    """Day and company: "2026-12-01-acme"; numbered where there are several."""
    company: str = Field(min_length=1, max_length=LONGEST_COMPANY)
    round: str = Field(default="", max_length=LONGEST_ROUND)
    """As the candidate calls it: "phone screen"; empty where it was not said."""
    held_on: date
    asked: tuple[AskedText, ...] = Field(default=(), max_length=MOST_ASKED)
    """What was asked, a question each."""
    went: int | None = Field(default=None, ge=1, le=5)
    """How it went, in the candidate's own view, from 1 (badly) to 5 (well); None: unknown."""
    outcome: Outcome = "waiting"
    updated_at: AwareDatetime

    @field_validator("company", "round", mode="before")
    @classmethod
    def _on_one_line(cls, given: Any) -> Any:
        return visible_name(given) if isinstance(given, str) else given

    @field_validator("asked", mode="before")
    @classmethod
    def _asked_once(cls, given: Any) -> Any:
        if not isinstance(given, list | tuple) or not all(isinstance(each, str) for each in given):
            return given
        once: dict[str, str] = {}
        for line in filter(None, map(visible_name, given)):
            once.setdefault(line.casefold(), line)
        return tuple(once.values())

    @field_validator("held_on")
    @classmethod
    def _in_our_time(cls, given: date) -> date:
        if given.year not in _YEARS:
            raise ValueError("that year cannot be right")
        return given

    @classmethod
    def id_of(cls, company: str, held_on: date, taken: Collection[str]) -> str:
        """Return a free id.

        Raises:
            InputError: The company has neither a letter nor a digit in its name, or too long a name.
        """
        slug = slug_of_name(visible_name(company), "company", LONGEST_COMPANY)[:_LONGEST_SLUG].strip("-")
        first = f"{held_on:%Y-%m-%d}-{slug}"
        numbered: Iterable[str] = (f"{first}-{number}" for number in count(2))
        return first if first not in taken else next(each for each in numbered if each not in taken)

    @classmethod
    def made(cls, taken: Collection[str], **fields: Any) -> Self:
        """Return an interview of these fields with an id of its own.

        Raises:
            InputError: The company's name cannot be one.
            ValidationError: Another field cannot be.
        """
        return cls(id=cls.id_of(fields["company"], fields["held_on"], taken), **fields)


class RealInterviews(Model):
    """The file that ``voicemock log export`` writes and ``voicemock import`` reads."""

    kind: Literal["voicemock-real-interviews"] = "voicemock-real-interviews"
    schema_version: Literal[1] = SCHEMA_VERSION
    interviews: tuple[RealInterview, ...] = Field(max_length=MOST_INTERVIEWS)


PracticeUnit = Literal["share", "per_hundred_words"]
Relation = Literal["agrees", "disagrees", "no_clear_relation"]


class ComparedMeasure(Model):
    """A measure of practice before the interviews that were passed, and before those that were not."""

    name: str
    title: str
    unit: PracticeUnit
    higher_is_better: bool
    passed: float
    """Median over the interviews that were passed."""
    failed: float
    pairs: int
    """Pairs of an interview that was passed and one that was not."""
    better_in: int
    """Pairs in which practice was better before the one that was passed."""
    worse_in: int
    relation: Relation


class Agreement(Model):
    """Whether practice in the weeks before and outcomes agree. It looks back; nothing in it is a prediction."""

    weeks: int
    """How far before an interview practice counts."""
    outcomes: int
    """Interviews with an outcome."""
    passed: int
    """Of those with enough practice before."""
    failed: int
    fewest_answers: int
    """Answers that are enough practice."""
    measures: tuple[ComparedMeasure, ...]
    """Empty where there are too few interviews with practice, or all ended alike."""


class RealInterviewCard(Model):
    """The output of ``voicemock log list --json``: an interview, and the ids under which its questions are asked."""

    interview: RealInterview
    question_ids: tuple[str | None, ...]
    """One for each question asked; None where the bank does not hold it."""
