"""Practice: choose an interview, check the microphone, and hold it."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from voicemock.coaching.language_model.providers import has_model, wanting
from voicemock.coaching.spoken_numbers import counted
from voicemock.content.levels import LEVELS
from voicemock.content.questions import QuestionBank, spelled
from voicemock.content.styles import Style, load_style
from voicemock.errors import UnknownNameError, VoicemockError
from voicemock.models import RATING_SCALE, Job, Question
from voicemock.settings import Settings
from voicemock.store.jobs import JobShelf
from voicemock.store.overviews import StoryOverview
from voicemock.store.store import Store
from voicemock.web.choice import STYLES, Choice
from voicemock.web.late import imported
from voicemock.web.pages import is_on, open_store, page

PILLARS: Final = {
    "behavioral": "Stories about what you did",
    "program_sense": "How you would run a program",
    "system_design": "How you would build a system",
}
HINTS: Final = {
    "question": "You will hear the first question, and answer out loud.",
    "story": "Begin when you are ready. The story is over when you are silent, or press Enter.",
}


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [
        Route("/", choose),
        Route("/interview", interview),
    ]


def choose(request: Request) -> Response:
    """Show what there is to practice."""
    bank: QuestionBank = request.app.state.bank
    by_pillar: dict[str, list[Question]] = {}
    for question in bank.questions:
        by_pillar.setdefault(question.pillar, []).append(question)
    return page(
        request,
        "choose.html.j2",
        then=BackgroundTask(request.app.state.prepare),
        unfinished=[] if is_on(request) else _unfinished(request),
        loops=bank.loops,
        pillars=[(name, _spelled(name), PILLARS[name]) for name in by_pillar],
        kinds=[each for each in bank.frameworks if each.name not in bank.usual_frameworks.values()],
        questions={_spelled(name): questions for name, questions in by_pillar.items()},
        **_own_material(request.app.state.settings),
    )


def _unfinished(request: Request) -> list[str]:
    """Return a line about each answer that waits to be finished; mostly there is none."""
    with open_store(request) as store:
        is_any = bool(store.unfinished.find())
    lines: list[str] = imported("views.unfinished:waiting")(request) if is_any else []
    return lines


def interview(request: Request) -> Response:
    """Show the interview that is going on, or the one that is chosen, before it begins."""
    settings: Settings = request.app.state.settings
    if is_on(request):
        nothing: dict[str, Any] = {
            "choice": {},
            "about": "",
            "hint": "",
            "styles": (),
            "rates_self": False,
            "offers_model": False,
        }
        return page(request, "interview.html.j2", title="Interview", scale=RATING_SCALE, **nothing)
    try:
        choice = Choice.model_validate(dict(request.query_params))
        title, about = _described(request.app.state.bank, choice, settings)
    except (ValidationError, UnknownNameError):
        return page(request, "message.html.j2", 404, title="Not found", text="There is no such interview.")
    return page(
        request,
        "interview.html.j2",
        choice=choice.model_dump(exclude_defaults=True),
        title=title,
        about=about,
        hint=HINTS["question" if choice.story is None else "story"],
        styles=_styles() if choice.story is None else (),
        levels=LEVELS,
        level=request.app.state.settings.level,
        scale=RATING_SCALE,
        rates_self=settings.rate_yourself if choice.rate_yourself is None else choice.rate_yourself,
        offers_model=has_model(wanting(settings)),
        has_model=has_model(settings),
    )


def _styles() -> list[Style]:
    return [load_style(name) for name in STYLES]


def _own_material(settings: Settings) -> dict[str, Any]:
    """Return what the candidate has kept to practice with: jobs, and stories with how often they were told."""
    problem = ""
    jobs: tuple[Job, ...] = ()
    stories: tuple[StoryOverview, ...] = ()
    try:
        jobs = JobShelf(settings.data_dir).jobs()
        with Store(settings.data_dir) as store:
            stories = store.overviews.stories()
    except VoicemockError as error:
        problem = str(error)
    told = {story.slug: counted(story.takes, "take") if story.takes else "not told yet" for story in stories}
    return {"jobs": jobs, "stories": stories, "told": told, "problem": problem}


def _described(bank: QuestionBank, choice: Choice, settings: Settings) -> tuple[str, str]:
    """Return the name of a choice, and what will come.

    Raises:
        UnknownNameError: No question, loop or job has that name.
        VoicemockError: The job or story cannot be read, or has no possible name.
    """
    job, story = choice.kept_job(settings), choice.told_story(settings)
    if story is not None:
        return story.name, "Tell it once, without a question. Then see where its time went."
    purpose = f", for {job.name}" if job else ""
    if choice.loop:
        loop = bank.loop(choice.loop)
        return (
            f"{loop.title}{purpose}",
            f"{choice.minutes or loop.minutes:.0f} minutes, as in a real interview. Feedback comes at the end.",
        )
    if choice.question:
        takes = f", {choice.takes} takes" if choice.takes > 1 else ""
        return bank.get(choice.question).text, f"One question{purpose}{takes}, then feedback."
    kind = f" on {_spelled(choice.pillar)}" if choice.pillar else ""
    count = "One question" if choice.count == 1 else f"{choice.count} questions"
    return f"{count}{kind}{purpose}", "Feedback after each answer, and follow-ups."


def _spelled(pillar: str) -> str:
    return spelled(pillar.replace("_", "-"))
