"""A language model beside the interview: follow-ups, clarifications and second opinions, in the background.

``probing`` and ``judge`` say what is asked and what passes, ``server`` asks it. The built-in coach never waits: it
speaks first, and whatever the model has not said within its seconds, or what does not pass, is left out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final, Generic, TypeVar, cast

from voicemock.coaching.findings import NO_ANSWERS
from voicemock.coaching.language_model.briefing import Guidance, LanguageModel, Shares, load_guidance
from voicemock.coaching.language_model.checks import Refusal, RefusedAnswerError
from voicemock.coaching.language_model.judge import (
    JudgeBrief,
    brief_judge,
    hold_against,
    questions_for,
    read_table,
)
from voicemock.coaching.language_model.probing import (
    ClarifyBrief,
    ProbeBrief,
    UnfitProbeError,
    check_clarification,
    check_probe,
)
from voicemock.coaching.language_model.providers import time_limit, with_known_server
from voicemock.errors import LanguageModelError, VoicemockError
from voicemock.models import Assessment, Framework, Question, SecondOpinion
from voicemock.settings import Settings
from voicemock.speech.engines import engine_class

T = TypeVar("T")

_LEFT_BEHIND: Final = 2
"""While this many threads are stuck in a model, no other request is started."""
_FAREWELL_S: Final = 2.0
"""Longest time that ``close`` waits for threads to end."""
TRIAL_TIMES: Final = 11
"""The example of the task, 40 words, is told so often: three minutes at the median pace."""
LATE: Final = "late"
"""Why there is no second opinion where the model had not finished when it was asked about something else."""

OpenModel = Callable[[float], LanguageModel]
"""Makes a model that may take so many seconds, without delay. It is closed when its request is dropped."""


@dataclass(slots=True, eq=False)
class _Work(Generic[T]):
    """One request on its thread. The result is set before the event that announces it."""

    about: object
    """Equal where the same is asked."""
    model: LanguageModel
    run: Callable[[LanguageModel], T]
    result: T | None = None
    took_s: float = 0.0
    is_done: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def start(self) -> None:
        self.thread = threading.Thread(target=self._run, name="language model", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        began = perf_counter()
        try:
            self.result = self.run(self.model)
        finally:
            self.took_s = perf_counter() - began
            self.is_done.set()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What came of asking for the next turn."""

    question: Question | None
    refused: str | None


class SecondOpinions:
    """A language model beside the interview.

    All methods may be called from any thread, and none but ``probe`` and ``clarify`` waits, no longer than it is told;
    ``close`` waits at most two seconds. One request is worked on at a time: a new one drops the one before.

    Args:
        open_model: Makes a model for one request.
        budget_s: Seconds that all requests about one answer may take together.
        shares: How much of the answers the model may see.
        guidance: Its instructions, and the words its answers are checked against.
    """

    def __init__(self, open_model: OpenModel, *, budget_s: float, shares: Shares, guidance: Guidance) -> None:
        self.shares: Shares = shares
        self.guidance = guidance
        self._open_model = open_model
        self._budget_s = budget_s
        self._lock = threading.Lock()
        self._work: _Work[Any] | None = None
        self._spent_s = 0.0
        self._answer = 0
        self._judged: dict[int, _Work[SecondOpinion]] = {}
        self._refused: dict[int, list[str]] = {}
        self._facts: list[str] = []
        self._left_behind: list[threading.Thread] = []
        self._is_closed = False

    def begin(self, brief: ProbeBrief | None, answer: int) -> None:
        """Start to work out the next turn; does nothing if that was already started, or nothing may be seen.

        Args:
            brief: What the turn may be about.
            answer: Position of the main answer.
        """
        if brief is not None:
            self._start(answer, brief, lambda model: ask_further(brief, model, self.guidance))

    def probe(self, brief: ProbeBrief | None, within_s: float) -> Question | None:
        """Return the next turn that was begun with this brief, or None if there is none within this time."""
        work = self._work
        if brief is None or work is None or work.about != brief or not work.is_done.wait(within_s):
            return None
        asked = cast(_Asked | None, work.result)
        return asked.question if asked else None

    def clarify(self, question: Question, asked: str, answer: int, within_s: float) -> str | None:
        """Return the answer to a question of the candidate's about the case; None if there is none in time."""
        with self._lock:
            if answer != self._answer:
                self._facts = []
        brief = ClarifyBrief(question, asked, tuple(self._facts))
        work = self._start(answer, brief, lambda model: _clarify(brief, model, self.guidance))
        if work is None or not work.is_done.wait(within_s):
            return None
        fact = work.result
        if fact:
            self._facts.append(fact)
        return fact

    def judge(self, assessment: Assessment, framework: Framework, answer: int) -> None:
        """Start a second opinion on an answer that is over. ``opinions`` has it when it is there."""
        if self.shares != "transcript":
            return
        work = self._start(
            answer,
            (answer, assessment.transcript.text),
            lambda model: judge(assessment, framework, model, self.guidance),
        )
        if work is not None:
            self._judged[answer] = work

    def opinions(self, within_s: float = 0.0) -> dict[int, SecondOpinion]:
        """Return the second opinions that have arrived since the last call, by the position of the answer.

        Args:
            within_s: Longest wait for the one that is being worked on.
        """
        arrived: dict[int, SecondOpinion] = {}
        for answer, work in list(self._judged.items()):
            if work.is_done.wait(within_s if work is self._work else 0.0):
                del self._judged[answer]
                refused = tuple(self._refused.pop(answer, ()))
                found = work.result or SecondOpinion(model=work.model.name, reason=LATE)
                arrived[answer] = found.model_copy(update={"follow_ups_refused": refused})
        return arrived

    def close(self) -> dict[int, SecondOpinion]:
        """Stop, and return the second opinions that have not been fetched. Nothing can be begun after this."""
        with self._lock:
            self._is_closed = True
            self._drop()
            threads = tuple(self._left_behind)
        for thread in threads:
            thread.join(_FAREWELL_S / len(threads))
        return self.opinions()

    def _start(self, answer: int, about: object, run: Callable[[LanguageModel], T]) -> _Work[T] | None:
        """Start a request in place of the one before; return it, or None if there is no time or no model for it."""
        with self._lock:
            if self._work and self._work.about == about:
                return self._work
            if self._is_closed:
                return None
            self._drop()
            if answer != self._answer:
                self._answer, self._spent_s = answer, 0.0
            left_s = self._budget_s - self._spent_s
            if left_s <= 0 or len(self._left_behind) >= _LEFT_BEHIND:
                return None
            try:
                model = self._open_model(left_s)
            except VoicemockError:
                return None
            work = _Work(about, model, run)
            self._work = work
            work.start()
            return work

    def _drop(self) -> None:
        """Stop the current request, note what it took, and forget the threads that have ended."""
        work, self._work = self._work, None
        if work is not None:
            work.model.close()
            if work.is_done.is_set():
                self._spent_s += work.took_s
                if isinstance(work.result, _Asked) and work.result.refused:
                    self._refused.setdefault(self._answer, []).append(work.result.refused)
            if work.thread is not None:
                self._left_behind.append(work.thread)
        self._left_behind = [thread for thread in self._left_behind if thread.is_alive()]


def ask_further(brief: ProbeBrief, model: LanguageModel, guidance: Guidance) -> _Asked:
    """Return the model's next turn, or why it is not said."""
    try:
        answer = model.complete(brief.messages(guidance), brief.schema(guidance))
        return _Asked(check_probe(answer, brief, guidance), None)
    except LanguageModelError as error:
        return _Asked(None, error.reason)
    except RefusedAnswerError as error:
        return _Asked(None, error.refusal)
    except UnfitProbeError as error:
        return _Asked(None, error.fault)


def _clarify(brief: ClarifyBrief, model: LanguageModel, guidance: Guidance) -> str | None:
    try:
        answer = model.complete(brief.messages(guidance), brief.schema())
        return check_clarification(answer, brief, guidance)
    except (LanguageModelError, RefusedAnswerError, UnfitProbeError):
        return None


def judge(assessment: Assessment, framework: Framework, model: LanguageModel, guidance: Guidance) -> SecondOpinion:
    """Return a model's table of an answer, held against the reader's; ``reason`` says why there is none."""
    relevance = assessment.analysis.relevance
    if relevance is not None and relevance.kind in NO_ANSWERS:
        return SecondOpinion(model=model.name, reason="no_answer")
    brief = brief_judge(assessment, framework, guidance)
    if brief is None:
        return SecondOpinion(model=model.name, reason="nothing_to_judge")
    began = perf_counter()
    try:
        table = read_table(model.complete(brief.messages(guidance), brief.schema()), brief)
    except LanguageModelError as error:
        return SecondOpinion(model=model.name, reason=LATE if error.reason == "closed" else error.reason)
    except RefusedAnswerError as error:
        return SecondOpinion(model=model.name, reason=error.refusal)
    took_s = round(perf_counter() - began, 2)
    return SecondOpinion(model=model.name, took_s=took_s, opinions=hold_against(assessment, table))


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of trying out a model.

    Attributes:
        took_s: Seconds for an answer of three minutes.
        refusal: Why its table would be dropped; None if it would be used.
    """

    took_s: float
    refusal: Refusal | None = None


def try_out(model: LanguageModel, framework: Framework, guidance: Guidance) -> Trial:
    """Let a model judge a story of three minutes that is always the same, to see whether it can, and how fast.

    Raises:
        LanguageModelError: It does not answer, or not in time.
    """
    lines = guidance.judge_example.lines * TRIAL_TIMES
    brief = JudgeBrief("Tell me about a time when you had to step in.", lines, questions_for(framework, guidance))
    began = perf_counter()
    answer = model.complete(brief.messages(guidance), brief.schema())
    took_s = perf_counter() - began
    try:
        read_table(answer, brief)
    except RefusedAnswerError as error:
        return Trial(took_s, error.refusal)
    return Trial(took_s)


def load_language_model(settings: Settings, usual_s: float | None = None) -> LanguageModel | None:
    """Return the configured language model without calling it; None if it is off.

    ``settings.language_model`` is the address of a server on this machine, or ``ENGINE:MODEL`` for another engine.

    Args:
        settings: Name it.
        usual_s: Seconds that one request may take where the candidate has set none; by default those of the settings.

    Raises:
        LanguageModelError: The model does not run on this machine.
        UnknownNameError: No language model engine of that name is installed.
    """
    make = _language_model_maker(settings)
    return make(time_limit(settings, usual_s or settings.language_model_timeout_s)) if make else None


def load_for_answers(settings: Settings, usual_s: float) -> LanguageModel | None:
    """Return the language model as ``load_language_model`` does; None, too, if it may not see whole answers."""
    return load_language_model(settings, usual_s) if settings.language_model_shares == "transcript" else None


def load_second_opinions(settings: Settings) -> SecondOpinions | None:
    """Return the configured language model as it works beside an interview; None if it is off.

    Raises:
        LanguageModelError: The model does not run on this machine.
        UnknownNameError: No language model engine of that name is installed.
        ContentError: ``prompts/language_model.yaml`` breaks its schema.
    """
    make = _language_model_maker(settings)
    if make is None:
        return None
    budget_s = settings.language_model_timeout_s
    make(budget_s).close()  # a bad setting is reported now, not in the middle of an interview
    return SecondOpinions(make, budget_s=budget_s, shares=settings.language_model_shares, guidance=load_guidance())


def _language_model_maker(settings: Settings) -> OpenModel | None:
    settings = with_known_server(settings)
    where, engine = settings.language_model, "openai-compatible"
    if where is None or settings.second_opinion is False:
        return None
    if "//" not in where:
        engine, _, where = where.partition(":")
    make, name = engine_class("language_models", engine), settings.language_model_name
    return lambda timeout_s: cast(LanguageModel, make(where, model=name, timeout_s=timeout_s))
