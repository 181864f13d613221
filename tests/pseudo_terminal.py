"""Runs a program on a pseudo-terminal, as for a person at a keyboard."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parent.parent
PATIENCE_S = 60.0
"""Longer than a busy machine takes; no test that passes waits for it."""
ON_THE_TERMINAL = """
import os, signal, sys
for number in (signal.SIGHUP, signal.SIGINT):
    signal.signal(number, signal.SIG_DFL)  # who runs the tests in the background ignores them
os.login_tty(0)
os.execvp(sys.argv[1], sys.argv[1:])
"""


class PseudoTerminal:
    """Runs a program on a new terminal, and reads what it writes.

    Args:
        command: The program and its arguments.
        width: Columns; there are 24 lines.
        environment: What is not as it is here; None takes a variable away.
    """

    def __init__(self, *command: str, width: int = 80, **environment: str | None) -> None:
        self._command = command
        self._master, self._slave = pty.openpty()
        termios.tcsetwinsize(self._slave, (24, width))
        changes = {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "COLUMNS": None, "LINES": None, **environment}
        merged = {**os.environ, **changes}
        self._environment = {name: value for name, value in merged.items() if value is not None}
        self._seen = 0
        self.written = ""
        self.before = self.modes

    def __enter__(self) -> Self:
        self._program = subprocess.Popen(
            [sys.executable, "-c", ON_THE_TERMINAL, *self._command],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=ROOT,
            env=self._environment,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._program.kill()
        self._program.wait()
        os.close(self._slave)
        os.close(self._master)

    @property
    def modes(self) -> list[Any]:
        """What the terminal does with keys and lines."""
        return termios.tcgetattr(self._slave)

    @property
    def echoes(self) -> bool:
        return bool(self.modes[3] & termios.ECHO)

    def types(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def gets(self, number: signal.Signals) -> None:
        self._program.send_signal(number)

    def hangs_up(self) -> int:
        """Close the terminal's window; return the exit code of the program."""
        os.close(self._master)
        self._master = os.open(os.devnull, os.O_RDWR)
        return self._program.wait(PATIENCE_S)

    def shows(self, text: str) -> str:
        """Wait until a text is written, after the one waited for before; return all since then."""
        while (found := self.written.find(text, self._seen)) < 0:
            assert self._read(PATIENCE_S), f"{text!r} never came, but: {self.written[self._seen :]!r}"
        since = self.written[self._seen : found + len(text)]
        self._seen = found + len(text)
        return since

    def waits_until_quiet(self) -> None:
        """Wait until the terminal echoes nothing."""
        self.waits_until(lambda: not self.echoes)

    def waits_until(self, holds: Callable[[], bool]) -> None:
        """Wait for something that is not written on the terminal."""
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < deadline, f"it never came, but: {self.written[self._seen :]!r}"
            self._read(0.01)

    def waits(self) -> None:
        """Wait until the program sleeps: a key that is pressed before it has begun to listen may be lost."""
        deadline = time.monotonic() + PATIENCE_S
        while Path(f"/proc/{self._program.pid}/stat").read_text().rpartition(")")[2].split()[0] != "S":
            assert time.monotonic() < deadline, f"it never waited, but wrote: {self.written[self._seen :]!r}"
            self._read(0.05)

    def ends(self) -> int:
        """Wait until the program is over; return its exit code, negative for a signal."""
        deadline = time.monotonic() + PATIENCE_S
        while self._program.poll() is None:
            assert time.monotonic() < deadline, f"it never ended, but wrote: {self.written[self._seen :]!r}"
            self._read(0.05)
        while self._read(0):
            pass
        return self._program.returncode

    def _read(self, timeout_s: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], timeout_s)
        if ready:
            self.written += os.read(self._master, 65536).decode(errors="replace")
        return bool(ready)
