"""Prints what a command found: an object a line for programs, a table for people, a bar while files take time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from voicemock.cli.output import tell
from voicemock.report.safe_text import escaped_json, printable
from voicemock.report.terminal import Terminal
from voicemock.speech.devices import AUDIO_SUFFIXES

Found = TypeVar("Found", bound="Sequence[BaseModel]")


def print_json(result: BaseModel) -> None:
    """Print an object on a line of its own, at once."""
    print(escaped_json(result.model_dump_json()), flush=True)  # noqa: T201 - standard output is for programs here


def print_all(found: Found, show: Callable[[Console, Found], None], *, as_json: bool, nothing: str) -> None:
    """Print a list: an object a line for programs; else by ``show``, or the text ``nothing`` for an empty one."""
    if as_json:
        for each in found:
            print_json(each)
    elif found:
        show(Terminal(), found)
    else:
        tell(nothing)


@dataclass(slots=True)
class FileBar:
    """A progress bar for the current file. If standard error is not a terminal, it can write lines instead.

    A line is written when a recording begins and after each quarter of it. A text takes no time.
    """

    _progress: Progress
    _task: TaskID
    _count: int
    _writes_lines: bool = False
    _number: int = 0
    _description: str = ""
    _quarters: int = 0

    def begin(self, name: str) -> None:
        """Show the next file."""
        self._number += 1
        self._description, self._quarters = f"{self._number}/{self._count} {printable(name)}", 0
        self._progress.reset(self._task, description=self._description, total=None, visible=True)
        if self._writes_lines and Path(name).suffix.lower() in AUDIO_SUFFIXES:
            tell(f"Transcribing {self._description} ...", err=True)

    def advance(self, done: int, count: int) -> None:
        """Show how many stretches of the file are done."""
        self._progress.update(self._task, completed=done, total=count)
        quarters = 4 * done // count if count else 0
        if self._writes_lines and self._quarters < quarters < 4:
            tell(f"{self._description}: {25 * quarters}%", err=True)
        self._quarters = max(self._quarters, quarters)

    def hide(self) -> None:
        """Make room for what is printed about the file."""
        self._progress.update(self._task, visible=False)


@contextmanager
def file_bar(count: int, *, writes_lines: bool = False) -> Iterator[FileBar]:
    """Show a bar on the terminal while files take time. It goes to stderr: stdout belongs to the results.

    Args:
        count: Number of files.
        writes_lines: Whether to write lines instead if stderr is not a terminal.
    """
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    console = Terminal(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal, redirect_stdout=False
    ) as progress:
        yield FileBar(progress, progress.add_task("", total=None), count, writes_lines and not console.is_terminal)


@contextmanager
def waiting(console: Console, text: str) -> Iterator[None]:
    """Show what the user is waiting for: animated on a terminal, else as a line on standard error."""
    if not console.is_terminal:
        tell(text, err=True)
    with console.status(text):
        yield


def in_utf_8(text: str) -> str:
    """Return text with "?" for each byte of a file name that is not UTF-8: neither JSON nor the store can hold it."""
    return text.encode("utf-8", "replace").decode("utf-8")
