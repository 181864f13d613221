"""Practice: choose an interview, check the microphone, and hold it."""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from voicemock.content.questions import QuestionBank, spelled
from voicemock.content.styles import Style, load_style
from voicemock.errors import UnknownNameError
from voicemock.models import Question
from voicemock.web.choice import STYLES, Choice
from voicemock.web.conversation import converse
from voicemock.web.pages import page, stage_of
from voicemock.web.views.unfinished import waiting

PILLARS: Final = {
    "behavioral": "Stories about what you did",
    "program_sense": "How you would run a program",
    "system_design": "How you would build a system",
}


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [
        Route("/", choose),
        Route("/interview", interview),
        WebSocketRoute("/interview/line", converse),
    ]


def choose(request: Request) -> Response:
    """Show what there is to practice."""
    bank: QuestionBank = request.app.state.bank
    by_pillar: dict[str, list[Question]] = {}
    for question in bank.questions:
        by_pillar.setdefault(question.pillar, []).append(question)
    return page(
        request,
        "choose.html.j2",
        unfinished=waiting(request),
        loops=bank.loops,
        pillars=[(name, _spelled(name), PILLARS[name]) for name in by_pillar],
        questions={_spelled(name): questions for name, questions in by_pillar.items()},
    )


def interview(request: Request) -> Response:
    """Show the interview that is going on, or the one that is chosen, before it begins."""
    stage = stage_of(request)
    if stage.is_on:
        return page(request, "interview.html.j2", choice={}, title="Interview", about="", styles=())
    try:
        choice = Choice.model_validate(dict(request.query_params))
        title, about = _described(request.app.state.bank, choice)
    except (ValidationError, UnknownNameError):
        return page(request, "message.html.j2", 404, title="Not found", text="There is no such interview.")
    return page(
        request,
        "interview.html.j2",
        choice=choice.model_dump(exclude_defaults=True),
        title=title,
        about=about,
        styles=_styles(),
    )


def _styles() -> list[Style]:
    return [load_style(name) for name in STYLES]


def _described(bank: QuestionBank, choice: Choice) -> tuple[str, str]:
    """Return the name of a choice, and what will come.

    Raises:
        UnknownNameError: No question or loop has that name.
    """
    if choice.loop:
        loop = bank.loop(choice.loop)
        return loop.title, f"{loop.minutes:.0f} minutes, as on the day. Feedback comes at the end."
    if choice.question:
        return bank.get(choice.question).text, "One question, then feedback."
    kind = f" on {_spelled(choice.pillar)}" if choice.pillar else ""
    count = "One question" if choice.count == 1 else f"{choice.count} questions"
    return f"{count}{kind}", "Feedback after each answer, and follow-ups."


def _spelled(pillar: str) -> str:
    return spelled(pillar.replace("_", "-"))
