"""Search: through everything that was ever said."""

from __future__ import annotations

from typing import Final, NamedTuple, get_args
from urllib.parse import quote, urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from voicemock.errors import InputError
from voicemock.models import Pillar
from voicemock.report.session_lines import NOT_SAID, FoundLine, found_line
from voicemock.store.overviews import Excerpt, Filters, SearchResult, read_day
from voicemock.store.store import Store
from voicemock.web.pages import bank_of, open_store, page

BEST: Final = 20
MOST: Final = 500
"""Answers that are shown at first, and when more are asked for."""
NARROWING: Final = ("since", "until", "pillar", "company", "loop", "story")


class Hit(NamedTuple):
    """An answer in which the words were found."""

    line: FoundLine
    position: int
    excerpt: tuple[Excerpt, ...]
    href: str
    """Leads to the moment in the review."""


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [Route("/search", search)]


def search(request: Request) -> Response:
    """Show the answers that contain all the words, best matches first."""
    given = request.query_params
    words, limit = given.get("q", "").strip(), MOST if "all" in given else BEST
    bank, problem, found = bank_of(request), "", tuple[SearchResult, ...]()
    with open_store(request) as store:
        stories = [overview.name for overview in store.overviews.stories()]
        try:
            if words:
                found = store.overviews.search(words, _filters(store, given), limit + 1)
        except InputError as error:
            problem = str(error)
    texts = {question.id: question.text for question in bank.questions}
    asked = {"q": words} | {name: given.get(name, "") for name in NARROWING}
    return page(
        request,
        "search.html.j2",
        400 if problem else 200,
        asked=asked,
        is_narrowed=any(asked[name] for name in NARROWING),
        problem=problem,
        hits=[Hit(found_line(each, texts), each.position, each.excerpt, _link(each)) for each in found[:limit]],
        nothing=NOT_SAID if words and not found and not problem else "",
        more=f"/search?{urlencode(asked | {'all': ''})}" if len(found) > limit == BEST else "",
        is_cut=len(found) > limit,
        pillars=get_args(Pillar),
        companies=sorted({company for question in bank.questions for company in question.companies}),
        loops=[loop.name for loop in bank.loops],
        stories=stories,
    )


def _link(result: SearchResult) -> str:
    moment = "" if result.start_s is None else f"?at={result.start_s}"
    return f"/sessions/{quote(result.session)}{moment}#answer-{result.position}"


def _filters(store: Store, given: QueryParams) -> Filters:
    """Return what narrows the search.

    Raises:
        InputError: A day is none.
        UnknownNameError: No such story is kept.
    """
    story = given.get("story")
    days = (read_day(given[name]) if given.get(name) else None for name in ("since", "until"))
    return Filters.between(*days)._replace(
        pillar=given.get("pillar") or None,
        company=given.get("company") or None,
        loop=given.get("loop") or None,
        story_slug=store.stories.get(story).slug if story else None,
    )
