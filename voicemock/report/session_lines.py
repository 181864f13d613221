"""Sessions, and what a search finds in them, each in a line. Every text is printable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from voicemock.coaching.spoken_numbers import clock, counted
from voicemock.report.safe_text import printable
from voicemock.store.overviews import SearchResult, SessionOverview

NOT_SAID: Final = "No answer matches. Try fewer words, or only the beginning of a word: kaf*"
IN_PROGRESS: Final = "in progress"
STILL_IN_PROGRESS: Final = "This interview is in progress. Look again when it is over."
NO_TEXTS: Final[Mapping[str, str]] = {}


class SessionLine(NamedTuple):
    """A session in a list."""

    id: str
    title: str
    """The story, the loop, or the first question."""
    started: str
    about: str


class FoundLine(NamedTuple):
    """Where something was said."""

    place: str
    """Session and answer: "20261124-173516-f101/2"."""
    day: str
    subject: str
    moment: str
    """Empty if unknown."""


def subject_of(overview: SessionOverview) -> str:
    """Return the ids of a session's questions, or its story with take and length; first that it is in progress."""
    if overview.story is None:
        about = ", ".join(overview.questions)
    else:
        about = f"{printable(overview.story)}, {_telling(overview)}"
    return ": ".join(filter(None, (IN_PROGRESS if overview.is_in_progress else "", about)))


def session_line(overview: SessionOverview, questions: Mapping[str, str]) -> SessionLine:
    """Return a session for a list that people click; ``questions`` has the texts of the bank's questions by id."""
    first = next(iter(overview.questions), "")
    loop = f"{overview.loop.capitalize()} loop" if overview.loop else ""
    title = overview.story or loop or questions.get(first, first) or "Interview"
    answers = counted(overview.answers, "answer") if overview.answers else "no answer"
    local = overview.started_at.astimezone()
    return SessionLine(
        id=overview.id,
        title=printable(title),
        started=f"{local:%a} {local.day} {local:%b %Y, %H:%M}",
        about=", ".join(
            filter(
                None,
                (IN_PROGRESS if overview.is_in_progress else "", _telling(overview) if overview.story else answers),
            )
        ),
    )


def found_line(result: SearchResult, questions: Mapping[str, str] = NO_TEXTS) -> FoundLine:
    """Return where an answer is; ``questions`` has the texts of questions by id, and without one the id is shown."""
    question = result.question or ""
    return FoundLine(
        place=f"{result.session}/{result.position}",
        day=f"{result.recorded_at.astimezone():%d %b %Y}",
        subject=printable(result.story or questions.get(question, question)),
        moment=clock(result.start_s) if result.start_s is not None else "",
    )


def _telling(overview: SessionOverview) -> str:
    take = f"take {overview.take}" if overview.take is not None else "nothing said"
    return f"{take}, {clock(overview.duration_s)}" if overview.duration_s is not None else take
