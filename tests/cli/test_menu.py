"""``voicemock`` alone: a short menu for a person at a terminal, the help for a script."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.commands import voicemock
from voicemock.cli import COMMANDS, menu

HELP = voicemock("--help").output


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicemock.cli.is_at_a_terminal", lambda: True)


def test_a_script_gets_the_help_and_no_error() -> None:
    result = voicemock()
    assert (result.exit_code, result.stdout, result.stderr) == (0, HELP, "")


@pytest.mark.usefixtures("at_a_terminal")
def test_the_menu_names_five_things_with_their_commands() -> None:
    result = voicemock(input="q\n")
    assert result.exit_code == 0
    rows = [line.strip() for line in result.stdout.splitlines() if line.startswith("  ")]
    assert [(row[0], row.split("voicemock ")[1]) for row in rows] == [
        ("1", "practice"),
        ("2", "serve"),
        ("3", "show"),
        ("4", "stories"),
        ("5", "doctor"),
    ]
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize("typed", ["4\n", " stories \n", "voicemock stories\n", "9\n4\n", "what?\nstories\n"])
def test_what_is_chosen_is_run(typed: str) -> None:
    result = voicemock(input=typed)
    assert result.exit_code == 0
    assert "No stories yet" in result.stdout
    assert ("Type a number from 1 to 5" in result.stdout) == (typed.count("\n") == 2)


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize("typed", ["q\n", "\n", "quit\n", ""])
def test_leaving_runs_nothing(typed: str) -> None:
    result = voicemock(input=typed)
    assert result.exit_code == 0
    assert result.stdout.partition("--help")[2].split() == [">"]


@pytest.mark.usefixtures("at_a_terminal")
def test_what_is_chosen_fails_as_it_does_when_it_is_typed() -> None:
    chosen, typed = voicemock(input="3\n"), voicemock("show")
    assert (chosen.exit_code, chosen.stderr) == (typed.exit_code, typed.stderr)
    assert typed.exit_code == 1


@pytest.mark.usefixtures("at_a_terminal")
def test_the_help_itself_stays_the_help() -> None:
    assert voicemock("--help").output == HELP
    assert voicemock("--version").exit_code == 0
    assert voicemock("--nonsense").exit_code == 2


def test_every_choice_is_a_command() -> None:
    assert {command for _, command in menu.ITEMS} <= set(COMMANDS)


class Stream:
    def __init__(self, *, is_terminal: bool) -> None:
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.mark.parametrize(
    ("terminals", "is_there"),
    [
        ((True, True, True), True),
        ((False, True, True), False),
        ((True, False, True), False),
        ((True, True, False), False),
        ((None, None, None), False),
    ],
)
def test_a_person_is_told_from_a_script(
    monkeypatch: pytest.MonkeyPatch, terminals: tuple[bool | None, ...], is_there: bool
) -> None:
    streams: list[Any] = [None if each is None else Stream(is_terminal=each) for each in terminals]
    with monkeypatch.context() as patch:
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            patch.setattr(menu.sys, name, stream)
        found = menu.is_at_a_terminal()
    assert found is is_there


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal")
def test_on_a_real_terminal_a_choice_says_at_once_that_it_starts() -> None:
    from tests.pseudo_terminal import PseudoTerminal

    with PseudoTerminal(sys.executable, "-m", "voicemock") as terminal:
        terminal.shows("q quits")
        terminal.shows("> ")
        terminal.types("5\r")
        terminal.shows("Looking at this machine ...")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal")
def test_ctrl_c_in_the_menu_ends_as_everywhere() -> None:
    from tests.pseudo_terminal import PseudoTerminal

    with PseudoTerminal(sys.executable, "-m", "voicemock") as terminal:
        terminal.shows("> ")
        terminal.waits()
        terminal.types("\x03")
        assert terminal.ends() == 130
