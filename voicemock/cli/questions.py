"""``voicemock questions``: list, filter, look at and write questions."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from voicemock.cli.options import Company, PillarName
from voicemock.cli.output import tell
from voicemock.cli.results import print_json
from voicemock.cli.verbs import Verbs
from voicemock.content.own_questions import ADDED_FILE, add_own_question, own_questions_folder
from voicemock.content.questions import QuestionBank, own_fields
from voicemock.models import Loop, Question
from voicemock.report.questions import (
    NONE_OF_YOUR_OWN,
    YOUR_OWN,
    described,
    found_text,
    in_order,
    kept_text,
    sections_of,
    subject_of,
)
from voicemock.report.terminal import Terminal, show_indented

Framework = Annotated[
    str | None, typer.Option(help="One kind of answer: star, explain, pitch, program ...", metavar="NAME")
]
Competency = Annotated[str | None, typer.Option(help="One subject, such as earn-trust.", metavar="NAME")]
LevelName = Annotated[str | None, typer.Option(help="mid, senior, staff or principal.", metavar="LEVEL")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one question per line.")]


class _QuestionVerbs(Verbs):
    of_a_name = "show"
    once_options = MappingProxyType({"--add": "add"})


questions = typer.Typer(
    cls=_QuestionVerbs,
    help="List the questions, or show one, or write one of your own.\n\n"
    "voicemock questions --company amazon lists, voicemock questions failed-program shows one.",
    rich_markup_mode=None,
)


@questions.command("list")
def list_questions(
    pillar: PillarName = None,
    framework: Framework = None,
    competency: Competency = None,
    company: Company = None,
    level: LevelName = None,
    loop: Annotated[
        str | None, typer.Option(help="Show one interview as this loop would ask it.", metavar="NAME")
    ] = None,
    own: Annotated[bool, typer.Option("--own", help="Only those you wrote.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the questions: all of them, or those of a subject, a company or a level.

    Example: voicemock questions list --company amazon
    """
    bank = QuestionBank.load()
    if loop:
        found: tuple[Question, ...] = bank.for_loop(loop, seed=0)
    else:
        found = bank.select(pillar=pillar, framework=framework, competency=competency, company=company, level=level)
    if own and not (found := tuple(question for question in found if question.own)):
        _say_how_to_add()
        return
    if as_json:
        for question in found:
            print_json(question)
        return
    terminal = Terminal()
    if loop:
        _introduce(terminal, bank.loop(loop))
    _list(terminal, found)


@questions.command()
def show(
    question_id: Annotated[str, typer.Argument(help="Id of the question.", metavar="ID")], as_json: AsJson = False
) -> None:
    """Show a question, and what a strong answer to it covers.

    Example: voicemock questions show failed-program
    """
    bank = QuestionBank.load()
    question = bank.get(question_id)
    if as_json:
        print_json(question)
    else:
        _show(Terminal(), bank, question)


@questions.command()
def add(
    text: Annotated[str, typer.Argument(help="The question, as it should be heard.", metavar="TEXT")],
    pillar: PillarName = None,
    framework: Framework = None,
    competency: Competency = None,
    company: Company = None,
    level: LevelName = None,
) -> None:
    """Write a question of your own; the options describe it.

    Example: voicemock questions add "Tell me about a time you told a vice president no." --competency conflict
    """
    fields = {
        "text": text,
        "pillar": pillar,
        "framework": framework,
        "competency": competency,
        "companies": company,
        "level": level,
    }
    question = add_own_question(own_questions_folder(), own_fields(fields))
    tell(kept_text(question, own_questions_folder() / ADDED_FILE))
    tell(f"Practice it: voicemock practice --question {question.id}")


def _say_how_to_add() -> None:
    tell(f'{NONE_OF_YOUR_OWN} Write one: voicemock questions add "Tell me about ..."')
    tell(f"Put files of your own in {own_questions_folder()}")


def _introduce(console: Console, loop: Loop) -> None:
    """Say what a loop is like, what of it is known in public, and what is voicemock's own."""
    console.print(Text.assemble((loop.title, "bold"), (f"  {loop.minutes:g} minutes", "dim")))
    show_indented(console, Text(loop.summary))
    for title, text in (("Known in public: ", loop.known), ("Our choice: ", loop.chosen)):
        if text:
            show_indented(console, Text.assemble((title, "bold cyan"), text))
    console.print()


def _list(console: Console, found: tuple[Question, ...]) -> None:
    """Show each id whole on its own line, so that it can be copied."""
    for question in in_order(found):
        mark = f"  {YOUR_OWN}" if question.own else ""
        console.print(Text.assemble((question.id, "cyan"), (f"  {subject_of(question)}", "dim"), (mark, "green")))
        show_indented(console, Text(question.text), 4)
    console.print(f"\n{found_text(len(found))} Look at one: voicemock questions ID", style="dim", highlight=False)


def _show(console: Console, bank: QuestionBank, question: Question) -> None:
    console.print(Text(question.text, style="bold"))
    console.print(described(question), style="dim", markup=False, highlight=False)
    for title, lines in sections_of(question, bank):
        console.print(Text(f"\n{title}", style="bold cyan"))
        for line in lines:
            show_indented(console, Text(f"- {line}"))
    console.print(Text(f"\nPractice it: voicemock practice --question {question.id}", style="dim"))
