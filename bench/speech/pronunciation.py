"""Hears every question once: the voice says it, Whisper writes it down, and the words that differ are shown.

    python bench/speech/pronunciation.py [--voice VOICE] [--from SHARE] [--pillar NAME] [--minutes 20]

A word that the voice says badly comes back as another one, often in several questions. A question with many such words
is printed whole, to be listened to.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from pathlib import Path
from time import monotonic

import jiwer
import soxr
from faster_whisper import WhisperModel
from rich.progress import track

sys.path.insert(0, str(Path(__file__).parents[2]))

from voicemock.content.questions import QuestionBank
from voicemock.settings import load_settings
from voicemock.speech.engines import load_synthesizer
from voicemock.speech.synthesizer import Synthesizer
from voicemock.weights import resolve_model

WHISPER_RATE = 16_000
PLAIN = jiwer.Compose([jiwer.ToLowerCase(), jiwer.SubstituteRegexes({r"[-/]": " ", r"[^\w\s']": ""})])


def main() -> None:
    """Print the words that are heard otherwise, most often first, and the questions that lose the most."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", default="piper")
    parser.add_argument("--from", dest="shown_from", type=float, default=0.15, help="share of words heard otherwise")
    parser.add_argument("--most", type=int, default=None, help="only so many questions")
    parser.add_argument("--pillar", default=None, help="only questions of this pillar")
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no question after that")
    options = parser.parse_args()
    settings = load_settings(voice=options.voice)
    voice, _ = load_synthesizer(settings)
    if voice is None:
        parser.error(f"there is no voice {options.voice} here")
    ears = WhisperModel(
        str(resolve_model("base", settings.cache_dir)), device="cpu", compute_type="int8", cpu_threads=1
    )
    others: Counter[str] = Counter()
    said, heard = [], []
    questions = [each for each in QuestionBank.load().questions if options.pillar in (None, each.pillar)]
    ends_at = monotonic() + 60 * options.minutes
    for question in track(questions[: options.most], "Listening"):
        if monotonic() > ends_at:
            break
        said.append(PLAIN(question.text))
        heard.append(PLAIN(hear(question.text, voice, ears)))
        changes = changes_of(said[-1], heard[-1])
        others.update(changes)
        if jiwer.wer(said[-1], heard[-1]) >= options.shown_from:
            print(f"{question.id}: {'; '.join(changes)}")
    words = sum(len(text.split()) for text in said)
    print(f"{len(said)} of {len(questions)} questions, {words} words, word error rate {jiwer.wer(said, heard):.3f}")
    for change, times in others.most_common(40):
        print(f"{times:3d}  {change}")


def hear(text: str, voice: Synthesizer, ears: WhisperModel) -> str:
    """Say a text and write down what is heard."""
    clip = voice.synthesize(text)
    samples = soxr.resample(clip.samples, clip.sample_rate, WHISPER_RATE)
    segments, _ = ears.transcribe(samples.astype("float32"), language="en", beam_size=1)
    return " ".join(segment.text for segment in segments)


def changes_of(said: str, heard: str) -> list[str]:
    """Return each stretch of words that is heard otherwise, as "said > heard"."""
    output = jiwer.process_words(said, heard)
    ours, theirs = said.split(), heard.split()
    stretches = (chunk for chunk in output.alignments[0] if chunk.type != "equal")
    return [
        f"{' '.join(ours[c.ref_start_idx : c.ref_end_idx])} > {' '.join(theirs[c.hyp_start_idx : c.hyp_end_idx])}"
        for c in stretches
    ]


if __name__ == "__main__":
    main()
