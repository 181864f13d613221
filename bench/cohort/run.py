"""Measures what a run over many recordings survives, how fast it is, and what the engine costs.

Run: python bench/cohort/run.py survive [--count 600]
     python bench/cohort/run.py speed [--count 40] [--repeats 3]
     python bench/cohort/run.py overhead [--jobs 500]

``survive`` makes short recordings out of the fixtures, 3 % of them broken, and measures them with two workers. After a
tenth and after a quarter of them it kills a worker, and after two fifths the driver, all with SIGKILL; then it gives
the same command again. It checks that every input is in exactly one table once and that nothing finished was measured
twice, and prints the largest resident memory of each worker by quarters of its life. ``speed`` measures the same
recordings with one and with two workers in turn, one thread each, from the first results to the last. Where other work
takes the cores, recordings a CPU second of our own tell more: twice their ratio is the gain on idle cores. ``overhead``
gives the engine jobs that return a finished answer at once, and compares them with a plain loop. The settings come from
the environment: VOICEMOCK_MODEL=tiny.en VOICEMOCK_BEAM_SIZE=1 is the quickest.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import psutil
import pyarrow.parquet as pq

from bench.cohort.made import make
from voicemock.cohort.engines import PlainLoop, local_engine, size_of
from voicemock.cohort.measuring import measure
from voicemock.cohort.work import how_measured
from voicemock.settings import load_settings

LOOK_EACH_S = 0.5
KILLS = (0.1, 0.25, 0.4)
"""Shares of the recordings that are done when a worker, another worker and the driver are killed."""


def main() -> None:
    """Print the table of what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["survive", "speed", "overhead"])
    parser.add_argument("--count", type=int, default=None)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=500)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if wanted.what == "survive":
            survive(Path(folder), wanted.count or 600)
        elif wanted.what == "speed":
            speed(Path(folder), wanted.count or 40, wanted.repeats)
        else:
            overhead(Path(folder), wanted.jobs)
    print(f"system load {', '.join(f'{average:.1f}' for average in os.getloadavg())}, {os.cpu_count()} cores")


class Watched:
    """A run in a process of its own, watched from outside.

    Args:
        recordings: Folder with the inputs.
        results: Folder of the tables.
        workers: How many.
    """

    def __init__(self, recordings: Path, results: Path, workers: int) -> None:
        command = [sys.executable, "-m", "voicemock", "cohort", "run", str(recordings), "--to", str(results)]
        self._results = results
        self._process = subprocess.Popen(
            [*command, "--workers", str(workers)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))},
            start_new_session=True,
        )
        self.memory: dict[int, list[int]] = defaultdict(list)
        """Resident bytes of each worker, by its process id, over time."""
        self.steps: list[tuple[float, int, float]] = []
        """When each number of rows was reached, and the CPU seconds that driver and workers had taken by then."""

    def until(self, rows: int | None) -> int:
        """Watch until this many rows are kept, or the run has ended, and return how many are."""
        while True:
            ended = self._process.poll() is not None
            kept = rows_kept(self._results)
            if not self.steps or kept != self.steps[-1][1]:
                self.steps.append((time.monotonic(), kept, self.cpu_s()))
            for pid, size in self.workers().items():
                self.memory[pid].append(size)
            if ended or (rows is not None and kept >= rows):
                return kept
            time.sleep(LOOK_EACH_S)

    def workers(self) -> dict[int, int]:
        """Return the resident bytes of each worker that lives."""
        found = {}
        try:
            children = psutil.Process(self._process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return {}
        for child in children:
            try:
                if any("spawn_main" in part for part in child.cmdline()):
                    found[child.pid] = child.memory_info().rss
            except psutil.Error:
                continue
        return found

    def cpu_s(self) -> float:
        """Return the CPU seconds of the driver and its workers; as before where they have ended."""
        try:
            driver = psutil.Process(self._process.pid)
            times = [each.cpu_times() for each in (driver, *driver.children(recursive=True))]
        except psutil.Error:
            return self.steps[-1][2] if self.steps else 0.0
        return sum(each.user + each.system for each in times)

    def kill_worker(self) -> int:
        """Kill a worker, and return its process id."""
        pid = max(self.workers().items(), key=lambda each: each[1])[0]
        os.kill(pid, signal.SIGKILL)
        return pid

    def kill_driver(self) -> float:
        """Kill the driver, and return how long its workers outlived it, in seconds."""
        workers = [psutil.Process(pid) for pid in self.workers()]
        self._process.kill()
        self._process.wait()
        began = time.monotonic()
        psutil.wait_procs(workers, timeout=60)
        return time.monotonic() - began

    def rates(self, first: int) -> tuple[float, float]:
        """Return recordings a second and a CPU second, from the result of this number to the last."""
        begin, end = next(each for each in self.steps if each[1] >= first), self.steps[-1]
        return (end[1] - begin[1]) / (end[0] - begin[0]), (end[1] - begin[1]) / (end[2] - begin[2])


def rows_kept(results: Path) -> int:
    """Return how many rows are on disk: whole lines of the journal, and rows of the tables."""
    try:
        lines = sum(path.read_bytes().count(b"\n") for path in results.glob("journal/*.jsonl"))
        return lines + sum(pq.read_metadata(path).num_rows for path in results.glob("[ae]*/*.parquet"))
    except OSError:  # it is being packed
        return 0


def survive(folder: Path, count: int) -> None:
    """Kill two workers and the driver, and check what is left."""
    recordings, results = folder / "recordings", folder / "results"
    broken = make(recordings, count)
    print(f"{count} recordings, {broken} of them broken", flush=True)
    first = Watched(recordings, results, 2)
    for share in KILLS[:2]:
        done = first.until(round(share * count))
        print(f"after {done} rows: worker {first.kill_worker()} killed", flush=True)
    done = first.until(round(KILLS[2] * count))
    outlived = first.kill_driver()
    kept = rows_kept(results)
    print(
        f"after {done} rows: driver killed; {kept} rows are on disk; its workers ended after {outlived:.1f} s",
        flush=True,
    )
    again = Watched(recordings, results, 2)
    again.until(None)
    check(recordings, results, kept, again)
    for name, run in (("first run", first), ("second run", again)):
        for pid, sizes in run.memory.items():
            if len(sizes) >= 8:
                quarters = [max(sizes[i * len(sizes) // 4 : (i + 1) * len(sizes) // 4]) / 1e6 for i in range(4)]
                print(f"{name}, worker {pid}: " + ", ".join(f"{size:.0f}" for size in quarters) + " MB, by quarters")


def check(recordings: Path, results: Path, kept: int, again: Watched) -> None:
    """Print whether every input is there once, and how many rows the second run has added."""
    answers = pq.read_table(results / "answers", columns=["source", "content_hash"]).to_pylist()
    errors = pq.read_table(results / "errors", columns=["source", "kind"]).to_pylist()
    counts = Counter(row["source"] for row in [*answers, *errors])
    inputs = {str(path) for path in recordings.iterdir()}
    print(f"{len(answers)} answers, {len(errors)} errors: {dict(Counter(row['kind'] for row in errors))}")
    print(f"inputs without a row {len(inputs - set(counts))}, with several {sum(n > 1 for n in counts.values())}")
    print(f"rows without an input {len(set(counts) - inputs)}; rows added by the second run {len(counts) - kept}")
    print(f"second run: {again.steps[0][1]} rows were there when it began")


def speed(folder: Path, count: int, repeats: int) -> None:
    """Measure with one and with two workers, in turn."""
    recordings = folder / "recordings"
    make(recordings, count, quiet_share=0.0)
    rates: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    for repeat in range(repeats):
        for workers in (1, 2) if repeat % 2 == 0 else (2, 1):
            run = Watched(recordings, folder / f"results-{repeat}-{workers}", workers)
            run.until(None)
            rates[workers].append(run.rates(2 * workers))
            a_second, a_cpu_second = rates[workers][-1]
            print(f"{workers}: {a_second:.2f} recordings a second, {a_cpu_second:.2f} a CPU second of its own", end="")
            print(f"; load {os.getloadavg()[0]:.1f}", flush=True)
    for index, unit in enumerate(("second", "CPU second")):
        ratios = [two[index] / one[index] for one, two in zip(rates[1], rates[2], strict=True)]
        shown = ", ".join(f"{each:.2f}" for each in ratios)
        print(f"2 workers against 1, by recordings a {unit}: {shown}; median {statistics.median(ratios):.2f}")


def overhead(folder: Path, jobs: int) -> None:
    """Measure what moving a job and its answer takes, beside measuring a recording."""
    recordings = folder / "recordings"
    make(recordings, 6, quiet_share=0.0)
    how = how_measured(load_settings(), load_settings().model)
    taken = {
        path.name: seconds(lambda path=path: measure(str(path), None, how)) for path in sorted(recordings.iterdir())
    }
    measured = statistics.median(list(taken.values())[1:])
    answer = measure(str(ROOT / "fixtures" / "audio" / "too-short.flac"), None, how)
    loop = seconds(lambda: drain(PlainLoop(), answer, jobs)) / jobs
    with local_engine(size_of(2, 8.0, 1), folder, print) as (engine, _):
        drain(engine, answer, 20)
        moved = seconds(lambda: drain(engine, answer, jobs)) / jobs
    print(
        f"a recording takes {measured:.2f} s; {jobs} jobs that return an answer: {1000 * loop:.2f} ms each in a loop,"
    )
    print(f"{1000 * moved:.2f} ms by the engine, which is {100 * (moved - loop) / measured:.2f} % more a recording")


def drain(engine: Any, answer: Any, jobs: int) -> None:
    """Send jobs through an engine."""
    for _ in engine.run("echo", returned, {str(index): (answer,) for index in range(jobs)}):
        pass


def returned(answer: Any) -> Any:
    """Return what is given."""
    return answer


def seconds(work: Callable[[], Any]) -> float:
    """Return how long work takes, in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
