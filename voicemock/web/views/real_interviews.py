"""Real interviews: noted, changed and deleted, their questions practiced again, and practice held against outcomes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from voicemock.content.own_questions import own_questions_folder
from voicemock.content.questions import QuestionBank
from voicemock.errors import VoicemockError
from voicemock.models import (
    LONGEST_ASKED,
    LONGEST_COMPANY,
    LONGEST_ROUND,
    MOST_ASKED,
    OUTCOMES,
    RealInterview,
    RealInterviews,
)
from voicemock.practice.asked_framework import framework_finder
from voicemock.practice.real_interviews import (
    KeptQuestion,
    agreement_of,
    card_of,
    interview_from,
    keep_questions,
    read_went,
    refuse_future,
)
from voicemock.report import real_interviews as words
from voicemock.store.overviews import read_day
from voicemock.store.real_interviews import RealInterviewLog
from voicemock.web.pages import bank_of, in_lines, open_store, page, renew_bank, taking_fields
from voicemock.web.views.exports import download

NEW: Final = "/log/new"
FIELDS: Final = ("company", "round", "held_on", "asked", "framework", "went", "outcome", "replaces")


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [
        Route("/log", overview),
        Route(NEW, form),
        Route(NEW, taking_fields(keep), methods=["POST"]),
        Route("/log/export", export),
        Route("/log/id/{id}/edit", edit),
        Route("/log/id/{id}/delete", ask_to_delete),
        Route("/log/id/{id}/delete", delete, methods=["POST"]),
    ]


def overview(request: Request) -> Response:
    """List the interviews, with their questions, and how practice and outcomes agree."""
    bank, interviews = bank_of(request), _log(request).interviews()
    with open_store(request) as store:
        agreement = agreement_of(interviews, store.takes.measured())
    return page(
        request,
        "log.html.j2",
        views=[words.interview_view(card_of(each, bank)) for each in interviews],
        agreement=words.agreement_view(agreement) if agreement else None,
        words=words,
        told=words.GONE if "gone" in request.query_params else "",
        added=words.kept_questions(_kept(request, bank), bank),
    )


def _kept(request: Request, bank: QuestionBank) -> list[KeptQuestion]:
    """Return the questions of the address that became the candidate's own just before."""
    own = {question.id: question for question in bank.questions if question.own}
    given = [item for item in request.query_params.multi_items() if item[0] in ("kept", "assumed") and item[1] in own]
    return [KeptQuestion(own[value], name == "assumed") for name, value in given]


def form(request: Request) -> Response:
    """Show the form of a new note."""
    today = datetime.now().astimezone().date()
    return _form(request, {"held_on": str(today), "outcome": "waiting"})


def edit(request: Request) -> Response:
    """Show the form with what is noted."""
    each = _interview(request)
    given = {
        "company": each.company,
        "round": each.round,
        "held_on": str(each.held_on),
        "asked": "\n".join(each.asked),
        "went": "" if each.went is None else str(each.went),
        "outcome": each.outcome,
        "replaces": each.id,
    }
    return _form(request, given)


def keep(request: Request, given: dict[str, str]) -> Response:
    """Keep a note and make its questions the candidate's own, or show the form again with the problem."""
    log = _log(request)
    try:
        before = log.find(given["replaces"]) if given.get("replaces") else None
        interview = interview_from(_fields(given), before, log.ids(), datetime.now(UTC))
        log.keep(interview)
        bank = bank_of(request)
        framework = bank.framework(given["framework"]).name if given.get("framework") else None
        find = framework_finder(bank, request.app.state.settings.cache_dir)
        kept = keep_questions([interview], bank, own_questions_folder(), lambda text: framework or find(text))
        if kept:
            renew_bank(request)
    except VoicemockError as error:
        return _form(request, given, 422, problem=str(error))
    told = [("assumed" if each.is_assumed else "kept", each.question.id) for each in kept]
    return RedirectResponse(f"/log{'?' if told else ''}{urlencode(told)}#{interview.id}", 303)


def export(request: Request) -> Response:
    """Send all interviews as a file that ``voicemock import`` reads."""
    found = RealInterviews(interviews=_log(request).interviews())
    return download("real-interviews.json", found.model_dump_json(indent=1).encode())


def ask_to_delete(request: Request) -> Response:
    """Ask before a note is deleted."""
    each = _interview(request)
    return page(request, "log_delete.html.j2", id=each.id, question=words.asks_to_delete(each))


def delete(request: Request) -> Response:
    """Delete a note."""
    _log(request).remove(_interview(request))
    return RedirectResponse("/log?gone", 303)


def _fields(given: dict[str, str]) -> dict[str, Any]:
    """Return the fields that a form gives.

    Raises:
        InputError: The day is none or still to come, or the rating is none.
    """
    held_on = read_day(given.get("held_on", "")).date()
    refuse_future(held_on, datetime.now().astimezone().date())
    return {
        "company": given.get("company", ""),
        "round": given.get("round", ""),
        "held_on": held_on,
        "asked": given.get("asked", "").splitlines(),
        "went": read_went(given.get("went", "")),
        "outcome": given.get("outcome", ""),
    }


def _form(request: Request, given: dict[str, str], status: int = 200, *, problem: str = "") -> Response:
    companies = sorted({company for each in bank_of(request).questions for company in each.companies})
    shown = {name: given.get(name, "") for name in FIELDS}
    return page(
        request,
        "log_form.html.j2",
        status,
        given={**shown, "asked": in_lines(shown["asked"])},
        problem=problem,
        companies=companies,
        frameworks=[(str(each.name), each.title) for each in bank_of(request).frameworks],
        outcomes=[(outcome, words.OUTCOME_TITLES[outcome]) for outcome in OUTCOMES],
        longest_company=LONGEST_COMPANY,
        longest_round=LONGEST_ROUND,
        longest_asked=(LONGEST_ASKED + 2) * MOST_ASKED,
    )


def _log(request: Request) -> RealInterviewLog:
    return RealInterviewLog(request.app.state.settings.data_dir)


def _interview(request: Request) -> RealInterview:
    """Return the interview of the address.

    Raises:
        UnknownNameError: There is none of that id.
    """
    return _log(request).find(request.path_params["id"])
