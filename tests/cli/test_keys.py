"""Single key presses, from a pipe that plays the terminal."""

from __future__ import annotations

import sys

import pytest
from prompt_toolkit.input import PipeInput

from voicemock.cli.keys import Keys


@pytest.mark.parametrize(
    ("typed", "pressed"),
    [("", []), ("\r", ["enter"]), ("\n", ["enter"]), (" ", [" "]), ("rQ", ["r", "q"])],
    ids=["nothing", "enter", "line-feed", "space", "capital"],
)
def test_what_is_typed_while_listening_is_pressed(keyboard: PipeInput, typed: str, pressed: list[str]) -> None:
    with Keys() as keys:
        keyboard.send_text(typed)
        assert keys.pressed() == pressed
        assert keys.pressed() == []


def test_what_was_typed_before_is_dropped(keyboard: PipeInput) -> None:
    keyboard.send_text("\rq")
    with Keys() as keys:
        assert keys.pressed() == []


def test_ctrl_c_interrupts(keyboard: PipeInput) -> None:
    with Keys() as keys:
        keyboard.send_text("\x03")
        with pytest.raises(KeyboardInterrupt):
            keys.pressed()


def test_without_a_terminal_there_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    with Keys() as keys:
        assert keys.pressed() == []
