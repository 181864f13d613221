"""The review page of an interview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from markupsafe import escape

from voicemock.models import Answer, Framework, Session
from voicemock.report.debrief_words import DebriefView
from voicemock.report.page_answer import answer_view
from voicemock.report.sheet import render


def render_page(
    session: Session,
    answers: Sequence[Answer],
    frameworks: Sequence[Framework | None],
    audio: Mapping[int, str],
    definitions: Mapping[str, str],
    debrief: DebriefView | None = None,
) -> str:
    """Return the page of an interview, or of the telling of a story.

    ``audio`` holds the address of each recording, relative or ``data:``, by the answer's position.
    """
    sources = {position: escape(address) for position, address in audio.items()}  # megabytes: not looked at twice
    views = [
        answer_view(answer, framework, sources.get(answer.position), definitions)
        for answer, framework in zip(answers, frameworks, strict=True)
    ]
    title, started = session.story or "Interview", _moment(session.started_at)
    return render(
        "page.html.j2", "page.js", session=session, title=title, started=started, answers=views, debrief=debrief
    )


def _moment(moment: datetime) -> str:
    """Return a date and time as people write it, in local time: "Tuesday 24 November 2026, 17:18"."""
    local = moment.astimezone()
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M}"
