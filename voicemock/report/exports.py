"""A session as Markdown, practice notes, CSV and subtitles.

What was said is data in all of them: no markup, formula or subtitle command of a transcript has any effect.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any, Final, NamedTuple

import yaml

from voicemock.analysis.evidence import LIKELY
from voicemock.coaching.spoken_numbers import clock
from voicemock.models import RATED_ITEMS, Analysis, Answer, Assessment, Debrief, Framework, Session
from voicemock.practice.comparison import measures_of
from voicemock.report.debrief import CardView, Citation, CompetencyView, DebriefPoint, DebriefView, debrief_view
from voicemock.report.mentor_reviews import TITLE, CommentView, review_views
from voicemock.report.own_view import HEADING, own_view_lines
from voicemock.report.passages import passages
from voicemock.report.rows import content_rows, delivery_rows
from voicemock.report.safe_text import cited, plain_markdown, printable, spreadsheet_cell

LONGEST_CUE_S: Final = 6.0
LONGEST_CUE: Final = 80
"""Characters of a subtitle: two lines of about 40, which is what players show."""
_NOT_TOLD: Final = "Not told."

_COLUMNS = ("session", "recorded_at", "position", "status", "story", "question_id", "question", "framework")


def to_markdown(session: Session, answers: Sequence[Answer], frameworks: Sequence[Framework | None]) -> str:
    """Return a session as a page: each answer with transcript, measures and feedback."""
    lines = [f"# {plain_markdown(session.story or f'Session {session.id}')}", ""]
    lines += [f"{session.started_at.astimezone():%Y-%m-%d %H:%M}, session {session.id}", ""]
    for answer, framework in zip(answers, frameworks, strict=True):
        if answer.question is not None:
            lines += [f"## {answer.position}. {plain_markdown(answer.question.text)}", ""]
        if answer.assessment is None:
            lines += [f"{answer.status}, not analyzed", ""]
        else:
            lines += _answer_in_markdown(answer.assessment, framework)
            lines += markdown_list(HEADING, own_view_lines(answer))
            lines += _reviews_in_markdown(answer)
    return "\n".join(lines).rstrip() + "\n"


def to_csv(session: Session, answers: Sequence[Answer], frameworks: Sequence[Framework | None]) -> str:
    """Return a row for each answer: session and question, numbers, words."""
    rows = [_row(session, answer, framework) for answer, framework in zip(answers, frameworks, strict=True)]
    numbers = dict.fromkeys(name for row in rows for name in row if name not in (*_COLUMNS, "transcript"))
    out = io.StringIO()
    writer = csv.DictWriter(out, [*_COLUMNS, *numbers, "transcript"], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def to_srt(assessment: Assessment) -> str:
    """Return subtitles in SubRip's format; empty without word times."""
    return "\n".join(
        f"{number}\n{_stamp(start_s, ',')} --> {_stamp(end_s, ',')}\n{text}\n"
        for number, (start_s, end_s, text) in enumerate(cues(assessment), start=1)
    )


def to_vtt(assessment: Assessment) -> str:
    """Return subtitles in WebVTT's format."""
    shown = (
        f"{_stamp(start_s, '.')} --> {_stamp(end_s, '.')}\n{escape(text, quote=False)}\n"
        for start_s, end_s, text in cues(assessment)
    )
    return "\n".join(("WEBVTT\n", *shown))


class Cue(NamedTuple):
    """One subtitle, or one word of it."""

    start_s: float
    end_s: float
    text: str


def cues(assessment: Assessment) -> Iterator[Cue]:
    """Yield each subtitle: a sentence, or as much of it as two lines hold; none without word times."""
    begun: list[Cue] = []
    for word in (
        Cue(each.start_s, each.end_s, printable(each.text).replace("-->", "\N{RIGHTWARDS ARROW}"))
        for each in assessment.transcript.words
        if each.start_s is not None and each.end_s is not None
    ):
        longer = " ".join(each.text for each in (*begun, word))
        if begun and (len(longer) > LONGEST_CUE or word.end_s - begun[0].start_s > LONGEST_CUE_S):
            yield _joined(begun)
            begun = []
        begun.append(word)
        if word.text.endswith((".", "?", "!")):
            yield _joined(begun)
            begun = []
    if begun:
        yield _joined(begun)


def _joined(words: Sequence[Cue]) -> Cue:
    return Cue(words[0].start_s, words[-1].end_s, " ".join(word.text for word in words))


def _stamp(seconds: float, point: str) -> str:
    milliseconds = round(1000 * seconds)
    return (
        f"{milliseconds // 3_600_000:02}:{milliseconds // 60_000 % 60:02}:{milliseconds // 1000 % 60:02}"
        f"{point}{milliseconds % 1000:03}"
    )


def markdown_list(title: str, items: Iterable[str]) -> Iterator[str]:
    """Yield a Markdown list under its heading; nothing if it is empty."""
    if lines := [f"- {item}" for item in items]:
        yield from (f"### {title}", "", *lines, "")


def _answer_in_markdown(assessment: Assessment, framework: Framework | None) -> Iterator[str]:
    analysis = assessment.analysis
    for passage in passages(assessment):
        moment = f"**{clock(passage.start_s)}** " if passage.start_s is not None else ""
        yield f"> {moment}{plain_markdown(passage.text)}"
        yield ">"
    yield from ("", "| measure | yours | to compare |", "| --- | --- | --- |")
    parts = [
        (measure.title, "missing" if measure.is_missing else clock(measure.value or 0.0), "")
        for measure in measures_of(analysis, framework)
        if measure.unit == "s" and measure.name != "length" and (measure.is_missing or measure.value is not None)
    ]
    for cells in (*delivery_rows(analysis), *parts, *content_rows(analysis)):
        yield "| " + " | ".join(plain_markdown(cell) for cell in cells) + " |"
    yield from ("", plain_markdown(assessment.feedback.spoken), "")
    for point in assessment.feedback.points:
        quote = f' "{plain_markdown(cited(point.quote))}"' if point.quote else ""
        yield f"- {point.kind}: {plain_markdown(point.text)}{quote}"
    if assessment.feedback.drill:
        yield f"- drill: {plain_markdown(assessment.feedback.drill)}"
    yield from (f"- since the last take: {plain_markdown(change)}" for change in assessment.feedback.since_last)
    yield ""


def _reviews_in_markdown(answer: Answer) -> Iterator[str]:
    for view in review_views(answer.reviews, answer.position):
        said = [f"{plain_markdown(each.text)}{_on(each)}" for each in view.comments]
        rated = [plain_markdown(view.ratings)] if view.ratings else []
        yield from markdown_list(f"{TITLE}: {plain_markdown(view.reviewer)}", (*rated, *said))


def _on(comment: CommentView) -> str:
    """Return the words that a comment is about, and when they were said."""
    moment = f", {comment.moment}" if comment.moment else ""
    return f' ("{plain_markdown(comment.words)}"{moment})'


def _row(session: Session, answer: Answer, framework: Framework | None) -> dict[str, str]:
    question, assessment = answer.question, answer.assessment
    row = {
        "session": session.id,
        "recorded_at": answer.recorded_at.isoformat(),
        "position": str(answer.position),
        "status": answer.status,
        "story": spreadsheet_cell(session.story or ""),
        "question_id": question.id if question else "",
        "question": spreadsheet_cell(question.text if question else ""),
        "framework": framework.name if framework else "",
    }
    if assessment is None:
        return row
    for measure in measures_of(assessment.analysis, framework):
        name = f"{measure.name}_s" if measure.unit == "s" else measure.name
        row[name] = "" if measure.value is None else f"{measure.value:.2f}".rstrip("0").rstrip(".")
    if answer.self_rating is not None:
        row |= {f"self_{item}": str(answer.self_rating.of(item) or "") for item in RATED_ITEMS}
    return row | {"transcript": spreadsheet_cell(assessment.transcript.text)}


def to_notes(session: Session, answers: Sequence[Answer], frameworks: Sequence[Framework | None]) -> str:
    """Return practice notes, for people and job-search tools; answers that were not analyzed are left out.

    YAML front matter for programs, then for each answer the sentences of every part, the measured results, the lessons
    and what to do next time. The words are the candidate's own, without fillers and restarts.
    """
    front = yaml.safe_dump(_front_matter(session, answers), sort_keys=False, allow_unicode=True, width=1000)
    lines = ["---", *front.splitlines(), "---", "", f"# {plain_markdown(_title(session))}", ""]
    for answer, framework in zip(answers, frameworks, strict=True):
        if answer.assessment is not None:
            lines += _answer(answer, answer.assessment, framework)
    return "\n".join(lines).rstrip() + "\n"


def _title(session: Session) -> str:
    return session.story or "Interview practice"


def _front_matter(session: Session, answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the part for programs, without empty keys."""
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


def sentences_with(name: str, analysis: Analysis) -> list[str]:
    """Return the sentences that are likely to hold a piece of evidence."""
    if analysis.structure is None or analysis.evidence is None:
        return []
    rows = zip(analysis.structure.sentences, analysis.evidence.sentences, strict=True)
    return [sentence.text for sentence, found in rows if found.get(name, 0.0) >= LIKELY]


def _answer(answer: Answer, assessment: Assessment, framework: Framework | None) -> Iterator[str]:
    if answer.question is not None:
        yield from (f"## {answer.position}. {plain_markdown(answer.question.text)}", "")
    yield from (f"Practiced {answer.recorded_at.astimezone():%Y-%m-%d}{_length(assessment)}", "")
    said = [(passage.part, plain_markdown(passage.text)) for passage in passages(assessment, clean=True)]
    for part in framework.parts if framework else ():
        told = " ".join(text for name, text in said if name == part.name and text)
        yield from (f"### {plain_markdown(part.title)}", "", told or _NOT_TOLD, "")
    results = [f"{result.text}: {result.quote}" for result in assessment.analysis.quantified_results]
    lessons = sentences_with("lesson", assessment.analysis)
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


def debrief_in_markdown(debrief: Debrief, spoken: str) -> Iterator[str]:
    """Yield the lines of a whole debrief, with a card for each question."""
    view = debrief_view(debrief, spoken)
    yield from _summary(view)
    yield from ("### Question by question", "", view.no_verdict, "")
    for card in view.cards:
        yield from _card(card)
    if view.competencies:
        yield from ("### By competency", "")
    for competency in view.competencies:
        yield from _competency(competency)


def summary_in_markdown(debrief: Debrief, spoken: str) -> Iterator[str]:
    """Yield what the answers have in common and what to work on next."""
    yield from _summary(debrief_view(debrief, spoken))


def _summary(view: DebriefView) -> Iterator[str]:
    good = [point for group in view.groups if group.kind in ("consistent", "in_some") for point in group.points]
    recurring = [point for group in view.groups if group.kind == "recurring" for point in group.points]
    yield from ("## Debrief", "", plain_markdown(view.spoken), "")
    yield from markdown_list("Good", map(_pattern, good))
    yield from markdown_list("What recurs", map(_pattern, recurring))
    for group in view.groups:
        if group.kind in ("told_twice", "level"):
            yield from markdown_list(group.title, map(_pattern, group.points))
    if view.next_work is not None:
        yield from ("### Work on next", "", plain_markdown(view.next_work.text), "")
        if view.next_work.drill:
            yield from (f"Drill: {plain_markdown(view.next_work.drill)}", "")
    if view.was_asked_back:
        asked = [_cited(question, question.source) for question in view.asked_back]
        yield from markdown_list("You asked", asked or ["No question was heard."])


def _pattern(point: DebriefPoint) -> str:
    quote = f" {_cited(point.citation, point.citation.source)}" if point.citation else ""
    return f"{plain_markdown(point.text)}{quote}"


def _card(card: CardView) -> Iterator[str]:
    yield from (f"#### {card.position}. {plain_markdown(card.heading)}", "")
    for text in filter(None, (card.about, card.outcome)):
        yield from (plain_markdown(text), "")
    if card.rows:
        yield from ("| listened for | observed | words |", "| --- | --- | --- |")
        for row in card.rows:
            words = " ".join(filter(None, (plain_markdown(row.detail), _moment(row.citation))))
            yield f"| {plain_markdown(row.title)} | {row.verdict} | {words} |"
        yield ""
    for position, row in card.follow_ups:
        asked = f" ({row.detail})" if row.detail else ""
        yield f"- {position}. {plain_markdown(row.title)}{asked}: {row.verdict}. {_moment(row.citation)}"
    if card.follow_ups:
        yield ""


def _competency(view: CompetencyView) -> Iterator[str]:
    yield from (f"#### {plain_markdown(view.title)}", "")
    for point in view.supports:
        quote = f": {_cited(point.citation, point.citation.source)}" if point.citation else ""
        yield f"- seen: {plain_markdown(point.text)}{quote}"
    for item in view.open:
        yield f"- open: {plain_markdown(item.title)}{f': {plain_markdown(item.detail)}' if item.detail else ''}"
    if view.unanswered:
        yield f"- no answer to judge: {view.unanswered}"
    yield ""


def _moment(citation: Citation | None) -> str:
    """Return the words and when they were said; empty without words."""
    return _cited(citation, citation.moment) if citation else ""


def _cited(citation: Citation, place: str) -> str:
    return f'"{plain_markdown(citation.words)}"{f" ({place})" if place else ""}'
