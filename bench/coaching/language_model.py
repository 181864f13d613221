"""Measure a language model of this machine: how right it is, what passes the checks, how long it takes.

    python bench/coaching/language_model.py --url http://127.0.0.1:8080/v1
    python bench/coaching/language_model.py --url http://127.0.0.1:8080/v1 --answers 8 --rewrites 2 --show
    python bench/coaching/language_model.py --again RECORD.jsonl

The answers are those of development hands of training/corpus, with the labels of somebody else. The model fills the
evidence table of each, asks the next question, and says the answer again. ``--record`` keeps what it replied, so that
``--again`` can hold the same replies against today's checks without a model.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from training.corpus import Answer, Corpus
from voicemock.coaching.assess import Analyzer
from voicemock.coaching.language_model.briefing import Guidance, LanguageModel, Message, load_guidance
from voicemock.coaching.language_model.judge import brief_judge
from voicemock.coaching.language_model.probing import brief_probe
from voicemock.coaching.language_model.rewriting import plan_rewrite, rewrite_by
from voicemock.coaching.language_model.second_opinion import ask_further, judge
from voicemock.coaching.language_model.server import OpenAiCompatible
from voicemock.content.questions import QuestionBank
from voicemock.errors import LanguageModelError
from voicemock.models import Assessment, Framework, Opinion, Question, Rewritten, SecondOpinion, transcript_of_text
from voicemock.settings import load_settings

HANDS = ("h20", "h27", "h35")
"""Development hands. The limits of judge.py were set on three others: h03, h11 and h16."""
KINDS = ("judge", "probe", "rewrite")


@dataclass
class Told:
    """An answer of the corpus as the built-in coach has it."""

    answer: Answer
    assessment: Assessment
    framework: Framework
    question: Question


@dataclass
class Replies:
    """A model whose replies are recorded, or that plays a record; the seconds of each call."""

    model: LanguageModel | None
    record: dict[str, dict[str, Any]]
    seconds: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    doing: str = ""
    name: str = "record"

    def complete(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        """Return the reply to what is being done, from the model or the record."""
        known = self.record.get(self.doing)
        if known is None:
            if self.model is None:
                raise LanguageModelError("It is not in the record.", "closed")
            began = perf_counter()
            try:
                known = {"reply": self.model.complete(messages, schema)}
            except LanguageModelError as error:
                known = {"failed": error.reason}
            known["took_s"] = round(perf_counter() - began, 2)
            self.record[self.doing] = known
        self.seconds[self.doing.partition(" ")[0]].append(known["took_s"])
        if "failed" in known:
            raise LanguageModelError("It failed.", known["failed"])
        return str(known["reply"])

    def close(self) -> None:
        """Do nothing."""


def main() -> None:
    """Ask about each answer and print the tables."""
    args = _arguments()
    record = _read(args.again or args.record)
    model = OpenAiCompatible(args.url, model=args.model, timeout_s=args.timeout) if args.url else None
    replies, guidance = Replies(model, record), load_guidance()
    told = list(answers(args.answers))
    table = Table()
    for done, each in enumerate(told, start=1):
        replies.doing = f"judge {each.answer.name}"
        table.add(each, judge(each.assessment, each.framework, replies, guidance), guidance)
        _keep(args.record, record)
        print(f"{done} of {len(told)} judged", file=sys.stderr)
    probes, rewrites = Counter[str](), list[Rewritten]()
    for each in _spread(told, args.probes):
        replies.doing = f"probe {each.answer.name}"
        probes[_probed(each, replies, guidance, show=args.show)] += 1
        _keep(args.record, record)
        print(f"{sum(probes.values())} asked on", file=sys.stderr)
    for each in _spread(told, args.rewrites):
        replies.doing = f"rewrite {each.answer.name}"
        plan = plan_rewrite(each.assessment, each.framework, guidance)
        rewrites.append(rewrite_by(replies, plan, guidance))
        _keep(args.record, record)
        print(f"{len(rewrites)} said again", file=sys.stderr)
    table.show()
    _show_rewrites(rewrites, show=args.show)
    print(f"follow-ups: {probes['asked']} of {sum(probes.values())} asked; refused: {_counts(probes, but='asked')}")
    for kind, seconds in replies.seconds.items():
        if seconds:
            print(
                f"seconds, {kind}: median {statistics.median(seconds):.1f}, most {max(seconds):.1f} of {len(seconds)}"
            )


def _spread(told: list[Told], most: int) -> list[Told]:
    """Return so many of the answers, of every kind."""
    return [told[row * len(told) // most] for row in range(min(most, len(told)))]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="base address of the server, on this machine")
    parser.add_argument("--model", help="which of its models; without it the only one")
    parser.add_argument("--answers", type=int, default=30, help="how many answers are judged")
    parser.add_argument("--rewrites", type=int, default=10, help="how many of them are said again")
    parser.add_argument("--probes", type=int, default=10, help="to how many of them a question is asked")
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds for one request")
    parser.add_argument("--record", type=Path, help="keep what the model replies here; go on where it ends")
    parser.add_argument("--again", type=Path, help="use the replies of a record")
    parser.add_argument("--show", action="store_true", help="print every rewrite and question")
    args = parser.parse_args()
    if not args.url and not args.again:
        parser.error("give --url, or --again with a record")
    return args


def _read(path: Path | None) -> dict[str, dict[str, Any]]:
    if path is None or not path.exists():
        return {}
    return {row.pop("doing"): row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def _keep(path: Path | None, record: dict[str, dict[str, Any]]) -> None:
    if path is not None:
        rows = (json.dumps({"doing": doing, **row}) for doing, row in record.items())
        path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


def answers(most: int) -> Iterator[Told]:
    """Yield answers of all hands in turn, a framework at a time: a server keeps what it has read of its questions."""
    bank, corpus = QuestionBank.load(), Corpus.read()
    analyzer = Analyzer(load_settings(), bank)
    by_hand = [[each for each in corpus.split("dev") if each.hand == hand] for hand in HANDS]
    chosen = [each for row in zip(*by_hand, strict=False) for each in row][:most]
    for answer in sorted(chosen, key=lambda each: each.framework):
        usual = next(each for each in bank.questions if each.framework == answer.framework)
        question = usual.model_copy(update={"text": answer.question, "parts": ()})
        transcript = transcript_of_text(" ".join(answer.lines))
        assessment = analyzer.assess(transcript, source=answer.name, question=question)
        yield Told(answer, assessment, bank.framework(answer.framework), question)


@dataclass
class Table:
    """How the tables compare with the labels."""

    corpus: Corpus = field(default_factory=Corpus.read)
    agreed: dict[str, Counter[str]] = field(default_factory=dict)
    """For each question how often the model, and the reader, says what the labels say: there, or not there."""
    reasons: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    answers: int = 0

    def add(self, told: Told, opinion: SecondOpinion, guidance: Guidance) -> None:
        """Hold one second opinion against the labels."""
        self.answers += 1
        self.reasons[opinion.reason or "a table"] += 1
        if brief_judge(told.assessment, told.framework, guidance) is None:
            return
        for each in opinion.opinions:
            self._count(told, each)
            if each.is_there is not None:
                self._claim(told, each)

    def _count(self, told: Told, opinion: Opinion) -> None:
        truth = self._truth(told, opinion.name)
        counts = self.agreed.setdefault(opinion.name, Counter())
        if truth is None:
            return
        counts["asked"] += 1
        for who, heard in (("model", opinion.model), ("reader", opinion.coach)):
            counts[f"{who} told"] += heard != "cannot_tell"
            counts[f"{who} right"] += heard == ("there" if truth else "not_there")

    def _truth(self, told: Told, name: str) -> bool | None:
        """Return whether an answer holds a piece of evidence; None where the labeler was not sure of any sentence."""
        labels = self.corpus.labels[told.answer.name]
        if any(name in line for line in labels.yes):
            return True
        return None if any(name in line for line in labels.unsure) else False

    def _claim(self, told: Told, opinion: Opinion) -> None:
        """Count what is said; wrong is a quote of a sentence without it, or an absence of what some sentence holds."""
        what = "there" if opinion.is_there else "not there"
        self.said[f"{opinion.standing}, {what}"] += 1
        labels = self.corpus.labels[told.answer.name]
        if opinion.is_there:
            rows = _lines(told.answer, opinion.start_char or 0, opinion.end_char or 0)
            is_right = any(opinion.name in labels.yes[row] | labels.unsure[row] for row in rows)
        else:
            is_right = not any(opinion.name in line for line in labels.yes)
        if not is_right:
            self.wrong.append(f"{told.answer.name} {opinion.standing}: {opinion.name} {what}: {opinion.quote or '-'}")

    def show(self) -> None:
        """Print what came of it."""
        print(f"{self.answers} answers: {_counts(self.reasons)}")
        print(f"{'question':18} asked  model right (told)  reader right (told)")
        total = sum(self.agreed.values(), Counter[str]())
        for name, counts in [*self.agreed.items(), ("all", total)]:
            model, reader = (f"{counts[f'{who} right']} ({counts[f'{who} told']})" for who in ("model", "reader"))
            print(f"{name:18} {counts['asked']:5}  {model:>18}  {reader:>19}")
        print(f"said: {_counts(self.said)}; {len(self.wrong)} of {sum(self.said.values())} not what the labels say")
        for line in self.wrong:
            print(f"    {line}")


def _lines(answer: Answer, start: int, end: int) -> list[int]:
    """Return the lines of an answer that a stretch of its text touches."""
    rows, begin = [], 0
    for row, line in enumerate(answer.lines):
        if begin < end and begin + len(line) > start:
            rows.append(row)
        begin += len(line) + 1
    return rows


def _probed(told: Told, model: LanguageModel, guidance: Guidance, *, show: bool) -> str:
    brief = brief_probe([(told.question.text, told.assessment)], told.question, guidance, style="neutral")
    if brief is None:
        return "nothing_to_ask_about"
    asked = ask_further(brief, model, guidance)
    if show and asked.question:
        print(f"{told.answer.name}: {asked.question.text}")
    return asked.refused or "asked"


def _show_rewrites(rewrites: list[Rewritten], *, show: bool) -> None:
    by = Counter(each.by for found in rewrites for part in found.parts for each in part.sentences)
    refused = Counter[str]()
    for found in rewrites:
        refused.update(found.refused)
    print(f"rewrites: {len(rewrites)}, sentences {_counts(by)}; refused: {_counts(refused)}")
    print(f"    dropped as a whole: {_counts(Counter(found.reason for found in rewrites if found.reason))}")
    if not show:
        return
    for found in rewrites:
        print(f"== {found.source}")
        for part in found.parts:
            for each in part.sentences:
                sources = f"   <- {' | '.join(each.sources)}" if each.by == "model" else ""
                print(f"  {part.name:14} {each.by:10} {each.text}{sources}")


def _counts(counts: Mapping[str, int], but: str = "") -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items() if name != but and count) or "none"


if __name__ == "__main__":
    main()
