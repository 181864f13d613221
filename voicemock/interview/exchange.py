"""Exchanges: a question, its answers, and the interviewer's response, which is a follow-up, feedback, or a nod."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Final, Protocol

from voicemock.coaching.drills import drill_is_done, first_finding
from voicemock.coaching.feedback import give_feedback_on_exchange
from voicemock.coaching.language_model.probing import CASES, ProbeBrief, brief_probe
from voicemock.coaching.language_model.second_opinion import SecondOpinions
from voicemock.content.styles import Style
from voicemock.content.unsaid import new_sentences, unsaid
from voicemock.content.wording import FeedbackPhrases, load_phrases, word
from voicemock.interview.agenda import Agenda
from voicemock.models import Answer, Assessment, Question, Ratings, Timings

MODEL_WAITS_S: Final = 0.5
"""A follow-up of the language model is waited for so long: within the time that the first sound of a reply may take."""


class Prober(Protocol):
    """Finds follow-ups."""

    def next_probe(
        self,
        said: Sequence[Assessment],
        question: Question,
        *,
        asked: Collection[str],
        style: str,
        topics: Collection[str],
    ) -> Question | None:
        """Return what to ask next about an answer and the replies to its follow-ups, or None.

        Args:
            said: The answer, then the replies.
            question: The main question.
            asked: Ids of the follow-ups asked in this interview so far.
            style: Name of the interviewer's style.
            topics: What the job is about.
        """
        ...


@dataclass(slots=True)
class Exchange:
    """One question with everything asked and said about it.

    Attributes:
        question: The main question; None for a story told without one.
        position: Place of the main answer in the session.
        said: Each answered question with its assessment, the main one first.
        asked: Number of follow-ups asked.
        answers: The kept answers in order, including those in which nothing was said.
        before: The previous take of the same question or story.
    """

    question: Question | None
    position: int
    said: list[tuple[Question | None, Assessment]] = field(default_factory=list)
    asked: int = 0
    answers: list[Answer] = field(default_factory=list)
    before: Assessment | None = None

    def with_reply(self, question: Question | None, assessment: Assessment) -> Exchange:
        """Return the exchange as it would be after this reply."""
        return Exchange(self.question, self.position, [*self.said, (question, assessment)], self.asked)

    @property
    def is_answered(self) -> bool:
        """Return whether the newest answer says something."""
        return self.answers[-1].status == "answered" and self.answers[-1].assessment is not None

    @property
    def can_be_rated(self) -> bool:
        """Return whether its main answer says something, and is a whole one."""
        is_whole = self.question is None or self.question.wants_a_whole_answer
        return is_whole and bool(self.said) and self.answers[0].status == "answered"

    def rate(self, ratings: Ratings) -> Answer:
        """Add the candidate's own view of the main answer, and return that answer."""
        self.answers[0] = self.answers[0].model_copy(update={"self_rating": ratings})
        return self.answers[0]

    def add(self, answer: Answer) -> None:
        """Add an answer that was kept."""
        self.answers.append(answer)
        if answer.status == "answered" and answer.assessment is not None:
            self.said.append((answer.question, answer.assessment))

    def sum_up(self, spoken: str, drill: str | None) -> None:
        """Replace the spoken feedback on the main answer, and its drill, by those on the whole exchange."""
        question, main = self.said[0]
        feedback = main.feedback.model_copy(update={"spoken": spoken, "drill": drill})
        self.said[0] = (question, main.model_copy(update={"feedback": feedback}))

    def settle(self, timings: Timings, *, is_over: bool) -> tuple[Answer, ...]:
        """Return the answers that changed since they were kept, with final timings and feedback.

        Args:
            timings: Of the newest answer, after the response to it.
            is_over: Whether no follow-up comes, so that the feedback on the main answer is final.
        """
        main, newest = self.answers[0], self.answers[-1]
        settled = []
        if newest.assessment is not None:
            said_last = self.said[-1][1] if self.is_answered else newest.assessment
            self.answers[-1] = newest.model_copy(update={"timings": timings, "assessment": said_last})
            settled.append(self.answers[-1])
        if is_over and self.said and len(self.answers) > 1 and main.assessment is not None:
            settled.append(main.model_copy(update={"assessment": self.said[0][1]}))
        return tuple(settled)


@dataclass(frozen=True, slots=True)
class Response:
    """The interviewer's response to an answer.

    Attributes:
        text: The whole text.
        probe: The follow-up that ends the text, if any.
    """

    text: str
    probe: Question | None = None


@dataclass(slots=True)
class Responder:
    """Decides what the interviewer says to an answer.

    Attributes:
        agenda: Says how many follow-ups there are, and whether feedback follows each answer.
        style: The interviewer's words.
        load_prober: Returns the prober, slowly the first time; None asks no follow-ups.
        topics: What the job is about.
        model: Optional language model that asks further questions and gives second opinions.
        phrases: The wording of the feedback.
        probed: Ids of the follow-ups asked in this interview.
        texts: Texts of these follow-ups.
        said: What the interviewer has said so far; nothing of it is said again while there are other words.
        drilled: Findings that a drill was given for, with the position of the answer.
    """

    agenda: Agenda
    style: Style
    load_prober: Callable[[], Prober] | None = None
    topics: frozenset[str] = frozenset()
    model: SecondOpinions | None = None
    phrases: FeedbackPhrases = field(default_factory=load_phrases)
    probed: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    drilled: dict[str, int] = field(default_factory=dict)
    _phrases_after: Callable[[tuple[str, ...]], FeedbackPhrases] = field(init=False)
    """The wording of the feedback after what was said: the silence after an answer has looked that up already."""

    def __post_init__(self) -> None:
        """Look the wording up once for each turn."""
        self._phrases_after = lru_cache(maxsize=1)(partial(unsaid, self.phrases))

    def remark(self, name: str, seed: str) -> str:
        """Word a remark of the style, in words that were not said yet if there are any."""
        return unsaid(self.style, self.said).say(name, seed)

    def respond(
        self, exchange: Exchange, *, may_probe: bool = True, lead: str | None = None, waits_s: float = 0.0
    ) -> Response:
        """Return the response to the last answer of an exchange.

        Args:
            exchange: Has at least one answer.
            may_probe: Whether a follow-up is allowed.
            lead: Said first, in place of a nod.
            waits_s: How long to wait for a follow-up of the language model.
        """
        nod = lead or new_sentences(self.remark("acknowledged", f"{exchange.position}.{len(exchange.said)}"), self.said)
        probe = self._probe(exchange, waits_s) if may_probe else None
        if probe is not None:
            return Response(f"{nod} {probe.text}".strip(), probe)
        if exchange.question is not None and exchange.question.kind == "ask_back":
            return Response(self.remark("asked_back", str(exchange.position)))
        if self.agenda.feedback_each:
            return Response(f"{lead or ''} {self.feedback_on(exchange)}".strip())
        return Response(nod)

    def begin(self, exchange: Exchange) -> None:
        """Start the language model on the next turn of an exchange that seems to be the interviewer's."""
        if self.model is not None and exchange.asked < self._most_turns(exchange):
            self.model.begin(self._brief(exchange), exchange.position)

    def _most_turns(self, exchange: Exchange) -> int:
        """Return how many follow-ups there may be: a system design with a language model is a conversation."""
        is_case = exchange.question is not None and exchange.question.framework == CASES
        most = self.agenda.follow_ups
        return max(most, self.agenda.design_turns) if is_case and self.model is not None else most

    def _brief(self, exchange: Exchange) -> ProbeBrief | None:
        """Return what the language model is told of an exchange; None if there is nothing to ask about."""
        question, model = exchange.question, self.model
        if model is None or question is None or not question.wants_a_whole_answer:
            return None
        said = [(asked.text, assessment) for asked, assessment in exchange.said if asked is not None]
        return brief_probe(
            said,
            question,
            model.guidance,
            asked=self.texts,
            style=self.style.name,
            topics=sorted(self.topics),
            shares=model.shares,
        )

    def note_asked(self, exchange: Exchange, probe: Question) -> None:
        """Remember that a follow-up was asked, so that it is not asked again."""
        exchange.asked += 1
        self.probed.add(probe.id)
        self.texts.append(probe.text)

    def note_drilled(self, exchange: Exchange) -> None:
        """Remember that a drill was given, so that it is only referred to the next time."""
        finding = first_finding(exchange.said[0][1]) if exchange.said else None
        if finding is not None:
            self.drilled.setdefault(finding, exchange.position)

    def feedback_on(self, exchange: Exchange) -> str:
        """Return the spoken feedback on an exchange, without what was said before."""
        (_, main), *replies = exchange.said
        phrases = self._phrases_after(tuple(self.said))
        answered = [(question, assessment) for question, assessment in replies if question is not None]
        text = give_feedback_on_exchange(main, answered, phrases) if answered else main.feedback.spoken
        drill, kept = main.feedback.drill or "", self.drill_after(exchange)
        if drill and kept is None:
            text = text.removesuffix(drill).rstrip()
        elif drill and self._was_drilled(exchange):
            text = f"{text.removesuffix(drill).rstrip()} {word(phrases.same_drill, {}, text)}"
        return new_sentences(text, self.said) or text

    def drill_after(self, exchange: Exchange) -> str | None:
        """Return the drill of the main answer; None if a reply has just done it."""
        (_, main), *replies = exchange.said
        answered = [(question, assessment) for question, assessment in replies if question is not None]
        return None if drill_is_done(main, answered) else main.feedback.drill

    def _was_drilled(self, exchange: Exchange) -> bool:
        """Return whether an earlier answer got the drill for the same thing."""
        finding = first_finding(exchange.said[0][1])
        return finding is not None and self.drilled.get(finding, exchange.position) != exchange.position

    def _probe(self, exchange: Exchange, waits_s: float) -> Question | None:
        question = exchange.question
        if question is None or not question.wants_a_whole_answer or not exchange.said:
            return None
        if exchange.asked >= self._most_turns(exchange):
            return None
        further = self._further(exchange, waits_s)
        if exchange.asked >= self.agenda.follow_ups or self.load_prober is None:
            return further
        said = [assessment for _, assessment in exchange.said]
        prober = self.load_prober()
        probe = prober.next_probe(said, question, asked=self.probed, style=self.style.name, topics=self.topics)
        is_models = bool(exchange.asked) or probe is None or question.framework == CASES
        return (further or probe) if is_models else probe

    def _further(self, exchange: Exchange, waits_s: float) -> Question | None:
        """Return the language model's next turn, if it is ready in time and new."""
        if self.model is None:
            return None
        further = self.model.probe(self._brief(exchange), waits_s)
        return further if further is not None and further.id not in self.probed else None
