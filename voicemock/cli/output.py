"""Where the commands print to: no character stops it, and a pipe or disk that takes no more is told like any error.

Being told to stop by the system: like Ctrl-C, so that what was recorded is filed, with exit codes of their own.

The bar that shows how far a list of files is; stdout belongs to what is found in them.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import TextIOWrapper
from types import FrameType
from typing import Any, Final, NoReturn, TypeVar

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from voicemock.errors import VoicemockError
from voicemock.report.passages import printable

Found = TypeVar("Found", bound="Sequence[BaseModel]")

_STANDARD_ERROR: Final = 2
"""What C libraries write errors to, whatever Python's is."""


class OutputError(VoicemockError):
    """What a command prints cannot be written: the disk is full."""

    kind = "output"


class ReaderGoneError(OutputError):
    """Whoever read what a command prints has closed the pipe, as ``head`` does; the code is what shells report."""

    exit_code = 141


class _Output(TextIOWrapper):
    """Standard output whose failures are ours: libraries take them for their own, or end without a word."""

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            raise _failed(error) from error

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            raise _failed(error) from error


class _ErrorOutput(TextIOWrapper):
    """Standard error, of whose own failures nobody can be told: the exit code says enough."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()


def tell_error(text: str) -> None:
    """Write what went wrong to standard error; a file name in it is data, whatever it holds."""
    typer.echo("\n".join(map(printable, f"voicemock: {text}".split("\n"))), err=True)


def print_json(result: BaseModel) -> None:
    """Print what a program reads, on a line of its own and at once."""
    print(result.model_dump_json(), flush=True)  # noqa: T201 - standard output is for programs here


def print_all(found: Found, show: Callable[[Console, Found], None], *, as_json: bool, nothing: str) -> None:
    """Print what a command lists: an object a line for programs; else ``show`` does, or says ``nothing``."""
    if as_json:
        for each in found:
            print_json(each)
    elif found:
        show(Console(), found)
    else:
        typer.echo(nothing)


def prepare_output(environ: Mapping[str, str]) -> None:
    """Put ours in the place of standard output and standard error, in an encoding that their readers know.

    Args:
        environ: Tells the locale.
    """
    sys.stdout = _replaced(sys.stdout, _Output, environ)
    sys.stderr = _replaced(sys.stderr, _ErrorOutput, environ)


def silence_libraries() -> None:
    """Keep standard error for ourselves: what C libraries write to it goes nowhere from now on.

    For commands that open a sound card: PortAudio and ALSA tell of every refusal and every lost device, with lines of
    their source, into the middle of a live view. Their error codes say the same, and are told. Python's development
    mode (``python -X dev``) keeps them. Nothing is done where ``main()`` does not run.
    """
    stream = sys.stderr
    if not isinstance(stream, _ErrorOutput) or sys.flags.dev_mode or stream.fileno() != _STANDARD_ERROR:
        return
    ours = os.fdopen(os.dup(_STANDARD_ERROR), "wb")
    sys.stderr = _ErrorOutput(
        ours, encoding=stream.encoding, errors=stream.errors, line_buffering=stream.line_buffering
    )
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STANDARD_ERROR)
    os.close(nowhere)


def _replaced(stream: Any, kind: type[TextIOWrapper], environ: Mapping[str, str]) -> Any:
    """Return a stream of a kind on what another one writes to; None, where there is no console, stays."""
    if not isinstance(stream, TextIOWrapper):
        return stream
    buffering, is_terminal, encoding = stream.line_buffering, stream.isatty(), stream.encoding
    errors = "replace"
    if not is_terminal:  # Windows would pipe the country's code page
        encoding, errors = "utf-8", "backslashreplace"
    elif is_ascii_locale(environ):
        encoding = "ascii"
    return kind(stream.detach(), encoding=encoding, errors=errors, line_buffering=buffering)


def is_ascii_locale(environ: Mapping[str, str]) -> bool:
    """Whether the user's locale is the plain C locale, for which Python would write UTF-8 all the same.

    Python itself sets ``LC_CTYPE=C.UTF-8`` where nothing else names a locale (PEP 538), so that it says nothing here.
    """
    coerced = environ.get("LC_CTYPE") in {"C.UTF-8", "C.utf8", "UTF-8"}
    named = ("LC_ALL", "LANG") if coerced else ("LC_ALL", "LC_CTYPE", "LANG")
    return next((environ[name] for name in named if environ.get(name)), "") in {"C", "POSIX"}


def discard_output() -> None:
    """Let what is still buffered go nowhere, so that Python does not try again when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _failed(error: OSError) -> OutputError:
    if isinstance(error, BrokenPipeError):
        return ReaderGoneError("Nobody reads the output any more.")
    return OutputError(f"The output cannot be written: {error.strerror or error}.")


INTERRUPTED: Final = 130
"""Exit code after Ctrl-C, as shells report SIGINT."""

_SIGNALS: Final = ("SIGHUP", "SIGTERM")

_told: Final[list[int]] = []
"""The signals that told this process to end so far."""


class StoppedError(KeyboardInterrupt):
    """A signal that asks to end; wherever Ctrl-C is caught, so is this.

    Args:
        number: Of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.strsignal(number))
        self.number = number


def heed_signals() -> None:
    """Take SIGTERM, and SIGHUP when the terminal is closed, for Ctrl-C; who ignores one (``nohup``) keeps doing so."""
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def exit_code_of(interruption: KeyboardInterrupt) -> int:
    """Return the exit code after an interruption, as shells report signals."""
    return 128 + interruption.number if isinstance(interruption, StoppedError) else INTERRUPTED


def leave(code: int) -> NoReturn:
    """End this process, whose data is filed. After a second signal, or at the next one, wait for no thread.

    Python cannot end while Whisper or a voice computes on a thread: the thread would come back into an interpreter that
    is gone, and the process would crash. Without a second signal Python waits until the thread is done.

    Args:
        code: The exit code. Libraries report SIGTERM as Ctrl-C; that is corrected.
    """
    stops = [number for number in _told if number != signal.SIGINT]
    code = 128 + stops[0] if stops and code == INTERRUPTED else code
    if len(_told) < 2:
        if _told and signal.getsignal(signal.SIGINT) is _interrupt:
            signal.signal(signal.SIGINT, lambda *_: os._exit(code))
        raise SystemExit(code)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OutputError):
                stream.flush()
    os._exit(code)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    _told.append(number)
    raise KeyboardInterrupt


def _stop(number: int, _frame: FrameType | None) -> None:
    """Stop once: a closing terminal sends its signal twice, and the second must not break off the filing."""
    _told.append(number)
    for name in _SIGNALS:
        if (each := getattr(signal, name, None)) is not None:
            signal.signal(each, signal.SIG_IGN)
    if number == getattr(signal, "SIGHUP", None):
        _leave_terminal()
    raise StoppedError(number)


def _leave_terminal() -> None:
    """Print nowhere: whatever would be written to a terminal that is closed is an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):  # Python's own streams may have given theirs away
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


@dataclass(slots=True)
class FileBar:
    """One line for the file that is worked on."""

    _progress: Progress
    _task: TaskID
    _count: int
    _number: int = 0

    def begin(self, name: str) -> None:
        """Show the next file."""
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
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal, redirect_stdout=False
    ) as progress:
        yield FileBar(progress, progress.add_task("", total=None), count)


def in_utf_8(text: str) -> str:
    """Return a text with "?" for each byte of a file name that is not UTF-8: neither JSON nor the store holds it."""
    return text.encode("utf-8", "replace").decode("utf-8")
