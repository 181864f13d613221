"""Gaps: what an answer and its replies lack, and how much an interviewer would want to know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from voicemock.analysis.evidence import LACKS, LIKELY
from voicemock.analysis.lexicon import ChecklistItem
from voicemock.analysis.outcomes import OUTCOME_FIGURE
from voicemock.analysis.spoken_text import statement_of
from voicemock.coaching.cues import load_claim_words
from voicemock.coaching.findings import ACTION, said
from voicemock.coaching.judgment import judged_priorities
from voicemock.coaching.probes import Listened, Listening
from voicemock.models import QuantifiedResult, Question

MAJOR: Final = 5.0
"""From this worth on, a gap comes before anything that was said."""

WORTH: Final[Mapping[str, float]] = MappingProxyType(
    {
        "off_topic": 10.0,
        "no_event": 9.8,
        "brief": 9.7,
        "other_question": 9.2,
        "notes": 9.5,
        "action": 9.0,
        "result": 8.0,
        "implausible": 7.5,
        "number": 7.0,
        "credit": 6.8,
        "blame": 6.6,
        "general": 7.9,
        "hand_over": 7.6,
        "choice": 7.2,
        "tools": 6.1,
        "coordination": 6.2,
        "own_part": 5.8,
        "situation": 5.4,
        "reason": 5.2,
        "lesson": 5.0,
        "task": 2.0,
    }
)
"""Worth of each gap that is no part and no point of a checklist.

What a listener takes for the task is mostly plain from the story, so it is asked for last.
"""

JUDGED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no_story": "no_event",
        "opposite": "other_question",
        "bullets": "notes",
        "implausible": "implausible",
        "missing_result": "result",
        "sole_credit": "credit",
        "blame": "blame",
        "contempt": "blame",
        "platitudes": "general",
        "escalation_only": "hand_over",
        "no_decision": "choice",
        "tool_list": "tools",
        "no_reasons": "reason",
        "we_in_actions": "own_part",
        "coordinator": "coordination",
    }
)
"""Findings of the feedback, and the gap that each is. Feedback and follow-up have one judge."""

JUDGED_FROM: Final = 0.4
"""Least probability of a finding that a follow-up asks about, where the feedback says something else first."""
MISSED_FROM: Final = 0.85
"""From this probability on a part is asked for. To ask for what was told is worse than to ask about something else."""
MISSING_PART: Final = 6.0
"""Worth of a missing part of a triage or design answer."""
MISSING_NEGOTIATION: Final = MAJOR
"""Not every case has another side, so all else that is major is asked about first."""
MISSING_POINT: Final = 3.0
"""Worth of a missing checklist point."""
MOVED_UNITS: Final = frozenset({"%", "points", "x", "USD"})
WE_FROM: Final = 4
WE_SHARE: Final = 0.7
"""With two of three actions by "we", the candidate can still be told from the team."""
COORDINATION_FROM: Final = 3
COORDINATION_SHARE: Final = 0.5
"""The feedback objects to coordination from 0.6 on; a question may come sooner."""


@dataclass(frozen=True)
class Gap:
    """Something that the answer lacks.

    Attributes:
        name: A part, a checklist point, or one of ``WORTH``.
        worth: How much it limits the answer.
    """

    name: str
    worth: float

    @property
    def is_major(self) -> bool:
        """Whether it comes before anything that was said."""
        return self.worth >= MAJOR


def find_gaps(listening: Listening, question: Question | None) -> tuple[Gap, ...]:
    """Return what both the answer and the replies lack, the worst first."""
    main = listening.main
    if main.refusal == "off_topic":
        return (Gap("off_topic", WORTH["off_topic"]),)
    if main.heard.is_hardly_there and not listening.replies:
        return (Gap("brief", WORTH["brief"]),)
    found = _gaps_of_a_story(listening, question) if main.framework.name == "star" else _gaps_of_a_plan(listening)
    found |= _who_did_it(main)
    if not listening.replies:
        found |= _judged(main)
    return tuple(sorted((Gap(name, worth) for name, worth in found.items()), key=lambda gap: (-gap.worth, gap.name)))


def outcomes_told(listening: Listening) -> tuple[tuple[Listened, QuantifiedResult], ...]:
    """Return the measured outcomes of the answer and the replies, those of the result first."""
    told = [(turn, outcome) for turn in listening.meaningful for outcome in turn.heard.told_outcomes]
    return tuple(sorted(told, key=lambda pair: pair[1].part != "result"))


def outcomes_moved(listening: Listening) -> tuple[tuple[Listened, QuantifiedResult], ...]:
    """Return the outcomes that tell a change, not only what was reached ("zero incidents", "nobody left")."""
    return tuple(
        (turn, outcome)
        for turn, outcome in outcomes_told(listening)
        if outcome.value_from is not None
        or (outcome.value != 0 and (outcome.direction is not None or outcome.unit in MOVED_UNITS))
    )


def _gaps_of_a_story(listening: Listening, question: Question | None) -> dict[str, float]:
    missing = _surely_missing(listening.main)
    missing -= {sentence.part for turn in listening.replies for sentence in turn.heard.sentences if sentence.part}
    outcomes = outcomes_told(listening)
    if outcomes:
        missing.discard("result")
    names = set(missing)
    if (
        not outcomes
        and "result" not in missing
        and listening.lacks(OUTCOME_FIGURE)
        and _misses_a_figure(listening.main)
    ):
        names.add("number")
    found = {name: WORTH[name] for name in names}
    if (
        question
        and listening.lacks("lesson")
        and load_claim_words().hears("about failure", statement_of(question.text))
    ):
        found["lesson"] = WORTH["lesson"]
    return found


def _judged(main: Listened) -> dict[str, float]:
    """Return the gaps of an answer that its feedback speaks of: what it says first, and what is likely."""
    found = [finding.name for finding in judged_priorities(main.heard) if finding.extent >= JUDGED_FROM]
    found += [finding.name for finding in main.assessment.feedback.findings[:1]]
    return {JUDGED[name]: WORTH[JUDGED[name]] for name in found if name in JUDGED}


def _misses_a_figure(main: Listened) -> bool:
    """Return whether the reader, if there is one, would rather say that no figure was told."""
    table = main.heard.table
    return table is None or table.most(LACKS + "figure") >= LIKELY


def _gaps_of_a_plan(listening: Listening) -> dict[str, float]:
    """Return the parts and expected points that a triage or design answer lacks."""
    coverage = listening.main.assessment.analysis.coverage
    later = {
        item.name
        for turn in listening.replies
        if turn.assessment.analysis.coverage
        for item in turn.assessment.analysis.coverage.items
        if item.covered
    }
    points = [item for item in coverage.items if item.expected and not item.covered] if coverage else []
    named = _checklist(listening)
    found = {
        item.name: MISSING_POINT
        for item in points
        if item.name not in later and item.name in named and listening.lacks(*named[item.name].evidence)
    }
    told = {sentence.part for turn in listening.replies for sentence in turn.heard.sentences}
    surely = _surely_missing(listening.main) - told
    needed = {part.name for part in listening.main.heard.missing if part.comes_first} - told
    parts = sorted(listening.main.framework.parts, key=lambda part: part.name not in needed)
    missing = [part.name for part in parts if part.name in surely | needed]
    if not listening.main.framework.is_plan and not outcomes_told(listening) and listening.lacks(OUTCOME_FIGURE):
        found["number"] = WORTH["number"]
    first = {name: MISSING_NEGOTIATION if name == "negotiate" else MISSING_PART for name in missing[:1]}
    return found | dict.fromkeys(missing, MISSING_POINT) | first


def _checklist(listening: Listening) -> Mapping[str, ChecklistItem]:
    """Return the points of the answer's checklist by their names; none where there is no checklist."""
    name = listening.main.framework.name
    return {item.name: item for each in listening.lexicon.checklists if each.name == name for item in each.items}


def _surely_missing(main: Listened) -> set[str]:
    """Return the parts that the structure misses and the reader quite surely misses, too."""
    table = main.heard.table
    return {
        part.name
        for part in main.heard.missing
        if table is None
        or table.most(LACKS + part.name) >= max(MISSED_FROM, table.scales[LACKS + part.name].there_from)
    }


def _who_did_it(main: Listened) -> dict[str, float]:
    """Return the gaps of an answer in which "we" act, or that tells of coordination alone."""
    analysis = main.assessment.analysis
    found = {}
    by_part = analysis.ownership.by_part if analysis.ownership else ()
    acts = next((part for part in by_part if part.part == ACTION), None)
    if acts is not None and acts.we >= WE_FROM and (acts.we_share or 0.0) >= WE_SHARE:
        found["own_part"] = WORTH["own_part"]
    if analysis.substance is not None and main.framework.name != "design":
        meetings = said(remark for remark in analysis.substance.remarks if remark.kind == "coordination")
        if len(meetings) >= COORDINATION_FROM and (analysis.substance.coordination_share or 0) >= COORDINATION_SHARE:
            found["coordination"] = WORTH["coordination"]
    return found
