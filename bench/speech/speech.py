"""Measures filled pauses and words on real recordings against their references, beside other transcribers.

    python bench/speech/speech.py --data FOLDER [--model base] [--plain] [--erm COMMAND] [--noise] [--quiet]
        [--details]

FOLDER holds recordings and ``references.json`` (bench/speech/recordings.py). Filled pauses are matched within 0.5 s
(midpoints) where the reference has word times, and by count elsewhere. With ``--quiet`` those with times are heard
once more with every filled pause 8 dB quieter. The word error rate is over the words that are
no filled pauses, lower case, without punctuation, numbers as they are written.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

import jiwer
from recordings import (
    Reference,
    is_filled_pause,
    joined,
    noises,
    normalize,
    read_references,
    recordings_without_speech,
    with_noise,
    with_quiet_fillers,
)
from rich.console import Console
from rich.table import Table

from voicemock.api import open_analysis
from voicemock.settings import load_settings
from voicemock.speech.audio_files import read_audio
from voicemock.weights import resolve_model

TOLERANCE_S = 0.5
WHOLE_FILE_PROMPT = "Um, uh, hmm, er, ah."
SNR_DB = 10.0
QUIETER_DB = 8.0


class Heard(NamedTuple):
    """One program's result for one recording."""

    words: list[str]
    """All words but filled pauses; empty if the program prints none."""
    filled_pauses_s: list[float]
    """Midpoints."""
    is_poor: bool = False
    """Whether the program calls the recording too poor to count."""


Hear = Callable[[Path], Heard]


@dataclass
class Score:
    """Sums over recordings."""

    hits: int = 0
    false_alarms: int = 0
    misses: int = 0
    poor: int = 0
    recordings: int = 0
    references: list[str] = field(default_factory=list)
    hypotheses: list[str] = field(default_factory=list)
    cpu_s: float = 0.0
    audio_s: float = 0.0

    def row(self) -> list[str]:
        """Return the score as cells of a table."""
        f1 = 2 * self.hits / (2 * self.hits + self.false_alarms + self.misses or 1)
        has_words = any(self.hypotheses)
        wer = f"{jiwer.wer(self.references, self.hypotheses):.3f}" if has_words else "-"
        counts = f"{self.hits} / {self.false_alarms} / {self.misses}"
        return [counts, f"{f1:.3f}", wer, f"{self.cpu_s / self.audio_s:.2f}", f"{self.poor} of {self.recordings}"]


def cpu_s() -> float:
    """Return the processor seconds of this process and its finished children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def score(hear: Hear, references: Iterable[Reference], details: Console | None) -> Score:
    """Hear recordings and compare."""
    total = Score()
    for reference in references:
        started = cpu_s()
        heard = hear(reference.path)
        total.cpu_s += cpu_s() - started
        total.audio_s += read_audio(reference.path).duration_s
        found = heard.filled_pauses_s
        if reference.filled_pauses_s is None:
            hits = heard_hits = min(len(found), reference.filled_pause_count)
        else:
            hits = matches(reference.filled_pauses_s, found)
            heard_hits = max(hits, matches([*reference.filled_pauses_s, *reference.overheard_s], found))
        change = (hits, len(found) - heard_hits, reference.filled_pause_count - hits)
        total.hits, total.false_alarms = total.hits + change[0], total.false_alarms + change[1]
        total.misses, total.poor = total.misses + change[2], total.poor + heard.is_poor
        total.recordings += 1
        if reference.words:
            total.references.append(" ".join(reference.words))
            total.hypotheses.append(" ".join(heard.words))
        if details:
            details.print(f"{reference.path.name} {change} {' '.join(heard.words)}", markup=False, highlight=False)
    return total


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


def split(words: Iterable[tuple[str, float, float]]) -> Heard:
    """Separate filled pauses from the other words."""
    fillers, others = [], []
    for text, start_s, end_s in words:
        if is_filled_pause(text):
            fillers.append((start_s + end_s) / 2)
        elif normalize(text):
            others.append(normalize(text))
    return Heard(others, fillers)


def hear_with_whisper(model: object, path: Path, **options: object) -> Heard:
    """Decode a whole file with faster-whisper as it comes."""
    segments, _ = model.transcribe(str(path), language="en", word_timestamps=True, **options)  # type: ignore[attr-defined]
    return split((word.word.strip(), word.start, word.end) for segment in segments for word in segment.words or ())


def hear_with_erm(command: str, model: str, path: Path) -> Heard:
    """Return the filled pauses that erm would cut out; it prints no words."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.json"
        options = ["--model", model, "--device", "cpu", "--compute-type", "int8", "--dry-run", "--json", str(plan)]
        subprocess.run([command, str(path), *options], check=True, capture_output=True)
        cuts = json.loads(plan.read_text(encoding="utf-8"))["cuts"]
    return Heard([], [(cut["start"] + cut["end"]) / 2 for cut in cuts for _ in cut["word"].split("+")])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", action="append", default=None)
    parser.add_argument("--plain", action="store_true", help="also faster-whisper by itself, without and with a prompt")
    parser.add_argument("--erm", metavar="COMMAND", help="also erm 0.4.0, installed elsewhere (it needs ffmpeg)")
    parser.add_argument("--noise", action="store_true", help=f"also with noise at {SNR_DB:.0f} dB under every clip")
    parser.add_argument("--quiet", action="store_true", help=f"also with filled pauses {QUIETER_DB:.0f} dB quieter")
    parser.add_argument("--details", action="store_true")
    options = parser.parse_args()
    console = Console(width=120)
    table = Table("heard by", "recordings", "hit / false / missed", "F1", "word errors", "CPU s per s", "called poor")
    for model in options.model or ["base"]:
        measure(model, options, console, table)
    console.print(table)
    console.print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def measure(model: str, options: argparse.Namespace, console: Console, table: Table) -> None:
    """Add the rows of one model, and of the other programs on its weights."""
    references = read_references(options.data)
    details = console if options.details else None
    settings = load_settings(model=model)
    with open_analysis(settings) as analyze_file, tempfile.TemporaryDirectory() as temporary:

        def voicemock(path: Path) -> Heard:
            assessment = analyze_file(path, None, None, None)
            quality = assessment.analysis.audio_quality
            heard = split((w.text, w.start_s or 0.0, w.end_s or 0.0) for w in assessment.transcript.words)
            return heard._replace(is_poor=quality is not None and "noisy" in quality.problems)

        folder = Path(temporary)
        timed = [reference for reference in references if reference.filled_pauses_s is not None]
        long = [joined(references, folder / "joined.flac"), joined(timed, folder / "joined-timed.flac")]
        programs: dict[str, Hear] = {f"voicemock, {model}": voicemock}
        if options.plain or options.erm:
            programs |= others(options, str(resolve_model(model, settings.cache_dir)))
        empty = [Reference(path, [], None, 0) for path in recordings_without_speech(folder)]
        for name, hear in programs.items():
            table.add_row(name, f"{len(references)} clips", *score(hear, references, details).row())
            table.add_row(name, "joined, all and timed", *score(hear, long, details).row())
            invented = sum(len(heard.words) + len(heard.filled_pauses_s) for heard in (hear(e.path) for e in empty))
            table.add_row(name, f"nobody speaks, {len(empty)} x 30 s", f"{invented} words invented", "", "", "", "")
        for name, noise in noises(references).items() if options.noise else ():
            noisy = [with_noise(r, noise, SNR_DB, folder / f"{name}-{r.path.stem}.wav") for r in references]
            row = score(voicemock, noisy, details).row()
            table.add_row(f"voicemock, {model}", f"{len(noisy)} clips, {name} at {SNR_DB:.0f} dB", *row)
        if options.quiet:
            spoken = [r for r in timed if r.spans_s]
            quiet = [with_quiet_fillers(r, QUIETER_DB, folder / f"quiet-{r.path.stem}.wav") for r in spoken]
            row = score(voicemock, quiet, details).row()
            table.add_row(f"voicemock, {model}", f"{len(quiet)} clips, fillers {QUIETER_DB:.0f} dB quieter", *row)


def others(options: argparse.Namespace, model: str) -> dict[str, Hear]:
    """Return the other programs, on the same weights."""
    found: dict[str, Hear] = {}
    if options.plain:
        from faster_whisper import WhisperModel

        whisper = WhisperModel(model, device="cpu", compute_type="int8")
        found["faster-whisper as it comes"] = partial(hear_with_whisper, whisper)
        found["the same, prompted"] = partial(hear_with_whisper, whisper, initial_prompt=WHOLE_FILE_PROMPT)
    if options.erm:
        found["erm 0.4.0"] = partial(hear_with_erm, options.erm, model)
    return found


if __name__ == "__main__":
    main()
