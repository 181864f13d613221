"""Ranks everything to fix by how much it limits the answer.

Each rule yields what it finds, with its extent. The ranking is data: each finding has a range of severity in
``prompts/feedback.yaml``, and its extent places it in that range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from voicemock.analysis.amounts import whole_seconds
from voicemock.coaching.delivery import (
    far_off_target,
    flat_voice,
    heavy_part,
    long_pauses,
    many_fillers,
    many_markers,
    pace,
    slightly_off_target,
    some_fillers,
)
from voicemock.coaching.findings import NOTHING_FOUND, Finding, HeardAnswer
from voicemock.coaching.judgment import is_surely_sound, judged_priorities
from voicemock.coaching.quoting import quoting_first, quoting_remark
from voicemock.coaching.spoken_numbers import spoken_duration
from voicemock.content.wording import PriorityPhrases
from voicemock.models import Assessment, Framework, KeptFinding, Question

_LEAST_JUDGED: Final = 25.0
_MOST_JUDGED: Final = 95.0
"""Severity of a judged finding whose verdict is impossible, and certain."""
_ON_THE_OUTCOME: Final = frozenset({"missing_result", "buried_result", "no_number", "number_in_background"})
"""No two of these can be true of one answer."""


def find_priorities(heard: HeardAnswer, wordings: Mapping[str, PriorityPhrases]) -> tuple[Finding, ...]:
    """Return everything to fix, the most severe first. Never empty: the last resort is to expect a follow-up."""
    if heard.no_answer is not None:
        return (heard.no_answer,)
    if heard.is_hardly_there:
        return tuple(_brief(heard))
    found = [*_agreeing(judged_priorities(heard)), *(finding for rule in RULES for finding in rule(heard))]
    ranked = sorted(found, key=lambda finding: -severity(finding, heard, wordings))
    return tuple(finding for place, finding in enumerate(ranked) if not place or finding.name not in NOTHING_FOUND)


def _agreeing(judged: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings without those that another, surer one rules out.

    A habit weighs no more than a result that is missing: a story without an end comes before its manner.
    """
    found = tuple(judged)
    outcome = max((each for each in found if each.name in _ON_THE_OUTCOME), key=lambda each: each.extent, default=None)
    most = outcome.extent if outcome is not None and outcome.name == "missing_result" else 1.0
    return tuple(
        replace(each, extent=min(each.extent, most)) if each.is_habit else each
        for each in found
        if each is outcome or each.name not in _ON_THE_OUTCOME
    )


def keep_findings(
    findings: Iterable[Finding], heard: HeardAnswer, wordings: Mapping[str, PriorityPhrases]
) -> tuple[KeptFinding, ...]:
    """Return findings in the form that is stored, each with its severity."""
    return tuple(
        KeptFinding(
            name=finding.name,
            severity=round(severity(finding, heard, wordings), 3),
            extent=round(finding.extent, 4),
            part=finding.part,
            start_char=finding.evidence.start_char if finding.evidence else None,
            end_char=finding.evidence.end_char if finding.evidence else None,
            start_s=finding.evidence.start_s if finding.evidence else None,
            focus=finding.evidence.focus if finding.evidence else None,
            values=dict(finding.values),
        )
        for finding in findings
    )


def findings_kept(
    assessment: Assessment, framework: Framework, question: Question | None, wordings: Mapping[str, PriorityPhrases]
) -> tuple[KeptFinding, ...]:
    """Return the findings of a stored answer. They are computed again if it was stored without them."""
    if assessment.feedback.findings:
        return assessment.feedback.findings
    heard = HeardAnswer(assessment.analysis, framework, question)
    return keep_findings(find_priorities(heard, wordings), heard, wordings)


def severity(finding: Finding, heard: HeardAnswer, wordings: Mapping[str, PriorityPhrases]) -> float:
    """Return how much a finding limits the answer, from 0 to 100."""
    if finding.is_judged:
        return _LEAST_JUDGED + (_MOST_JUDGED - _LEAST_JUDGED) * finding.extent
    least, most = wordings[finding.name].severity_in(heard.framework.name)
    return least + (most - least) * finding.extent


def _brief(heard: HeardAnswer) -> Iterator[Finding]:
    """Too little for an answer."""
    duration_s = heard.analysis.duration_s
    words = _counted(heard.analysis.word_count, "word")
    values = {
        "length": words if duration_s is None else _counted(whole_seconds(duration_s), "second"),
        "length_spoken": words if duration_s is None else spoken_duration(duration_s),
        "parts": heard.part_names,
    }
    yield Finding("brief", values, quoting_first(heard.sentences))


def _expect_a_follow_up(heard: HeardAnswer) -> Iterator[Finding]:
    """Nothing is found that limits the answer: prepare for its follow-up."""
    told = heard.told_outcomes
    name = "follow_up" if is_surely_sound(heard) else "expect_questions"
    yield Finding(name, {}, quoting_remark(heard.sentences, told[-1]) if told else None)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


RULES: Final[tuple[Callable[[HeardAnswer], Iterator[Finding]], ...]] = (
    far_off_target,
    heavy_part,
    many_fillers,
    pace,
    many_markers,
    some_fillers,
    slightly_off_target,
    long_pauses,
    _expect_a_follow_up,
    flat_voice,
)
"""Of two equally severe findings, the one whose rule stands first comes first."""
