"""How long a help takes: processor and wall-clock seconds of ``voicemock --help`` and of every command's.

Run: python bench/cli/help.py [--runs 5]
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from time import perf_counter

from voicemock.cli import COMMANDS


def main() -> None:
    """Measure each help and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="how often each is shown")
    runs = parser.parse_args().runs
    print(f"{'voicemock':<12}{'processor':>10}{'clock':>8}   (seconds, median of {runs})")
    for name in ("", *COMMANDS):
        used, passed = zip(*_shown([name] if name else [], runs), strict=True)
        print(f"{name or '-':<12}{median(used):>10.2f}{median(passed):>8.2f}")


def _shown(path: list[str], runs: int) -> Iterator[tuple[float, float]]:
    for _ in range(runs):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
        subprocess.run([sys.executable, "-m", "voicemock", *path, "--help"], check=True, stdout=subprocess.DEVNULL)
        passed, after = perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        yield after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, passed


if __name__ == "__main__":
    main()
