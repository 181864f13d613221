"""Events that the page shows, from the records that the interview makes. Every text is printable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

from voicemock.coaching.spoken_numbers import clock
from voicemock.models import Analysis, Answer, Assessment, Debrief, FeedbackPoint, Framework, Question
from voicemock.practice.comparison import Move
from voicemock.report.debrief import DebriefPoint, debrief_view
from voicemock.report.listening import HeardWords, filled_pause_counts
from voicemock.report.own_view import HEADING, own_view_lines
from voicemock.report.page_answer import answer_figures
from voicemock.report.safe_text import cited, printable
from voicemock.report.stories import NOTES_TITLE, clock_rows, clock_title, moved_lines, since_text
from voicemock.store.sessions import Take
from voicemock.web.messages import Event


def words_event(heard: HeardWords) -> Event:
    """Return the newest words, each piece with whether it is a filled pause, and how many of these there were."""
    return {
        "type": "words",
        "pieces": [list(piece) for piece in heard.pieces],
        "fillers": next(filled_pause_counts(heard)),
    }


def assessed_event(assessment: Assessment, question: Question | None, framework: Framework | None) -> Event:
    """Return the feedback on an answer, with its numbers, its points, and where its recording is."""
    feedback = assessment.feedback
    has_words = bool(assessment.transcript.text.strip())
    return {
        "type": "assessed",
        "title": printable(question.text) if question is not None else "",
        "is_reply": question is not None and not question.wants_a_whole_answer,
        "spoken": printable(feedback.spoken),
        "figures": [list(map(printable, each)) for each in _figures(assessment.analysis, framework) if has_words],
        "points": [_point(point) for point in feedback.points],
        "drill": printable(feedback.drill or ""),
        "since_last": [printable(change) for change in feedback.since_last],
        "transcript": printable(assessment.transcript.text),
        "recording": recording_address(assessment),
    }


def told_event(
    assessment: Assessment,
    framework: Framework | None,
    takes: Sequence[Take],
    moved: Iterable[Move],
    beside_notes: Iterable[str] = (),
) -> Event:
    """Return the feedback on a telling: an assessed event with the story's clock, and what moved since the last take.

    Args:
        assessment: Of the telling.
        framework: The parts it is held against; None without a word.
        takes: The earlier takes, oldest first.
        moved: What moved since the last of them.
        beside_notes: What is asked about numbers that the story's notes do not have.
    """
    analysis = assessment.analysis
    lines = list(moved_lines(moved))
    return assessed_event(assessment, None, framework) | {
        "clock_title": clock_title(analysis),
        "clock": [list(row) for row in clock_rows(analysis, framework)] if framework is not None else [],
        "since_title": since_text(len(takes), takes[-1].answer.recorded_at) if lines else "",
        "since_last": lines,
        "notes_title": NOTES_TITLE,
        "beside_notes": [printable(question) for question in beside_notes],
    }


def own_view_event(answer: Answer) -> Event:
    """Return the candidate's own ratings of the answer that was assessed last, beside the measures."""
    return {"type": "own_view", "title": HEADING, "lines": list(own_view_lines(answer))}


def debriefed_event(debrief: Debrief, spoken: str) -> Event:
    """Return what was observed over all answers."""
    view = debrief_view(debrief, spoken)
    work = view.next_work
    return {
        "type": "debriefed",
        "summary": view.summary,
        "spoken": view.spoken,
        "groups": [
            {"title": group.title, "points": [_cited(point) for point in group.points]} for group in view.groups
        ],
        "next_work": None if work is None else {"text": work.text, "answers": work.answers, "drill": work.drill},
    }


def recording_address(assessment: Assessment) -> str | None:
    """Return the path of a recording on this server; None for an answer without one."""
    recording = Path(assessment.source)
    return f"/recordings/{quote(recording.parent.name)}/{quote(recording.name)}" if recording.suffix else None


def _figures(analysis: Analysis, framework: Framework | None) -> list[tuple[str, str, str]]:
    return [(figure.title, figure.value, figure.note) for figure in answer_figures(analysis, framework)]


def _point(point: FeedbackPoint) -> Event:
    return {
        "kind": point.kind,
        "text": printable(point.text),
        "quote": cited(point.quote) if point.quote is not None else "",
        "start_s": point.start_s,
        "moment": clock(point.start_s) if point.start_s is not None else "",
    }


def _cited(point: DebriefPoint) -> Event:
    cited = point.citation
    return {"text": point.text, "quote": cited.words if cited else "", "source": cited.source if cited else ""}
