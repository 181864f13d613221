"""A second opinion in words and rows, for the terminal and for pages."""

from __future__ import annotations

from typing import Final, NamedTuple

from rich.console import Console
from rich.text import Text

from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.opinion_wording import OpinionRow, opinion_note, opinion_rows
from voicemock.models import SecondOpinion
from voicemock.report.safe_text import cited, printable
from voicemock.report.terminal import show_heading, show_indented

TITLE: Final = "Second opinion"


class OpinionView(NamedTuple):
    """What a language model made of an answer, in words. Every text is printable."""

    rows: tuple[OpinionRow, ...]
    note: str


def opinion_view(opinion: SecondOpinion) -> OpinionView:
    """Return a second opinion in words and rows."""
    rows = opinion_rows(opinion, load_guidance())
    shown = (each._replace(text=printable(each.text), quote=each.quote and cited(each.quote)) for each in rows)
    return OpinionView(tuple(shown), printable(opinion_note(opinion)))


def show_opinion(console: Console, opinion: SecondOpinion) -> None:
    """Show a second opinion."""
    view = opinion_view(opinion)
    show_heading(console, TITLE)
    for row in view.rows:
        text = Text(row.text)
        if row.quote:
            text.append(f' "{row.quote}"', style="dim")
        show_indented(console, text)
    show_indented(console, Text(view.note, style="dim"))
