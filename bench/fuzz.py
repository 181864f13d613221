"""Gives a reader hostile input for some minutes, and prints every reaction that is not allowed.

Run: python bench/fuzz.py READER [--minutes 10] [--seed 1]; the readers are those of tests/hostile/readers.py

A finding is anything but a result or a refusal of ours: another error, a warning of Python, a case that takes more
than 30 s of the processor or 2 GB, a crash, a file elsewhere, a steering character or markup in what is shown. The
cases come from tests/hostile. They run in a child process, so that a crash or a hang is a finding too; each is kept as
a file. The exit code is 1 if there are any. Linux and macOS.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import traceback
import warnings
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic, process_time
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.hostile import READERS

CASES_OF_A_SEED = 100
LONGEST_S = 30.0
"""Of the processor, for one case: the clock on the wall says nothing on a busy machine."""
STUCK_S = 300.0
"""Nothing is heard of a child that waits for something."""
LARGEST_MB = 2048
MEGABYTE = 2**20


def main() -> None:
    """Fuzz until the time is over, in one child after the other as long as they die."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reader", choices=sorted(READERS))
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir()) / "voicemock-findings")
    options = parser.parse_args()
    began = monotonic()
    tally, number = Tally(options.findings / options.reader), options.seed
    while (left_s := began + 60 * options.minutes - monotonic()) > 0:
        number = fuzz(options.reader, number, left_s, tally)
    print(f"{options.reader}: seeds {options.seed} to {number - 1}, {(monotonic() - began) / 60:.1f} minutes, {tally}")
    raise SystemExit(bool(tally.findings))


@dataclass
class Tally:
    """What happened so far, and where findings are kept."""

    folder: Path
    cases: int = 0
    slowest_s: float = 0.0
    peak_mb: int = 0
    findings: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        found = f"{len(self.findings)} findings" + (f" in {self.folder}" if self.findings else "")
        return f"{self.cases} cases, slowest {self.slowest_s:.2f} s of the processor, peak {self.peak_mb} MB, {found}"

    def note(self, trouble: str, case: str) -> None:
        """Keep the first case of each kind of trouble."""
        kind = trouble.strip().splitlines()[-1][:120]
        self.findings[kind] = self.findings.get(kind, 0) + 1
        if self.findings[kind] > 1:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{len(self.findings):03}.txt"
        path.write_text(f"{trouble}\n\n{case}\n", encoding="utf-8", errors="backslashreplace")
        print(f"finding: {kind} ({path})", flush=True)


def fuzz(reader: str, number: int, left_s: float, tally: Tally) -> int:
    """Run a child until the time is over or it dies; return the seed to go on with."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = multiprocessing.get_context("spawn").Pipe(duplex=False)
        work = (reader, number, left_s, Path(folder), theirs)
        child = multiprocessing.get_context("spawn").Process(target=serve, args=work)
        child.start()
        theirs.close()
        try:
            while ours.poll(STUCK_S):
                number, took_s, peak_mb, trouble, case = ours.recv()
                tally.cases += 1
                tally.slowest_s, tally.peak_mb = max(tally.slowest_s, took_s), max(tally.peak_mb, peak_mb)
                if trouble:
                    tally.note(trouble, case)
            child.kill()
            tally.note("it waits for ever", case_in(Path(folder)))
        except EOFError:
            child.join()
            if child.exitcode:
                took_long = child.exitcode == -signal.SIGPROF
                trouble = f"it took longer than {LONGEST_S:.0f} s" if took_long else f"it died: {child.exitcode}"
                tally.note(trouble, case_in(Path(folder)))
        child.join()
    return number + 1


def case_in(folder: Path) -> str:
    """Return the case that a child was at."""
    path = folder / "case.txt"
    return path.read_text("utf-8") if path.exists() else "before the first case"


def serve(name: str, number: int, left_s: float, folder: Path, tell: Connection) -> None:
    """Check one case after the other, each written down first."""
    resource.setrlimit(resource.RLIMIT_AS, (8 * 1024 * MEGABYTE, resource.RLIM_INFINITY))
    for variable in [each for each in os.environ if each.startswith("VOICEMOCK_")]:
        del os.environ[variable]
    os.environ["VOICEMOCK_CONFIG"] = str(folder / "no-settings.toml")
    warnings.simplefilter("error")
    reader, ends = READERS[name], monotonic() + left_s
    work = folder / "work"
    work.mkdir()

    def check(case: Any) -> None:
        if monotonic() > ends:
            return
        (folder / "case.txt").write_text(repr(case), encoding="utf-8", errors="backslashreplace")
        began, trouble = process_time(), ""
        signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
        try:
            reader.check(case, work)
        except Exception:  # noqa: BLE001 - any is a finding
            trouble = traceback.format_exc()
        signal.setitimer(signal.ITIMER_PROF, 0)
        took_s, peak_mb = process_time() - began, peak_of_this_process_mb()
        if peak_mb > LARGEST_MB:
            trouble = f"{trouble}it took more than {LARGEST_MB} MB"
        tell.send((number, took_s, peak_mb, trouble, repr(case) if trouble else ""))

    while monotonic() < ends:
        options = settings(
            max_examples=CASES_OF_A_SEED,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        seed(number)(options(given(reader.cases)(check)))()
        number += 1


def peak_of_this_process_mb() -> int:
    """Return the largest resident memory so far; Linux counts kilobytes, macOS bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (MEGABYTE if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
