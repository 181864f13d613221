"""The wording of the debrief, from ``prompts/debrief.yaml``, and the debrief as the interviewer says it."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Final

from pydantic import model_validator

from voicemock.coaching.spoken_numbers import in_words
from voicemock.coaching.watched import GOODS, HABITS, Counted
from voicemock.content.unsaid import new_sentences
from voicemock.content.wording import Wordings, check_points, check_wordings, word
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Debrief, Model, Pattern

DEBRIEF_WORDS: Final = 160
"""Most words spoken: 57 s at 170 words a minute."""
MOST_STRENGTHS: Final = 2
_LEFT_OUT_FIRST: Final = ("asked_back", "second_strength", "told_twice", "closing", "first_strength", "work")

_NOUNS: Final[dict[Counted, tuple[str, str]]] = {
    "answers": ("answer", "answers"),
    "stories": ("story", "stories"),
    "questions": ("question", "questions"),
    "follow_ups": ("follow-up", "follow-ups"),
}

_COUNT: Final = frozenset({"of_them"})

HABIT_VALUES: Final = {
    name: frozenset({"part"} if name == "missing_part" else ())
    for name in ("unanswered", "follow_ups", *(habit.name for habit in HABITS))
}

GOOD_VALUES: Final = {name: frozenset[str]() for name in ("follow_ups", *(good.name for good in GOODS))}


class HabitPhrases(Model):
    """Wordings for a habit to change; ``{of_them}`` is "three of five stories"."""

    written: Wordings
    spoken: Wordings
    drill: Wordings
    """Used if no answer's feedback has a drill for it."""


class GoodPhrases(Model):
    """Wordings for something good; ``{quote}`` is a few of the candidate's words."""

    written: Wordings
    spoken: Wordings


class ToldTwicePhrases(Model):
    """Wordings for a story that was told to two questions; ``{first}`` and ``{again}`` are the answers: "two"."""

    written: Wordings
    spoken: Wordings


class DebriefPhrases(Model):
    """All wording of the debrief: the shape of ``prompts/debrief.yaml``."""

    opening: Wordings
    """All of several ``{questions}`` were answered."""
    opening_one: Wordings
    opening_story: Wordings
    """A story was told without a question."""
    opening_some: Wordings
    """Only ``{answered}`` of ``{questions}`` were answered."""
    nothing: Wordings
    """There is no answer to speak of."""
    habits: dict[str, HabitPhrases]
    goods: dict[str, GoodPhrases]
    told_twice: ToldTwicePhrases
    single_priority: Wordings
    """``{priority}`` is what the feedback put first in one answer, in its own words."""
    no_priority: Wordings
    before_the_day: Wordings
    """Leads to the ``{drill}``."""
    drill_again: Wordings
    """Refers to a drill that was given after an answer."""
    asked_back: Wordings
    asked_nothing: Wordings
    closing: Wordings

    @model_validator(mode="after")
    def _wording_is_complete(self) -> DebriefPhrases:
        check_points("habit", self.habits, HABIT_VALUES, {"written": _COUNT, "spoken": _COUNT, "drill": set()})
        check_points("good", self.goods, GOOD_VALUES, {"written": _COUNT, "spoken": _COUNT | {"quote"}})
        for wordings in (self.told_twice.written, self.told_twice.spoken):
            check_wordings("told_twice", wordings, {"first", "again"})
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
    "drill_again": set(),
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
    """Return a count out of a total in words: "both stories", "three of five answers", "your answer"."""
    one, many = _NOUNS[counted]
    if of == 1:
        return f"your {one}"
    if count == of:
        return f"both {many}" if of == 2 else f"all {in_words(of)} {many}"
    return f"{in_words(count)} of {in_words(of)} {many}"


def spoken_debrief(debrief: Debrief, phrases: DebriefPhrases | None = None, said: Collection[str] = ()) -> str:
    """Return what the interviewer says at the end, in under a minute. The same debrief gives the same words.

    Args:
        debrief: Of the session.
        phrases: The wording; by default all of it.
        said: What was said in the session: no sentence of it is said again.

    Raises:
        ContentError: ``prompts/debrief.yaml`` is missing or breaks its schema.
    """
    wording = phrases or load_debrief_phrases()
    seed = debrief.model_dump_json(exclude={"told_twice", "level"})
    if not debrief.answered:
        return word(wording.nothing, {}, seed)
    strengths = [_good(pattern, wording, seed) for pattern in _chosen(debrief)] + ["", ""]
    pieces = {
        "opening": _opening(debrief, wording, seed),
        "first_strength": strengths[0],
        "second_strength": strengths[1],
        "work": _work(debrief, wording, seed),
        "drill": _drill(debrief, wording, seed, said),
        "told_twice": _told_twice(debrief, wording, seed),
        "asked_back": _asked_back(debrief, wording, seed),
        "closing": word(wording.closing, {}, f"{seed}|closing"),
    }
    pieces = {name: new_sentences(piece, said) for name, piece in pieces.items()}
    for left_out in _LEFT_OUT_FIRST:
        if sum(len(piece.split()) for piece in pieces.values()) > DEBRIEF_WORDS:
            pieces[left_out] = ""
    return " ".join(piece[0].upper() + piece[1:] for piece in pieces.values() if piece)


def _chosen(debrief: Debrief) -> tuple[Pattern, ...]:
    """Return at most two things that are good throughout, quoted ones first; else one that was good in some answers."""
    throughout = [pattern for pattern in debrief.strengths if pattern.kind == "consistent"]
    if throughout:
        return tuple(sorted(throughout, key=lambda pattern: pattern.quote is None)[:MOST_STRENGTHS])
    return debrief.strengths[:1]


def _opening(debrief: Debrief, wording: DebriefPhrases, seed: str) -> str:
    values = {"questions": in_words(debrief.questions), "answered": in_words(debrief.answered)}
    if debrief.is_story:
        templates = wording.opening_story
    elif debrief.questions == 1:
        templates = wording.opening_one
    else:
        templates = wording.opening if debrief.answered == debrief.questions else wording.opening_some
    return word(templates, values, f"{seed}|opening")


def _good(pattern: Pattern, wording: DebriefPhrases, seed: str) -> str:
    values = {"of_them": counted_text(pattern.count, pattern.of, pattern.counted)}
    if pattern.quote is not None:
        values["quote"] = " ".join(pattern.quote.split()).strip(" ,.;:!?-\"'\N{EM DASH}")
    return word(wording.goods[pattern.name].spoken, values, f"{seed}|{pattern.name}")


def _work(debrief: Debrief, wording: DebriefPhrases, seed: str) -> str:
    """Say what to work on: the habit, or else what the feedback put first in one answer."""
    if debrief.next_work is None:
        return word(wording.no_priority, {}, f"{seed}|work")
    if debrief.to_work_on or debrief.answered == 1:
        return debrief.next_work.spoken
    return word(wording.single_priority, {"priority": debrief.next_work.spoken}, f"{seed}|work")


def _drill(debrief: Debrief, wording: DebriefPhrases, seed: str, said: Collection[str]) -> str:
    """Return the drill, or a reference to it where it was given after an answer."""
    if debrief.next_work is None or debrief.next_work.drill is None:
        return ""
    if new_sentences(debrief.next_work.drill, said) != debrief.next_work.drill:
        return word(wording.drill_again, {}, f"{seed}|drill")
    return word(wording.before_the_day, {"drill": debrief.next_work.drill}, f"{seed}|drill")


def _told_twice(debrief: Debrief, wording: DebriefPhrases, seed: str) -> str:
    """Say that a story was told twice, of the first one alone."""
    if not debrief.told_twice:
        return ""
    first, again = map(in_words, debrief.told_twice[0].positions)
    return word(wording.told_twice.spoken, {"first": first, "again": again}, f"{seed}|told_twice")


def _asked_back(debrief: Debrief, wording: DebriefPhrases, seed: str) -> str:
    if not debrief.was_asked_back:
        return ""
    if not debrief.asked_back:
        return word(wording.asked_nothing, {}, f"{seed}|asked")
    count = len(debrief.asked_back)
    values = {"count": "one question" if count == 1 else f"{in_words(count)} questions"}
    return word(wording.asked_back, values, f"{seed}|asked")
