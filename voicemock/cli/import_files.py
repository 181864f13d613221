"""``voicemock import``: keep recordings and transcripts made elsewhere as takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Final

import typer

from voicemock import __version__
from voicemock.api import open_analysis
from voicemock.cli.options import DataDir, Model, SpeakerName, Target, parse_day, target_flags
from voicemock.cli.output import tell, tell_error
from voicemock.cli.results import file_bar, in_utf_8
from voicemock.cli.time import told_story
from voicemock.coaching.assess import Analyzer
from voicemock.coaching.spoken_numbers import clock
from voicemock.content.own_questions import own_questions_folder
from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError, VoicemockError
from voicemock.interview.imports import json_in, keep_exported, keep_file, modified_at, read_exported
from voicemock.interview.mentor_reviews import is_review, keep_review, read_review
from voicemock.interview.recovery import assess_again
from voicemock.models import Answer, Assessment, Question, Session, Story
from voicemock.practice.asked_framework import framework_finder
from voicemock.practice.real_interviews import (
    is_real_interviews,
    keep_imported,
    keep_questions,
    read_real_interviews,
)
from voicemock.report.mentor_reviews import imported_text
from voicemock.report.real_interviews import imported_interviews
from voicemock.report.rows import source_remarks
from voicemock.report.safe_text import printable
from voicemock.settings import Settings, load_settings
from voicemock.speech.engines import load_detector
from voicemock.speech.transcripts.whisper_json import is_whisper_json
from voicemock.store.real_interviews import RealInterviewLog
from voicemock.store.store import Store

NOON: Final = timedelta(hours=12)
"""The time of day of a take that is imported with a date alone."""


class ImportKind(Enum):
    """Kind of an imported file."""

    TAKE = "a recording or a transcript"
    SESSION = "a session exported as JSON, or broken JSON"
    REVIEW = "someone else's review of your answers"
    REAL_INTERVIEWS = "notes on real interviews"


def today() -> date:
    """Return the local day."""
    return datetime.now().astimezone().date()


def refuse_future_take(made_on: date | None, current: date) -> None:
    """Raise InputError if the date of a take is in the future."""
    if made_on is not None and made_on > current:
        raise InputError(f"{made_on} is in the future; today is {current}. Give --date the day the files were made.")


def kind_of(path: Path) -> ImportKind:
    """Return the kind of a file, by its name and, for JSON, by its contents."""
    if path.suffix.lower() != ".json":
        return ImportKind.TAKE
    data = json_in(path)
    if is_review(data):
        return ImportKind.REVIEW
    if is_real_interviews(data):
        return ImportKind.REAL_INTERVIEWS
    return ImportKind.TAKE if is_whisper_json(data) else ImportKind.SESSION


def import_files(
    files: Annotated[
        list[str],
        typer.Argument(
            help="Recordings, transcripts (.txt, .md, .vtt, .srt, Whisper's .json), or .json of voicemock export, "
            "of voicemock log export, or of a review.",
            metavar="FILE...",
        ),
    ],
    story: Annotated[str | None, typer.Option(help="The story they tell.", metavar="NAME")] = None,
    question: Annotated[str | None, typer.Option(help="The question they answer.", metavar="ID")] = None,
    framework: Annotated[
        str | None,
        typer.Option(help="Framework to measure a story against.", metavar="NAME", show_default="star"),
    ] = None,
    date: Annotated[
        datetime | None,
        typer.Option(
            parser=parse_day,
            help="The day they were made; by default, the day each file last changed.",
            metavar="YYYY-MM-DD",
            show_default=False,
        ),
    ] = None,
    speaker_name: SpeakerName = None,
    model: Model = None,
    target: Target = None,
    data_dir: DataDir = None,
) -> None:
    """Import recordings and transcripts made elsewhere as takes.

    Example: voicemock import take1.m4a take2.m4a --story "Kafka migration"

    Each becomes a session of its own. Recordings are copied; the files stay as they are. A session that was exported as
    JSON knows its story and questions. A review that someone saved on the page of voicemock report --for-review is
    saved with the answers it is about. If a file cannot be used, you are told, the others still run, and the exit
    code is 1.
    """
    _refuse_contradictions(files, story, question, framework)
    refuse_future_take(date.date() if date else None, today())
    settings = load_settings(model=model, data_dir=data_dir, **target_flags(target))
    bank, failures = QuestionBank.load(), 0
    asked = bank.get(question) if question else None
    with Store(settings.data_dir) as store, store.unfinished.holding(f"import-{token_hex(4)}"):
        told = told_story(store, bank, story, framework) if story else None
        for given, outcome in _import_all(store, settings, files, asked, told, date, speaker_name):
            if isinstance(outcome, VoicemockError):
                failures += 1
                tell_error(in_utf_8(str(outcome)))
            else:
                tell(outcome if isinstance(outcome, str) else _line(store, given, outcome))
    if failures:
        raise typer.Exit(InputError.exit_code)


def _refuse_contradictions(files: list[str], story: str | None, question: str | None, framework: str | None) -> None:
    """Raise typer.BadParameter if options contradict each other, or do not say what the files are."""
    if story is not None and question is not None:
        raise typer.BadParameter("Give --story or --question, not both.")
    if story is None and question is None and any(kind_of(Path(file)) is ImportKind.TAKE for file in files):
        raise typer.BadParameter("Say what the files are: --story NAME or --question ID.")
    if question and framework:
        raise typer.BadParameter("Give --framework with --story only: a question has its own framework.")


def _import_all(
    store: Store,
    settings: Settings,
    files: list[str],
    question: Question | None,
    story: Story | None,
    date: datetime | None,
    speaker_name: str | None,
) -> Iterator[tuple[str, Session | str | VoicemockError]]:
    """Yield each file's name with the session that it became, or a line about it, or its error."""
    with open_analysis(settings, speaker_name) as analyze_file, file_bar(len(files), writes_lines=True) as bar:
        for number, given in enumerate(files):
            path, name = Path(given), in_utf_8(given)
            bar.begin(Path(name).name)
            outcome: Session | str | VoicemockError
            try:
                kind = kind_of(path)
                if kind is ImportKind.SESSION:
                    outcome = _restore(store, settings, path)
                elif kind is ImportKind.REVIEW:
                    outcome = _keep_review(store, path, name)
                elif kind is ImportKind.REAL_INTERVIEWS:
                    outcome = _keep_real_interviews(settings, path, name)
                else:
                    assessment = _assess(analyze_file, path, question, story, bar.advance)
                    outcome = keep_file(
                        store,
                        path,
                        assessment.model_copy(update={"source": name}),
                        question=question,
                        story=story,
                        recorded_at=_moment(date, number) if date else modified_at(path),
                        version=__version__,
                    )
            except VoicemockError as error:
                outcome = error
            bar.hide()
            yield name, outcome


def _restore(store: Store, settings: Settings, path: Path) -> Session:
    """Keep a session that was exported."""
    report = read_exported(path)
    bank = QuestionBank.load()
    analyzer = Analyzer(settings, bank)
    return keep_exported(
        store,
        path,
        report,
        find_question=bank.get,
        assess_again=lambda answer: assess_again(answer, path.parent, analyzer, load_detector(settings)),
        version=__version__,
    )


def _keep_review(store: Store, path: Path, name: str) -> str:
    """Keep what somebody else said of answers, and return a line about it."""
    kept = keep_review(store, name, read_review(path), datetime.now(UTC))
    said = imported_text(kept.reviewer, kept.positions, kept.comments, kept.replaced)
    return f"{printable(name)}: {kept.session.id}, {said}. See: voicemock show {kept.session.id}"


def _keep_real_interviews(settings: Settings, path: Path, name: str) -> str:
    """Keep real interviews and their questions, and return a line about them."""
    found, log = read_real_interviews(path), RealInterviewLog(settings.data_dir)
    replaced = keep_imported(log, found)
    bank = QuestionBank.load()
    added = keep_questions(found, bank, own_questions_folder(), framework_finder(bank, settings.cache_dir))
    return f"{printable(name)}: {imported_interviews(len(found), replaced, len(added))}"


def _assess(
    analyze_file: Callable[..., Assessment],
    path: Path,
    question: Question | None,
    story: Story | None,
    on_chunk: Callable[[int, int], None],
) -> Assessment:
    return analyze_file(path, question.id if question else None, story.framework if story else None, on_chunk)


def _moment(date: datetime, number: int) -> datetime:
    """Return noon of a local day, plus a second for each file before, so that takes keep their order."""
    return (date + NOON + timedelta(seconds=number)).astimezone()


def _line(store: Store, given: str, session: Session) -> str:
    """Return a line about the session that a file became."""
    answers = store.sessions.answers(session)
    about = ", ".join(answer.question.id for answer in answers if answer.question)
    story = store.stories.find(session.story) if session.story else None
    if story is not None:
        told = [take.session.id for take in store.takes.of_story(story)]
        take = f"take {told.index(session.id) + 1} of " if session.id in told else ""
        about = f"{take}{printable(story.name)}"
    length = f", {_length(answers[0])}{_speaker(answers[0])}" if len(answers) == 1 else ""
    remarks = [
        remark for answer in answers if answer.assessment for remark in source_remarks(answer.assessment.analysis)
    ]
    return "; ".join((f"{printable(given)}: {session.id}, {about}{length}", *remarks))


def _length(answer: Answer) -> str:
    analysis = answer.assessment.analysis if answer.assessment else None
    if analysis is None or analysis.duration_s is None:
        return f"{analysis.word_count if analysis else 0} words"
    return clock(analysis.duration_s)


def _speaker(answer: Answer) -> str:
    """Return whose words were kept of a transcript with several speakers."""
    speakers = answer.assessment.transcript.speakers if answer.assessment else ()
    kept = next((each.name for each in speakers if each.kept), None)
    return f", said by {printable(kept)}" if kept is not None else ""
