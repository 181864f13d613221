"""Rewords feedback and asks further questions with a local language model, in the background and off by default.

``briefing`` chooses what the model may see, ``server`` asks it, and ``checks`` judges what comes back. The built-in
coach speaks whenever the model has nothing in time, or nothing that passes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final, cast

from voicemock.coaching.language_model.briefing import (
    Guidance,
    LanguageModel,
    Line,
    RewordingBrief,
    Shares,
    brief_probe,
    brief_rewording,
    load_guidance,
)
from voicemock.coaching.language_model.checks import (
    Refusal,
    RefusedAnswerError,
    UnfitProbeError,
    check_probe,
    check_rewording,
)
from voicemock.errors import LanguageModelError, VoicemockError
from voicemock.models import Assessment, Feedback, PhrasedBy, Question
from voicemock.settings import Settings
from voicemock.speech.engines import engine_class

_LEFT_BEHIND: Final = 2
"""While this many threads are stuck in a model, no other request is started."""
_FAREWELL_S: Final = 2.0
"""Longest time that ``close`` waits for threads to end."""


@dataclass(frozen=True, slots=True)
class Request:
    """One answer that a model works on.

    Attributes:
        assessment: The answer and its feedback.
        question: The question; None for a story without one, which is not probed.
        asked: The texts of the follow-ups so far.
        probes: Whether another question is wanted.
    """

    assessment: Assessment
    question: Question | None = None
    asked: tuple[str, ...] = ()
    probes: bool = False

    def is_about_the_same(self, other: Request) -> bool:
        """Return whether another request asks for the same words and questions."""
        ours, theirs = self.assessment, other.assessment
        return (ours.transcript.text, ours.feedback, self.question, self.asked, self.probes) == (
            theirs.transcript.text,
            theirs.feedback,
            other.question,
            other.asked,
            other.probes,
        )


@dataclass(slots=True, eq=False)
class _Work:
    """One request on its thread. Results are set before the event that announces them."""

    request: Request
    shares: Shares
    guidance: Guidance
    model: LanguageModel
    feedback: Feedback | None = None
    probe: Question | None = None
    probe_refused: str | None = None
    has_feedback: threading.Event = field(default_factory=threading.Event)
    has_probe: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def start(self) -> None:
        self.thread = threading.Thread(target=self._run, name="language model", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.feedback = reword(self.request, self.model, self.shares, self.guidance)
            self.has_feedback.set()
            if self.request.probes:
                self.probe, self.probe_refused = ask_further(self.request, self.model, self.shares, self.guidance)
        finally:
            self.has_feedback.set()
            self.has_probe.set()


class Phrasing:
    """A language model beside the interview.

    All methods may be called from any thread. Each waits no longer than it is told, and ``close`` at most two
    seconds. One request is worked on at a time: a new one cancels the one before.

    Call ``begin`` as soon as an answer seems over, ``feedback`` and ``probe`` when they are wanted, and ``close`` last.

    Args:
        open_model: Makes a model for one request without delay. It is closed when the request is dropped.
        shares: How much of the answer the model may see.
        guidance: Its instructions, and the words its answers are checked against.
    """

    def __init__(self, open_model: Callable[[], LanguageModel], *, shares: Shares, guidance: Guidance) -> None:
        self._open_model = open_model
        self._shares: Shares = shares
        self._guidance = guidance
        self._lock = threading.Lock()
        self._work: _Work | None = None
        self._left_behind: list[threading.Thread] = []
        self._is_closed = False

    def begin(
        self,
        assessment: Assessment,
        question: Question | None,
        *,
        asked: Sequence[str] = (),
        probes: bool = False,
    ) -> None:
        """Start to work on an answer that seems over; does nothing if that was already started.

        Args:
            assessment: The answer, with the built-in coach's feedback.
            question: The question; None for a story without one.
            asked: The texts of the follow-ups so far.
            probes: Whether another question is wanted too. It is worked out after the feedback.
        """
        request = Request(assessment, question, tuple(asked), probes and question is not None)
        with self._lock:
            if self._is_closed or (self._work and self._work.request.is_about_the_same(request)):
                return
            self._drop()
            if len(self._left_behind) >= _LEFT_BEHIND:
                return
            try:
                model = self._open_model()
            except VoicemockError:
                return
            self._work = _Work(request, self._shares, self._guidance, model)
            self._work.start()

    def feedback(self, within_s: float) -> Feedback | None:
        """Return the feedback to say and keep, or None if nothing was begun.

        Args:
            within_s: Longest wait. After it, the built-in coach's feedback is returned, and its note says so. Keep what
                was said: by the next call the model may have answered.
        """
        work = self._work
        if work is None:
            return None
        if work.has_feedback.wait(within_s) and work.feedback is not None:
            return work.feedback
        return _unchanged(work.request, work.model.name, self._shares, "late")

    def probe(self, within_s: float) -> Question | None:
        """Return another question about the answer, or None if there is none within this time."""
        work = self._work
        if work is None or not work.has_probe.wait(within_s):
            return None
        return work.probe

    def close(self) -> None:
        """Stop the current request. Nothing can be begun after this."""
        with self._lock:
            self._is_closed = True
            self._drop()
            threads = tuple(self._left_behind)
        for thread in threads:
            thread.join(_FAREWELL_S / len(threads))

    def _drop(self) -> None:
        """Stop the current request, and forget the threads that have ended."""
        work, self._work = self._work, None
        if work is not None:
            work.model.close()
            if work.thread is not None:
                self._left_behind.append(work.thread)
        self._left_behind = [thread for thread in self._left_behind if thread.is_alive()]


def reword(request: Request, model: LanguageModel, shares: Shares, guidance: Guidance) -> Feedback:
    """Return the feedback with the model's sentences that pass; ``phrased_by`` says how many, or why none."""
    feedback = request.assessment.feedback
    brief = brief_rewording(request.assessment, shares)
    if not brief.lines:
        return _unchanged(request, model.name, shares, "nothing_to_reword")
    try:
        answer = model.complete(brief.messages(guidance.reword), brief.schema())
        reworded = check_rewording(answer, brief, guidance)
    except LanguageModelError as error:
        return _unchanged(request, model.name, shares, error.reason)
    except RefusedAnswerError as error:
        return _unchanged(request, model.name, shares, error.refusal)
    phrased_by = PhrasedBy(model=model.name, shares=shares, sentences=len(brief.sentences), reworded=reworded.count)
    return feedback.model_copy(update={"spoken": reworded.spoken, "phrased_by": phrased_by})


def ask_further(
    request: Request, model: LanguageModel, shares: Shares, guidance: Guidance
) -> tuple[Question | None, str | None]:
    """Return another question and None, or None and the reason."""
    if request.question is None:
        return None, "no_question"
    brief = brief_probe(request.assessment, request.question, request.asked, shares)
    if brief is None:
        return None, "nothing_to_ask_about"
    try:
        answer = model.complete(brief.messages(guidance.probe), brief.schema())
        return check_probe(answer, brief, guidance), None
    except LanguageModelError as error:
        return None, error.reason
    except RefusedAnswerError as error:
        return None, error.refusal
    except UnfitProbeError as error:
        return None, error.fault


def _unchanged(request: Request, model: str, shares: Shares, reason: str) -> Feedback:
    """Return the built-in feedback with a note of why it was kept."""
    count = len(brief_rewording(request.assessment, shares).sentences)
    note = PhrasedBy(model=model, shares=shares, sentences=count, reworded=0, reason=reason)
    return request.assessment.feedback.model_copy(update={"phrased_by": note})


_SENTENCES = ("I did not hear how it ended.", "What worked was the number.", "The fillers get in the way.")


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of trying out a model.

    Attributes:
        took_s: Seconds until the answer arrived.
        refusal: Why the answer would be dropped; None if it would be used.
    """

    took_s: float
    refusal: Refusal | None = None


def try_out(model: LanguageModel, guidance: Guidance) -> Trial:
    """Let a model reword three sentences of the coach, to see whether it answers, how fast, and how well.

    Raises:
        LanguageModelError: It does not answer, or not in time.
    """
    lines = {f"s{place}": Line(text) for place, text in enumerate(_SENTENCES, start=1)}
    brief = RewordingBrief(_SENTENCES, lines)
    began = perf_counter()
    answer = model.complete(brief.messages(guidance.reword), brief.schema())
    took_s = perf_counter() - began
    try:
        check_rewording(answer, brief, guidance)
    except RefusedAnswerError as error:
        return Trial(took_s, error.refusal)
    return Trial(took_s)


def load_language_model(settings: Settings) -> LanguageModel | None:
    """Return the configured language model without calling it; None if it is off.

    ``settings.language_model`` is the address of a server on this machine, or ``ENGINE:MODEL`` for another engine.

    Raises:
        LanguageModelError: The model does not run on this machine.
        UnknownNameError: No language model engine of that name is installed.
    """
    return None if settings.language_model is None else _language_model_maker(settings, settings.language_model)()


def load_phrasing(settings: Settings) -> Phrasing | None:
    """Return the background phrasing with the configured language model; None if it is off.

    Raises:
        LanguageModelError: The model does not run on this machine.
        UnknownNameError: No language model engine of that name is installed.
        ContentError: ``prompts/language_model.yaml`` breaks its schema.
    """
    if settings.language_model is None:
        return None
    make = _language_model_maker(settings, settings.language_model)
    make().close()  # a bad setting is reported now, not in the middle of an interview
    return Phrasing(make, shares=settings.language_model_shares, guidance=load_guidance())


def _language_model_maker(settings: Settings, where: str) -> Callable[[], LanguageModel]:
    engine = "openai-compatible"
    if "//" not in where:
        engine, _, where = where.partition(":")
    make = engine_class("language_models", engine)
    name, timeout_s = settings.language_model_name, settings.language_model_timeout_s
    return lambda: cast(LanguageModel, make(where, model=name, timeout_s=timeout_s))
