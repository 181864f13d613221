"""Makes many short recordings out of the fixtures, by cutting, level and noise; some are broken.

Run: python bench/cohort/made.py FOLDER [--count 600]

The same arguments give the same files. A broken one is empty, text under the name of a recording, or cut off in its
header.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import soundfile

FIXTURES = Path(__file__).parents[2] / "fixtures" / "audio"
SPOKEN = ("strong-story.flac", "rambling-no-result.flac", "triage-answer.flac", "too-short.flac")
QUIET = ("noise.flac", "keyboard.flac", "silence.flac")
QUIET_SHARE = 0.5
"""Recordings in which nobody speaks: they take a tenth of the time, and are answers all the same."""
SHORTEST_S, LONGEST_S = 3.0, 8.0
BROKEN_IN = 33
"""One recording in this many is broken: 3 %."""


def make(folder: Path, count: int, quiet_share: float = QUIET_SHARE) -> int:
    """Write the recordings, and return how many of them are broken."""
    dice = random.Random(7)  # noqa: S311 - the same files every time
    noise = np.random.default_rng(7)
    spoken, quiet = ([soundfile.read(FIXTURES / name, dtype="float32") for name in names] for names in (SPOKEN, QUIET))
    folder.mkdir(parents=True, exist_ok=True)
    broken = 0
    for index in range(count):
        path = folder / f"take-{index:05}.flac"
        if index % BROKEN_IN == BROKEN_IN // 2:
            path.write_bytes([b"", b"this is no sound\n" * 20, b"fLaC\x00\x00\x00\x22"][broken % 3])
            broken += 1
            continue
        samples, rate = dice.choice(quiet if dice.random() < quiet_share else spoken)
        length = round(dice.uniform(SHORTEST_S, LONGEST_S) * rate)
        start = dice.randrange(len(samples) - length)
        cut = samples[start : start + length] * dice.uniform(0.3, 1.0)
        cut = cut + noise.normal(0, 10 ** dice.uniform(-4, -2.5), cut.shape).astype("float32")
        soundfile.write(path, np.clip(cut, -1, 1), rate)
    return broken


def main() -> None:
    """Write the recordings."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=600)
    wanted = parser.parse_args()
    print(f"{wanted.count} recordings, {make(wanted.folder, wanted.count)} of them broken")


if __name__ == "__main__":
    main()
