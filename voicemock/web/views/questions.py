"""Questions: find one, read what a strong answer covers, hear it, practice it, and write one of your own."""

from __future__ import annotations

from typing import Any, Final, get_args

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from voicemock.content.own_questions import ADDED_FILE, add_own_question, own_questions_folder
from voicemock.content.questions import QuestionBank, own_fields, spelled, titled
from voicemock.errors import UnknownNameError, VoicemockError
from voicemock.models import Level, Question
from voicemock.report import questions as words
from voicemock.web.pages import bank_of, fields, page, renew_bank

NEW: Final = "/questions/new"
FILTERS: Final = ("pillar", "framework", "company", "words", "own")
FIELDS: Final = ("text", "pillar", "competency", "companies", "level")


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [
        Route("/questions", overview),
        Route(NEW, form),
        Route(NEW, add, methods=["POST"]),
        Route("/questions/id/{question}", show),
    ]


def overview(request: Request) -> Response:
    """List the questions that match; without a filter, all of them in closed groups."""
    bank = bank_of(request)
    wanted = {name: request.query_params.get(name, "").strip() for name in FILTERS}
    problem = ""
    try:
        found = _found(bank, wanted)
    except UnknownNameError as error:
        found, problem = (), str(error)
    if wanted["own"] and not found and not problem:
        problem = words.NONE_OF_YOUR_OWN
    by_pillar: dict[str, list[Question]] = {}
    for question in words.in_order(found):
        by_pillar.setdefault(_title(question.pillar), []).append(question)
    return page(
        request,
        "questions.html.j2",
        wanted=wanted,
        is_filtered=any(wanted.values()),
        problem=problem,
        groups=by_pillar,
        count=words.found_text(len(found)),
        own_mark=words.YOUR_OWN,
        subject_of=lambda question: spelled(question.competency),
        **_choices(bank),
    )


def show(request: Request) -> Response:
    """Show a question with what a strong answer covers."""
    bank = bank_of(request)
    question = bank.get(request.path_params["question"])
    kept = words.kept_text(question, own_questions_folder() / ADDED_FILE) if "kept" in request.query_params else ""
    return page(
        request,
        "question.html.j2",
        question=question,
        about=words.described(question),
        sections=words.sections_of(question, bank),
        told=kept if question.own else "",
    )


def form(request: Request) -> Response:
    """Show the form of a question of the candidate's own; the address may fill fields in."""
    return _form(request, dict(request.query_params))


async def add(request: Request) -> Response:
    """Keep a question, or show the form again as it was sent, with what is in the way."""
    return await run_in_threadpool(_add, request, await fields(request))


def _add(request: Request, given: dict[str, str]) -> Response:
    try:
        wanted = {name: given.get(name, "").strip() or None for name in FIELDS}
        question = add_own_question(own_questions_folder(), own_fields(wanted))
        renew_bank(request)
    except VoicemockError as error:
        return _form(request, given, 422, problem=str(error))
    return RedirectResponse(f"/questions/id/{question.id}?kept", 303)


def _form(request: Request, given: dict[str, str], status: int = 200, *, problem: str = "") -> Response:
    bank = bank_of(request)
    return page(
        request,
        "question_form.html.j2",
        status,
        given={name: given.get(name, "") for name in FIELDS},
        problem=problem,
        competencies=sorted({question.competency for question in bank.questions}),
        levels=get_args(Level),
        folder=own_questions_folder(),
        **_choices(bank),
    )


def _found(bank: QuestionBank, wanted: dict[str, str]) -> tuple[Question, ...]:
    """Return the questions that are looked for.

    Raises:
        UnknownNameError: A name is unknown, or nothing has all of them.
    """
    found = bank.select(
        pillar=wanted["pillar"] or None, framework=wanted["framework"] or None, company=wanted["company"] or None
    )
    if wanted["own"]:
        found = tuple(question for question in found if question.own)
    return words.holding(found, wanted["words"])


def _choices(bank: QuestionBank) -> dict[str, Any]:
    """Return the values of the fields with a list, each with its title."""
    pillars = dict.fromkeys(question.pillar for question in bank.questions)
    companies = sorted({company for question in bank.questions for company in question.companies})
    return {
        "pillars": [(pillar, _title(pillar)) for pillar in pillars],
        "frameworks": [(str(each.name), each.title) for each in bank.frameworks],
        "companies": [(company, company.capitalize()) for company in companies],
    }


def _title(pillar: str) -> str:
    return titled(pillar.replace("_", "-"))
