"""``voicemock rewrite``: an answer said again by parts, every fact of it the candidate's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from voicemock.cli.options import (
    AnswerOrFile,
    DataDir,
    FrameworkOfFile,
    JsonLines,
    Model,
    QuestionOfFile,
    SecondOpinionOption,
    parse_length,
    refuse_two_frameworks,
)
from voicemock.cli.output import tell
from voicemock.cli.results import print_json, waiting
from voicemock.cli.second_opinion import with_second_opinion
from voicemock.cli.tighten import GivenAnswer, given_answers
from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.providers import ASKED_WITH, has_model, time_limit, wanting
from voicemock.coaching.language_model.rewriting import REWRITE_S, lines_of_notes, note_lines, plan_rewrite, rewrite_by
from voicemock.coaching.language_model.second_opinion import load_for_answers
from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError
from voicemock.files import read_at_most
from voicemock.models import Rewritten, Story
from voicemock.practice.story_numbers import notes_of
from voicemock.report.rewriting import show_rewritten
from voicemock.report.terminal import Terminal
from voicemock.settings import Settings, load_settings
from voicemock.store.store import Store

LARGEST_NOTES_BYTES = 100_000
SEES_TOO_LITTLE = (
    'No language model is asked: by the setting language_model_shares = "quotes" none sees a whole answer. Set it to '
    '"transcript" to have one word this.'
)
NOTES_NEED_A_MODEL = "Notes are for a language model. None is asked, so they are not used."


def rewrite(
    name: AnswerOrFile = "last",
    to: Annotated[str, typer.Option(help="How long it may be.", metavar="3:00")] = "3:00",
    notes: Annotated[Path | None, typer.Option(help="A text file of yours with more facts.", metavar="FILE")] = None,
    question: QuestionOfFile = None,
    framework: FrameworkOfFile = None,
    second_opinion: SecondOpinionOption = None,
    model: Model = None,
    data_dir: DataDir = None,
    as_json: JsonLines = False,
) -> None:
    """Rewrite an answer part by part, using only your own facts.

    Examples: voicemock rewrite last/1, voicemock rewrite "Kafka migration" --second-opinion

    Without a language model, every sentence is your own, sorted by part, with blanks for what is missing. With one, the
    model smooths them. If a sentence of the model is not yours word for word, it is dropped and yours stays.
    """
    refuse_two_frameworks(question, framework)
    to_s, more = parse_length(to), _read_notes(notes)
    console = Terminal(stderr=as_json)
    settings = with_second_opinion(
        console, load_settings(model=model, data_dir=data_dir, second_opinion=second_opinion)
    )
    for given in given_answers(name, question, framework, settings, QuestionBank.load()):
        found = _said_again(console, settings, given, to_s, more)
        if as_json:
            print_json(found)
        else:
            show_rewritten(Terminal(), found, given.title)


def _read_notes(path: Path | None) -> tuple[str, ...]:
    """Return the sentences of the notes.

    Raises:
        InputError: They cannot be read.
    """
    if path is None:
        return ()
    try:
        return note_lines(read_at_most(path, LARGEST_NOTES_BYTES).decode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as notes: it must be UTF-8 text of at most 100 kB.") from error


def _said_again(
    console: Console, settings: Settings, given: GivenAnswer, to_s: float, more: tuple[str, ...]
) -> Rewritten:
    guidance, notes = load_guidance(), more
    if given.story is not None:
        with Store(settings.data_dir) as store:
            notes += lines_of_notes(notes_of(store.stories, Story.named(given.story)))
    plan = plan_rewrite(given.assessment, given.framework, guidance, to_s, notes)
    model = load_for_answers(settings, REWRITE_S)
    if model is None:
        if has_model(wanting(settings)) and not has_model(settings):
            tell(ASKED_WITH, err=True)
        elif has_model(settings):
            tell(SEES_TOO_LITTLE, err=True)
        elif more:
            tell(NOTES_NEED_A_MODEL, err=True)
        return rewrite_by(None, plan, guidance)
    with waiting(console, f"{model.name} is writing, {time_limit(settings, REWRITE_S):g} s at most ..."):
        return rewrite_by(model, plan, guidance)
