"""``voicemock time``: tell a story and see where its time goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Final

import typer
from rich.console import Console

from voicemock.api import open_interview
from voicemock.cli.options import ListeningOptions, with_options
from voicemock.cli.results import print_all, print_json
from voicemock.cli.screen import TerminalScreen
from voicemock.cli.second_opinion import with_second_opinion
from voicemock.cli.session import run_interview
from voicemock.cli.unfinished import tell_unfinished
from voicemock.content.questions import QuestionBank
from voicemock.models import Assessment, Question, Story, StoryNotes
from voicemock.practice.comparison import moves
from voicemock.practice.story_numbers import notes_of, numbers_to_ask_about
from voicemock.report.stories import show_beside_notes, show_moves, show_story_clock, since_text
from voicemock.report.terminal import Terminal, show_assessment, show_stories
from voicemock.settings import Settings
from voicemock.speech.devices import device_of
from voicemock.store.sessions import Take
from voicemock.store.store import Store

NO_NOTES: Final = StoryNotes()


class StoryScreen(TerminalScreen):
    """The terminal of one take: a cue instead of a question, and the story's clock before the review.

    Args:
        console: Where to write.
        bank: Has the framework that the story is compared with.
        settings: Has the target length, if one is set.
        takes: The earlier takes, oldest first.
        notes: Of the story.
    """

    def __init__(
        self,
        console: Console,
        bank: QuestionBank,
        settings: Settings,
        takes: Sequence[Take],
        notes: StoryNotes = NO_NOTES,
    ) -> None:
        watches_level = not isinstance(device_of(settings.mic), Path)
        super().__init__(console, bank, settings.target_s, calm=settings.calm, watches_level=watches_level)
        self._takes = takes
        self._notes = notes

    def assessed(self, assessment: Assessment, question: Question | None) -> None:  # noqa: ARG002 - a story has none
        """Show the clock, what changed since the last take, the review, and numbers that the notes do not have."""
        framework = self._bank.framework_of(assessment)
        if framework is not None:
            show_story_clock(self._console, assessment.analysis, framework)
            self._show_moves(assessment)
        show_assessment(self._console, assessment, framework=framework, title="", once=True)
        results = assessment.analysis.quantified_results
        show_beside_notes(self._console, numbers_to_ask_about(self._notes, results))

    def _show_moves(self, assessment: Assessment) -> None:
        if not self._takes:
            return
        last = self._takes[-1]
        if last.answer.assessment is None:
            return
        framework = self._bank.framework_of(assessment)
        found = moves(last.answer.assessment.analysis, assessment.analysis, framework)
        show_moves(self._console, found, since_text(len(self._takes), last.answer.recorded_at))


def told_story(store: Store, bank: QuestionBank, name: str, framework: str | None) -> Story:
    """Return the story of this name, kept or new, with the framework that was asked for."""
    story = store.stories.find(name) or Story.named(name)
    return story.model_copy(update={"framework": bank.framework(framework).name}) if framework else story


@dataclass(frozen=True, kw_only=True)
class StoryRequest(ListeningOptions):
    """The options of a telling."""

    help_order: ClassVar = (
        "name framework target mic speaker realtime voice silent calm rate_yourself patience wrap_up "
        "model language_model second_opinion data_dir as_json"
    )

    name: Annotated[
        str | None, typer.Argument(help="Name of the story; without it, voicemock lists the stories told so far.")
    ] = None
    framework: Annotated[
        str | None,
        typer.Option(
            help="Framework to measure it against; by default, the last one used for this story.",
            metavar="star|triage|design",
            show_default="star",
        ),
    ] = None
    silent: Annotated[bool, typer.Option("--silent", help="Show the feedback instead of speaking it.")] = False


@with_options
def time(request: StoryRequest) -> None:
    """Tell a story and see where its time went, part by part.

    voicemock time "Kafka migration" listens, without a question, until the story is over.

    voicemock time "kafka migration" records another take and says what changed.

    voicemock time lists the stories told so far.

    While it listens: Enter or Space ends the story, s discards the take, q discards it and quits.
    """
    settings = request.settings()
    if request.name is None:
        _list(settings, as_json=request.as_json)
        return
    bank = QuestionBank.load()
    with Store(settings.data_dir) as store:
        story = told_story(store, bank, request.name, request.framework)
        takes, notes = store.takes.of_story(story), notes_of(store.stories, story)
    console = Terminal(stderr=request.as_json)
    settings = with_second_opinion(console, settings)
    screen = StoryScreen(console, bank, settings, takes, notes)
    opening = open_interview(settings, bank=bank, screen=screen, story=story)
    report = run_interview(console, settings, screen, opening)
    if request.as_json:
        print_json(report)


def _list(settings: Settings, *, as_json: bool) -> None:
    with Store(settings.data_dir) as store:
        tell_unfinished(settings, store)
        overviews = store.overviews.stories()
    nothing = 'No stories yet. Tell one with: voicemock time "Kafka migration"'
    print_all(overviews, show_stories, as_json=as_json, nothing=nothing)
