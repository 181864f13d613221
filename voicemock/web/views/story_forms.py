"""The form of a story: written part by part, or begun with a text or an answer. What was typed is never lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from voicemock.coaching.spoken_numbers import clock
from voicemock.errors import InputError, UnknownNameError, VoicemockError
from voicemock.models import LONGEST_NAME, NOTE_FIELDS, BankedStory, NoteField, Story, StoryNotes
from voicemock.practice.story_bank import FilledNotes, StoryBank
from voicemock.practice.story_notes import with_field
from voicemock.report.story_rows import AS_TOLD, FIELD_TITLES, SHOWS_HINT, field_hint, left_out_text
from voicemock.speech.transcripts.reading import transcript_in
from voicemock.store.store import Store
from voicemock.web.links import NEW_STORY, story_address, telling_address
from voicemock.web.pages import bank_of, in_lines, page, taking_fields
from voicemock.web.story_draft import Draft
from voicemock.web.story_shelf import open_shelf, text_of_answer

MOST_ANSWERS: Final = 20
"""Answers that a story can be made from are listed, the newest first."""
NO_TEXT: Final = "It contains no words. Paste the notes or a transcript, or choose a file."
NO_ANSWER: Final = "Choose an answer first."
IS_THERE: Final = "There is already a story of this name, with notes of its own. Choose another name, or open that one."
CHANGED: Final = (
    "This story has changed elsewhere since you opened it here, perhaps in another tab. What you wrote is below and "
    "not saved yet. Where the other version differs, it is shown under the field. Saving keeps what is in the fields."
)
DELETED: Final = "This story was deleted elsewhere since you opened it here. What you wrote is below: saving keeps it."
FILLED: Final = "None of this is kept until you save it."


class AnswerChoice(NamedTuple):
    """An answer that a story can be made from."""

    name: str
    title: str


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [
        Route(NEW_STORY, new),
        Route(NEW_STORY, taking_fields(keep_new), methods=["POST"]),
        Route(f"{NEW_STORY}/filled", taking_fields(fill_new), methods=["POST"]),
        Route("/stories/{slug}/edit", edit),
        Route("/stories/{slug}/edit", taking_fields(keep), methods=["POST"]),
        Route("/stories/{slug}/filled", taking_fields(fill), methods=["POST"]),
    ]


def new(request: Request) -> Response:
    """Show the form of a new story."""
    draft = Draft(name=request.query_params.get("name", ""), shows=request.query_params.get("shows", ""))
    with open_shelf(request) as shelf:
        return _opened(request, shelf, draft, None)


def edit(request: Request) -> Response:
    """Show the form of a story, with what is kept of it."""
    with open_shelf(request) as shelf:
        banked = shelf.find(request.path_params["slug"])
        return _opened(request, shelf, Draft.of(banked), banked)


def _opened(request: Request, shelf: StoryBank, draft: Draft, banked: BankedStory | None) -> Response:
    """Show a form, filled from the answer that the address names."""
    draft.answer = request.query_params.get("answer", "")
    filled = _fill_from_answer(shelf, draft) if draft.answer else None
    return _form(request, shelf, draft, banked, filled=filled)


def fill_new(request: Request, given: dict[str, str]) -> Response:
    """Sort a text or an answer into the fields of a new story, and show the form again."""
    with open_shelf(request) as shelf:
        return _filled(request, shelf, Draft.sent(given), None, given.get("from", ""))


def fill(request: Request, given: dict[str, str]) -> Response:
    """Sort a text or an answer into the fields of a story, and show the form again."""
    with open_shelf(request) as shelf:
        return _filled(request, shelf, Draft.sent(given), _kept(request, shelf), given.get("from", ""))


def _filled(request: Request, shelf: StoryBank, draft: Draft, banked: BankedStory | None, source: str) -> Response:
    try:
        filled = _fill_from_answer(shelf, draft) if source == "answer" else _fill_from_text(shelf, draft)
    except (InputError, ValueError) as error:
        return _form(request, shelf, draft, banked, 422, problem=str(error))
    return _form(request, shelf, draft, banked, filled=filled)


def _fill_from_text(shelf: StoryBank, draft: Draft) -> FilledNotes:
    """Sort a text into the fields.

    Raises:
        InputError: It has no word, or names a competency that no question has.
        ValueError: A part is too long.
    """
    text = transcript_in(draft.text).transcript.text
    if not text.strip():
        raise InputError(NO_TEXT)
    filled = shelf.notes_from_text(text)
    draft.fill(filled)
    draft.answer = draft.text = ""
    return filled


def _fill_from_answer(shelf: StoryBank, draft: Draft) -> FilledNotes:
    """Sort what was said in an answer into the fields.

    Raises:
        InputError: None is chosen, or it is not kept.
    """
    if not draft.answer:
        raise InputError(NO_ANSWER)
    filled = shelf.notes_from_telling(text_of_answer(shelf, draft.answer))
    draft.fill(filled)
    return filled


def keep_new(request: Request, given: dict[str, str]) -> Response:
    """Keep a new story."""
    draft = Draft.sent(given)
    with open_shelf(request) as shelf:
        try:
            banked = shelf.new_or_kept(draft.name.strip())
        except InputError as error:
            draft.problems["name"] = str(error)
            _notes_of(shelf, draft, StoryNotes())  # all that is wrong is told at once
            return _form(request, shelf, draft, None, 422)
        return _keep(request, shelf, draft, banked, is_new=True)


def keep(request: Request, given: dict[str, str]) -> Response:
    """Keep what was written in a story."""
    draft = Draft.sent(given)
    with open_shelf(request) as shelf:
        banked = _kept(request, shelf)
        if banked is None:
            draft.seen = ""
            return _form(request, shelf, draft, None, 409, problem=DELETED)
        return _keep(request, shelf, draft, banked, is_new=False)


def _kept(request: Request, shelf: StoryBank) -> BankedStory | None:
    """Return the story of an address; None if it is gone."""
    try:
        return shelf.find(request.path_params["slug"])
    except UnknownNameError:
        return None


def _keep(request: Request, shelf: StoryBank, draft: Draft, banked: BankedStory, *, is_new: bool) -> Response:
    """Keep a story, or show the form with what is in the way."""
    shown = None if is_new else banked
    notes = _notes_of(shelf, draft, banked.notes)
    if notes is None:
        return _form(request, shelf, draft, shown, 422)
    try:
        is_kept = shelf.store.stories.keep_notes_if_unchanged(banked.story, notes, datetime.now(UTC), draft.seen_at)
    except VoicemockError as error:
        return _form(request, shelf, draft, shown, 500, problem=str(error))
    if is_kept:
        return RedirectResponse(f"{story_address(banked.story.name)}?kept", 303)
    if is_new:
        draft.problems["name"] = IS_THERE
        return _form(request, shelf, draft, None, 409, taken=banked.story)
    draft.show_other(banked)
    return _form(request, shelf, draft, banked, 409, problem=CHANGED if banked.updated_at else DELETED)


def _notes_of(shelf: StoryBank, draft: Draft, kept: StoryNotes) -> StoryNotes | None:
    """Return the notes that a form makes of those that are kept; None, with the problems noted, if it makes none."""
    notes = kept
    for name in NOTE_FIELDS:
        try:
            notes = with_field(notes, name, draft.texts[name])
        except ValueError as error:
            draft.problems[name] = str(error)
    shows: list[str] = []
    try:
        shows = [each for name in draft.names for each in _competency(shelf, name, kept)]
    except UnknownNameError as error:
        draft.problems["shows"] = str(error)
    if draft.problems:
        return None
    spoken = {*notes.spoken, *_as_told(shelf, draft)}
    return notes.model_copy(
        update={
            "shows": tuple(dict.fromkeys(shows)),
            "spoken": tuple(name for name in NOTE_FIELDS if name in spoken and notes.text_of(name)),
        }
    )


def _competency(shelf: StoryBank, name: str, kept: StoryNotes) -> tuple[str, ...]:
    """Return a name as the bank spells it; one that is linked already may have left the bank."""
    return (name,) if name in kept.shows else shelf.competencies([name])


def _as_told(shelf: StoryBank, draft: Draft) -> list[NoteField]:
    """Return the fields that hold the exact words of the answer that the form was filled from."""
    if not draft.answer:
        return []
    try:
        told = shelf.notes_from_telling(text_of_answer(shelf, draft.answer)).notes
    except UnknownNameError:  # deleted meanwhile
        return []
    return [name for name in told.spoken if told.text_of(name) == draft.texts[name].strip()]


def _form(
    request: Request,
    shelf: StoryBank,
    draft: Draft,
    banked: BankedStory | None,
    status: int = 200,
    *,
    problem: str = "",
    filled: FilledNotes | None = None,
    taken: Story | None = None,
) -> Response:
    bank = bank_of(request)
    star = bank.framework("star")
    address = story_address(banked.story.name) if banked else NEW_STORY
    return page(
        request,
        "story_form.html.j2",
        status,
        draft=draft,
        banked=banked,
        address=address,
        action=f"{address}/edit" if banked else address,
        back=address if banked else "/stories",
        telling=telling_address(banked.story.name) if banked else "",
        taken=story_address(taken.name) if taken else "",
        fields=[(name, FIELD_TITLES[name], field_hint(name, star), draft.texts.get(name, "")) for name in NOTE_FIELDS],
        as_told=AS_TOLD,
        in_lines=in_lines,
        spoken=_spoken(draft, banked, filled),
        shows_hint=SHOWS_HINT,
        longest_name=LONGEST_NAME,
        competencies=sorted({question.competency for question in bank.questions}),
        answers=_answers(request, shelf.store),
        problem=problem,
        notice=FILLED if filled else "",
        left_out=filled.left_out if filled else (),
        left_out_text=left_out_text(filled) if filled else "",
        is_unsaved=status != 200 or filled is not None,
    )


def _spoken(draft: Draft, banked: BankedStory | None, filled: FilledNotes | None) -> set[NoteField]:
    """Return the fields whose words stand as they were told."""
    spoken: set[NoteField] = set()
    for notes in (banked.notes if banked else None, filled.notes if filled else None):
        if notes is not None:
            spoken |= {name for name in notes.spoken if notes.text_of(name) == draft.texts.get(name, "")}
    return spoken


def _answers(request: Request, store: Store) -> list[AnswerChoice]:
    """Return the newest answers that a story can be made from, without replies to follow-ups."""
    texts = {question.id: question.text for question in bank_of(request).questions}
    whole = [take for take in store.takes.measured() if take.measured.is_whole]
    choices = []
    for take in reversed(whole[-MOST_ANSWERS:]):
        about = take.story or texts.get(take.measured.question or "", take.measured.question or "")
        local = take.recorded_at.astimezone()
        length = f", {clock(take.measured.duration_s)}" if take.measured.duration_s is not None else ""
        choices.append(AnswerChoice(f"{take.session}/{take.position}", f"{local.day} {local:%b %Y}{length}: {about}"))
    return choices
