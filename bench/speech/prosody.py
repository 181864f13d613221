"""Measures the melody on real recordings: octave errors, resynthesized melodies, noise, cost, and a range of people.

    python bench/speech/prosody.py --data FOLDER [--more FOLDER ...] [--range] [--judges] [--sentences]

Each FOLDER holds recordings and ``references.json`` (bench/speech/recordings.py). The judges of octave errors and the
resynthesis are not voicemock's: install ``pyworld`` and ``praat-parselmouth`` (GPL-3) beside it, for this file only.

- octave: frames that voicemock calls voiced and where three of four judges (Praat's autocorrelation and
  cross-correlation, WORLD's Harvest and DIO) are within a semitone of their median; an error is more than six
  semitones off.
- scaled: WORLD resynthesizes each recording with its pitch excursions times 0, 0.25, 0.5 and 1.
- noise: the recording at 20 dB over white noise, a fan and six voices, against itself.
- range: the 10th, 50th and 90th percentile over the recordings with at least two seconds of voice.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from recordings import noises, read_references, with_noise
from rich.console import Console
from rich.progress import track
from rich.table import Table

from voicemock.api import open_analysis
from voicemock.models import SpeechSpan
from voicemock.settings import load_settings
from voicemock.speech.audio_files import read_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.speech.engines import load_detector
from voicemock.speech.pitch import HIGHEST_HZ, LOWEST_HZ, STEP_S, VoiceTrack, load_pitch_tracker
from voicemock.speech.prosody import between, ends_of, spread, syllable_levels, voice_in
from voicemock.speech.rumble import without_rumble
from voicemock.speech.vad import speech_flags, speech_spans

SCALES = (0.0, 0.25, 0.5, 1.0)
LEAST_S = 2.0
AGREE_SEMITONES = 1.0
OFF_SEMITONES = 6.0
SNR_DB = 20.0


@dataclass
class Melody:
    """What voicemock measures of one clip."""

    voice: VoiceTrack
    speech: tuple[SpeechSpan, ...]
    cpu_s: float

    @property
    def voiced_s(self) -> float:
        """Seconds with a voice."""
        return len(self.voice.at_s) * STEP_S

    @property
    def sd(self) -> float:
        """Pitch variety in semitones."""
        return spread(self.voice.semitones)


def melody_of(clip: AudioClip, speech: tuple[SpeechSpan, ...] | None = None) -> Melody:
    """Track and measure a clip, however short; ``speech`` is known of one that was made of another."""
    clip = without_rumble(clip)
    speech = speech or speech_spans(speech_flags(clip, load_detector(load_settings())))
    tracker = load_pitch_tracker()
    if tracker is None:
        raise SystemExit("swift-f0 is not installed")
    began = time.process_time()
    for start in range(0, len(clip.samples), 480):
        tracker.take(clip.samples[start : start + 480])
    found = tracker.finish()
    return Melody(voice_in(found, speech), speech, time.process_time() - began)


def dio(samples: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the pitch by WORLD's DIO, refined, in hertz; and the moments."""
    import pyworld

    pitch, times = pyworld.dio(samples, LISTENING_RATE, f0_floor=LOWEST_HZ, f0_ceil=HIGHEST_HZ)
    return pyworld.stonemask(samples, pitch, times, LISTENING_RATE), times


def judged(path: Path, at_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the pitch of four judges in semitones, shape (4, n); NaN where one hears no voice."""
    import parselmouth
    import pyworld

    samples = without_rumble(read_audio(path)).samples.astype(float)
    sound = parselmouth.Sound(samples, LISTENING_RATE)
    range_hz = {"pitch_floor": LOWEST_HZ, "pitch_ceiling": HIGHEST_HZ}
    praat = [make(time_step=STEP_S / 2, **range_hz) for make in (sound.to_pitch_ac, sound.to_pitch_cc)]
    found = [[each.get_value_at_time(t) for t in at_s] for each in praat]
    harvest = pyworld.harvest(samples, LISTENING_RATE, f0_floor=LOWEST_HZ, f0_ceil=HIGHEST_HZ)
    for pitch, times in (harvest, dio(samples)):
        found.append(pitch[np.clip(np.searchsorted(times, at_s), 0, len(pitch) - 1)])
    hz = np.nan_to_num(np.array(found, float))
    return np.where(hz > 0, 12 * np.log2(np.maximum(hz, 1.0)), np.nan)


def octave_errors(path: Path, melody: Melody) -> tuple[int, int]:
    """Return how many frames are judged, and how many of them are an octave off."""
    semitones = judged(path, melody.voice.at_s)
    judges = np.isfinite(semitones).sum(axis=0) >= 3
    middle = np.nanmedian(np.where(judges, semitones, 0.0), axis=0)
    agree = judges & ((np.abs(semitones - middle) < AGREE_SEMITONES).sum(axis=0) >= 3)
    off = np.abs(melody.voice.semitones - middle) > OFF_SEMITONES
    return int(agree.sum()), int((agree & off).sum())


def scaled(path: Path, melody: Melody) -> list[float]:
    """Return the pitch variety of a recording resynthesized with its excursions scaled."""
    import pyworld

    samples = without_rumble(read_audio(path)).samples.astype(float)
    pitch, times = dio(samples)
    envelope = pyworld.cheaptrick(samples, pitch, times, LISTENING_RATE)
    aperiodicity = pyworld.d4c(samples, pitch, times, LISTENING_RATE)
    middle = np.median(pitch[pitch > 0])
    found = []
    for scale in SCALES:
        moved = np.where(pitch > 0, middle * (np.maximum(pitch, 1.0) / middle) ** scale, 0.0)
        made = pyworld.synthesize(moved, envelope, aperiodicity, LISTENING_RATE)
        found.append(melody_of(AudioClip(made.astype(np.float32), LISTENING_RATE), melody.speech).sd)
    return found


def percentiles(values: Iterable[float]) -> str:
    """Return the 10th, the 50th and the 90th percentile."""
    return " / ".join(f"{value:.1f}" for value in np.percentile(list(values), (10, 50, 90)))


def sentence_ends(paths: list[Path], melodies: list[Melody]) -> tuple[list[float], list[float]]:
    """Return how much quieter the ends of sentences are, and how much they rise, by voicemock's own transcripts."""
    drops, rises = [], []
    with open_analysis(load_settings()) as analyze:
        for path, melody in zip(paths, melodies, strict=True):
            structure = analyze(path, None, None, None).analysis.structure
            for end in ends_of(melody.voice, structure.sentences if structure else ()):
                drops.append(end.drop_db)
                rises += [end.rise_semitones] if end.rise_semitones is not None else []
    return drops, rises


@dataclass
class Totals:
    """What is summed up over the recordings."""

    kept: list[tuple[Path, Melody]]
    moved: dict[str, list[float]]
    """Share by which each noise moves the variety."""
    in_order: list[bool]
    frames: int = 0
    off: int = 0
    cpu_s: float = 0.0
    length_s: float = 0.0


def row_of(path: Path, melody: Melody, noisy: dict[str, float], totals: Totals) -> list[str]:
    """Return the row of a recording, and sum it up."""
    melodies = scaled(path, melody)
    totals.kept.append((path, melody))
    totals.in_order.append(melodies == sorted(melodies))
    for name, variety in noisy.items():
        totals.moved[name].append(abs(variety / melody.sd - 1))
    voice = melody.voice
    shown = (melody.sd, between(voice.semitones, 5, 95), spread(syllable_levels(voice)), *melodies, *noisy.values())
    return [path.name, f"{melody.voiced_s:.1f}", *(f"{value:.2f}" for value in shown)]


def say_totals(console: Console, totals: Totals) -> None:
    """Print what the recordings come to."""
    if totals.frames:
        wrong = 100 * totals.off / totals.frames
        console.print(f"octave errors: {totals.off} of {totals.frames} frames, {wrong:.2f} %")
    if totals.in_order:
        console.print(f"in order: {sum(totals.in_order)} of {len(totals.in_order)}")
    for name, changes in ((name, changes) for name, changes in totals.moved.items() if changes):
        middle, p90 = 100 * np.percentile(changes, (50, 90))
        most = 100 * max(changes)
        console.print(
            f"{name} at {SNR_DB:.0f} dB moves the variety by {middle:.1f} %, p90 {p90:.1f} %, most {most:.1f} %"
        )
    voices = [melody.voice for _, melody in totals.kept]
    console.print(f"{len(voices)} recordings")
    console.print(f"SD p10/50/90: {percentiles(spread(each.semitones) for each in voices)} semitones")
    console.print(f"range: {percentiles(between(each.semitones, 5, 95) for each in voices)} semitones")
    console.print(f"levels: {percentiles(spread(syllable_levels(each)) for each in voices)} dB")
    console.print(f"cost: {totals.cpu_s / totals.length_s:.4f} CPU s a second of sound, taken frame by frame")


def main() -> None:
    """Measure all recordings of the folders."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--more", type=Path, nargs="*", default=[])
    parser.add_argument("--range", action="store_true", help="only the range over the recordings, and the cost")
    parser.add_argument("--judges", action="store_true", help="count octave errors, too, which takes long")
    parser.add_argument("--sentences", action="store_true", help="transcribe, too, for the ends of sentences")
    given, console = parser.parse_args(), Console()
    references = [each for folder in (given.data, *given.more) for each in read_references(folder)]
    noise = {name: sound for name, sound in noises(references).items() if name != "keyboard"}
    noise["white"] = np.random.default_rng(7).normal(0, 0.1, 30 * LISTENING_RATE).astype(np.float32)
    table = Table("recording", "voice s", "SD st", "range st", "levels dB", *(f"x{s}" for s in SCALES), *noise)
    totals = Totals([], {name: [] for name in noise}, [])
    for reference in track(references, console=console):
        clip = read_audio(reference.path)
        melody = melody_of(clip)
        totals.cpu_s, totals.length_s = totals.cpu_s + melody.cpu_s, totals.length_s + clip.duration_s
        if not len(melody.voice.at_s):
            continue
        if given.judges:
            judged_frames, wrong = octave_errors(reference.path, melody)
            totals.frames, totals.off = totals.frames + judged_frames, totals.off + wrong
        if melody.voiced_s < LEAST_S:
            continue
        if given.range:
            totals.kept.append((reference.path, melody))
            continue
        noisy = {}
        with tempfile.TemporaryDirectory() as folder:
            for name, sound in noise.items():
                mixed = with_noise(reference, sound, SNR_DB, Path(folder) / "mixed.wav")
                noisy[name] = melody_of(read_audio(mixed.path)).sd
        table.add_row(*row_of(reference.path, melody, noisy, totals))
    if not given.range:
        console.print(table)
    say_totals(console, totals)
    if given.sentences:
        drops, rises = sentence_ends([path for path, _ in totals.kept], [melody for _, melody in totals.kept])
        console.print(f"{len(drops)} ends of sentences quieter by {percentiles(drops)} dB; {len(rises)} statements")
        console.print(f"rise p10/50/90 {percentiles(rises)} semitones; {sum(r >= 3 for r in rises)} rise by 3 or more")


if __name__ == "__main__":
    main()
