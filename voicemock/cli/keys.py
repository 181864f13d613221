"""Reads single key presses without Enter or echo, and restores the terminal on any exit."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from prompt_toolkit.input import Input


if sys.platform != "win32":
    import termios
    import tty


class QuietTerminal:
    """Raw, no-echo terminal mode. Ctrl-C still interrupts; Ctrl-Z restores the terminal and ``fg`` takes it again.

    Without a terminal, or without termios, it does nothing: Windows does not echo keys that are not read. It sets
    signal handlers, so it works only in the main thread.

    Args:
        fd: File descriptor of the terminal.
        on_suspend: Called before Ctrl-Z stops the program.
        on_resume: Called when the program continues in the foreground.
    """

    def __init__(self, fd: int, on_suspend: Callable[[], None], on_resume: Callable[[], None]) -> None:
        self._fd = fd
        self._on_suspend = on_suspend
        self._on_resume = on_resume
        self._before: list[Any] | None = None
        self._handlers: dict[int, Any] = {}
        self._is_suspended = False

    def open(self) -> None:
        """Take the terminal. Keys typed until now are dropped."""
        if sys.platform != "win32" and os.isatty(self._fd):
            self._before = termios.tcgetattr(self._fd)
            self._handlers = {
                signal.SIGTSTP: signal.signal(signal.SIGTSTP, self._suspend),
                signal.SIGCONT: signal.signal(signal.SIGCONT, self._resume),
            }
            self._silence()

    def close(self) -> None:
        """Restore the terminal. Keys typed until now are dropped."""
        self._restore()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers = {}
        self._before = None

    @property
    def is_ours(self) -> bool:
        """Return whether the program is in the foreground. In the background, touching the terminal would stop it."""
        if sys.platform != "win32" and os.isatty(self._fd):
            with suppress(OSError):  # a terminal that controls no session has no background
                return os.tcgetpgrp(self._fd) == os.getpgrp()
        return True

    def _silence(self) -> None:
        """Turn off echo and line editing, and Ctrl-backslash, which would end the program without any cleanup."""
        if sys.platform != "win32" and self._before is not None and self.is_ours:
            with suppress(termios.error):  # the terminal was closed
                tty.setcbreak(self._fd, termios.TCSAFLUSH)
                mode = termios.tcgetattr(self._fd)
                mode[6][termios.VQUIT] = bytes([os.fpathconf(self._fd, "PC_VDISABLE")])
                termios.tcsetattr(self._fd, termios.TCSANOW, mode)

    def _restore(self) -> None:
        if sys.platform != "win32" and self._before is not None and self.is_ours:
            with suppress(termios.error):  # the terminal was closed
                termios.tcsetattr(self._fd, termios.TCSAFLUSH, self._before)

    def _suspend(self, number: int, frame: FrameType | None) -> None:
        """Stop as the shell expects, with the terminal as the shell left it."""
        self._is_suspended = True
        self._on_suspend()
        self._restore()
        if sys.platform != "win32":
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            signal.raise_signal(signal.SIGTSTP)  # the program stands here until it is resumed
            signal.signal(signal.SIGTSTP, self._suspend)
        if self._is_suspended:  # no SIGCONT came: outside a shell's job control nothing stops it
            self._resume(number, frame)

    def _resume(self, _number: int, _frame: FrameType | None) -> None:
        """Take the terminal again. In the background this has to wait for the next ``fg``."""
        if not self.is_ours:
            return
        self._silence()
        if self._is_suspended:
            self._is_suspended = False
            self._on_resume()


class Keys:
    """Keys pressed while it is open, without echo; none if there is no terminal.

    Keys pressed before it opens are dropped: an impatient Enter must not end an answer that has not begun.

    Args:
        on_suspend: Called before Ctrl-Z stops the program.
        on_resume: Called when the program continues.
    """

    def __init__(
        self, on_suspend: Callable[[], None] = lambda: None, on_resume: Callable[[], None] = lambda: None
    ) -> None:
        self._on_suspend = on_suspend
        self._on_resume = on_resume
        self._input: Input | None = None
        self._terminal: QuietTerminal | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        if sys.stdin is not None and sys.stdin.isatty():
            from prompt_toolkit.input import create_input

            self._input = create_input()
            self._open.callback(self._input.close)
            if sys.platform == "win32":
                self._open.enter_context(self._input.raw_mode())
            self._terminal = QuietTerminal(self._input.fileno(), self._on_suspend, self._on_resume)
            self._open.callback(self._terminal.close)
            self._terminal.open()
            self._input.read_keys()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        self._input = self._terminal = None

    @property
    def are_taken(self) -> bool:
        """Return whether there is a keyboard to read."""
        return self._input is not None

    def pressed(self) -> list[str]:
        """Return the keys pressed since the last call: characters in lower case, "enter" for Enter.

        Raises:
            KeyboardInterrupt: Ctrl-C on a terminal that does not turn it into a signal.
        """
        if self._input is None or self._terminal is None or not self._terminal.is_ours:
            return []
        keys = []
        for press in self._input.read_keys():
            if press.key == "c-c":
                raise KeyboardInterrupt
            keys.append("enter" if press.key in {"c-m", "c-j"} else press.data.lower())
        return keys
