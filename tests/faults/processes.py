"""Starts ``voicemock`` in processes of its own, forked by ``tests/faults/server.py``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from voicemock.models import Answer
from voicemock.store.store import Store

ROOT = Path(__file__).parents[2]
SCRIPTED = ("scripted ears", "scripted voice")
"""Arranged for interviews that need no model."""
QUESTION = ("--question", "failed-program")
APART = ("unshare", *(() if os.geteuid() == 0 else ("--user", "--map-root-user")), "--mount", "--")
"""Prefix of a command that mounts disks for itself alone."""


@dataclass(frozen=True)
class Ended:
    """What a process left.

    Attributes:
        code: Its exit code; negative for a signal.
        stdout, stderr: What it wrote.
        stops: How often it was stopped and told to go on.
    """

    code: int
    stdout: str
    stderr: str
    stops: int = 0

    def told(self) -> str:
        """Return the one line with which it ended; there is no other, and no traceback."""
        (line,) = self.stderr.splitlines()
        assert line.startswith("voicemock: ")
        return line

    @property
    def complaints(self) -> str:
        """What it wrote to stderr but for its progress."""
        lines = self.stderr.splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith("Transcribing "))

    @property
    def json(self) -> Any:
        """The line of JSON that it printed."""
        (line,) = self.stdout.splitlines()
        return json.loads(line)


class Server:
    """The warm process.

    Args:
        around: A command that it runs in.
    """

    def __init__(self, *around: str) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VOICEMOCK_")}
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
        command = [*around, sys.executable, "-m", "tests.faults.server"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        )

    def ask(self, **request: Any) -> Any:
        """Return its reply."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def seen(self, folder: Path) -> Path:
        """Return where everybody sees a folder that it mounted."""
        return Path(f"/proc/{self._process.pid}/root{folder}")

    def close(self) -> None:
        """End it."""
        self._process.communicate()


class Processes:
    """Starts ``voicemock`` and waits for it.

    Args:
        server: Forks them.
        folder: Of the test: the data folder and what processes write are in it.
        cache: The cache folder, which tests share: putting a model together takes a while.
    """

    def __init__(self, server: Server, folder: Path, cache: Path) -> None:
        self._server = server
        self._outs: dict[int, Path] = {}
        self.folder = folder
        self.cache = cache

    def start(self, *arguments: object, arranged: tuple[Any, ...] = (), **environment: object) -> int:
        """Start a command and return its process id.

        Args:
            arguments: Of the command line.
            arranged: What happens to it: a name, or a name and what it wants.
            environment: Settings; by default all is in the folder of the test.
        """
        out = Path(mkdtemp(dir=self.folder))
        usual = {"config": self.folder / "config.toml", "data_dir": self.data, "cache_dir": self.cache}
        pid = self._server.ask(
            start=[str(argument) for argument in arguments],
            out=str(out),
            environment={f"VOICEMOCK_{name}".upper(): str(value) for name, value in (usual | environment).items()},
            arranged=[each if isinstance(each, tuple) else (each,) for each in arranged],
        )
        self._outs[pid] = out
        return int(pid)

    def wait(self, pid: int, *, in_any_way: bool = False) -> Ended:
        """Wait until a process ends; none that it started may be left, and no traceback but ``in_any_way``."""
        code, stops = self._server.ask(wait=pid)
        out = self._outs.pop(pid)
        with suppress(ProcessLookupError):
            os.killpg(pid, 0)
            raise AssertionError("a process is left behind")
        stdout, stderr = ((out / name).read_text(encoding="utf-8") for name in ("stdout", "stderr"))
        ended = Ended(code, stdout, stderr, stops)
        assert in_any_way or "Traceback" not in ended.stdout + ended.stderr, ended.stderr
        return ended

    def run(self, *arguments: object, arranged: tuple[Any, ...] = (), **environment: object) -> Ended:
        """Start a command and wait until it ends."""
        return self.wait(self.start(*arguments, arranged=arranged, **environment))

    @property
    def data(self) -> Path:
        """The data folder, where no test chooses another."""
        return self.folder / "data"

    def mount(self, folder: Path, options: str) -> Disk:
        """Mount a disk in memory that goes with the server."""
        folder.mkdir(exist_ok=True)
        if self._server.ask(mount=str(folder), options=options):
            pytest.skip("this system lets nobody mount a disk")
        return Disk(folder, self._server.seen(folder))


@dataclass(frozen=True)
class Disk:
    """A small disk that only the server and its processes see.

    Attributes:
        folder: Where they see it.
        seen: Where everybody else does.
    """

    folder: Path
    seen: Path

    def fill(self, leave: int = 0) -> None:
        """Fill it as another program would, and leave some bytes free."""
        left = os.statvfs(self.seen)
        with (self.seen / "film.mkv").open("wb", buffering=0) as film, suppress(OSError):
            for size in (1 << 16, 1 << 9, 1):
                while film.tell() + size <= left.f_bavail * left.f_frsize - leave:
                    if film.write(bytes(size)) < size:
                        break

    def free(self) -> None:
        """Make space again."""
        (self.seen / "film.mkv").unlink()

    def bring(self, folder: Path) -> None:
        """Bring a data folder onto it: SQLite opens none where everybody sees it."""
        shutil.copytree(folder, self.seen / "data", dirs_exist_ok=True)

    def taken(self, to: Path) -> Path:
        """Take the data folder from it, but for what fills it, and return where it is now."""
        return shutil.copytree(self.seen / "data", to, ignore=shutil.ignore_patterns("*film*"))

    def files(self) -> list[str]:
        """Return the names of what is on it, but for the film."""
        found = (path.relative_to(self.seen) for path in self.seen.rglob("*") if path.is_file())
        return sorted(str(path) for path in found if path.name != "film.mkv")


def answers(data: Path) -> tuple[Answer, ...]:
    """Return the answers of the last session of a data folder, whose database is intact."""
    with Store(data) as store:
        assert store.integrity() is None
        return store.sessions.answers(store.sessions.find())


def can_mount() -> bool:
    """Return whether this system lets one mount disks apart from everybody else."""
    return (
        shutil.which("unshare") is not None
        and not subprocess.run([*APART, "true"], capture_output=True, check=False).returncode
    )
