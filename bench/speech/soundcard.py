"""An interview over a virtual sound card in real time: waiting times, losses and cost.

    scripts/virtual-audio -- python bench/speech/soundcard.py [--answer FILE] [--answers 10]
        [--length SECONDS] [--model base]

A person made of `paplay` talks into the microphone as soon as voicemock listens, and a person made of `parecord` hears
the speaker. Each answer is the file from its beginning (``--length`` repeats or cuts it); the feedback is skipped after
its first sound, so ten answers of 3.7 minutes take 40 minutes. It measures

- declared over -> first sound of feedback that is heard at the speaker: loudness above -50 dB in 20 ms;
- last speech -> declared over, by the program's timings;
- frames lost: seconds between the opening and the end of listening that are not in the recording, less the hold-off;
- overflows that PortAudio told; largest resident memory and CPU time of the whole process.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from voicemock.api import QuietScreen, open_interview
from voicemock.content.questions import QuestionBank
from voicemock.models import Assessment, Question, SessionReport
from voicemock.settings import load_settings
from voicemock.speech.audio_files import read_audio, write_audio
from voicemock.speech.clip import AudioClip

ROOT = Path(__file__).parents[2]
QUESTION = "failed-program"
RATE = 16_000
BLOCK_S = 0.02
AUDIBLE = 10 ** (-50 / 20)


class Ear:
    """Hears the speaker, and notes the moment of each audible block."""

    def __init__(self) -> None:
        command = ["parecord", "--raw", "--format=float32le", f"--rate={RATE}", "--channels=1", "--latency-msec=10"]
        device = f"--device={os.environ['VIRTUAL_AUDIO_EAR']}"
        self._child = subprocess.Popen([*command, device], stdout=subprocess.PIPE)
        self.sounds_at: list[float] = []
        """Moment of each audible block, on the clock of perf_counter."""
        threading.Thread(target=self._listen, daemon=True).start()

    def first_sound_after(self, moment: float) -> float | None:
        """Return the moment of the first sound after another."""
        return next((at for at in self.sounds_at if at >= moment), None)

    def close(self) -> None:
        """Stop listening."""
        self._child.kill()
        self._child.wait()

    def _listen(self) -> None:
        assert self._child.stdout is not None  # noqa: S101 - it is a pipe
        while block := self._child.stdout.read(round(BLOCK_S * RATE) * 4):
            samples = np.frombuffer(block, np.float32)
            if len(samples) and float(np.sqrt(np.mean(samples**2))) > AUDIBLE:
                self.sounds_at.append(time.perf_counter())


@dataclass
class Candidate(QuietScreen):
    """Talks as soon as it is listened to, and skips the feedback once it has begun."""

    answer: Path
    ear: Ear
    over_at: list[float] = field(default_factory=list)
    opened_at: list[float] = field(default_factory=list)
    heard_after_s: list[float] = field(default_factory=list)
    _talking: subprocess.Popen[bytes] | None = None
    _is_feedback: bool = False

    @contextmanager
    def listening(self, microphone: str) -> Iterator[None]:  # noqa: ARG002 - the protocol's
        """Begin to talk; note when listening opens and ends."""
        self.opened_at.append(time.perf_counter())
        self._talking = subprocess.Popen(["paplay", f"--device={os.environ['VIRTUAL_AUDIO_MOUTH']}", str(self.answer)])
        yield
        self.over_at.append(time.perf_counter())
        self._talking.kill()
        self._talking.wait()

    def assessed(self, assessment: Assessment, question: Question | None) -> None:  # noqa: ARG002 - the protocol's
        """Wait for the feedback."""
        self._is_feedback = True

    def skipped(self) -> bool:
        """Skip the feedback after its first sound."""
        if not self._is_feedback or (heard := self.ear.first_sound_after(self.over_at[-1])) is None:
            return False
        if len(self.heard_after_s) < len(self.over_at):
            self.heard_after_s.append(heard - self.over_at[-1])
        return True

    def ask(self, question: object, position: int, count: int, answer: int) -> None:  # noqa: ARG002 - the protocol's
        """Listen to the next question to its end."""
        self._is_feedback = False


def of_length(clip: AudioClip, length_s: float | None) -> AudioClip:
    """Return a clip's first seconds; a longer length repeats it, a breath between."""
    if length_s is None:
        return clip
    once = np.concatenate([clip.samples, np.zeros(round(0.7 * clip.sample_rate), np.float32)])
    return AudioClip(np.resize(once, round(length_s * clip.sample_rate)).astype(np.float32), clip.sample_rate)


def print_table(console: Console, title: str, report: SessionReport, candidate: Candidate, wall_s: float) -> None:
    """Print the measurements."""
    timings = [answer.timings for answer in report.answers]
    listened_s = sum(over - opened for opened, over in zip(candidate.opened_at, candidate.over_at, strict=True))
    recorded_s = sum(answer.analysis.recording_s or 0.0 for answer in report.answers)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    table = Table(title=title)
    for heading in ("", "median", "worst"):
        table.add_column(heading, justify="left" if not heading else "right", no_wrap=True)
    rows = {
        "answer, first word to last (s)": [answer.analysis.duration_s or 0.0 for answer in report.answers],
        "last speech -> declared over (s)": [t.declared_over_s - t.speech_ended_s for t in timings],  # type: ignore[operator]
        "declared over -> transcript complete (s)": [
            t.transcript_complete_s - t.declared_over_s  # type: ignore[operator]
            for t in timings
        ],
        "declared over -> feedback handed to the speaker (s)": [
            t.feedback_started_s - t.declared_over_s  # type: ignore[operator]
            for t in timings
        ],
        "declared over -> feedback heard (s)": candidate.heard_after_s,
    }
    for name, values in rows.items():
        table.add_row(name, f"{statistics.median(values):.2f}", f"{max(values):.2f}")
    table.add_row("largest resident memory (MB)", "", f"{usage.ru_maxrss * 1024 / 1e6:.0f}")
    table.add_row("CPU seconds per second", "", f"{(usage.ru_utime + usage.ru_stime) / wall_s:.2f}")
    table.add_row(
        "listened (s) / of it not recorded, hold-off included (s)",
        f"{listened_s:.1f}",
        f"{listened_s - recorded_s:.2f}",
    )
    console.print(table)


def main() -> None:
    """Hold the interview and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answer", type=Path, default=ROOT / "fixtures" / "audio" / "strong-story.flac")
    parser.add_argument("--answers", type=int, default=10)
    parser.add_argument("--length", type=float, help="seconds of the answer")
    parser.add_argument("--model", default="base")
    options = parser.parse_args()
    if "VIRTUAL_AUDIO_EAR" not in os.environ:
        sys.exit("Run it with: scripts/virtual-audio -- python bench/speech/soundcard.py")
    console = Console(width=max(Console().width, 100))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.wav"
        clip = of_length(read_audio(options.answer), options.length)
        write_audio(path, clip)
        settings = load_settings(data_dir=Path(folder) / "data", model=options.model)
        ear = Ear()
        candidate = Candidate(path, ear)
        questions = [QuestionBank.load().get(QUESTION)] * options.answers
        started = time.perf_counter()
        with open_interview(settings, questions, screen=candidate) as interview:
            report = interview.run()
            overflows = getattr(interview.room.microphone, "overflows", None)
        ear.close()
        load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
        title = f"{options.answers} answers of {clip.duration_s:.0f} s; Whisper {options.model}; load {load}"
        print_table(console, title, report, candidate, time.perf_counter() - started)
        console.print(f"overflows: {overflows}")


if __name__ == "__main__":
    main()
