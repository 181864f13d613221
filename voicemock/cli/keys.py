"""Single key presses without Enter, on every platform; none when nobody is at the keyboard."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from prompt_toolkit.input import Input


class Keys:
    """While open, the terminal hands over each key at once; it is left as it was.

    What was typed before is dropped: an impatient Enter while the question is spoken must not end the answer to it.
    """

    def __init__(self) -> None:
        self._input: Input | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        if sys.stdin is not None and sys.stdin.isatty():
            from prompt_toolkit.input import create_input

            self._input = create_input()
            self._open.callback(self._input.close)
            self._open.enter_context(self._input.raw_mode())
            self._input.read_keys()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        self._input = None

    def pressed(self) -> list[str]:
        """Return the keys pressed since the last call: characters in lower case, "enter" for Enter.

        Raises:
            KeyboardInterrupt: Ctrl-C, which the terminal no longer turns into a signal.
        """
        if self._input is None:
            return []
        keys = []
        for press in self._input.read_keys():
            if press.key == "c-c":
                raise KeyboardInterrupt
            keys.append("enter" if press.key in {"c-m", "c-j"} else press.data.lower())
        return keys
