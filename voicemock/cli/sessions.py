"""``voicemock sessions``, ``show``, ``search`` and ``delete``: what is kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from voicemock.analysis.structure import Encode
from voicemock.cli.options import Company, DataDir, Day, PillarName, SessionOrAnswer, Yes, parse_pillar
from voicemock.cli.output import tell
from voicemock.cli.results import print_all, print_json
from voicemock.cli.unfinished import tell_unfinished
from voicemock.coaching.debrief import debrief_of
from voicemock.coaching.debrief_wording import spoken_debrief
from voicemock.coaching.same_story import subjects_encoder
from voicemock.coaching.spoken_numbers import counted
from voicemock.content.own_questions import own_questions_folder
from voicemock.content.questions import QuestionBank
from voicemock.errors import UnknownNameError
from voicemock.files import remove_abandoned
from voicemock.interview.interview import report_of
from voicemock.models import Answer, Assessment, Framework, Session, StoryNotes
from voicemock.practice.story_numbers import notes_of, numbers_to_ask_about
from voicemock.report.debrief import show_debrief_summary
from voicemock.report.deletion import FOR_GOOD, GONE, answer_question, no_answer, session_question, written_notes
from voicemock.report.mentor_reviews import review_views, show_reviews
from voicemock.report.safe_text import printable, printable_lines
from voicemock.report.second_opinion import show_opinion
from voicemock.report.session_lines import NOT_SAID, STILL_IN_PROGRESS, found_line
from voicemock.report.stories import show_beside_notes, show_story_clock
from voicemock.report.terminal import Terminal, show_assessment, show_indented, show_own_view, show_sessions
from voicemock.report.timeline import show_timeline
from voicemock.settings import load_settings
from voicemock.store.deletion import delete_everything
from voicemock.store.overviews import Filters, SearchResult
from voicemock.store.store import Store

_ANSWER: Final = re.compile(r"(.+)/0*([1-9]\d{0,5})")


def sessions(
    limit: Annotated[int, typer.Option(min=1, metavar="NUMBER", help="How many to show, newest first.")] = 20,
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one session per line.")] = False,
) -> None:
    """List your interviews and the stories you have told.

    Example: voicemock sessions --limit 5
    """
    settings = load_settings(data_dir=data_dir)
    with Store(settings.data_dir) as store:
        tell_unfinished(settings, store)
        overviews = store.overviews.sessions(limit=limit)
    nothing = "No interviews yet. Start one with: voicemock practice"
    print_all(overviews, show_sessions, as_json=as_json, nothing=nothing)


def show(
    session: SessionOrAnswer = "last",
    clean: Annotated[bool, typer.Option("--clean", help="Show transcripts without fillers and restarts.")] = False,
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="The interview as practice --json printed it.")] = False,
) -> None:
    """Show an interview again: transcripts, measures, feedback.

    Example: voicemock show shows the last one, voicemock show 20261124-173516-f101/2 only its second answer.
    """
    settings = load_settings(data_dir=data_dir)
    with Store(settings.data_dir) as store:
        tell_unfinished(settings, store)
        found, answers = answers_named(store, session)
        folder = store.sessions.folder(found)
        story = store.stories.find(found.story) if found.story is not None else None
        notes = notes_of(store.stories, story) if story is not None else StoryNotes()
        is_in_progress = store.unfinished.is_in_progress(found.id)
    if as_json:
        print_json(report_of(found, answers))
        return
    console, bank = Terminal(), QuestionBank.load()
    console.print(f"Session {found.id}, {found.started_at.astimezone():%A %d %B %Y, %H:%M}", highlight=False)
    if found.story is not None:
        console.print(printable(found.story), style="bold", markup=False, highlight=False)
    if is_in_progress:
        console.print(STILL_IN_PROGRESS, style="yellow")
    elif not answers:
        console.print("No answers are saved.")
    for answer in answers:
        if is_in_progress and answer.assessment is None:
            continue  # it is being analyzed: nothing has to be recovered
        _show_answer(console, found, answer, folder, bank, clean=clean)
        if answer.assessment is not None:
            show_beside_notes(console, numbers_to_ask_about(notes, answer.assessment.analysis.quantified_results))
    _show_debrief(console, found, answers, bank, subjects_encoder(settings.cache_dir))


def answers_named(store: Store, name: str) -> tuple[Session, tuple[Answer, ...]]:
    """Return a session with its answers, or with the only one that the name chooses ("ID/2").

    Raises:
        UnknownNameError: There is no such session, or no such answer in it.
    """
    match = _ANSWER.fullmatch(name)
    try:
        found = store.sessions.find(name)
    except UnknownNameError:
        if match is None:
            raise
        found = store.sessions.find(match[1])
    else:
        return found, store.sessions.answers(found)
    answers = tuple(each for each in store.sessions.answers(found) if each.position == int(match[2]))
    if not answers:
        raise no_answer(found, int(match[2]), store.sessions.positions(found))
    return found, answers


def _show_answer(
    console: Console, session: Session, answer: Answer, folder: Path, bank: QuestionBank, *, clean: bool
) -> None:
    """Show a question and its assessment, or how to analyze the answer."""
    text = printable(answer.question.text if answer.question else session.story or "")
    if answer.assessment is None:
        console.print(f"\n{answer.position}. {text}", markup=False, highlight=False)
        console.print(f"   {_not_analyzed(answer, folder)}", style="yellow", markup=False, soft_wrap=True)
        return
    if answer.question:
        console.print(f"\n{answer.position}. {text}", style="bold", markup=False, highlight=False)
    _show_assessment(console, answer.assessment, bank.framework_of(answer.assessment, answer.question), clean=clean)
    if answer.second_opinion is not None:
        show_opinion(console, answer.second_opinion)
    show_own_view(console, answer)
    show_reviews(console, review_views(answer.reviews, answer.position))


def _not_analyzed(answer: Answer, folder: Path) -> str:
    """Return what is kept of an answer that was not analyzed, and the command that analyzes it."""
    recording = folder / answer.audio_file if answer.audio_file else None
    kept = f"; the recording is kept: {recording}" if recording else ""
    cure = f"\n   Analyze it with: voicemock recover {recording}" if answer.status == "interrupted" else ""
    return f"{answer.status}, not analyzed{kept}{cure}"


def _show_assessment(console: Console, assessment: Assessment, framework: Framework | None, *, clean: bool) -> None:
    """Show where the time went, then the review."""
    if framework is not None and assessment.transcript.text.strip():
        show_story_clock(console, assessment.analysis, framework)
    show_timeline(console, assessment, framework)
    show_assessment(console, assessment, framework=framework, clean=clean, title="")


def _show_debrief(
    console: Console, session: Session, answers: tuple[Answer, ...], bank: QuestionBank, encode: Encode
) -> None:
    """Show what several answers have in common."""
    debrief = debrief_of(answers, bank, level=session.level, encode=encode)
    if debrief.answered > 1:
        show_debrief_summary(console, debrief, spoken_debrief(debrief))
        console.print(f"\n  Scorecards: voicemock debrief {session.id}", style="dim", highlight=False, soft_wrap=True)


def search(
    words: Annotated[
        list[str],
        typer.Argument(help="Words, or a phrase: '\"late vendor\"'; migrat* finds words that begin that way."),
    ],
    since: Day = None,
    until: Day = None,
    pillar: PillarName = None,
    company: Company = None,
    loop: Annotated[str | None, typer.Option(help="Only interviews of this loop.", metavar="NAME")] = None,
    story: Annotated[str | None, typer.Option(help="Only takes of this story.", metavar="NAME")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="NUMBER", help="How many answers to show.")] = 20,
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one answer per line.")] = False,
) -> None:
    """Search everything you have ever said.

    Example: voicemock search kafka rollback --since 2026-11-01

    All the words have to be there, in any order; endings do not matter.
    """
    with Store(load_settings(data_dir=data_dir).data_dir) as store:
        filters = Filters.between(since, until)._replace(
            pillar=parse_pillar(pillar),
            company=company,
            loop=loop,
            story_slug=None if story is None else store.stories.get(story).slug,
        )
        found = store.overviews.search(" ".join(words), filters, limit)
    print_all(found, _show, as_json=as_json, nothing=NOT_SAID)


def _show(console: Console, found: tuple[SearchResult, ...]) -> None:
    """Show where each answer is, and its words. Without color, stars mark what was found."""
    colored = console.color_system is not None and not console.no_color
    for result in found:
        line = found_line(result)
        moment = f", at {line.moment}" if line.moment else ""
        console.print(Text(line.place, style="cyan").append(f"  {line.day}  {line.subject}{moment}", style="dim"))
        excerpt = Text()
        for piece in result.excerpt:
            text = printable(piece.text)
            excerpt.append(f"*{text}*" if piece.is_match and not colored else text, "bold" if piece.is_match else "")
        show_indented(console, excerpt, 4)


def delete(
    name: Annotated[
        str | None, typer.Argument(help="A session, or one answer of it: SESSION/2.", metavar="SESSION|SESSION/N")
    ] = None,
    story: Annotated[str | None, typer.Option(help="A story with all its takes.", metavar="NAME")] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="All sessions, stories, jobs and recordings.")
    ] = False,
    yes: Yes = False,
    data_dir: DataDir = None,
) -> None:
    """Delete recordings and transcripts for good.

    Examples: voicemock delete 20261124-173516-f101/2, voicemock delete --story "Kafka migration"

    Recordings, rows, search index and backups: none of it is left in the data folder. Follow-ups to a deleted answer
    keep their replies but lose their questions, which may quote it. Notes taken from a deleted take are deleted too.
    """
    if sum((name is not None, story is not None, everything)) != 1:
        raise typer.BadParameter("Name a session or an answer, or give --story or --everything.")
    settings = load_settings(data_dir=data_dir)
    folder = settings.data_dir
    if everything:
        _everything(folder, settings.cache_dir, yes=yes)
        return
    with Store(folder) as store:
        if story is not None:
            _story(store, story, yes=yes)
        else:
            _session_or_answer(store, name or "", yes=yes)


def _everything(folder: Path, cache_dir: Path, *, yes: bool) -> None:
    _confirm(f"Delete every session, story, job and recording in {folder}?", yes=yes)
    delete_everything(folder)
    remove_abandoned(cache_dir)
    tell("Everything has been deleted.")
    own = own_questions_folder()
    if any(own.glob("*.yaml")):
        tell(f"Your own questions remain in {own}. Delete the folder to remove them, too.")


def _story(store: Store, name: str, *, yes: bool) -> None:
    found = store.stories.get(name)
    sessions = store.sessions.of_story(found)
    _confirm(
        f"Delete the story {printable(found.name)!r}, its notes and its {counted(len(sessions), 'session')}?", yes=yes
    )
    store.delete_story(found)
    tell(GONE)


def _session_or_answer(store: Store, name: str, *, yes: bool) -> None:
    match = _ANSWER.fullmatch(name)
    session = _find(store, match[1] if match else name)
    if match is None:
        _confirm(session_question(session, len(store.sessions.positions(session))), yes=yes)
        store.delete_session(session)
    else:
        _answer(store, session, int(match[2]), yes=yes)
    tell(GONE)
    if session.story is not None and (stays := written_notes(store, session)):
        tell(f"{stays} Look at it: voicemock stories show {printable(session.story)!r}")


def _answer(store: Store, session: Session, position: int, *, yes: bool) -> None:
    positions = store.sessions.positions(session)
    if position not in positions:
        raise no_answer(session, position, positions)
    _confirm(answer_question(session, position), yes=yes)
    store.delete_answer(session, position)


def _find(store: Store, name: str) -> Session:
    """Return the session to delete. The name of a story is not enough: it would mean its last take."""
    session = store.sessions.find(name)
    if name != "last" and not session.id.startswith(name):
        raise UnknownNameError(f"{name!r} is a story. Delete it with --story, or delete one take by its session id.")
    return session


def _confirm(question: str, *, yes: bool) -> None:
    if not yes:
        typer.confirm(f"{printable_lines(question)} {FOR_GOOD}", abort=True)
