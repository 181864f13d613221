"""Plans an interview: its opening, its questions by round, the candidate's own questions, and its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from voicemock.coaching.spoken_numbers import in_words
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import Style
from voicemock.models import Level, LoopRound, Question

DEFAULT_COUNT: Final = 3
"""Questions in an interview that names neither a loop, nor a question, nor a count."""

ASKING_S: Final = 15.0
"""Time to ask a question."""
ANSWER_S: Final = 210.0
"""Length of a good answer: the middle of the usual target."""
FOLLOW_UP_S: Final = 75.0
"""Time for a follow-up and its answer."""
FEEDBACK_S: Final = 40.0
"""Time for feedback that follows each answer."""
OPENING_S: Final = 25.0
ASK_BACK_S: Final = 120.0
"""Time for the candidate's own questions."""
CLOSING_S: Final = 75.0
"""Time for the farewell and the debrief."""

SHORTEST_ANSWER_S: Final = 60.0
"""No question is begun unless there is time to ask it and to answer this long."""
SHORTEST_REPLY_S: Final = 30.0
"""No follow-up is asked with less time left than this."""

ASK_BACK_ID: Final = "ask-back"


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A question with its introduction, and the number of the interviewer who asks it."""

    question: Question
    introduction: str = ""
    interviewer: int = 1


@dataclass(frozen=True, slots=True)
class Agenda:
    """The plan of an interview.

    Attributes:
        items: The questions in order.
        opening: Said before the first question.
        follow_ups: The most follow-ups to an answer.
        design_turns: The most of them in a system design that a language model discusses, if that is more.
        takes: How often each question is answered, with feedback in between.
        feedback_each: Whether feedback follows each answer instead of waiting for the end.
        ask_back: The interviewer's "what would you like to ask me?", if it is asked.
        debrief: Whether all answers are summed up at the end.
        box_s: Seconds that the whole interview may take; None is no limit.
        loop: Name of the loop that the questions come from.
    """

    items: tuple[AgendaItem, ...]
    opening: str = ""
    follow_ups: int = 0
    design_turns: int = 0
    takes: int = 1
    feedback_each: bool = True
    ask_back: Question | None = None
    debrief: bool = False
    box_s: float | None = None
    loop: str | None = None

    @classmethod
    def of(cls, questions: Iterable[Question], *, follow_ups: int = 0, takes: int = 1) -> Agenda:
        """Return a plain interview: one question after another, each with its feedback."""
        return cls(tuple(AgendaItem(question) for question in questions), follow_ups=follow_ups, takes=takes)

    @property
    def reserve_s(self) -> float:
        """Seconds to reserve for the part after the last question."""
        return (ASK_BACK_S if self.ask_back else 0.0) + (CLOSING_S if self.debrief else 0.0)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Names of the remarks that the interviewer may make."""
        wanted = {
            "acknowledged": self.follow_ups > 0 or not self.feedback_each,
            "again": self.takes > 1,
            "asked_back": self.ask_back is not None,
            "nothing_asked": self.ask_back is not None,
            "out_of_time": self.box_s is not None,
            "closing": True,
        }
        return tuple(name for name, is_said in wanted.items() if is_said)

    def left_s(self, elapsed_s: float) -> float | None:
        """Return the seconds left for questions and answers, or None if time is not limited."""
        return None if self.box_s is None else self.box_s - self.reserve_s - elapsed_s

    def has_time_to_ask(self, elapsed_s: float) -> bool:
        """Return whether there is time for another question."""
        left_s = self.left_s(elapsed_s)
        return left_s is None or left_s >= ASKING_S + SHORTEST_ANSWER_S

    def has_time_to_probe(self, elapsed_s: float) -> bool:
        """Return whether there is time for a follow-up."""
        left_s = self.left_s(elapsed_s)
        return left_s is None or left_s >= SHORTEST_REPLY_S


def day_of(
    rounds: Sequence[tuple[LoopRound, Sequence[Question]]],
    *,
    loop: str,
    style: Style,
    minutes: float,
    follow_ups: int,
    feedback_each: bool = False,
    seed: str = "",
) -> Agenda:
    """Return a loop's day: introduction, rounds, the candidate's questions, debrief.

    Args:
        rounds: The loop's rounds with the questions drawn for them.
        loop: Name of the loop.
        style: How the interviewer talks.
        minutes: The time box.
        follow_ups: The most follow-ups to an answer.
        feedback_each: Whether feedback follows each answer instead of waiting for the end.
        seed: Chooses among wordings.
    """
    filled = [(block, questions) for block, questions in rounds if questions]
    blocks = [block for block, _ in filled]
    items = [
        AgendaItem(question, "" if index else _introduction(blocks, number, style, seed), block.interviewer)
        for number, (block, questions) in enumerate(filled)
        for index, question in enumerate(questions)
    ]
    count = len(items)
    asked = f"{in_words(count)} {'question' if count == 1 else 'questions'}"
    return Agenda(
        tuple(items),
        opening=style.say("opening", seed, minutes=in_words(round(minutes)), count=asked),
        follow_ups=follow_ups,
        feedback_each=feedback_each,
        ask_back=ask_back_question(style, seed),
        debrief=True,
        box_s=60 * minutes,
        loop=loop,
    )


def _introduction(blocks: Sequence[LoopRound], number: int, style: Style, seed: str) -> str:
    """Return what is said before a round: nothing before the first."""
    if not number:
        return ""
    is_same = blocks[number].interviewer == blocks[number - 1].interviewer
    remark = "next_round" if is_same else "next_interviewer"
    return style.say(remark, f"{seed}{number}", title=blocks[number].title)


def day_at(
    bank: QuestionBank,
    name: str,
    *,
    style: Style,
    follow_ups: int,
    minutes: float | None = None,
    count: int | None = None,
    feedback_each: bool = False,
    seed: int | None = None,
    preferred: Sequence[Question] = (),
    near: Level | None = None,
) -> Agenda:
    """Return the day of a loop by its name, with as many questions as its time allows.

    Args:
        bank: Has the loop.
        name: Of the loop.
        style: How the interviewer talks.
        follow_ups: The most follow-ups to an answer.
        minutes: The time box; the loop's own by default.
        count: How many questions, instead.
        feedback_each: Whether feedback follows each answer instead of waiting for the end.
        seed: Draws the same questions again.
        preferred: Drawn first.
        near: Questions of this level come before others that fit as well.

    Raises:
        UnknownNameError: There is no such loop.
    """
    loop = bank.loop(name)
    minutes = minutes or loop.minutes
    fitting = questions_that_fit(minutes, follow_ups=follow_ups, feedback_each=feedback_each)
    return day_of(
        bank.rounds_of(loop, seed=seed, count=count or fitting, preferred=preferred, near=near),
        loop=loop.name,
        style=style,
        minutes=minutes,
        follow_ups=follow_ups,
        feedback_each=feedback_each,
        seed="" if seed is None else str(seed),
    )


def questions_that_fit(minutes: float, *, follow_ups: int, feedback_each: bool = False) -> int:
    """Return how many questions fit into the time box of a day, at least one."""
    each_s = ASKING_S + ANSWER_S + follow_ups * FOLLOW_UP_S + (FEEDBACK_S if feedback_each else 0.0)
    return max(1, int((60 * minutes - OPENING_S - ASK_BACK_S - CLOSING_S) / each_s))


def ask_back_question(style: Style, seed: str = "") -> Question:
    """Return the interviewer's invitation to ask questions."""
    return Question(
        id=ASK_BACK_ID,
        text=style.say("ask_back", seed),
        pillar="behavioral",
        framework="star",
        competency="asking-back",
        target_min_s=15.0,
        target_max_s=ASK_BACK_S,
        strong_answer=(
            "Two or three questions that only someone who does this job can answer",
            "A question about how programs are run here: what slips, who decides, what the first six months look like",
        ),
        common_mistakes=("No question at all", "A question that the company's own pages answer"),
        kind="ask_back",
    )
