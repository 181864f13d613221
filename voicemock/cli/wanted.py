"""What somebody wants to practice, by the options they gave, and the agenda that comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import typer

from voicemock.agenda import Agenda, day_of, questions_that_fit
from voicemock.jobs import questions_for
from voicemock.models import Job, Question
from voicemock.questions import QuestionBank
from voicemock.styles import Style

DEFAULT_COUNT: Final = 3
"""Questions in an interview that names neither a loop, nor a question, nor a count."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options that choose what is asked; None is what was not given.

    Attributes:
        loop: Name of a loop.
        pillar: Name of a pillar.
        competency: Name of a competency.
        question: Id of the one question.
        job: A job that is kept.
        count: How many questions.
        seed: The same one draws the same.
        minutes: Time box of a loop.
        follow_ups: Most follow-ups to an answer.
        takes: How often each question is answered.
        feedback: "each" or "end".
    """

    loop: str | None = None
    pillar: str | None = None
    competency: str | None = None
    question: str | None = None
    job: Job | None = None
    count: int | None = None
    seed: int | None = None
    minutes: float | None = None
    follow_ups: int | None = None
    takes: int = 1
    feedback: str | None = None

    def agenda(self, bank: QuestionBank, style: Style) -> Agenda:
        """Return how the interview goes.

        Raises:
            typer.BadParameter: Two options contradict each other.
            UnknownNameError: A name is unknown, or nothing matches.
        """
        self._refuse_contradictions()
        if self.loop:
            return self._day(bank, style, self.loop)
        return Agenda.of(self._questions(bank), follow_ups=self._follow_ups(style), takes=self.takes)

    def _follow_ups(self, style: Style) -> int:
        if self.follow_ups is not None:
            return self.follow_ups
        return 0 if self.question else style.follow_ups

    def _day(self, bank: QuestionBank, style: Style, name: str) -> Agenda:
        """Return a loop's day, with as many questions as its time allows, those of the job first."""
        loop = bank.loop(name)
        minutes, follow_ups, feedback_each = self.minutes or loop.minutes, self._follow_ups(style), self._feedback_each
        fitting = questions_that_fit(minutes, follow_ups=follow_ups, feedback_each=feedback_each)
        preferred = questions_for(self.job, bank, seed=self.seed) if self.job else ()
        return day_of(
            bank.rounds_of(loop, seed=self.seed, count=self.count or fitting, preferred=preferred),
            loop=loop.name,
            style=style,
            minutes=minutes,
            follow_ups=follow_ups,
            feedback_each=feedback_each,
            seed="" if self.seed is None else str(self.seed),
        )

    def _questions(self, bank: QuestionBank) -> tuple[Question, ...]:
        """Pick the questions by the most particular thing that was asked for."""
        if self.question:
            return (bank.get(self.question),)
        count = self.count or DEFAULT_COUNT
        if self.job:
            return questions_for(self.job, bank, count=count, seed=self.seed)
        return bank.select(pillar=self.pillar, competency=self.competency, count=count, seed=self.seed)

    @property
    def _feedback_each(self) -> bool:
        return self.feedback == "each" if self.feedback else self.loop is None

    def _refuse_contradictions(self) -> None:
        subject = self.pillar or self.competency
        if self.question and (self.loop or subject):
            raise typer.BadParameter(
                "--question names one question; it does not go with --loop, --pillar or --competency."
            )
        if self.loop and subject:
            raise typer.BadParameter("--loop has its own questions; it does not go with --pillar or --competency.")
        if self.job and subject:
            raise typer.BadParameter("--for goes by the job; it does not go with --pillar or --competency.")
        if self.feedback not in (None, "each", "end"):
            raise typer.BadParameter(f"--feedback is each or end, not {self.feedback!r}.")
        if self.loop and self.takes > 1:
            raise typer.BadParameter("--takes does not go with --loop: on the day there is one take.")
        if not self.loop and self.minutes is not None:
            raise typer.BadParameter("--minutes is the time box of a loop. Name one with --loop, or use --count.")
        if not self.loop and self.feedback == "end":
            raise typer.BadParameter("--feedback end goes with --loop, which has a debrief.")
