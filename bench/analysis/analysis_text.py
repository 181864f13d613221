"""Measure the text analysis on labelled texts, beside simple baselines.

    python bench/analysis/analysis_text.py --data FOLDER

What is measured: fillers, repetitions, structure and quantified results. FOLDER holds the labelled ``*_dev.jsonl``
files (or those of another split: ``--split``). Nothing is written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from analysis_talk import (
    Record,
    halves,
    report_fillers,
    report_monologues,
    report_repetitions,
    report_written,
    without_commas,
)
from counts import Counts
from structure import report_all

from voicemock.analysis.analyze import analyze
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.outcomes import outcomes_in
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Framework, transcript_of_text


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled .jsonl files")
    parser.add_argument("--split", default="dev", help="the file names end in _SPLIT.jsonl")
    args = parser.parse_args()

    def records(name: str) -> list[Record]:
        lines = (args.data / f"{name}_{args.split}.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    lexicon = Lexicon.load()
    star = load_yaml(prompts_folder() / "frameworks" / "star.yaml", Framework)
    utterances = records("fillers_switchboard")
    report_fillers("Fillers, telephone talk", utterances, lexicon)
    for number, half in enumerate(halves(utterances), 1):
        report_fillers(f"Fillers, half {number} of the conversations", half, lexicon)
    bare = [without_commas(record) for record in utterances]
    report_fillers("Fillers, all without commas", bare, lexicon)
    report_monologues(records("monologues_timed"), lexicon)
    report_repetitions("Repetitions and false starts", utterances, lexicon)
    for number, half in enumerate(halves(utterances), 1):
        report_repetitions(f"Repetitions and false starts, half {number} of the conversations", half, lexicon)
    report_repetitions("Repetitions and false starts, all without commas", bare, lexicon)
    stories = records("star")
    report_written(stories, lexicon)
    report_all(stories, records("non_star"), records("monologues_timed"), lexicon)
    report_outcomes(records("quantified"), lexicon)
    report_outcomes_in_stories(stories, records("quantified"), star, lexicon)


# --- quantified results --------------------------------------------------------------------------------


def report_outcomes(sentences: Sequence[Record], lexicon: Lexicon) -> None:
    """Print how well sentences with a measured outcome are told from the others."""
    judged = [record for record in sentences if record.get("outcome") is not None]
    ours, numbers, result_numbers = Counts(), Counts(), Counts()
    for record in judged:
        ours.add(gold=record["outcome"], found=bool(outcomes_in(record["text"], lexicon)))
        numbers.add(gold=record["outcome"], found=record["has_number"])
        in_result = record["has_number"] and record["label"] == "result_number"
        result_numbers.add(gold=record["outcome"], found=in_result)
    print("\nQuantified results, by sentence")
    print(f"  measured outcomes            {ours}")
    print(f"  any number                   {numbers}")
    print(f"  any number in a true result  {result_numbers}")
    for label, group in (("resume bullets marked strong", "quantified_result"), ("marked weak", "not_quantified")):
        texts = [record["text"] for record in sentences if record["label"] == group]
        found = sum(bool(outcomes_in(text, lexicon)) for text in texts)
        print(f"  {label}: found in {found} of {len(texts)}")


def report_outcomes_in_stories(
    stories: Sequence[Record], sentences: Sequence[Record], star: Framework, lexicon: Lexicon
) -> None:
    """Print the same inside whole stories, where the part of a sentence counts too."""
    judged = {record["text"]: record["outcome"] for record in sentences if record.get("outcome") is not None}
    counts = Counts()
    for story in stories:
        texts = [sentence["text"] for sentence in story["sentences"]]
        text = "\n\n".join(texts)
        analysis = analyze(transcript_of_text(text), framework=star, target=(180, 240), lexicon=lexicon).analysis
        found = [(result.start_char, result.end_char) for result in analysis.quantified_results]
        position = 0
        for sentence in texts:
            end = position + len(sentence)
            if sentence in judged:
                inside = any(position <= start < end for start, _ in found)
                counts.add(gold=judged[sentence], found=inside)
            position = end + 2
    print(f"  inside their stories         {counts}")


if __name__ == "__main__":
    main()
