"""Measure follow-ups: does the first ask for what was left out, how many are there, and which are triggered wrongly?

    python bench/coaching/follow_ups.py --data FOLDER [--show N]

FOLDER holds the labelled ``*_dev.jsonl`` files (or those of another split: ``--split``). Nothing is written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2])]

from voicemock.coaching.assess import Analyzer
from voicemock.coaching.follow_ups import ID_PREFIX, FollowUps
from voicemock.content.questions import QuestionBank
from voicemock.models import Assessment, Question, transcript_of_text
from voicemock.settings import load_settings

Record = dict[str, Any]

PARTS = {"S": "situation", "T": "task", "A": "action", "R": "result"}
STYLES = ("warm", "neutral", "pressing")
CLAIMS = frozenset({"technical", "trade_off", "leadership"})
MOST = 3


class Bench:
    """Analyzes stories and asks about them."""

    def __init__(self) -> None:
        self.analyzer = Analyzer(load_settings(), QuestionBank.load())
        self.follow_ups = FollowUps.load()
        self.kinds = {ID_PREFIX + each.name: file.kind for file in self.follow_ups.files for each in file.probes}
        self.gaps = {ID_PREFIX + each.name: each.gap for file in self.follow_ups.files for each in file.probes}

        self._assessed: dict[str, Assessment] = {}

    def assess(self, text: str) -> Assessment:
        """Return a text as an analyzed story; each is analyzed once."""
        if text not in self._assessed:
            self._assessed[text] = self.analyzer.assess(transcript_of_text(text), source="", framework="star")
        return self._assessed[text]

    def probes(self, assessment: Assessment, style: str, count: int = MOST) -> list[Question]:
        """Return the follow-ups to an answer whose replies say nothing new."""
        asked: list[Question] = []
        said = [assessment]
        while len(asked) < count:
            probe = self.follow_ups.next_probe(said, None, asked=[each.id for each in asked], style=style)
            if probe is None:
                break
            asked.append(probe)
            said.append(assessment.model_copy(update={"question": probe.summary()}))
        return asked


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled .jsonl files")
    parser.add_argument("--split", default="dev", help="the file names end in _SPLIT.jsonl")
    parser.add_argument("--show", type=int, default=0, help="print this many stories with their follow-ups")
    parser.add_argument("--style", default="neutral", choices=STYLES, help="of those that are printed")
    args = parser.parse_args()

    def records(name: str) -> list[Record]:
        lines = (args.data / f"{name}_{args.split}.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    bench, stories = Bench(), records("star")
    report_removed(bench, stories)
    for style in STYLES:
        report_whole(bench, stories, style)
    report_talk(bench, records("non_star"))
    show(bench, stories[: args.show], args.style)


def report_removed(bench: Bench, stories: Sequence[Record]) -> None:
    """Print how often the first follow-up asks for the part that was taken out."""
    print("\nFirst follow-up (neutral) when a part was taken out")
    print(f"{'part':10} {'stories':>8} {'asks for it':>12} {'when told':>10} {'missed by the analysis':>24}")
    for letter, part in PARTS.items():
        have = [story for story in stories if any(each["label"] == letter for each in story["sentences"])]
        wanted = {part} | ({"number"} if part == "result" else set())
        cut = [_first_gap(bench, text_of(story, without=letter)) for story in have]
        whole = [_first_gap(bench, text_of(story)) for story in have]
        seen = [part in _missing(bench, text_of(story, without=letter)) for story in have]
        print(
            f"{part:10} {len(have):8} {_share(gap in wanted for gap in cut)} {_share(gap in wanted for gap in whole)}"
            f"{_share(not each for each in seen)}"
        )


def report_whole(bench: Bench, stories: Sequence[Record], style: str) -> None:
    """Print what whole stories are asked."""
    asked = [bench.probes(bench.assess(text_of(story)), style) for story in stories]
    three = sum(len({probe.id for probe in each}) == MOST for each in asked)
    varied = sum(len({bench.kinds[probe.id] for probe in each}) == MOST for each in asked if len(each) == MOST)
    with_claim = sum(any(bench.kinds[probe.id] in CLAIMS for probe in each) for each in asked)
    print(f"\n{style}: {len(stories)} whole stories; {three} get {MOST} follow-ups, {varied} of {MOST} kinds, ", end="")
    print(f"{with_claim} at least one about a claim of theirs")
    for place in range(MOST):
        kinds = Counter(bench.kinds[each[place].id] for each in asked if len(each) > place)
        print(f"  {place + 1}. {', '.join(f'{kind} {count}' for kind, count in kinds.most_common())}")
    names = Counter(probe.id for each in asked for probe in each)
    print(f"  {len(names)} different probes; most often {', '.join(f'{n} {c}' for n, c in names.most_common(8))}")


def report_talk(bench: Bench, texts: Sequence[Record]) -> None:
    """Print what talk that is no story is asked: technical claims in it are mostly wrong triggers."""
    kinds: Counter[str] = Counter()
    triggered: list[str] = []
    for record in texts:
        probes = bench.probes(bench.assess(record["text"]), "neutral")
        kinds.update([bench.kinds[probe.id] for probe in probes] or ["nothing"])
        triggered += [f"{probe.id}: {probe.text}" for probe in probes if bench.kinds[probe.id] in CLAIMS]
    print(f"\nTalk that is no story: {len(texts)} texts; {', '.join(f'{k} {c}' for k, c in kinds.most_common())}")
    for line in triggered:
        print(f"  {line}")


def show(bench: Bench, stories: Iterable[Record], style: str) -> None:
    """Print stories with their follow-ups."""
    for story in stories:
        print(f"\n=== {story['id']} {story['question']}\n{text_of(story)}")
        for probe in bench.probes(bench.assess(text_of(story)), style):
            print(f"  -> [{bench.kinds[probe.id]}] {probe.id}: {probe.text}")


def text_of(story: Record, *, without: str = "") -> str:
    """Return a story as running text."""
    return " ".join(each["text"] for each in story["sentences"] if each["label"] != without)


def _first_gap(bench: Bench, text: str) -> str | None:
    probes = bench.probes(bench.assess(text), "neutral", 1)
    return bench.gaps[probes[0].id] if probes else None


def _missing(bench: Bench, text: str) -> tuple[str, ...]:
    structure = bench.assess(text).analysis.structure
    return structure.missing if structure else ()


def _share(hits: Iterable[bool]) -> str:
    found = list(hits)
    return f"{sum(found):6} {100 * sum(found) / max(1, len(found)):3.0f}%"


if __name__ == "__main__":
    main()
