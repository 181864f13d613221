"""A rewritten answer in words and rows: its parts, whose words each sentence has, and what was refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from rich.console import Console
from rich.text import Text

from voicemock.coaching.language_model.opinion_wording import REASONS
from voicemock.coaching.spoken_numbers import clock, counted
from voicemock.models import Rewritten, WordedBy
from voicemock.report.safe_text import printable
from voicemock.report.terminal import show_heading, show_indented, show_summary

TITLE: Final = "Your answer, rewritten"
LEGEND: Final = "Plain: the model's words, checked against yours. Marked *: your own. In brackets: for you to fill in."
_BRIEF: Final = "This is too short to rewrite."
_NO_ANSWER: Final = "This does not answer the question: there is nothing to rewrite."
NOT_IN_IT: Final = "Not in it"
_LEFT_OUT: Final = "Figures and names of yours that are not in it"
_OWN: Final = "It is all in your own words, as they were heard"
_NO_MODEL: Final = f"{_OWN}: no language model was asked."
FAULTS: Final[dict[str, str]] = {
    "empty": "said nothing",
    "symbols": "cannot be spoken",
    "length": "two sentences in one",
    "turned": "said the opposite",
    "number": "a number that you did not say there",
    "verdict": "praise or a verdict",
    "doer": "somebody else did it",
    "invented": "words that you did not say there",
    "missing": "left out words of yours",
    "order": "your words in another order",
}
"""What each check of ``grounding`` found."""


class SaidSentence(NamedTuple):
    """A sentence, whose words it is, and what it rests on. Both texts are printable."""

    text: str
    by: WordedBy
    sources: tuple[str, ...]


class SaidPart(NamedTuple):
    """A part of the answer."""

    title: str
    sentences: tuple[SaidSentence, ...]


class RewrittenView(NamedTuple):
    """A rewritten answer, in words."""

    summary: tuple[str, ...]
    parts: tuple[SaidPart, ...]
    left_out: tuple[str, ...] = ()
    """The candidate's own sentences that were left out and might be missed. They are printable."""


def rewritten_view(rewritten: Rewritten) -> RewrittenView:
    """Return an answer said again in words and rows."""
    parts = (
        SaidPart(
            part.title,
            tuple(
                SaidSentence(printable(each.text), each.by, tuple(map(printable, each.sources)))
                for each in part.sentences
            ),
        )
        for part in rewritten.parts
    )
    left_out = tuple(map(printable, rewritten.sentences_left_out))
    return RewrittenView(tuple(map(printable, _summary(rewritten))), tuple(parts), left_out)


def _summary(rewritten: Rewritten) -> Iterator[str]:
    if rewritten.outcome == "brief":
        yield _BRIEF
        return
    if rewritten.outcome == "no_answer":
        yield _NO_ANSWER
        return
    pace = f"{rewritten.words_per_minute:.0f} words a minute"
    yield f"{clock(rewritten.seconds)} ({counted(rewritten.words, 'word')}) at {pace}."
    if rewritten.blanks:
        yield f"{counted(rewritten.blanks, 'blank')} to fill in."
    yield _whose(rewritten)
    if rewritten.left_out:
        yield f"{_LEFT_OUT}: {', '.join(rewritten.left_out)}."


def _whose(rewritten: Rewritten) -> str:
    """Return whose words it is in, and why."""
    if rewritten.model is None:
        return _NO_MODEL
    if rewritten.reason is not None:
        why = REASONS.get(rewritten.reason, f"its answer was dropped ({rewritten.reason})")
        return f"{_OWN}: {rewritten.model} was asked, but {why}."
    whose = f"{counted(rewritten.by_model, 'sentence')} in the words of {rewritten.model}."
    if not rewritten.refused:
        return whose if rewritten.by_model else f"{_OWN}: {rewritten.model} made no change that could be used."
    total = sum(rewritten.refused.values())
    why = ", ".join(f"{FAULTS.get(name, name)} ({count})" for name, count in rewritten.refused.items())
    if not rewritten.by_model:
        said = counted(total, "sentence")
        return f"{_OWN}: {rewritten.model} wrote {said} that you did not say: {why}."
    return f"{whose} {total} more {'was' if total == 1 else 'were'} refused: {why}."


def show_rewritten(console: Console, rewritten: Rewritten, title: str) -> None:
    """Show an answer said again, part by part."""
    view = rewritten_view(rewritten)
    show_summary(console, title, TITLE, view.summary)
    for part in view.parts:
        show_heading(console, part.title)
        for each in part.sentences:
            mark = " *" if each.by == "candidate" and rewritten.by_model else ""
            show_indented(console, Text(f"{each.text}{mark}", style="cyan" if each.by == "blank" else ""))
    if view.left_out:
        show_heading(console, NOT_IN_IT)
        for text in view.left_out:
            show_indented(console, Text(text, style="dim"))
    if view.parts and rewritten.by_model:
        console.print()
        show_indented(console, Text(LEGEND, style="dim"))
