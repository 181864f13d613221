"""Stories on the terminal: the story bank, and the clock that shows how a telling split its time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicemock.analysis.amounts import whole_seconds
from voicemock.coaching.spoken_numbers import clock, percent
from voicemock.content.questions import spelled
from voicemock.models import (
    NOTE_FIELDS,
    Analysis,
    Framework,
    FrameworkPart,
    Gap,
    GapKind,
    Part,
    StoryCard,
    StoryCoverage,
)
from voicemock.practice.comparison import Measure, Move
from voicemock.report.rows import MISSING, NOT_IN_SHARES, NOT_MEASURED, REST_TITLE, rest_s
from voicemock.report.safe_text import printable
from voicemock.report.story_rows import (
    AS_TOLD,
    FIELD_TITLES,
    NOT_COVERED,
    NOTHING_MISSING,
    coverage_text,
    gap_text,
    guesses_text,
    next_reason_text,
    shows_text,
    story_row,
    takes_text,
)
from voicemock.report.terminal import show_heading, show_indented

_COMMANDS: Final[dict[GapKind, str]] = {"shows_nothing": "voicemock stories link"}
"""What closes a gap, where it is not written."""
BAR_CELLS: Final = 24
TENTHS: Final = ("per_minute", "semitones")
"""Units that are shown with one decimal."""

_FULL, _EMPTY, _EDGE = "#", ".", "|"
"""Signs of a bar: time taken, the rest, and both ends of the target. They say the same as the colors."""
_VERDICTS: Final = {"short": "short", "on_target": "on target", "long": "long"}


class ClockRow(NamedTuple):
    """A line of a story's clock, in words."""

    title: str
    time: str
    share: str
    aim: str
    verdict: str


def clock_title(analysis: Analysis) -> str:
    """Return the title of a story's clock."""
    return "The parts, by words" if analysis.duration_s is None else "The clock"


def show_story_table(console: Console, cards: Sequence[StoryCard]) -> None:
    """Show a line for each story: what it shows, how often it was told, and what its notes lack."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Story", ratio=3)
    table.add_column("Shows", ratio=3)
    table.add_column("Takes", justify="right", no_wrap=True)
    table.add_column("Last told", no_wrap=True)
    table.add_column("Missing in the notes", ratio=3)
    for card in cards:
        table.add_row(*map(Text, story_row(card)))
    console.print(table)


def show_story_card(console: Console, card: StoryCard, guesses: Mapping[str, tuple[str, ...]]) -> None:
    """Show the notes of a story, what they lack, and what it may show.

    ``guesses`` are competencies that it is not linked to, with the words that hint at them.
    """
    console.print(Text(printable(card.story.name), style="bold"))
    console.print(Text(takes_text(card), style="dim"))
    for field in NOTE_FIELDS:
        if text := card.notes.text_of(field).strip():
            mark = f"  {AS_TOLD}" if field in card.notes.spoken else ""
            console.print(Text.assemble((f"\n{FIELD_TITLES[field]}", "bold cyan"), (mark, "dim")))
            for line in text.splitlines():
                show_indented(console, Text(printable(line)))
    console.print(Text.assemble(("\nShows  ", "bold cyan"), shows_text(card.notes)))
    if guesses:
        console.print(Text("\nIt may show (a guess from its words)", style="bold cyan"))
        for competency, words in guesses.items():
            show_indented(console, Text(f"{spelled(competency)}: {printable(', '.join(words))}"))
    show_gaps(console, card.gaps)


def show_gaps(console: Console, gaps: Sequence[Gap]) -> None:
    """Show what the notes of a story lack, with the words in question."""
    if not gaps:
        console.print(Text(f"\n{NOTHING_MISSING}", style="green"))
        return
    console.print(Text("\nMissing", style="bold yellow"))
    for gap in gaps:
        command = f" With: {_COMMANDS[gap.kind]}" if gap.kind in _COMMANDS else ""
        show_indented(console, Text(f"- {gap_text(gap)}{command}"))


def show_coverage(console: Console, found: StoryCoverage) -> None:
    """Show a line for each competency a company asks stories for, the gaps first, and the story to tell next."""
    console.print(Text(coverage_text(found), style="bold"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Competency", ratio=3)
    table.add_column("Shown by", ratio=3)
    table.add_column("A guess from words", ratio=4)
    for row in found.competencies:
        shown = ", ".join(map(printable, row.stories))
        style = "" if shown else "yellow"
        table.add_row(Text(spelled(row.competency)), Text(shown or NOT_COVERED, style=style), Text(guesses_text(row)))
    console.print(table)
    if found.next_story is None:
        console.print("No stories yet. Write one: voicemock stories add NAME", markup=False)
        return
    console.print(Text(f"Tell next: {printable(found.next_story.story)}", style="bold"))
    show_indented(console, Text(next_reason_text(found)))


def show_story_clock(console: Console, analysis: Analysis, framework: Framework) -> None:
    """Show time and share of each part against its target, and the total; nothing if no word was said."""
    if analysis.structure is None:
        return
    parts = {part.name: part for part in analysis.structure.parts}
    table = Table.grid(padding=(0, 2, 0, 0))
    for justify in ("left", "right", "right", "left", "left", "left"):
        table.add_column(justify=justify, no_wrap=True)
    reach = max([0.0, *(part.share or 0.0 for part in parts.values()), *(p.target_share_max for p in framework.parts)])
    for target in framework.parts:
        table.add_row(*_part_row(target, parts.get(target.name), reach))
    if analysis.duration_s is not None:
        table.add_row(
            Text(REST_TITLE, style="dim"), clock(rest_s(analysis) or 0), Text(""), Text(NOT_IN_SHARES, style="dim")
        )
        table.add_row(*_total_row(analysis, analysis.duration_s))
    show_heading(console, clock_title(analysis))
    show_indented(console, table)


def show_moves(console: Console, found: Iterable[Move], title: str) -> None:
    """Show in a few lines what changed since another take: length, parts, delivery."""
    show_heading(console, title)
    for line in moved_lines(found):
        show_indented(console, Text(line))


NOTES_TITLE: Final = "Compared with your notes"


def show_beside_notes(console: Console, questions: Sequence[str]) -> None:
    """Ask about numbers that the notes of a story do not have; show nothing if there are none."""
    if not questions:
        return
    show_heading(console, NOTES_TITLE)
    for question in questions:
        show_indented(console, Text(printable(question)))


def moved_lines(found: Iterable[Move]) -> Iterator[str]:
    """Yield in a few lines what changed since another take: length, parts, delivery."""
    by_name = {move.after.name: move for move in found}
    delivery = ("length", "pace", "fillers", "pauses", "measured_results")
    lines = (
        [by_name.pop("length", None)],
        [move for name, move in by_name.items() if name not in delivery],
        [by_name.get(name) for name in ("fillers", "measured_results")],
    )
    for line in lines:
        told = [moved_text(move) for move in line if move is not None]
        if told:
            yield "; ".join(told)


def since_text(take: int, recorded_at: datetime) -> str:
    """Return the title of what changed since the last take of a story, which is number ``take``."""
    return f"Since take {take} ({recorded_at.astimezone():%d %B, %H:%M})"


def moved_text(move: Move) -> str:
    """Return a number before and after in words: "Situation 0:58 to 0:25"."""
    before, after = measure_text(move.before), measure_text(move.after)
    units = {"per_minute": " per minute", "words_per_minute": " words per minute", "semitones": " semitones"}
    unit = "" if move.after.value is None else units.get(move.after.unit, "")
    if before == after:
        return f"{move.after.title} {after}{unit} as before" if after != NOT_MEASURED else f"{move.after.title} {after}"
    return f"{move.after.title} {before} \N{RIGHTWARDS ARROW} {after}{unit}"


def measure_text(measure: Measure) -> str:
    """Return a number as it is shown, without its unit."""
    if measure.is_missing:
        return MISSING
    if measure.value is None:
        return NOT_MEASURED if measure.share is None else percent(measure.share)
    if measure.unit == "s":
        return clock(measure.value)
    return f"{measure.value:.1f}" if measure.unit in TENTHS else f"{measure.value:.0f}"


def shown_number(measure: Measure) -> float:
    """Return a number as ``measure_text`` rounds it: the difference of two of these is that of what is shown."""
    value = measure.value or 0.0
    if measure.unit == "s":
        return whole_seconds(value)
    return round(value, 1 if measure.unit in TENTHS else 0)


def clock_rows(analysis: Analysis, framework: Framework) -> tuple[ClockRow, ...]:
    """Return the time and share of each part of a telling against its target, the rest, and the total."""
    if analysis.structure is None:
        return ()
    parts = {part.name: part for part in analysis.structure.parts}
    rows = [_part_words(target, parts.get(target.name)) for target in framework.parts]
    if analysis.duration_s is not None:
        rows.append(ClockRow(REST_TITLE, clock(rest_s(analysis) or 0), "", NOT_IN_SHARES, ""))
        rows.append(_total_words(analysis, analysis.duration_s))
    return tuple(rows)


def _part_words(target: FrameworkPart, part: Part | None) -> ClockRow:
    low, high = target.target_share_min, target.target_share_max
    aim = f"{percent(low)} to {percent(high)}"
    if part is None or not part.present:
        return ClockRow(target.title, MISSING, "", aim, "")
    seconds = "" if part.duration_s is None else clock(part.duration_s)
    if part.share is None:
        return ClockRow(target.title, seconds, "", aim, "")
    verdict = "short" if part.share < low else "long" if part.share > high else "on target"
    return ClockRow(target.title, seconds, percent(part.share), aim, verdict)


def _total_words(analysis: Analysis, duration_s: float) -> ClockRow:
    aim = f"{clock(analysis.target_min_s)} to {clock(analysis.target_max_s)}"
    return ClockRow("Total", clock(duration_s), "", aim, _VERDICTS.get(analysis.length or "", ""))


def _part_row(target: FrameworkPart, part: Part | None, reach: float) -> tuple[Text, ...]:
    low, high = target.target_share_min, target.target_share_max
    row = _part_words(target, part)
    aim = Text(row.aim, style="dim")
    if part is None or not part.present:
        bar = Text(bar_of(0.0, low, high, reach), style="red")
        return Text(row.title), Text(row.time, style="red"), Text(""), bar, aim, Text("")
    if part.share is None:
        return Text(row.title), Text(row.time), Text(""), Text(""), aim, Text("")
    style = "green" if row.verdict == "on target" else "yellow"
    bar = Text(bar_of(part.share, low, high, reach), style=style)
    return Text(row.title), Text(row.time), Text(row.share), bar, aim, Text(row.verdict, style=style)


def _total_row(analysis: Analysis, duration_s: float) -> tuple[Text, ...]:
    low, high = analysis.target_min_s, analysis.target_max_s
    row = _total_words(analysis, duration_s)
    style = "green" if analysis.length == "on_target" else "yellow"
    bar = Text(bar_of(duration_s, low, high, max(duration_s, high * 1.1)), style=style)
    return (
        Text(row.title, style="bold"),
        Text(row.time),
        Text(""),
        bar,
        Text(row.aim, style="dim"),
        Text(row.verdict, style=style),
    )


def bar_of(value: float, low: float, high: float, reach: float) -> str:
    """Draw a value from 0 to ``reach`` as a bar with both ends of its target marked."""
    scale = BAR_CELLS / reach if reach > 0 else 0.0
    filled = min(BAR_CELLS, round(value * scale))
    cells = [_FULL] * filled + [_EMPTY] * (BAR_CELLS - filled)
    for edge in (high, low):  # the later one first: inserting it does not move the earlier one
        cells.insert(min(BAR_CELLS, round(edge * scale)), _EDGE)
    return "".join(cells)
