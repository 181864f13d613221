"""``voicemock tighten``: an answer in the candidate's own sentences, without what adds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from voicemock.api import open_analysis
from voicemock.cli.options import (
    AnswerOrFile,
    DataDir,
    FrameworkOfFile,
    JsonLines,
    Model,
    QuestionOfFile,
    parse_length,
    refuse_two_frameworks,
)
from voicemock.cli.results import in_utf_8, print_json
from voicemock.cli.sessions import answers_named
from voicemock.coaching.tightening.tighten import tighten as tighten_answer
from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError, UnknownNameError
from voicemock.models import Assessment, Framework
from voicemock.report.terminal import Terminal
from voicemock.report.tightening import show_tightened
from voicemock.settings import Settings, load_settings
from voicemock.store.store import Store


class GivenAnswer(NamedTuple):
    """An answer that a name stands for, its framework, and its title."""

    assessment: Assessment
    framework: Framework
    title: str
    story: str | None = None
    """The story that it tells, if it is one that is kept."""


def tighten(
    name: AnswerOrFile = "last",
    to: Annotated[
        str | None,
        typer.Option(help="How long it may be. Default: 2:00, or the question's target if shorter.", metavar="2:00"),
    ] = None,
    question: QuestionOfFile = None,
    framework: FrameworkOfFile = None,
    model: Model = None,
    data_dir: DataDir = None,
    as_json: JsonLines = False,
) -> None:
    """Cut what adds nothing from an answer.

    Examples: voicemock tighten last/1 --to 1:30, voicemock tighten notes.txt --question failed-program

    It shows every cut and the reason for it. Nothing is added to what was heard. A sentence is cut only if what is left
    makes sense without it, so the answer may stay too long. Then it marks what else would have to go.
    """
    refuse_two_frameworks(question, framework)
    to_s = None if to is None else parse_length(to)
    settings, bank, console = load_settings(model=model, data_dir=data_dir), QuestionBank.load(), Terminal()
    for given in given_answers(name, question, framework, settings, bank):
        found = tighten_answer(given.assessment, given.framework, to_s)
        if as_json:
            print_json(found)
        else:
            show_tightened(console, found, given.title)


def given_answers(
    name: str, question: str | None, framework: str | None, settings: Settings, bank: QuestionBank
) -> Iterator[GivenAnswer]:
    """Yield the answers that a name stands for: those of a file, or those that are kept.

    Raises:
        InputError: It stands for none, or for none with words.
    """
    if Path(name).is_file() or question or framework:
        yield _of_file(name, question, framework, settings, bank)
        return
    try:
        kept = list(_kept(name, settings, bank))
    except UnknownNameError:
        if not Path(name).suffix:
            raise
        yield _of_file(name, question, framework, settings, bank)  # which says what is wrong with it
        return
    if not kept:
        raise InputError(f"No answer of {name} was analyzed, or nothing was said in it.")
    yield from kept


def _of_file(
    name: str, question: str | None, framework: str | None, settings: Settings, bank: QuestionBank
) -> GivenAnswer:
    rules = bank.framework(framework or (bank.get(question).framework if question else "star"))
    with open_analysis(settings) as analyze_file:
        found = analyze_file(Path(name), question, framework, None)
    source = in_utf_8(name)
    return GivenAnswer(found.model_copy(update={"source": source}), rules, source)


def _kept(name: str, settings: Settings, bank: QuestionBank) -> Iterator[GivenAnswer]:
    with Store(settings.data_dir) as store:
        session, answers = answers_named(store, name)
    for answer in answers:
        rules = bank.framework_of(answer.assessment, answer.question) if answer.assessment else None
        if answer.assessment is not None and rules is not None:
            text = answer.question.text if answer.question else session.story or session.id
            yield GivenAnswer(answer.assessment, rules, f"{answer.position}. {text}", session.story)
