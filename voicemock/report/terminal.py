"""An answer on the terminal, lists of sessions and stories, and the moments of an answer to play again.

Nothing depends on color: without it, brackets and stars say the same. Transcripts are data: neither terminal codes nor
rich's markup in them has any effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import cycle
from typing import IO, Any, Final, NamedTuple

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from voicemock.coaching.spoken_numbers import clock
from voicemock.errors import UnknownNameError
from voicemock.models import Analysis, Answer, Assessment, Coverage, Feedback, FeedbackPoint, Filler, Framework
from voicemock.report.own_view import HEADING, own_view_lines
from voicemock.report.passages import Mark, TranscriptPassage, passages
from voicemock.report.rows import (
    MISSING,
    NO_PART,
    NOT_MEASURED,
    SAME_PART,
    UNLABELED,
    content_rows,
    coverage_rows,
    delivery_rows,
    part_title,
    speakers_line,
    structure_rows,
)
from voicemock.report.safe_text import cited, printable, printable_lines, wrapped
from voicemock.report.session_lines import subject_of
from voicemock.store.overviews import SessionOverview, StoryOverview

NOT_HEARD: Final = "not heard"
ALSO: Final = "Also:"
"""Before what is to be fixed besides the first, which was spoken."""
AROUND_S: Final = 2.0
"""Played before and after a filler: enough to recognize the place."""
MOMENT_S: Final = 10.0
"""Played from a moment on."""

_PART_COLORS: Final = ("cyan", "magenta", "blue", "bright_green", "bright_red", "bright_cyan", "bright_magenta")
_LABEL_WIDTH: Final = 14
_MARK_STYLES: Final[dict[Mark, str]] = {
    "filled_pause": "bold yellow",
    "discourse_marker": "underline yellow",
    "quantified_result": "bold green",
    "unclear": "dim italic",
}
_MARK_SIGNS: Final[dict[Mark, tuple[str, str]]] = {
    "filled_pause": ("[", "]"),
    "discourse_marker": ("(", ")"),
    "quantified_result": ("*", "*"),
    "unclear": ("~", "~"),
}
_MARK_NAMES: Final[dict[Mark, str]] = {
    "filled_pause": "filled pause",
    "discourse_marker": "filler phrase",
    "quantified_result": "measured result",
    "unclear": "not understood with certainty",
}


class Terminal(Console):
    """The only path of text to the terminal. All text is data, without control codes or markup.

    Args:
        **options: Of ``Console``.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, **options)

    @property
    def file(self) -> IO[str]:
        """Where to write: of our own streams the side that lets codes through."""
        found = super().file
        return getattr(found, "laid_out", found)

    @file.setter
    def file(self, new_file: IO[str]) -> None:
        self._file = new_file

    def print(self, *objects: Any, soft_wrap: bool | None = None, **options: Any) -> None:
        """Print, and break lines only between words, even those that may be wider than the terminal."""
        if soft_wrap and self.is_terminal:
            objects = tuple(self._wrapped(each) for each in objects)
        super().print(*objects, soft_wrap=soft_wrap, **options)

    def _wrapped(self, text: object) -> object:
        if isinstance(text, Text):
            return Text(wrapped(text.plain, self.width), style=text.style)
        return wrapped(text, self.width) if isinstance(text, str) else text

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Yield what is written; only rich's own codes steer the terminal."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text == "\n" or segment.text.isprintable():
                yield segment
            else:
                yield Segment(printable_lines(segment.text), segment.style)


def show_heading(console: Console, text: str) -> None:
    """Show a heading after an empty line."""
    console.print()
    console.print(Text(text, style="bold underline"))


def show_indented(console: Console, content: RenderableType, left: int = 2) -> None:
    """Show something this many cells from the left edge."""
    console.print(Padding(content, (0, 0, 0, left)))


def show_summary(console: Console, title: str, heading: str, lines: Iterable[str]) -> None:
    """Show a name, if there is one, a heading, and printable lines below it."""
    if title:
        console.print()
        console.print(Text(printable(title), style="bold"))
    show_heading(console, heading)
    for line in lines:
        show_indented(console, Text(line))


def sign_grid() -> Table:
    """Return a grid of two columns: a sign or number, and text in the remaining width."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    return table


def show_assessment(
    console: Console,
    assessment: Assessment,
    *,
    framework: Framework | None = None,
    clean: bool = False,
    title: str | None = None,
    once: bool = False,
) -> None:
    """Show the transcript, the measures and the feedback of one answer.

    Args:
        console: Where to write.
        assessment: Of the answer.
        framework: Its parts; without one, no parts are shown.
        clean: Leave out fillers, repetitions and restarts.
        title: Stands above; by default the question or the source, nothing if it is empty.
        once: Show nothing of the feedback twice, as in the interview, where it is also heard.
    """
    question = assessment.question.text if assessment.question else None
    heading = (question or assessment.source) if title is None else title
    if heading:
        console.print()
        console.print(Text(printable(heading), style="bold"))
        if question and question not in heading:
            console.print(Text(printable(question)))
    if assessment.transcript.speakers:
        show_indented(console, Text(speakers_line(assessment.transcript.speakers)))
    if assessment.transcript.text.strip():
        _show_transcript(console, assessment, framework, clean=clean)
        _show_measures(console, assessment.analysis, framework)
        if assessment.analysis.coverage is not None and framework is not None:
            _show_coverage(console, assessment.analysis.coverage)
    show_feedback(console, assessment.feedback, once=once)


def show_feedback(console: Console, feedback: Feedback, *, once: bool = False) -> None:
    """Show the spoken feedback, each point with its words and moment, the drill, and what changed.

    Args:
        console: Where to write.
        feedback: On one answer.
        once: Leave out the points and the drill that the spoken feedback already contains.
    """
    show_heading(console, "Feedback")
    show_indented(console, Text(printable(feedback.spoken)))
    table = sign_grid()
    shown = not_spoken(feedback) if once else feedback.points
    priorities = [point for point in feedback.points if point.kind == "priority"]
    for point in shown:
        if point.kind == "strength":
            sign = Text("+", style="bold green")
        else:
            sign = Text(ALSO if once else f"{priorities.index(point) + 1}.", style="bold red")
        table.add_row(sign, Text(printable(point.text)))
        if point.quote is not None:
            moment = f" ({clock(point.start_s)})" if point.start_s is not None else ""
            table.add_row("", Text(f'"{cited(point.quote)}"{moment}', style="italic dim"))
    if shown:
        console.print()
        show_indented(console, table)
    if feedback.drill and not (once and feedback.drill in feedback.spoken):
        console.print()
        show_indented(console, Text(f"Drill: {printable(feedback.drill)}", style="bold"))
    if feedback.since_last:
        console.print()
        show_indented(console, Text("Since the last take:"))
        changes = Table.grid(padding=(0, 1))
        for change in feedback.since_last:
            changes.add_row("-", Text(printable(change)))
        show_indented(console, changes)


def show_own_view(console: Console, answer: Answer) -> None:
    """Show the candidate's own ratings beside the measures; nothing where there are none."""
    lines = own_view_lines(answer)
    if not lines:
        return
    console.print()
    show_indented(console, Text(f"{HEADING}:"))
    table = Table.grid(padding=(0, 1))
    for line in lines:
        table.add_row("-", Text(line))
    show_indented(console, table)


def not_spoken(feedback: Feedback) -> tuple[FeedbackPoint, ...]:
    """Return the points that the spoken feedback leaves out: all after the strength and the first thing to fix."""
    first = next((point for point in feedback.points if point.kind == "priority"), None)
    return tuple(point for point in feedback.points if point.kind == "priority" and point is not first)


def show_sessions(console: Console, overviews: Iterable[SessionOverview]) -> None:
    """Show a line for each session."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Session", no_wrap=True)
    table.add_column("Started", no_wrap=True)
    table.add_column("Loop", max_width=_LABEL_WIDTH)
    table.add_column("Answers", justify="right", no_wrap=True)
    table.add_column("About", ratio=1)
    for overview in overviews:
        table.add_row(
            Text(overview.id),
            Text(f"{overview.started_at.astimezone():%Y-%m-%d %H:%M}"),
            Text(printable(overview.loop or UNLABELED)),
            Text(str(overview.answers)),
            Text(subject_of(overview)),
        )
    console.print(table)


def show_stories(console: Console, overviews: Iterable[StoryOverview]) -> None:
    """Show a line for each story."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Story", ratio=1)
    table.add_column("Takes", justify="right", no_wrap=True)
    table.add_column("Last told", no_wrap=True)
    table.add_column("Length", justify="right", no_wrap=True)
    table.add_column("Framework", no_wrap=True)
    for overview in overviews:
        told, length_s = overview.last_told_at, overview.last_duration_s
        table.add_row(
            Text(printable(overview.name)),
            Text(str(overview.takes)),
            Text(f"{told.astimezone():%Y-%m-%d %H:%M}" if told else UNLABELED),
            Text(clock(length_s) if length_s is not None else UNLABELED),
            Text(overview.framework),
        )
    console.print(table)


def _show_transcript(console: Console, assessment: Assessment, framework: Framework | None, *, clean: bool) -> None:
    shown = passages(assessment, clean=clean)
    colored = console.color_system is not None and not console.no_color
    timed = any(passage.start_s is not None for passage in shown)
    structure = assessment.analysis.structure
    styles = {part.name: color for part, color in zip(structure.parts if structure else (), cycle(_PART_COLORS))}
    table = Table.grid(padding=(0, 2, 0, 0))
    if timed:
        table.add_column(justify="right", no_wrap=True)
    table.add_column(max_width=_LABEL_WIDTH)
    table.add_column(ratio=1)
    before: str | None = ""
    for passage in shown:
        title = part_title(framework, passage.part) if framework and passage.part != before else ""
        label = Text(title, style=styles.get(passage.part or "", "dim"))
        moment = Text(clock(passage.start_s) if passage.start_s is not None else "", style="dim")
        table.add_row(*([moment] if timed else []), label, _passage_text(passage, colored=colored))
        before = passage.part
    show_heading(console, "What you said, without fillers and restarts" if clean else "What you said")
    show_indented(console, table)
    _show_legend(console, shown, colored=colored)
    if framework and any(passage.part is None for passage in shown):
        show_indented(console, Text(f'"{UNLABELED}": {NO_PART}. {SAME_PART}', style="dim"))
    elif framework and len({passage.part for passage in shown}) < len(shown):
        show_indented(console, Text(SAME_PART, style="dim"))


def _passage_text(passage: TranscriptPassage, *, colored: bool) -> Text:
    text = Text()
    for piece in passage.pieces:
        if piece.mark is None:
            text.append(piece.text)
        elif colored:
            text.append(piece.text, style=_MARK_STYLES[piece.mark])
        else:
            opening, closing = _MARK_SIGNS[piece.mark]
            text.append(f"{opening}{piece.text}{closing}")
    text.rstrip()
    return text


def _show_legend(console: Console, shown: tuple[TranscriptPassage, ...], *, colored: bool) -> None:
    """Explain the marks that occur."""
    used = {piece.mark for passage in shown for piece in passage.pieces}
    legend = Text()
    for mark, name in _MARK_NAMES.items():
        if mark in used:
            legend.append("   " if legend else "")
            opening, closing = ("", "") if colored else _MARK_SIGNS[mark]
            legend.append(f"{opening}{name}{closing}", style=_MARK_STYLES[mark])
    if legend:
        console.print(Padding(legend, (1, 0, 0, 2)))


def _show_measures(console: Console, analysis: Analysis, framework: Framework | None) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Measure", no_wrap=True)
    table.add_column("Yours", ratio=3)
    table.add_column("To compare", ratio=2)
    rows = (*delivery_rows(analysis), *structure_rows(analysis, framework), *content_rows(analysis))
    for name, yours, comparison in rows:
        missing = yours in (NOT_MEASURED, MISSING)
        table.add_row(
            Text(name), Text(yours, style="red" if yours == MISSING else "dim" if missing else ""), comparison
        )
    show_heading(console, "Measures")
    show_indented(console, table)


def _show_coverage(console: Console, coverage: Coverage) -> None:
    """Show each expected point with the words that cover it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Expected point", no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("Yours", ratio=1)
    for title, words, moment in coverage_rows(coverage):
        value = Text(f'"{words}"') if words else Text(NOT_HEARD, style="red")
        table.add_row(Text(title), Text(moment, style="dim"), value)
    show_heading(console, "Covered")
    show_indented(console, table)


class Moment(NamedTuple):
    """A stretch of a recording."""

    start_s: float
    end_s: float

    def __str__(self) -> str:
        """Return it as "0:46 to 0:51"."""
        return f"{clock(self.start_s)} to {clock(self.end_s)}"


def from_moment(at_s: float, recording_s: float) -> Moment:
    """Return the stretch of a recording that begins at a moment.

    Raises:
        UnknownNameError: The recording ends before it.
    """
    if not 0 <= at_s < recording_s:
        raise UnknownNameError(f"The recording is {clock(recording_s)} long; there is nothing at {clock(at_s)}.")
    return Moment(at_s, min(at_s + MOMENT_S, recording_s))


def around_filler(analysis: Analysis, number: int) -> tuple[Filler, Moment]:
    """Return a filler, counted from 1 in the order of time, and the stretch around it.

    Raises:
        UnknownNameError: The answer has fewer fillers.
    """
    fillers = [filler for filler in analysis.fillers if filler.start_s is not None and filler.end_s is not None]
    if not 1 <= number <= len(fillers):
        count = {0: "no filler", 1: "1 filler"}.get(len(fillers), f"{len(fillers)} fillers")
        raise UnknownNameError(f"There is no filler {number}: the answer has {count}.")
    filler = fillers[number - 1]
    start_s, end_s = filler.start_s or 0.0, filler.end_s or 0.0
    return filler, Moment(max(0.0, start_s - AROUND_S), end_s + AROUND_S)


def of_part(analysis: Analysis, name: str) -> tuple[Moment, ...]:
    """Return the stretches in which a part was told; neighboring sentences are one stretch.

    Raises:
        UnknownNameError: The framework has no such part, or it was not heard.
    """
    structure = analysis.structure
    names = [part.name for part in structure.parts] if structure else []
    wanted = name.strip().casefold().replace(" ", "_")
    if structure is None or wanted not in names:
        raise UnknownNameError(f"No part {name!r}. The parts are: {', '.join(names) or 'none'}.")
    moments: list[Moment] = []
    before: str | None = None
    for sentence in structure.sentences:
        if sentence.part == wanted and sentence.start_s is not None and sentence.end_s is not None:
            start_s = moments.pop().start_s if before == wanted and moments else sentence.start_s
            moments.append(Moment(start_s, sentence.end_s))
        before = sentence.part
    if not moments:
        raise UnknownNameError(f"The part {wanted} was not heard in this answer.")
    return tuple(moments)
