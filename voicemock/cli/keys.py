"""Single key presses without Enter, on every platform; none when nobody is at the keyboard."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from voicemock.cli.quiet_terminal import QuietTerminal

if TYPE_CHECKING:
    from prompt_toolkit.input import Input


class Keys:
    """While open, the terminal hands over each key at once and echoes none; it is left as it was.

    What was typed before is dropped: an impatient Enter must not end an answer that has not begun.

    Args:
        on_suspend: Called before Ctrl-Z stops the program.
        on_resume: Called when it goes on.
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
        """Whether somebody can press them."""
        return self._input is not None

    def pressed(self) -> list[str]:
        """Return the keys pressed since the last call: characters in lower case, "enter" for Enter.

        Raises:
            KeyboardInterrupt: Ctrl-C, where the terminal does not turn it into a signal.
        """
        if self._input is None or self._terminal is None or not self._terminal.is_ours:
            return []
        keys = []
        for press in self._input.read_keys():
            if press.key == "c-c":
                raise KeyboardInterrupt
            keys.append("enter" if press.key in {"c-m", "c-j"} else press.data.lower())
        return keys
