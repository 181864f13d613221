"""A debrief on the terminal: patterns first, then a scorecard for each question, then competencies.

Nothing depends on color: the words say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from voicemock.models import Debrief, Seen
from voicemock.report.debrief_words import (
    CardView,
    Citation,
    CompetencyView,
    DebriefView,
    ObservedRow,
    PatternGroup,
    debrief_view,
)
from voicemock.report.terminal import show_heading, show_indented, sign_grid

_STYLES: Final[dict[Seen, str]] = {"seen": "green", "not_seen": "red", "not_measured": "dim"}
_SIGNS: Final = {"consistent": ("+", "bold green"), "in_some": ("+", "green"), "recurring": ("-", "bold red")}
_TITLE_CELLS: Final = 21
_VERDICT_CELLS: Final = len("not measured")
_FEWEST_WORD_CELLS: Final = 24
"""A terminal that leaves less than this beside title and verdict gets the words below them."""


def show_debrief(console: Console, debrief: Debrief, spoken: str) -> None:
    """Show everything that a session showed; ``spoken`` is what the interviewer says of it."""
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


def show_debrief_summary(console: Console, debrief: Debrief, spoken: str) -> None:
    """Show what the answers have in common, without a card for each."""
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
        is_wide = console.width >= 2 + _TITLE_CELLS + 1 + _VERDICT_CELLS + 1 + _FEWEST_WORD_CELLS
        show_indented(console, _observations(card.rows, is_wide=is_wide))
    for position, row in card.follow_ups:
        verdict = ", ".join(filter(None, (row.detail, row.verdict)))
        show_indented(console, Text(f"{position}. {row.title} ").append(f"[{verdict}]", style=_STYLES[row.seen]))
        if row.citation:
            show_indented(console, _cited(row.citation, row.citation.moment), 5)


def _observations(rows: Iterable[ObservedRow], *, is_wide: bool) -> Table:
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
