"""Second opinions: which model gives them, what it makes of an answer, and an answer said again, where asked for."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.opinion_wording import opinion_note
from voicemock.coaching.language_model.providers import (
    NONE_FOUND,
    WHAT_IT_GETS,
    agree,
    find_servers,
    has_model,
    time_limit,
    wanting,
    with_known_server,
    withdraw,
)
from voicemock.coaching.language_model.rewriting import REWRITE_S, lines_of_notes, plan_rewrite, rewrite_by
from voicemock.coaching.language_model.second_opinion import judge, load_for_answers
from voicemock.errors import LanguageModelError, UnknownNameError
from voicemock.models import Answer, Assessment, Framework, Session
from voicemock.practice.story_numbers import notes_of
from voicemock.report import second_opinion as words
from voicemock.report.deletion import no_answer
from voicemock.report.rewriting import LEGEND, NOT_IN_IT, TITLE, rewritten_view
from voicemock.report.safe_text import printable
from voicemock.settings import Settings
from voicemock.store.store import Store
from voicemock.web.pages import bank_of, open_store, page, taking_fields

_BOTH: Final = ["GET", "POST"]
JUDGE_S: Final = 120.0
"""Seconds. A model that is asked on the page may take this long."""
CONSENT: Final = "/second-opinion"


class _Found(NamedTuple):
    """An answer with everything that is asked about it."""

    session: Session
    answer: Answer
    assessment: Assessment
    framework: Framework
    notes: tuple[str, ...]


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [
        Route(CONSENT, consent),
        Route(CONSENT, taking_fields(decide), methods=["POST"]),
        Route("/sessions/{session}/answers/{position:int}/rewrite", rewritten, methods=_BOTH),
        Route("/sessions/{session}/answers/{position:int}/second-opinion", second_opinion, methods=["POST"]),
    ]


def consent(request: Request) -> Response:
    """Show which language model gives second opinions, or, where that is asked for, those that answer here."""
    asked: Settings = request.app.state.settings
    known = with_known_server(wanting(asked))
    looks = "look" in request.query_params
    return page(
        request,
        "second_opinion.html.j2",
        heading=words.TITLE,
        is_refused=asked.second_opinion is False,
        is_set=asked.language_model is not None,
        known=known.language_model,
        name=known.language_model_name,
        looks=looks,
        found=[(server, printable(server.note())) for server in (find_servers() if looks else ())],
        none_found=NONE_FOUND,
        what_it_gets=WHAT_IT_GETS,
    )


def decide(request: Request, sent: dict[str, str]) -> Response:
    """Remember the model that the candidate agrees to, or forget it.

    Raises:
        LanguageModelError: The model answers here no longer.
        StorageError: The data folder cannot be written to.
    """
    data_dir = _settings(request).data_dir
    if "withdraw" in sent:
        withdraw(data_dir)
        return RedirectResponse(CONSENT, 303)
    url, model = sent.get("url", ""), sent.get("model", "")
    if not any(server.url == url and model in server.models for server in find_servers()):
        raise LanguageModelError(NONE_FOUND)
    agree(data_dir, url, model)
    return RedirectResponse(CONSENT, 303)


def rewritten(request: Request) -> Response:
    """Show an answer by parts in the candidate's own words, or, when that is asked for, as a model words it.

    Raises:
        UnknownNameError: There is no such answer, or nothing was said in it.
    """
    found, guidance, settings = _found(request), load_guidance(), _settings(request)
    plan = plan_rewrite(found.assessment, found.framework, guidance, notes=found.notes)
    model = load_for_answers(settings, REWRITE_S)
    said = rewrite_by(model if request.method == "POST" else None, plan, guidance)
    return page(
        request,
        "rewrite.html.j2",
        heading=TITLE,
        asked=found.answer.question.text if found.answer.question else found.session.story or "",
        back=_back(found),
        view=rewritten_view(said),
        not_in_it=NOT_IN_IT,
        legend=LEGEND if said.by_model else "",
        model=model.name if model else "",
        most_s=round(time_limit(settings, REWRITE_S)),
    )


def second_opinion(request: Request) -> Response:
    """Ask the language model for a second opinion on a kept answer, keep that, and go back to the review.

    Raises:
        UnknownNameError: There is no such answer, or no language model.
    """
    found, settings = _found(request), _settings(request)
    model = load_for_answers(settings, JUDGE_S)
    if model is None:
        raise UnknownNameError("No language model may read whole answers here: see docs/language-model.md.")
    opinion = judge(found.assessment, found.framework, model, load_guidance())
    with open_store(request) as store:
        answer = _answer(store, found.session, found.answer.position)  # as it is now
        if before := answer.second_opinion:
            if opinion.reason is not None and before.reason is None:
                text = f"{opinion_note(opinion)} The earlier one is still there."
                links = {_back(found): "Back to the review"}
                return page(request, "message.html.j2", 500, title="That did not work", text=text, links=links)
            opinion = opinion.model_copy(update={"follow_ups_refused": before.follow_ups_refused})
        store.sessions.add_answer(found.session, answer.model_copy(update={"second_opinion": opinion}))
    return RedirectResponse(_back(found), 303)


def may_judge(settings: Settings) -> bool:
    """Return whether a language model may be asked about whole answers."""
    return has_model(wanting(settings)) and settings.language_model_shares == "transcript"


def _settings(request: Request) -> Settings:
    """Return the settings: who asks on a page wants a second opinion."""
    return wanting(request.app.state.settings)


def _found(request: Request) -> _Found:
    position = request.path_params["position"]
    with open_store(request) as store:
        session = store.sessions.find(request.path_params["session"])
        answer = _answer(store, session, position)
        story = store.stories.find(session.story) if session.story else None
        notes = lines_of_notes(notes_of(store.stories, story)) if story else ()
    framework = bank_of(request).framework_of(answer.assessment, answer.question) if answer.assessment else None
    if answer.assessment is None or framework is None:
        raise UnknownNameError("Nothing was said there that could be rewritten.")
    return _Found(session, answer, answer.assessment, framework, notes)


def _answer(store: Store, session: Session, position: int) -> Answer:
    answer = next((each for each in store.sessions.answers(session) if each.position == position), None)
    if answer is None:
        raise no_answer(session, position, store.sessions.positions(session))
    return answer


def _back(found: _Found) -> str:
    return f"/sessions/{quote(found.session.id)}#answer-{found.answer.position}"
