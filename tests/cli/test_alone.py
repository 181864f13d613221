"""``voicemock`` alone: the page for a person at a desktop, the help for everybody else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.commands import voicemock
from voicemock.cli import desktop
from voicemock.web.address import Address
from voicemock.web.guard import Access

HELP = voicemock("--help").output


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let nothing be served; return the addresses that a browser is asked to open."""
    opened: list[str] = []

    @contextmanager
    def serving(*_: Any, **__: Any) -> Iterator[Any]:
        yield Access(Address("127.0.0.1", 8420), token="the-token"), lambda: None

    monkeypatch.setattr("voicemock.web.server.serving", serving)
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("voicemock.cli.serve.has_desktop", lambda: True)
    return opened


def at_a_desktop(monkeypatch: pytest.MonkeyPatch, *, is_there: bool) -> None:
    monkeypatch.setattr("voicemock.cli.is_at_a_desktop", lambda: is_there)


def test_at_a_desktop_the_page_is_opened_and_said_so_in_a_line(
    opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_a_desktop(monkeypatch, is_there=True)
    result = voicemock()
    assert result.exit_code == 0
    assert result.stdout == "http://127.0.0.1:8420/?token=the-token\n"
    assert result.stderr.splitlines()[0] == desktop.OPENING
    assert opened == ["http://127.0.0.1:8420/?token=the-token"]


def test_without_a_desktop_it_is_the_help(opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    at_a_desktop(monkeypatch, is_there=False)
    result = voicemock()
    assert (result.exit_code, result.stdout, opened) == (2, "", [])
    assert result.stderr.strip() == HELP.strip()


def test_without_the_extra_it_is_the_help_and_how_to_get_the_page(
    opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_a_desktop(monkeypatch, is_there=True)
    monkeypatch.setattr("voicemock.cli.has_page", lambda: False)
    result = voicemock()
    assert (result.exit_code, result.stdout, opened) == (2, "", [])
    assert result.stderr.startswith(HELP.rstrip())
    assert result.stderr.splitlines()[-1] == desktop.WITHOUT_PAGE


def test_the_help_itself_stays_the_help(opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    at_a_desktop(monkeypatch, is_there=True)
    assert voicemock("--help").output == HELP
    assert voicemock("-h").output == HELP
    assert voicemock("--version").exit_code == 0
    assert voicemock("--nonsense").exit_code == 2
    assert opened == []


class Stream:
    def __init__(self, *, is_terminal: bool) -> None:
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.mark.parametrize(
    ("platform", "variables", "terminals", "is_there"),
    [
        ("linux", {"DISPLAY": ":0"}, (True, True, True), True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, (True, True, True), True),
        ("linux", {}, (True, True, True), False),
        ("linux", {"DISPLAY": ""}, (True, True, True), False),
        ("linux", {"DISPLAY": ":0"}, (True, False, True), False),
        ("linux", {"DISPLAY": ":0"}, (False, True, True), False),
        ("linux", {"DISPLAY": ":0"}, (True, True, False), False),
        ("darwin", {}, (True, True, True), True),
        ("win32", {}, (True, True, True), True),
        ("win32", {}, (None, None, None), False),
    ],
)
def test_a_person_at_a_desktop_is_told_from_a_script(
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    variables: dict[str, str],
    terminals: tuple[bool | None, ...],
    is_there: bool,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    streams = [None if each is None else Stream(is_terminal=each) for each in terminals]
    with monkeypatch.context() as patch:
        patch.setattr(desktop.sys, "platform", platform)
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            patch.setattr(desktop.sys, name, stream)
        found = desktop.is_at_a_desktop()
    assert found is is_there


def test_the_extra_is_told_by_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    assert desktop.has_page()
    monkeypatch.setattr(desktop, "find_spec", lambda name: None if name == "uvicorn" else object())
    assert not desktop.has_page()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal")
def test_on_a_real_terminal_the_browser_of_the_desktop_is_asked(tmp_path: Path) -> None:
    from tests.pseudo_terminal import PseudoTerminal

    asked = tmp_path / "asked"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {asked}\n', encoding="utf-8")
    browser.chmod(0o755)
    command = (sys.executable, "-m", "voicemock")
    with PseudoTerminal(*command, width=120, DISPLAY=":0", BROWSER=f"{browser} %s") as terminal:
        terminal.shows(desktop.OPENING)
        terminal.shows("Opened in your browser.")
        terminal.waits_until(lambda: asked.exists() and asked.read_text(encoding="utf-8") != "")
        terminal.types("\x03")
        assert terminal.ends() == 130
    assert asked.read_text(encoding="utf-8").startswith("http://127.0.0.1:")
