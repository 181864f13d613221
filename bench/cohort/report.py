"""Measures a report over many results: seconds and memory.

Run: python bench/cohort/report.py FOLDER

FOLDER is made by ``python bench/cohort/rows.py FOLDER --rows 100000``, which takes some minutes.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq

RUNS = 3
"""The fastest one counts: the first one reads the files from the disk."""


def main() -> None:
    """Report several times, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    wanted = parser.parse_args()
    files = sorted(wanted.folder.glob("*/*.parquet"))
    rows = sum(pq.read_metadata(path).num_rows for path in files)
    print(f"{rows:,} rows, {sum(path.stat().st_size for path in files) / 2**20:.0f} MB")
    for _ in range(RUNS):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [sys.executable, "-m", "voicemock", "cohort", "report", str(wanted.folder), "--no-open"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        wall_s, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu_s = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
        print(f"{wall_s:.1f} s, {cpu_s:.1f} s of processors, {used.ru_maxrss / 1e6:.2f} GB of memory at most")


if __name__ == "__main__":
    main()
