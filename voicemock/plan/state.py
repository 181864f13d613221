"""What a plan is made from: what was practiced, what the loop asks for, and what no story covers yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from voicemock.analysis import ANALYSIS_VERSION
from voicemock.models import BankedStory, Framework, Loop, Measured, Pillar, Question
from voicemock.progress import Progress, look_back
from voicemock.questions import QuestionBank
from voicemock.store import MeasuredTake
from voicemock.story_bank import coverage


@dataclass(frozen=True)
class PracticeState:
    """Everything that decides what to practice.

    Attributes:
        progress: Looked back at, with today's rules.
        takes: Every answer, in the order of time.
        questions: Of the bank.
        frameworks: By name.
        loop: What is prepared for; None where that is not known.
        untold: Names of stories that were written down and not told yet.
        uncovered: Competencies of the loop's company that no story of the candidate shows; None where nobody knows.
    """

    progress: Progress
    takes: tuple[MeasuredTake, ...] = ()
    questions: tuple[Question, ...] = ()
    frameworks: dict[str, Framework] = field(default_factory=dict)
    loop: Loop | None = None
    untold: tuple[str, ...] = ()
    uncovered: tuple[str, ...] | None = None

    @cached_property
    def answers(self) -> tuple[MeasuredTake, ...]:
        """Answers of their own, no replies to follow-ups."""
        return tuple(take for take in self.takes if take.measured.is_whole)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was practiced yet."""
        return not self.answers

    @cached_property
    def last_by_question(self) -> dict[str, MeasuredTake]:
        """The newest answer to each question."""
        return {take.measured.question: take for take in self.answers if take.measured.question is not None}

    @cached_property
    def last_by_pillar(self) -> dict[Pillar, date]:
        """When each pillar was practiced last."""
        return {take.measured.pillar: answered_on(take) for take in self.answers if take.measured.pillar is not None}

    @cached_property
    def practiced_competencies(self) -> frozenset[str]:
        """Competencies of which a question was answered."""
        by_id = {question.id: question.competency for question in self.questions}
        return frozenset(by_id[name] for name in self.last_by_question if name in by_id)

    def competencies(self) -> Iterator[str]:
        """Yield those that the loop asks about; its rounds take turns, so that none waits for all others."""
        rounds = [list(block.competencies) for block in self.loop.rounds] if self.loop else []
        for place in range(max(map(len, rounds), default=0)):
            for block in rounds:
                if place < len(block):
                    yield block[place]

    def question_of(self, competency: str) -> Question | None:
        """Return the first question about a competency, one of the loop's company before one that everybody asks."""
        found = [question for question in self.questions if question.competency == competency]
        company = self.loop.company if self.loop else None
        return min(found, key=lambda each: (company not in each.companies, bool(each.companies)), default=None)


def state_of(
    takes: tuple[MeasuredTake, ...], stories: tuple[BankedStory, ...], loop: Loop, bank: QuestionBank, now: datetime
) -> PracticeState:
    """Return what a plan for a loop is made from; its gaps are known only where stories are linked.

    Args:
        takes: Every answer that is kept, in the order of time.
        stories: Every story that is kept.
        loop: What is prepared for.
        bank: Has the questions.
        now: What a trend is looked back from.
    """
    are_linked = any(banked.notes.shows for banked in stories)
    return PracticeState(
        progress=look_back(takes, bank.frameworks, current_version=ANALYSIS_VERSION, now=now),
        takes=takes,
        questions=bank.questions,
        frameworks={str(framework.name): framework for framework in bank.frameworks},
        loop=loop,
        untold=tuple(banked.story.name for banked in stories if not banked.takes),
        uncovered=coverage(loop.company, bank, stories).gaps if loop.company and are_linked else None,
    )


def answered_on(take: MeasuredTake) -> date:
    """Return the local day of an answer."""
    return take.recorded_at.astimezone().date()


def lacks(measured: Measured) -> tuple[str, ...]:
    """Return the parts that an answer lacked."""
    return tuple(part.name for part in measured.parts if not part.present)
