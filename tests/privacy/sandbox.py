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
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent

NAMESPACES = (("unshare", "--net", "--"), ("unshare", "--user", "--map-root-user", "--net", "--"))
"""For root, and for everybody else where the system lets them."""

PROCESSES = "execve,?clone,?clone3,?fork,?vfork,umask"
FILES = "?open,openat,?creat,?mkdir,mkdirat,?rename,renameat,?renameat2,?unlink,unlinkat,?rmdir"
TRACED = f"%network,{PROCESSES},{FILES}"
STRACE = (
    "strace",
    "-f",
    "-ff",
    "--seccomp-bpf",
    "-ttt",
    "-qq",
    "-y",
    "-v",
    "-s",
    "65535",
    "-e",
    f"trace={TRACED}",
    "-e",
    "signal=none",
)
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


class Call(NamedTuple):
    """A system call, as strace writes it."""

    thread: str
    text: str

    @property
    def name(self) -> str:
        return self.text.partition("(")[0]

    @property
    def result(self) -> str:
        return self.text.rpartition(" = ")[2].split()[0]

    @property
    def paths(self) -> list[Path]:
        """Its paths: each is a name in quotation marks, maybe with the folder it stands in before it."""
        named = re.findall(r'(?:<([^>]*)>, )?"([^"]*)"', self.text.partition(" = ")[0])
        return [Path(PurePosixPath(folder or "/") / name) for folder, name in named]

    @property
    def makes(self) -> bool:
        """Whether it makes a file or folder that is not there."""
        return "O_CREAT" in self.text or self.name in ("creat", "mkdir", "mkdirat")


@dataclass(frozen=True)
class Watched:
    """A program that has run, and what it did.

    Attributes:
        stdout, stderr: What it wrote.
        asked: What its Pythons asked of the network, a line each.
        calls: System calls of all its processes, in their order.
    """

    stdout: str
    stderr: str
    asked: tuple[str, ...]
    calls: tuple[Call, ...]

    @property
    def connections(self) -> list[str]:
        """The calls that reach for another machine."""
        reaching = ("connect", "sendto", "sendmsg", "sendmmsg", "bind")
        return [call.text for call in self.calls if "AF_INET" in call.text or call.name in reaching]

    @property
    def started(self) -> list[str]:
        """The programs that were started, with their arguments and environment."""
        return [call.text for call in self.calls if call.name == "execve"]

    @property
    def made(self) -> list[tuple[Path, int]]:
        """The files and folders that came into being, with the mode they began with."""
        made: list[tuple[Path, int]] = []
        there: set[Path] = set()
        umasks: dict[str, int] = {}
        for call in self.calls:
            if call.name == "umask":
                umasks[call.thread] = int(call.text[len("umask(") :].partition(")")[0], 8)
            elif call.name in ("clone", "clone3", "fork", "vfork"):
                umasks[call.result] = umasks.get(call.thread, 0)
            elif not call.paths or " = -1 " in call.text:
                continue
            elif call.name.startswith(("rename", "unlink", "rmdir")):
                there -= {call.paths[0]}
                there |= set(call.paths[1:])
            elif call.makes and call.paths[0] not in there:
                there.add(call.paths[0])
                mode = re.findall(r", (0\d*)\)", call.text)[-1]
                made.append((call.paths[0], int(mode, 8) & ~umasks.get(call.thread, 0)))
        return made


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


def run_watched(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str], exit_codes: Sequence[int] = (0,)
) -> Watched:
    """Run a program without a network, and watch it and all that it starts.

    Args:
        command: The program and its arguments.
        folder: Where what was seen is written.
        environment: What is set for the program.
        exit_codes: Those that it may end with.
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
    assert done.returncode in exit_codes, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    asked = network_log.read_text(encoding="utf-8").splitlines() if network_log.exists() else []
    return Watched(done.stdout, done.stderr, tuple(asked), tuple(_calls(folder)))


def _calls(folder: Path) -> Iterator[Call]:
    """Yield the calls of all threads, by time; strace writes a file a thread."""
    lines = [
        (float(timed[1]), Call(path.suffix[1:], timed[2]))
        for path in folder.glob("calls.*")
        for line in path.read_text(errors="replace").splitlines()
        if (timed := re.fullmatch(r"(\d+\.\d+) (\w+\(.*)", line))
    ]
    return (call for _, call in sorted(lines, key=lambda line: line[0]))
