"""Ranks everything to fix by how much it limits the answer.

Each rule yields what it finds, with its extent. The ranking is data: each finding has a range of severity in
``prompts/feedback.yaml``, and its extent places it in that range.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from voicemock.analysis.rambling import content_words
from voicemock.coaching.content import (
    coordinator_talk,
    hedging,
    hypothetical,
    missing_result,
    overcomplicated,
    passive_actions,
    result_without_number,
    unexplained_jargon,
    we_in_actions,
)
from voicemock.coaching.delivery import (
    far_off_target,
    heavy_part,
    long_background,
    long_pauses,
    many_fillers,
    many_markers,
    pace,
    slightly_off_target,
    some_fillers,
)
from voicemock.coaching.findings import (
    ACTION,
    Finding,
    HeardAnswer,
    covered_values,
    extent,
    missing_values,
    strong_point,
)
from voicemock.coaching.orderliness import jumbled, no_landing, repeating, result_told_in_passing, wandering
from voicemock.coaching.quoting import quoting_first, quoting_last, quoting_remark
from voicemock.coaching.spoken_numbers import enumerate_words, spoken_duration
from voicemock.content.wording import PriorityPhrases
from voicemock.models import Assessment, Framework, FrameworkPart, KeptFinding, Question

HARDLY_ACTED: Final = 0.1
"""Of all words. Less action than this counts as none."""
MOSTLY_TOLD: Final = 0.8
HARDLY_TOLD: Final = 0.4
"""Of the sentences, those about something that happened. With many, a story is there but hard to recognize."""
DOUBTFUL: Final = 0.8
"""Below this probability a step needs more than ``DOUBTFUL_MOVES`` of its moves on the checklist as well."""
DOUBTFUL_MOVES: Final = 0.34
ALONE: Final = 0.65
"""Below this probability a single sentence is no step, whatever the checklist finds."""
UNTOUCHED_FROM: Final = 2
TOUCHED_ENOUGH: Final = 0.27
"""Share of the words of a strong answer's points that were said, for use without vectors. Good answers say 0.4."""
TOUCHED_BY_WORDS: Final = 0.35
"""From this share on, the words prove that an answer is about its question, and no vector is computed."""
NEAR_ENOUGH: Final = 0.37
"""Mean nearness to the points of a strong answer. Answers that leave out the heart of the question stay below it."""
COVERED_ENOUGH: Final = 0.3
"""Share of the expected points. Half of what is said in plain words is not recognized (docs/accuracy.md), so a good
answer may show only 40 %."""
COVERS_FROM_WORDS: Final = 120
"""A shorter answer cannot cover them, and is told that it is short."""
_ACTS: Final = re.compile(r"\b(?:I|we)\b(?! had\b| were\b| was\b)", re.IGNORECASE)
"""Someone in the story acts."""
_LIGHTEST_PART: Final = 0.15
"""The most that the smallest part may take of an answer: the task of a story."""
_WEIGHTIEST_PART: Final = 0.65
"""The same for the largest part, the actions. The more room a part deserves, the more is lost without it."""


def find_priorities(heard: HeardAnswer, wordings: Mapping[str, PriorityPhrases]) -> tuple[Finding, ...]:
    """Return everything to fix, the most severe first. Never empty: the last resort is to expect a follow-up."""
    if heard.no_answer is not None:
        return (heard.no_answer,)
    if heard.is_hardly_there:
        return tuple(_brief(heard))
    found = [finding for rule in RULES for finding in rule(heard)]
    ranked = sorted(found, key=lambda finding: -severity(finding, heard, wordings))
    return tuple(finding for place, finding in enumerate(ranked) if not place or finding.name != "follow_up")


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
    least, most = wordings[finding.name].severity_in(heard.framework.name)
    return least + (most - least) * finding.extent


def _brief(heard: HeardAnswer) -> Iterator[Finding]:
    """Too little for an answer."""
    duration_s = heard.analysis.duration_s
    words = _counted(heard.analysis.word_count, "word")
    values = {
        "length": words if duration_s is None else _counted(round(duration_s), "second"),
        "length_spoken": words if duration_s is None else spoken_duration(duration_s),
        "parts": heard.part_names,
    }
    yield Finding("brief", values, quoting_first(heard.sentences))


def _no_structure(heard: HeardAnswer) -> Iterator[Finding]:
    """No part of the framework was heard, or only one part of a plan."""
    if heard.is_brief or not heard.missing:
        return
    evidence = quoting_first(heard.sentences)
    heard_of = len(heard.framework.parts) - len(heard.missing)
    if heard.framework.name == "star" and not heard.present:
        much = extent(-len(heard.hears("told", heard.sentences)) / len(heard.sentences), -MOSTLY_TOLD, -HARDLY_TOLD)
        yield Finding("no_story", {"parts": heard.part_names}, evidence, extent=much)
    elif heard.framework.name != "star" and heard_of <= 1:
        values = {"parts": heard.part_names, "framework": heard.framework.title}
        yield Finding("no_structure", values, evidence, extent=1.0 - heard_of)


def _missing_parts(heard: HeardAnswer) -> Iterator[Finding]:
    """Every missing part, except the result of a story, which has rules of its own."""
    if not heard.present:
        return
    for part in sorted(heard.missing, key=lambda part: -part.target_share_max):
        if heard.framework.name != "star" or part.name != "result":
            yield _missing_part(heard, part)
    yield from _doubtful_steps(heard)
    yield from _hardly_acted(heard)
    yield from _first_step_late(heard)


def _doubtful_steps(heard: HeardAnswer) -> Iterator[Finding]:
    """Steps that a sentence or two sound a little like, without the moves that belong to them."""
    coverage = heard.analysis.coverage
    if coverage is None or heard.is_brief:
        return
    for part, _ in heard.present:
        moves = [item.covered is not None for item in coverage.items if item.part == part.name and item.expected]
        surest = max((sentence.score or 0.0 for sentence in heard.sentences_of(part.name)), default=0.0)
        is_alone = len(heard.sentences_of(part.name)) == 1 and surest < ALONE
        if moves and 0.0 < surest < DOUBTFUL and (is_alone or sum(moves) <= DOUBTFUL_MOVES * len(moves)):
            yield replace(_missing_part(heard, part), extent=0.0)


def _first_step_late(heard: HeardAnswer) -> Iterator[Finding]:
    """An answer that acts before it assesses, or designs before it has requirements."""
    part = heard.framework.parts[0]
    if heard.framework.name == "star" or heard.is_brief or part in heard.missing or not heard.present:
        return
    checked = heard.analysis.coverage and any(i.name == "verify" and i.covered for i in heard.analysis.coverage.items)
    first = next((s.start_char for s in heard.sentences_of(part.name)), heard.sentences[-1].end_char)
    if not checked and first > heard.sentences[-1].end_char / 2:
        yield _missing_part(heard, part)


def _hardly_acted(heard: HeardAnswer) -> Iterator[Finding]:
    """A story that tells the actions in a sentence."""
    part = next((part for part in heard.framework.parts if part.name == ACTION), None)
    if part is None or heard.is_brief or not heard.sentences_of(ACTION):
        return
    acted = heard.sentences_of(ACTION)
    is_doubtful = all((s.score or 1.0) < ALONE and not _ACTS.search(s.text) for s in acted)
    if heard.words_share(ACTION) < HARDLY_ACTED or is_doubtful:
        yield replace(_missing_part(heard, part), extent=0.5)


def _uncovered(heard: HeardAnswer) -> Iterator[Finding]:
    """Many of the expected moves and trade-offs are missing."""
    coverage = heard.analysis.coverage
    if coverage is None or heard.analysis.word_count < COVERS_FROM_WORDS:
        return
    if coverage.covered >= COVERED_ENOUGH * coverage.expected:
        return
    missing = [item for item in coverage.items if item.name in coverage.missing]
    values = covered_values(coverage) | {
        "missing": enumerate_words(tuple(item.title[0].lower() + item.title[1:] for item in missing[:4])),
        "first": missing[0].say,
    }
    yield Finding("uncovered", values, extent=extent(-coverage.covered / coverage.expected, -COVERED_ENOUGH, 0.0))


def _left_out(heard: HeardAnswer) -> Iterator[Finding]:
    """What a strong answer to this question is about, and this one is not."""
    question = heard.question
    if question is None or heard.framework.name == "star" or heard.is_brief or not question.wants_a_whole_answer:
        return
    touched = _touched(heard, question)
    near = heard.closeness() if _mean(touched) <= TOUCHED_BY_WORDS else None
    if near is not None:
        if near.mean <= NEAR_ENOUGH:
            farthest = min(range(len(near.points)), key=near.points.__getitem__)
            values = {"untouched": strong_point(question, question.strong_answer[farthest])}
            yield Finding("left_out", values, extent=extent(-near.mean, -NEAR_ENOUGH, -0.2))
        return
    untouched = [p for p, share in zip(question.strong_answer, touched, strict=True) if not share]
    if len(untouched) >= UNTOUCHED_FROM and _mean(touched) <= TOUCHED_ENOUGH:
        values = {"untouched": strong_point(question, untouched[0])}
        yield Finding("left_out", values, extent=extent(len(untouched) / len(touched), 0.3, 1.0))


def _touched(heard: HeardAnswer, question: Question) -> list[float]:
    """Return the share of the words of each point of a strong answer that were said."""
    answer = frozenset().union(*heard.contents)
    points = [content_words(point) for point in question.strong_answer]
    return [len(point & answer) / max(1, len(point)) for point in points]


def _mean(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares) if shares else 0.0


def _expect_a_follow_up(heard: HeardAnswer) -> Iterator[Finding]:
    """Nothing big is wrong: prepare for the follow-up that a good answer earns."""
    if heard.analysis.quantified_results:
        yield Finding("follow_up", {}, quoting_remark(heard.sentences, heard.analysis.quantified_results[-1]))
    else:
        yield Finding("follow_up", {}, quoting_last(heard.sentences))


def _missing_part(heard: HeardAnswer, part: FrameworkPart) -> Finding:
    """Quote the place where the part belongs: the opening of the next part, or the end of the answer."""
    weight = extent(part.target_share_max, _LIGHTEST_PART, _WEIGHTIEST_PART)
    names = [each.name for each in heard.framework.parts]
    later = names[names.index(part.name) + 1 :]
    next_evidence = next((quoting_first(heard.sentences_of(name)) for name in later if heard.sentences_of(name)), None)
    if next_evidence is not None:
        return Finding("missing_part", missing_values(part), next_evidence, part.name, weight)
    return Finding("missing_end", missing_values(part), quoting_last(heard.sentences), part.name, weight)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


RULES: Final[tuple[Callable[[HeardAnswer], Iterator[Finding]], ...]] = (
    _no_structure,
    hypothetical,
    wandering,
    jumbled,
    missing_result,
    result_told_in_passing,
    result_without_number,
    coordinator_talk,
    overcomplicated,
    _missing_parts,
    _uncovered,
    _left_out,
    we_in_actions,
    far_off_target,
    long_background,
    heavy_part,
    hedging,
    passive_actions,
    repeating,
    unexplained_jargon,
    no_landing,
    many_fillers,
    pace,
    many_markers,
    some_fillers,
    slightly_off_target,
    long_pauses,
    _expect_a_follow_up,
)
"""Of two equally severe findings, the one whose rule stands first comes first."""
