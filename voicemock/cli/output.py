"""Where the commands print to: no character stops it, and a pipe or disk that takes no more is told like any error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, Final, TypeVar

import typer

from voicemock.errors import VoicemockError

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.console import Console

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
    from voicemock.report.passages import printable

    typer.echo("\n".join(map(printable, f"voicemock: {text}".split("\n"))), err=True)


def print_json(result: BaseModel) -> None:
    """Print what a program reads, on a line of its own and at once."""
    print(result.model_dump_json(), flush=True)  # noqa: T201 - standard output is for programs here


def print_all(found: Found, show: Callable[[Console, Found], None], *, as_json: bool, nothing: str) -> None:
    """Print what a command lists: an object a line for programs; else ``show`` does, or says ``nothing``."""
    from rich.console import Console

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
