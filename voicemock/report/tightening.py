"""A tightened answer in words and rows: what stays, what goes and why, on the terminal and on pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from rich.console import Console
from rich.text import Text

from voicemock.coaching.spoken_numbers import clock, counted
from voicemock.models import CutReason, Tightened, TightSentence
from voicemock.report.safe_text import printable
from voicemock.report.terminal import show_heading, show_indented, show_summary, sign_grid

TITLE: Final = "Your answer, tighter"
CUTS_TITLE: Final = "Every cut"
KEPT, CUT, FIRST, MAYBE = "kept", "cut", "first", "maybe"
REASONS: Final[dict[CutReason, str]] = {
    "filler": "filler",
    "taken_back": "repeated or restarted",
    "opener": "leads on from what is cut",
    "aside": "leads away from the answer",
    "repetition": "was said before",
    "talk": "is about answering",
}
_NO_ANSWER: Final = "This does not answer the question: there is nothing to tighten."
_BRIEF: Final = "This is too short to tighten."
_NOTHING: Final = "Nothing is safe to cut."
_NO_SHORTER: Final = "Nothing more is safe to cut."
_UNPUNCTUATED: Final = "No punctuation says where its sentences end, so no sentence is cut."
_YOUR_CHOICE: Final = "only you know if it is needed"
_NOT_READ: Final = (
    "An older voicemock measured it, so only fillers and restarts are cut. First run: voicemock reanalyze"
)


class Piece(NamedTuple):
    """Words of a sentence that stay, or go."""

    text: str
    is_cut: bool


class CutRow(NamedTuple):
    """A sentence, what happens to it, and why."""

    state: str
    """``KEPT``, ``CUT``, ``FIRST`` (moved to the front), or ``MAYBE``: kept, and the candidate may cut it."""
    pieces: tuple[Piece, ...]
    why: str


class TighterView(NamedTuple):
    """A tightened answer, in words. Every text is printable."""

    summary: tuple[str, ...]
    sentences: tuple[str, ...]
    """What stays, in its order; empty if nothing goes or may go."""
    rows: tuple[CutRow, ...]


def tighter_view(tightened: Tightened) -> TighterView:
    """Return an answer made tighter in words and rows."""
    is_shown = tightened.outcome == "tighter" or any(each.is_optional for each in tightened.sentences)
    kept = sorted((each for each in tightened.sentences if each.reads), key=lambda each: not each.is_headline)
    return TighterView(
        summary=tuple(_summary(tightened)),
        sentences=tuple(printable(each.reads or "") for each in kept) if is_shown else (),
        rows=tuple(map(_row, tightened.sentences)) if is_shown else (),
    )


def _summary(tightened: Tightened) -> Iterator[str]:
    """Yield what came of it: the lengths, whether it fits, and what leads."""
    if tightened.outcome == "no_answer":
        yield _NO_ANSWER
        return
    before = f"{clock(tightened.seconds_before)} ({counted(tightened.words_before, 'word')})"
    pace = f"{tightened.words_per_minute:.0f} words a minute"
    at = f"at your {pace}" if tightened.is_own_pace else f"at {pace}, since text has no pace"
    gone = tightened.words_before - tightened.words_after
    if tightened.outcome == "tighter" and clock(tightened.seconds_after) == clock(tightened.seconds_before):
        lost = f"{counted(gone, 'word')} shorter" if gone else "with no word cut"
        yield f"It is {before} {at}, and about as long {lost}."
    elif tightened.outcome == "tighter":
        yield f"{before} became {clock(tightened.seconds_after)} ({tightened.words_after}) {at}."
    else:
        yield f"{_BRIEF if tightened.outcome == 'brief' else _NOTHING} It is {before} {at}."
    length = clock(tightened.to_s)
    if tightened.was_within:
        yield f"It was within {length} already."
    elif not tightened.is_within:
        yield f"That is over {length}." + (f" {_NO_SHORTER}" if gone else "")
    if any(each.is_optional for each in tightened.sentences):
        yield f"Without what is marked {MAYBE}, it would be {clock(tightened.seconds_without_optional)}."
    if tightened.headline is not None:
        said = tightened.headline.start_s
        yield "The result comes first" + ("." if said is None else f"; you told it at {clock(said)}.")
    if not tightened.is_punctuated:
        yield _UNPUNCTUATED
    if not tightened.is_read:
        yield _NOT_READ


def _row(sentence: TightSentence) -> CutRow:
    state = CUT if sentence.why else FIRST if sentence.is_headline else MAYBE if sentence.is_optional else KEPT
    reasons = [sentence.why] if sentence.why else [cut.why for cut in sentence.cuts]
    whys = dict.fromkeys(REASONS[why] for why in reasons)
    said = {FIRST: ("the result leads",), MAYBE: (_YOUR_CHOICE,)}.get(state, ())
    return CutRow(state, tuple(_pieces(sentence)), "; ".join((*said, *whys)))


def _pieces(sentence: TightSentence) -> Iterator[Piece]:
    """Yield a sentence cut where words go, in order and complete."""
    if sentence.why:
        yield Piece(printable(sentence.text), is_cut=True)
        return
    position = sentence.start_char
    for cut in sentence.cuts:
        yield from _piece(sentence, position, cut.start_char, is_cut=False)
        yield from _piece(sentence, cut.start_char, cut.end_char, is_cut=True)
        position = cut.end_char
    yield from _piece(sentence, position, sentence.end_char, is_cut=False)


def _piece(sentence: TightSentence, start: int, end: int, *, is_cut: bool) -> Iterator[Piece]:
    if text := sentence.text[start - sentence.start_char : end - sentence.start_char]:
        yield Piece(printable(text), is_cut)


def show_tightened(console: Console, tightened: Tightened, title: str) -> None:
    """Show what stays, then each sentence with what goes of it and why. Words in brackets go."""
    view = tighter_view(tightened)
    show_summary(console, title, TITLE, view.summary)
    if not view.sentences:
        return
    console.print()
    show_indented(console, Text(" ".join(view.sentences)))
    table = sign_grid()
    for row in view.rows:
        style = {CUT: "red", FIRST: "bold green", MAYBE: "yellow"}.get(row.state, "dim")
        table.add_row(Text(row.state, style=style), _marked(row))
    show_heading(console, CUTS_TITLE)
    show_indented(console, table)


def _marked(row: CutRow) -> Text:
    """Return a sentence with the words that go of it in brackets, and why."""
    text = Text()
    for piece in row.pieces:
        if not piece.is_cut or row.state == CUT:
            text.append(piece.text, style="dim" if piece.is_cut else "")
            continue
        words = piece.text.strip()
        before, _, after = piece.text.partition(words) if words else (piece.text, "", "")
        text.append(before).append(f"[{words}]" if words else "", style="dim").append(after)
    text.rstrip()
    return text.append(f" ({row.why})" if row.why else "", style="cyan")
