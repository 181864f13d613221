"""Choices: what the user wants to practice on the page, and the agenda for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from voicemock.coaching.language_model.probing import MOST_TURNS
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import DEFAULT_STYLE, Style, StyleName
from voicemock.interview.agenda import DEFAULT_COUNT, Agenda, day_at
from voicemock.models import FrameworkName, Job, Level, Pillar, Question, Story
from voicemock.practice.jobs import probe_topics, questions_for
from voicemock.settings import Settings
from voicemock.store.jobs import JobShelf
from voicemock.store.store import Store

STYLES: Final[tuple[StyleName, ...]] = get_args(StyleName)


class Choice(BaseModel):
    """An interview to hold: a loop, a question, some of a pillar, a framework, a job or all, or one story."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    loop: str | None = Field(default=None, max_length=80)
    question: str | None = Field(default=None, max_length=120)
    pillar: Pillar | None = None
    framework: FrameworkName | None = None
    """The kind of answer."""
    job: str | None = Field(default=None, min_length=1, max_length=240)
    """A job that is kept: its topics choose questions and follow-ups."""
    story: str | None = Field(default=None, min_length=1, max_length=240)
    """A story to tell, kept or new; it cannot be combined with anything else."""
    count: int = Field(default=DEFAULT_COUNT, ge=1, le=20)
    """Number of questions if neither a loop nor a question is chosen."""
    takes: int = Field(default=1, ge=1, le=5)
    """How often each question is answered; a loop has one take."""
    minutes: float | None = Field(default=None, ge=5, le=480)
    """Time box of a loop; None: its own."""
    follow_ups: int | None = Field(default=None, ge=0, le=5)
    """None means as many as the style has, or none for a single question."""
    style: StyleName = DEFAULT_STYLE
    level: Level | None = None
    """The level that is practiced for; None: that of the settings."""
    silent: bool = False
    """Show the questions and do not speak."""
    calm: bool = False
    """Show only the clock while listening."""
    rate_yourself: bool | None = None
    """Ask for the candidate's own view before each feedback; None: as the setting says."""
    second_opinion: bool | None = None
    """Ask the language model that the candidate agreed to; None: as the setting says."""

    @model_validator(mode="after")
    def _goes_together(self) -> Choice:
        subjects = ("loop", "question", "pillar", "framework", "job", "story")
        chosen = [name for name in subjects if getattr(self, name) is not None]
        if len(chosen) > 1 and chosen not in (["loop", "job"], ["question", "job"]):
            raise ValueError(f"{' and '.join(chosen)} cannot be used together")
        return self

    def kept_job(self, settings: Settings) -> Job | None:
        """Return the job that is chosen, if one is.

        Raises:
            UnknownNameError: There is no such job.
            VoicemockError: It cannot be read, or no job can have that name.
        """
        return JobShelf(settings.data_dir).job(self.job) if self.job else None

    def told_story(self, settings: Settings) -> Story | None:
        """Return the story that is chosen, kept or new, if one is.

        Raises:
            VoicemockError: The stories cannot be read, or no story can have that name.
        """
        if self.story is None:
            return None
        with Store(settings.data_dir) as store:
            return store.stories.find(self.story) or Story.named(self.story)

    def agenda(self, bank: QuestionBank, style: Style, job: Job | None = None, level: Level | None = None) -> Agenda:
        """Return the agenda of the interview; a story's is empty.

        Args:
            bank: All questions.
            style: How the interviewer talks.
            job: The one that is chosen.
            level: Questions of it come first.

        Raises:
            UnknownNameError: No loop or question has that name.
        """
        is_free = self.follow_ups is None and not self.question
        return replace(self._agenda(bank, style, job, level), design_turns=MOST_TURNS if is_free else 0)

    def _agenda(self, bank: QuestionBank, style: Style, job: Job | None, level: Level | None) -> Agenda:
        follow_ups = self._follow_ups(style)
        if self.story is not None:
            return Agenda.of(())
        if self.loop:
            preferred = questions_for(job, bank) if job else ()
            return day_at(
                bank,
                self.loop,
                style=style,
                follow_ups=follow_ups,
                minutes=self.minutes,
                preferred=preferred,
                near=level,
            )
        if self.question:
            asked: tuple[Question, ...] = (bank.get(self.question),)
        elif job:
            asked = questions_for(job, bank, count=self.count)
        else:
            asked = bank.select(pillar=self.pillar, framework=self.framework, near=level, count=self.count)
        return Agenda.of(asked, follow_ups=follow_ups, takes=self.takes)

    def _follow_ups(self, style: Style) -> int:
        if self.follow_ups is not None:
            return self.follow_ups
        return 0 if self.question else style.follow_ups


def topics_of_probes(job: Job | None) -> frozenset[str]:
    """Return the topics of follow-ups in an interview for a job."""
    return probe_topics(job) if job else frozenset()
