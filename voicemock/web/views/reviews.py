"""Reviews: the list of sessions, the review page of each, and its debrief."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from voicemock.coaching.debrief import debrief_of
from voicemock.coaching.debrief_wording import spoken_debrief
from voicemock.coaching.same_story import subjects_encoder
from voicemock.models import Answer, Session
from voicemock.practice.comparison import subject_of
from voicemock.report.debrief import debrief_view
from voicemock.report.deletion import GONE
from voicemock.report.export_files import formats_of
from voicemock.report.mentor_reviews import REVIEWED
from voicemock.report.page import day_and_time, review_of
from voicemock.report.session_lines import STILL_IN_PROGRESS, session_line
from voicemock.store.store import Store
from voicemock.web.pages import bank_of, open_store, page
from voicemock.web.views.exports import FORMAT_TITLES
from voicemock.web.views.mentor_reviews import IMPORT
from voicemock.web.views.recordings import recording_of
from voicemock.web.views.second_opinions import may_judge
from voicemock.web.views.unfinished import waiting

SHOWN: Final = 50
"""Sessions that are listed at first."""


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [
        Route("/sessions", sessions),
        Route("/sessions/{session}", review),
        Route("/sessions/{session}/debrief", debrief),
    ]


def sessions(request: Request) -> Response:
    """List the sessions, newest first."""
    shows_all = "all" in request.query_params
    with open_store(request) as store:
        overviews = store.overviews.sessions(None if shows_all else SHOWN + 1)
        has_takes = max(store.takes.counts().values(), default=0) > 1
    texts = {question.id: question.text for question in bank_of(request).questions}
    has_more = not shows_all and len(overviews) > SHOWN
    return page(
        request,
        "sessions.html.j2",
        lines=[session_line(overview, texts) for overview in (overviews[:SHOWN] if has_more else overviews)],
        has_more=has_more,
        has_takes=has_takes,
        unfinished=waiting(request),
        gone=GONE if "gone" in request.query_params else "",
    )


def review(request: Request) -> Response:
    """Show a session as its review page does, and what can be done with it."""
    name = request.path_params["session"]
    with open_store(request) as store:
        found = store.sessions.find(name)
        if found.id != name:  # "last", the beginning of an id, a story
            return RedirectResponse(f"/sessions/{found.id}", 303)
        answers = store.sessions.answers(found)
        audio = _audio(store, found, answers)
        takes = store.takes.counts()
        in_progress = STILL_IN_PROGRESS if store.unfinished.is_in_progress(found.id) else ""
    bank = bank_of(request)
    return page(
        request,
        "review.html.j2",
        in_progress=in_progress,
        **review_of(found, answers, audio, bank, subjects_encoder(request.app.state.settings.cache_dir))._asdict(),
        formats=[(form.value, FORMAT_TITLES[form]) for form in formats_of(answers)],
        takes={answer.position: takes.get(subject_of((found, answer)), 0) for answer in answers},
        askable={question.id for question in bank.questions},
        gone=GONE if "gone" in request.query_params else "",
        reviewed=REVIEWED if "reviewed" in request.query_params else "",
        import_address=IMPORT,
        has_model=may_judge(request.app.state.settings),
    )


def _audio(store: Store, session: Session, answers: tuple[Answer, ...]) -> dict[int, str]:
    """Return where the recordings are on this server, by the positions of their answers."""
    folder = store.sessions.folder(session)
    names = {answer.position: answer.audio_file for answer in answers if answer.audio_file}
    return {
        position: f"/recordings/{quote(session.id)}/{quote(name)}"
        for position, name in names.items()
        if recording_of(folder, name) is not None
    }


def debrief(request: Request) -> Response:
    """Show what the answers of a session have in common."""
    with open_store(request) as store:
        found = store.sessions.find(request.path_params["session"])
        answers = store.sessions.answers(found)
    encode = subjects_encoder(request.app.state.settings.cache_dir)
    summed_up = debrief_of(answers, bank_of(request), level=found.level, encode=encode)
    return page(
        request,
        "session_debrief.html.j2",
        title=found.story or "Interview",
        started=day_and_time(found.started_at),
        review=f"/sessions/{quote(found.id)}",
        debrief=debrief_view(summed_up, spoken_debrief(summed_up)),
    )
