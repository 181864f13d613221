"""Being told to stop by the system: like Ctrl-C, so that what was recorded is filed, with exit codes of their own."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Final

INTERRUPTED: Final = 130
"""Exit code after Ctrl-C, as shells report SIGINT."""

_SIGNALS: Final = ("SIGHUP", "SIGTERM")


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


def exit_code_of(interruption: KeyboardInterrupt) -> int:
    """Return the exit code after an interruption, as shells report signals."""
    return 128 + interruption.number if isinstance(interruption, StoppedError) else INTERRUPTED


def _stop(number: int, _frame: FrameType | None) -> None:
    """Stop once: a closing terminal sends its signal twice, and the second must not break off the filing."""
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
