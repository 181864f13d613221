"""The one thing to work on next, with its drill."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from voicemock.debrief.judged import Judged
from voicemock.debrief.phrases import DebriefPhrases, counted_text
from voicemock.debrief.watched import HABITS
from voicemock.feedback.findings import finding_of
from voicemock.feedback.phrases import load_phrases, word
from voicemock.feedback.wording import said
from voicemock.models import NextWork, Pattern

NOTHING_TO_FIX: Final = "follow_up"
"""The finding of an answer in which nothing big has to change."""


def next_work(habits: Sequence[Pattern], judged: Sequence[Judged], phrases: DebriefPhrases) -> NextWork | None:
    """Return the most important habit; without one, what weighs most in a single answer.

    Args:
        habits: What recurs, the most important first.
        judged: The answers to questions of their own.
        phrases: The wording.
    """
    if not habits:
        return _of_one_answer(judged)
    habit = habits[0]
    wording, part = phrases.habits[habit.name], {"part": habit.part} if habit.part else {}
    seed = f"{habit.positions}|{habit.name}"
    values = part | {"of_them": counted_text(habit.count, habit.of, habit.counted)}
    return NextWork(
        name=habit.name,
        text=habit.text,
        spoken=word(wording.spoken, values, f"{seed}|spoken"),
        drill=_drill_for(habit, judged) or word(wording.drill, part, f"{seed}|drill"),
        positions=habit.positions,
    )


def _drill_for(habit: Pattern, judged: Iterable[Judged]) -> str | None:
    """Return the drill that the feedback gave for the same thing, the last time it came first."""
    names = frozenset[str]().union(*(each.priorities for each in HABITS if each.name == habit.name))
    drills = [
        each.answer.assessment.feedback.drill
        for each in judged
        if each.position in habit.positions
        and each.answer.assessment
        and each.priorities
        and each.priorities[0].name in names
    ]
    return next((drill for drill in reversed(drills) if drill), None)


def _of_one_answer(judged: Iterable[Judged]) -> NextWork | None:
    """Return the first thing to fix of the answer that it limits most, in the words of its feedback."""
    found = [each for each in judged if each.priorities and each.priorities[0].name != NOTHING_TO_FIX]
    if not found:
        return None
    chosen = max(found, key=lambda each: each.severity_of(frozenset({each.priorities[0].name})))
    first, assessment, heard = chosen.priorities[0], chosen.answer.assessment, chosen.heard
    if assessment is None or heard is None:
        return None
    spoken = said(finding_of(first), load_phrases().priorities[first.name].spoken, heard, assessment.transcript)
    points = assessment.feedback.points
    return NextWork(
        name=first.name,
        text=next((point.text for point in points if point.kind == "priority"), spoken),
        spoken=spoken,
        drill=assessment.feedback.drill,
        positions=(chosen.position,),
    )
