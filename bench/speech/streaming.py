"""Compares live transcription with transcription afterward: are the words and the filled pauses the same?

    python bench/speech/streaming.py --data FOLDER [--model base]

FOLDER holds ``references.json`` and the recordings it names. Each recording, and all joined into one, is the
microphone of an interview (`practice` on a file: guesses at the tail, chunks while the candidate talks), and then a
file to analyze.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from endpointing import Hearing
from recordings import Reference, joined, read_references
from rich.console import Console
from rich.table import Table

from speech import Heard, score, split
from voicemock.models import Transcript
from voicemock.settings import load_settings
from voicemock.speech.audio_files import read_audio
from voicemock.speech.clip import LISTENING_RATE
from voicemock.speech.engines import transcriber_loader
from voicemock.speech.transcription import TranscriptionWorker
from voicemock.store.store import Store


class Comparison:
    """Transcribes a recording in both ways, and keeps the texts."""

    def __init__(self, listener: Hearing, worker: TranscriptionWorker) -> None:
        self._listener, self._worker = listener, worker
        self.texts: dict[Path, tuple[str, str]] = {}

    def while_spoken(self, path: Path) -> Heard:
        """Hear it as the microphone of an interview, up to the end of the answer."""
        transcript = self._listener.answer(read_audio(path, LISTENING_RATE).samples).transcript
        self.texts[path] = (transcript.text, "")
        return _split(transcript)

    def afterwards(self, path: Path) -> Heard:
        """Hear it as a file."""
        transcript = self._listener.analyzer.analyze_audio(path, self._worker)[0].transcript
        self.texts[path] = (self.texts[path][0], transcript.text)
        return _split(transcript)


def _split(transcript: Transcript) -> Heard:
    return split((word.text, word.start_s or 0.0, word.end_s or 0.0) for word in transcript.words)


def rows(table: Table, comparison: Comparison, sets: Mapping[str, Sequence[Reference]]) -> None:
    """Fill the table: two lines for each set of recordings."""
    for name, references in sets.items():
        for way, hear in (("while spoken", comparison.while_spoken), ("afterwards", comparison.afterwards)):
            result = score(hear, references, None)
            table.add_row(name, way, *result.row()[:3])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", default="base")
    options = parser.parse_args()
    console = Console(width=110)
    table = Table("recordings", "written down", "hit / false / missed", "F1", "word errors")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        settings = load_settings(data_dir=folder / "data", model=options.model, patience=10.0)  # to the end of a file
        references = read_references(options.data)
        sets = {"clips": references, "joined": [joined(references, folder / "joined.wav")]}
        with TranscriptionWorker(transcriber_loader(settings)) as worker, Store(settings.data_dir) as store:
            comparison = Comparison(Hearing(settings, worker, store, folder), worker)
            rows(table, comparison, sets)
    console.print(table)
    different = [path.name for path, (live, file) in comparison.texts.items() if live != file]
    console.print(f"recordings with different words: {len(different)} of {len(comparison.texts)} {different}")


if __name__ == "__main__":
    main()
