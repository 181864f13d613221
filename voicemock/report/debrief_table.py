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

from voicemock.models import CompetencyEvidence, Debrief, NextWork, Pattern, Scorecard, Seen
from voicemock.report.debrief_words import (
    NO_VERDICT,
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
from voicemock.report.passages import printable

_STYLES: Final[dict[Seen, str]] = {"seen": "green", "not_seen": "red", "not_measured": "dim"}
_TITLE_CELLS: Final = 21
_VERDICT_CELLS: Final = len("not measured")
_FEWEST_WORD_CELLS: Final = 24
"""A terminal that leaves less than this beside title and verdict gets the words below them."""


def show_debrief(console: Console, debrief: Debrief, spoken: str) -> None:
    """Show everything that a session showed.

    Args:
        console: Where to.
        debrief: What to show.
        spoken: What the interviewer says of it.
    """
    show_debrief_summary(console, debrief, spoken)
    if debrief.scorecards:
        _heading(console, "Question by question")
        console.print(Padding(Text(NO_VERDICT, style="dim"), (0, 0, 0, 2)))
    for card in debrief.scorecards:
        _show_card(console, card)
    if debrief.competencies:
        _heading(console, "By competency")
    for evidence in debrief.competencies:
        _show_competency(console, evidence)
    _show_asked_back(console, debrief)


def show_debrief_summary(console: Console, debrief: Debrief, spoken: str) -> None:
    """Show what the answers have in common, without a card for each."""
    _heading(console, "Debrief")
    console.print(Padding(Text(summary_text(debrief), style="dim"), (0, 0, 1, 2)))
    console.print(Padding(Text(printable(spoken)), (0, 0, 0, 2)))
    good = [pattern for pattern in debrief.strengths if pattern.kind == "consistent"]
    in_some = [pattern for pattern in debrief.strengths if pattern.kind == "in_some"]
    _show_patterns(console, "Good throughout", good, "+", "bold green")
    _show_patterns(console, "Good in some", in_some, "+", "green")
    _show_patterns(console, "What recurs", debrief.to_work_on, "-", "bold red")
    if debrief.next_work is not None:
        _show_next_work(console, debrief.next_work)


def _show_patterns(console: Console, title: str, patterns: Iterable[Pattern], sign: str, style: str) -> None:
    shown = list(patterns)
    if not shown:
        return
    _heading(console, title)
    table = _grid()
    for pattern in shown:
        table.add_row(Text(sign, style=style), Text(printable(pattern_text(pattern))))
        if pattern.quote is not None:
            table.add_row("", _quote(pattern.quote, source_text(pattern.quote_position, pattern.start_s)))
    console.print(Padding(table, (0, 0, 0, 2)))


def _show_next_work(console: Console, work: NextWork) -> None:
    _heading(console, "Work on next")
    console.print(Padding(Text(f"{printable(work.text)} ({numbers_text(work.positions)})"), (0, 0, 0, 2)))
    if work.drill is not None:
        console.print(Padding(Text(f"Drill: {printable(work.drill)}", style="bold"), (0, 0, 0, 2)))


def _show_card(console: Console, card: Scorecard) -> None:
    console.print()
    console.print(Text(f"{card.position}. {heading_text(card)}", style="bold"))
    for text, style in ((about_text(card), "dim"), (outcome_text(card), "yellow")):
        if text:
            console.print(Padding(Text(printable(text), style=style), (0, 0, 0, 2)))
    if card.observations:
        is_wide = console.width >= 2 + _TITLE_CELLS + 1 + _VERDICT_CELLS + 1 + _FEWEST_WORD_CELLS
        console.print(Padding(_observations(rows_of(card), is_wide=is_wide), (0, 0, 0, 2)))
    for each in card.follow_ups:
        row = follow_up_row(each)
        verdict = ", ".join(part for part in (row.detail, row.verdict) if part)
        line = Text(f"{each.position}. {row.title} ", style="").append(f"[{verdict}]", style=_STYLES[row.seen])
        console.print(Padding(line, (0, 0, 0, 2)))
        if row.quote:
            console.print(Padding(_quote(row.quote, row.moment), (0, 0, 0, 5)))


def _observations(rows: Iterable[Row], *, is_wide: bool) -> Table:
    table = Table.grid(padding=(0, 1))
    if is_wide:
        table.add_column(width=_TITLE_CELLS)
        table.add_column(no_wrap=True, width=_VERDICT_CELLS)
    table.add_column(ratio=1)
    for row in rows:
        words, verdict = Text(row.detail), Text(row.verdict, style=_STYLES[row.seen])
        if row.quote:
            words.append(". " if row.detail else "").append_text(_quote(row.quote, row.moment))
        if is_wide:
            table.add_row(Text(row.title), verdict, words)
            continue
        table.add_row(Text(f"{row.title}: ").append_text(verdict))
        if words:
            table.add_row(Padding(words, (0, 0, 0, 2)))
    return table


def _show_competency(console: Console, evidence: CompetencyEvidence) -> None:
    console.print()
    console.print(Padding(Text(competency_text(evidence), style="bold"), (0, 0, 0, 2)))
    table = _grid()
    for row, _, source in support_rows(evidence):
        text = Text(f"{row.title}: " if row.quote or row.detail else row.title).append(row.detail)
        table.add_row(Text("+", style="green"), text.append_text(_quote(row.quote, source)) if row.quote else text)
    for item in open_items(evidence):
        text = Text(f"Open: {item.title}").append(f": {item.detail}" if item.detail else "", style="dim")
        table.add_row(Text("?", style="yellow"), text)
    if evidence.unanswered:
        table.add_row(Text("?", style="yellow"), Text(f"No answer to judge: {numbers_text(evidence.unanswered)}"))
    console.print(Padding(table, (0, 0, 0, 2)))


def _show_asked_back(console: Console, debrief: Debrief) -> None:
    if not debrief.was_asked_back:
        return
    _heading(console, "You asked")
    if not debrief.asked_back:
        console.print(Padding(Text("No question was heard. Have two ready."), (0, 0, 0, 2)))
    for each in debrief.asked_back:
        console.print(Padding(_quote(each.quote, source_text(each.position, each.start_s)), (0, 0, 0, 2)))


def _grid() -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    return table


def _quote(quote: str, source: str) -> Text:
    text = Text(f'"{" ".join(printable(quote).split())}"', style="italic dim")
    return text.append(f" ({source})", style="dim") if source else text


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, style="bold underline"))
