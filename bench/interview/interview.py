"""Measures the delays and costs of an interview: one question in a child process, in real time.

    python bench/interview/interview.py [--answer FILE] [--runs 1] [--tail SECONDS] [--model base]

Each run is ``voicemock practice --realtime`` with a fresh data folder, the answer for a microphone and a file for a
speaker, so it takes as long as the answer and the feedback; ``--tail`` keeps only the end of the answer. Measured are

- by the program's own timings: last speech to declared over, and from there to the transcript and to the moment the
  first sample of feedback is handed to the speaker;
- from outside: process start to the first bytes of sound in the speaker's file, looked for every 5 ms; the largest
  resident memory and the CPU time of the child, voice and start included, by wait4.

Where Whisper's weights were never put together, or the question was never spoken, the first run also does that; delete
``speech/`` in the cache folder to measure it again. The budgets are for two cores without a graphics card.
Not for Windows, which has no wait4.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from voicemock.speech.audio_files import read_audio, write_audio

ROOT = Path(__file__).parents[2]
QUESTION = "failed-program"
WAV_HEADER_BYTES = 44
LOOK_EVERY_S = 0.005
STARTS = 10
"""Starts of ``voicemock --help`` that the median is over."""
MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024
"""The unit of ru_maxrss."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one interview showed."""

    timings: dict[str, float]
    answer_s: float
    recording_s: float
    first_sound_s: float
    """From the start of the process."""
    resident_mb: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a value of each run, and what is allowed."""

    title: str
    value: Callable[[Run], float]
    form: str
    budget: str


def between(earlier: str, later: str) -> Callable[[Run], float]:
    """Return a reader of the delay between two moments of the timings."""
    return lambda run: run.timings[later] - run.timings[earlier]


ROWS = (
    Row("answer, first word to last (s)", lambda run: run.answer_s, ".1f", ""),
    Row("last speech -> declared over (s)", between("speech_ended_s", "declared_over_s"), ".2f", "4"),
    Row("declared over -> transcript complete (s)", between("declared_over_s", "transcript_complete_s"), ".2f", ""),
    Row(
        "declared over -> first feedback sample (s)",
        between("declared_over_s", "feedback_started_s"),
        ".2f",
        "0.5 median, 1.5 worst",
    ),
    Row("start -> first sample of the question (s)", lambda run: run.first_sound_s, ".2f", "3"),
    Row("largest resident memory (MB)", lambda run: run.resident_mb, ".0f", "900"),
    Row("CPU seconds per second of recording", lambda run: run.cpu_s / run.recording_s, ".2f", ""),
)


def clean_environment(folder: Path) -> dict[str, str]:
    """Return the environment without the user's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("VOICEMOCK_")}
    return {**kept, "VOICEMOCK_CONFIG": str(folder / "config.toml")}


def hold_interview(answer: Path, model: str, folder: Path) -> Run:
    """Run one interview in a child process and watch it."""
    speaker, output, log = folder / "interviewer.wav", folder / "report.json", folder / "log.txt"
    command = [sys.executable, "-m", "voicemock", "practice", "--realtime", "--json", "--question", QUESTION]
    files = ["--mic", str(answer), "--speaker", str(speaker), "--data-dir", str(folder / "data"), "--model", model]
    with output.open("wb") as stdout, log.open("wb") as stderr:
        started = time.perf_counter()
        child = subprocess.Popen(
            [*command, *files], stdout=stdout, stderr=stderr, stdin=subprocess.DEVNULL, env=clean_environment(folder)
        )
        first_sound_s = first_sound(speaker, child, started)
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0 or first_sound_s is None:
        sys.exit(f"The interview ended with {child.returncode}:\n{log.read_text(encoding='utf-8')}")
    (reported,) = json.loads(output.read_text(encoding="utf-8"))["answers"]
    if reported["status"] != "answered":
        sys.exit(f"{answer} holds no speech, so there is nothing to time.")
    return Run(
        timings=reported["timings"],
        answer_s=reported["analysis"]["duration_s"],
        recording_s=reported["analysis"]["recording_s"],
        first_sound_s=first_sound_s,
        resident_mb=usage.ru_maxrss * MAXRSS_BYTES / 1e6,
        cpu_s=usage.ru_utime + usage.ru_stime,
    )


def first_sound(speaker: Path, child: subprocess.Popen[Any], started: float) -> float | None:
    """Wait until the speaker's file holds a sample; return when, or None where the child has ended without one."""
    while not (speaker.exists() and speaker.stat().st_size > WAV_HEADER_BYTES):
        # WNOWAIT leaves the child's resource usage to be read later
        if os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return None
        time.sleep(LOOK_EVERY_S)
    return time.perf_counter() - started


def help_s(folder: Path) -> list[float]:
    """Return how long each of several starts of ``voicemock --help`` took."""
    script = Path(sys.executable).with_name("voicemock")
    command = [str(script)] if script.exists() else [sys.executable, "-m", "voicemock"]
    taken = []
    for _ in range(STARTS):
        started = time.perf_counter()
        subprocess.run([*command, "--help"], check=True, capture_output=True, env=clean_environment(folder))
        taken.append(time.perf_counter() - started)
    return taken


def print_table(console: Console, title: str, runs: list[Run], starts_s: list[float]) -> None:
    """Print median and worst of each number beside its budget."""
    table = Table(title=title)
    for heading, justify in (("", "left"), ("median", "right"), ("worst", "right"), ("budget", "left")):
        table.add_column(heading, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for row in ROWS:
        values = [row.value(run) for run in runs]
        table.add_row(row.title, f"{statistics.median(values):{row.form}}", f"{max(values):{row.form}}", row.budget)
    table.add_row("voicemock --help (s)", f"{statistics.median(starts_s):.2f}", f"{max(starts_s):.2f}", "0.3")
    console.print(table)


def main() -> None:
    """Run the interviews and print what they showed."""
    parser = argparse.ArgumentParser(description="Delays, memory and CPU time of an interview.")
    parser.add_argument("--answer", type=Path, default=ROOT / "fixtures" / "audio" / "strong-story.flac")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--tail", type=float, help="use only so many seconds of the answer's end")
    parser.add_argument("--model", default="base")
    arguments = parser.parse_args()
    console = Console(width=max(Console().width, 96))
    runs = []
    with tempfile.TemporaryDirectory() as temporary:
        starts_s = help_s(Path(temporary))
        answer = arguments.answer.resolve()
        if arguments.tail:
            clip = read_audio(answer)
            answer = Path(temporary) / "answer.flac"
            write_audio(answer, clip.between(clip.duration_s - arguments.tail, clip.duration_s))
        for number in range(arguments.runs):
            folder = Path(temporary) / str(number)
            folder.mkdir()
            runs.append(hold_interview(answer, arguments.model, folder))
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    kept = f", last {arguments.tail:g} s" if arguments.tail else ""
    title = f"{arguments.answer.name}{kept}; Whisper {arguments.model}; {arguments.runs} run(s); system load {load}"
    print_table(console, title, runs, starts_s)


if __name__ == "__main__":
    main()
