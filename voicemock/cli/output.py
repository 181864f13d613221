"""Standard output and error, and the signals that end the program.

Any character can be printed, and none controls the terminal: whatever writes, its text passes here. A full disk and a
closed pipe are reported like any other error. SIGTERM and a closed terminal act like Ctrl-C, so that what was recorded
is kept, with exit codes of their own.

``voicemock --help`` imports this module, so it imports nothing slow.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import sys
import threading
import time
from _thread import start_new_thread
from collections.abc import Mapping
from contextlib import suppress
from io import TextIOWrapper
from types import FrameType
from typing import Any, ClassVar, Final, NoReturn

import typer

from voicemock.errors import VoicemockError
from voicemock.report.safe_text import printable_between_codes, printable_lines, wrapped

INTERRUPTED: Final = 130
"""Exit code after Ctrl-C, as shells report SIGINT."""

_SIGNALS: Final = ("SIGHUP", "SIGTERM")
_told: Final[list[int]] = []
"""The signals that have told this process to end so far."""
_sent_again: Final[list[int]] = []
"""Those that were sent again, because their interruption was lost."""
_AGAIN_AFTER_S: Final = 0.05
"""Seconds. By then, the code that lost an interruption has returned."""
_IMPORTER: Final = "<frozen importlib._bootstrap>"
_STANDARD_ERROR: Final = 2
"""What C libraries write errors to, whatever ``sys.stderr`` is."""


class OutputError(VoicemockError):
    """What a command prints cannot be written: the disk is full."""

    kind = "output"


class ReaderGoneError(OutputError):
    """The reader of the output has closed the pipe, as ``head`` does; the exit code is what shells report."""

    exit_code = 141


class StoppedError(KeyboardInterrupt):
    """A signal asked the program to end. Code that catches Ctrl-C catches this too.

    Python discards an interruption in a finalizer, and C code may clear it or turn it into an error that is caught. An
    interruption that ends so, before the program does, sends its signal again.

    Args:
        number: Of the signal.
    """

    is_heeded: ClassVar = False
    """Whether the program is ending."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.strsignal(number))
        self.number = number

    def __del__(self) -> None:
        if _told and not self.is_heeded and not sys.is_finalizing():
            _send_again(self.number)


class _Plain(TextIOWrapper):
    """A stream that is the only door to the terminal. Only what ``report.terminal`` lays out may hold codes."""

    def write(self, text: str) -> int:
        self._put(printable_lines(text))
        return len(text)

    @property
    def laid_out(self) -> _LaidOut:
        """The same stream for text that holds our own codes."""
        return _LaidOut(self)

    def put_laid_out(self, text: str) -> None:
        """Write text that holds our own codes; no others get through."""
        self._put(printable_between_codes(text))

    def _put(self, text: str) -> None:
        super().write(text)


class _LaidOut:
    """A stream of ours as rich sees it: its codes get through.

    Args:
        stream: The stream.
    """

    def __init__(self, stream: _Plain) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text with codes."""
        self._stream.put_laid_out(text)
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Output(_Plain):
    """Standard output that raises our errors: libraries would take an OSError for their own, or end silently."""

    def _put(self, text: str) -> None:
        try:
            super()._put(text)
        except OSError as error:
            raise _failed(error) from error

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            raise _failed(error) from error


class _ErrorOutput(_Plain):
    """Standard error. Its own failures cannot be reported anywhere; the exit code says enough."""

    def _put(self, text: str) -> None:
        with suppress(OSError):
            super()._put(text)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()


def _failed(error: OSError) -> OutputError:
    if isinstance(error, BrokenPipeError):
        return ReaderGoneError("The output was closed.")
    return OutputError(f"The output cannot be written: {error.strerror or error}.")


def tell(text: str, *, err: bool = False) -> None:
    """Write a line to standard output or error. The text is data and cannot control the terminal.

    On a terminal lines are broken between words.

    A byte of a file name that is not UTF-8 is shown as "?".
    """
    shown = printable_lines(text.encode("utf-8", "replace").decode("utf-8"))
    stream = sys.stderr if err else sys.stdout
    if stream is not None and stream.isatty():
        shown = wrapped(shown, shutil.get_terminal_size().columns)
    typer.echo(shown, err=err)


def tell_error(text: str) -> None:
    """Write an error message to standard error."""
    tell(f"voicemock: {text}", err=True)


def prepare_output(environ: Mapping[str, str]) -> None:
    """Replace standard output and error with ours, in an encoding that their readers know."""
    sys.stdout = _replaced(sys.stdout, _Output, environ)
    sys.stderr = _replaced(sys.stderr, _ErrorOutput, environ)


def _replaced(stream: Any, kind: type[_Plain], environ: Mapping[str, str]) -> Any:
    """Return a stream of this kind on the same descriptor. None, on a system without a console, stays None."""
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
    """Return whether the user's locale is the plain C locale, for which Python would write UTF-8 all the same.

    Python itself sets ``LC_CTYPE=C.UTF-8`` where nothing else names a locale (PEP 538), so that value is ignored.
    """
    coerced = environ.get("LC_CTYPE") in {"C.UTF-8", "C.utf8", "UTF-8"}
    named = ("LC_ALL", "LANG") if coerced else ("LC_ALL", "LC_CTYPE", "LANG")
    return next((environ[name] for name in named if environ.get(name)), "") in {"C", "POSIX"}


def silence_libraries() -> None:
    """Keep standard error to ourselves: what C libraries write to it is dropped from now on.

    For commands that open a sound card: PortAudio and ALSA report every refusal and every lost device, with lines of
    their source, into the middle of a live view. Their error codes say the same, and those are reported. Python's
    development mode (``python -X dev``) keeps the messages. Outside ``main()`` nothing changes.
    """
    stream = sys.stderr
    if not isinstance(stream, _ErrorOutput) or sys.flags.dev_mode or stream.fileno() != _STANDARD_ERROR:
        return
    ours = os.fdopen(os.dup(_STANDARD_ERROR), "wb")
    sys.stderr = _ErrorOutput(
        ours, encoding=stream.encoding, errors=stream.errors, line_buffering=stream.line_buffering
    )
    _drop_output_to(_STANDARD_ERROR)


def discard_output() -> None:
    """Drop what is still buffered, so that Python does not try to write it again at exit."""
    _drop_output_to(sys.stdout.fileno())


def _drop_output_to(*descriptors: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in descriptors:
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def heed_signals() -> None:
    """Treat SIGTERM, and SIGHUP from a closed terminal, like Ctrl-C. A signal that is ignored (``nohup``) stays so."""
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    sys.unraisablehook = _report_discarded
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    """Stop once: a closing terminal sends its signal twice, and the second must not interrupt the saving.

    An import is waited for, unless Ctrl-C comes twice: interrupted, it can leave its locks held, or end in any error.
    Where the program is ending anyway, the signal is only remembered: nothing is left that could take an interruption.
    """
    if number in _sent_again:
        _sent_again.remove(number)
    elif number != signal.SIGINT and any(each != signal.SIGINT for each in _told):
        return
    else:
        _told.append(number)
    if StoppedError.is_heeded:
        return
    if len(_told) < 2 and _is_importing(frame):
        _send_again(number)
        return
    if number == getattr(signal, "SIGHUP", None):  # writing to a terminal that is closed would be an error
        _drop_output_to(1, 2)  # the descriptors: Python's own streams may have given theirs away
    raise StoppedError(number)


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None and frame.f_code.co_filename != _IMPORTER:
        frame = frame.f_back
    return frame is not None


def _report_discarded(discarded: sys.UnraisableHookArgs) -> None:
    """Report an error that Python has discarded as Python does, but for an interruption: it comes again."""
    if not isinstance(discarded.exc_value, StoppedError):
        sys.__unraisablehook__(discarded)


def _send_again(number: int) -> None:
    """Send a signal to this process a moment later. No lock is taken that the interrupted code may hold."""
    _sent_again.append(number)
    start_new_thread(_send, (number,))


def _send(number: int) -> None:
    time.sleep(_AGAIN_AFTER_S)
    main = threading.main_thread().ident
    if main is not None and hasattr(signal, "pthread_kill"):  # which also wakes it
        signal.pthread_kill(main, number)
    else:
        signal.raise_signal(number)


def stop_told() -> StoppedError | None:
    """Return the interruption that this process was told last; None if it was not told to end."""
    return StoppedError(_told[-1]) if _told else None


def exit_code_of(interruption: KeyboardInterrupt) -> int:
    """Return the exit code after an interruption, as shells report signals. The program ends with it."""
    StoppedError.is_heeded = True
    return 128 + interruption.number if isinstance(interruption, StoppedError) else INTERRUPTED


def leave(code: int) -> NoReturn:
    """End this process, whose data is stored. After a second signal, or at the next one, wait for no thread.

    Python cannot end while Whisper or a voice computes on a thread: the thread would come back into an interpreter that
    is gone, and the process would crash. Without a second signal Python waits until the thread is done.

    Args:
        code: The exit code. Libraries report SIGTERM as Ctrl-C; that is corrected.
    """
    StoppedError.is_heeded = True
    stops = [number for number in _told if number != signal.SIGINT]
    code = 128 + stops[0] if stops and code == INTERRUPTED else code
    for name in _SIGNALS if stops else ():  # Python gives them their own effect back while it ends
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    if _told and signal.getsignal(signal.SIGINT) is _stop:
        signal.signal(signal.SIGINT, lambda *_: os._exit(code))
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)  # no thread is left; Python would let it kill us
    if len(_told) < 2:
        raise SystemExit(code)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OutputError):
                stream.flush()
    os._exit(code)
