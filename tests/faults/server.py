"""A process that has everything imported and becomes ``voicemock`` as often as it is asked to, each time in a fork.

Run as ``python -m tests.faults.server``. A request is a line of JSON on stdin, and so is the reply on stdout:

- ``{"start": ARGUMENTS, "out": FOLDER, "environment": {NAME: VALUE}, "arranged": [[NAME, ...]]}`` starts one, of which
  ``stdout`` and ``stderr`` are left in FOLDER, where it also stands; the reply is its process id.
- ``{"wait": PID}`` waits for it, and has it go on when it is stopped; the reply is its exit code, negative for a
  signal, and how often it was stopped.
- ``{"mount": FOLDER, "options": TEXT}`` mounts a disk in memory there, or mounts it anew. It goes with this process.

Everything is real but what is arranged, by the names in ``ARRANGEMENTS``. onnxruntime has a thread as soon as it is
imported, and what is forked from it hangs; so each imports it on its own.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import av  # noqa: F401 - this and the next are imported once for all of them
import faster_whisper  # noqa: F401
import soundfile  # noqa: F401

from tests.faults.program import arrange, begin_anew, busy_timeout, script_ears, script_voice, strike, warm_up
from voicemock.cli import main
from voicemock.speech.devices import AudioFileMicrophone
from voicemock.speech.whisper import Whisper

SPEAKING = "libespeak"
"""What the child of a voice has mapped once it is about to speak."""


def struck_at(stages: str, fault: str) -> None:
    """Have a fault of ``tests/faults/program.py`` come about at a stage."""
    arrange(stages, fault, Path(os.environ["VOICEMOCK_DATA_DIR"]))


def struck_before(owner: str, name: str, number: int, fault: str) -> None:
    """Have a fault come about before a call of a function.

    Args:
        owner: The module or class that has it, as "package.module:Class".
        name: Of the function.
        number: Which of its calls, counted from 1.
        fault: One of ``tests/faults/program.py``.
    """
    place = resolve_name(owner)
    usual, calls = getattr(place, name), count(1)

    def struck(*arguments: Any, **options: Any) -> Any:
        if next(calls) == number:
            strike(fault, Path(os.environ["VOICEMOCK_DATA_DIR"]))
        return usual(*arguments, **options)

    setattr(place, name, struck)


def voice_struck(name: str, count: int) -> None:
    """Send a signal to the child that speaks, in the midst of its work, and have no patience with it then.

    Args:
        name: Of the signal.
        count: How many of those that speak get it.
    """
    usual, left = subprocess.Popen.communicate, [name] * count

    def communicate(child: Any, request: bytes | None = None, timeout: float | None = None) -> Any:
        if left and request and b'"say"' in request:
            child.stdin.write(request)
            child.stdin.close()
            child.stdin = request = None
            while SPEAKING not in Path(f"/proc/{child.pid}/maps").read_text(encoding="utf-8"):
                time.sleep(0.002)
            os.kill(child.pid, signal.Signals[left.pop()])
            timeout = 0.1
        return usual(child, request, timeout)

    subprocess.Popen.communicate = communicate  # type: ignore[method-assign,assignment]


def little_memory(megabytes: int) -> None:
    """Limit memory to what is used now and these megabytes, once Whisper hears its first clip."""
    usual = Whisper.hear

    def limited(*arguments: Any, **options: Any) -> Any:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * os.sysconf("SC_PAGE_SIZE") + (megabytes << 20)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        return usual(*arguments, **options)

    Whisper.hear = limited  # type: ignore[method-assign]


def waiting_for(mine: str, others: str) -> None:
    """Have a candidate who listens touch a file, and begin to speak once the other's file exists."""
    usual = AudioFileMicrophone.frames

    def frames(microphone: AudioFileMicrophone) -> Any:
        Path(mine).touch()
        while not Path(others).exists():
            time.sleep(0.002)
        return usual(microphone)

    AudioFileMicrophone.frames = frames  # type: ignore[method-assign]


def installed(folder: str) -> None:
    """Have the packages of a folder stand before those that are installed."""
    sys.path.insert(0, folder)
    os.environ["PYTHONPATH"] = f"{folder}{os.pathsep}{os.environ['PYTHONPATH']}"


ARRANGEMENTS: dict[str, Callable[..., None]] = {
    "scripted ears": script_ears,
    "scripted voice": script_voice,
    "busy timeout": busy_timeout,
    "installed": installed,
    "struck at": struck_at,
    "struck before": struck_before,
    "voice struck": voice_struck,
    "little memory": little_memory,
    "waiting for": waiting_for,
}


def become(request: dict[str, Any]) -> None:
    """Make this process the command that is asked for."""
    out = Path(request["out"])
    begin_anew(out)
    os.chdir(out)
    os.environ.update(request["environment"])
    for name, *arguments in request["arranged"]:
        ARRANGEMENTS[name](*arguments)
    sys.argv = ["voicemock", *request["start"]]


def waited_for(child: int) -> tuple[int, int]:
    """Return the exit code of a process, and how often it was stopped and told to go on."""
    stops = 0
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            return os.waitstatus_to_exitcode(status), stops
        stops += 1
        os.kill(child, signal.SIGCONT)


def replied(request: dict[str, Any]) -> Any:
    """Do what is asked for; None makes this process the command."""
    if "mount" in request:
        command = ["mount", "-t", "tmpfs", "-o", request["options"], "none", request["mount"]]
        return subprocess.run(command, check=False).returncode
    if "wait" in request:
        return waited_for(request["wait"])
    child = os.fork()
    if child == 0:
        become(request)
        return None
    return child


def serve() -> None:
    """Reply until this process is the command that was asked for, or stdin ends."""
    for line in iter(sys.stdin.readline, ""):
        reply = replied(json.loads(line))
        if reply is None:
            main()
        print(json.dumps(reply), flush=True)  # noqa: T201 - the reply


if __name__ == "__main__":
    warm_up()
    serve()
