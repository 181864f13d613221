"""Measure the text analysis on labelled texts: fillers, structure and quantified results, beside simple baselines.

    python bench/analysis_text.py --data FOLDER

FOLDER holds the labelled ``*_dev.jsonl`` files (or those of another split: ``--split``). Nothing is written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from counts import Counts
from structure import report_all

from voicemock.analysis import Lexicon, analyze, transcript_of_text, transcript_of_words
from voicemock.analysis.fillers import find_fillers
from voicemock.analysis.quantities import outcome_spans
from voicemock.analysis.sentences import split_sentences
from voicemock.analysis.spoken_text import SpokenText
from voicemock.content import load_yaml, prompts_folder
from voicemock.models import Framework, Transcript, Word

Record = dict[str, Any]
NEITHER = {"oh", "huh", "okay", "ok"}
"""Candidates of the corpus that are by definition neither a filled pause nor a discourse marker."""
EASY = {"you know", "well", "i mean"}
FILLED_PAUSES = {"uh", "um"}


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
    report_fillers("Fillers, the same without commas", [_without_commas(record) for record in utterances], lexicon)
    report_monologues(records("monologues_timed"), lexicon)
    stories = records("star")
    report_all(stories, records("non_star"), records("monologues_timed"), lexicon)
    report_outcomes(records("quantified"), lexicon)
    report_outcomes_in_stories(stories, records("quantified"), star, lexicon)


# --- fillers -------------------------------------------------------------------------------------------


def report_fillers(title: str, utterances: Sequence[Record], lexicon: Lexicon) -> None:
    """Print the score of every ambiguous word, and of always counting it."""
    ours: dict[str, Counts] = defaultdict(Counts)
    always: dict[str, Counts] = defaultdict(Counts)
    for utterance in utterances:
        found = {(f.start_char, f.end_char) for f in fillers_of(transcript_of_text(utterance["text"]), lexicon)}
        for start, end, word, label in utterance["candidates"]:
            gold = label in {"F", "D", "E"}
            ours[word].add(gold=gold, found=(start, end) in found)
            always[word].add(gold=gold, found=True)
    print(f"\n{title}")
    for word in sorted(ours, key=lambda word: -(ours[word].hits + ours[word].missed)):
        print(f"  {word:<10} {ours[word]}   always: F1 {always[word].f1:.3f}")
    defined = ours.keys() - NEITHER
    for name, words in (
        ("all", ours.keys()),
        ("all but oh, huh, okay", defined),
        ("hard words", defined - EASY - FILLED_PAUSES),
    ):
        print(f"  = {name:<22} {_total(ours, words)}   always: F1 {_total(always, words).f1:.3f}")


def report_monologues(monologues: Sequence[Record], lexicon: Lexicon) -> None:
    """Print the score over timed words without reliable punctuation, by kind."""
    kinds: dict[str, Counts] = defaultdict(Counts)
    for monologue in monologues:
        rows = monologue["words"]
        transcript = transcript_of_words(Word(text=text, start_s=start, end_s=end) for start, end, text, _ in rows)
        if len(transcript.words) != len(rows):
            continue
        found: dict[int, str] = {}
        spoken = SpokenText.of(transcript)
        for filler in fillers_of(transcript, lexicon):
            for index in range(spoken.word_at(filler.start_char), spoken.word_at(filler.end_char - 1) + 1):
                found[index] = filler.kind
        for index, row in enumerate(rows):
            kinds["filled pauses, words"].add(gold=row[3] == "F", found=found.get(index) == "filled_pause")
            is_marker = found.get(index) == "discourse_marker"
            kinds["discourse markers, words"].add(gold=row[3] in {"D", "E"}, found=is_marker)
    print("\nFillers, meeting monologues (words without punctuation)")
    for kind, counts in kinds.items():
        print(f"  {kind:<25} {counts}")


def fillers_of(transcript: Transcript, lexicon: Lexicon) -> Iterable[Any]:
    """Return the fillers of a transcript."""
    spoken = SpokenText.of(transcript)
    return find_fillers(spoken, split_sentences(spoken), lexicon)


def _without_commas(utterance: Record) -> Record:
    return utterance | {"text": utterance["text"].replace(",", " ")}


def _total(counts: dict[str, Counts], words: Iterable[str]) -> Counts:
    return sum((counts[word] for word in words), Counts())


# --- quantified results --------------------------------------------------------------------------------


def report_outcomes(sentences: Sequence[Record], lexicon: Lexicon) -> None:
    """Print how well sentences with a measured outcome are told from the others."""
    judged = [record for record in sentences if record.get("outcome") is not None]
    ours, numbers, result_numbers = Counts(), Counts(), Counts()
    for record in judged:
        ours.add(gold=record["outcome"], found=bool(outcome_spans(record["text"], lexicon)))
        numbers.add(gold=record["outcome"], found=record["has_number"])
        in_result = record["has_number"] and record["label"] == "result_number"
        result_numbers.add(gold=record["outcome"], found=in_result)
    print("\nQuantified results, by sentence")
    print(f"  measured outcomes            {ours}")
    print(f"  any number                   {numbers}")
    print(f"  any number in a true result  {result_numbers}")
    for label, group in (("resume bullets marked strong", "quantified_result"), ("marked weak", "not_quantified")):
        texts = [record["text"] for record in sentences if record["label"] == group]
        found = sum(bool(outcome_spans(text, lexicon)) for text in texts)
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
        analysis = analyze(transcript_of_text(text), framework=star, target=(180, 240), lexicon=lexicon)
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
