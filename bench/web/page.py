"""Measures the interview in a page: its start, what is waited for, what is lost, what it takes.

    python bench/web/page.py [--starts 9] [--minutes 30] [--answer FILE] [--model base]

Needs a Chromium. It is headless and runs already, and its microphone plays a file. Not for Windows.

- Start: from the start of ``voicemock serve --no-open`` to its first page, with its scripts, in a new tab. Each start
  has a data folder of its own. ``--starts 0`` leaves them out.
- Interviews of one question, spoken aloud, one after another until the minutes are over. Each answer is the file, once,
  and ends by silence. ``--minutes 0`` leaves them out. Seen in the page:
  - end of the answer (listening is closed) to the first sample of feedback (the page starts to play it);
  - blocks of 2,048 samples that the server missed, by their numbers;
  - of the server: largest resident memory, and processor seconds a second.
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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import soundfile
from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser.interview_pages import HEARD, SPOKEN_ON_DEMAND, STAGED, microphone_flags
from voicemock.store.store import Store

QUESTION = "failed-program"
PATIENCE_MS = 600_000
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
SPEAKING, LISTENING = STAGED.format("speaking"), STAGED.format("listening")
FINISHED = "#finished:not([hidden])"
LINE = """
// What comes and goes on the socket: the moments at which listening opens and closes, and the samples sent in between.
globalThis.stretches = [];
globalThis.WebSocket = class extends WebSocket {
  constructor(url) {
    super(url);
    this.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") return;
      const event = JSON.parse(data);
      if (event.type === "listen") stretches.push({ samples: 0, blocks: 0 });
      if (event.type === "hush") stretches.at(-1).closedAt = performance.now();
    });
  }
  send(data) {
    super.send(data);
    if (typeof data === "string" || !stretches.length) return;
    const header = new DataView(data);
    stretches.at(-1).blocks += 1;
    stretches.at(-1).samples += (data.byteLength - 12) / 4;
    stretches.at(-1).rate = header.getUint32(8, true);
  }
};
"""


@contextmanager
def served(data_dir: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the server; yield its process and the address that it printed."""
    command = [sys.executable, "-m", "voicemock", "serve", "--no-open", "--data-dir", str(data_dir), *options]
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("VOICEMOCK_")}
    kept |= {"VOICEMOCK_CONFIG": str(data_dir.parent / "config.toml")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=kept) as program:
        assert program.stdout is not None  # noqa: S101 - it is a pipe
        try:
            yield program, program.stdout.readline().strip()
        finally:
            program.terminate()


def start_s(browser: Browser, folder: Path) -> tuple[float, float, float]:
    """Return when the address was printed and when the page could be used, in seconds from the start.

    And the processor seconds of the server up to then, which tell more on a machine that is not idle.
    """
    began = time.perf_counter()
    with served(folder / "data") as (program, url):
        printed = time.perf_counter() - began
        page = browser.new_page()
        page.goto(url, wait_until="load")
        page.get_by_role("link", name="Anything").hover()
        usable, used = time.perf_counter() - began, processor_s(program.pid)
        page.close()
    return printed, usable, used


def memory_mb(process: int, kind: str) -> float:
    """Return VmRSS (now) or VmHWM (the most ever) of a process."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(kind)) * 1024 / 1e6


def processor_s(process: int) -> float:
    """Return the processor seconds of a process."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def interview(page: Page, url: str) -> dict[str, Any]:
    """Hold an interview of one question; return what the page saw of it."""
    page.goto(url.split("?")[0] + f"interview?question={QUESTION}")
    page.get_by_role("button", name="Check the microphone").click()
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(LISTENING)
    page.evaluate("clips.length = 0; speak()")
    page.wait_for_selector("#clock.below, #clock.inside")
    page.wait_for_selector(f"{SPEAKING}:not([hidden]), {FINISHED}")
    seen = {"stretches": page.evaluate("stretches"), "clips": page.evaluate("clips")}
    while not page.locator(FINISHED).count():
        page.keyboard.press("Enter")  # skips the rest, and the drill
        page.wait_for_timeout(200)
    return seen


def hold(browser: Browser, folder: Path, minutes: float, model: str) -> dict[str, Any]:
    """Hold interviews for some minutes."""
    context = browser.new_context(permissions=["microphone"])
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(LINE + SPOKEN_ON_DEMAND + HEARD)
    waits_s, lost, blocks, heard_s = [], 0, 0, 0.0
    with served(folder / "data", "--model", model) as (program, url):
        page = context.new_page()
        page.goto(url)
        opened_mb = memory_mb(program.pid, "VmRSS")
        began = time.perf_counter()
        while time.perf_counter() - began < 60 * minutes:
            seen = interview(page, url)
            with Store(folder / "data") as store:
                (answer,) = store.sessions.answers(store.sessions.find("last"))
            stretch = max(seen["stretches"], key=lambda each: each["samples"])  # a short one measured the echo
            waits_s.append((seen["clips"][0]["at"] - stretch["closedAt"]) / 1000)
            lost += answer.overflows
            blocks += stretch["blocks"]
            heard_s += stretch["samples"] / stretch["rate"]
            print(f"answer {len(waits_s)}: feedback after {waits_s[-1]:.2f} s, {lost} blocks lost", file=sys.stderr)
        took_s = time.perf_counter() - began
        share, most_mb = processor_s(program.pid) / took_s, memory_mb(program.pid, "VmHWM")
    context.close()
    return {
        "waits_s": waits_s,
        "lost": lost,
        "blocks": blocks,
        "heard_s": heard_s,
        "opened_mb": opened_mb,
        "most_mb": most_mb,
        "share": share,
    }


def add_starts(table: Table, starts: list[tuple[float, float, float]]) -> None:
    """Add the rows of the start."""
    rows = {"start -> address printed (s)": "", "start -> page usable (s)": "1; 2", "processor seconds until then": ""}
    for (title, budget), values in zip(rows.items(), zip(*starts, strict=True), strict=True):
        table.add_row(title, f"{statistics.median(values):.2f}", f"{max(values):.2f}", budget)


def add_interviews(table: Table, held: dict[str, Any]) -> None:
    """Add the rows of the interviews."""
    waits_s, heard = held["waits_s"], f"{held['blocks']} ({held['heard_s'] / 60:.0f} minutes)"
    middle, worst = f"{statistics.median(waits_s):.2f}", f"{max(waits_s):.2f}"
    table.add_row("end of answer -> first sample of feedback (s)", middle, worst, "0.4; 0.8")
    table.add_row(f"blocks lost of {heard}", "", f"{held['lost']}", "0")
    table.add_row("resident memory, first page open (MB)", f"{held['opened_mb']:.0f}", "", "")
    table.add_row("largest resident memory (MB)", "", f"{held['most_mb']:.0f}", "650; 800")
    table.add_row("processor seconds a second", f"{held['share']:.2f}", "", "")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=9)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--answer", type=Path, default=ROOT / "fixtures" / "audio" / "strong-story.flac")
    parser.add_argument("--model", default="base")
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium on this machine. On Debian: apt-get install chromium")
    table = Table()
    for heading, justify in (("", "left"), ("median", "right"), ("worst", "right"), ("budget", "left")):
        table.add_column(heading, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        recording = Path(temporary) / "answer.wav"
        soundfile.write(recording, *soundfile.read(arguments.answer), subtype="PCM_16")
        flags = microphone_flags(Path(f"{recording}%noloop"))
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        browser.new_page().close()
        folders = [Path(temporary) / str(number) for number in range(arguments.starts + 1)]
        for folder in folders:
            folder.mkdir()
        if arguments.starts:
            add_starts(table, [start_s(browser, folder) for folder in folders[1:]])
        if arguments.minutes:
            add_interviews(table, hold(browser, folders[0], arguments.minutes, arguments.model))
        browser.close()
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    table.title = f"{arguments.answer.name}; Whisper {arguments.model}; {arguments.starts} starts; system load {load}"
    Console(width=max(Console().width, 96)).print(table)


if __name__ == "__main__":
    main()
