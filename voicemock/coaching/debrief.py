"""The one thing to work on next, with its drill.

What the candidate asked the interviewer when invited to.

What the answers show of each competency that was asked about, and what they leave open.

What several answers have in common: habits that recur, and what is good throughout.

From the answers of a session to what they show together: a scorecard a question, competencies, habits, next work.

There is no score and no verdict on the candidate: everything is something observed, with the words that show it, or
something that was listened for and not heard, or not measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Final, get_args

from voicemock.coaching.debrief_wording import (
    DebriefPhrases,
    counted_text,
    load_debrief_phrases,
)
from voicemock.coaching.findings import finding_of, quoting
from voicemock.coaching.observations import OBSERVED, Judged, JudgeReply, judge, observation_of, scorecard
from voicemock.coaching.replies import judge_reply, questions_in
from voicemock.coaching.watched import GOODS, HABITS, Counted, Good, Habit, Test
from voicemock.coaching.wording import said
from voicemock.content.questions import QuestionBank
from voicemock.content.wording import load_phrases, word
from voicemock.models import (
    Answer,
    AskedBack,
    CompetencyEvidence,
    Debrief,
    FollowUpCard,
    FrameworkName,
    NextWork,
    Observation,
    ObservationKind,
    Pattern,
    Pillar,
    Scorecard,
)

NOTHING_TO_FIX: Final = "follow_up"
"""The finding of an answer in which nothing big has to change."""


def next_work(habits: Sequence[Pattern], judged: Sequence[Judged], phrases: DebriefPhrases) -> NextWork | None:
    """Return the most important habit; without one, what weighs most in a single answer.

    Args:
        habits: What recurs, the most important first.
        judged: The answers to questions of their own.
        phrases: The wording.
    """
    if not habits:
        return _of_one_answer(judged)
    habit = habits[0]
    wording, part = phrases.habits[habit.name], {"part": habit.part} if habit.part else {}
    seed = f"{habit.positions}|{habit.name}"
    values = part | {"of_them": counted_text(habit.count, habit.of, habit.counted)}
    return NextWork(
        name=habit.name,
        text=habit.text,
        spoken=word(wording.spoken, values, f"{seed}|spoken"),
        drill=_drill_for(habit, judged) or word(wording.drill, part, f"{seed}|drill"),
        positions=habit.positions,
    )


def _drill_for(habit: Pattern, judged: Iterable[Judged]) -> str | None:
    """Return the drill that the feedback gave for the same thing, the last time it came first."""
    names = frozenset[str]().union(*(each.priorities for each in HABITS if each.name == habit.name))
    drills = [
        each.answer.assessment.feedback.drill
        for each in judged
        if each.position in habit.positions
        and each.answer.assessment
        and each.priorities
        and each.priorities[0].name in names
    ]
    return next((drill for drill in reversed(drills) if drill), None)


def _of_one_answer(judged: Iterable[Judged]) -> NextWork | None:
    """Return the first thing to fix of the answer that it limits most, in the words of its feedback."""
    found = [each for each in judged if each.priorities and each.priorities[0].name != NOTHING_TO_FIX]
    if not found:
        return None
    chosen = max(found, key=lambda each: each.severity_of(frozenset({each.priorities[0].name})))
    first, assessment, heard = chosen.priorities[0], chosen.answer.assessment, chosen.heard
    if assessment is None or heard is None:
        return None
    spoken = said(finding_of(first), load_phrases().priorities[first.name].spoken, heard, assessment.transcript)
    points = assessment.feedback.points
    return NextWork(
        name=first.name,
        text=next((point.text for point in points if point.kind == "priority"), spoken),
        spoken=spoken,
        drill=assessment.feedback.drill,
        positions=(chosen.position,),
    )


def asked_back(judged: Iterable[Judged]) -> Iterator[AskedBack]:
    """Yield each question, in the order asked."""
    for each in judged:
        for question in questions_in(each.heard) if each.heard else ():
            quote = each.quote(quoting(question.sentence))
            if quote is not None:
                yield AskedBack(position=each.position, quote=quote.text, start_s=quote.start_s)


_EVERYWHERE: Final[frozenset[ObservationKind]] = frozenset({"decision", "trade_off", "follow_up"})

SHOWS: Final[dict[FrameworkName, frozenset[ObservationKind]]] = {
    "star": _EVERYWHERE | {"own_actions", "measured_outcome"},
    "triage": _EVERYWHERE | {"risk", "checklist", "measured_outcome"},
    "design": _EVERYWHERE | {"technical", "risk", "checklist", "measured_outcome"},
}
"""What counts as evidence of a competency: that a story has a beginning shows nothing of its teller."""

_PILLARS: Final[tuple[Pillar, ...]] = get_args(Pillar)


def competencies_of(cards: Iterable[Scorecard]) -> tuple[CompetencyEvidence, ...]:
    """Return every competency that was asked about, by pillar and then in the order of the session."""
    asked: dict[tuple[Pillar, str], list[Scorecard]] = {}
    for card in cards:
        if card.question is not None and card.competency is not None:
            asked.setdefault((card.question.pillar, card.competency), []).append(card)
    in_order = sorted(asked.items(), key=lambda item: _PILLARS.index(item[0][0]))
    return tuple(_evidence(pillar, competency, group) for (pillar, competency), group in in_order)


def _evidence(pillar: Pillar, competency: str, cards: Sequence[Scorecard]) -> CompetencyEvidence:
    observations = [each for card in cards for each in _that_count(card)]
    supported_by = tuple(each for each in observations if each.seen == "seen")
    heard = {(each.kind, each.name) for each in supported_by if each.kind != "follow_up"}
    left_open: dict[tuple[object, ...], Observation] = {}
    for each in observations:
        if each.seen == "not_seen" and (each.kind, each.name) not in heard:
            key = (each.kind, each.name, each.position if each.kind == "follow_up" else None)
            left_open.setdefault(key, each)
    return CompetencyEvidence(
        competency=competency,
        pillar=pillar,
        positions=tuple(card.position for card in cards),
        supported_by=supported_by,
        left_open=tuple(left_open.values()),
        unanswered=tuple(card.position for card in cards if card.outcome != OBSERVED),
    )


def _that_count(card: Scorecard) -> Iterator[Observation]:
    if card.question is None:
        return
    shows = SHOWS[card.question.framework]
    yield from (each for each in card.observations if each.kind in shows)
    yield from (observation_of(each) for each in card.follow_ups)


RECURS_FROM: Final = 2
"""Answers: what happens once is no habit."""
RECURS_SHARE: Final = 1 / 3
ALL_BUT_ONE_FROM: Final = 4
"""Answers from which one exception does not break what is good throughout."""

UNANSWERED: Final = "unanswered"
FOLLOW_UPS: Final = "follow_ups"


@dataclass(frozen=True, slots=True)
class Count:
    """In which of the answers something was, and in how many it could have been."""

    positions: tuple[int, ...]
    of: int

    @property
    def recurs(self) -> bool:
        """Whether it is a habit."""
        return len(self.positions) >= RECURS_FROM and len(self.positions) >= RECURS_SHARE * self.of

    @property
    def is_throughout(self) -> bool:
        """Whether it holds for all of several answers, or for all but one of many."""
        count = len(self.positions)
        return count >= RECURS_FROM and (count == self.of or (self.of >= ALL_BUT_ONE_FROM and count == self.of - 1))


def habits_of(judged: Sequence[Judged], cards: Sequence[Scorecard], phrases: DebriefPhrases) -> tuple[Pattern, ...]:
    """Return what recurs, the most important first.

    Args:
        judged: The answers to questions of their own.
        cards: Those of the same questions.
        phrases: The wording.
    """
    parts = {part.name: part.spoken for each in judged if each.heard for part in each.heard.framework.parts}
    unanswered = Count(tuple(each.position for each in judged if not _is_answered(each)), len(judged))
    found = [_pattern("recurring", UNANSWERED, "questions", unanswered, phrases)] if unanswered.recurs else []
    counted = [(habit, _count(judged, habit.test)) for habit in HABITS]
    in_order = sorted(
        [(habit, count) for habit, count in counted if count.recurs],
        key=lambda each: -_severity(each[0], each[1], judged),
    )
    found += [
        _pattern("recurring", habit.name, habit.counted, count, phrases, part=_part_of(habit, parts))
        for habit, count in in_order
    ]
    missed = _count_follow_ups(cards, is_held=False)
    if missed.recurs:
        found.append(_pattern("recurring", FOLLOW_UPS, "follow_ups", missed, phrases))
    return tuple(found)


def _severity(habit: Habit, count: Count, judged: Iterable[Judged]) -> float:
    """Return how much a habit limits the answers that show it, by the feedback's own measure."""
    return mean(each.severity_of(habit.priorities) for each in judged if each.position in count.positions)


def goods_of(judged: Sequence[Judged], cards: Sequence[Scorecard], phrases: DebriefPhrases) -> tuple[Pattern, ...]:
    """Return what is good throughout; then what is good in some answers and can be quoted."""
    counts = [(good, _count(judged, good.test)) for good in GOODS]
    throughout = [_good("consistent", good, count, judged, phrases) for good, count in counts if count.is_throughout]
    held = _count_follow_ups(cards, is_held=True)
    if held.is_throughout:
        throughout.append(_pattern("consistent", FOLLOW_UPS, "follow_ups", held, phrases))
    in_some = [
        _good("in_some", good, count, judged, phrases)
        for good, count in counts
        if count.positions and not count.is_throughout
    ]
    return (*throughout, *(pattern for pattern in in_some if pattern.quote is not None))


def _is_answered(judged: Judged) -> bool:
    """An answer that was cut off before it was analyzed is not held against anybody."""
    return judged.is_observed or judged.outcome == "interrupted"


def _count(judged: Iterable[Judged], test: Test) -> Count:
    told = [
        (each.position, verdict)
        for each in judged
        if each.is_observed and each.heard is not None and (verdict := test(each, each.heard)) is not None
    ]
    return Count(tuple(position for position, verdict in told if verdict), len(told))


def _count_follow_ups(cards: Iterable[Scorecard], *, is_held: bool) -> Count:
    judged = [each for each in _follow_ups(cards) if each.seen != "not_measured"]
    wanted = "seen" if is_held else "not_seen"
    return Count(tuple(each.position for each in judged if each.seen == wanted), len(judged))


def _follow_ups(cards: Iterable[Scorecard]) -> Iterator[FollowUpCard]:
    for card in cards:
        yield from card.follow_ups


def _part_of(habit: Habit, parts: Mapping[str, str]) -> str | None:
    return parts[habit.part] if habit.part is not None else None


def _good(kind: str, good: Good, count: Count, judged: Sequence[Judged], phrases: DebriefPhrases) -> Pattern:
    """Return it with the first words that show it."""
    pattern = _pattern(kind, good.name, good.counted, count, phrases)
    if good.quote is None:
        return pattern
    for each in judged:
        quote = good.quote(each, each.heard) if each.position in count.positions and each.heard else None
        if quote is not None:
            return pattern.model_copy(
                update={"quote": quote.text, "quote_position": each.position, "start_s": quote.start_s}
            )
    return pattern


def _pattern(
    kind: str, name: str, counted: Counted, count: Count, phrases: DebriefPhrases, *, part: str | None = None
) -> Pattern:
    wording = phrases.habits[name] if kind == "recurring" else phrases.goods[name]
    values = {"of_them": counted_text(len(count.positions), count.of, counted)} | ({"part": part} if part else {})
    return Pattern.model_validate(
        {
            "kind": kind,
            "name": name,
            "text": word(wording.written, values, f"{count.positions}|{name}"),
            "count": len(count.positions),
            "of": count.of,
            "counted": counted,
            "positions": count.positions,
            "part": part,
        }
    )


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
