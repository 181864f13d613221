"""Jobs: keep a description, see what it is about and what it brings up, practice for it, delete it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from voicemock.content.questions import QuestionBank
from voicemock.errors import DocumentError, VoicemockError
from voicemock.models import LONGEST_JOB_NAME, LONGEST_JOB_TEXT, Job
from voicemock.practice.jobs import LARGEST_FILE, SUFFIXES, card_of, company_of, text_of_document, tidy_text
from voicemock.report import jobs as words
from voicemock.store.jobs import JobShelf
from voicemock.web.pages import bank_of, fields, page

NEW: Final = "/jobs/new"
DOCUMENT: Final = "/jobs/document"
LARGEST: Final = {NEW: 3_000_000, DOCUMENT: LARGEST_FILE}
"""Bytes of a request to a path of this view: a form holds two texts, and an escaped letter takes up to nine bytes."""
TOO_LARGE: Final = f"{{name}} has {{size}} MB; at most {LARGEST_FILE / 1e6:.0f} MB are read."
FIELDS: Final = ("name", "company", "description", "notes")


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [
        Route("/jobs", overview),
        Route(NEW, form),
        Route(NEW, keep, methods=["POST"]),
        Route(DOCUMENT, read, methods=["POST"]),
        Route("/jobs/name/{slug}", show),
        Route("/jobs/name/{slug}/edit", edit),
        Route("/jobs/name/{slug}/delete", ask_to_delete),
        Route("/jobs/name/{slug}/delete", delete, methods=["POST"]),
    ]


def overview(request: Request) -> Response:
    """List the jobs."""
    bank = bank_of(request)
    cards = [card_of(job, bank) for job in _shelf(request).jobs()]
    gone = words.GONE if "gone" in request.query_params else ""
    return page(request, "jobs.html.j2", cards=cards, mostly_about=words.mostly_about, told=gone)


def form(request: Request) -> Response:
    """Show the form of a new job."""
    return _form(request, dict.fromkeys(FIELDS, ""))


def edit(request: Request) -> Response:
    """Show the form with what is kept of a job."""
    job = _job(request)
    given = {name: getattr(job, name) or "" for name in FIELDS}
    return _form(request, given | {"replaces": job.slug})


async def keep(request: Request) -> Response:
    """Keep a job, or show the form again as it was sent, with what is in the way."""
    return await run_in_threadpool(_keep, request, await fields(request))


async def read(request: Request) -> Response:
    """Return the text of a document: the body is the file, ``?name=`` its name."""
    content, name = await request.body(), request.query_params.get("name", "")
    try:
        return JSONResponse({"text": await run_in_threadpool(text_of_document, content, name)})
    except DocumentError as error:
        return PlainTextResponse(str(error), 422)


def show(request: Request) -> Response:
    """Show what a job is about, by which words, what comes up, and what to practice."""
    bank = bank_of(request)
    card = card_of(_job(request), bank)
    loops = [loop for loop in bank.loops if loop.company and loop.company == card.job.company]
    _, remark = company_of(bank, card.job.name, card.job.company)
    return page(request, "job.html.j2", card=card, loops=loops, words=words, remark=remark)


def ask_to_delete(request: Request) -> Response:
    """Ask before a job is deleted."""
    job = _job(request)
    return page(request, "job_delete.html.j2", job=job, question=words.asks_to_delete(job))


def delete(request: Request) -> Response:
    """Delete a job."""
    _shelf(request).remove(_job(request))
    return RedirectResponse("/jobs?gone", 303)


def _keep(request: Request, given: dict[str, str]) -> Response:
    shelf = _shelf(request)
    try:
        job = _job_of(given, bank_of(request))
        is_meant = given.get("replaces") == job.slug
        if shelf.has(job.name) and not is_meant:
            return _form(request, given | {"replaces": job.slug}, 409, question=words.asks_to_replace(job))
        shelf.keep(job)
    except VoicemockError as error:
        return _form(request, given, 422, problem=str(error))
    return RedirectResponse(f"/jobs/name/{job.slug}", 303)


def _job_of(given: dict[str, str], bank: QuestionBank) -> Job:
    """Return the job that a form describes.

    Raises:
        VoicemockError: It is none.
    """
    name = given.get("name", "")
    Job.slug_of(name)
    texts = {each: given.get(each, "") for each in ("description", "notes")}
    kept = {each: tidy_text(text, f"The {each}") for each, text in texts.items() if text.strip()}
    if not kept:
        raise DocumentError("Paste the job description, or choose its file, or write notes on the company.")
    company, _ = company_of(bank, name, given.get("company", "").strip() or None)
    return Job.named(
        name,
        description=kept.get("description", ""),
        notes=kept.get("notes", ""),
        company=company or None,
        added_at=datetime.now(UTC),
    )


def _form(
    request: Request, given: dict[str, str], status: int = 200, *, problem: str = "", question: str = ""
) -> Response:
    bank = bank_of(request)
    companies = sorted({company for each in bank.questions for company in each.companies})
    return page(
        request,
        "job_form.html.j2",
        status,
        given={name: given.get(name, "") for name in (*FIELDS, "replaces")},
        problem=problem,
        question=question,
        companies=companies,
        kinds=SUFFIXES,
        largest=LARGEST_FILE,
        too_large=TOO_LARGE,
        longest_name=LONGEST_JOB_NAME,
        longest_text=LONGEST_JOB_TEXT,
        document=DOCUMENT,
    )


def _shelf(request: Request) -> JobShelf:
    return JobShelf(request.app.state.settings.data_dir)


def _job(request: Request) -> Job:
    """Return the job of the address.

    Raises:
        UnknownNameError: There is none of that name.
    """
    return _shelf(request).job(request.path_params["slug"])
