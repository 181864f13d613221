"""The view of a debrief: its sections and rows, in order and in words, for the terminal, the page and an export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from voicemock.feedback import clock
from voicemock.models import (
    AnswerOutcome,
    AsksFor,
    CompetencyEvidence,
    Debrief,
    FollowUpCard,
    Pattern,
    RelevanceKind,
    Scorecard,
    Seen,
)
from voicemock.report.delivery_rows import LENGTHS
from voicemock.report.passages import one_line, printable

_SEEN: Final[dict[Seen, str]] = {"seen": "seen", "not_seen": "not seen", "not_measured": "not measured"}
_ASKED_FOR: Final[dict[AsksFor, str]] = {
    "number": "a number",
    "mechanism": "how it works",
    "decision": "a decision",
    "trade_off": "a trade-off",
    "own_part": "your own part",
    "reason": "a reason",
    "risk": "a risk",
    "lesson": "a lesson",
    "position": "where you stand",
}
NO_VERDICT: Final = "What was observed, and no verdict: seen, not seen, or not measured."
"""Stands above the scorecards."""

_OUTCOMES: Final[dict[AnswerOutcome, str]] = {
    "answered": "",
    "brief": "Too short to judge.",
    "not_an_answer": "Did not answer the question",
    "no_speech": "No answer was heard.",
    "skipped": "Skipped.",
    "interrupted": "Interrupted before it was analyzed.",
}
_RELEVANCE: Final[dict[RelevanceKind, str]] = {
    "off_topic": "about something else",
    "question_read": "the question again",
    "no_answer": "no answer given",
    "other_language": "not in English",
    "repeated_word": "the same words over and over",
    "hostile": "not friendly",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of an answer, on one line."""

    words: str
    position: int | None
    """Of the answer."""
    start_s: float | None

    @property
    def moment(self) -> str:
        """When the words were said; empty where that is not known."""
        return clock(self.start_s) if self.start_s is not None else ""

    @property
    def source(self) -> str:
        """Answer and moment: "answer 2, 1:24"."""
        answer = f"answer {self.position}" if self.position is not None else ""
        return ", ".join(filter(None, (answer, self.moment)))


@dataclass(frozen=True, slots=True)
class ObservedRow:
    """An observation of a scorecard, or a follow-up with what became of it."""

    title: str
    seen: Seen
    verdict: str
    detail: str
    """Numbers, the points of a checklist that were not recognized, or what a follow-up asked for."""
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class DebriefPoint:
    """A pattern, or something that supports a competency."""

    text: str
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class PatternGroup:
    """Patterns of one kind."""

    title: str
    kind: str
    """"consistent", "in_some" or "recurring"."""
    points: tuple[DebriefPoint, ...]


@dataclass(frozen=True, slots=True)
class WorkView:
    """What to work on next."""

    text: str
    answers: str
    """Those that show it: "answers 2, 5"."""
    drill: str


@dataclass(frozen=True, slots=True)
class CardView:
    """A scorecard. Empty texts are not shown."""

    position: int
    heading: str
    about: str
    outcome: str
    rows: tuple[ObservedRow, ...]
    follow_ups: tuple[tuple[int, ObservedRow], ...]
    """With the position of the reply."""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something that the answers about a competency leave open."""

    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class CompetencyView:
    """What supports a competency and what is open."""

    title: str
    supports: tuple[DebriefPoint, ...]
    open: tuple[OpenItem, ...]
    unanswered: str
    """Answers that cannot be judged: "answer 4"."""


@dataclass(frozen=True, slots=True)
class DebriefView:
    """A debrief in words. Every text is printable."""

    summary: str
    spoken: str
    """What the interviewer says of it."""
    groups: tuple[PatternGroup, ...]
    next_work: WorkView | None
    cards: tuple[CardView, ...]
    competencies: tuple[CompetencyView, ...]
    was_asked_back: bool
    asked_back: tuple[Citation, ...]
    no_verdict: str = NO_VERDICT


def debrief_view(debrief: Debrief, spoken: str) -> DebriefView:
    """Word a debrief; ``spoken`` is what the interviewer says of it."""
    work = debrief.next_work
    drill = printable(work.drill or "") if work else ""
    return DebriefView(
        summary=_summary(debrief),
        spoken=printable(spoken),
        groups=tuple(_groups(debrief)),
        next_work=WorkView(printable(work.text), _numbers(work.positions), drill) if work else None,
        cards=tuple(map(_card, debrief.scorecards)),
        competencies=tuple(map(_competency, debrief.competencies)),
        was_asked_back=debrief.was_asked_back,
        asked_back=tuple(Citation(one_line(each.quote), each.position, each.start_s) for each in debrief.asked_back),
    )


def _summary(debrief: Debrief) -> str:
    """Return how many questions there were, and how many brought an answer."""
    if not debrief.questions:
        return "No answer is kept."
    if debrief.is_story:
        return "A story." if debrief.answered else "A story of which nothing can be said."
    noun = "question" if debrief.questions == 1 else "questions"
    followed = sum(len(card.follow_ups) for card in debrief.scorecards)
    extra = f", {followed} follow-up{'' if followed == 1 else 's'}" if followed else ""
    return f"{debrief.questions} {noun}, {debrief.answered} with an answer to judge{extra}."


def _groups(debrief: Debrief) -> Iterator[PatternGroup]:
    for title, kind, patterns in (
        ("Good throughout", "consistent", debrief.strengths),
        ("Good in some", "in_some", debrief.strengths),
        ("What recurs", "recurring", debrief.to_work_on),
    ):
        if points := tuple(_pattern(pattern) for pattern in patterns if pattern.kind == kind):
            yield PatternGroup(title, kind, points)


def _pattern(pattern: Pattern) -> DebriefPoint:
    """Return a pattern with the answers that show it, and the words of one."""
    text = pattern.text if pattern.of == 1 else f"{pattern.text} ({_numbers(pattern.positions)})"
    return DebriefPoint(printable(text), _citation(pattern.quote, pattern.quote_position, pattern.start_s))


def _card(card: Scorecard) -> CardView:
    outcome = _OUTCOMES[card.outcome]
    if card.relevance is not None and card.relevance in _RELEVANCE:
        outcome = f"{outcome}: {_RELEVANCE[card.relevance]}."
    return CardView(
        position=card.position,
        heading=printable(card.question.text) if card.question else "The story",
        about=printable(", ".join(filter(None, _about(card)))),
        outcome=outcome,
        rows=tuple(_rows(card)),
        follow_ups=tuple((each.position, _follow_up(each)) for each in card.follow_ups),
    )


def _about(card: Scorecard) -> Iterator[str]:
    """Yield pillar, competency and length of an answer."""
    if card.question:
        yield from (card.question.pillar.replace("_", " "), (card.competency or "").replace("-", " "))
    if card.takes > 1:
        yield f"answered {card.takes} times, this is the last"
    if card.duration_s is not None and card.target_min_s is not None and card.target_max_s is not None:
        length = f" ({LENGTHS[card.length]})" if card.length else ""
        yield f"{clock(card.duration_s)} of {clock(card.target_min_s)} to {clock(card.target_max_s)}{length}"
    elif card.outcome == "answered" or card.duration_s is not None:
        yield "length not measured"


def _rows(card: Scorecard) -> Iterator[ObservedRow]:
    """Yield what was observed; the points of a checklist that were not recognized share a row."""
    open_points = []
    for each in card.observations:
        title = printable(each.title)
        if each.kind == "checklist" and each.seen == "not_seen":
            open_points.append(title)
        else:
            citation = _citation(each.quote, card.position, each.start_s)
            yield ObservedRow(title, each.seen, _SEEN[each.seen], printable(each.detail or ""), citation)
    if open_points:
        yield ObservedRow("Other expected points", "not_seen", _SEEN["not_seen"], ", ".join(open_points))


def _follow_up(card: FollowUpCard) -> ObservedRow:
    return ObservedRow(
        title=one_line(card.text),
        seen=card.seen,
        verdict=_SEEN[card.seen] if card.outcome == "answered" else _OUTCOMES[card.outcome].rstrip(".").lower(),
        detail=f"asked for {_ASKED_FOR[card.asks_for]}" if card.asks_for else "",
        citation=_citation(card.quote, card.position, card.start_s),
    )


def _competency(evidence: CompetencyEvidence) -> CompetencyView:
    return CompetencyView(
        title=printable(f"{evidence.competency.replace('-', ' ').capitalize()} ({_numbers(evidence.positions)})"),
        supports=tuple(_supports(evidence)),
        open=tuple(_open_items(evidence)),
        unanswered=_numbers(evidence.unanswered) if evidence.unanswered else "",
    )


def _supports(evidence: CompetencyEvidence) -> Iterator[DebriefPoint]:
    """Yield what supports a competency; the points of a checklist share a line."""
    for each in evidence.supported_by:
        if each.kind != "checklist":
            title = f"Follow-up {each.position}" if each.kind == "follow_up" else printable(each.title)
            yield DebriefPoint(title, _citation(each.quote, each.position, each.start_s))
    if points := [printable(each.title) for each in evidence.supported_by if each.kind == "checklist"]:
        yield DebriefPoint(f"Expected points: {', '.join(dict.fromkeys(points))}")


def _open_items(evidence: CompetencyEvidence) -> Iterator[OpenItem]:
    """Yield what is open; the points of a checklist share an item."""
    for each in evidence.left_open:
        if each.kind == "follow_up":
            yield OpenItem(f"Follow-up {each.position}", one_line(each.detail or ""))
        elif each.kind != "checklist":
            yield OpenItem(printable(each.title), "")
    if points := [printable(each.title) for each in evidence.left_open if each.kind == "checklist"]:
        yield OpenItem("Expected points", ", ".join(points))


def _numbers(positions: Iterable[int]) -> str:
    """Return the numbers of answers: "answer 2", "answers 2, 5"."""
    numbers = [str(position) for position in positions]
    return f"answer{'' if len(numbers) == 1 else 's'} {', '.join(numbers)}"


def _citation(quote: str | None, position: int | None, start_s: float | None) -> Citation | None:
    """Return words with their place; None where there are none."""
    return Citation(one_line(quote), position, start_s) if quote else None
