"""``voicemock analyze``: the same measurement on recordings and transcripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicemock.cli.options import Model, Target, target_flags
from voicemock.errors import InputError, VoicemockError

if TYPE_CHECKING:
    from voicemock.models import Assessment, FailedAssessment
    from voicemock.settings import Settings


def analyze(
    files: Annotated[
        list[str],
        typer.Argument(help="Recordings (any format libav reads) or .txt/.md transcripts.", metavar="FILE..."),
    ],
    question: Annotated[str | None, typer.Option(help="The question they answer.", metavar="ID")] = None,
    framework: Annotated[
        str | None, typer.Option(help="What to hold them against without a question.", metavar="star|triage|design")
    ] = None,
    model: Model = None,
    target: Target = None,
    clean: Annotated[bool, typer.Option("--clean", help="Show the transcript without fillers and restarts.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a file and line, nothing else.")] = False,
) -> None:
    """Measure recordings or transcripts of answers.

    Example: voicemock analyze take1.m4a notes.txt --question failed-program

    A file that cannot be used is reported, the others still run, and the exit code is 1.
    """
    from rich.console import Console

    from voicemock.models import FailedAssessment
    from voicemock.questions import QuestionBank
    from voicemock.report.terminal import show_assessment
    from voicemock.settings import load_settings

    if question and framework:
        raise typer.BadParameter("Give --question or --framework, not both: a question has its own framework.")
    bank = QuestionBank.load()
    rules = bank.framework(framework or (bank.get(question).framework if question else "star"))
    settings = load_settings(model=model, **target_flags(target))
    console, failures = Console(), 0
    for result in _results(files, question, framework, settings):
        failures += isinstance(result, FailedAssessment)
        if as_json:
            print(result.model_dump_json(), flush=True)  # noqa: T201 - the output that programs read
        elif isinstance(result, FailedAssessment):
            typer.echo(f"voicemock: {result.error.message}", err=True)
        else:
            show_assessment(console, result, framework=rules, clean=clean, title=result.source)
    if failures:
        raise typer.Exit(InputError.exit_code)


def _results(
    files: list[str], question: str | None, framework: str | None, settings: Settings
) -> Iterator[Assessment | FailedAssessment]:
    """Assess the files in order, with a progress bar on the terminal while it takes time.

    A source is the path as it was given. The bar leaves stdout alone: what is printed there belongs to the caller.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from voicemock.api import open_analysis
    from voicemock.models import FailedAssessment, Failure

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with (
        open_analysis(settings) as analyze_file,
        Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal, redirect_stdout=False
        ) as bar,
    ):
        task = bar.add_task("", total=None)

        def on_chunk(done: int, count: int) -> None:
            bar.update(task, completed=done, total=count)

        for number, given in enumerate(files, start=1):
            path, source = Path(given), _in_utf_8(given)
            bar.reset(task, description=f"{number}/{len(files)} {Path(source).name}", total=None, visible=True)
            result: Assessment | FailedAssessment
            try:
                assessment = analyze_file(path, question, framework, on_chunk)
                result = assessment.model_copy(update={"source": source})
            except VoicemockError as error:
                failure = Failure(kind=error.kind, message=_in_utf_8(str(error)))
                result = FailedAssessment(source=source, error=failure)
            bar.update(task, visible=False)
            yield result


def _in_utf_8(text: str) -> str:
    """Return a text with "?" for each byte of a file name that is not UTF-8: JSON cannot hold it."""
    return text.encode("utf-8", "replace").decode("utf-8")
