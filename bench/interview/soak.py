"""Holds eight hours of interviews in one process, faster than real time, and watches memory, handles and threads.

    python bench/interview/soak.py [--hours 8] [--minutes-of-answers 90] [--model tiny.en] [--voiced-every 4]
        [--samples FILE]

One interview after another through ``open_interview``, as ``voicemock practice`` and ``voicemock time`` hold them:
plain questions with follow-ups, a loop's day with its debrief, a story without a question. Microphone and speaker are
files; detectors, Whisper, analysis, feedback and store are the real ones, on a data folder that grows all the time.
Each answer is a stretch of `fixtures/audio` with a pause for thought in it. The silence between two answers, with faint
noise, is heard as in life: in it the answer is declared over, and the rest is the time to think before the next. The
hours are those of the microphone's clock; ``--minutes-of-answers`` of them are speech.

After every few answers, and after every interview, the process is looked at from outside (Linux, /proc). The table
shows the first, the median and the last of each number, and its slope over the answers, all after the warm-up. A spoken
interview has more threads than a silent one, and a story less sound in memory than questions, so the slope is that
within each kind of interview, pooled: which kind happens to come last says nothing. A slope above its limit ends the
run with exit code 1.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from rich.console import Console
from rich.table import Table

from voicemock.api import QuietScreen, open_interview
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import Style, load_style
from voicemock.files import share_one_heap
from voicemock.interview.agenda import Agenda, day_of
from voicemock.models import Question, Story
from voicemock.settings import Settings, load_settings
from voicemock.speech.audio_files import read_audio, write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip, Samples

ROOT: Final = Path(__file__).parents[2]
ANSWERS_FROM: Final = ("strong-story", "rambling-no-result", "triage-answer")
ANSWERS_EACH: Final = 12
"""Answers, follow-ups included, for which the microphone of an interview has sound."""
PAUSE_S: Final = 3.0
"""To think, in the middle of each answer: shorter than any silence that ends one."""
FAINT: Final = 1e-4
"""Root mean square of the noise in a silence: -80 dB, a quiet room."""
LOOPS: Final = ("tpm", "amazon", "google", "meta", "microsoft")
WARM_UP: Final = 0.25
"""Share of the run in which caches fill: patterns, vectors of 500 sentences, word pieces."""
FEWEST_SAMPLES: Final = 4
PROC: Final = Path("/proc/self")


@dataclass(frozen=True, slots=True)
class Sample:
    """The process at one moment."""

    kind: str
    """Of the interview: numbers are compared with those of the same kind."""
    answers: int
    heard_s: float
    resident_mb: float
    handles: float
    threads: float
    children: float
    temporary_files: float
    log_mb: float
    """The store's write-ahead log."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much one number may grow.

    Attributes:
        name: Field of a sample.
        title: For people.
        over_run: Most growth over the whole run by the slope.
    """

    name: str
    title: str
    over_run: float


LIMITS: Final = (
    Limit("resident_mb", "resident memory (MB)", 20.0),
    Limit("handles", "open handles", 0.5),
    Limit("threads", "threads", 0.5),
    Limit("children", "child processes", 0.5),
    Limit("temporary_files", "temporary files", 0.5),
    Limit("log_mb", "write-ahead log (MB)", 1.0),
)
"""Memory wavers by some MB from one interview to the next; of 40 interviews, each that left 0.5 MB would be seen. One
handle, thread, child or file that every interview leaves would be 20 and more over the run. SQLite empties its log
every 1,000 pages, which is 4 MB."""


class Watch(QuietScreen):
    """A screen that looks at the process after every few answers."""

    def __init__(self, folder: Path, every: int) -> None:
        self._folder = folder
        self._every = every
        self.kind = ""
        self.answers = 0
        self.heard_s = 0.0
        self.during: list[Sample] = []
        self.between: list[Sample] = []

    def ask(self, question: Question, position: int, count: int, answer: int) -> None:  # noqa: ARG002 - the protocol's
        """Count a question, or a follow-up."""
        self._count()

    def cue(self, story: Story) -> None:  # noqa: ARG002 - the protocol's
        """Count a story."""
        self._count()

    def _count(self) -> None:
        self.answers += 1
        if self.answers % self._every == 0:
            self.during.append(self.look())

    def look(self) -> Sample:
        """Return how the process stands."""
        status = dict(line.split(":", 1) for line in (PROC / "status").read_text().splitlines())
        log = self._folder / "data" / "voicemock.db-wal"
        tasks = list((PROC / "task").iterdir())
        return Sample(
            kind=self.kind,
            answers=self.answers,
            heard_s=self.heard_s,
            resident_mb=int(status["VmRSS"].split()[0]) / 1024,
            handles=sum(1 for _ in (PROC / "fd").iterdir()),
            threads=len(tasks),
            children=sum(len(children_of(task)) for task in tasks),
            temporary_files=sum(1 for _ in (self._folder / "temporary").rglob("*")) + cached_sound(self._folder),
            log_mb=log.stat().st_size / 1e6 if log.exists() else 0.0,
        )


def children_of(task: Path) -> list[str]:
    """Return the child processes of a thread; none of one that has just ended."""
    try:
        return (task / "children").read_text().split()
    except FileNotFoundError:
        return []


def cached_sound(folder: Path) -> int:
    """Return how many files stand where sound is a file for a moment."""
    return sum(1 for _ in (folder / "cache" / "temporary").rglob("*"))


@dataclass(slots=True)
class Candidate:
    """Makes the sound of an interview's answers.

    Attributes:
        speech_s: Length of an answer.
        silence_s: Between two answers.
        dice: Where answers begin.
    """

    speech_s: float
    silence_s: float
    dice: random.Random = field(default_factory=lambda: random.Random(8))  # noqa: S311 - the same run every time
    _told: list[Samples] = field(default_factory=list, init=False)

    def write(self, path: Path, answers: int) -> None:
        """Write a microphone's file with this many answers."""
        noise = np.random.default_rng(self.dice.randrange(2**32))
        pieces = [piece for _ in range(answers) for piece in (*self._answer(noise), hush(noise, self.silence_s))]
        write_audio(path, AudioClip(np.concatenate([hush(noise, 1.0), *pieces]), LISTENING_RATE))

    def _answer(self, noise: np.random.Generator) -> tuple[Samples, Samples, Samples]:
        if not self._told:
            fixtures = ROOT / "fixtures" / "audio"
            self._told = [read_audio(fixtures / f"{name}.flac", LISTENING_RATE).samples for name in ANSWERS_FROM]
        told, length = self.dice.choice(self._told), round(self.speech_s * LISTENING_RATE)
        start = self.dice.randrange(len(told) - length)
        middle = start + length // 2
        return told[start:middle], hush(noise, PAUSE_S), told[middle : start + length]


def hush(noise: np.random.Generator, duration_s: float) -> Samples:
    """Return a quiet room."""
    return (FAINT * noise.standard_normal(round(duration_s * LISTENING_RATE), np.float32)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one interview is about."""

    agenda: Agenda
    style: Style
    story: Story | None = None


def plan_of(number: int, bank: QuestionBank) -> Plan:
    """Return an interview of the kind whose turn it is: questions, a day, questions again, a story."""
    if number % 4 == 1:
        style, loop = load_style("pressing"), bank.loop(LOOPS[number // 4 % len(LOOPS)])
        rounds = bank.rounds_of(loop, seed=number, count=ANSWERS_EACH // 2)
        return Plan(day_of(rounds, loop=loop.name, style=style, minutes=600, follow_ups=1, seed=str(number)), style)
    if number % 4 == 3:
        return Plan(Agenda.of(()), load_style(), Story.named(f"Story {number // 4 % 3}"))
    questions = bank.select(count=ANSWERS_EACH // 2, seed=number % 8)  # asked again and again: the takes add up
    return Plan(Agenda.of(questions, follow_ups=1), load_style("warm" if number % 8 else "neutral"))


def hold(number: int, settings: Settings, watch: Watch, candidate: Candidate, bank: QuestionBank) -> None:
    """Hold one interview to its end."""
    plan = plan_of(number, bank)
    about = "story" if plan.story else "day" if plan.agenda.loop else "questions"
    watch.kind = f"{about}, {'silent' if settings.voice == 'silent' else 'spoken'}"
    mic = watch_folder(settings) / "microphone.wav"
    candidate.write(mic, 1 if plan.story else ANSWERS_EACH)
    with open_interview(settings, agenda=plan.agenda, style=plan.style, story=plan.story, screen=watch) as interview:
        interview.run()
        heard_s = interview.room.listened_s
    watch.heard_s += heard_s
    watch.between.append(watch.look())


def watch_folder(settings: Settings) -> Path:
    """Return the folder of everything that a run writes."""
    return settings.data_dir.parent


def slope(samples: Sequence[Sample], name: str) -> float | None:
    """Return the growth of a number per 100 answers by least squares within each kind; None of too few samples."""
    if len(samples) < FEWEST_SAMPLES:
        return None
    answers, values = [], []
    for kind in {sample.kind for sample in samples}:
        alike = [sample for sample in samples if sample.kind == kind]
        at = np.array([sample.answers for sample in alike], float)
        value = np.array([getattr(sample, name) for sample in alike], float)
        answers.append(at - at.mean())
        values.append(value - value.mean())
    x, y = np.concatenate(answers), np.concatenate(values)
    return float(100 * (x @ y) / (x @ x)) if x.any() else None


def warm(samples: Sequence[Sample]) -> Sequence[Sample]:
    """Return the samples after the warm-up."""
    last = samples[-1].answers if samples else 0
    return [sample for sample in samples if sample.answers >= WARM_UP * last]


def print_table(console: Console, title: str, samples: Sequence[Sample]) -> bool:
    """Print a line a number; return whether all of them keep to their limits."""
    table = Table(title=title)
    for heading in ("", "first", "median", "last", "per 100 answers", "limit", ""):
        table.add_column(heading, justify="left" if not heading else "right", no_wrap=True)
    settled = warm(samples)
    run = settled[-1].answers - settled[0].answers if settled else 0
    fine = True
    for limit in LIMITS:
        values = [getattr(sample, limit.name) for sample in settled]
        growth = slope(settled, limit.name)
        allowed = 100 * limit.over_run / run if run else None
        keeps = growth is None or allowed is None or growth <= allowed
        fine = fine and keeps
        measured = (
            [f"{value:.1f}" for value in (values[0], float(np.median(values)), values[-1])] if values else ["-"] * 3
        )
        shown = ["not measured" if each is None else f"{each:+.2f}" for each in (growth, allowed)]
        table.add_row(limit.title, *measured, *shown, "" if keeps else "grows")
    console.print(table)
    return fine


def parsed() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hours", type=float, default=8.0, help="of the microphone's clock")
    parser.add_argument(
        "--minutes-of-answers", type=float, default=90.0, help="speech in all of it; the rest is silence"
    )
    parser.add_argument("--answers", type=int, default=300, help="about so many; gives the length of each")
    parser.add_argument("--model", default="tiny.en")
    parser.add_argument("--voice", default="auto", help="of the interviews that are spoken")
    parser.add_argument("--voiced-every", type=int, default=4, help="each so many interviews is spoken; 0 for none")
    parser.add_argument("--every", type=int, default=10, help="answers from one look at the process to the next")
    parser.add_argument("--minutes", type=float, help="end after so many minutes by the clock, whatever was heard")
    parser.add_argument("--samples", type=Path, help="write all samples there as JSON")
    return parser.parse_args()


def run(options: argparse.Namespace, folder: Path, console: Console) -> Watch:
    """Hold interviews until the hours are heard, or the time is up."""
    speech_s = 60 * options.minutes_of_answers / options.answers
    candidate = Candidate(speech_s, 3600 * options.hours / options.answers - speech_s - PAUSE_S)
    watch, bank, number, began = Watch(folder, options.every), QuestionBank.load(), 0, time.monotonic()
    while watch.heard_s < 3600 * options.hours:
        if options.minutes and time.monotonic() - began > 60 * options.minutes:
            break
        is_spoken = options.voiced_every and number % options.voiced_every == 0
        settings = load_settings(
            mic=str(folder / "microphone.wav"),
            speaker=str(folder / "interviewer.wav"),
            voice=options.voice if is_spoken else "silent",
            model=options.model,
            no_speech_s=min(600.0, candidate.silence_s + 60),
            data_dir=folder / "data",
            cache_dir=folder / "cache",
        )
        hold(number, settings, watch, candidate, bank)
        number += 1
        sample = watch.between[-1]
        console.print(
            f"{number} interviews, {sample.answers} answers, {sample.heard_s / 3600:.2f} h heard in "
            f"{(time.monotonic() - began) / 60:.1f} min: {sample.resident_mb:.0f} MB, {sample.handles:.0f} handles, "
            f"{sample.threads:.0f} threads"
        )
        if options.samples:
            looks = {"during": watch.during, "between": watch.between}
            found = {name: [asdict(each) for each in samples] for name, samples in looks.items()}
            options.samples.write_text(json.dumps(found), encoding="utf-8")
    return watch


def main() -> int:
    """Run, print both tables, and return the exit code."""
    options, console = parsed(), Console(width=110)
    share_one_heap()  # before the first thread, as the command line does
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as temporary:
        folder = Path(temporary)
        (folder / "temporary").mkdir()
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder / "temporary")
        os.environ["VOICEMOCK_CONFIG"] = str(folder / "config.toml")
        watch = run(options, folder, console)
    minutes = (time.monotonic() - began) / 60
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    console.print(
        f"{watch.heard_s / 3600:.2f} h of microphone, {watch.answers} answers, {len(watch.between)} interviews, "
        f"Whisper {options.model}, in {minutes:.1f} min; system load {load}"
    )
    fine = [
        print_table(console, "while an answer is heard", watch.during),
        print_table(console, "after an interview", watch.between),
    ]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
