"""The screen of an interview: live on a terminal, whole lines elsewhere, and the keys."""

from __future__ import annotations

import io
import re

import pytest
from prompt_toolkit.input import PipeInput
from rich.console import Console

from voicemock.cli.output import is_ascii_locale
from voicemock.cli.screen import TerminalScreen
from voicemock.content.questions import QuestionBank
from voicemock.models import Ratings, Word
from voicemock.report.listening import NO_END_BEFORE_S
from voicemock.speech.clip import FRAME_S, frames_in
from voicemock.speech.recorder import Command, Progress

BANK = QuestionBank.load()
QUESTION = BANK.get("failed-program")
CODES = re.compile(r"\x1b\[[?\d;]*[A-Za-z]")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Seat:
    """A screen, what it wrote, and the clock that it looks at."""

    def __init__(self, *, live: bool = False, dumb: bool = False, **options: object) -> None:
        self.file = Terminal() if live or dumb else io.StringIO()
        environment = {"TERM": "dumb"} if dumb else {"TERM": "xterm"}
        console = Console(file=self.file, width=80, height=24, color_system=None, _environ=environment)
        self.clock = Clock()
        self.screen = TerminalScreen(console, BANK, (180, 240), now=self.clock, **options)  # type: ignore[arg-type]

    def hears(self, seconds: float, level: float = 0.1, *, since_s: float | None = 0.0, words: str = "") -> None:
        """Send this many seconds of progress, of an answer that began at a moment or has not begun."""
        recognized = tuple(Word(text=word) for word in words.split())
        for frame in range(1, frames_in(seconds) + 1):
            elapsed_s = 0.0 if since_s is None else since_s + frame * FRAME_S
            self.clock.now += FRAME_S
            self.screen.progress(Progress(elapsed_s, 0.0, level, level, since_s is not None, recognized))

    @property
    def written(self) -> str:
        return self.file.getvalue()

    @property
    def lines(self) -> list[str]:
        return self.written.splitlines()


# --- whole lines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("dumb", [False, True], ids=["pipe", "dumb"])
def test_without_a_cursor_the_length_is_told_every_thirty_seconds(dumb: bool) -> None:
    seat = Seat(dumb=dumb, watches_level=False)
    with seat.screen.listening("Fake Card"):
        seat.hears(5, since_s=None)
        seat.hears(271)
    assert seat.lines == [
        "Listening on Fake Card",
        "0:30 of 3:00 to 4:00, 2:30 to go",
        "1:00 of 3:00 to 4:00, 2:00 to go",
        "1:30 of 3:00 to 4:00, 1:30 to go",
        "2:00 of 3:00 to 4:00, 1:00 to go",
        "2:30 of 3:00 to 4:00, 0:30 to go",
        "3:00 of 3:00 to 4:00, a good length",
        "3:30 of 3:00 to 4:00, a good length",
        "4:00 of 3:00 to 4:00, a good length",
        "4:30 of 3:00 to 4:00, over by 0:30",
    ]


def test_the_microphone_is_named_once_and_no_length_told_twice() -> None:
    seat = Seat(watches_level=False)
    for since_s in (0, 40):
        with seat.screen.listening("Fake Card"):
            seat.hears(40, since_s=since_s)
    assert seat.lines == [
        "Listening on Fake Card",
        "0:30 of 3:00 to 4:00, 2:30 to go",
        "Listening ...",
        "1:00 of 3:00 to 4:00, 2:00 to go",
    ]


def test_a_warning_is_told_once_a_stretch() -> None:
    seat = Seat()
    with seat.screen.listening("Fake Card"):
        seat.hears(20, level=0.0, since_s=None)
    assert seat.lines[1:] == ["! No sound at all from Fake Card. Is it muted, or the wrong microphone?"]


def test_a_file_is_not_warned_of() -> None:
    seat = Seat(watches_level=False)
    with seat.screen.listening("file answer.flac"):
        seat.hears(20, level=0.0, since_s=None)
    assert seat.lines == ["Listening on file answer.flac"]


@pytest.mark.parametrize("dumb", [False, True], ids=["pipe", "dumb"])
def test_a_whole_stretch_without_a_cursor_has_no_codes(dumb: bool) -> None:
    seat = Seat(dumb=dumb)
    seat.screen.ask(QUESTION, 1, 1, 1)
    with seat.screen.listening("a name\x1b[2J"):
        seat.hears(40, level=0.0)
        seat.screen.notice("A remark.")
    seat.screen.transcribing(1, 2)
    seat.screen.transcribing(2, 2)
    assert "\x1b" not in seat.written
    assert "\r" not in seat.written


# --- live ----------------------------------------------------------------------------------------------


def test_live_it_is_drawn_eight_times_a_second_and_gone_at_the_end() -> None:
    seat = Seat(live=True)
    seat.screen.ask(QUESTION, 1, 1, 1)
    with seat.screen.listening("Fake Card"):
        seat.hears(6)
        drawn = seat.written.count(" to go")
        assert 6 * 5 <= drawn <= 6 * 8 + 1
    assert seat.written.rstrip("\n").rsplit("\n", 1)[-1].endswith("\x1b[2K")
    assert "Listening on Fake Card" in seat.written


def test_live_the_words_are_counted_and_the_warning_shown() -> None:
    seat = Seat(live=True)
    with seat.screen.listening("Fake Card"):
        seat.hears(4, level=0.0, words="Um, we, uh, did it.")
    shown = CODES.sub("", seat.written)
    assert "[Um], we, [uh], did it." in shown
    assert "Filled pauses: 2" in shown
    assert "! No sound at all from Fake Card." in shown


def test_calm_has_no_words_and_no_level_but_warnings() -> None:
    seat = Seat(live=True, calm=True)
    with seat.screen.listening("Fake Card"):
        seat.hears(4, level=0.0, words="Um, we, uh, did it.")
    shown = CODES.sub("", seat.written)
    assert "0:03 of 3:00 to 4:00" in shown
    assert "! No sound at all" in shown
    assert not re.search("did it|Filled|Level", shown)


def test_writing_down_is_told_on_a_line_that_goes() -> None:
    seat = Seat(live=True)
    seat.screen.transcribing(1, 2)
    assert seat.written == "Writing down what you said (1 of 2) ...\r"
    seat.screen.transcribing(2, 2)
    assert seat.written.endswith("\r\x1b[2K")


def test_color_asked_for_in_a_pipe_makes_no_live_view(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    screen = TerminalScreen(Console(file=file, force_terminal=True, width=80), BANK)
    with screen.listening("Fake Card"):
        screen.progress(Progress(1.0, 0.0, 0.1, 0.1, speaking=True))
    assert "\x1b[?25l" not in file.getvalue()


# --- keys ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "command"),
    [("\r", Command.END), (" ", Command.END), ("r", Command.REPEAT), ("S", Command.SKIP), ("q", Command.QUIT)],
)
def test_keys_ask_for_something_while_it_listens(keyboard: PipeInput, key: str, command: Command) -> None:
    seat = Seat()
    with seat.screen, seat.screen.listening("Fake Card"):
        seat.clock.now += 1
        keyboard.send_text("x" + key)
        assert seat.screen.command() is command
        assert seat.screen.command() is None


def test_what_is_pressed_while_it_works_asks_for_nothing(keyboard: PipeInput) -> None:
    seat = Seat()
    with seat.screen:
        keyboard.send_text("rs\r")
        with seat.screen.listening("Fake Card"):
            seat.clock.now += 1
            assert seat.screen.command() is None


def test_the_second_of_two_enters_ends_no_answer_that_has_not_begun(keyboard: PipeInput) -> None:
    seat = Seat()
    with seat.screen, seat.screen.listening("Fake Card"):
        seat.clock.now += NO_END_BEFORE_S / 2
        keyboard.send_text("\r")
        assert seat.screen.command() is None
        keyboard.send_text("q")
        assert seat.screen.command() is Command.QUIT


@pytest.mark.parametrize(("keys", "skipped"), [("", False), ("rs", False), (" ", True), ("x\r", True), ("q", True)])
def test_enter_and_space_skip_what_is_said(keyboard: PipeInput, keys: str, skipped: bool) -> None:
    seat = Seat()
    with seat.screen:
        keyboard.send_text(keys)
        assert seat.screen.skipped() is skipped
        assert seat.screen.has_left is ("q" in keys)
        assert seat.screen.skipped() is ("q" in keys), "who has left stays away"


def test_q_between_two_texts_ends_the_listening_that_follows(keyboard: PipeInput) -> None:
    seat = Seat(watches_level=False)
    with seat.screen:
        keyboard.send_text("q")
        with seat.screen.listening("Fake Card"):
            assert seat.screen.command() is Command.QUIT


@pytest.mark.parametrize(("keys", "goes_on"), [("xs\r", True), (" ", True), ("xq", False)])
def test_a_pause_waits_for_a_key(
    keyboard: PipeInput, monkeypatch: pytest.MonkeyPatch, keys: str, goes_on: bool
) -> None:
    waiting = list(keys)
    monkeypatch.setattr("voicemock.cli.screen.time.sleep", lambda _: keyboard.send_text(waiting.pop(0)))
    seat = Seat()
    with seat.screen:
        assert seat.screen.can_pause
        assert seat.screen.pause() is goes_on
    assert seat.lines == ["Paused. Press Enter to go on, or q to end the interview."]


@pytest.mark.parametrize(
    ("keys", "ratings"),
    [
        ("4531", Ratings(length=4, structure=5, result=3, delivery=1)),
        ("4\r \r", Ratings(length=4)),
        ("\r\r\r\r", Ratings()),
        ("x09d51s23", Ratings(length=5, structure=1, result=2, delivery=3)),  # other keys say nothing
        ("44q", Ratings(length=4, structure=4)),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_one_key_rates_an_item(
    keyboard: PipeInput, monkeypatch: pytest.MonkeyPatch, keys: str, ratings: Ratings, at_once: bool
) -> None:
    waiting = [keys] if at_once else list(keys)
    monkeypatch.setattr("voicemock.cli.screen.time.sleep", lambda _: keyboard.send_text(waiting.pop(0)))
    seat = Seat()
    with seat.screen:
        keyboard.send_text("\r3")  # before it was asked for
        assert seat.screen.rate_yourself() == ratings
        assert seat.screen.has_left is ("q" in keys)
    assert seat.lines[0].startswith("Before the feedback, your own view: 1 is weak, 5 is strong.")
    assert seat.lines[1] == f"  Length: Was it the right length? {ratings.length or '-'}"
    assert len(seat.lines) == (1 + 3 if "q" in keys else 1 + 4)


def test_an_audio_file_rates_nothing(keyboard: PipeInput) -> None:
    seat = Seat(watches_level=False)
    with seat.screen:
        keyboard.send_text("4444")
        assert seat.screen.rate_yourself() == Ratings()
    assert seat.lines == []


def test_the_keys_are_shown_while_it_speaks(keyboard: PipeInput) -> None:
    seat = Seat(live=True)
    with seat.screen, seat.screen.speaking():
        pass
    assert "It listens once it is done. Enter cuts it short, q quits" in CODES.sub("", seat.written)


# --- locale --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "ascii_only"),
    [
        ({}, False),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LANG": "C"}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LC_CTYPE": "C.UTF-8"}, False),
        ({"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, True),
        ({"LC_ALL": "C.UTF-8"}, False),
        ({"LC_ALL": "", "LC_CTYPE": "en_US.UTF-8", "LANG": "C"}, False),
    ],
)
def test_the_plain_c_locale_is_told_apart(environ: dict[str, str], ascii_only: bool) -> None:
    assert is_ascii_locale(environ) is ascii_only
