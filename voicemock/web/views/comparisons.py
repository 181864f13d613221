"""Comparisons: takes of one story or question side by side."""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.analysis.structure import Encode
from voicemock.coaching.same_story import subjects_encoder
from voicemock.coaching.spoken_numbers import counted
from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError
from voicemock.practice.comparison import MOST_TAKES, TOO_MANY_NAMES, Comparison, comparisons
from voicemock.report.comparison import ComparisonView, comparison_view, title_of
from voicemock.report.session_lines import session_line
from voicemock.store.store import Store
from voicemock.web.pages import bank_of, open_store, page


class Subject(NamedTuple):
    """A story or question that has takes to compare."""

    name: str
    title: str
    takes: str


class Shown(NamedTuple):
    """A comparison, and how many takes there are of its subject."""

    view: ComparisonView
    name: str
    takes: int


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [Route("/sessions/compare", compare)]


def compare(request: Request) -> Response:
    """Show the takes of a story or question, what two sessions share, or what was answered last."""
    names = [name for name in request.query_params.getlist("name") if name]
    bank, problem, shown = bank_of(request), "", list[Shown]()
    with open_store(request) as store:
        counts = store.takes.counts()
        overviews = store.overviews.sessions()
        limit = max(counts.values(), default=0) if "all" in request.query_params else MOST_TAKES
        try:
            encode = subjects_encoder(request.app.state.settings.cache_dir)
            shown = _compared(store, names, bank, limit, counts, encode)
        except InputError as error:
            problem = str(error)
    texts = {question.id: question.text for question in bank.questions}
    return page(
        request,
        "compare.html.j2",
        400 if problem and names else 200,
        names=names,
        problem=problem,
        shown=shown,
        limit=limit,
        subjects=[
            Subject(story or question or "", story or texts.get(question or "", question or ""), counted(takes, "take"))
            for (story, question), takes in counts.items()
            if takes > 1
        ],
        sessions=[session_line(overview, texts) for overview in overviews],
    )


def _compared(
    store: Store,
    names: list[str],
    bank: QuestionBank,
    limit: int,
    counts: dict[tuple[str | None, str | None], int],
    encode: Encode,
) -> list[Shown]:
    """Return the comparisons of what was named.

    Raises:
        InputError: There is nothing to compare.
    """
    if len(names) > 2:
        raise InputError(TOO_MANY_NAMES)

    def takes(comparison: Comparison) -> int:
        return counts.get((comparison.story, comparison.question), 0) if len(names) < 2 else len(comparison.takes)

    return [
        Shown(comparison_view(each, title_of(newest), ANALYSIS_VERSION), each.story or each.question or "", takes(each))
        for newest, each in comparisons(store, names, bank, limit, encode)
    ]
