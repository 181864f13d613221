"""The page on which somebody else comments on an interview: one HTML file that needs no network and no voicemock.

It shows questions and answers, but no measures or feedback: reviewers should say what they hear, not what a program
found. What they write is saved as a small file that ``voicemock import`` reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from markupsafe import Markup, escape

from voicemock.errors import InputError
from voicemock.interview.mentor_reviews import KIND
from voicemock.models import (
    LONGEST_COMMENT,
    LONGEST_REVIEWER,
    MOST_COMMENTS,
    SCHEMA_VERSION,
    Answer,
    Assessment,
    RatedItem,
    Session,
    hash_of_transcript,
    word_spans,
)
from voicemock.report.own_view import RATED
from voicemock.report.page import day_and_time, embedded_recordings, refuse_target, render, write_given
from voicemock.report.passages import Run, spoken_blocks

NOTHING_TO_REVIEW: Final = "No answer with words is kept in session {session}: there is nothing to comment on."
WITHOUT_SOUND: Final = "Your recordings are not in it. To let others hear you: --embed-audio"

SCALES: Final[dict[RatedItem, str]] = {
    "length": "1 far too short or too long, 5 just right",
    "structure": "1 hard to follow, 5 every part in its place",
    "result": "1 no outcome, 5 an outcome with a number",
    "delivery": "1 hard to listen to, 5 clear, calm and fluent",
}


class ReviewedLine(NamedTuple):
    """A sentence, or the text between two of them: its pieces, each with the number of its word or None."""

    first: int | None
    """Number of its first word; None where it holds no whole word, and there is nothing to comment on."""
    last: int | None
    start_s: float | None
    pieces: tuple[tuple[str, int | None], ...]


class AnswerToReview(NamedTuple):
    """An answer on the page."""

    position: int
    question: str
    audio: Markup | None
    lines: tuple[ReviewedLine, ...]
    data: Mapping[str, Any]
    """For the page's script: the places of the words in the transcript, and their times."""


def render_for_review(session: Session, answers: Iterable[Answer], audio: Mapping[int, str]) -> str:
    """Return the page.

    Args:
        session: The interview.
        answers: In order; those without words are left out.
        audio: ``data:`` addresses of recordings by the positions of their answers.

    Raises:
        InputError: No answer has words.
    """
    shown = tuple(_answers(session, answers, audio))
    if not shown:
        raise InputError(NOTHING_TO_REVIEW.format(session=session.id))
    about = {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        "session": session.id,
        "most": MOST_COMMENTS,
        "items": list(RATED),
    }
    return render(
        "for_review.html.j2",
        "for_review.js",
        has_chart=False,
        title=session.story or "Interview",
        started=day_and_time(session.started_at),
        session=session,
        answers=shown,
        about=about,
        rated=[(item, each.title, SCALES[item]) for item, each in RATED.items()],
        longest_comment=LONGEST_COMMENT,
        longest_reviewer=LONGEST_REVIEWER,
    )


def write_for_review(
    session: Session,
    answers: Sequence[Answer],
    folder: Path,
    *,
    to: Path | None = None,
    embed_audio: bool = False,
    force: bool = False,
) -> Path:
    """Write the page and return its path, by default ``review-SESSION.html`` in the current folder.

    Raises:
        InputError: No answer has words, or the file cannot be written, or is there and not to be written over.
        AudioFileError: A recording cannot be read.
    """
    page = (to or Path(f"review-{session.id}.html")).absolute()
    refuse_target(page, folder.parent.parent, force=force)
    html = render_for_review(session, answers, embedded_recordings(answers, folder) if embed_audio else {})
    write_given(page, html.encode("utf-8", "replace"), force=force)
    return page


def _answers(session: Session, answers: Iterable[Answer], audio: Mapping[int, str]) -> Iterable[AnswerToReview]:
    for answer in answers:
        if answer.assessment is not None and answer.assessment.transcript.text.strip():
            address = audio.get(answer.position)
            yield AnswerToReview(
                position=answer.position,
                question=answer.question.text if answer.question else session.story or "Story",
                audio=escape(address) if address else None,
                lines=tuple(_lines(answer.assessment)),
                data=_data(answer.position, answer.assessment),
            )


def _lines(assessment: Assessment) -> Iterable[ReviewedLine]:
    """Yield the sentences, in order and complete."""
    for block in spoken_blocks(assessment):
        for line in block.lines:
            runs = (item for item in line.items if isinstance(item, Run))
            pieces = tuple((atom.text, atom.word) for run in runs for atom in run.atoms)
            words = [word for _, word in pieces if word is not None]
            yield ReviewedLine(min(words, default=None), max(words, default=None), line.start_s, pieces)


def _data(position: int, assessment: Assessment) -> dict[str, Any]:
    transcript = assessment.transcript
    times = (word.start_s for word in transcript.words)
    places = [[start, end, time] for (start, end), time in zip(word_spans(transcript), times, strict=True)]
    return {"position": position, "hash": hash_of_transcript(transcript.text), "words": places}
