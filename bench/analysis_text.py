"""Measure the text analysis on labelled texts: fillers, structure and quantified results, beside simple baselines.

    python bench/analysis_text.py --data FOLDER

FOLDER holds the labelled ``*_dev.jsonl`` files (or those of another split: ``--split``). Nothing is written.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicemock.analysis import Lexicon, analyze, transcript_of_text, transcript_of_words
from voicemock.analysis.fillers import find_fillers
from voicemock.analysis.quantities import outcomes_in
from voicemock.analysis.sentences import SentenceSpan, split_sentences
from voicemock.analysis.spoken_text import SpokenText
from voicemock.analysis.structure import label_sentences, spoken_words
from voicemock.content import load_yaml, prompts_folder
from voicemock.models import Framework, Transcript, Word

Record = dict[str, Any]
NEITHER = {"oh", "huh", "okay", "ok"}
"""Candidates of the corpus that are by definition neither a filled pause nor a discourse marker."""
EASY = {"you know", "well", "i mean"}
FILLED_PAUSES = {"uh", "um"}
STAR = "STAR"


@dataclass
class Counts:
    """True positives, false positives and false negatives."""

    hits: int = 0
    false: int = 0
    missed: int = 0

    def add(self, *, gold: bool, found: bool) -> None:
        """Count one decision."""
        self.hits += gold and found
        self.false += found and not gold
        self.missed += gold and not found

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.hits + other.hits, self.false + other.false, self.missed + other.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 when nothing was right."""
        return 2 * self.hits / (2 * self.hits + self.false + self.missed) if self.hits else 0.0

    def __str__(self) -> str:
        precision = self.hits / max(1, self.hits + self.false)
        recall = self.hits / max(1, self.hits + self.missed)
        counts = f"({self.hits} right, {self.false} false, {self.missed} missed)"
        return f"P {precision:.3f}  R {recall:.3f}  F1 {self.f1:.3f}   {counts}"


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
    report_structure(stories, star, lexicon)
    report_running_text(stories, star, lexicon)
    report_non_stories(records("non_star"), star, lexicon)
    report_outcomes(records("quantified"), lexicon)
    report_outcomes_in_stories(stories, records("quantified"), star, lexicon)
    report_speed(stories, star, lexicon)


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
        text = re.sub(r"[^\w\s'%$-]", "", text).lower() if bare else text
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
