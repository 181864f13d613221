"""How well the coach judges the labeled answers of training/corpus whose hands the reader never saw.

Each answer goes through the whole coach as a text. What it says first is held against what the labeler would say; what
it calls missing, praises and measures against the labels of the sentences. Last it hears the answer without capitals or
punctuation, and should say the same.

Run: python bench/coaching/corpus.py [--split dev] [--of formats] [--errors]

The test hands are scored once a release; tune on nothing that they show.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from training.corpus import FORMATS, SHARED, Answer, Corpus, Labels
from voicemock.analysis.evidence import LACKS
from voicemock.analysis.reader import bare
from voicemock.coaching.assess import Analyzer
from voicemock.coaching.judgment import load_judgments
from voicemock.content.questions import QuestionBank
from voicemock.models import Assessment, Question, transcript_of_text
from voicemock.settings import load_settings

ABSENCES = {
    "no_own_action": "action",
    "missing_result": "result",
    "no_number": "figure",
    "number_in_background": "figure",
    "no_lesson": "lesson",
    "no_options": "options",
    "no_numbers": "numbers",
    "no_decision": "decision",
    "no_trade_off": "trade_off",
    "missing_cost": "cost",
}
"""Findings that say that something is missing, besides those that name their part."""
SAID = 2
"""Findings of an answer that are spoken or written."""
NOTHING_BIG = frozenset(
    {"follow_up", "expect_questions", "heavy_part", "a_little_long", "a_little_short", "some_fillers", "markers"}
)
"""Findings that count as having nothing important to fix."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer, what the labeler says, and what the coach says."""

    answer: Answer
    labels: Labels
    assessment: Assessment

    @property
    def first(self) -> tuple[str, str | None]:
        """What the coach says first, and the part that it is about."""
        return self.assessment.feedback.findings[0].name, self.assessment.feedback.findings[0].part

    @property
    def is_same_first(self) -> bool:
        """Whether the labeler says it first, too."""
        return bool(_faults(*self.first, self.answer.framework) & (self.labels.first or {"none"}))

    @property
    def is_allowed_first(self) -> bool:
        """Whether the labeler says that it may be said first."""
        allowed = (self.labels.first or {"none"}) | self.labels.also
        return bool(_faults(*self.first, self.answer.framework) & allowed)

    @property
    def absences(self) -> list[tuple[str, bool]]:
        """What is said to be missing, and whether the labeler misses it."""
        found = self.assessment.feedback.findings[:SAID]
        named = [
            each.part if each.name in ("missing_part", "missing_end") else ABSENCES.get(each.name) for each in found
        ]
        return [(name, name in self.labels.missing | self.labels.doubtful) for name in named if name is not None]


def main() -> None:
    """Hear every answer of a split and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", default="dev", choices=("train", "dev", "test"))
    parser.add_argument(
        "--of", default="interviews", choices=("interviews", *FORMATS, SHARED), help="stories and plans, or formats"
    )
    parser.add_argument("--errors", action="store_true", help="show what is wrong; not for the test hands")
    options = parser.parse_args()
    corpus = Corpus.read()
    bank = QuestionBank.load()
    analyzer = Analyzer(load_settings(), bank)
    answers = [each for each in corpus.split(options.split) if options.of in _kinds(each.framework)]
    heard, bared = ([hear(each, corpus, bank, analyzer, as_said=said) for each in answers] for said in (str, bare))
    print(f"{len(heard)} answers, {len({each.answer.hand for each in heard})} hands, split {options.split}")
    show = options.errors and options.split != "test"
    _print_first(heard, show=show)
    _print_absences(heard, show=show)
    _print_praise(heard, show=show)
    _print_missing(heard)
    _print_results(heard, show=show)
    same = sum(each.first[0] == other.first[0] for each, other in zip(heard, bared, strict=True))
    print(f"the same first without punctuation: {same / len(heard):.0%}")


def _kinds(framework: str) -> tuple[str, ...]:
    """Return the names of the groups of answers that a framework belongs to."""
    return (framework, SHARED) if framework in FORMATS else ("interviews",)


def hear(
    answer: Answer, corpus: Corpus, bank: QuestionBank, analyzer: Analyzer, *, as_said: Callable[[str], str] = str
) -> Heard:
    """Let the coach hear an answer."""
    known = {question.text: question for question in bank.questions}
    question = known.get(answer.question) or Question(
        id="own",
        text=answer.question.ljust(10),
        pillar="behavioral",
        framework=answer.framework,
        target_min_s=bank.framework(answer.framework).target_min_s,
        target_max_s=bank.framework(answer.framework).target_max_s,
        competency="own",
        strong_answer=("A reason", "A result", "A figure"),
        common_mistakes=("No reason", "No result"),
    )
    transcript = transcript_of_text(as_said(" ".join(answer.lines)))
    return Heard(answer, corpus.labels[answer.name], analyzer.assess(transcript, source=answer.name, question=question))


def _faults(name: str, part: str | None, framework: str) -> frozenset[str]:
    """Return the labels' names of a finding."""
    found = {
        judgment.verdict.replace(LACKS, "missing_")
        for judgment in load_judgments().priorities
        if judgment.finding == name and framework in judgment.frameworks and judgment.part in (None, part)
    }
    return frozenset(found or ({"none"} if name in NOTHING_BIG else {"too_short"} if name == "brief" else {name}))


def _print_first(heard: list[Heard], *, show: bool) -> None:
    same, allowed = sum(each.is_same_first for each in heard), sum(each.is_allowed_first for each in heard)
    for each in heard:
        if show and not each.is_allowed_first:
            said = "/".join(_faults(*each.first, each.answer.framework))
            print(f"  {each.answer.name}: said {said}, labeled {'/'.join(each.labels.first | each.labels.also)}")
    print(f"first: the labeler's {same / len(heard):.0%}, or one that is allowed {allowed / len(heard):.0%}")


def _print_absences(heard: list[Heard], *, show: bool) -> None:
    said = [(each, name, is_missed) for each in heard for name, is_missed in each.absences]
    false = [(each, name) for each, name, is_missed in said if not is_missed]
    for each, name in false:
        if show:
            print(f"  {each.answer.name}: {name} is said to be missing and is there")
    answers = len({each.answer.name for each, _ in false})
    print(f"said to be missing: {len(said)}, of these there {len(false)}; answers with one {answers / len(heard):.0%}")


def _print_praise(heard: list[Heard], *, show: bool) -> None:
    names = {(each.finding): each.quote for each in load_judgments().strengths}
    praised = false = 0
    for each in heard:
        for point in each.assessment.feedback.points:
            evidence = [name for name in names.get(point.name, ()) if name not in ("first", "last", "figure")]
            if point.kind != "strength" or not evidence or point.quote is None:
                continue
            praised += 1
            lines = [index for index, line in enumerate(each.answer.lines) if _share(line, point.quote)]
            holds = any(set(evidence) & (each.labels.yes[line] | each.labels.unsure[line]) for line in lines)
            false += not holds
            if show and not holds:
                print(f"  {each.answer.name}: praised {point.name}: {point.quote}")
    print(f"praised with a quote: {praised}, of these the quote does not show it {false}")


def _share(line: str, quote: str) -> bool:
    """Return whether a line and a quote overlap: one holds the other, or most of its words."""
    ours, theirs = bare(line).split(), bare(quote).split()
    return sum((Counter(ours) & Counter(theirs)).values()) >= 0.6 * min(len(ours), len(theirs))


def _print_missing(heard: list[Heard]) -> None:
    right = extra = lost = 0
    for each in heard:
        structure = each.assessment.analysis.structure
        said = set(structure.missing) if structure else set()
        parts = {part.name for part in structure.parts} if structure else set()
        true = each.labels.missing & parts
        right += len(said & true)
        extra += len(said - true - each.labels.doubtful)
        lost += len(true - said)
    print(f"missing parts: precision {right / (right + extra):.2f}, recall {right / (right + lost):.2f}, ", end="")
    print(f"F1 {2 * right / (2 * right + extra + lost):.2f}")


def _print_results(heard: list[Heard], *, show: bool) -> None:
    """A result is right where it shares a figure with a labeled one of the same sentence."""
    right = extra = lost = 0
    for each in heard:
        open_ones = {quote for _, quote in each.labels.figures}
        unsure = [
            line for line, names in zip(each.answer.lines, each.labels.unsure, strict=True) if "outcome_figure" in names
        ]
        for result in each.assessment.analysis.quantified_results:
            hit = next((quote for quote in open_ones if _touch(quote, result.text)), None)
            if hit is not None:
                right += 1
                open_ones.discard(hit)
            elif not any(_touch(result.text, quote) for _, quote in each.labels.figures) and not any(
                bare(result.text) in bare(line) for line in unsure
            ):
                extra += 1
                if show:
                    print(f"  {each.answer.name}: measured {result.text!r} in {result.quote[:90]!r}")
        lost += len(open_ones)
        if show and open_ones:
            print(f"  {each.answer.name}: not measured {open_ones}")
    print(f"measured results: precision {right / (right + extra):.2f}, recall {right / (right + lost):.2f}")


def _touch(one: str, other: str) -> bool:
    plain = {"to", "of", "the", "a", "an", "by", "from", "and", "in", "about", "at", "no", "percent"}
    return bool((set(bare(one).split()) & set(bare(other).split())) - plain)


if __name__ == "__main__":
    main()
