"""``voicemock questions``: list, filter and look at questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from voicemock.models import Question
    from voicemock.questions import QuestionBank


def questions(
    question_id: Annotated[
        str | None, typer.Argument(help="Show this one with what a strong answer covers.", metavar="[ID]")
    ] = None,
    pillar: Annotated[
        str | None, typer.Option(help="program-sense, system-design or behavioral.", metavar="PILLAR")
    ] = None,
    competency: Annotated[str | None, typer.Option(help="One subject, such as earn-trust.", metavar="NAME")] = None,
    company: Annotated[str | None, typer.Option(help="Questions a company is known for.", metavar="NAME")] = None,
    level: Annotated[str | None, typer.Option(help="mid, senior or staff.", metavar="LEVEL")] = None,
    loop: Annotated[str | None, typer.Option(help="One interview as this loop would ask it.", metavar="NAME")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One question a line.")] = False,
) -> None:
    """List the questions, or show one.

    Examples: voicemock questions --company amazon, voicemock questions failed-program
    """
    from rich.console import Console

    from voicemock.questions import QuestionBank

    bank = QuestionBank.load()
    if question_id:
        found: tuple[Question, ...] = (bank.get(question_id),)
    elif loop:
        found = bank.for_loop(loop, seed=0)
    else:
        found = bank.select(pillar=pillar, competency=competency, company=company, level=level)
    if as_json:
        for question in found:
            print(question.model_dump_json())  # noqa: T201 - the output that programs read
    elif question_id:
        _show(Console(), bank, found[0])
    else:
        _list(Console(), found)


def _list(console: Console, found: tuple[Question, ...]) -> None:
    """Show the id on a line of its own, whole, so that it can be copied."""
    from rich.padding import Padding
    from rich.text import Text

    for question in sorted(found, key=lambda q: (q.pillar, q.competency)):
        subject = f"{question.pillar} · {question.competency}".replace("_", " ").replace("-", " ")
        console.print(Text.assemble((question.id, "cyan"), (f"  {subject}", "dim")))
        console.print(Padding(Text(question.text), (0, 0, 0, 4)))
    console.print(f"\n{len(found)} questions. Look at one: voicemock questions ID", style="dim", highlight=False)


def _show(console: Console, bank: QuestionBank, question: Question) -> None:
    from rich.padding import Padding
    from rich.text import Text

    framework = bank.framework(question.framework)
    low, high = (f"{t / 60:g}" for t in (question.target_min_s, question.target_max_s))
    console.print(Text(question.text, style="bold"))
    console.print(
        f"{question.pillar.replace('_', ' ')} · {question.competency.replace('-', ' ')} · {question.level}"
        f" · {', '.join(question.companies) or 'any company'} · {low} to {high} minutes",
        style="dim",
        highlight=False,
    )
    for title, lines in (
        ("A strong answer covers", question.strong_answer),
        ("Common mistakes", question.common_mistakes),
        (f"Built as {framework.title}", tuple(f"{part.title}: {part.purpose}" for part in framework.parts)),
    ):
        console.print(Text(f"\n{title}", style="bold cyan"))
        for line in lines:
            console.print(Padding(Text(f"- {line}"), (0, 0, 0, 2)))
    console.print(Text(f"\nPractice it: voicemock practice --question {question.id}", style="dim"))
