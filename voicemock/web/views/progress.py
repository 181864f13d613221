"""Progress: what became of the answers, with charts, and what to practice next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from voicemock.content.questions import QuestionBank, pillar_named
from voicemock.errors import InputError
from voicemock.practice.progress import Chosen, progress_in
from voicemock.practice.trends import PILLARS, pillar_title
from voicemock.report.page_progress import progress_values
from voicemock.report.rows import load_measures
from voicemock.store.overviews import read_day
from voicemock.web.links import page_of
from voicemock.web.pages import bank_of, open_store, page

FILTERS: Final = ("pillar", "framework", "since")


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [Route("/progress", progress)]


def progress(request: Request) -> Response:
    """Show the progress over all answers, or those that are chosen."""
    bank, problem = bank_of(request), ""
    given = {name: request.query_params.get(name, "").strip() for name in FILTERS}
    try:
        chosen = _chosen(bank, given)
    except InputError as error:
        chosen, problem = Chosen(), str(error)
    with open_store(request) as store:
        found = progress_in(store, bank, chosen, datetime.now(UTC))
    return page(
        request,
        "progress_page.html.j2",
        400 if problem else 200,
        given=given,
        problem=problem,
        pillars=[(name, pillar_title(name)) for name in PILLARS],
        frameworks=bank.frameworks,
        **progress_values(found, load_measures(), page_of),
    )


def _chosen(bank: QuestionBank, given: dict[str, str]) -> Chosen:
    """Return what the fields of the form choose.

    Raises:
        InputError: One of them cannot be used.
    """
    return Chosen(
        pillar=pillar_named(given["pillar"]) if given["pillar"] else None,
        framework=bank.framework(given["framework"]).name if given["framework"] else None,
        since=read_day(given["since"]).astimezone() if given["since"] else None,
    )
