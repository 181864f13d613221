"""The bar that shows how far a list of files is; stdout belongs to what is found in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@dataclass(slots=True)
class FileBar:
    """One line for the file that is worked on."""

    _progress: Progress
    _task: TaskID
    _count: int
    _number: int = 0

    def begin(self, name: str) -> None:
        """Show the next file."""
        from voicemock.report.passages import printable

        self._number += 1
        description = f"{self._number}/{self._count} {printable(name)}"
        self._progress.reset(self._task, description=description, total=None, visible=True)

    def advance(self, done: int, count: int) -> None:
        """Show how many stretches of the file are done, of how many."""
        self._progress.update(self._task, completed=done, total=count)

    def hide(self) -> None:
        """Make room for what is printed about the file."""
        self._progress.update(self._task, visible=False)


@contextmanager
def file_bar(count: int) -> Iterator[FileBar]:
    """Show a bar on the terminal while files take time; nothing where there is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal, redirect_stdout=False
    ) as progress:
        yield FileBar(progress, progress.add_task("", total=None), count)


def in_utf_8(text: str) -> str:
    """Return a text with "?" for each byte of a file name that is not UTF-8: neither JSON nor the store holds it."""
    return text.encode("utf-8", "replace").decode("utf-8")
