"""What several answers have in common: habits that recur, and what is good throughout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Final

from voicemock.debrief.judged import Judged
from voicemock.debrief.phrases import DebriefPhrases, counted_text
from voicemock.debrief.watched import GOODS, HABITS, Counted, Good, Habit, Test
from voicemock.feedback.phrases import word
from voicemock.models import FollowUpCard, Pattern, Scorecard

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
