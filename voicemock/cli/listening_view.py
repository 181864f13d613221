"""The live view of an answer: clock and target, level, newest words and filled pauses, keys.

Nothing depends on color, nor on more than ASCII if the terminal has no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from rich.console import Console, ConsoleOptions
from rich.text import Text

from voicemock.report.listening import (
    READY,
    HeardWords,
    Standing,
    clock_text,
    filled_pause_counts,
    level_share,
    standing_of,
)

METER_CELLS: Final = 10
NARROW: Final = 60
"""Columns. A narrower view uses fewer words."""
WORD_LINES: Final = 3
ROOM_ABOVE: Final = 1.25
"""The time bar ends at this multiple of the longest good answer, and grows with an answer that is longer still."""


def meter(level: float, cells: int = METER_CELLS) -> str:
    """Draw a level (root mean square, 0 to 1) as a bar from -60 to 0 decibels below full scale."""
    filled = round(cells * level_share(level))
    return "[" + "#" * filled + "-" * (cells - filled) + "]"


def band(elapsed_s: float, target_s: tuple[float, float], cells: int, *, ascii_only: bool) -> Text:
    """Draw the elapsed time as a bar with both ends of the target range marked."""
    gone, ahead, aim, edge = "#-=|" if ascii_only else "█─═┃"
    end_s = max(ROOM_ABOVE * target_s[1], elapsed_s)
    edges = {min(cells - 1, int(cells * t / end_s)) for t in target_s}
    cells_drawn: list[tuple[str, str]] = []
    for cell in range(cells):
        at_s = (cell + 0.5) * end_s / cells
        standing = standing_of(at_s, target_s)
        if cell in edges:
            cells_drawn.append((edge, "bold"))
        elif at_s <= elapsed_s:
            cells_drawn.append((gone, standing.value))
        else:
            cells_drawn.append((aim if standing is Standing.INSIDE else ahead, "dim"))
    bar = Text()
    for (sign, style), run in groupby(cells_drawn):  # one code for a run: over SSH every byte is drawn late
        bar.append(sign * len(list(run)), style=style)
    return bar


@dataclass(frozen=True, slots=True)
class ListeningView:
    """One moment of listening, drawn by rich."""

    elapsed_s: float | None
    """Length of the answer so far; None before the first word."""
    target_s: tuple[float, float]
    """Shortest and longest good answer."""
    level: float = 0.0
    """Root mean square, 0 to 1."""
    is_clipped: bool = False
    heard: HeardWords | None = None
    warning: str | None = None
    """About the microphone."""
    has_keys: bool = True
    has_question: bool = True
    """Whether there is a question to repeat."""
    calm: bool = False
    """Show the clock, the keys and warnings, and nothing else."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Yield the lines, each no wider than the terminal."""
        width = max(1, options.max_width - 1)  # a terminal may wrap after its last column
        for line in self._lines(console, width, ascii_only=options.ascii_only):
            line.truncate(width)
            yield line

    def _lines(self, console: Console, width: int, *, ascii_only: bool) -> Iterator[Text]:
        yield self._clock()
        if not self.calm:
            yield band(self.elapsed_s or 0.0, self.target_s, width, ascii_only=ascii_only)
            yield self._level_and_fillers(width)
            yield from self._words(console, width)
        if self.warning:
            yield from Text(f"! {self.warning}", style="bold yellow").wrap(console, width)
        if self.has_keys:
            yield Text(keys_help(width, ascii_only=ascii_only, has_question=self.has_question), style="dim")

    def _clock(self) -> Text:
        if self.elapsed_s is None:
            return Text(READY, style="cyan")
        color = standing_of(self.elapsed_s, self.target_s).value
        return Text(clock_text(self.elapsed_s, self.target_s), style=color)

    def _level_and_fillers(self, width: int) -> Text:
        line = Text("Level ").append(meter(self.level), style="red" if self.is_clipped else "green")
        if self.is_clipped:
            line.append(" too loud", style="bold red")
        if self.heard is None or self.elapsed_s is None:
            return line
        room = width - line.cell_len - 2
        count = next((text for text in filled_pause_counts(self.heard, short=width < NARROW) if len(text) <= room), "")
        return line.append(count.rjust(room + 2))

    def _words(self, console: Console, width: int) -> Iterator[Text]:
        """Yield a fixed number of lines, so that nothing below jumps."""
        words = Text(no_wrap=False)
        for text, is_filled_pause in self.heard.pieces if self.heard else ():
            if is_filled_pause:
                words.append(text if _has_color(console) else f"[{text}]", style="bold yellow")
            else:
                words.append(text)
        if not words:
            words = Text("Your words appear here a few seconds after you say them.", style="dim")
        lines = list(words.wrap(console, width))[-WORD_LINES:]
        yield from lines
        yield from (Text() for _ in range(WORD_LINES - len(lines)))


def keys_help(width: int, *, ascii_only: bool, has_question: bool = True) -> str:
    """Return what the keys do, shortened for a narrow terminal."""
    keys: tuple[str, ...] = ("Enter ends", "r repeats", "s skips", "q quits")
    short: tuple[str, ...] = ("Enter end", "r again", "s skip", "q quit")
    if not has_question:
        keys, short = (tuple(key for key in each if not key.startswith("r ")) for each in (keys, short))
    separator = ", " if ascii_only else " · "
    line = separator.join(keys)
    return line if len(line) <= width else separator.join(short)


def keys_while_speaking(width: int, *, has_drill: bool = False) -> str:
    """Return what the keys do while the interviewer speaks, and say that the candidate is not heard yet."""
    short = f"Enter cuts it short, {'d tries the drill, ' if has_drill else ''}q quits"
    return next(
        (line for line in (f"It listens once it is done. {short}", short) if len(line) <= width),
        "Enter, q",
    )


def _has_color(console: Console) -> bool:
    return console.color_system is not None and not console.no_color
