"""Filled pauses and words on real recordings: what analyze hears against verbatim references.

    python bench/speech.py --data FOLDER [--model base --model tiny.en] [--details]

FOLDER holds recordings and ``references.json``: a list of objects with ``file``, ``transcript`` (verbatim text, or
text by speaker) and ``words`` ([start_s, end_s, word, speaker] or null). Filled pauses are matched within 0.5 s
(midpoints) where the reference has word times, and by count elsewhere. The word error rate is over the words that
are not filled pauses, lower case, without punctuation, numbers as they are written.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import jiwer
import numpy as np
from rich.console import Console
from rich.table import Table

from voicemock.api import AnalyzeFile, open_analysis
from voicemock.audio import LISTENING_RATE, AudioClip, read_audio, write_audio
from voicemock.settings import load_settings

FILLED_PAUSE = re.compile(r"(um+|uh+|uhm+|er|erm|hm+|mm+)", re.IGNORECASE)
TOLERANCE_S = 0.5
GAP_S = 1.0
"""Silence between the clips of the joined recording."""


@dataclass
class Reference:
    """What was really said in one recording."""

    file: str
    words: list[str]
    filled_pauses_s: list[float] | None
    """Midpoints, where the reference has times."""
    filled_pause_count: int


@dataclass
class Score:
    """Sums over recordings."""

    hits: int = 0
    false_alarms: int = 0
    misses: int = 0
    references: list[str] = field(default_factory=list)
    hypotheses: list[str] = field(default_factory=list)
    cpu_s: float = 0.0
    audio_s: float = 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall of filled pauses."""
        return 2 * self.hits / (2 * self.hits + self.false_alarms + self.misses or 1)

    def row(self) -> list[str]:
        """Return the score as a table row."""
        wer = f"{jiwer.wer(self.references, self.hypotheses):.3f}" if self.references else "-"
        counts = f"{self.hits} / {self.false_alarms} / {self.misses}"
        return [counts, f"{self.f1:.3f}", wer, f"{self.cpu_s / self.audio_s:.2f}"]


def normalize(word: str) -> str:
    """Return a word as it is compared: lower case, without punctuation."""
    return re.sub(r"[^a-z0-9']", "", word.lower().replace("_", "")).strip("'")


def is_filled_pause(token: str) -> bool:
    """Return whether a reference token is a filled pause; 'er with an apostrophe is "her"."""
    return not token.startswith("'") and bool(FILLED_PAUSE.fullmatch(normalize(token)))


def read_references(folder: Path) -> list[Reference]:
    """Read ``references.json``."""
    references = []
    for entry in json.loads((folder / "references.json").read_text(encoding="utf-8")):
        times = None
        if entry["words"] is not None:
            tokens = [word[2] for word in entry["words"]]
            times = [(word[0] + word[1]) / 2 for word in entry["words"] if is_filled_pause(word[2])]
        else:
            tokens = re.sub(r"<[a-z]+-([a-z]+)>|<unk>", r"\1", entry["transcript"]).split()
        words = [normalize(token) for token in tokens if not is_filled_pause(token)]
        references.append(
            Reference(entry["file"], [w for w in words if w], times, sum(is_filled_pause(t) for t in tokens))
        )
    return references


def score_recording(analyze_file: AnalyzeFile, path: Path, reference: Reference, total: Score) -> str:
    """Analyze one recording, add to the sums, and return what was heard."""
    started = time.process_time()
    assessment = analyze_file(path, None, None, None)
    total.cpu_s += time.process_time() - started
    total.audio_s += assessment.analysis.recording_s or 0.0
    found = [f for f in assessment.analysis.fillers if f.kind == "filled_pause"]
    midpoints = [((f.start_s or 0.0) + (f.end_s or 0.0)) / 2 for f in found]
    if reference.filled_pauses_s is None:
        hits = min(len(found), reference.filled_pause_count)
    else:
        hits = matches(reference.filled_pauses_s, midpoints)
    total.hits += hits
    total.false_alarms += len(found) - hits
    total.misses += reference.filled_pause_count - hits
    spans = {(f.start_char, f.end_char) for f in found}
    kept, position = [], 0
    for word in assessment.transcript.words:
        start = assessment.transcript.text.index(word.text, position)
        position = start + len(word.text)
        if not any(start <= a < position for a, _ in spans):
            kept.append(normalize(word.text))
    if reference.words:
        total.references.append(" ".join(reference.words))
        total.hypotheses.append(" ".join(w for w in kept if w))
    return assessment.transcript.text


def matches(wanted: list[float], found: list[float]) -> int:
    """Count one-to-one matches within the tolerance, nearest first."""
    pairs = sorted((abs(w - f), i, j) for i, w in enumerate(wanted) for j, f in enumerate(found))
    used_wanted: set[int] = set()
    used_found: set[int] = set()
    for distance, i, j in pairs:
        if distance <= TOLERANCE_S and i not in used_wanted and j not in used_found:
            used_wanted.add(i)
            used_found.add(j)
    return len(used_wanted)


def join(folder: Path, references: list[Reference], target: Path) -> Reference:
    """Write all recordings one after another into one file and return its reference."""
    pieces, times, words, offset_s, timed = [], [], [], 0.0, True
    for reference in references:
        clip = read_audio(folder / reference.file)
        pieces += [clip.samples, np.zeros(int(GAP_S * LISTENING_RATE), np.float32)]
        words += reference.words
        timed = timed and reference.filled_pauses_s is not None
        times += [offset_s + t for t in reference.filled_pauses_s or []]
        offset_s += clip.duration_s + GAP_S
    write_audio(target, AudioClip(np.concatenate(pieces), LISTENING_RATE))
    count = sum(reference.filled_pause_count for reference in references)
    return Reference(target.name, words, times if timed else None, count)


def make_nothing(folder: Path) -> list[Path]:
    """Write recordings in which nobody speaks: silence, hum, fan, keys, breath."""
    rng = np.random.default_rng(7)
    n = 30 * LISTENING_RATE
    t = np.arange(n) / LISTENING_RATE
    white = rng.normal(0, 1, n)
    brown = np.cumsum(white) - np.convolve(np.cumsum(white), np.ones(800) / 800, mode="same")
    keys = np.zeros(n)
    for at in rng.integers(0, n - 400, 120):
        keys[at : at + 400] += rng.normal(0, 1, 400) * np.exp(-np.arange(400) / 60)
    breath = white * np.clip(np.sin(2 * np.pi * 0.25 * t), 0, None) ** 2
    sounds = {
        "silence": white * 1e-4,
        "hum": 0.1 * np.sin(2 * np.pi * 50 * t) + 0.03 * np.sin(2 * np.pi * 150 * t),
        "fan": brown / np.abs(brown).max() * 0.3 + white * 0.01,
        "white": white * 0.05,
        "keyboard": keys * 0.3 + white * 1e-3,
        "breath": breath * 0.05,
    }
    paths = []
    for name, samples in sounds.items():
        path = folder / f"{name}.wav"
        write_audio(path, AudioClip(samples.astype(np.float32), LISTENING_RATE))
        paths.append(path)
    return paths


def measure(model: str, data: Path, console: Console, details: bool) -> list[list[str]]:
    """Return the table rows of one model."""
    references = read_references(data)
    clips, joined, invented = Score(), Score(), 0
    with open_analysis(load_settings(model=model)) as analyze_file, tempfile.TemporaryDirectory() as temporary:
        for reference in references:
            before = (clips.hits, clips.false_alarms, clips.misses)
            text = score_recording(analyze_file, data / reference.file, reference, clips)
            if details:
                now = (clips.hits, clips.false_alarms, clips.misses)
                change = "/".join(str(a - b) for a, b in zip(now, before, strict=True))
                console.print(f"{reference.file} hit/false/missed {change}: {text}", markup=False, highlight=False)
        timed = [reference for reference in references if reference.filled_pauses_s is not None]
        for name, part in (("all", references), ("timed", timed)):
            path = Path(temporary) / f"joined-{name}.flac"
            score_recording(analyze_file, path, join(data, part, path), joined)
        for path in make_nothing(Path(temporary)):
            words = analyze_file(path, None, None, None).transcript.words
            invented += len(words)
            if details and words:
                console.print(f"{path.name}: {' '.join(w.text for w in words)}", markup=False)
    return [
        [model, f"{len(references)} clips", *clips.row()],
        [model, "joined into 2 recordings", *joined.row()],
        [model, "nobody speaks (6 x 30 s)", "-", "-", f"{invented} words", "-"],
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", action="append", default=None)
    parser.add_argument("--details", action="store_true")
    options = parser.parse_args()
    console = Console(width=110)
    table = Table("model", "recordings", "filled pauses hit / false / missed", "F1", "word error rate", "CPU s per s")
    for model in options.model or ["base", "tiny.en"]:
        for row in measure(model, options.data, console, options.details):
            table.add_row(*row)
    console.print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
