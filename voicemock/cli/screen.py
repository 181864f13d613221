"""The screen of an interview: the question, a live view while listening, then the review."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.control import Control
from rich.live import Live
from rich.panel import Panel
from rich.segment import ControlType
from rich.text import Text

from voicemock.analysis.lexicon import Lexicon
from voicemock.cli.keys import Keys
from voicemock.cli.listening_view import ListeningView, keys_while_speaking
from voicemock.cli.microphone import choose_microphone
from voicemock.coaching.assess import DEFAULT_TARGET_S
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import PAUSED
from voicemock.models import RATED_ITEMS, RATING_SCALE, Answer, Assessment, Debrief, Question, Ratings, Story
from voicemock.report.debrief import show_debrief
from voicemock.report.listening import Stretch, aim_text, clock_text, question_title, target_of
from voicemock.report.own_view import INVITATION, RATED
from voicemock.report.safe_text import printable
from voicemock.report.terminal import show_assessment, show_own_view
from voicemock.speech.audio_quality import Trouble
from voicemock.speech.desk import DeviceReply
from voicemock.speech.device_list import DeviceInfo
from voicemock.speech.microphone_watch import warning_text
from voicemock.speech.recorder import Command, Progress

COMMANDS: Final = {"enter": Command.END, " ": Command.END, "r": Command.REPEAT, "s": Command.SKIP, "q": Command.QUIT}
SKIPS_SPEECH: Final = frozenset({"enter", " "})
DRILL_OFFER: Final = "d tries the drill now, Enter goes on."
RATING_KEYS: Final = {str(rating): rating for rating in RATING_SCALE}
SKIPPED: Final = "-"
OFFERED_S: Final = 6.0
"""Without a key the interview goes on after this."""
LOOKED_EVERY_S: Final = 0.05
"""While paused."""

TOLD_EVERY_S: Final = 30.0
"""Without a live view, the length of the answer is printed this often."""


@dataclass(slots=True)
class _Told(Stretch):
    """A stretch of listening, and what of it was printed where there is no live view."""

    told_s: float | None = None
    warned: set[Trouble] = field(default_factory=set)


class TerminalScreen:
    """The interview on a terminal; plain lines on a terminal without a cursor, or without any terminal.

    While it is open the terminal echoes no keys.

    Args:
        console: Where to write.
        bank: Has the framework that an answer is compared with.
        target_s: Target length that replaces the questions' own.
        calm: Show only the clock, the keys and warnings while listening.
        watches_level: Whether to warn of a microphone that hears nothing, or badly. Not for files.
        now: A clock in seconds.
    """

    def __init__(
        self,
        console: Console,
        bank: QuestionBank,
        target_s: tuple[float, float] | None = None,
        *,
        calm: bool = False,
        watches_level: bool = True,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console
        self._bank = bank
        self._target_override_s = target_s
        self._target_s = target_s or DEFAULT_TARGET_S
        self._calm = calm
        self._watches_level = watches_level
        self._now = now
        self._keys = Keys(self._pause, self._go_on)
        self._is_live = console.is_interactive and console.file.isatty()
        self._live: Live | None = None
        self._microphone = ""
        self._has_question = True
        self._has_left = False
        self._has_drill = False
        self._wants_drill = False
        self._lexicon = Lexicon.load()
        self._stretch = _Told(now())

    def __enter__(self) -> Self:
        self._keys.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._keys.__exit__(kind, error, trace)

    def ask(self, question: Question, position: int, count: int, answer: int) -> None:
        """Show a question, counted from 1, and the number of its answer. A follow-up is counted among its own."""
        self._has_drill = self._wants_drill = False
        self._target_s = target_of(question, self._target_override_s)
        subtitle = aim_text(self._target_s, question)
        if self._console.options.ascii_only:
            subtitle = subtitle.replace("·", "-")
        title = question_title(question, position, count, answer)
        self._show_panel(Text(question.text, style="bold"), Text(title), subtitle)

    def cue(self, story: Story) -> None:
        """Show that the story may begin."""
        self._has_question = False
        text = Text("Start when you are ready. The clock starts with your first word.")
        self._show_panel(text, Text(story.name, style="bold"), aim_text(self._target_s))

    def _show_panel(self, text: Text, title: Text, subtitle: str) -> None:
        below = Text(subtitle)  # a Text that is too long is cut at its end
        self._console.print(Panel(text, title=title, subtitle=below, title_align="left", subtitle_align="left"))

    @property
    def shows_words(self) -> bool:
        """Return whether words are shown while they are spoken."""
        return self._is_live and not self._calm

    @contextmanager
    def listening(self, microphone: str) -> Iterator[None]:
        """Take keys and show what is heard while the block runs; a new ``microphone`` is named."""
        self._stretch = _Told(self._now())
        self._has_left = self._has_left or "q" in self._keys.pressed()
        known, self._microphone = self._microphone, printable(microphone)
        if self._microphone != known:
            self._print(f"Listening on {self._microphone}", style="dim")
        elif not self._is_live:
            self._print("Listening ...", style="dim")
        if not self._is_live:
            yield
            return
        with self._shown(Live(console=self._console, get_renderable=self._view, auto_refresh=False, transient=True)):
            yield

    @contextmanager
    def _shown(self, live: Live) -> Iterator[None]:
        """Show a view while the block runs."""
        with live:
            self._live = live
            try:
                live.refresh()
                yield
            finally:
                self._live = None

    def progress(self, progress: Progress) -> None:
        """Keep the progress of the answer; draw it eight times a second, or print it now and then."""
        stretch = self._stretch
        stretch.take(progress, self._lexicon)
        if self._watches_level:
            stretch.watch.take(progress)
        if self._live is None:
            self._tell(progress)
        elif stretch.is_due(self._now()):
            self._live.refresh()

    def command(self) -> Command | None:
        """Return the command of the key pressed since the last call."""
        if self._has_left:
            return Command.QUIT
        pressed = next((COMMANDS[key] for key in self._keys.pressed() if key in COMMANDS), None)
        if pressed is Command.REPEAT and not self._has_question:
            return None
        is_early = self._stretch.is_early(self._now())
        return None if pressed is Command.END and is_early else pressed

    def skipped(self) -> bool:
        """Return whether Enter, Space or q was pressed since the last call."""
        pressed = self._keys.pressed()
        self._has_left = self._has_left or "q" in pressed
        self._wants_drill = self._wants_drill or "d" in pressed
        return self._has_left or not SKIPS_SPEECH.isdisjoint(pressed)

    def takes_drill(self) -> bool:
        """Return whether d was pressed since the question, or is pressed within some seconds from now.

        Nothing is waited for where an audio file speaks.
        """
        if self._wants_drill or not self.can_pause:
            return self._wants_drill
        self._print(DRILL_OFFER, style="dim")
        until = self._now() + OFFERED_S
        while self._now() < until and SKIPS_SPEECH.isdisjoint(pressed := self._keys.pressed()):
            if "q" in pressed or "d" in pressed:
                self._has_left = "q" in pressed
                return "d" in pressed
            time.sleep(LOOKED_EVERY_S)
        return False

    def rate_yourself(self) -> Ratings:
        """Take a key for each item: 1 to 5, or Enter for none; q leaves.

        Nothing is asked where an audio file speaks.
        """
        if not self.can_pause:
            return Ratings()
        self._print(f"{INVITATION} Press a number for each; Enter skips.", style="bold")
        self._keys.pressed()  # an impatient Enter was meant for the answer
        keys = self._each_key()
        ratings: dict[str, int] = {}
        for item in RATED_ITEMS:
            title, asks = RATED[item]
            self._console.print(Text(f"  {title}: {asks} "), end="", soft_wrap=True)
            pressed = next(key for key in keys if key in RATING_KEYS or key in SKIPS_SPEECH or key == "q")
            self._console.print(Text(pressed if pressed in RATING_KEYS else SKIPPED, style="bold"))
            if pressed == "q":
                self._has_left = True
                break
            if pressed in RATING_KEYS:
                ratings[item] = RATING_KEYS[pressed]
        return Ratings.model_validate(ratings)

    def _each_key(self) -> Iterator[str]:
        """Yield the keys as they are pressed."""
        while True:
            yield from self._keys.pressed()
            time.sleep(LOOKED_EVERY_S)

    def own_view(self, answer: Answer) -> None:
        """Show the candidate's own ratings beside the measures."""
        show_own_view(self._console, answer)

    @property
    def has_left(self) -> bool:
        """Return whether q was pressed while it spoke."""
        return self._has_left

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Show which keys there are while the block speaks, on a line that disappears."""
        if not (self._is_live and self._keys.are_taken):
            yield
            return
        line = Text(keys_while_speaking(self._console.width - 1, has_drill=self._has_drill), style="dim")
        with self._shown(Live(line, console=self._console, auto_refresh=False, transient=True)):
            yield

    @property
    def can_pause(self) -> bool:
        """Return whether there is a keyboard, and a microphone that somebody can speak into."""
        return self._keys.are_taken and self._watches_level

    def pause(self) -> bool:
        """Wait for Enter, or for q; return whether it was Enter."""
        self._print(PAUSED, style="yellow")
        self._keys.pressed()
        while True:
            pressed = self._keys.pressed()
            if "q" in pressed:
                return False
            if not SKIPS_SPEECH.isdisjoint(pressed):
                return True
            time.sleep(LOOKED_EVERY_S)

    def transcribing(self, done: int, count: int) -> None:
        """Say that the last words are being transcribed, on a line that disappears when they are."""
        if not self._is_live:
            return
        if done < count:
            line = Text(f"Writing down what you said ({done} of {count}) ...", style="dim")
            line.truncate(self._console.width - 1)
            self._console.print(line, end="")
            self._console.control(Control(ControlType.CARRIAGE_RETURN))
        else:
            self._console.control(Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2)))

    def assessed(self, assessment: Assessment, question: Question | None) -> None:
        """Show what was said, measured and advised; without parts for the reply to a follow-up."""
        title = question.text if question is not None and not question.wants_a_whole_answer else ""
        self._has_drill = self._has_drill or bool(question and assessment.feedback.drill and not title)
        framework = self._bank.framework_of(assessment, question)
        show_assessment(self._console, assessment, framework=framework, title=title, once=True)

    def debriefed(self, debrief: Debrief, spoken: str) -> None:
        """Show what was observed over all answers, and what the interviewer says about it."""
        show_debrief(self._console, debrief, spoken)

    def notice(self, text: str) -> None:
        """Show a remark."""
        self._console.print(Text(text, style="yellow"))

    def choose_microphone(self, problem: str, microphones: tuple[DeviceInfo, ...]) -> DeviceReply:
        """Ask which microphone to use after a problem. The terminal reads whole lines meanwhile."""
        had_keys = self._keys.are_taken
        if had_keys:
            self._keys.__exit__(None, None, None)
        try:
            return choose_microphone(self._console, problem, microphones)
        finally:
            if had_keys:
                self._keys.__enter__()

    def _view(self) -> ListeningView:
        stretch = self._stretch
        return ListeningView(
            elapsed_s=stretch.elapsed_s,
            target_s=self._target_s,
            level=stretch.level,
            is_clipped=stretch.is_clipped,
            heard=stretch.heard,
            warning=self._warning(),
            has_keys=self._keys.are_taken,
            has_question=self._has_question,
            calm=self._calm,
        )

    def _warning(self) -> str | None:
        trouble = self._stretch.watch.trouble
        return None if trouble is None else warning_text(trouble, self._microphone)

    def _tell(self, progress: Progress) -> None:
        """Print what a live view would show."""
        stretch = self._stretch
        trouble, warning = stretch.watch.trouble, self._warning()
        if trouble is not None and trouble not in stretch.warned:
            stretch.warned.add(trouble)
            self._print(f"! {warning}", style="yellow")
        mark_s = progress.elapsed_s // TOLD_EVERY_S * TOLD_EVERY_S
        if stretch.told_s is not None and mark_s > stretch.told_s:
            self._print(clock_text(mark_s, self._target_s))
        stretch.told_s = mark_s

    def _print(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style=style), soft_wrap=True)

    def _pause(self) -> None:
        """Leave the terminal to the shell after Ctrl-Z."""
        if self._live is not None:
            self._live.stop()

    def _go_on(self) -> None:
        """Draw again after ``fg``."""
        if self._live is not None:
            self._live.start(refresh=True)
