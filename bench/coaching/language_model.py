"""Measure a local language model: how much of what it says passes the checks, and how long it takes.

    python bench/coaching/language_model.py --url http://127.0.0.1:8080/v1
    python bench/coaching/language_model.py --url http://127.0.0.1:8080/v1 --shares transcript --show ANSWER.txt ...

Each answer (those in bench/data without FILEs) gets its feedback from the built-in coach. The model is asked to word it
and to ask one more question. Nothing is written.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import yaml

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from voicemock.coaching.assess import Analyzer
from voicemock.coaching.language_model.briefing import Guidance, Shares, brief_probe, brief_rewording, load_guidance
from voicemock.coaching.language_model.checks import (
    RefusedAnswerError,
    Reworded,
    TooLittleLeftError,
    UnfitProbeError,
    check_probe,
    check_rewording,
)
from voicemock.coaching.language_model.server import OpenAiCompatible
from voicemock.content.questions import QuestionBank
from voicemock.errors import LanguageModelError
from voicemock.models import Assessment, Question, transcript_of_text
from voicemock.settings import load_settings

ROOT = Path(__file__).parents[2]
ASKED = {"star": "failed-program", "triage": "dependency-four-week-slip", "design": "design-notification-system"}
"""A question for a text that does not say which it answers."""


@dataclass
class Tally:
    """What came of one kind of request."""

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def show(self, title: str) -> None:
        """Print outcomes and times."""
        count = sum(self.outcomes.values())
        accepted = self.outcomes["accepted"]
        print(f"{title}: {accepted} of {count} accepted")
        for reason, times in self.outcomes.most_common():
            print(f"    {reason:20} {times:4}  {times / max(1, count):4.0%}")
        if self.seconds:
            ordered = sorted(self.seconds)
            p90 = ordered[int(0.9 * (len(ordered) - 1))]
            print(f"    seconds: median {statistics.median(ordered):.1f}, p90 {p90:.1f}, most {ordered[-1]:.1f}")


def main() -> None:
    """Ask about each answer and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "files", nargs="*", type=Path, help="answers: .txt, .jsonl (text, framework), .yaml (answer, question)"
    )
    parser.add_argument("--url", required=True, help="base address of the server, on this machine")
    parser.add_argument("--model", help="which of its models; without it the only one")
    parser.add_argument("--shares", choices=("findings", "quotes", "transcript"), default="quotes")
    parser.add_argument("--timeout", type=float, default=6.0, help="seconds for one answer of the model")
    parser.add_argument("--most", type=int, default=1000, help="most answers to ask about")
    parser.add_argument("--show", action="store_true", help="print every text with what the model made of it")
    args = parser.parse_args()
    guidance = load_guidance()
    rewordings, probes, sentences = Tally(), Tally(), Counter[str]()
    for number, (assessment, question) in enumerate(answers(args.files), start=1):
        if number > args.most:
            break
        model = OpenAiCompatible(args.url, model=args.model, timeout_s=args.timeout)
        _reword(assessment, model, args.shares, guidance, rewordings, sentences, show=args.show)
        _probe(assessment, question, model, args.shares, guidance, probes, show=args.show)
    name = OpenAiCompatible(args.url, model=args.model or OpenAiCompatible(args.url).models()[0]).name
    print(f"{name}, shares {args.shares}, {args.timeout:g} s allowed")
    rewordings.show("Feedback")
    total = sum(sentences.values())
    print(f"    sentences that came back: {total}, {sentences['accepted']} said in the model's words")
    for fault, times in sentences.most_common():
        print(f"        {fault:16} {times:4}  {times / max(1, total):4.0%}")
    probes.show("Further questions")


def answers(files: list[Path]) -> Iterator[tuple[Assessment, Question]]:
    """Return each answer as the built-in coach sees it, with a question that it may be an answer to."""
    bank = QuestionBank.load()
    analyzer = Analyzer(load_settings(), bank)
    data = ROOT / "bench" / "data"
    for path in files or [*sorted((data / "coaching").glob("dev.yaml")), data / "coverage.jsonl"]:
        for row in _rows(path):
            question = bank.get(row.get("question") or ASKED[row.get("framework", "star")])
            yield analyzer.assess(transcript_of_text(row["text"]), source="", question=question), question


def _rows(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines()]
    if path.suffix == ".yaml":
        return [{"text": " ".join(row["answer"].split()), "question": row["question"]} for row in yaml.safe_load(text)]
    return [{"text": text}]


def _reword(
    assessment: Assessment,
    model: OpenAiCompatible,
    shares: Shares,
    guidance: Guidance,
    tally: Tally,
    sentences: Counter[str],
    *,
    show: bool,
) -> None:
    brief = brief_rewording(assessment, shares)
    if not brief.lines:
        tally.outcomes["nothing_to_reword"] += 1
        return
    began = perf_counter()
    answer, result = "", None
    try:
        answer = model.complete(brief.messages(guidance.reword), brief.schema())
        result = check_rewording(answer, brief, guidance)
        outcome = "accepted"
        _count(result, len(brief.lines), sentences)
    except LanguageModelError as error:
        outcome = error.reason
    except TooLittleLeftError as error:
        outcome = error.refusal
        sentences.update(error.faults.values())
        sentences["accepted"] += len(brief.lines) - len(error.faults)
    except RefusedAnswerError as error:
        outcome = error.refusal
    tally.outcomes[outcome] += 1
    tally.seconds.append(perf_counter() - began)
    if show:
        said = result.spoken if result else "-"
        print(f"COACH   {' '.join(brief.sentences)}\nMODEL   {answer}\n{outcome.upper():10} {said}\n")


def _count(result: Reworded, sent: int, sentences: Counter[str]) -> None:
    sentences.update(result.faults.values())
    sentences["accepted"] += sent - len(result.faults)


def _probe(
    assessment: Assessment,
    question: Question,
    model: OpenAiCompatible,
    shares: Shares,
    guidance: Guidance,
    tally: Tally,
    *,
    show: bool,
) -> None:
    brief = brief_probe(assessment, question, (), shares)
    if brief is None:
        tally.outcomes["nothing_to_ask_about"] += 1
        return
    began = perf_counter()
    answer = ""
    try:
        answer = model.complete(brief.messages(guidance.probe), brief.schema())
        check_probe(answer, brief, guidance)
        outcome = "accepted"
    except LanguageModelError as error:
        outcome = error.reason
    except RefusedAnswerError as error:
        outcome = error.refusal
    except UnfitProbeError as error:
        outcome = error.fault
    tally.outcomes[outcome] += 1
    tally.seconds.append(perf_counter() - began)
    if show:
        print(f"SAID    {' | '.join(brief.said)}\nMODEL   {answer}\n{outcome.upper()}\n")


if __name__ == "__main__":
    main()
