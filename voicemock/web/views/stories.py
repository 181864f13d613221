"""Stories: the list, what they cover, and each one with what it lacks, its takes, and what can be done with it."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from voicemock.coaching.spoken_numbers import clock
from voicemock.content.questions import QuestionBank, spelled, titled
from voicemock.errors import UnknownNameError
from voicemock.models import NOTE_FIELDS, StoryCard, StoryCoverage
from voicemock.practice.story_bank import WHOLE_STORIES, linked, unlinked, whole_stories
from voicemock.practice.story_coverage import coverage, suggest
from voicemock.practice.story_notes import field_of
from voicemock.report.deletion import GONE
from voicemock.report.story_rows import (
    AS_TOLD,
    FIELD_TITLES,
    NOT_COVERED,
    NOTES_GONE,
    NOTHING_MISSING,
    WHICH_PROGRAMS,
    coverage_text,
    deletion_question,
    gap_text,
    guesses_text,
    next_reason_text,
    story_row,
    takes_question,
    takes_text,
    whole_text,
)
from voicemock.store.sessions import Take
from voicemock.web.links import NEW_STORY, story_address, telling_address
from voicemock.web.pages import bank_of, in_lines, page, taking_fields
from voicemock.web.story_draft import names_in
from voicemock.web.story_shelf import open_shelf

MOST_GUESSES: Final = 5


class TakeView(NamedTuple):
    """A telling of a story."""

    day: str
    length: str
    name: str
    """"SESSION/1": names it to show it, or to fill a story from it."""


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [
        Route("/stories", stories),
        Route("/stories/{slug}", story),
        Route("/stories/{slug}/shows", taking_fields(change_shows), methods=["POST"]),
        Route("/stories/{slug}/delete", ask_to_delete),
        Route("/stories/{slug}/delete", taking_fields(delete), methods=["POST"]),
    ]


def stories(request: Request) -> Response:
    """List the stories, and what they cover of what a company asks for."""
    company, problem, found = request.query_params.get("company", "").strip(), "", None
    bank = bank_of(request)
    with open_shelf(request) as shelf:
        cards = shelf.cards()
    if company:
        try:
            found = coverage(company, bank, cards)
        except UnknownNameError as error:
            problem = str(error)
    return page(
        request,
        "stories.html.j2",
        404 if problem else 200,
        rows=[(story_row(card), story_address(card.story.name), card) for card in cards],
        whole=whole_text(cards),
        is_enough=len(whole_stories(cards)) >= WHOLE_STORIES,
        advice=WHICH_PROGRAMS,
        nothing_missing=NOTHING_MISSING,
        new=NEW_STORY,
        companies=companies(bank),
        company=company,
        problem=problem,
        coverage=_covered(found) if found else None,
        gone={"all": GONE, "notes": f"{NOTES_GONE}."}.get(request.query_params.get("gone", ""), ""),
    )


def companies(bank: QuestionBank) -> list[tuple[str, str]]:
    """Return the loops and the companies without one, each with its title."""
    loops = [(loop.name, loop.title) for loop in bank.loops]
    with_loop = {loop.company for loop in bank.loops} | {loop.name for loop in bank.loops}
    others = {company for question in bank.questions for company in question.companies} - with_loop
    return [*loops, *((name, titled(name)) for name in sorted(others))]


def _covered(found: StoryCoverage) -> dict[str, object]:
    story = found.next_story
    return {
        "title": coverage_text(found),
        "rows": [
            (spelled(row.competency), [(name, story_address(name)) for name in row.stories], guesses_text(row))
            for row in found.competencies
        ],
        "nothing": NOT_COVERED,
        "next": story.story if story else "",
        "next_address": telling_address(story.story) if story else "",
        "reason": next_reason_text(found),
    }


def story(request: Request) -> Response:
    """Show a story."""
    with open_shelf(request) as shelf:
        banked = shelf.find(request.path_params["slug"])
        if banked.story.slug != request.path_params["slug"]:
            return RedirectResponse(story_address(banked.story.name), 303)
        card, takes = shelf.card(banked), shelf.store.takes.of_story(banked.story)
    return _shown(request, card, takes)


def _shown(
    request: Request, card: StoryCard, takes: tuple[Take, ...], status: int = 200, problem: str = ""
) -> Response:
    bank = bank_of(request)
    address = story_address(card.story.name)
    return page(
        request,
        "story.html.j2",
        status,
        card=card,
        address=address,
        telling=telling_address(card.story.name),
        takes_text=takes_text(card),
        takes=[_take(take) for take in reversed(takes)],
        compare=f"/sessions/compare?name={quote(card.story.name)}",
        notes=[
            (field, FIELD_TITLES[field], in_lines(text), AS_TOLD if field in card.notes.spoken else "")
            for field in NOTE_FIELDS
            if (text := card.notes.text_of(field).strip())
        ],
        gaps=[(gap_text(gap), field_of(gap) or "shows") for gap in card.gaps],
        nothing_missing=NOTHING_MISSING,
        shows=[(name, spelled(name)) for name in card.notes.shows],
        guesses=[
            (name, spelled(name), ", ".join(words)) for name, words in list(suggest(card.notes).items())[:MOST_GUESSES]
        ],
        competencies=sorted({question.competency for question in bank.questions}),
        problem=problem,
        kept="kept" in request.query_params,
    )


def _take(take: Take) -> TakeView:
    assessment = take.answer.assessment
    duration_s = assessment.analysis.duration_s if assessment else None
    local = take.answer.recorded_at.astimezone()
    return TakeView(
        f"{local.day} {local:%b %Y, %H:%M}",
        clock(duration_s) if duration_s is not None else "",
        f"{take.session.id}/{take.answer.position}",
    )


def change_shows(request: Request, given: dict[str, str]) -> Response:
    """Say that a story shows something, or no longer does."""
    with open_shelf(request) as shelf:
        banked = shelf.find(request.path_params["slug"])
        try:
            notes = banked.notes
            if add := given.get("add", "").strip():
                notes = linked(notes, shelf.competencies(names_in(add)))
            if remove := given.get("remove", "").strip():
                notes = unlinked(notes, [remove])
        except UnknownNameError as error:
            return _shown(request, shelf.card(banked), shelf.store.takes.of_story(banked.story), 422, str(error))
        shelf.keep(banked, notes)
    return RedirectResponse(f"{story_address(banked.story.name)}#shows", 303)


def ask_to_delete(request: Request) -> Response:
    """Ask before a story is deleted, and say what goes."""
    with open_shelf(request) as shelf:
        banked = shelf.find(request.path_params["slug"])
        sessions = len(shelf.store.sessions.of_story(banked.story))
    return page(
        request,
        "story_delete.html.j2",
        name=banked.story.name,
        question=deletion_question(banked),
        takes_question=takes_question(sessions) if sessions else "",
        address=story_address(banked.story.name),
    )


def delete(request: Request, given: dict[str, str]) -> Response:
    """Delete the notes of a story, and what was recorded of it if that is wanted."""
    with open_shelf(request) as shelf:
        banked = shelf.find(request.path_params["slug"])
        if given.get("takes") or not shelf.store.sessions.of_story(banked.story):
            shelf.store.delete_story(banked.story)
            return RedirectResponse("/stories?gone=all", 303)
        shelf.store.stories.delete_notes(banked.story)
    return RedirectResponse("/stories?gone=notes", 303)
