"""Questions of the bank in words: what they are about, what a strong answer covers, and which hold some words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from voicemock.coaching.spoken_numbers import counted
from voicemock.content.questions import QuestionBank, spelled
from voicemock.models import Question

YOUR_OWN: Final = "your own"
NONE_OF_YOUR_OWN: Final = "You have not written any questions yet."


class Section(NamedTuple):
    """A titled list of what there is to know about a question."""

    title: str
    lines: tuple[str, ...]


def subject_of(question: Question) -> str:
    """Return the pillar and the competency of a question: "program sense · late delivery"."""
    return f"{spelled(question.pillar.replace('_', '-'))} · {spelled(question.competency)}"


def described(question: Question) -> str:
    """Return what a question is about, for whom it is, and how long its answer should be."""
    low, high = (f"{t / 60:g}" for t in (question.target_min_s, question.target_max_s))
    own = f" · {YOUR_OWN}" if question.own else ""
    companies = ", ".join(question.companies) or "any company"
    return f"{subject_of(question)} · {question.level} · {companies} · {low} to {high} minutes{own}"


def sections_of(question: Question, bank: QuestionBank) -> tuple[Section, ...]:
    """Return what a strong answer covers, what spoils it, and how it is built."""
    framework = bank.framework(question.framework)
    parts = tuple(f"{part.title}: {part.purpose}" for part in framework.parts)
    return (
        Section("A strong answer covers", question.strong_answer),
        Section("Common mistakes", question.common_mistakes),
        Section(f"Built as {framework.title}", parts),
    )


def in_order(questions: Iterable[Question]) -> list[Question]:
    """Return questions in the order of a list: by pillar and competency."""
    return sorted(questions, key=lambda question: (question.pillar, question.competency))


def found_text(count: int) -> str:
    """Return how many questions a list has."""
    return f"{counted(count, 'question')}."


def kept_text(question: Question, path: Path) -> str:
    """Return where a question of the candidate's own is kept."""
    return f"It is kept as {question.id} in {path}"


def holding(questions: Iterable[Question], words: str) -> tuple[Question, ...]:
    """Return the questions that contain all the words, in any case and order."""
    wanted = words.casefold().split()
    return tuple(question for question in questions if all(word in _searched(question) for word in wanted))


def _searched(question: Question) -> str:
    return f"{question.id} {question.text} {described(question)}".casefold()
