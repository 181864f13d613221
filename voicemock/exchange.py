"""A question, the answer, and what the interviewer makes of it: a follow-up, the feedback, or a nod."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from voicemock.agenda import Agenda
from voicemock.feedback import FeedbackPhrases, give_feedback_on_exchange, load_phrases
from voicemock.models import Analysis, Answer, Assessment, Question
from voicemock.styles import Style


class Prober(Protocol):
    """Finds the next question in an answer."""

    def next_probe(
        self,
        said: Sequence[Assessment],
        question: Question,
        *,
        asked: Collection[str],
        style: str,
        topics: Collection[str],
    ) -> Question | None:
        """Return what to ask next about an answer and the replies after it; None where nothing is left to ask.

        Args:
            said: The answer, then the replies to follow-ups.
            question: What the answer was to.
            asked: Ids of the follow-ups that were asked in this interview.
            style: Name of the interviewer's style.
            topics: What the job is about.
        """
        ...


@dataclass(slots=True)
class Exchange:
    """What was asked and said about one question.

    Attributes:
        question: What it is about; None for a story that is told without one.
        position: Place of the answer in the session.
        said: Each question with the answer to it, the follow-ups after the first; without those not answered.
        asked: How many follow-ups were asked.
        main: The first answer as it is kept.
        before: The last take of the same question or story.
    """

    question: Question | None
    position: int
    said: list[tuple[Question | None, Assessment]] = field(default_factory=list)
    asked: int = 0
    main: Answer | None = None
    before: Analysis | None = None

    def with_reply(self, question: Question | None, assessment: Assessment) -> Exchange:
        """Return the exchange as it will be once this has been said."""
        return Exchange(self.question, self.position, [*self.said, (question, assessment)], self.asked)


@dataclass(frozen=True, slots=True)
class Response:
    """What the interviewer says to an answer.

    Attributes:
        text: All of it.
        probe: The follow-up that it ends with.
    """

    text: str
    probe: Question | None = None


@dataclass(slots=True)
class Responder:
    """Decides what the interviewer says to an answer.

    Attributes:
        agenda: How many follow-ups there are, and whether feedback follows each answer.
        style: The interviewer's words.
        prober: Finds follow-ups; None asks none.
        topics: What the job is about.
        phrases: The wording of the feedback.
        probed: Ids of the follow-ups that were asked in this interview.
    """

    agenda: Agenda
    style: Style
    prober: Prober | None = None
    topics: frozenset[str] = frozenset()
    phrases: FeedbackPhrases = field(default_factory=load_phrases)
    probed: set[str] = field(default_factory=set)

    def respond(self, exchange: Exchange, *, may_probe: bool = True, lead: str | None = None) -> Response:
        """Return what is said to the last answer of an exchange.

        Args:
            exchange: What was said so far; at least one answer.
            may_probe: Whether there is time for a follow-up.
            lead: What is said first, in place of a nod.
        """
        nod = lead or self.style.say("acknowledged", f"{exchange.position}.{len(exchange.said)}")
        probe = self._probe(exchange) if may_probe else None
        if probe is not None:
            return Response(f"{nod} {probe.text}", probe)
        if exchange.question is not None and exchange.question.kind == "ask_back":
            return Response(self.style.say("asked_back", str(exchange.position)))
        if self.agenda.feedback_each:
            return Response(f"{lead or ''} {self.feedback_on(exchange)}".strip())
        return Response(nod)

    def feedback_on(self, exchange: Exchange) -> str:
        """Return the spoken feedback on an answer and its follow-ups."""
        (_, main), *replies = exchange.said
        answered = [(question, assessment) for question, assessment in replies if question is not None]
        return give_feedback_on_exchange(main, answered, self.phrases) if answered else main.feedback.spoken

    def _probe(self, exchange: Exchange) -> Question | None:
        question = exchange.question
        if self.prober is None or question is None or question.kind != "question" or not exchange.said:
            return None
        if exchange.asked >= self.agenda.follow_ups:
            return None
        said = [assessment for _, assessment in exchange.said]
        return self.prober.next_probe(said, question, asked=self.probed, style=self.style.name, topics=self.topics)
