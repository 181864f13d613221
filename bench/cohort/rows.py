"""Writes the results of a cohort that never was, for what reads them.

Run: python bench/cohort/rows.py FOLDER [--rows 10000] [--per-file 1000]

Forty stories of our own training corpus are measured as if spoken evenly, each for a question of the bank. A row is one
of them with a candidate, a date, and a pace of its own. Three in a hundred rows are errors. The same arguments give the
same rows.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import pyarrow.parquet as pq

from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.coaching.assess import Analyzer
from voicemock.cohort.recordings import Recording
from voicemock.cohort.rows import ANSWERS, ERRORS, answer_row, answer_schema, error_row, error_schema, table_of
from voicemock.content.questions import QuestionBank
from voicemock.models import Assessment, Failure, Question, SpeechSpan, Transcript, Word
from voicemock.settings import load_settings

KINDS = 40
WORDS = 250
TAKES = 4
"""Takes that a candidate makes of a question, on average."""
SCALED = ("duration_s", "recording_s", "words_per_minute", "fillers_per_minute")
"""Measures that differ from row to row."""


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--per-file", type=int, default=1000)
    wanted = parser.parse_args()
    schemas = {ANSWERS: answer_schema(), ERRORS: error_schema()}
    dice = random.Random(7)  # noqa: S311 - the same rows every time
    kinds = list(measured(dice))
    for name in schemas:
        (wanted.folder / name).mkdir(parents=True, exist_ok=True)
    for number, first in enumerate(range(0, wanted.rows, wanted.per_file), start=1):
        tables: dict[str, list[dict[str, Any]]] = {ANSWERS: [], ERRORS: []}
        for index in range(first, min(first + wanted.per_file, wanted.rows)):
            table, row = row_of(index, wanted.rows, kinds, dice)
            tables[table].append(row)
        for name, rows in tables.items():
            if rows:
                pq.write_table(table_of(rows, schemas[name]), wanted.folder / name / f"{number:06}.parquet")


def row_of(
    index: int, rows: int, kinds: list[tuple[Question, Assessment]], dice: random.Random
) -> tuple[str, dict[str, Any]]:
    """Return the table and the row of one input."""
    candidate = dice.randrange(max(1, rows // (TAKES * 3)))
    question, assessment = kinds[(candidate * 3 + dice.randrange(3)) % KINDS]
    date = dt.date(2026, 6, 1) + dt.timedelta(days=dice.randrange(150))
    recording = Recording(f"recordings/{index:06}.flac", f"candidate-{candidate:05}", question.id, date)
    content_hash = hashlib.sha256(str(index).encode()).hexdigest()
    answer_id = hashlib.sha256(f"{content_hash}{question.id}".encode()).hexdigest()
    if dice.random() < 0.03:
        failure = Failure(kind="audio_file", message=f"{recording.source} holds no sound that can be read.")
        return ERRORS, error_row(recording, content_hash, answer_id, ANALYSIS_VERSION, failure)
    row = answer_row(recording, content_hash, answer_id, assessment, question.competency)
    factor = dice.uniform(0.6, 1.6)
    return ANSWERS, row | {name: row[name] and row[name] * factor for name in SCALED}


def measured(dice: random.Random) -> Iterator[tuple[Question, Assessment]]:
    """Yield stories with the questions that they stand for."""
    bank = QuestionBank.load()
    analyzer = Analyzer(load_settings(), bank)
    lines = [line for path in sorted((ROOT / "training" / "star").glob("*.txt")) for line in _lines(path)]
    for question in dice.sample(bank.questions, KINDS):
        first = dice.randrange(len(lines) - 100)
        words = " ".join(lines[first : first + 60]).split()[: dice.randrange(WORDS // 3, WORDS)]
        spoken = tuple(
            Word(text=word, start_s=index * 0.36, end_s=(index + 1) * 0.36, probability=0.9)
            for index, word in enumerate(words)
        )
        ends_s = len(words) * 0.36
        yield (
            question,
            analyzer.assess(
                Transcript(text=" ".join(words), words=spoken),
                source="bench",
                question=question,
                speech=(SpeechSpan(0, ends_s),),
                recording_s=ends_s,
            ),
        )


def _lines(path: Path) -> list[str]:
    return [line[2:].strip() for line in path.read_text(encoding="utf-8").splitlines() if line[1:2] == " "]


if __name__ == "__main__":
    main()
