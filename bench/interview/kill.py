"""Kills interviews at random moments, recovers them, and checks that no answer is lost.

    python bench/interview/kill.py [--kills 100] [--whisper 0] [--seed 1] [--keep FOLDER]

Each kill is a process of its own: ``voicemock practice`` hears two answers from a file, eight times as fast as
they were spoken, and gets SIGKILL at a random moment while it records, transcribes or saves. What it had heard by then
it counts into memory that this program shares, a frame before it is recorded. Then ``voicemock recover --all --yes``
runs, one time in two killed as well and run again, and looked for is

- every answer of which anything was heard: is it kept, with an analysis?
- its recording: is it, sample by sample, what was heard, and how much of the end is missing?
- the data file: does SQLite find it intact, before and after?
- anything left to do, or left lying about.

All kills share one data folder, and up to four interviews go on in it at once. The transcriber is scripted, and takes
more than a second for a chunk, so that there is time to be killed in; with ``--whisper N`` the last N of the kills are
of Whisper tiny.en. The exit code is 1 where anything was lost. Not for Windows, which has no SIGKILL.
"""

from __future__ import annotations

import argparse
import mmap
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import struct
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from voicemock import api
from voicemock.cli import main as voicemock
from voicemock.coaching import assess
from voicemock.interview import recovery
from voicemock.interview.answer_store import AnswerStore
from voicemock.interview.listener import Listener
from voicemock.models import Word
from voicemock.speech.audio_files import read_audio, write_audio
from voicemock.speech.clip import FRAME_SAMPLES, LISTENING_RATE, AudioClip, Samples, silence
from voicemock.speech.devices import AudioFileMicrophone
from voicemock.store.store import Store

ROOT = Path(__file__).parents[2]
SPEED = 8.0
"""How much faster than speech the file is heard."""
ANSWER_S = 16.0
SILENCE_S = 9.0
"""Ends an answer, whatever its last words."""
ANSWERS = 2
CHUNK_TAKES_S = 1.2
"""What the scripted transcriber needs for a chunk."""
GIVE_UP_S = 120.0
LOOK_EVERY_S = 0.0005
BUDGET_S = 1.0
"""Of sound that may be missing."""

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["voicemock.cli.practice", "voicemock.cli.unfinished"])

STAGES = ("elsewhere", "recording", "transcribing", "saving")
LONGEST_S = {"recording": (ANSWER_S + SILENCE_S) / SPEED, "transcribing": 0.4, "saving": 0.03}
"""About how long a stage lasts: the kill comes at a random moment of it."""
LONGEST_RECOVERY_S = 8.0
WANTED = ("recording", "recording", "transcribing", "saving")

_WATCH = struct.Struct("<iiqq40s")
"""Stage, answer, its first sample in the file, frames heard of it, session."""


class Watch:
    """Memory that the interview writes into and that stays when it is killed."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(mmap.PAGESIZE))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), mmap.PAGESIZE)

    def write(self, stage: int, answer: int, start: int, frames: int, session: str) -> None:
        """Tell where the interview is."""
        _WATCH.pack_into(self._memory, 0, stage, answer, start, frames, session.encode())

    def read(self) -> tuple[str, int, int, int, str]:
        """Return where it was last."""
        stage, answer, start, frames, session = _WATCH.unpack_from(self._memory, 0)
        return STAGES[stage], answer, start, frames, session.rstrip(b"\0").decode()


@dataclass
class Findings:
    """What came out."""

    stages: Counter[str] = field(default_factory=Counter)
    heard: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    recoveries: int = 0
    """Killed too."""
    missing_s: dict[str, float] = field(default_factory=dict)
    looks: int = 0
    damaged: int = 0
    other: list[str] = field(default_factory=list)


# --- the interview, in a process of its own --------------------------------------------------------------


class Scripted:
    """Writes down a word for every half second of sound."""

    name = "scripted"

    def transcribe(self, clip: AudioClip) -> tuple[Any, ...]:
        """Take a while."""
        time.sleep(CHUNK_TAKES_S)
        count = max(1, int(clip.duration_s / 0.5))
        return tuple(Word(text=f"word{n}", start_s=n * 0.5, end_s=n * 0.5 + 0.4, probability=0.9) for n in range(count))


def watched_interview(watch: Watch) -> None:
    """Have an interview tell where it is."""
    now: dict[str, Any] = {"stage": 0, "answer": 0, "start": 0, "frames": 0, "session": ""}

    def staged(kind: type, name: str, stage: int) -> None:
        usual = getattr(kind, name)

        def with_stage(self: Any, *arguments: Any, **options: Any) -> Any:
            before = now["stage"]
            now["stage"] = stage
            watch.write(**now)
            try:
                return usual(self, *arguments, **options)
            finally:
                now["stage"] = before
                watch.write(**now)

        setattr(kind, name, with_stage)

    mark, hear = Listener._mark, AudioFileMicrophone.frames

    def marked(self: Listener, session: Any, question: Any, position: int, follows: Any) -> Any:
        start = self.room.microphone._position
        now.update(answer=position, start=start, frames=0, session=session.id)
        return mark(self, session, question, position, follows)

    def frames(self: AudioFileMicrophone) -> Any:
        due = time.monotonic()
        for frame in hear(self):
            due += FRAME_SAMPLES / LISTENING_RATE / SPEED
            time.sleep(max(0.0, due - time.monotonic()))
            now["frames"] += 1
            watch.write(**now)
            yield frame

    Listener._mark = marked
    AudioFileMicrophone.frames = frames
    staged(Listener, "_listen", STAGES.index("recording"))
    staged(AnswerStore, "keep", STAGES.index("saving"))
    staged(AnswerStore, "_assess", STAGES.index("transcribing"))


def scripted_transcriber() -> None:
    """Put ours in the place of Whisper."""
    assess._vectors_if_installed = lambda _: None  # loading them would take seconds
    for module in (api, recovery):
        module.transcriber_loader = lambda _: Scripted


def run_voicemock(log: str, environment: dict[str, str], watch: str | None, engine: str, arguments: list[str]) -> None:
    """Be voicemock, in a process that was made for it."""
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    os.environ.update(environment)
    if engine == "scripted":
        scripted_transcriber()
    if watch:
        watched_interview(Watch(Path(watch)))
    sys.argv = ["voicemock", *arguments]
    voicemock()


# --- the killer ------------------------------------------------------------------------------------------


def start(folder: Path, watch: Path | None, engine: str, *arguments: str) -> BaseProcess:
    """Start voicemock in a process of its own, which finds its libraries loaded."""
    environment = {"VOICEMOCK_CONFIG": str(folder / "none.toml")}
    if engine == "whisper":
        arguments = (*arguments, "--model", "tiny.en")
    else:
        environment["VOICEMOCK_VAD"] = "webrtc"
    process = PROCESSES.Process(
        target=run_voicemock,
        args=(
            *(str(folder / "log.txt"), environment, str(watch) if watch else None),
            *(engine, [*arguments, "--data-dir", str(folder / "data")]),
        ),
    )
    process.start()
    return process


def ended(process: BaseProcess) -> int:
    """Return with what exit code a process ended, once it has."""
    process.join()
    return process.exitcode or 0


@dataclass(frozen=True)
class Plan:
    """An interview and its end."""

    number: int
    engine: str
    stage: str
    answer: int
    delay_s: float


Killed = tuple[str, int, int, int, str]
"""What a watch says."""


def kill(folder: Path, plans: list[Plan]) -> list[Killed]:
    """Hold interviews at once and kill each at its moment; return what they had heard, but for those that had ended."""
    running, due_at, killed = {}, {}, []
    for plan in plans:
        path = folder / f"watch-{plan.number}.bin"
        path.unlink(missing_ok=True)
        watch = Watch(path)
        files = ("--mic", str(folder / "answers.wav"), "--silent", "--count", str(ANSWERS), "--follow-ups", "0")
        running[plan] = (watch, start(folder, path, plan.engine, "practice", *files, "--seed", "1"))
    give_up = time.monotonic() + GIVE_UP_S
    while running:
        for plan, (watch, process) in list(running.items()):
            now = time.monotonic()
            if plan not in due_at and (watch.read()[:2] == (plan.stage, plan.answer) or now > give_up):
                due_at[plan] = now + plan.delay_s
            if due_at.get(plan, give_up) <= now or not process.is_alive():
                process.kill()
                if ended(process) == -signal.SIGKILL:
                    killed.append(watch.read())
                del running[plan]
        time.sleep(LOOK_EVERY_S)
    return killed


def kill_some(folder: Path, sound: Samples, plans: list[Plan], chance: random.Random, found: Findings) -> None:
    """Hold interviews at once, kill each, recover, and look at what is left."""
    killed = kill(folder, plans)
    found.damaged += not is_intact(folder)
    engine = plans[0].engine
    if chance.random() < 1 / 2:
        recovery = start(folder, None, engine, "recover", "--all", "--yes")
        time.sleep(chance.uniform(0.5, LONGEST_RECOVERY_S))
        recovery.kill()
        found.recoveries += ended(recovery) == -signal.SIGKILL
    if code := ended(start(folder, None, engine, "recover", "--all", "--yes")):
        found.other.append(f"recover ended with {code}")
    found.damaged += not is_intact(folder)
    found.looks += 2
    for each in killed:
        found.stages[each[0]] += 1
        look_at(folder, sound, each, found)


def look_at(folder: Path, sound: Samples, killed: Killed, found: Findings) -> None:
    """See what is left of an interview that was killed and recovered."""
    stage, answer, start, frames, session_id = killed
    with Store(folder / "data") as store:
        session = store.sessions.find(session_id)
        kept = {each.position: each for each in store.sessions.answers(session)}
        if left := store.unfinished.find(everything=True):
            found.other.append(f"{session_id}: {len(left)} answers are still unfinished")
        files = store.sessions.folder(session)
        for position in range(1, answer + 1):
            heard = position < answer or frames > 0
            found.heard[stage] += heard
            record = kept.get(position)
            if heard and (record is None or record.assessment is None or record.audio_file is None):
                found.lost[stage] += 1
                found.other.append(f"{session_id}: answer {position} is lost: {record and record.status}")
        if answer in kept and frames and kept[answer].audio_file:
            samples = read_audio(files / kept[answer].audio_file).samples
            expected = np.pad(sound, (0, frames * FRAME_SAMPLES))[start : start + frames * FRAME_SAMPLES]
            missing_s = (len(expected) - len(samples)) / LISTENING_RATE
            found.missing_s[stage] = max(found.missing_s.get(stage, 0.0), missing_s)
            if missing_s < 0 or not np.array_equal(samples, expected[: len(samples)]):
                found.other.append(f"{session_id}: answer {answer} is not what was heard")
        stray = {path.name for path in files.iterdir()} - {record.audio_file for record in kept.values()}
        stray |= {path.name for path in (folder / "data" / "unfinished").iterdir()}
        if stray:
            found.other.append(f"{session_id}: left lying about: {sorted(stray)}")


def is_intact(folder: Path) -> bool:
    """Return whether SQLite finds nothing wrong."""
    with closing(sqlite3.connect(folder / "data" / "voicemock.db")) as connection:
        checked = connection.execute("PRAGMA integrity_check").fetchall()
        return checked == [("ok",)] and not connection.execute("PRAGMA foreign_key_check").fetchall()


def two_answers() -> Samples:
    """Return two answers with the silence that ends each."""
    story = read_audio(ROOT / "fixtures" / "audio" / "strong-story.flac")
    parts = [
        clip for n in range(ANSWERS) for clip in (story.between(n * ANSWER_S, (n + 1) * ANSWER_S), silence(SILENCE_S))
    ]
    return np.concatenate([clip.samples for clip in parts])


def show(found: Findings, took_s: float) -> bool:
    """Print the table; return whether everything held."""
    table = Table(title=f"{found.stages.total()} kills in {took_s / 60:.0f} minutes")
    for title in ("killed while", "kills", "answers heard", "lost", "sound missing (s)"):
        table.add_column(title, justify="left" if title == "killed while" else "right")
    for stage in (*STAGES[1:], STAGES[0]):
        missing = f"{found.missing_s[stage]:.2f}" if stage in found.missing_s else "-"
        counts = (found.stages, found.heard, found.lost)
        table.add_row(stage, *(str(each[stage]) for each in counts), missing)
    missing_s = max(found.missing_s.values(), default=0.0)
    totals = (str(each.total()) for each in (found.stages, found.heard, found.lost))
    table.add_section()
    table.add_row("all", *totals, f"{missing_s:.2f}")
    Console().print(table)
    print(f"The data file was looked at {found.looks} times and was damaged {found.damaged} times.")
    print(f"{found.recoveries} recoveries were killed as well, and run again.")
    for line in found.other:
        print(line)
    return not (found.lost.total() or found.damaged or found.other or missing_s > BUDGET_S)


def plan(number: int, engine: str, stage: str, chance: random.Random) -> Plan:
    """Choose a moment."""
    return Plan(number, engine, stage, chance.randint(1, ANSWERS), chance.uniform(0, LONGEST_S[stage]))


def main() -> None:
    """Kill and look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--whisper", type=int, default=0, help="how many of them with Whisper tiny.en")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="work in this folder, and leave it")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="voicemock-kill-"))
    (folder / "data").mkdir(parents=True, exist_ok=True)
    sound = two_answers()
    write_audio(folder / "answers.wav", AudioClip(sound, LISTENING_RATE))
    sound = read_audio(folder / "answers.wav").samples
    chance = random.Random(options.seed)  # noqa: S311 - moments, not secrets
    found, started = Findings(), time.monotonic()
    while (done := found.stages.total()) < options.kills:
        spoken = options.kills - options.whisper - done
        engine, most = ("scripted", spoken) if spoken > 0 else ("whisper", options.kills - done)
        plans = [plan(number, engine, WANTED[(done + number) % len(WANTED)], chance) for number in range(min(most, 4))]
        kill_some(folder, sound, plans, chance, found)
        print(f"{found.stages.total()} killed", file=sys.stderr, flush=True)
    held = show(found, time.monotonic() - started)
    if not options.keep:
        shutil.rmtree(folder)
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
