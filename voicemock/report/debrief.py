"""A debrief in words, for the page and an export, and on the terminal: patterns, scorecards, competencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from voicemock.coaching.spoken_numbers import clock, counted
from voicemock.content.questions import spelled, titled
from voicemock.content.wording import times
from voicemock.models import (
    AnswerOutcome,
    AsksFor,
    CompetencyEvidence,
    Debrief,
    FollowUpCard,
    LevelView,
    RepeatedStory,
    Scorecard,
    Seen,
)
from voicemock.report.mentor_reviews import ReviewView, show_reviews, views_of
from voicemock.report.rows import IRRELEVANT, LENGTHS
from voicemock.report.safe_text import cited, one_line, printable
from voicemock.report.terminal import show_heading, show_indented, sign_grid

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
_OUTCOMES: Final[dict[AnswerOutcome, str]] = {
    "answered": "",
    "brief": "Too short to judge.",
    "not_an_answer": "Did not answer the question",
    "no_speech": "No answer was heard.",
    "skipped": "Skipped.",
    "interrupted": "Interrupted before it was analyzed.",
}

_STYLES: Final[dict[Seen, str]] = {"seen": "green", "not_seen": "red", "not_measured": "dim"}
_SIGNS: Final = {
    "consistent": ("+", "bold green"),
    "in_some": ("+", "green"),
    "recurring": ("-", "bold red"),
    "told_twice": ("=", "yellow"),
    "level": ("#", "dim"),
}
_TITLE_CELLS: Final = 21
_VERDICT_CELLS: Final = len("not measured")
_FEWEST_WORD_CELLS: Final = 24
"""Cells. If a terminal has less room than this beside title and verdict, the words go below them."""


class Citation(NamedTuple):
    """Words of an answer, on one line; ``position`` is that of the answer."""

    words: str
    position: int | None
    start_s: float | None

    @property
    def moment(self) -> str:
        """Return when the words were said; empty if that is not known."""
        return clock(self.start_s) if self.start_s is not None else ""

    @property
    def source(self) -> str:
        """Return answer and moment: "answer 2, 1:24"."""
        answer = f"answer {self.position}" if self.position is not None else ""
        return ", ".join(filter(None, (answer, self.moment)))


class ObservedRow(NamedTuple):
    """An observation of a scorecard, or a follow-up with its outcome."""

    title: str
    seen: Seen
    verdict: str
    detail: str
    """Numbers, the points of a checklist that were not recognized, or what a follow-up asked for."""
    citation: Citation | None = None


class DebriefPoint(NamedTuple):
    """A pattern, or something that supports a competency."""

    text: str
    citation: Citation | None = None


class PatternGroup(NamedTuple):
    """Patterns of one kind, stories that were told twice, or what was heard of a level."""

    title: str
    kind: str
    """"consistent", "in_some", "recurring", "told_twice" or "level"."""
    points: tuple[DebriefPoint, ...]


class WorkView(NamedTuple):
    """What to work on next."""

    text: str
    answers: str
    """The answers that show it: "answers 2, 5"."""
    drill: str


class CardView(NamedTuple):
    """A scorecard. Empty texts are not shown."""

    position: int
    heading: str
    about: str
    outcome: str
    rows: tuple[ObservedRow, ...]
    follow_ups: tuple[tuple[int, ObservedRow], ...]
    """Each with the position of the reply."""


class OpenItem(NamedTuple):
    """An expected point that the answers about a competency leave open."""

    title: str
    detail: str


class CompetencyView(NamedTuple):
    """What supports a competency and what is open."""

    title: str
    supports: tuple[DebriefPoint, ...]
    open: tuple[OpenItem, ...]
    unanswered: str
    """Answers that cannot be judged: "answer 4"."""


class DebriefView(NamedTuple):
    """A debrief in words. Every text is printable."""

    summary: str
    spoken: str
    """What the interviewer says about it."""
    groups: tuple[PatternGroup, ...]
    next_work: WorkView | None
    cards: tuple[CardView, ...]
    competencies: tuple[CompetencyView, ...]
    was_asked_back: bool
    asked_back: tuple[Citation, ...]
    reviews: tuple[ReviewView, ...] = ()
    """What other people said of the answers."""
    no_verdict: str = "What was observed, and no verdict: seen, not seen, or not measured."
    """Stands above the scorecards."""


def debrief_view(debrief: Debrief, spoken: str) -> DebriefView:
    """Return a debrief in words; ``spoken`` is what the interviewer says about it."""
    work = debrief.next_work
    next_work = WorkView(printable(work.text), _numbers(work.positions), printable(work.drill or "")) if work else None
    return DebriefView(
        summary=_summary(debrief),
        spoken=printable(spoken),
        groups=tuple(_groups(debrief)),
        next_work=next_work,
        cards=tuple(map(_card, debrief.scorecards)),
        competencies=tuple(map(_competency, debrief.competencies)),
        was_asked_back=debrief.was_asked_back,
        asked_back=tuple(Citation(one_line(each.quote), each.position, each.start_s) for each in debrief.asked_back),
        reviews=views_of(debrief.reviews),
    )


def _summary(debrief: Debrief) -> str:
    """Return the numbers of questions, of answers that can be judged, and of follow-ups."""
    if not debrief.questions:
        return "No answers are saved."
    if debrief.is_story:
        return "A story." if debrief.answered else "A story of which nothing can be said."
    followed = sum(len(card.follow_ups) for card in debrief.scorecards)
    extra = f", {counted(followed, 'follow-up')}" if followed else ""
    return f"{counted(debrief.questions, 'question')}, {debrief.answered} with an answer to judge{extra}."


def _groups(debrief: Debrief) -> Iterator[PatternGroup]:
    for title, kind, patterns in (
        ("Good throughout", "consistent", debrief.strengths),
        ("Good in some", "in_some", debrief.strengths),
        ("What recurs", "recurring", debrief.to_work_on),
    ):
        points = []
        for each in patterns:
            if each.kind == kind:
                text = each.text if each.of == 1 else f"{each.text} ({_numbers(each.positions)})"
                citation = _citation(each.quote, each.quote_position, each.start_s)
                points.append(DebriefPoint(printable(text), citation))
        if points:
            yield PatternGroup(title, kind, tuple(points))
    if debrief.told_twice:
        yield PatternGroup("Told twice", "told_twice", tuple(_told_twice(debrief.told_twice)))
    if debrief.level is not None:
        yield PatternGroup(f"What is usual at {debrief.level.title} level", "level", tuple(_level(debrief.level)))


def _told_twice(stories: Iterable[RepeatedStory]) -> Iterator[DebriefPoint]:
    """Yield each story with a sentence of the second telling, then the nearest one of the first."""
    for each in stories:
        first, again = each.positions
        yield DebriefPoint(printable(each.text), _citation(each.quote, again, each.start_s))
        yield DebriefPoint("The first time:", _citation(each.first_quote, first, each.first_start_s))


def _level(level: LevelView) -> Iterator[DebriefPoint]:
    """Yield what was heard of the size of the stories, then what is usual in what is not measured."""
    for each in level.scope:
        yield DebriefPoint(printable(each.text), _citation(each.quote, each.position, each.start_s))
    yield DebriefPoint(f"Ambiguity (not measured): {level.ambiguity}")
    yield DebriefPoint(f"Influence (not measured): {level.influence}")
    yield DebriefPoint(f"Technical depth (not measured at a level): {level.technical_depth}")


def _card(card: Scorecard) -> CardView:
    outcome = _OUTCOMES[card.outcome]
    if card.relevance is not None and card.relevance in IRRELEVANT:
        outcome = f"{outcome}: {IRRELEVANT[card.relevance]}."
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
        yield from (card.question.pillar.replace("_", " "), spelled(card.competency or ""))
    if card.takes > 1:
        yield f"answered {times(card.takes)}, this is the last"
    if card.duration_s is not None and card.target_min_s is not None and card.target_max_s is not None:
        length = f" ({LENGTHS[card.length]})" if card.length else ""
        yield f"{clock(card.duration_s)} of {clock(card.target_min_s)} to {clock(card.target_max_s)}{length}"
    elif card.outcome == "answered" or card.duration_s is not None:
        yield "length not measured"


def _rows(card: Scorecard) -> Iterator[ObservedRow]:
    """Yield the observations; checklist points that were not recognized share a row."""
    open_points = [each for each in card.observations if each.kind == "checklist" and each.seen == "not_seen"]
    for each in card.observations:
        if each not in open_points:
            citation = _citation(each.quote, card.position, each.start_s)
            detail = printable(each.detail or "")
            yield ObservedRow(printable(each.title), each.seen, each.seen.replace("_", " "), detail, citation)
    if open_points:
        titles = ", ".join(printable(each.title) for each in open_points)
        yield ObservedRow("Other expected points", "not_seen", "not seen", titles)


def _follow_up(card: FollowUpCard) -> ObservedRow:
    return ObservedRow(
        title=one_line(card.text),
        seen=card.seen,
        verdict=card.seen.replace("_", " ")
        if card.outcome == "answered"
        else _OUTCOMES[card.outcome].rstrip(".").lower(),
        detail=f"asked for {_ASKED_FOR[card.asks_for]}" if card.asks_for else "",
        citation=_citation(card.quote, card.position, card.start_s),
    )


def _competency(evidence: CompetencyEvidence) -> CompetencyView:
    return CompetencyView(
        title=printable(f"{titled(evidence.competency)} ({_numbers(evidence.positions)})"),
        supports=tuple(_supports(evidence)),
        open=tuple(_open_items(evidence)),
        unanswered=_numbers(evidence.unanswered) if evidence.unanswered else "",
    )


def _supports(evidence: CompetencyEvidence) -> Iterator[DebriefPoint]:
    """Yield what supports a competency; checklist points share a line."""
    for each in evidence.supported_by:
        if each.kind != "checklist":
            title = f"Follow-up {each.position}" if each.kind == "follow_up" else printable(each.title)
            yield DebriefPoint(title, _citation(each.quote, each.position, each.start_s))
    if points := [printable(each.title) for each in evidence.supported_by if each.kind == "checklist"]:
        yield DebriefPoint(f"Expected points: {', '.join(dict.fromkeys(points))}")


def _open_items(evidence: CompetencyEvidence) -> Iterator[OpenItem]:
    """Yield what is open; checklist points share an item."""
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
    return Citation(cited(quote), position, start_s) if quote else None


def show_debrief(console: Console, debrief: Debrief, spoken: str) -> None:
    """Show a whole debrief; ``spoken`` is what the interviewer says about it."""
    view = debrief_view(debrief, spoken)
    _show_summary(console, view)
    if view.cards:
        show_heading(console, "Question by question")
        show_indented(console, Text(view.no_verdict, style="dim"))
    for card in view.cards:
        _show_card(console, card)
    if view.competencies:
        show_heading(console, "By competency")
    for competency in view.competencies:
        _show_competency(console, competency)
    if view.was_asked_back:
        show_heading(console, "You asked")
        if not view.asked_back:
            show_indented(console, Text("No question was heard. Have two ready."))
        for question in view.asked_back:
            show_indented(console, _cited(question, question.source))
    show_reviews(console, view.reviews, with_position=True)


def show_debrief_summary(console: Console, debrief: Debrief, spoken: str) -> None:
    """Show what the answers have in common, without scorecards."""
    _show_summary(console, debrief_view(debrief, spoken))


def _show_summary(console: Console, view: DebriefView) -> None:
    show_heading(console, "Debrief")
    console.print(Padding(Text(view.summary, style="dim"), (0, 0, 1, 2)))
    show_indented(console, Text(view.spoken))
    for group in view.groups:
        _show_patterns(console, group)
    if view.next_work is not None:
        show_heading(console, "Work on next")
        show_indented(console, Text(f"{view.next_work.text} ({view.next_work.answers})"))
        if view.next_work.drill:
            show_indented(console, Text(f"Drill: {view.next_work.drill}", style="bold"))


def _show_patterns(console: Console, group: PatternGroup) -> None:
    show_heading(console, group.title)
    sign, style = _SIGNS[group.kind]
    table = sign_grid()
    for point in group.points:
        table.add_row(Text(sign, style=style), Text(point.text))
        if point.citation:
            table.add_row("", _cited(point.citation, point.citation.source))
    show_indented(console, table)


def _show_card(console: Console, card: CardView) -> None:
    console.print()
    console.print(Text(f"{card.position}. {card.heading}", style="bold"))
    for text, style in ((card.about, "dim"), (card.outcome, "yellow")):
        if text:
            show_indented(console, Text(text, style=style))
    if card.rows:
        show_indented(console, _observations(card.rows, console.width))
    for position, row in card.follow_ups:
        verdict = ", ".join(filter(None, (row.detail, row.verdict)))
        show_indented(console, Text(f"{position}. {row.title} ").append(f"[{verdict}]", style=_STYLES[row.seen]))
        if row.citation:
            show_indented(console, _cited(row.citation, row.citation.moment), 5)


def _observations(rows: Iterable[ObservedRow], width: int) -> Table:
    is_wide = width >= 2 + _TITLE_CELLS + 1 + _VERDICT_CELLS + 1 + _FEWEST_WORD_CELLS
    table = Table.grid(padding=(0, 1))
    if is_wide:
        table.add_column(width=_TITLE_CELLS)
        table.add_column(no_wrap=True, width=_VERDICT_CELLS)
    table.add_column(ratio=1)
    for row in rows:
        words, verdict = Text(row.detail), Text(row.verdict, style=_STYLES[row.seen])
        if row.citation:
            words.append(". " if row.detail else "").append_text(_cited(row.citation, row.citation.moment))
        if is_wide:
            table.add_row(Text(row.title), verdict, words)
            continue
        table.add_row(Text(f"{row.title}: ").append_text(verdict))
        if words:
            table.add_row(Padding(words, (0, 0, 0, 2)))
    return table


def _show_competency(console: Console, view: CompetencyView) -> None:
    console.print()
    show_indented(console, Text(view.title, style="bold"))
    table = sign_grid()
    for point in view.supports:
        text = Text(point.text)
        if point.citation:
            text.append(": ").append_text(_cited(point.citation, point.citation.source))
        table.add_row(Text("+", style="green"), text)
    for item in view.open:
        text = Text(f"Open: {item.title}").append(f": {item.detail}" if item.detail else "", style="dim")
        table.add_row(Text("?", style="yellow"), text)
    if view.unanswered:
        table.add_row(Text("?", style="yellow"), Text(f"No answer to judge: {view.unanswered}"))
    show_indented(console, table)


def _cited(citation: Citation, place: str) -> Text:
    text = Text(f'"{citation.words}"', style="italic dim")
    return text.append(f" ({place})", style="dim") if place else text
