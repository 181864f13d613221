"""``voicemock analyze``: the same measurement on recordings and transcripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from voicemock.api import open_analysis
from voicemock.cli.file_bar import file_bar, in_utf_8
from voicemock.cli.options import Model, Target, target_flags
from voicemock.cli.output import print_json, tell_error
from voicemock.errors import InputError, VoicemockError
from voicemock.models import Assessment, FailedAssessment, Failure
from voicemock.questions import QuestionBank
from voicemock.report.terminal import show_assessment
from voicemock.settings import Settings, load_settings


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
    if question and framework:
        raise typer.BadParameter("Give --question or --framework, not both: a question has its own framework.")
    bank = QuestionBank.load()
    rules = bank.framework(framework or (bank.get(question).framework if question else "star"))
    settings = load_settings(model=model, **target_flags(target))
    console, failures = Console(), 0
    for result in _results(files, question, framework, settings):
        failures += isinstance(result, FailedAssessment)
        if as_json:
            print_json(result)
        elif isinstance(result, FailedAssessment):
            tell_error(result.error.message)
        else:
            show_assessment(console, result, framework=rules, clean=clean, title=result.source)
    if failures:
        raise typer.Exit(InputError.exit_code)


def _results(
    files: list[str], question: str | None, framework: str | None, settings: Settings
) -> Iterator[Assessment | FailedAssessment]:
    """Assess the files in order, with a progress bar while it takes time; a source is the path as it was given."""
    with open_analysis(settings) as analyze_file, file_bar(len(files)) as bar:
        for given in files:
            path, source = Path(given), in_utf_8(given)
            bar.begin(Path(source).name)
            result: Assessment | FailedAssessment
            try:
                assessment = analyze_file(path, question, framework, bar.advance)
                result = assessment.model_copy(update={"source": source})
            except VoicemockError as error:
                failure = Failure(kind=error.kind, message=in_utf_8(str(error)))
                result = FailedAssessment(source=source, error=failure)
            bar.hide()
            yield result
