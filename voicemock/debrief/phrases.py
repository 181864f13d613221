"""What the debrief says, as data: several wordings for each thing, as in the feedback."""

from __future__ import annotations

from functools import cache
from typing import Final

from pydantic import model_validator

from voicemock.content import load_yaml, prompts_folder
from voicemock.debrief.watched import GOODS, HABITS, Counted
from voicemock.feedback.numerals import in_words
from voicemock.feedback.phrases import Wordings, check_names, check_wordings
from voicemock.models import Model

_NOUNS: Final[dict[Counted, tuple[str, str]]] = {
    "answers": ("answer", "answers"),
    "stories": ("story", "stories"),
    "questions": ("question", "questions"),
    "follow_ups": ("follow-up", "follow-ups"),
}

HABIT_NAMES: Final = frozenset({"unanswered", "follow_ups", *(habit.name for habit in HABITS)})
GOOD_NAMES: Final = frozenset({"follow_ups", *(good.name for good in GOODS)})


class HabitPhrases(Model):
    """How something to change is worded; ``{of_them}`` is "three of five stories"."""

    written: Wordings
    spoken: Wordings
    drill: Wordings
    """What to do before the next time, where no answer's feedback has a drill for it."""


class GoodPhrases(Model):
    """How something good is worded; ``{quote}`` is a few of the candidate's words."""

    written: Wordings
    spoken: Wordings


class DebriefPhrases(Model):
    """All wording of the debrief: the shape of ``prompts/debrief.yaml``."""

    opening: Wordings
    """All questions were answered. Of several: ``{questions}``."""
    opening_one: Wordings
    opening_story: Wordings
    """A story was told without a question."""
    opening_some: Wordings
    """Some were not: ``{answered}`` of ``{questions}``."""
    nothing: Wordings
    """Not one answer to speak of."""
    habits: dict[str, HabitPhrases]
    goods: dict[str, GoodPhrases]
    single_priority: Wordings
    """``{priority}``: what the feedback put first in one answer, in its own words."""
    no_priority: Wordings
    before_the_day: Wordings
    """Leads to the drill: ``{drill}``."""
    asked_back: Wordings
    asked_nothing: Wordings
    closing: Wordings

    @model_validator(mode="after")
    def _wording_is_complete(self) -> DebriefPhrases:
        check_names("habit", self.habits.keys(), HABIT_NAMES)
        check_names("good", self.goods.keys(), GOOD_NAMES)
        for name, habit in self.habits.items():
            part = {"part"} if name == "missing_part" else set()
            check_wordings(name, habit.written + habit.spoken, {"of_them", *part})
            check_wordings(name, habit.drill, part)
        for name, good in self.goods.items():
            check_wordings(name, good.written, {"of_them"})
            check_wordings(name, good.spoken, {"of_them", "quote"})
        for name, allowed in _VALUES.items():
            check_wordings(name, getattr(self, name), allowed)
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
