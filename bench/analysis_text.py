"""Measure the text analysis on labelled texts, beside simple baselines.

    python bench/analysis_text.py --data FOLDER

What is measured: fillers, repetitions, structure and quantified results. FOLDER holds the labelled ``*_dev.jsonl``
files (or those of another split: ``--split``). Nothing is written.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from analysis_talk import (
    Counts,
    Record,
    halves,
    report_fillers,
    report_monologues,
    report_repetitions,
    report_written,
    without_commas,
    without_punctuation,
)

from voicemock.analysis import Lexicon, analyze, transcript_of_text
from voicemock.analysis.fillers import find_fillers
from voicemock.analysis.quantities import outcomes_in
from voicemock.analysis.sentences import SentenceSpan
from voicemock.analysis.spoken_text import SpokenText
from voicemock.analysis.structure import label_sentences, spoken_words
from voicemock.content import load_yaml, prompts_folder
from voicemock.models import Framework

STAR = "STAR"


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
    report_structure(stories, star, lexicon)
    report_running_text(stories, star, lexicon)
    report_non_stories(records("non_star"), star, lexicon)
    report_outcomes(records("quantified"), lexicon)
    report_outcomes_in_stories(stories, records("quantified"), star, lexicon)
    report_speed(stories, star, lexicon)


# --- structure -----------------------------------------------------------------------------------------

Labeler = Callable[[list[str]], list[int | None]]


def by_position(sentences: list[str]) -> list[int | None]:
    """Label by the place in the story alone: the baseline that understands nothing."""
    places = [index / len(sentences) for index in range(len(sentences))]
    return [0 if place < 0.2 else 1 if place < 0.3 else 2 if place < 0.78 else 3 for place in places]


def report_structure(stories: Sequence[Record], star: Framework, lexicon: Lexicon) -> None:
    """Print sentence labels, missing parts and false alarms on whole, cut and reordered stories."""

    def by_cues(sentences: list[str]) -> list[int | None]:
        words = []
        for sentence in sentences:
            spoken = SpokenText.of(transcript_of_text(sentence))
            whole = (SentenceSpan(0, len(spoken.words) - 1),)
            words.append(spoken_words(spoken, whole, find_fillers(spoken, whole, lexicon))[0])
        return label_sentences(words, star, lexicon)

    for title, labeler in (("cues", by_cues), ("position alone", by_position)):
        print(f"\nStructure by {title}")
        report_labels("whole stories", stories, labeler)
        for source in sorted({story["source_repo"] for story in stories}):
            report_labels(f"  {source}", [s for s in stories if s["source_repo"] == source], labeler)
        report_labels("result told first", [_result_first(story) for story in stories], labeler)
        report_missing(stories, labeler)


def report_labels(title: str, stories: Sequence[Record], labeler: Labeler) -> None:
    """Print F1 by part and how often a story that has its parts is told one is missing."""
    counts = [Counts() for _ in STAR]
    alarms = 0
    for story in stories:
        gold = [STAR.index(sentence["label"]) for sentence in story["sentences"]]
        found = labeler([sentence["text"] for sentence in story["sentences"]])
        for part, count in enumerate(counts):
            for is_gold, is_found in zip(gold, found, strict=True):
                count.add(gold=is_gold == part, found=is_found == part)
        alarms += not set(gold) <= set(found)
    parts = "  ".join(f"{name} {count.f1:.3f}" for name, count in zip(STAR, counts, strict=True))
    macro = sum(count.f1 for count in counts) / len(counts)
    print(f"  {title:<46} {parts}  macro {macro:.3f}  wrongly missing {alarms / len(stories):.1%} of {len(stories)}")


def report_missing(stories: Sequence[Record], labeler: Labeler) -> None:
    """Print, for each part, how well its absence is noticed: one story with it, the same without it."""
    for part, letter in enumerate(STAR):
        counts = Counts()
        for story in stories:
            whole = [sentence["text"] for sentence in story["sentences"]]
            cut = [sentence["text"] for sentence in story["sentences"] if sentence["label"] != letter]
            if not cut or len(cut) == len(whole):
                continue
            counts.add(gold=True, found=part not in labeler(cut))
            counts.add(gold=False, found=part not in labeler(whole))
        print(f"  missing {letter}: {counts}")


def report_running_text(stories: Sequence[Record], star: Framework, lexicon: Lexicon) -> None:
    """Print missing parts when the sentences must be found, too: as written, and without any punctuation."""

    def missing(sentences: Iterable[Record], *, bare: bool) -> tuple[str, ...]:
        text = " ".join(s["text"] if s["text"][-1:] in ".!?" else f"{s['text']}." for s in sentences)
        text = without_punctuation(text) if bare else text
        analysis = analyze(transcript_of_text(text), framework=star, target=(180, 240), lexicon=lexicon)
        return analysis.structure.missing if analysis.structure else ()

    for title, bare in (("running text", False), ("the same without punctuation", True)):
        alarms = sum(bool(missing(story["sentences"], bare=bare)) for story in stories)
        print(f"\nStructure in {title}: wrongly missing {alarms / len(stories):.1%} of {len(stories)}")
        for part, letter in zip(star.parts, STAR, strict=True):
            counts = Counts()
            for story in stories:
                cut = [sentence for sentence in story["sentences"] if sentence["label"] != letter]
                counts.add(gold=True, found=part.name in missing(cut, bare=bare))
                counts.add(gold=False, found=part.name in missing(story["sentences"], bare=bare))
            print(f"  missing {letter}: {counts}")


def report_non_stories(texts: Sequence[Record], star: Framework, lexicon: Lexicon) -> None:
    """Print how often a text that is no story is called complete."""
    present: Counter[str] = Counter()
    complete = 0
    for record in texts:
        analysis = analyze(transcript_of_text(record["text"]), framework=star, target=(180, 240), lexicon=lexicon)
        if analysis.structure is not None:
            present.update(part.name for part in analysis.structure.parts if part.present)
            complete += not analysis.structure.missing
    shares = ", ".join(f"{name} {count / len(texts):.0%}" for name, count in present.most_common())
    print(f"\nTexts that are no story: called complete {complete / len(texts):.1%} of {len(texts)} (present: {shares})")


def _result_first(story: Record) -> Record:
    result = [sentence for sentence in story["sentences"] if sentence["label"] == "R"]
    return story | {"sentences": result + [s for s in story["sentences"] if s["label"] != "R"]}


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


# --- speed ---------------------------------------------------------------------------------------------


def report_speed(stories: Sequence[Record], star: Framework, lexicon: Lexicon) -> None:
    """Print the time for a text of about 600 words, warm."""
    words = re.findall(r"\S+", " ".join(s["text"] for story in stories for s in story["sentences"]))[:600]
    transcript = transcript_of_text(" ".join(words))
    analyze(transcript, framework=star, target=(180, 240), lexicon=lexicon)
    started = time.perf_counter()
    rounds = 10
    for _ in range(rounds):
        analyze(transcript, framework=star, target=(180, 240), lexicon=lexicon)
    print(f"\nSpeed: {(time.perf_counter() - started) / rounds:.3f} s for {len(words)} words, warm")


if __name__ == "__main__":
    main()
