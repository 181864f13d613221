"""Measure how well the parts of an answer are told: by the evidence that the reader finds, and by position alone.

    python bench/analysis/structure.py --data FOLDER

FOLDER holds the labelled ``*_dev.jsonl`` files (or those of another split: ``--split``). The answers to triage and
design questions lie in ``bench/data`` and are ours. Nothing is written.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from counts import Counts

from training.stories import NONE, Story, read_stories
from voicemock.analysis.analyze import analyze
from voicemock.analysis.lexicon import Lexicon
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Framework, Structure, Transcript, Word, transcript_of_text, transcript_of_words

STAR = "STAR"
LETTERS = {"star": STAR, "triage": "AMNC", "design": "RDSFM"}
TARGET = (180.0, 240.0)

Record = dict[str, Any]
Sentences = Sequence[tuple[str, str]]
Labeler = Callable[[Sequence[str]], list[str]]
"""From the sentences of an answer to the letters of their parts."""


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled .jsonl files")
    parser.add_argument("--split", default="dev", help="the file names end in _SPLIT.jsonl")
    args = parser.parse_args()

    def records(name: str) -> list[Record]:
        lines = (args.data / f"{name}_{args.split}.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    report_all(records("star"), records("non_star"), records("monologues_timed"), Lexicon.load())


def report_all(stories: list[Record], texts: list[Record], monologues: list[Record], lexicon: Lexicon) -> None:
    """Print what there is to say about the parts of an answer."""
    told = [Story(record["source_repo"], record["id"], _pairs(record)) for record in stories]
    bench = Bench(load("star"), lexicon)
    print("\nSTAR by the reader")
    report_stories(told, bench.letters_of)
    bench.report_running_text(told)
    bench.report_non_stories(texts, monologues)
    bench.report_speed(told)
    print("\nSTAR by position alone")
    report_stories(told, by_position)
    for framework in ("triage", "design"):
        answers = read_stories(Path(__file__).parents[1] / "data" / framework, LETTERS[framework])
        print(f"\n{framework} by the reader, {len(answers)} answers of our own")
        report_answers(answers, Bench(load(framework), lexicon), LETTERS[framework])


def load(framework: str) -> Framework:
    """Return a framework as the product has it."""
    return load_yaml(prompts_folder() / "frameworks" / f"{framework}.yaml", Framework)


def _pairs(record: Record) -> tuple[tuple[str, str], ...]:
    return tuple((sentence["label"], sentence["text"]) for sentence in record["sentences"])


# --- other ways to tell the same story -----------------------------------------------------------------


def result_first(sentences: Sentences) -> Sentences:
    """Return the story with its result before everything else."""
    return [*(pair for pair in sentences if pair[0] == "R"), *(pair for pair in sentences if pair[0] != "R")]


def interleaved(sentences: Sentences) -> Sentences:
    """Return the story as people go back and forth: a sentence of background and one of the result amid the actions."""
    told = list(sentences)
    for letter in "SR":
        places = [index for index, pair in enumerate(told) if pair[0] == letter]
        actions = [index for index, pair in enumerate(told) if pair[0] == "A"]
        if len(places) > 1 and len(actions) > 1:
            moved = told.pop(places[-1] if letter == "S" else places[0])
            middle = [index for index, pair in enumerate(told) if pair[0] == "A"]
            told.insert(middle[len(middle) // 2], moved)
    return told


def shuffled(sentences: Sentences) -> Sentences:
    """Return the story's parts in an order drawn from its words."""
    letters = sorted({letter for letter, _ in sentences})
    random.Random(sentences[0][1]).shuffle(letters)  # noqa: S311
    return [pair for letter in letters for pair in sentences if pair[0] == letter]


def by_position(sentences: Sequence[str]) -> list[str]:
    """Label by the place in the story alone: the baseline that understands nothing."""
    places = [index / len(sentences) for index in range(len(sentences))]
    return ["S" if place < 0.2 else "T" if place < 0.3 else "A" if place < 0.78 else "R" for place in places]


# --- tables ----------------------------------------------------------------------------------------------


def report_stories(stories: Sequence[Story], labeler: Labeler) -> None:
    """Print sentence labels, false alarms and missing parts on whole, cut, reordered and interleaved stories."""
    report_labels("whole stories", stories, labeler)
    for source in sorted({story.style for story in stories}):
        report_labels(f"  {source}", [story for story in stories if story.style == source], labeler)
    for title, told in (("result first", result_first), ("interleaved", interleaved), ("parts shuffled", shuffled)):
        report_labels(title, [Story(s.style, s.title, tuple(told(s.sentences))) for s in stories], labeler)
    report_missing(stories, labeler, STAR)


def report_labels(title: str, stories: Sequence[Story], labeler: Labeler, letters: str = STAR) -> None:
    """Print F1 by part and how often a story that has its parts is told one is missing."""
    counts = {letter: Counts() for letter in letters}
    alarms = 0
    for story in stories:
        gold = [letter for letter, _ in story.sentences]
        found = labeler([text for _, text in story.sentences])
        for letter, count in counts.items():
            for is_gold, is_found in zip(gold, found, strict=True):
                count.add(gold=is_gold == letter, found=is_found == letter)
        alarms += not set(gold) - {NONE} <= set(found)
    parts = "  ".join(f"{letter} {count.f1:.3f}" for letter, count in counts.items())
    macro = sum(count.f1 for count in counts.values()) / len(counts)
    print(f"  {title:<46} {parts}  macro {macro:.3f}  wrongly missing {alarms / len(stories):.1%} of {len(stories)}")


def report_missing(stories: Sequence[Story], labeler: Labeler, letters: str) -> None:
    """Print, for each part, how well its absence is noticed: one story with it, the same without it."""
    for letter in letters:
        counts = Counts()
        for story in stories:
            whole = [text for _, text in story.sentences]
            cut = [text for part, text in story.sentences if part != letter]
            if cut and len(cut) < len(whole):
                counts.add(gold=True, found=letter not in labeler(cut))
                counts.add(gold=False, found=letter not in labeler(whole))
        print(f"  missing {letter}: {counts}")


def report_answers(answers: Sequence[Story], bench: Bench, letters: str) -> None:
    """Print the same for answers to triage or design questions, which may lack parts by themselves."""
    report_labels("sentences", answers, bench.letters_of, letters)
    for letter in letters:
        counts = Counts()
        for story in answers:
            gold = letter not in {part for part, _ in story.sentences}
            counts.add(gold=gold, found=letter not in bench.letters_of([text for _, text in story.sentences]))
        print(f"  lacking {letter}: {counts}")


class Bench:
    """The parts of one framework."""

    def __init__(self, framework: Framework, lexicon: Lexicon) -> None:
        self._framework, self._lexicon = framework, lexicon
        self._letters = dict(zip((part.name for part in framework.parts), LETTERS[framework.name], strict=True))

    def letters_of(self, sentences: Sequence[str]) -> list[str]:
        """Return the letter of each sentence when they are given; of one that is split, that of its first piece."""
        structure = self._analyzed(transcript_of_text("\n\n".join(sentences)))
        parts = {sentence.start_char: sentence.part for sentence in structure.sentences} if structure else {}
        letters, position = [], 0
        for sentence in sentences:
            inside = (part for start, part in parts.items() if position <= start < position + len(sentence))
            letters.append(self._letters.get(next(inside, None) or "", NONE))
            position += len(sentence) + 2
        return letters

    def report_running_text(self, stories: Sequence[Story]) -> None:
        """Print missing parts when the sentences must be found, too: as written, and without any punctuation."""
        for title, bare in (("running text", False), ("without punctuation", True)):
            for order, told in (("", list), (", result first", result_first)):
                alarms = sum(bool(self._missing(told(story.sentences), bare=bare)) for story in stories)
                print(f"  {title + order}: wrongly missing {alarms / len(stories):.1%} of {len(stories)}")
            for letter in self._letters.values():
                counts = Counts()
                for story in stories:
                    cut = [pair for pair in story.sentences if pair[0] != letter]
                    counts.add(gold=True, found=letter in self._missing(cut, bare=bare))
                    counts.add(gold=False, found=letter in self._missing(story.sentences, bare=bare))
                print(f"    missing {letter}: {counts}")

    def _missing(self, sentences: Sentences, *, bare: bool) -> set[str]:
        texts = [text if text[-1:] in ".!?" else f"{text}." for _, text in sentences]
        text = " ".join(texts)
        structure = self._analyzed(transcript_of_text(without_punctuation(text) if bare else text))
        return {self._letters[name] for name in (structure.missing if structure else self._letters)}

    def report_non_stories(self, texts: Sequence[Record], monologues: Sequence[Record]) -> None:
        """Print how often talk that is no story is called complete."""
        talks = {"texts that are no story": [transcript_of_text(record["text"]) for record in texts]}
        talks["monologues with word times"] = [timed(record) for record in monologues]
        for title, transcripts in talks.items():
            present: Counter[str] = Counter()
            complete = 0
            for structure in filter(None, map(self._analyzed, transcripts)):
                present.update(part.name for part in structure.parts if part.present)
                complete += not structure.missing
            shares = ", ".join(f"{name} {count / len(transcripts):.0%}" for name, count in present.most_common())
            share = f"{complete / len(transcripts):.1%} of {len(transcripts)}"
            print(f"  {title} called complete: {share} (present: {shares or 'nothing'})")

    def report_speed(self, stories: Sequence[Story]) -> None:
        """Print the time to analyze about 600 words, four minutes of talk, warm."""
        words = re.findall(r"\S+", " ".join(text for story in stories for _, text in story.sentences))[:600]
        transcript = transcript_of_text(" ".join(words))
        times = []
        for _ in range(12):
            started = time.perf_counter()
            self._analyzed(transcript)
            times.append(time.perf_counter() - started)
        times = sorted(times[2:])
        print(f"  {len(words)} words, warm: median {times[5]:.3f} s, slowest of ten {times[-1]:.3f} s")

    def _analyzed(self, transcript: Transcript) -> Structure | None:
        return analyze(transcript, framework=self._framework, target=TARGET, lexicon=self._lexicon).analysis.structure


def without_punctuation(text: str) -> str:
    """Return a text as a transcriber writes it that has lost the punctuation."""
    return re.sub(r"[^\w\s'%$-]", "", text).lower()


def timed(record: Record) -> Transcript:
    """Return a monologue as it was spoken."""
    return transcript_of_words(Word(text=text, start_s=start, end_s=end) for start, end, text, _ in record["words"])


if __name__ == "__main__":
    main()
