"""Tighter answers: one answer cut to a length that is chosen, in the candidate's own sentences."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from voicemock.coaching.spoken_numbers import clock
from voicemock.coaching.tightening.tighten import default_length_s, tighten
from voicemock.errors import UnknownNameError
from voicemock.report.deletion import no_answer
from voicemock.report.tightening import TITLE, tighter_view
from voicemock.web.pages import bank_of, open_store, page

LENGTHS_S: Final = (45.0, 60.0, 90.0, 120.0, 150.0, 180.0, 240.0)


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [Route("/sessions/{session}/answers/{position:int}/tighter", tighter)]


def tighter(request: Request) -> Response:
    """Show what stays of an answer at a length, and every cut; without a length, at the usual one.

    Raises:
        UnknownNameError: There is no such answer, or nothing was said in it.
    """
    position, bank = request.path_params["position"], bank_of(request)
    with open_store(request) as store:
        session = store.sessions.find(request.path_params["session"])
        answer = next((each for each in store.sessions.answers(session) if each.position == position), None)
        if answer is None:
            raise no_answer(session, position, store.sessions.positions(session))
    framework = bank.framework_of(answer.assessment, answer.question) if answer.assessment else None
    if answer.assessment is None or framework is None:
        raise UnknownNameError("Nothing that was said there can be tightened.")
    usual = default_length_s(answer.assessment)
    lengths = sorted({*LENGTHS_S, usual})
    asked = request.query_params.get("to", "")
    to_s = next((each for each in lengths if asked == f"{each:g}"), usual)
    return page(
        request,
        "tighter.html.j2",
        heading=TITLE,
        asked=answer.question.text if answer.question else session.story or "",
        back=f"/sessions/{quote(session.id)}#answer-{position}",
        lengths=[(f"{each:g}", clock(each)) for each in lengths],
        chosen=f"{to_s:g}",
        view=tighter_view(tighten(answer.assessment, framework, to_s)),
    )
