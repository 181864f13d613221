"""What a candidate sees during an interview: the question, a live line while listening, then the review."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.live import Live
from rich.panel import Panel
from rich.text import Text

from voicemock.analyzer import DEFAULT_TARGET_S
from voicemock.cli.keys import Keys
from voicemock.recorder import Command, Progress
from voicemock.report.terminal import show_assessment

if TYPE_CHECKING:
    from rich.console import Console

    from voicemock.models import Assessment, Question, Story
    from voicemock.questions import QuestionBank

COMMANDS = {"enter": Command.END, " ": Command.END, "r": Command.REPEAT, "s": Command.SKIP, "q": Command.QUIT}
KEYS_HELP = "Enter ends · r repeats · s skips · q quits"

CLIPPING = 0.99
"""A peak from here up is cut off by the sound card."""
FLOOR_DBFS = -60.0
"""Left end of the level meter."""


class TerminalScreen:
    """The interview on a terminal, or plain lines where there is none.

    Args:
        console: Where to write.
        bank: Gives the framework that an answer is shown against.
        target_s: Target length that replaces the questions' own.
    """

    def __init__(self, console: Console, bank: QuestionBank, target_s: tuple[float, float] | None = None) -> None:
        self._console = console
        self._bank = bank
        self._target_override_s = target_s
        self._target_s = target_s or DEFAULT_TARGET_S
        self._keys = Keys()
        self._progress: Progress | None = None

    def ask(self, question: Question, position: int, count: int) -> None:
        """Show a question, counted from 1."""
        self._target_s = self._target_override_s or (question.target_min_s, question.target_max_s)
        subject = f"{question.pillar} · {question.competency}".replace("_", " ").replace("-", " ")
        low, high = (_clock(t) for t in self._target_s)
        self._console.print(
            Panel(
                Text(question.text, style="bold"),
                title=Text(f"Question {position} of {count}"),
                subtitle=Text(f"aim for {low} to {high} · {subject}"),  # a long subject is cut at its end
                title_align="left",
                subtitle_align="left",
            )
        )

    def cue(self, story: Story) -> None:
        """Show that a story may begin."""
        low, high = (_clock(t) for t in self._target_s)
        self._console.print(
            Panel(
                Text("Tell it when you are ready. The clock starts with your first word."),
                title=Text(story.name, style="bold"),
                subtitle=Text(f"aim for {low} to {high}"),
                title_align="left",
                subtitle_align="left",
            )
        )

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take keys and show the level for as long as the block runs."""
        self._progress = None
        if not self._console.is_terminal:
            self._console.print("Listening ...")
            yield
            return
        with (
            self._keys,
            Live(console=self._console, get_renderable=self._lines, refresh_per_second=8, transient=True, screen=False),
        ):
            yield

    def progress(self, progress: Progress) -> None:
        """Remember where the answer stands; the live line draws it eight times a second."""
        self._progress = progress

    def command(self) -> Command | None:
        """Return what was asked for by a key since the last call."""
        return next((COMMANDS[key] for key in self._keys.pressed() if key in COMMANDS), None)

    def transcribing(self, done: int, count: int) -> None:
        """Say that the last words are being written down."""
        if done < count and self._console.is_terminal:
            self._console.print(Text(f"Writing down what you said ({done} of {count}) ...", style="dim"), end="\r")

    def assessed(self, assessment: Assessment) -> None:
        """Show what was said, measured and advised."""
        show_assessment(self._console, assessment, framework=self._bank.framework_of(assessment), title="")

    def notice(self, text: str) -> None:
        """Show a remark."""
        self._console.print(Text(text, style="yellow"))

    def _lines(self) -> Text:
        return listening_lines(self._progress, self._target_s, self._console.width)


def listening_lines(progress: Progress | None, target_s: tuple[float, float], width: int) -> Text:
    """Return two lines: what is going on, the time against the target and the level; the keys."""
    if progress is None or not progress.speaking:
        line = Text("Listening. Begin when you are ready.", style="cyan")
    else:
        color = "green" if target_s[0] <= progress.elapsed_s <= target_s[1] else "yellow"
        late = " over" if progress.elapsed_s > target_s[1] else ""
        line = Text(
            f"{_clock(progress.elapsed_s)} of {_clock(target_s[0])} to {_clock(target_s[1])}{late}", style=color
        )
    if progress is not None:
        line.append(f"  {meter(progress.level)}", style="green")
        if progress.peak >= CLIPPING:
            line.append(" too loud", style="bold red")
    line.truncate(width - 1)
    return line.append(f"\n{KEYS_HELP}", style="dim")


def meter(level: float, cells: int = 10) -> str:
    """Draw a level (root mean square, 0 to 1) as a bar from -60 to 0 decibels below full scale."""
    dbfs = 20 * math.log10(level) if level > 0 else FLOOR_DBFS
    filled = round(cells * min(1.0, max(0.0, 1 - dbfs / FLOOR_DBFS)))
    return "[" + "#" * filled + "-" * (cells - filled) + "]"


def _clock(seconds: float) -> str:
    """Write seconds as minutes and seconds: 3:07."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
