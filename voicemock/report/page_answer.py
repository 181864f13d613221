"""One answer prepared for the template of the review page: everything is decided here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple

from voicemock.coaching.spoken_numbers import clock
from voicemock.coaching.tightening.tighten import tighten
from voicemock.models import Analysis, Answer, Assessment, Feedback, Framework, Prosody, ProsodyStretch
from voicemock.report.mentor_reviews import ReviewView, review_views
from voicemock.report.own_view import own_view_lines
from voicemock.report.passages import Block, Mark, Run, spoken_blocks
from voicemock.report.rows import (
    LENGTHS,
    MISSING,
    NO_PART,
    NOT_MEASURED,
    content_rows,
    coverage_rows,
    delivery_rows,
    part_title,
    structure_rows,
)
from voicemock.report.second_opinion import OpinionView, opinion_view
from voicemock.report.tightening import TighterView, tighter_view
from voicemock.report.timeline import Stretch, stretches, targets

SHARE_OF_A_PART: Final = "Share of a part"
"""Title of the definition that all rows of parts share."""

STATUSES: Final = {
    "answered": "",
    "no_speech": "No answer was heard.",
    "skipped": "Skipped.",
    "interrupted": "Interrupted; what was recorded until then is kept.",
}


class Figure(NamedTuple):
    """One of the few numbers at the top."""

    title: str
    value: str
    note: str


class Row(NamedTuple):
    """A row of the table of measures; ``is_gap`` if a part is missing or was not measured."""

    title: str
    yours: str
    comparison: str
    definition: str | None
    is_gap: bool


NO_PART_TITLE: Final = "No part"
"""Stands above sentences without a part."""


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """What the template shows of an analyzed answer."""

    feedback: Feedback
    figures: tuple[Figure, ...]
    rows: tuple[Row, ...]
    coverage: tuple[tuple[str, str, str], ...]
    """Title, words and moment of each expected point; empty for a story."""
    blocks: tuple[Block, ...]
    marks: frozenset[Mark]
    """The marks that occur in the transcript."""
    tighter: TighterView | None
    """None if nothing can be cut."""
    timeline: tuple[Stretch, ...]
    """Everything with a time except the pace."""
    melody: tuple[ProsodyStretch, ...]
    """Pitch and level of each stretch; empty where they were not measured."""
    data: Mapping[str, Any]
    """For the page's script: word times and the timeline's lanes."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What the template shows of an answer."""

    answer: Answer
    framework: Framework | None
    """None for a story without a word."""
    status: str
    """Empty for an ordinary answer."""
    audio: str | None
    """Address of the recording."""
    assessed: AssessmentView | None
    """None if the answer was not analyzed."""
    own_view: tuple[str, ...]
    """The candidate's own ratings beside the measures; empty without any."""
    reviews: tuple[ReviewView, ...] = ()
    """What other people said of it."""
    opinion: OpinionView | None = None
    """Second opinion of a language model on this machine."""

    def part_number(self, part: str | None) -> int:
        """Return the place of a part in the framework, from 1, which sets its color; 0 for no part."""
        return _part_numbers(self.framework).get(part or "", 0)

    def part_title(self, part: str | None) -> str:
        """Return the heading above the sentences of a part."""
        return part_title(self.framework, part) if part else NO_PART_TITLE

    @property
    def no_part(self) -> str:
        """What the heading of sentences without a part means; empty where there are none."""
        blocks = self.assessed.blocks if self.assessed is not None else ()
        has_none = self.framework is not None and any(block.part is None for block in blocks)
        return f"{NO_PART_TITLE}: {NO_PART}." if has_none else ""


def answer_view(
    answer: Answer, framework: Framework | None, audio: str | None, definitions: Mapping[str, str]
) -> AnswerView:
    """Prepare an answer; ``definitions`` has the meaning of each measure by its title."""
    assessment = answer.assessment
    assessed = _assessment_view(assessment, framework, definitions) if assessment is not None else None
    own, reviews = own_view_lines(answer), review_views(answer.reviews, answer.position)
    opinion = opinion_view(answer.second_opinion) if answer.second_opinion else None
    return AnswerView(answer, framework, STATUSES[answer.status], audio, assessed, own, reviews, opinion)


def _assessment_view(
    assessment: Assessment, framework: Framework | None, definitions: Mapping[str, str]
) -> AssessmentView:
    analysis, blocks, timeline = assessment.analysis, spoken_blocks(assessment), stretches(assessment, framework)
    runs = [item for block in blocks for line in block.lines for item in line.items if isinstance(item, Run)]
    return AssessmentView(
        feedback=assessment.feedback,
        figures=tuple(answer_figures(analysis, framework)) if assessment.transcript.text.strip() else (),
        rows=tuple(_rows(analysis, framework, definitions)) if assessment.transcript.text.strip() else (),
        coverage=tuple(coverage_rows(analysis.coverage)) if analysis.coverage else (),
        blocks=blocks,
        marks=frozenset(run.mark for run in runs if run.mark),
        tighter=_tighter(assessment, framework),
        timeline=tuple(stretch for stretch in timeline if stretch.lane != "pace"),
        melody=analysis.prosody.stretches if analysis.prosody else (),
        data=_data(assessment, framework, timeline),
    )


def _tighter(assessment: Assessment, framework: Framework | None) -> TighterView | None:
    """Return an answer cut to two minutes; None for one of which nothing goes, and for the reply to a follow-up."""
    if framework is None:
        return None
    found = tighten(assessment, framework)
    view = tighter_view(found)
    return view if view.rows else None


def answer_figures(analysis: Analysis, framework: Framework | None) -> Iterator[Figure]:
    """Yield the few numbers that stand at the top of an answer in which something was said."""
    if analysis.duration_s is not None:
        target = f"{clock(analysis.target_min_s)} to {clock(analysis.target_max_s)}"
        verdict = LENGTHS[analysis.length] if analysis.length else "target"
        yield Figure("Length", clock(analysis.duration_s), f"{verdict}: {target}")
    if analysis.words_per_minute is not None:
        yield Figure("Pace", f"{analysis.words_per_minute:.0f}", "words per minute")
    rate = f"{100 * len(analysis.fillers) / analysis.word_count:.1f} per 100 words" if analysis.word_count else ""
    yield Figure("Fillers", f"{len(analysis.fillers)}", rate)
    if analysis.structure is not None and framework is not None:
        missing = [part_title(framework, name) for name in analysis.structure.missing]
        parts = len(analysis.structure.parts)
        note = f"missing: {', '.join(missing)}" if missing else "none missing"
        yield Figure("Parts", f"{parts - len(missing)} of {parts}", note)
    yield Figure("Results", f"{len(analysis.quantified_results)}", "with a number")


def _rows(analysis: Analysis, framework: Framework | None, definitions: Mapping[str, str]) -> Iterator[Row]:
    purposes = {
        part.title: f"{part.purpose} {definitions[SHARE_OF_A_PART]}" for part in (framework.parts if framework else ())
    }
    found = (*delivery_rows(analysis), *structure_rows(analysis, framework), *content_rows(analysis))
    for title, yours, comparison in found:
        definition = definitions.get(title) or purposes.get(title)
        yield Row(title, yours, comparison, definition, is_gap=yours in (MISSING, NOT_MEASURED))


def _data(assessment: Assessment, framework: Framework | None, timeline: tuple[Stretch, ...]) -> Mapping[str, Any]:
    """Return what the script draws and plays, in the order of time."""
    numbers = _part_numbers(framework)
    in_lanes = groupby(sorted(timeline, key=lambda stretch: stretch.lane), key=lambda stretch: stretch.lane)
    lanes = {lane: [_bar(stretch, numbers) for stretch in group] for lane, group in in_lanes}
    return {
        "words": [[word.start_s, word.end_s] for word in assessment.transcript.words],
        "duration": assessment.analysis.recording_s,
        "pitch": _pitch(assessment.analysis.prosody),
        "targets": [
            {"from": target.start_s, "to": target.end_s, "title": target.title, "part": numbers[target.kind]}
            for target in targets(assessment, framework)
        ],
        **{lane: lanes.get(lane, []) for lane in ("parts", "pauses", "fillers", "results", "pace")},
    }


def _pitch(prosody: Prosody | None) -> dict[str, Any] | None:
    """Return the curve of the pitch; None where it was not measured."""
    return {"step": prosody.contour_step_s, "semitones": prosody.contour} if prosody else None


def _bar(stretch: Stretch, numbers: Mapping[str, int]) -> dict[str, Any]:
    bar = {"from": stretch.start_s, "to": stretch.end_s, "title": stretch.title, "detail": stretch.detail}
    if stretch.lane == "parts":
        return {**bar, "part": numbers.get(stretch.kind, 0)}
    if stretch.lane == "pace":
        return {**bar, "pace": float(stretch.kind)}
    return {**bar, "kind": stretch.kind}


def _part_numbers(framework: Framework | None) -> dict[str, int]:
    """Return the place of each part, from 1."""
    return {part.name: number for number, part in enumerate(framework.parts if framework else (), start=1)}
