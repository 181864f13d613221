"""Choices: what the user wants to practice in the page, and the agenda that it makes."""

from __future__ import annotations

from typing import Final, get_args

from pydantic import BaseModel, ConfigDict, Field

from voicemock.content.questions import QuestionBank
from voicemock.content.styles import DEFAULT_STYLE, Style, StyleName
from voicemock.interview.agenda import DEFAULT_COUNT, Agenda, day_at
from voicemock.models import Pillar

STYLES: Final[tuple[StyleName, ...]] = get_args(StyleName)


class Choice(BaseModel):
    """An interview to hold: a loop, a question, or some questions of a pillar or of the whole bank."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    loop: str | None = Field(default=None, max_length=80)
    question: str | None = Field(default=None, max_length=120)
    pillar: Pillar | None = None
    count: int = Field(default=DEFAULT_COUNT, ge=1, le=20)
    """Questions, where neither a loop nor a question is chosen."""
    follow_ups: int | None = Field(default=None, ge=0, le=3)
    """None: as many as the style has; none for a single question."""
    style: StyleName = DEFAULT_STYLE
    silent: bool = False
    """Show the questions and do not speak."""
    calm: bool = False
    """Show only the clock while listening."""

    def agenda(self, bank: QuestionBank, style: Style) -> Agenda:
        """Return the agenda of the interview.

        Raises:
            UnknownNameError: No loop or question has that name.
        """
        if self.loop:
            return day_at(bank, self.loop, style=style, follow_ups=self._follow_ups(style))
        if self.question:
            return Agenda.of([bank.get(self.question)], follow_ups=self._follow_ups(style))
        return Agenda.of(bank.select(pillar=self.pillar, count=self.count), follow_ups=self._follow_ups(style))

    def _follow_ups(self, style: Style) -> int:
        if self.follow_ups is not None:
            return self.follow_ups
        return 0 if self.question else style.follow_ups
