"""What the debrief says, as data: several wordings for each thing, as in the feedback."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from pydantic import Field, model_validator

from voicemock.content import load_yaml, prompts_folder
from voicemock.debrief.watched import GOODS, HABITS, Counted
from voicemock.feedback.numerals import in_words
from voicemock.feedback.phrases import placeholders
from voicemock.models import Model

_NOUNS: Final[dict[Counted, tuple[str, str]]] = {
    "answers": ("answer", "answers"),
    "stories": ("story", "stories"),
    "questions": ("question", "questions"),
    "follow_ups": ("follow-up", "follow-ups"),
}

HABIT_NAMES: Final = frozenset({"unanswered", "follow_ups", *(habit.name for habit in HABITS)})
GOOD_NAMES: Final = frozenset({"follow_ups", *(good.name for good in GOODS)})

Wordings = tuple[str, ...]


class HabitPhrases(Model):
    """How something to change is worded; ``{of_them}`` is "three of five stories"."""

    written: Wordings = Field(min_length=1)
    spoken: Wordings = Field(min_length=1)
    drill: Wordings = Field(min_length=1)
    """What to do before the next time, where no answer's feedback has a drill for it."""


class GoodPhrases(Model):
    """How something good is worded; ``{quote}`` is a few of the candidate's words."""

    written: Wordings = Field(min_length=1)
    spoken: Wordings = Field(min_length=1)


class DebriefPhrases(Model):
    """All wording of the debrief: the shape of ``prompts/debrief.yaml``."""

    opening: Wordings = Field(min_length=1)
    """All questions were answered. Of several: ``{questions}``."""
    opening_one: Wordings = Field(min_length=1)
    opening_story: Wordings = Field(min_length=1)
    """A story was told without a question."""
    opening_some: Wordings = Field(min_length=1)
    """Some were not: ``{answered}`` of ``{questions}``."""
    nothing: Wordings = Field(min_length=1)
    """Not one answer to speak of."""
    habits: dict[str, HabitPhrases]
    goods: dict[str, GoodPhrases]
    single_priority: Wordings = Field(min_length=1)
    """``{priority}``: what the feedback put first in one answer, in its own words."""
    no_priority: Wordings = Field(min_length=1)
    before_the_day: Wordings = Field(min_length=1)
    """Leads to the drill: ``{drill}``."""
    asked_back: Wordings = Field(min_length=1)
    asked_nothing: Wordings = Field(min_length=1)
    closing: Wordings = Field(min_length=1)

    @model_validator(mode="after")
    def _wording_is_complete(self) -> DebriefPhrases:
        for kind, given, known in (("habit", self.habits, HABIT_NAMES), ("good", self.goods, GOOD_NAMES)):
            if given.keys() != known:
                raise ValueError(f"{kind}s without wording or unknown: {', '.join(sorted(given.keys() ^ known))}")
        for name, habit in self.habits.items():
            allowed = {"of_them"} | ({"part"} if name == "missing_part" else set())
            _check(name, (*habit.written, *habit.spoken), allowed)
            _check(name, habit.drill, allowed - {"of_them"})
        for name, good in self.goods.items():
            _check(name, good.written, {"of_them"})
            _check(name, good.spoken, {"of_them", "quote"})
        for name, allowed in _VALUES.items():
            _check(name, getattr(self, name), allowed)
        return self


_VALUES: Final[dict[str, set[str]]] = {
    "opening": {"questions"},
    "opening_one": set(),
    "opening_story": set(),
    "opening_some": {"questions", "answered"},
    "nothing": set(),
    "single_priority": {"priority"},
    "no_priority": set(),
    "before_the_day": {"drill"},
    "asked_back": {"count"},
    "asked_nothing": set(),
    "closing": set(),
}


@cache
def load_debrief_phrases() -> DebriefPhrases:
    """Read the wording.

    Raises:
        ContentError: ``prompts/debrief.yaml`` is missing or breaks its schema.
    """
    return load_yaml(prompts_folder() / "debrief.yaml", DebriefPhrases)


def counted_text(count: int, of: int, counted: Counted) -> str:
    """Return how many of how many, as people say it: "both stories", "three of five answers", "your answer"."""
    one, many = _NOUNS[counted]
    if of == 1:
        return f"your {one}"
    if count == of:
        return f"both {many}" if of == 2 else f"all {in_words(of)} {many}"
    return f"{in_words(count)} of {in_words(of)} {many}"


def _check(name: str, templates: Iterable[str], allowed: set[str]) -> None:
    for template in templates:
        if unknown := placeholders(template) - allowed:
            may = ", ".join(sorted(allowed)) or "none"
            raise ValueError(f"{name}: unknown placeholder {', '.join(sorted(unknown))}; it may use: {may}")
