"""The debrief of a session: a scorecard per question, evidence per competency, habits, and one thing to work on.

It holds no score and no verdict on the candidate. Everything in it was observed, with the words that show it, or was
listened for and not heard, or could not be measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Final, get_args

from voicemock.analysis.structure import Encode
from voicemock.coaching.debrief_wording import DebriefPhrases, counted_text, load_debrief_phrases
from voicemock.coaching.findings import NOTHING_FOUND, finding_of
from voicemock.coaching.level_view import level_view, told_sentences
from voicemock.coaching.observations import OBSERVED, Judged, JudgeReply, Quote, judge, observation_of, scorecard
from voicemock.coaching.quoting import quoting
from voicemock.coaching.replies import judge_reply, questions_in
from voicemock.coaching.same_story import Told, find_told_twice
from voicemock.coaching.spoken_numbers import in_words
from voicemock.coaching.watched import GOODS, HABITS, Counted, Good, Habit, Test, habits_of_parts
from voicemock.coaching.wording import said
from voicemock.content.questions import QuestionBank
from voicemock.content.wording import load_phrases, word
from voicemock.errors import WeightsError
from voicemock.models import (
    Answer,
    AskedBack,
    CompetencyEvidence,
    Debrief,
    FrameworkName,
    Level,
    NextWork,
    Observation,
    ObservationKind,
    Pattern,
    Pillar,
    RepeatedStory,
    ReviewedAnswer,
    Scorecard,
)

RECURS_FROM: Final = 2
"""Answers. What happens once is no habit."""
RECURS_SHARE: Final = 1 / 3
ALL_BUT_ONE_FROM: Final = 4
"""From this many answers on, one exception is allowed in what is good throughout."""
UNANSWERED: Final = "unanswered"
FOLLOW_UPS: Final = "follow_ups"
_EVERYWHERE: Final[frozenset[ObservationKind]] = frozenset({"decision", "trade_off", "follow_up"})

SHOWS: Final[dict[FrameworkName, frozenset[ObservationKind]]] = {
    "star": _EVERYWHERE | {"own_actions", "measured_outcome", "reflection"},
    "triage": _EVERYWHERE | {"risk", "checklist", "measured_outcome"},
    "design": _EVERYWHERE | {"technical", "risk", "checklist", "measured_outcome"},
    "explain": frozenset({"technical", "checklist", "follow_up"}),
    "retrospective": _EVERYWHERE | {"technical", "checklist", "measured_outcome"},
    "pitch": frozenset({"measured_outcome", "follow_up"}),
    "program": _EVERYWHERE | {"risk", "checklist"},
    "diagnose": frozenset({"decision", "checklist", "follow_up"}),
}
"""What counts as evidence of a competency. The parts do not: that a story has a beginning proves nothing."""

_PILLARS: Final[tuple[Pillar, ...]] = get_args(Pillar)


def debrief_of(
    answers: Sequence[Answer],
    bank: QuestionBank,
    judge_reply: JudgeReply = judge_reply,
    *,
    level: Level | None = None,
    encode: Encode | None = None,
) -> Debrief:
    """Sum up the answers of a session. Of a question that was answered again, the last answer counts.

    Args:
        answers: In the order of the session; may be empty.
        bank: Has their frameworks.
        judge_reply: Says whether the reply to a follow-up contains what was asked for.
        level: The one that was practiced for.
        encode: Turns sentences into vectors of length 1, one a row; without it no story is held against another.

    Raises:
        UnknownNameError: The framework of an answer no longer exists.
        ContentError: ``prompts/debrief.yaml`` or ``prompts/levels.yaml`` is missing or breaks its schema.
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
        competencies=competency_evidence(cards),
        strengths=goods_of(main, cards, phrases),
        to_work_on=habits,
        next_work=next_work(habits, main, phrases),
        was_asked_back=any(each.heard is not None for each in invited),
        asked_back=tuple(asked_back(invited)),
        told_twice=tuple(told_twice(main, encode, phrases)) if encode else (),
        level=level_view(level, main) if level else None,
        reviews=tuple(
            ReviewedAnswer(position=answer.position, review=review) for answer in answers for review in answer.reviews
        ),
    )


def _kind_of(judged: Judged) -> str:
    """Return the kind of a question. Whatever follows another answer is a follow-up."""
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


@dataclass(frozen=True, slots=True)
class Count:
    """The answers that show something, out of how many that could."""

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
        judged: The answers, without replies to follow-ups.
        cards: The scorecards of the same questions.
        phrases: The wording.
    """
    parts = {part.name: part.spoken for each in judged if each.heard for part in each.heard.framework.parts}
    unanswered = Count(tuple(each.position for each in judged if not _is_answered(each)), len(judged))
    found = [_pattern("recurring", UNANSWERED, "questions", unanswered, phrases)] if unanswered.recurs else []
    watched = (*HABITS, *habits_of_parts(each.heard.framework for each in judged if each.heard))
    counted = [(habit, _count(judged, habit.test)) for habit in watched]
    in_order = sorted(
        [(habit, count) for habit, count in counted if count.recurs],
        key=lambda each: -_severity(each[0], each[1], judged),
    )
    found += [
        _pattern("recurring", habit.name, habit.counted, count, phrases, part=parts[habit.part] if habit.part else None)
        for habit, count in in_order
    ]
    missed = _count_follow_ups(cards, is_held=False)
    if missed.recurs:
        found.append(_pattern("recurring", FOLLOW_UPS, "follow_ups", missed, phrases))
    return tuple(found)


def _is_answered(judged: Judged) -> bool:
    """Return whether a question was answered, or the answer was cut off before it could be analyzed."""
    return judged.is_observed or judged.outcome == "interrupted"


def _severity(habit: Habit, count: Count, judged: Iterable[Judged]) -> float:
    """Return how much a habit limits the answers that show it, by the severities of the feedback."""
    return mean(each.severity_of(habit.priorities) for each in judged if each.position in count.positions)


def goods_of(judged: Sequence[Judged], cards: Sequence[Scorecard], phrases: DebriefPhrases) -> tuple[Pattern, ...]:
    """Return what is good throughout, then what is good in some answers and can be quoted."""
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


def _good(kind: str, good: Good, count: Count, judged: Sequence[Judged], phrases: DebriefPhrases) -> Pattern:
    """Return a good thing with the first words that show it."""
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


def _count(judged: Iterable[Judged], test: Test) -> Count:
    told = [
        (each.position, verdict)
        for each in judged
        if each.is_observed and each.heard is not None and (verdict := test(each, each.heard)) is not None
    ]
    return Count(tuple(position for position, verdict in told if verdict), len(told))


def _count_follow_ups(cards: Iterable[Scorecard], *, is_held: bool) -> Count:
    judged = [each for card in cards for each in card.follow_ups if each.seen != "not_measured"]
    wanted = "seen" if is_held else "not_seen"
    return Count(tuple(each.position for each in judged if each.seen == wanted), len(judged))


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


def next_work(habits: Sequence[Pattern], judged: Sequence[Judged], phrases: DebriefPhrases) -> NextWork | None:
    """Return the most important habit, or else the most limiting thing in a single answer.

    Args:
        habits: The most important first.
        judged: The answers, without replies to follow-ups.
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
    """Return the drill that the feedback gave the last time it put the same thing first."""
    names = {finding for each in HABITS if each.name == habit.name for finding in each.priorities}
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
    """Return the first priority of the answer that is limited most by its own, in the words of its feedback."""
    found = [each for each in judged if each.priorities and each.priorities[0].name not in NOTHING_FOUND]
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
    """Yield the questions that the candidate asked the interviewer, in order."""
    for each in judged:
        for question in questions_in(each.heard) if each.heard else ():
            quote = each.quote(quoting(question.sentence))
            if quote is not None:
                yield AskedBack(position=each.position, quote=quote.text, start_s=quote.start_s)


def told_twice(judged: Iterable[Judged], encode: Encode, phrases: DebriefPhrases) -> Iterator[RepeatedStory]:
    """Yield the stories that were told a second time, each with a sentence of both tellings.

    Args:
        judged: The answers, without replies to follow-ups.
        encode: Turns sentences into vectors of length 1, one a row; nothing is known where it cannot.
        phrases: The wording.
    """
    stories = {each.position: each for each in judged if each.is_observed and each.is_story and each.heard}
    told = [Told(position, tuple(_texts(each))) for position, each in stories.items()]
    try:
        matches = find_told_twice(told, encode)
    except WeightsError:
        return
    for match in matches:
        first = _quote_of(stories[match.first], match.first_sentence)
        again = _quote_of(stories[match.again], match.again_sentence)
        if first is None or again is None:
            continue
        values = {"first": in_words(match.first), "again": in_words(match.again)}
        yield RepeatedStory(
            positions=(match.first, match.again),
            nearness=round(match.nearness, 3),
            text=word(phrases.told_twice.written, values, f"{match.first}|{match.again}|told_twice"),
            quote=again.text,
            start_s=again.start_s,
            first_quote=first.text,
            first_start_s=first.start_s,
        )


def _texts(judged: Judged) -> Iterator[str]:
    return (sentence.text for sentence in told_sentences(judged.heard.analysis)) if judged.heard else iter(())


def _quote_of(judged: Judged, text: str) -> Quote | None:
    sentences = judged.heard.sentences if judged.heard else ()
    return judged.quote(quoting(next((each for each in sentences if each.text == text), None)))


def competency_evidence(cards: Iterable[Scorecard]) -> tuple[CompetencyEvidence, ...]:
    """Return the evidence for each competency that was asked about, by pillar and then in the order of the session."""
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
