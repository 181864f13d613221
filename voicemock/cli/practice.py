"""``voicemock practice``: an interview out loud."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, ClassVar

import typer
from rich.console import Console

from voicemock.api import open_interview
from voicemock.cli.options import ListeningOptions, PillarName, with_options
from voicemock.cli.results import print_json
from voicemock.cli.screen import TerminalScreen
from voicemock.cli.second_opinion import with_second_opinion
from voicemock.cli.session import run_interview
from voicemock.coaching.language_model.probing import MOST_TURNS
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import Style, load_style
from voicemock.interview.agenda import DEFAULT_COUNT, Agenda, day_at
from voicemock.models import Job, Level, Question, SessionReport
from voicemock.practice.jobs import probe_topics, questions_for
from voicemock.report.terminal import Terminal
from voicemock.settings import Settings
from voicemock.speech.devices import device_of
from voicemock.store.jobs import JobShelf


@dataclass(frozen=True, kw_only=True)
class PracticeRequest(ListeningOptions):
    """The options of an interview. Those that choose the questions are None where they were not given."""

    help_order: ClassVar = (
        "loop pillar framework competency level question job count follow_ups style minutes takes feedback seed mic "
        "speaker realtime voice rate silent target patience wrap_up calm rate_yourself model language_model "
        "second_opinion data_dir as_json"
    )

    loop: Annotated[str | None, typer.Option(help="A company's loop: amazon, google, tpm ...", metavar="NAME")] = None
    pillar: PillarName = None
    framework: Annotated[
        str | None, typer.Option(help="One kind of answer: star, explain, pitch, program ...", metavar="NAME")
    ] = None
    competency: Annotated[
        str | None, typer.Option(help="One subject, such as earn-trust or ambiguity.", metavar="NAME")
    ] = None
    level: Annotated[
        str | None,
        typer.Option(
            help="The level you are aiming for: its questions come first, and the debrief says what is usual there.",
            metavar="mid|senior|staff|principal",
        ),
    ] = None
    question: Annotated[str | None, typer.Option(help="One question; see voicemock questions.", metavar="ID")] = None
    job: Annotated[
        str | None,
        typer.Option("--for", help="One of your jobs: its topics choose questions and follow-ups.", metavar="JOB"),
    ] = None
    count: Annotated[int | None, typer.Option(min=1, help="How many questions.", show_default="3")] = None
    follow_ups: Annotated[
        int | None,
        typer.Option(
            min=0, max=5, help="Maximum number of follow-ups per answer.", show_default="the style's; 0 with --question"
        ),
    ] = None
    style: Annotated[str, typer.Option(help="How the interviewer behaves.", metavar="warm|neutral|pressing")] = (
        "neutral"
    )
    minutes: Annotated[
        float | None, typer.Option(min=5, max=480, help="Time limit of a loop.", show_default="the loop's own")
    ] = None
    takes: Annotated[
        int, typer.Option(min=1, max=5, help="Answer each question this many times, with feedback in between.")
    ] = 1
    feedback: Annotated[
        str | None,
        typer.Option(
            help="When to give feedback: after each answer, or at the end.",
            metavar="each|end",
            show_default="end in a loop",
        ),
    ] = None
    seed: Annotated[
        int | None, typer.Option(help="A number; the same number asks the same questions again.", metavar="NUMBER")
    ] = None
    rate: Annotated[int | None, typer.Option(help="The interviewer's pace, in words per minute.", metavar="WPM")] = None
    silent: Annotated[
        bool, typer.Option("--silent", help="Show the questions and feedback instead of speaking them.")
    ] = False

    def agenda(self, bank: QuestionBank, style: Style, job: Job | None = None, level: Level | None = None) -> Agenda:
        """Return the agenda of the interview; ``job`` is the one that ``--for`` names."""
        self._refuse_contradictions()
        if self.loop:
            return self._day(bank, style, job, self.loop, level)
        agenda = Agenda.of(self._questions(bank, job, level), follow_ups=self._follow_ups(style), takes=self.takes)
        return self._discussing(agenda)

    def _discussing(self, agenda: Agenda) -> Agenda:
        """Return the agenda with more turns in a system design, unless it was said how many follow-ups there may be."""
        is_free = self.follow_ups is None and not self.question
        return replace(agenda, design_turns=MOST_TURNS) if is_free else agenda

    def _follow_ups(self, style: Style) -> int:
        if self.follow_ups is not None:
            return self.follow_ups
        return 0 if self.question else style.follow_ups

    def _day(self, bank: QuestionBank, style: Style, job: Job | None, name: str, level: Level | None) -> Agenda:
        """Return a loop's day with as many questions as its time allows, those of the job first."""
        day = day_at(
            bank,
            name,
            style=style,
            follow_ups=self._follow_ups(style),
            minutes=self.minutes,
            count=self.count,
            feedback_each=self._feedback_each,
            seed=self.seed,
            preferred=questions_for(job, bank, seed=self.seed) if job else (),
            near=level,
        )
        return self._discussing(day)

    def _questions(self, bank: QuestionBank, job: Job | None, level: Level | None) -> tuple[Question, ...]:
        """Choose the questions by the most specific option that was given."""
        if self.question:
            return (bank.get(self.question),)
        count = self.count or DEFAULT_COUNT
        if job:
            return questions_for(job, bank, count=count, seed=self.seed)
        return bank.select(
            pillar=self.pillar,
            framework=self.framework,
            competency=self.competency,
            near=level,
            count=count,
            seed=self.seed,
        )

    @property
    def _feedback_each(self) -> bool:
        return self.feedback == "each" if self.feedback else self.loop is None

    def _refuse_contradictions(self) -> None:
        subject = self.pillar or self.framework or self.competency
        subjects = "--pillar, --framework or --competency"
        if self.question and (self.loop or subject):
            raise typer.BadParameter(f"--question names one question; it cannot be used with --loop, {subjects}.")
        if self.loop and subject:
            raise typer.BadParameter(f"--loop has its own questions; it cannot be used with {subjects}.")
        if self.job and subject:
            raise typer.BadParameter(f"--for picks questions for the job; it cannot be used with {subjects}.")
        if self.feedback not in (None, "each", "end"):
            raise typer.BadParameter(f"--feedback is each or end, not {self.feedback!r}.")
        if self.loop and self.takes > 1:
            raise typer.BadParameter("--takes cannot be used with --loop: a real interview gives you one take.")
        if not self.loop and self.minutes is not None:
            raise typer.BadParameter("--minutes is the time limit of a loop. Name one with --loop, or use --count.")
        if not self.loop and self.feedback == "end":
            raise typer.BadParameter("--feedback end needs --loop, which has a debrief.")


@with_options
def practice(request: PracticeRequest) -> None:
    """Hold an interview out loud, recorded, measured and coached.

    voicemock practice asks three questions picked at random.

    voicemock practice --loop amazon --minutes 45 runs Amazon's loop like the real thing: follow-ups, time for your
    questions, and a debrief at the end.

    voicemock practice --question failed-program --takes 2 asks one question, twice.

    voicemock practice --for acme asks about the topics of a job that you added with voicemock job add.

    voicemock practice --loop tpm --level staff asks questions of that level first.

    voicemock practice --style pressing --follow-ups 2 gives you an interviewer who is hard to convince.

    voicemock practice --second-opinion lets a language model on this machine ask and judge, too, if you agree.

    While it listens: Enter or Space ends the answer, r repeats the question, s skips it, q ends the interview.
    Or say so: "give me a minute", "could you repeat the question?", "can we skip this one?", "let's stop here".
    While it speaks: Enter or Space skips the rest, q ends the interview, d tries the drill after the feedback.
    """
    settings = request.settings()
    style = load_style(request.style)
    job = JobShelf(settings.data_dir).job(request.job) if request.job else None
    if request.rate is None:
        settings = settings.model_copy(update={"rate": round(settings.rate * style.rate)})
    report = _interview(Terminal(stderr=request.as_json), settings, request, style, job)
    if request.as_json:
        print_json(report)


def _interview(
    console: Console, settings: Settings, request: PracticeRequest, style: Style, job: Job | None
) -> SessionReport:
    """Put the interview together and run it."""
    bank = QuestionBank.load()
    agenda = request.agenda(bank, style, job, settings.level)
    topics = probe_topics(job) if job else frozenset[str]()
    settings = with_second_opinion(console, settings)
    watches_level = not isinstance(device_of(settings.mic), Path)
    screen = TerminalScreen(console, bank, settings.target_s, calm=settings.calm, watches_level=watches_level)
    opening = open_interview(settings, agenda=agenda, bank=bank, style=style, topics=topics, screen=screen)
    return run_interview(console, settings, screen, opening)
