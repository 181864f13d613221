"""From the answers of a session to what they show together: a scorecard a question, competencies, habits, next work.

There is no score and no verdict on the candidate: everything is something observed, with the words that show it, or
something that was listened for and not heard, or not measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from voicemock.debrief.ask_back import asked_back
from voicemock.debrief.competencies import competencies_of
from voicemock.debrief.judged import Judged, judge
from voicemock.debrief.next_work import next_work
from voicemock.debrief.patterns import goods_of, habits_of
from voicemock.debrief.phrases import DebriefPhrases, load_debrief_phrases
from voicemock.debrief.scorecards import JudgeReply, scorecard
from voicemock.debrief.spoken import DEBRIEF_WORDS, spoken_debrief
from voicemock.feedback.replies import judge_reply
from voicemock.models import Answer, Debrief
from voicemock.questions import QuestionBank


def debrief_of(answers: Sequence[Answer], bank: QuestionBank, judge_reply: JudgeReply = judge_reply) -> Debrief:
    """Sum up the answers of a session; of a question that was answered again the last answer counts.

    Args:
        answers: In the order of the session; none is fine.
        bank: Where their frameworks come from.
        judge_reply: Says whether the reply to a follow-up holds what it asked for.

    Raises:
        UnknownNameError: An answer was held against a framework that is gone.
        ContentError: ``prompts/debrief.yaml`` is missing or breaks its schema.
    """
    phrases = load_debrief_phrases()
    judged = tuple(judge(answer, bank) for answer in answers)
    takes = _takes_by_question(each for each in judged if _kind_of(each) == "question")
    main = tuple(map(_last_observed, takes))
    invited = tuple(each for each in judged if _kind_of(each) == "ask_back")
    cards = tuple(
        scorecard(each, _follow_ups_of(each, judged), judge_reply, takes=len(told))
        for each, told in zip(main, takes, strict=True)
    )
    habits = habits_of(main, cards, phrases)
    return Debrief(
        questions=len(main),
        answered=sum(each.is_observed for each in main),
        is_story=any(each.answer.question is None for each in main),
        scorecards=cards,
        competencies=competencies_of(cards),
        strengths=goods_of(main, cards, phrases),
        to_work_on=habits,
        next_work=next_work(habits, main, phrases),
        was_asked_back=any(each.heard is not None for each in invited),
        asked_back=tuple(asked_back(invited)),
    )


def _kind_of(judged: Judged) -> str:
    """A follow-up is what follows another answer, whatever its question says."""
    if judged.answer.follows is not None:
        return "follow_up"
    return judged.answer.question.kind if judged.answer.question else "question"


def _takes_by_question(judged: Iterable[Judged]) -> tuple[tuple[Judged, ...], ...]:
    """Return the answers in groups of one question each, in the order asked."""
    takes: dict[str | int, list[Judged]] = {}
    for each in judged:
        takes.setdefault(each.answer.question.id if each.answer.question else each.position, []).append(each)
    return tuple(map(tuple, takes.values()))


def _last_observed(takes: Sequence[Judged]) -> Judged:
    return next((each for each in reversed(takes) if each.is_observed), takes[-1])


def _follow_ups_of(main: Judged, judged: Sequence[Judged]) -> tuple[Judged, ...]:
    return tuple(each for each in judged if each.answer.follows == main.position)


__all__ = [
    "DEBRIEF_WORDS",
    "DebriefPhrases",
    "JudgeReply",
    "debrief_of",
    "load_debrief_phrases",
    "spoken_debrief",
]
