"""Hold the coach against what a careful human coach would say first.

    python bench/coaching/coaching.py --split dev --show

The answers of ``bench/data/coaching`` are written, and were labeled before the coach heard them; ``dev`` is there to be
looked at, ``held`` is not. Words get even times from the words a minute of the case. A finding of ours agrees with a
label if the mapping below says so; praise counts as false when it is about something the label says is absent.
"""

from __future__ import annotations

import argparse
import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Final

from voicemock.coaching.assess import Analyzer
from voicemock.coaching.findings import Finding, HeardAnswer, finding_of
from voicemock.coaching.strengths import find_strength
from voicemock.content.questions import QuestionBank
from voicemock.content.yaml_files import load_yaml
from voicemock.models import Feedback, Model, Question, SpeechSpan, Transcript, Word, transcript_of_words
from voicemock.settings import load_settings

DATA: Final = Path(__file__).parents[1] / "data" / "coaching"
SPEAKING_WORDS_PER_MINUTE: Final = 170.0
"""At which the spoken length is counted."""
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+")

LABELS_OF: Final[Mapping[str, frozenset[str]]] = {
    **{name: frozenset({name}) for name in (
        "off_topic", "question_read", "no_answer", "other_language", "repeated_word", "hostile", "brief", "no_story",
        "no_structure", "buried_result", "no_number", "coordinator", "overcomplicated", "passive", "jargon",
        "no_landing", "too_long", "too_short", "repeating", "markers",
    )},
    "hypothetical": frozenset({"no_story"}),
    "wandering": frozenset({"rambling"}),
    "jumbled": frozenset({"no_structure"}),
    "left_out": frozenset({"content_left_out"}),
    "missing_result": frozenset({"no_result"}),
    "number_in_background": frozenset({"number_not_of_result"}),
    "uncovered": frozenset({"content_left_out"}),
    "we_in_actions": frozenset({"we_not_i"}),
    "long_background": frozenset({"too_much_background"}),
    "hedges": frozenset({"hedging"}),
    "many_fillers": frozenset({"fillers"}),
    "some_fillers": frozenset({"fillers"}),
    "fast": frozenset({"too_fast"}),
    "slow": frozenset({"too_slow"}),
    "long_pauses": frozenset({"pauses"}),
    "a_little_long": frozenset({"too_long"}),
    "a_little_short": frozenset({"too_short"}),
    "follow_up": frozenset({"nothing_big"}),
    "expect_questions": frozenset({"nothing_big"}),
}  # fmt: skip
"""What a finding is called in the labels; those of a part depend on the part."""

PRAISES: Final[Mapping[str, frozenset[str]]] = {
    "quantified": frozenset({"number", "result"}),
    "trade_off": frozenset({"trade_off"}),
    "complete": frozenset({"structure", "situation", "task", "action", "result"}),
    "covered": frozenset({"structure"}),
    "options": frozenset({"structure"}),
    "checked": frozenset({"assess"}),
    "scoped": frozenset({"requirements"}),
    "decision": frozenset({"decision"}),
    "own_part": frozenset({"own_part", "action"}),
    "few_fillers": frozenset({"few_fillers"}),
    "steady": frozenset({"pace"}),
    "on_target": frozenset({"length"}),
}
"""What a strength speaks well of; those of a part speak well of the part."""


class Case(Model):
    """A written answer and what a careful coach would say of it."""

    id: str
    question: str
    """Id of a question of the bank."""
    answer: str
    words_per_minute: float = 150.0
    first: str
    """What limits the answer most."""
    also: tuple[str, ...] = ()
    """What could as well come first."""
    absent: tuple[str, ...] = ()
    """What must not be praised."""
    why: str


@dataclass(frozen=True)
class Judged:
    """A case with what the coach made of it."""

    case: Case
    feedback: Feedback
    findings: tuple[Finding, ...]
    strength: Finding | None
    question: Question
    heard_text: str
    """The transcript that quotes are taken from."""

    @cached_property
    def first(self) -> frozenset[str]:
        """What the coach says first, in the words of the labels; empty where nothing was said."""
        if not self.findings:
            return frozenset({"brief", "no_answer"})
        return labels_of(self.findings[0], self.question)

    @property
    def agrees(self) -> bool:
        """Whether both put the same thing first."""
        return self.case.first in self.first

    @property
    def nearly_agrees(self) -> bool:
        """Whether the coach's first is the label's first, or one that could as well be."""
        return bool(self.first & {self.case.first, *self.case.also})

    @property
    def false_praise(self) -> frozenset[str]:
        """What was praised and is not there."""
        absent = set(self.case.absent)
        if self.strength is None:
            return frozenset()
        praised = PRAISES.get(self.strength.name, frozenset({self.strength.part or self.strength.name}))
        if self.question.framework != "star":
            praised -= {"result"}  # a design has none; a figure in it is its "number"
        return praised & absent | ({"answer"} & absent)

    @property
    def spoken_s(self) -> float:
        """Length of what is said, in seconds."""
        return 60 * len(self.feedback.spoken.split()) / SPEAKING_WORDS_PER_MINUTE


def labels_of(finding: Finding, question: Question) -> frozenset[str]:
    """Return what a finding is called in the labels."""
    if finding.name in ("missing_part", "missing_end"):
        return frozenset({f"missing_{finding.part}"} if question.framework == "star" else {"missing_step"})
    if finding.name == "heavy_part":
        is_background = finding.part in ("situation", "task")
        return frozenset({"too_much_background"} if is_background else {"unbalanced"})
    return LABELS_OF[finding.name]


def load_cases(split: str) -> tuple[Case, ...]:
    """Read the cases of a half."""
    return load_yaml(DATA / f"{split}.yaml", tuple[Case, ...])  # type: ignore[arg-type]


def judge(cases: Iterable[Case]) -> tuple[Judged, ...]:
    """Let the coach hear every case."""
    bank = QuestionBank.load()
    analyzer = Analyzer(load_settings(), bank)
    judged = []
    for case in cases:
        question = bank.get(case.question)
        transcript = spoken_at(case.answer, case.words_per_minute)
        end_s = max((word.end_s or 0.0 for word in transcript.words), default=5.0)
        speech = (SpeechSpan(0.0, end_s),) if transcript.words else ()
        assessment = analyzer.assess(transcript, source=case.id, question=question, speech=speech, recording_s=end_s)
        heard = HeardAnswer(assessment.analysis, analyzer.framework_for(question), question)
        findings = tuple(map(finding_of, assessment.feedback.findings))
        strength = find_strength(heard, findings) if findings else None
        judged.append(Judged(case, assessment.feedback, findings, strength, question, transcript.text))
    return tuple(judged)


def spoken_at(text: str, words_per_minute: float) -> Transcript:
    """Return a text as it would be heard at an even pace."""
    step_s = 60 / words_per_minute
    return transcript_of_words(
        [
            Word(text=word, start_s=round(index * step_s, 3), end_s=round((index + 1) * step_s, 3), probability=0.9)
            for index, word in enumerate(text.split())
        ]
    )


def sentences_of(judged: Judged) -> frozenset[str]:
    """Return the sentences that are said."""
    return frozenset(_SENTENCE_END.split(judged.feedback.spoken))


def most_shared(judged: Sequence[Judged]) -> tuple[float, tuple[str, str]]:
    """Return the largest share of its sentences that a feedback has in common with that of another answer."""
    best: tuple[float, tuple[str, str]] = (0.0, ("", ""))
    for one, other in combinations(judged, 2):
        if one.case.answer.split() != other.case.answer.split():
            mine, theirs = sentences_of(one), sentences_of(other)
            share = len(mine & theirs) / min(len(mine), len(theirs))
            best = max(best, (share, (one.case.id, other.case.id)))
    return best


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("dev", "held", "more", "fresh"), default="dev")
    parser.add_argument("--show", action="store_true", help="print every case with what was said")
    args = parser.parse_args()
    judged = judge(load_cases(args.split))
    if args.show:
        for each in judged:
            show(each)
    report(args.split, judged)


def show(judged: Judged) -> None:
    """Print what was said of a case."""
    case = judged.case
    sign = "=" if judged.agrees else "~" if judged.nearly_agrees else "X"
    names = [f"{f.name}{f'/{f.part}' if f.part else ''}" for f in judged.findings[:4]]
    print(f"\n{sign} {case.id} ({judged.question.framework}): {case.first} also {', '.join(case.also) or '-'}")
    print(f"  heard: {', '.join(names)}; strength {judged.strength.name if judged.strength else None}")
    if judged.false_praise:
        print(f"  FALSE PRAISE: {', '.join(judged.false_praise)}")
    print(f"  why: {case.why}")
    print(f"  {judged.feedback.spoken}")


def report(split: str, judged: Sequence[Judged]) -> None:
    """Print the figures of a half."""
    count, seconds = len(judged), sorted(each.spoken_s for each in judged)
    share, pair = most_shared(judged)
    print(f"\n{split}: {count} answers")
    for title, number in (
        ("the same first", sum(each.agrees for each in judged)),
        ("the first, or one that could as well be", sum(each.nearly_agrees for each in judged)),
        ("praise of what is absent", sum(bool(each.false_praise) for each in judged)),
    ):
        print(f"  {title:<42} {number:>3}  {number / count:.0%}")
    between = f"  ({pair[0]}, {pair[1]})" if split == "dev" else ""
    print(f"  {'most sentences shared by two':<42} {share:.0%}{between}")
    p90 = seconds[min(count - 1, round(0.9 * (count - 1)))]
    print(
        f"  {'spoken, median / p90 / longest':<42} {statistics.median(seconds):.1f} / {p90:.1f} / {seconds[-1]:.1f} s"
    )


if __name__ == "__main__":
    main()
