"""The interview: follows the agenda and asks, listens, keeps and responds, question by question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from time import perf_counter
from typing import Final

from voicemock.coaching.debrief import debrief_of
from voicemock.coaching.debrief_wording import load_debrief_phrases, spoken_debrief
from voicemock.coaching.drills import compared, drill_question
from voicemock.coaching.language_model.opinion_wording import spoken_opinion
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import MOVING_ON, NO_STORY, dropped_sound
from voicemock.content.unsaid import new_sentences, unsaid
from voicemock.interview.agenda import Agenda, AgendaItem
from voicemock.interview.answer_store import AnswerStore, LiveTake
from voicemock.interview.exchange import MODEL_WAITS_S, Exchange, Responder, Response
from voicemock.interview.listener import Judged, Listener
from voicemock.interview.room import LeftError, Room
from voicemock.interview.turn_taking import ending_of
from voicemock.models import (
    Answer,
    AnswerReport,
    Level,
    Question,
    SecondOpinion,
    Session,
    SessionReport,
    SpeechSpan,
    Story,
    Transcript,
)
from voicemock.speech.endpointing import Ending
from voicemock.speech.recorder import Outcome

LAST_OPINION_S: Final = 10.0
"""Longest wait at the end for the second opinion on the last answer. A later one is had on the page."""


@dataclass(slots=True)
class Interview:
    """One interview, or one telling of a story.

    Attributes:
        agenda: The questions.
        room: Speaks, and shows.
        listener: Hears the answers.
        answer_store: Measures and keeps them.
        responder: Decides what to say to them.
        bank: Holds the frameworks for the debrief.
        story: The story that is told instead of answers to questions.
        level: The level that is practiced for.
        rates_self: Whether the candidate is asked for a rating before each feedback.
    """

    agenda: Agenda
    room: Room
    listener: Listener
    answer_store: AnswerStore
    responder: Responder
    bank: QuestionBank
    story: Story | None = None
    level: Level | None = None
    rates_self: bool = False
    session: Session | None = field(default=None, init=False)
    """Set when the interview begins."""
    _position: int = field(default=0, init=False)
    """Position of the newest answer."""

    def __post_init__(self) -> None:
        """Let whoever words a remark know what was said."""
        self.responder.said = self.room.said

    def run(self) -> SessionReport:
        """Hold the interview and return its report. What was recorded is kept whatever happens.

        Raises:
            VoicemockError: A device, an engine or the disk failed for good.
            KeyboardInterrupt: The candidate left; the answer so far is kept.
        """
        store = self.answer_store.store
        session = store.sessions.start(
            self.agenda.loop, version("voicemock"), datetime.now(UTC), self.story, self.level
        )
        self.session = session
        try:
            if self.story is None:
                self._hold(session)
            else:
                self.room.screen.cue(self.story)
                self._discuss(session, None, is_last=True)
            self._take_opinions(session, within_s=LAST_OPINION_S)
        except LeftError:
            self._debrief(session, aloud=False)
        finally:
            self._end_opinions(session)
            session = store.sessions.end(session, datetime.now(UTC))
        return report_of(session, store.sessions.answers(session))

    def _hold(self, session: Session) -> None:
        """Go through the agenda."""
        agenda, room = self.agenda, self.room
        if agenda.opening:
            room.tell(agenda.opening)
        for number, item in enumerate(agenda.items, start=1):
            if self.listener.is_out_of_sound:
                break
            if number > 1 and not agenda.has_time_to_ask(room.elapsed_s):
                room.tell(self._remark("out_of_time"))
                break
            room.narrator.hand_over(item.interviewer)
            self._ask(session, item, number)
        if agenda.ask_back and not self.listener.is_out_of_sound:
            self._ask(session, AgendaItem(agenda.ask_back), len(agenda.items))
        if agenda.debrief:
            self._debrief(session, aloud=True)
        else:
            room.tell(self._remark("closing"))

    def _debrief(self, session: Session, *, aloud: bool) -> None:
        """Sum up all answers on the screen, and also aloud unless the candidate has left."""
        answers = self.answer_store.store.sessions.answers(session)
        if not self.agenda.debrief or not any(answer.assessment for answer in answers):
            return
        debrief = debrief_of(answers, self.bank, level=session.level, encode=self.answer_store.analyzer.encode_subjects)
        said = self.room.said
        spoken = spoken_debrief(debrief, unsaid(load_debrief_phrases(), said), said)
        self.room.screen.debriefed(debrief, spoken)
        if aloud:
            self.room.say(spoken)

    def _ask(self, session: Session, item: AgendaItem, number: int) -> None:
        """Ask a question once a take, and discuss each answer."""
        question, count = item.question, len(self.agenda.items)
        takes = self.agenda.takes if question.wants_a_whole_answer else 1
        for take in range(takes):
            if self.listener.is_out_of_sound:
                return
            introduction = new_sentences(item.introduction, self.room.said) if not take else self._remark("again")
            if introduction:
                self.room.screen.notice(introduction)
            self.room.screen.ask(question, number, count, self._position + 1)
            self.room.desk.look_again()
            self.room.say(f"{introduction} {question.text}".strip())
            is_last = number == count and take == takes - 1 and (self.agenda.ask_back in (None, question))
            self._discuss(session, question, is_last=is_last)

    def _discuss(self, session: Session, question: Question | None, *, is_last: bool) -> None:
        """Hear an answer and the replies to its follow-ups.

        Args:
            session: The session.
            question: None for a story.
            is_last: Whether nothing comes afterwards, so that a lost microphone need not be replaced.

        Raises:
            LeftError: The candidate has left.
        """
        before = self.answer_store.last_take(question, self.story)
        exchange = Exchange(question, self._position + 1, before=before)
        asked = question
        while True:
            take, response = self._turn(session, exchange, asked)
            if take.lost and is_last:
                raise take.lost
            if take.outcome is Outcome.QUIT or (take.lost and not self.room.replace_microphone(take.lost)):
                raise LeftError
            if response.probe is None:
                self._take_opinions(session, exchange)
                self._offer_drill(session, exchange)
                return
            asked = response.probe

    def _offer_drill(self, session: Session, exchange: Exchange) -> None:
        """Let the candidate try the drill at once, and say what it gained over the answer."""
        if not (self.agenda.feedback_each and exchange.said and exchange.question is not None):
            return
        main = exchange.said[0][1]
        drill = drill_question(exchange.question, main)
        if drill is None or not self.room.screen.takes_drill():
            return
        tried = Exchange(drill, self._position + 1)
        shown = drill.model_copy(update={"text": main.feedback.drill})
        self.room.screen.ask(shown, 1, 1, tried.position)
        take = self._hear(session, tried, drill, follows=exchange.position)
        answer = self.answer_store.keep(session, take)
        if answer.status == "answered" and answer.assessment is not None:
            framework = self.bank.framework(exchange.question.framework)
            phrases = unsaid(self.responder.phrases, self.room.said)
            result = compared(main, answer.assessment, framework, exchange.question, phrases)
            tried.add(answer.model_copy(update={"assessment": result}))
            self._say(session, tried, take, Response(result.feedback.spoken))
        if take.outcome is Outcome.QUIT:
            raise LeftError

    def _turn(self, session: Session, exchange: Exchange, question: Question | None) -> tuple[LiveTake, Response]:
        """Hear, keep and respond to one answer."""
        take = self._hear(session, exchange, question)
        exchange.add(self.answer_store.keep(session, take))
        response = self._respond(exchange, take)
        self._say(session, exchange, take, response)
        return take, response

    def _let_rate(self, session: Session, exchange: Exchange, take: LiveTake) -> None:
        """Ask for the candidate's own view of the main answer while its feedback is unknown, and keep it."""
        is_left = take.outcome is Outcome.QUIT or take.lost is not None
        if not self.rates_self or is_left or not exchange.can_be_rated:
            return
        ratings = self.room.screen.rate_yourself()
        if not ratings.is_empty:
            self.answer_store.store.sessions.add_answer(session, exchange.rate(ratings))

    def _hear(
        self, session: Session, exchange: Exchange, question: Question | None, follows: int | None = None
    ) -> LiveTake:
        """Listen to an answer until it is over; ``follows`` is the answer that it belongs to, if not the exchange's."""
        self._position += 1
        said = tuple(self.room.said)
        judge = partial(self._judge, exchange, question, said)
        left_s = self.agenda.left_s(self.room.elapsed_s)
        follows = exchange.position if exchange.said else follows
        take = self.listener.hear(session, question, self._position, judge, left_s=left_s, follows=follows)
        take.before = None if exchange.said else exchange.before
        take.said = said
        return take

    def _respond(self, exchange: Exchange, take: LiveTake) -> Response:
        """Return the response, and give feedback on the whole exchange if that is over."""
        if exchange.is_answered:
            self.responder.begin(exchange)
        response = self._response_to(exchange, take)
        if response.probe is None:
            self._let_model_judge(exchange)
        if exchange.said and response.probe is None and self.agenda.feedback_each:
            exchange.sum_up(self.responder.feedback_on(exchange), self.responder.drill_after(exchange))
        return response

    def _let_model_judge(self, exchange: Exchange) -> None:
        """Start a second opinion on a main answer whose exchange is over: it works while the coach speaks."""
        if self.responder.model is None or not exchange.said:
            return
        main = exchange.said[0][1]
        framework = self.bank.framework_of(main, exchange.question)
        if framework is not None:
            self.responder.model.judge(main, framework, exchange.position)

    def _take_opinions(self, session: Session, exchange: Exchange | None = None, within_s: float = 0.0) -> None:
        """Keep and show the second opinions that have arrived, and say the one on the answer just given.

        Args:
            session: Has the answers.
            exchange: The one that has just ended.
            within_s: Longest wait for the one that is being worked on.
        """
        model = self.responder.model
        for position, opinion in (model.opinions(within_s) if model else {}).items():
            self._keep_opinion(session, position, opinion)
            spoken = spoken_opinion(opinion, model.guidance) if model else ""
            if not spoken or not self.agenda.feedback_each:
                continue
            if exchange is not None and exchange.position == position:
                self.room.tell(spoken)
            else:
                self.room.screen.notice(spoken)

    def _end_opinions(self, session: Session) -> None:
        """Stop the model, and keep what it has said, or why it has not."""
        model = self.responder.model
        for position, opinion in (model.close() if model else {}).items():
            self._keep_opinion(session, position, opinion)

    def _keep_opinion(self, session: Session, position: int, opinion: SecondOpinion) -> None:
        sessions = self.answer_store.store.sessions
        answer = next((each for each in sessions.answers(session) if each.position == position), None)
        if answer is not None:
            sessions.add_answer(session, answer.model_copy(update={"second_opinion": opinion}))

    def _say(self, session: Session, exchange: Exchange, take: LiveTake, response: Response) -> None:
        """Show and say a response, after the candidate's own view, and keep the answers that it changed."""
        try:
            if response.probe is None:
                self._let_rate(session, exchange, take)
            self._give(exchange, take, response)
        finally:
            for answer in exchange.settle(take.timings, is_over=response.probe is None):
                self.answer_store.store.sessions.add_answer(session, answer)
        if response.probe is not None:
            self.responder.note_asked(exchange, response.probe)
        elif self.agenda.feedback_each:
            self.responder.note_drilled(exchange)

    def _response_to(self, exchange: Exchange, take: LiveTake) -> Response:
        """Return a follow-up, feedback, a nod, or the remark that nothing was heard."""
        is_left = take.outcome is Outcome.QUIT or take.lost is not None
        status = exchange.answers[-1].status
        if status == "answered":
            lead = self._remark("cut") if take.outcome is Outcome.CUT else None
            may_probe = not is_left and self.agenda.has_time_to_probe(self.room.elapsed_s)
            return self.responder.respond(exchange, may_probe=may_probe, lead=lead, waits_s=MODEL_WAITS_S)
        feedback = self.responder.respond(exchange, may_probe=False).text if exchange.said else ""
        if status == "skipped":
            return Response(feedback)
        if self.listener.is_out_of_sound:
            return Response(feedback)
        if take.question is None:
            return Response(NO_STORY)
        if take.question.kind == "ask_back":
            return Response(self._remark("nothing_asked"))
        remark = MOVING_ON if self.listener.unheard <= 1 else ""
        return Response(f"{remark} {feedback}".strip())

    def _give(self, exchange: Exchange, take: LiveTake, response: Response) -> None:
        """Show and say a response, and note when speaking began."""
        screen = self.room.screen
        if take.recorder.overflows:
            screen.notice(dropped_sound(take.recorder.overflows))

        def started() -> None:
            take.feedback_started = take.feedback_started or perf_counter()

        if response.probe is not None:
            screen.ask(response.probe, exchange.asked + 1, self.agenda.follow_ups, self._position + 1)
        else:
            self._show(exchange, response)
        if take.outcome is Outcome.QUIT:
            started()
        elif response.text:
            self.room.say(response.text, started)

    def _show(self, exchange: Exchange, response: Response) -> None:
        """Show the measures of an exchange, or the response alone if feedback waits for the end."""
        screen, answer = self.room.screen, exchange.answers[-1]
        if answer.assessment is None and not exchange.said:
            return
        if not self.agenda.feedback_each:
            screen.notice(response.text)
            return
        if answer.status == "no_speech" and answer.assessment is not None:
            screen.assessed(answer.assessment, answer.question)
            if not self.listener.is_out_of_sound:
                screen.notice(NO_STORY if answer.question is None else MOVING_ON)
        for place, (question, assessment) in enumerate(exchange.said):
            screen.assessed(assessment, question)
            if not place and (main := exchange.answers[0]).self_rating is not None:
                screen.own_view(main)

    def _judge(
        self,
        exchange: Exchange,
        question: Question | None,
        said: tuple[str, ...],
        transcript: Transcript,
        speech: tuple[SpeechSpan, ...],
    ) -> Judged:
        """Return how an answer sounds so far, and what prepares the speech that would follow if it were over."""
        before = None if exchange.said else exchange.before
        assessment = self.answer_store.assess(transcript, question, speech, before, said)
        analysis = assessment.analysis
        ending = ending_of(transcript.text, analysis, spoken_s=analysis.duration_s or 0.0)
        may_probe = self.agenda.has_time_to_probe(self.room.elapsed_s)
        is_story = question is None or question.wants_a_whole_answer
        so_far = exchange.with_reply(question, assessment)
        response = self.responder.respond(so_far, may_probe=may_probe)
        if is_story and ending is not Ending.UNFINISHED:
            self.responder.begin(so_far)
        ending = Ending.FINISHED if ending is Ending.OPEN and not is_story else ending
        return Judged(ending, partial(self.room.narrator.prepare, response.text))

    def _remark(self, name: str) -> str:
        return self.responder.remark(name, str(self._position))


def report_of(session: Session, answers: Iterable[Answer]) -> SessionReport:
    """Return a session with its analyzed answers, as the JSON prints them."""
    return SessionReport(
        session=session,
        answers=tuple(
            AnswerReport(
                **dict(answer.assessment),
                status=answer.status,
                follows=answer.follows,
                timings=answer.timings,
                overflows=answer.overflows,
                self_rating=answer.self_rating,
                second_opinion=answer.second_opinion,
                reviews=answer.reviews,
            )
            for answer in answers
            if answer.assessment is not None
        ),
    )
