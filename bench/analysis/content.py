"""Measure the content findings of the analysis: outcomes, relevance and coverage.

    python bench/analysis/content.py

The labelled texts are our own (``bench/data``), labelled before the program saw them. Rules were changed after looking
at the errors of a set; then the next one was written. All outcome sets were looked at; of the other files the last set
was not. What each set showed at first sight is in ``docs/accuracy.md``.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from counts import Counts

from voicemock.analysis.analyze import analyze
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.outcomes import Outcome, outcomes_in
from voicemock.content.questions import QuestionBank
from voicemock.models import Analysis, Question, transcript_of_text

Record = dict[str, Any]
DATA = Path(__file__).parents[1] / "data"
AMOUNT_FIELDS = ("value", "value_from", "unit", "direction")
_NUMBER = re.compile(
    r"\d|\b(?:zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety|hundred|thousand|million|half|third|quarter|doubled|tripled|halved)\b",
    re.IGNORECASE,
)


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="print every text that was judged wrongly")
    args = parser.parse_args()
    lexicon, bank = Lexicon.load(), QuestionBank.load()
    report_outcomes(records("outcomes"), lexicon, errors=args.errors)
    report_relevance(records("relevance"), lexicon, bank, errors=args.errors)
    report_coverage(records("coverage"), lexicon, bank, errors=args.errors)
    report_speed(lexicon, bank)


def records(name: str) -> list[Record]:
    """Return the labelled texts of a file."""
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def by_set(rows: Sequence[Record]) -> Iterable[tuple[str, list[Record]]]:
    """Yield the sets of a file with their rows."""
    for name in sorted({row["set"] for row in rows}):
        yield name, [row for row in rows if row["set"] == name]


# --- outcomes ------------------------------------------------------------------------------------------


def report_outcomes(rows: Sequence[Record], lexicon: Lexicon, *, errors: bool) -> None:
    """Print how well sentences with a measured outcome are told from others, and what is read from the numbers."""
    print("\nMeasured outcomes, by sentence")
    right, read = Counter[str](), 0
    for name, group in by_set(rows):
        ours, any_number = Counts(), Counts()
        for row in group:
            found = outcomes_in(row["text"], lexicon)
            ours.add(gold=bool(row["results"]), found=bool(found))
            any_number.add(gold=bool(row["results"]), found=_NUMBER.search(row["text"]) is not None)
            if errors and bool(row["results"]) != bool(found):
                print(f"    {'missed' if row['results'] else 'false'}: {row['text']}")
            for result in row["results"]:
                outcome = overlapping(row["text"], result["text"], found)
                if outcome is not None:
                    read += 1
                    right.update(field for field in AMOUNT_FIELDS if amount_of(outcome)[field] == result[field])
        print(f"  set {name}, {len(group)} sentences: {ours}")
        print(f"         any number:  {any_number}")
    print("  read rightly: " + ", ".join(f"{field} {right[field]} of {read}" for field in AMOUNT_FIELDS))


def overlapping(text: str, phrase: str, found: Sequence[Outcome]) -> Outcome | None:
    """Return the outcome that overlaps a phrase."""
    start = text.index(phrase)
    return next((o for o in found if o.start < start + len(phrase) and o.end > start), None)


def amount_of(outcome: Outcome) -> Record:
    """Return the fields read from a number phrase."""
    amount = outcome.amount
    return {
        "value": amount.value, "value_from": amount.value_from, "unit": amount.unit, "direction": outcome.direction
    }  # fmt: skip


# --- relevance -----------------------------------------------------------------------------------------


def report_relevance(rows: Sequence[Record], lexicon: Lexicon, bank: QuestionBank, *, errors: bool) -> None:
    """Print how answers were judged, and the worst mistake: a good answer called none."""
    print("\nWhether the question was answered")
    for name, group in by_set(rows):
        pairs = Counter[tuple[str, str]]()
        for row in group:
            relevance = analyzed(row["text"], lexicon, bank, bank.get(row["question"])).relevance
            found = relevance.kind if relevance else "empty"
            pairs[row["kind"], found] += 1
            if errors and found != row["kind"]:
                print(f"    {row['kind']} taken for {found}: {row['text'][:100]}")
        right = sum(count for (gold, found), count in pairs.items() if gold == found)
        unclear = sum(count for (gold, found), count in pairs.items() if found == "unclear" != gold)
        wronged = sum(
            count for (gold, found), count in pairs.items() if gold == "on_topic" and found not in (gold, "unclear")
        )
        answers = sum(count for (gold, _), count in pairs.items() if gold == "on_topic")
        praised = sum(count for (gold, found), count in pairs.items() if gold != "on_topic" and found == "on_topic")
        print(f"  set {name}: {right} of {len(group)} right, {unclear} left open")
        print(f"         answers called none: {wronged} of {answers}; no answers taken for one: {praised}")


# --- coverage ------------------------------------------------------------------------------------------


def report_coverage(rows: Sequence[Record], lexicon: Lexicon, bank: QuestionBank, *, errors: bool) -> None:
    """Print how well the points of a checklist are found, and how good and bad answers differ."""
    print("\nPoints of the checklist")
    optional = {item.name for checklist in lexicon.checklists for item in checklist.items if item.expected == "extra"}
    for name, group in by_set(rows):
        for framework in ("design", "triage"):
            counts, shares = Counts(), defaultdict(list)
            for row in (row for row in group if row["framework"] == framework):
                coverage = analyzed(row["text"], lexicon, bank, None, framework).coverage
                if coverage is None:
                    continue
                shares[row["quality"]].append(coverage.covered / coverage.expected)
                for item in coverage.items:
                    if item.name not in optional:
                        counts.add(gold=item.name in row["covered"], found=item.covered is not None)
                        if errors and (item.name in row["covered"]) != (item.covered is not None):
                            said = f"by {item.covered.text!r}" if item.covered else "missed"
                            print(f"    {framework}, {item.name} {said}: {row['text'][:80]}")
            means = ", ".join(f"{quality} {sum(s) / len(s):.0%} of {len(s)}" for quality, s in sorted(shares.items()))
            print(f"  set {name}, {framework}: {counts}")
            print(f"         expected points covered, mean: {means}")


def analyzed(
    text: str, lexicon: Lexicon, bank: QuestionBank, question: Question | None, framework: str = "star"
) -> Analysis:
    """Return the analysis of an answer."""
    rules = bank.framework(question.framework if question else framework)
    return analyze(
        transcript_of_text(text), framework=rules, target=(180, 240), lexicon=lexicon, question=question
    ).analysis


def report_speed(lexicon: Lexicon, bank: QuestionBank) -> None:
    """Print the time for the whole analysis of about 600 words, warm."""
    words = " ".join(row["text"] for row in records("coverage")).split()[:600]
    text = " ".join(words)
    analyzed(text, lexicon, bank, None, "design")
    started = time.perf_counter()
    for _ in range(10):
        analyzed(text, lexicon, bank, None, "design")
    print(f"\nSpeed: {(time.perf_counter() - started) / 10:.3f} s for {len(words)} words, warm")


if __name__ == "__main__":
    main()
