"""A debrief, prepared for the template of the review page: everything decided, nothing left to compute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from voicemock.models import CompetencyEvidence, Debrief, NextWork, Pattern, Scorecard
from voicemock.report.debrief_words import (
    NO_VERDICT,
    OpenItem,
    Row,
    about_text,
    competency_text,
    follow_up_row,
    heading_text,
    numbers_text,
    open_items,
    outcome_text,
    pattern_text,
    rows_of,
    source_text,
    summary_text,
    support_rows,
)


class Placed(NamedTuple):
    """A row with the answer and the second that its quote leads to."""

    row: Row
    position: int
    start_s: float | None
    source: str


class Point(NamedTuple):
    """A pattern, or a question that the candidate asked; ``text`` is empty for that."""

    text: str
    quote: str | None
    position: int | None
    start_s: float | None
    source: str


class Group(NamedTuple):
    """Patterns of one kind; ``kind`` gives their color."""

    title: str
    kind: str
    points: tuple[Point, ...]


class CardView(NamedTuple):
    """A scorecard."""

    position: int
    heading: str
    outcome: str
    about: str
    rows: tuple[Placed, ...]
    follow_ups: tuple[Placed, ...]


class CompetencyView(NamedTuple):
    """What supports a competency and what is open."""

    title: str
    supports: tuple[Placed, ...]
    open: tuple[OpenItem, ...]
    unanswered: str


@dataclass(frozen=True, slots=True)
class DebriefView:
    """What the template shows of a debrief."""

    summary: str
    spoken: str
    groups: tuple[Group, ...]
    next_work: NextWork | None
    cards: tuple[CardView, ...]
    competencies: tuple[CompetencyView, ...]
    was_asked_back: bool
    asked_back: tuple[Point, ...]
    no_verdict: str = NO_VERDICT


def debrief_view(debrief: Debrief, spoken: str) -> DebriefView:
    """Prepare a debrief; ``spoken`` is what the interviewer says of it."""
    return DebriefView(
        summary=summary_text(debrief),
        spoken=spoken,
        groups=tuple(_groups(debrief)),
        next_work=debrief.next_work,
        cards=tuple(map(_card, debrief.scorecards)),
        competencies=tuple(map(_competency, debrief.competencies)),
        was_asked_back=debrief.was_asked_back,
        asked_back=tuple(
            Point("", each.quote, each.position, each.start_s, source_text(each.position, each.start_s))
            for each in debrief.asked_back
        ),
    )


def _groups(debrief: Debrief) -> Iterator[Group]:
    good = [pattern for pattern in debrief.strengths if pattern.kind == "consistent"]
    in_some = [pattern for pattern in debrief.strengths if pattern.kind == "in_some"]
    for title, kind, patterns in (
        ("Good throughout", "strength", good),
        ("Good in some", "strength", in_some),
        ("What recurs", "priority", debrief.to_work_on),
    ):
        if patterns:
            yield Group(title, kind, tuple(map(_point, patterns)))


def _point(pattern: Pattern) -> Point:
    place = (pattern.quote_position, pattern.start_s)
    return Point(pattern_text(pattern), pattern.quote, *place, source_text(*place))


def _card(card: Scorecard) -> CardView:
    follow_ups = ((follow_up_row(each), each.position, each.start_s) for each in card.follow_ups)
    return CardView(
        position=card.position,
        heading=heading_text(card),
        outcome=outcome_text(card),
        about=about_text(card),
        rows=tuple(Placed(row, card.position, row.start_s, row.moment) for row in rows_of(card)),
        follow_ups=tuple(Placed(row, at, start_s, source_text(at, start_s)) for row, at, start_s in follow_ups),
    )


def _competency(evidence: CompetencyEvidence) -> CompetencyView:
    return CompetencyView(
        title=competency_text(evidence),
        supports=tuple(
            Placed(each.row, each.position, each.row.start_s, each.source) for each in support_rows(evidence)
        ),
        open=tuple(open_items(evidence)),
        unanswered=numbers_text(evidence.unanswered) if evidence.unanswered else "",
    )
