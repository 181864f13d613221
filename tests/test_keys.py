"""Single key presses, from a pipe that plays the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from prompt_toolkit.input import PipeInput, create_pipe_input

from voicemock.cli.keys import Keys


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[PipeInput]:
    with create_pipe_input() as pipe:
        monkeypatch.setattr("prompt_toolkit.input.create_input", lambda: pipe)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        yield pipe


@pytest.mark.parametrize(
    ("typed", "pressed"),
    [("", []), ("\r", ["enter"]), ("\n", ["enter"]), (" ", [" "]), ("rQ", ["r", "q"])],
    ids=["nothing", "enter", "line-feed", "space", "capital"],
)
def test_what_is_typed_while_listening_is_pressed(terminal: PipeInput, typed: str, pressed: list[str]) -> None:
    with Keys() as keys:
        terminal.send_text(typed)
        assert keys.pressed() == pressed
        assert keys.pressed() == []


def test_what_was_typed_before_is_dropped(terminal: PipeInput) -> None:
    terminal.send_text("\rq")
    with Keys() as keys:
        assert keys.pressed() == []


def test_ctrl_c_interrupts(terminal: PipeInput) -> None:
    with Keys() as keys:
        terminal.send_text("\x03")
        with pytest.raises(KeyboardInterrupt):
            keys.pressed()


def test_without_a_terminal_there_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    with Keys() as keys:
        assert keys.pressed() == []
