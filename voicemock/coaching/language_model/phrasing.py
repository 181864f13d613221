"""Asks a language model in the background, while the candidate is silent, and never makes anybody wait for it.

``begin`` as soon as an answer seems over, ``feedback`` and ``probe`` when they are wanted, ``close`` at the end. The
built-in coach speaks wherever the model has nothing to say in time, or nothing that may be said.

One small request, to see whether a model answers, how fast, and whether what it says may be said.

A language model on the candidate's own machine, off unless it is set: it words feedback and asks one more question.

``briefing`` chooses what it may see, ``openai_compatible`` asks a server of this machine, ``rewording`` and
``probing`` check what comes back, and ``phrasing`` does all of it in the background. Nothing that a model returns is
said unchecked.
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
"""With so many threads that a model does not let go of, no other is begun."""
_FAREWELL_S: Final = 2.0
"""What ``close`` waits at most for a thread to end."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a model is asked about.

    Attributes:
        assessment: The answer and its feedback.
        question: What was answered; None for a story without one, which is not probed.
        asked: The texts of the follow-ups so far.
        probes: Whether a further question is wanted.
    """

    assessment: Assessment
    question: Question | None = None
    asked: tuple[str, ...] = ()
    probes: bool = False

    def is_about_the_same(self, other: Request) -> bool:
        """Tell whether another request asks for the same words and questions."""
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
    """One request on its thread; what it finds is set before the event that says so."""

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

    All methods may be called from any thread. None waits for longer than it is told, and ``close`` for two seconds at
    most. At any moment one request is worked on: a new one ends the one before it.

    Args:
        open_model: Makes a model for one request, at once; it is closed when nobody waits for that any more.
        shares: What the model may see.
        guidance: What it is told and judged by.
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
        """Start to work on an answer that seems over; nothing happens when that is being done, or was done, already.

        Args:
            assessment: The answer, with the built-in coach's feedback.
            question: What was answered.
            asked: The texts of the follow-ups so far.
            probes: Whether a further question is wanted too; it is worked out after the feedback.
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
        """Return the feedback as it is to be said and kept, or None where nothing was begun.

        Args:
            within_s: How long to wait at most; after that it is the built-in coach's, and says so. Keep what was said:
                another call may find that the model has answered meanwhile.
        """
        work = self._work
        if work is None:
            return None
        if work.has_feedback.wait(within_s) and work.feedback is not None:
            return work.feedback
        return _unchanged(work.request, work.model.name, self._shares, "late")

    def probe(self, within_s: float) -> Question | None:
        """Return a further question about the answer that was begun, or None.

        Args:
            within_s: How long to wait at most.
        """
        work = self._work
        if work is None or not work.has_probe.wait(within_s):
            return None
        return work.probe

    def close(self) -> None:
        """End what is going on; nothing can be begun after this."""
        with self._lock:
            self._is_closed = True
            self._drop()
            threads = tuple(self._left_behind)
        for thread in threads:
            thread.join(_FAREWELL_S / len(threads))

    def _drop(self) -> None:
        """Stop the work at hand, and forget the threads that have ended."""
        work, self._work = self._work, None
        if work is not None:
            work.model.close()
            if work.thread is not None:
                self._left_behind.append(work.thread)
        self._left_behind = [thread for thread in self._left_behind if thread.is_alive()]


def reword(request: Request, model: LanguageModel, shares: Shares, guidance: Guidance) -> Feedback:
    """Return the feedback in the model's words as far as they pass, else as it was; ``phrased_by`` says which."""
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
    """Return a further question and None, or None and why there is none."""
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
    """Return the built-in feedback with a note of why it stayed."""
    count = len(brief_rewording(request.assessment, shares).sentences)
    note = PhrasedBy(model=model, shares=shares, sentences=count, reworded=0, reason=reason)
    return request.assessment.feedback.model_copy(update={"phrased_by": note})


_SENTENCES = ("I did not hear how it ended.", "What worked was the number.", "The fillers get in the way.")


@dataclass(frozen=True, slots=True)
class Trial:
    """How a model did.

    Attributes:
        took_s: Seconds until the answer was there.
        refusal: Why nothing of the answer would be said; None where it would.
    """

    took_s: float
    refusal: Refusal | None = None


def try_out(model: LanguageModel, guidance: Guidance) -> Trial:
    """Let a model put three sentences of the coach in other words.

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
    """Return the language model that is set, without asking it anything; None where it is off.

    ``settings.language_model`` is the address of a server on this machine, or ``ENGINE:MODEL`` for another engine.

    Raises:
        LanguageModelError: The model does not run on this machine.
        UnknownNameError: No language model engine of that name is installed.
    """
    return None if settings.language_model is None else _language_model_maker(settings, settings.language_model)()


def load_phrasing(settings: Settings) -> Phrasing | None:
    """Return what words the feedback with the language model that is set; None where it is off.

    Raises:
        LanguageModelError: The model does not run on this machine.
        UnknownNameError: No language model engine of that name is installed.
        ContentError: ``prompts/language_model.yaml`` breaks its schema.
    """
    if settings.language_model is None:
        return None
    make = _language_model_maker(settings, settings.language_model)
    make().close()  # what keeps it from being made is told now, and not in the middle of an interview
    return Phrasing(make, shares=settings.language_model_shares, guidance=load_guidance())


def _language_model_maker(settings: Settings, where: str) -> Callable[[], LanguageModel]:
    engine = "openai-compatible"
    if "//" not in where:
        engine, _, where = where.partition(":")
    make = engine_class("language_models", engine)
    name, timeout_s = settings.language_model_name, settings.language_model_timeout_s
    return lambda: cast(LanguageModel, make(where, model=name, timeout_s=timeout_s))
