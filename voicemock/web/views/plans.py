"""The plan: what to practice on each day until the interview, each item a link that starts it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from voicemock.errors import InputError
from voicemock.models import PlanBlock, PracticePlan
from voicemock.practice.plan import LONGEST_SPAN_DAYS, MINUTES_PER_DAY, WEEKDAYS
from voicemock.practice.plan_request import FEWEST_MINUTES, MOST_MINUTES, PlanRequest, plan_from, read_days_off
from voicemock.report.cards import NOT_KEPT, basis_text, block_title, heading_text, item_title, no_date_text
from voicemock.store.overviews import read_day
from voicemock.web.links import page_of
from voicemock.web.pages import bank_of, open_store, page

REMEMBERED: Final = "voicemock-plan"
"""The cookie with the form's fields: the day is set once."""
FIELDS: Final = ("date", "loop", "minutes", "off")
FORGET: Final = "forget"
_REMEMBERED_S: Final = (LONGEST_SPAN_DAYS + 1) * 24 * 3600


class ItemView(NamedTuple):
    """One thing to practice."""

    title: str
    why: str
    address: str | None
    """Starts it; None if there is nothing to start."""
    command: str | None


class BlockView(NamedTuple):
    """A day, or weeks."""

    title: str
    kind: str
    items: tuple[ItemView, ...]


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [Route("/plan", plan)]


def plan(request: Request) -> Response:
    """Show the plan for the day that is asked for, or for the one that this browser remembers."""
    if FORGET in request.query_params:
        forgetting = RedirectResponse("/plan", 303)
        forgetting.delete_cookie(REMEMBERED, path="/plan")
        return forgetting
    query = [(name, value) for name, value in request.query_params.multi_items() if name in FIELDS]
    if not query and (remembered := _remembered(request)):
        return RedirectResponse(f"/plan?{remembered}", 303)
    given = {"date": "", "loop": "", "minutes": str(MINUTES_PER_DAY)} | dict(query)
    days_off = [value for name, value in query if name == "off"]
    found, problem = _plan(request, given, days_off)
    reply = page(
        request,
        "plan.html.j2",
        400 if problem else 200,
        problem=problem,
        given=given,
        days_off=days_off,
        weekdays=WEEKDAYS,
        loops=bank_of(request).loops,
        limits=(FEWEST_MINUTES, MOST_MINUTES),
        plan=found,
        heading=heading_text(found) if found else "",
        basis=basis_text(found) if found else "",
        no_date=no_date_text(found.interview_on) if found and not given["date"] else "",
        blocks=tuple(map(_block, found.blocks)) if found else (),
        is_remembered=bool(query),
        not_kept=NOT_KEPT,
    )
    if query and not problem:
        reply.set_cookie(
            REMEMBERED,
            urlencode(query),
            max_age=_REMEMBERED_S,
            path="/plan",
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
    return reply


def _plan(request: Request, given: dict[str, str], days_off: list[str]) -> tuple[PracticePlan | None, str]:
    """Return the plan, or what is in the way of one."""
    try:
        wanted = PlanRequest(
            read_day(given["date"]).date() if given["date"].strip() else None,
            _minutes(given["minutes"]),
            given["loop"].strip() or None,
            read_days_off(" ".join(days_off)),
        )
        with open_store(request) as store:
            return plan_from(store, bank_of(request), wanted, datetime.now(UTC)), ""
    except InputError as error:
        return None, str(error)


def _minutes(text: str) -> int:
    """Read the minutes of a day.

    Raises:
        InputError: They are no number, or too few or too many.
    """
    text = text.strip() or str(MINUTES_PER_DAY)
    minutes = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise InputError(f"A day has {FEWEST_MINUTES} to {MOST_MINUTES} minutes for practice, not {text[:20]!r}.")
    return minutes


def _block(block: PlanBlock) -> BlockView:
    items = (ItemView(item_title(item), item.why, page_of(item.command), item.command) for item in block.items)
    return BlockView(block_title(block), block.kind, tuple(items))


def _remembered(request: Request) -> str:
    """Return the form that this browser sent last, as a query; "" if it remembers none."""
    kept = parse_qsl(request.cookies.get(REMEMBERED, ""), keep_blank_values=True)
    return urlencode([(name, value) for name, value in kept if name in FIELDS])
