"""Programs run without a network, and watched: a network namespace, strace, and an audit hook in every Python.

A system that allows neither a network namespace nor strace proves nothing, and the tests fail there and say so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent

NAMESPACES = (("unshare", "--net", "--"), ("unshare", "--user", "--map-root-user", "--net", "--"))
"""For root, and for everybody else where the system lets them."""

TRACED = "%network,execve,?open,openat,?creat,?mkdir,mkdirat,?rename,renameat,?renameat2,?unlink,unlinkat,?rmdir,umask"
STRACE = ("strace", "-f", "-ff", "-ttt", "-qq", "-y", "-v", "-s", "65535", "-e", f"trace={TRACED}", "-e", "signal=none")
NO_SOCKETS = ("-e", "inject=socket:error=EAFNOSUPPORT")
"""Where no namespace is allowed, no socket of any kind is to be had."""

PROBE = """
import socket
try:
    socket.create_connection(("192.0.2.1", 9), timeout=5)
except OSError as error:
    print("no network:", error.errno)
"""
"""Errno 101 is "no such network": nothing was even sent. 97 is what the injection says."""


@dataclass(frozen=True)
class Watched:
    """A program that has run, and what it did.

    Attributes:
        stdout, stderr: What it wrote.
        asked: What its Pythons asked of the network, a line each.
        calls: System calls of all its processes in their order, as strace writes them.
    """

    stdout: str
    stderr: str
    asked: tuple[str, ...]
    calls: tuple[str, ...]

    @property
    def connections(self) -> list[str]:
        """The calls that reach for another machine."""
        return [call for call in self.calls if "AF_INET" in call or call.startswith(("connect(", "sendto("))]

    @property
    def started(self) -> list[str]:
        """The programs that were started, with their arguments and environment."""
        return [call for call in self.calls if call.startswith("execve(")]


@dataclass
class Creations:
    """Files and folders as they come into being.

    Attributes:
        made: Each that was made, with the mode it was made with: what was asked for, less the umask.
    """

    made: list[tuple[Path, int]] = field(default_factory=list)
    _there: set[Path] = field(default_factory=set)
    _umask: int = 0

    @classmethod
    def of(cls, calls: Sequence[str]) -> Creations:
        """Follow the calls of a program that was started with an umask of 0."""
        creations = cls()
        for call in calls:
            creations._follow(call)
        return creations

    def _follow(self, call: str) -> None:
        name = call.partition("(")[0]
        paths = list(_paths(call))
        if name == "umask" and (mask := re.match(r"umask\((\d+)\)", call)):
            self._umask = int(mask[1], 8)
        elif " = -1 " in call or not paths:
            return
        elif name in ("open", "openat", "creat") and ("O_CREAT" in call or name == "creat"):
            self._make(paths[0], call)
        elif name.startswith("mkdir"):
            self._make(paths[0], call)
        elif name.startswith("rename"):
            self._there.discard(paths[0])
            self._there.add(paths[1])
        elif name.startswith(("unlink", "rmdir")):
            self._there.discard(paths[0])

    def _make(self, path: Path, call: str) -> None:
        if path in self._there:
            return
        modes = re.findall(r", (0\d*)\)", call)
        self._there.add(path)
        self.made.append((path, int(modes[-1], 8) & ~self._umask))


def _paths(call: str) -> Iterator[Path]:
    """Yield the paths of a call: each is a name in quotation marks, maybe with the folder it stands in before it."""
    for folder, name in re.findall(r'(?:<([^>]*)>, )?"([^"]*)"', call.partition(" = ")[0]):
        yield Path(PurePosixPath(folder or "/") / name)


@cache
def namespace() -> tuple[str, ...] | None:
    """Return the command that takes the network away from another; None where the system allows none."""
    for command in NAMESPACES:
        if shutil.which(command[0]):
            done = subprocess.run([*command, sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)
            if done.stdout == "no network: 101\n":
                return command
    return None


def cage(log: Path) -> list[str]:
    """Return the command that takes the network away from another and writes down its system calls."""
    if shutil.which("strace") is None:
        pytest.fail("strace is missing. Run: make test, or sudo apt-get install strace")
    inside = namespace()
    command = [*(inside or ()), *STRACE, *(() if inside else NO_SOCKETS), "-o", str(log), "--"]
    done = subprocess.run([*command, sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)
    if not done.stdout.startswith("no network:"):
        pytest.fail(f"Neither a network namespace nor strace is allowed here, so nothing is proved: {done.stderr}")
    for probed in log.parent.glob(f"{log.name}.*"):
        probed.unlink()
    return command


def run_watched(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> Watched:
    """Run a program without a network, and watch it and all that it starts.

    Args:
        command: The program and its arguments.
        folder: Where what was seen is written.
        environment: What is set for the program.
    """
    folder.mkdir(parents=True)
    network_log = folder / "network.log"
    environment = {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "1",
        **environment,
        "PYTHONPATH": os.pathsep.join([str(HERE / "tracer"), environment.get("PYTHONPATH", ""), str(ROOT)]),
        "VOICEMOCK_NETWORK_LOG": str(network_log),
    }
    whole = [*cage(folder / "calls"), *map(str, command)]
    done = subprocess.run(whole, env=environment, capture_output=True, text=True, check=False, umask=0)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    asked = network_log.read_text(encoding="utf-8").splitlines() if network_log.exists() else []
    return Watched(done.stdout, done.stderr, tuple(asked), tuple(_calls(folder)))


def _calls(folder: Path) -> list[str]:
    """Return the calls of all threads, by time."""
    lines = [line for path in folder.glob("calls.*") for line in path.read_text(errors="replace").splitlines()]
    timed = [line.split(" ", 1) for line in lines if re.match(r"\d+\.\d+ \w+\(", line)]
    return [call for _, call in sorted(timed, key=lambda line: float(line[0]))]
