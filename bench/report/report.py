"""Measures the review page: time to write it, its size, and, with a Chromium, time to open it.

    python bench/report/report.py [--answer strong-story] [--minutes 4] [--runs 5]

The answer is one of ``fixtures/audio``, repeated to the wanted length. Writing is ``voicemock report --no-open`` in a
child process, start of Python included, with the recording beside the page or inside it; "page alone" excludes the
start. Opening is from the call until the page has drawn its timeline and knows the length of its recording, in a new
tab of a running browser.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.interviews import AUDIO, answer_of, assessment_of, fixture_answer, keep  # the same answers as in the tests
from voicemock.models import SpeechSpan, transcript_of_words
from voicemock.report.page import write_page
from voicemock.speech.audio_files import read_audio, write_audio
from voicemock.speech.clip import AudioClip
from voicemock.store.store import Store

BUDGET_S, BUDGET_MB = 1.0, 6.0


def keep_answer(data_dir: Path, name: str, minutes: float) -> Path:
    """Keep an answer of this length and return its recording."""
    once, clip = fixture_answer(name).assessment, read_audio(AUDIO / f"{name}.flac")
    if once is None or once.question is None:
        sys.exit(f"{name} is no answer to a question.")
    words, times = [], int(np.ceil(minutes * 60 / clip.duration_s))
    for turn in range(times):
        shift_s = turn * clip.duration_s
        moved = [
            word.model_copy(update={"start_s": word.start_s + shift_s, "end_s": word.end_s + shift_s})
            for word in once.transcript.words
            if word.start_s is not None and word.end_s is not None and word.end_s + shift_s <= minutes * 60
        ]
        words += moved
    speech = [SpeechSpan(word.start_s or 0.0, word.end_s or 0.0) for word in words]
    assessment = assessment_of(transcript_of_words(words), once.question.id, speech, minutes * 60)
    session = keep(data_dir, answer_of(assessment))
    with Store(data_dir) as store:
        recording = store.sessions.folder(session) / "answer-01.flac"
    samples = np.tile(clip.samples, times)[: round(minutes * 60 * clip.sample_rate)]
    write_audio(recording, AudioClip(samples, clip.sample_rate))
    return recording


def seconds(work: Callable[[], object], runs: int) -> float:
    """Return the median time of the runs."""
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def write(data_dir: Path, page: Path, *flags: str) -> None:
    """Write the page as a user does."""
    command = [
        sys.executable,
        "-m",
        "voicemock",
        "report",
        "--no-open",
        "--force",
        "--to",
        str(page),
        "--data-dir",
        str(data_dir),
    ]
    subprocess.run([*command, *flags], check=True, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ})


def opening_s(page: Path, runs: int) -> float | None:
    """Return the median time to open a page, or None without a browser."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        return None
    from playwright.sync_api import sync_playwright

    def ready() -> None:
        tab = browser.new_page()
        tab.goto(page.as_uri())
        tab.evaluate(
            "() => new Promise(done => { const look = () => document.querySelector('audio').readyState ?"
            " requestAnimationFrame(done) : requestAnimationFrame(look); look(); })"
        )
        tab.close()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        ready()
        taken = seconds(ready, runs)
        browser.close()
    return taken


def measure(data_dir: Path, recording: Path, page: Path, flags: tuple[str, ...], runs: int) -> list[str]:
    """Return the row of one way to attach the recording."""
    with Store(data_dir) as store:
        session = store.sessions.find()
        answers = store.sessions.answers(session)
    folder, embed = recording.parent, bool(flags)
    command_s = seconds(lambda: write(data_dir, page, *flags), runs)
    alone_s = seconds(lambda: write_page(session, answers, folder, to=page, embed_audio=embed, force=True), runs)
    beside, opens_s = page.with_name(f"{page.stem}-{recording.name}"), opening_s(page, runs)
    return [
        page.stem,
        f"{command_s:.2f} s",
        f"{alone_s:.2f} s",
        f"{page.stat().st_size / 1e6:.2f} MB",
        f"{beside.stat().st_size / 1e6:.2f} MB" if beside.exists() else "-",
        "no browser" if opens_s is None else f"{opens_s:.2f} s",
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answer", default="strong-story", choices=("strong-story", "rambling-no-result"))
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    table = Table(title=f"{options.answer}, {options.minutes:g} minutes; budgets {BUDGET_S:g} s and {BUDGET_MB:g} MB")
    for heading in ("recording", "command", "page alone", "page", "recording beside", "opens"):
        table.add_column(heading, justify="left" if heading == "recording" else "right")
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        recording = keep_answer(data_dir, options.answer, options.minutes)
        for name, flags in (("beside", ()), ("inside", ("--embed-audio",))):
            table.add_row(*measure(data_dir, recording, Path(folder) / f"{name}.html", flags, options.runs))
    Console().print(table)


if __name__ == "__main__":
    main()
