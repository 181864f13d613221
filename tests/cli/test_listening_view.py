"""The live view of an answer: at every length and width, with color and without."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from voicemock.cli.listening_view import ListeningView, band, keys_help, keys_while_speaking, meter
from voicemock.report.listening import HeardWords, Standing, clock_text, standing_of

TARGET_S = (180.0, 240.0)
HEARD = HeardWords((("and so, ", False), ("um", True), (", we cut the scope of the launch" * 8, False)), 3, 2.53)


class Ascii(io.StringIO):
    encoding = "ascii"


def drawn(view: ListeningView, *, width: int = 80, color: bool = False, ascii_only: bool = False) -> list[str]:
    file = Ascii() if ascii_only else io.StringIO()
    console = Console(
        file=file, width=width, height=24, color_system="standard" if color else None, force_terminal=color, _environ={}
    )
    console.print(view)
    return file.getvalue().splitlines()


@pytest.mark.parametrize(
    ("elapsed_s", "standing", "text"),
    [
        (0, Standing.BELOW, "0:00 of 3:00 to 4:00, 3:00 to go"),
        (90, Standing.BELOW, "1:30 of 3:00 to 4:00, 1:30 to go"),
        (179.9, Standing.BELOW, "2:59 of 3:00 to 4:00, 0:01 to go"),
        (180, Standing.INSIDE, "3:00 of 3:00 to 4:00, a good length"),
        (240, Standing.INSIDE, "4:00 of 3:00 to 4:00, a good length"),
        (241, Standing.ABOVE, "4:01 of 3:00 to 4:00, over by 0:01"),
        (479, Standing.ABOVE, "7:59 of 3:00 to 4:00, over by 3:59"),
        (480, Standing.FAR_ABOVE, "8:00 of 3:00 to 4:00, far over, by 4:00"),
        (3725, Standing.FAR_ABOVE, "62:05 of 3:00 to 4:00, far over, by 58:05"),
    ],
)
def test_the_clock_says_where_one_is(elapsed_s: float, standing: Standing, text: str) -> None:
    assert standing_of(elapsed_s, TARGET_S) is standing
    assert clock_text(elapsed_s, TARGET_S) == text


@pytest.mark.parametrize(
    ("elapsed_s", "bar"),
    [
        (0, "------------|===|---"),
        (90, "######------|===|---"),
        (220, "############|##=|---"),
        (299, "############|###|###"),
        (600, "######|#|###########"),
    ],
)
def test_the_band_shows_the_time_gone_and_the_range(elapsed_s: float, bar: str) -> None:
    assert band(elapsed_s, TARGET_S, 20, ascii_only=True).plain == bar


def test_the_band_has_the_color_of_each_stretch() -> None:
    styles = {str(span.style) for span in band(600, TARGET_S, 40, ascii_only=False).spans}
    assert {"cyan", "green", "yellow", "bold red"} <= styles


@pytest.mark.parametrize(
    ("level", "bar"),
    [(0.0, "[----------]"), (0.001, "[----------]"), (0.0316, "[#####-----]"), (0.99, "[##########]")],
)
def test_the_meter_is_in_decibels(level: float, bar: str) -> None:
    assert meter(level) == bar


def test_before_the_first_word_it_waits() -> None:
    lines = drawn(ListeningView(None, TARGET_S))
    assert lines[0] == "Listening. Begin when you are ready."
    assert lines[2] == "Level [----------]"
    assert lines[-1] == "Enter ends · r repeats · s skips · q quits"


def test_words_are_wrapped_and_filled_pauses_marked_and_counted() -> None:
    lines = drawn(ListeningView(100, TARGET_S, 0.03, heard=HEARD))
    assert lines[2].startswith("Level [#####-----]   ")
    assert lines[2].endswith("Filled pauses: 3, 2.5 a minute")
    assert len(lines[3:-1]) == 3
    assert lines[-2].endswith("scope of the launch")
    short = HeardWords((("and so, ", False), ("um", True)), 1)
    assert "and so, [um]" in drawn(ListeningView(20, TARGET_S, heard=short))
    assert "and so, \x1b[1;33mum\x1b[0m" in drawn(ListeningView(20, TARGET_S, heard=short), color=True)


def test_nothing_is_counted_before_a_word_is_recognized() -> None:
    assert "illers" not in " ".join(drawn(ListeningView(20, TARGET_S)))


def test_what_is_too_loud_is_said_in_words_too() -> None:
    assert "too loud" in drawn(ListeningView(20, TARGET_S, 0.5, is_clipped=True))[2]


def test_calm_shows_the_clock_the_keys_and_warnings_only() -> None:
    view = ListeningView(100, TARGET_S, 0.5, is_clipped=True, heard=HEARD, warning="Muted?", calm=True)
    assert drawn(view) == [
        "1:40 of 3:00 to 4:00, 1:20 to go",
        "! Muted?",
        "Enter ends · r repeats · s skips · q quits",
    ]


def test_without_a_keyboard_no_keys_are_named() -> None:
    assert "Enter" not in " ".join(drawn(ListeningView(100, TARGET_S, has_keys=False)))


@pytest.mark.parametrize("width", [20, 40, 60, 80, 132])
@pytest.mark.parametrize("elapsed_s", [None, 100, 200, 300, 3725])
@pytest.mark.parametrize("color", [False, True])
def test_it_fits_and_nothing_jumps(width: int, elapsed_s: float | None, color: bool) -> None:
    lines = drawn(ListeningView(elapsed_s, TARGET_S, 0.5, True, HEARD), width=width, color=color)
    assert len(lines) == 7
    assert max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in lines) < width


def test_at_forty_columns_it_is_said_in_fewer_words() -> None:
    lines = drawn(ListeningView(100, TARGET_S, 0.03, heard=HEARD), width=40)
    assert lines[2] == "Level [#####-----]   Fillers 3, 2.5/min"
    assert lines[-1] == "Enter end · r again · s skip · q quit"


def test_a_terminal_that_knows_only_ascii_gets_only_ascii() -> None:
    view = ListeningView(200, TARGET_S, 0.5, True, HEARD, warning="Muted?")
    assert "\n".join(drawn(view, ascii_only=True)).isascii()


@pytest.mark.parametrize(
    ("width", "keys"), [(79, "Enter ends · s skips · q quits"), (20, "Enter end · s skip · q quit")]
)
def test_a_story_has_no_question_to_repeat(width: int, keys: str) -> None:
    assert keys_help(width, ascii_only=False, has_question=False) == keys


@pytest.mark.parametrize("width", [1, 2, 3, 4, 8])
@pytest.mark.parametrize("calm", [True, False])
def test_a_terminal_may_be_made_as_narrow_as_one_column(width: int, calm: bool) -> None:
    for elapsed_s in (None, 90.0, 600.0):
        view = ListeningView(elapsed_s, TARGET_S, heard=HEARD, is_clipped=True, warning="It hears nothing.", calm=calm)
        assert max(len(line) for line in drawn(view, width=width)) <= width


@pytest.mark.parametrize(
    ("width", "has_drill", "line"),
    [
        (79, False, "It listens once it is done. Enter cuts it short, q quits"),
        (79, True, "It listens once it is done. Enter cuts it short, d tries the drill, q quits"),
        (40, False, "Enter cuts it short, q quits"),
        (10, True, "Enter, q"),
    ],
)
def test_while_it_speaks_the_keys_are_told(width: int, has_drill: bool, line: str) -> None:
    assert keys_while_speaking(width, has_drill=has_drill) == line
