"""Unfinished answers: those that were recorded before a server or a machine died, and their analysis."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from voicemock import __version__
from voicemock.errors import VoicemockError
from voicemock.interview.recovery import open_recovery
from voicemock.report.unfinished import described, problem_with
from voicemock.settings import Settings
from voicemock.store.store import Store
from voicemock.web.pages import is_on, open_store, page, stage_of

OFFERED_ON: Final = ("/", "/sessions")
"""The pages that offer it, and are shown again afterward."""
IN_THE_WAY: Final = "An interview is in progress. Finish the answer when it is over."


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [Route("/unfinished", finish, methods=["POST"])]


def waiting(request: Request) -> list[str]:
    """Return a line about each answer that waits to be finished; none during an interview."""
    if is_on(request):
        return []
    with open_store(request) as store:
        store.unfinished.sweep()
        return [described(left) for left in store.unfinished.find()]


def finish(request: Request) -> Response:
    """Finish the answers that wait, and say which could not be. It takes some seconds for each."""
    with stage_of(request).reserved() as is_free:
        problems = finished(request.app.state.settings) if is_free else [IN_THE_WAY]
    if problems:
        return page(request, "message.html.j2", 409, title="Not everything is finished", text=" ".join(problems))
    then = request.query_params.get("then")
    return RedirectResponse(then if then in OFFERED_ON else "/", 303)


def finished(settings: Settings) -> list[str]:
    """Finish the answers that wait; return what is wrong with those that cannot be finished."""
    problems: list[str] = []
    with Store(settings.data_dir) as store:
        found = store.unfinished.find()
        try:
            with open_recovery(settings, store, __version__) as recovery:
                told = [(left, problem) for left, _, problem in recovery.finish_each(found)]
                problems += [problem_with(left, problem) for left, problem in told if problem is not None]
        except VoicemockError as error:
            problems.append(str(error))
    return problems
