"""``voicemock analyze``, ``compare`` and ``reanalyze``: measure files, compare takes, measure kept answers again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.api import open_analysis
from voicemock.cli.options import DataDir, Model, SpeakerName, Target, refuse_two_frameworks, target_flags
from voicemock.cli.output import tell, tell_error
from voicemock.cli.results import file_bar, in_utf_8, print_json
from voicemock.coaching.assess import Analyzer
from voicemock.coaching.same_story import subjects_encoder
from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError, VoicemockError
from voicemock.interview.recovery import assess_again, is_current_version
from voicemock.models import Assessment, FailedAssessment, Failure
from voicemock.practice.comparison import TOO_MANY_NAMES, comparisons, takes_named
from voicemock.report.comparison import show_comparison, title_of
from voicemock.report.terminal import Terminal, show_assessment
from voicemock.settings import Settings, load_settings
from voicemock.speech.engines import load_detector
from voicemock.store.store import Store


def analyze(
    files: Annotated[
        list[str],
        typer.Argument(help="Recordings, or transcripts: .txt, .md, .vtt, .srt, Whisper's .json.", metavar="FILE..."),
    ],
    question: Annotated[
        str | None, typer.Option(help="The question they answer, for the figures that practice shows.", metavar="ID")
    ] = None,
    framework: Annotated[
        str | None, typer.Option(help="Framework to use if there is no question.", metavar="star|triage|design")
    ] = None,
    speaker_name: SpeakerName = None,
    model: Model = None,
    target: Target = None,
    clean: Annotated[bool, typer.Option("--clean", help="Show the transcript without fillers and restarts.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one file per line, and nothing else.")] = False,
) -> None:
    """Measure recordings or transcripts of answers.

    Examples: voicemock analyze take1.m4a notes.txt --question failed-program,
    voicemock analyze zoom.vtt --speaker-name "Dana Fox"

    If a file cannot be used, you are told, the others still run, and the exit code is 1.
    """
    refuse_two_frameworks(question, framework)
    bank = QuestionBank.load()
    rules = bank.framework(framework or (bank.get(question).framework if question else "star"))
    settings = load_settings(model=model, **target_flags(target))
    console, failures = Terminal(), 0
    for result in _results(files, question, framework, speaker_name, settings):
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
    files: list[str], question: str | None, framework: str | None, speaker_name: str | None, settings: Settings
) -> Iterator[Assessment | FailedAssessment]:
    """Assess the files in order, with a progress bar. A source is the path as it was given."""
    with open_analysis(settings, speaker_name) as analyze_file, file_bar(len(files)) as bar:
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


def compare(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="A story, a question's id, or two sessions.", metavar="STORY|ID|SESSION SESSION"),
    ] = None,
    limit: Annotated[int, typer.Option(min=2, metavar="NUMBER", help="How many of the newest takes to compare.")] = 5,
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one comparison per line.")] = False,
) -> None:
    """Show what changed between takes of one story or question.

    Examples: voicemock compare "Kafka migration", voicemock compare failed-program

    Without a name, it takes the story or question you answered last. With two sessions, it compares what they share.
    """
    if names and len(names) > 2:
        raise typer.BadParameter(TOO_MANY_NAMES)
    bank, console = QuestionBank.load(), Terminal()
    settings = load_settings(data_dir=data_dir)
    with Store(settings.data_dir) as store:
        found = comparisons(store, names or [], bank, limit, subjects_encoder(settings.cache_dir))
    for newest, comparison in found:
        if as_json:
            print_json(comparison)
        else:
            show_comparison(console, comparison, title_of(newest), ANALYSIS_VERSION)


def reanalyze(
    name: Annotated[
        str, typer.Argument(help="Session id, its first letters, or a story.", metavar="SESSION|STORY")
    ] = "last",
    everything: Annotated[bool, typer.Option("--all", help="Every saved answer.")] = False,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Also what today's rules have measured already. Use it after you change settings."
        ),
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Measure old answers again, so you can compare them with new ones.

    Example: voicemock reanalyze --all

    The words stay as they were heard, and the old numbers stay in the data folder.
    """
    settings = load_settings(data_dir=data_dir)
    measured = level = 0
    with Store(settings.data_dir) as store:
        analyzer = Analyzer(settings, QuestionBank.load())
        for take in store.takes.all() if everything else takes_named(store, name):
            if not again and take.answer.assessment and is_current_version(take.answer.assessment):
                level += 1
                continue
            folder = store.sessions.folder(take.session)
            found = assess_again(take.answer, folder, analyzer, load_detector(settings))
            store.takes.reassess(take, found, datetime.now(UTC))
            measured += 1
    tell(f"{measured} measured again, {level} were up to date already. The old numbers stay in the data folder.")
