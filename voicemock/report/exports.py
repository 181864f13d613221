"""A session as files for other programs: Markdown, CSV, and subtitles to a recording.

What was said is data in all of them: no mark-up, no formula and no subtitle command of a transcript has any effect.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final, NamedTuple

from voicemock.comparison import measures_of
from voicemock.feedback import clock
from voicemock.models import Answer, Assessment, Framework, Session
from voicemock.report.content_rows import content_rows
from voicemock.report.delivery_rows import delivery_rows
from voicemock.report.passages import one_line, passages, printable

LONGEST_CUE_S: Final = 6.0
LONGEST_CUE: Final = 80
"""Characters of a subtitle: two lines of about 40, which is what players show."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|!~&])")
_LIST_START = re.compile(r"^(\s*)(\d+)([.)])(?=\s|$)|^(\s*)([-+=])")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula."""

_COLUMNS = ("session", "recorded_at", "position", "status", "story", "question_id", "question", "framework")


def to_markdown(session: Session, answers: Sequence[Answer], frameworks: Sequence[Framework | None]) -> str:
    """Return a session as a page: each answer, in order, with transcript, measures and feedback."""
    lines = [f"# {plain_markdown(session.story or f'Session {session.id}')}", ""]
    lines += [f"{session.started_at.astimezone():%Y-%m-%d %H:%M}, session {session.id}", ""]
    for answer, framework in zip(answers, frameworks, strict=True):
        if answer.question is not None:
            lines += [f"## {answer.position}. {plain_markdown(answer.question.text)}", ""]
        if answer.assessment is None:
            lines += [f"{answer.status}, not analyzed", ""]
        else:
            lines += _answer_in_markdown(answer.assessment, framework)
    return "\n".join(lines).rstrip() + "\n"


def to_csv(session: Session, answers: Sequence[Answer], frameworks: Sequence[Framework | None]) -> str:
    """Return a row for each answer: where it belongs, its numbers and its words."""
    rows = [_row(session, answer, framework) for answer, framework in zip(answers, frameworks, strict=True)]
    numbers = dict.fromkeys(name for row in rows for name in row if name not in (*_COLUMNS, "transcript"))
    out = io.StringIO()
    writer = csv.DictWriter(out, [*_COLUMNS, *numbers, "transcript"], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def to_srt(assessment: Assessment) -> str:
    """Return subtitles in SubRip's format; empty where there are no times."""
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
    """Yield each subtitle: a sentence, or as much of it as two lines hold; none where there are no times."""
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


def plain_markdown(text: str) -> str:
    """Return text that Markdown shows as it is."""
    escaped = _MARKDOWN.sub(r"\\\1", one_line(text))
    return _LIST_START.sub(lambda match: rf"{match[2]}\{match[3]}" if match[2] else rf"\{match[5]}", escaped)


def markdown_list(title: str, items: Iterable[str]) -> Iterator[str]:
    """Yield a list of Markdown under its heading; nothing where it is empty."""
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
        quote = f' "{plain_markdown(point.quote)}"' if point.quote else ""
        yield f"- {point.kind}: {plain_markdown(point.text)}{quote}"
    if assessment.feedback.drill:
        yield f"- drill: {plain_markdown(assessment.feedback.drill)}"
    yield from (f"- since the last take: {plain_markdown(change)}" for change in assessment.feedback.since_last)
    yield ""


def _row(session: Session, answer: Answer, framework: Framework | None) -> dict[str, str]:
    question, assessment = answer.question, answer.assessment
    row = {
        "session": session.id,
        "recorded_at": answer.recorded_at.isoformat(),
        "position": str(answer.position),
        "status": answer.status,
        "story": _cell(session.story or ""),
        "question_id": question.id if question else "",
        "question": _cell(question.text if question else ""),
        "framework": framework.name if framework else "",
    }
    if assessment is None:
        return row
    for measure in measures_of(assessment.analysis, framework):
        name = f"{measure.name}_s" if measure.unit == "s" else measure.name
        row[name] = "" if measure.value is None else f"{measure.value:.2f}".rstrip("0").rstrip(".")
    return row | {"transcript": _cell(assessment.transcript.text)}


def _cell(text: str) -> str:
    """Return a text that a spreadsheet shows and does not compute."""
    shown = printable(text)
    return f"'{shown}" if shown.lstrip(" ").startswith(_FORMULA_STARTS) else shown
