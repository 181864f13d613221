"""A session as practice notes: what people keep beside their applications, and what job-search tools read.

YAML front matter for programs; below it, for each answer, the sentences of every part, the measured results, what was
learned and what to do next time. The words are the candidate's own, without fillers and restarts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from voicemock.feedback import clock
from voicemock.feedback.results import draws_lesson
from voicemock.models import Answer, Assessment, Framework, Session
from voicemock.report.exports import markdown_list, plain_markdown
from voicemock.report.passages import passages, printable

_NOT_TOLD = "Not told."


def to_notes(session: Session, answers: Sequence[Answer], frameworks: Sequence[Framework | None]) -> str:
    """Return the notes of a session; answers that were not analyzed are left out."""
    front = yaml.safe_dump(_front_matter(session, answers), sort_keys=False, allow_unicode=True, width=1000)
    lines = ["---", *front.splitlines(), "---", "", f"# {plain_markdown(_title(session))}", ""]
    for answer, framework in zip(answers, frameworks, strict=True):
        if answer.assessment is not None:
            lines += _answer(answer, answer.assessment, framework)
    return "\n".join(lines).rstrip() + "\n"


def _title(session: Session) -> str:
    return session.story or "Interview practice"


def _front_matter(session: Session, answers: Sequence[Answer]) -> dict[str, Any]:
    """Return what programs read; a key without a value is left out."""
    found = [(answer, answer.assessment) for answer in answers if answer.assessment is not None]
    values = {
        "type": "interview-practice",
        "title": printable(_title(session)),
        "date": session.started_at.astimezone().date(),
        "session": session.id,
        "story": printable(session.story) if session.story else None,
        "loop": printable(session.loop) if session.loop else None,
        "answers": [
            _without_none(
                question=answer.question.id if answer.question else None,
                framework=assessment.analysis.structure.framework if assessment.analysis.structure else None,
                competency=answer.question.competency if answer.question else None,
                length_s=_rounded(assessment.analysis.duration_s),
                words_per_minute=_rounded(assessment.analysis.words_per_minute),
                fillers=len(assessment.analysis.fillers),
                missing=list(assessment.analysis.structure.missing) if assessment.analysis.structure else None,
                results=[printable(result.text) for result in assessment.analysis.quantified_results],
            )
            for answer, assessment in found
        ],
    }
    return _without_none(**values)


def _without_none(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _answer(answer: Answer, assessment: Assessment, framework: Framework | None) -> Iterator[str]:
    if answer.question is not None:
        yield from (f"## {answer.position}. {plain_markdown(answer.question.text)}", "")
    yield from (f"Practiced {answer.recorded_at.astimezone():%Y-%m-%d}{_length(assessment)}", "")
    said = [(passage.part, plain_markdown(passage.text)) for passage in passages(assessment, clean=True)]
    for part in framework.parts if framework else ():
        told = " ".join(text for name, text in said if name == part.name and text)
        yield from (f"### {plain_markdown(part.title)}", "", told or _NOT_TOLD, "")
    results = [f"{result.text}: {result.quote}" for result in assessment.analysis.quantified_results]
    structure = assessment.analysis.structure
    lessons = [each.text for each in structure.sentences if draws_lesson(each.text)] if structure else []
    points = assessment.feedback.points
    yield from markdown_list("Measured results", map(plain_markdown, results))
    yield from markdown_list("Lessons", map(plain_markdown, lessons))
    yield from markdown_list("Keep", [plain_markdown(point.text) for point in points if point.kind == "strength"])
    yield from markdown_list("Next time", [plain_markdown(point.text) for point in points if point.kind == "priority"])
    yield from markdown_list("Drill", [plain_markdown(assessment.feedback.drill)] if assessment.feedback.drill else [])


def _length(assessment: Assessment) -> str:
    analysis = assessment.analysis
    if analysis.duration_s is None:
        return ""
    return f", {clock(analysis.duration_s)} of {clock(analysis.target_min_s)} to {clock(analysis.target_max_s)}"
