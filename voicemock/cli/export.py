"""``voicemock export``, ``report``, ``play`` and ``debrief``: one session as files, a page, sound, a summary."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated, Final

import typer

from voicemock.cli.desktop import has_desktop
from voicemock.cli.options import (
    DataDir,
    Force,
    NoOpen,
    PageFile,
    SessionOrStory,
    Speaker,
    parse_moment,
)
from voicemock.cli.output import silence_libraries, tell
from voicemock.cli.results import print_json
from voicemock.coaching.debrief import debrief_of
from voicemock.coaching.debrief_wording import spoken_debrief
from voicemock.coaching.same_story import subjects_encoder
from voicemock.content.questions import QuestionBank
from voicemock.errors import AudioFileError, InputError, UnknownNameError
from voicemock.files import make_folder
from voicemock.interview.room import refuse_speaker_file
from voicemock.models import Analysis, Answer, DebriefReport
from voicemock.report.debrief import show_debrief
from voicemock.report.export_files import NOTHING_TO_WRITE, exported
from voicemock.report.formats import Format
from voicemock.report.page import refuse_target, write_given, write_page
from voicemock.report.page_for_review import WITHOUT_SOUND, write_for_review
from voicemock.report.safe_text import printable
from voicemock.report.terminal import Moment, Terminal, around_filler, from_moment, of_part
from voicemock.settings import load_settings
from voicemock.speech.audio_files import read_kept
from voicemock.speech.devices import open_speaker
from voicemock.store.store import Store

SessionName = Annotated[str, typer.Argument(help="Session id, or its first letters.", metavar="SESSION")]

_NO_RECORDING: Final = "Answer {position} has no recording to play. Read it with: voicemock show"


def export(
    session: SessionOrStory = "last",
    form: Annotated[Format, typer.Option("--format", help=f"{', '.join(Format)}.", metavar="FORMAT")] = Format.MD,
    to: Annotated[Path, typer.Option(help="Folder to write to; created if missing.", metavar="FOLDER")] = Path(),
    force: Force = False,
    data_dir: DataDir = None,
) -> None:
    """Write a session to files: Markdown, JSON, CSV, subtitles, audio.

    Example: voicemock export last --format srt --to ~/Desktop

    Files are named after the session; subtitles and recordings get one file per answer.
    """
    settings = load_settings(data_dir=data_dir)
    with Store(settings.data_dir) as store:
        found = store.sessions.find(session)
        answers = store.sessions.answers(found)
        folder = store.sessions.folder(found)
    files = exported(form, found, answers, folder, QuestionBank.load(), subjects_encoder(settings.cache_dir))
    written = [_write(to / name, content, settings.data_dir, force=force) for name, content in files]
    if not written:
        tell(NOTHING_TO_WRITE, err=True)
        raise typer.Exit(1)
    for path in written:
        tell(str(path))


def _write(path: Path, content: bytes, data_dir: Path, *, force: bool) -> Path:
    """Write a file of an export, and make its folder where it is missing."""
    refuse_target(path, data_dir, force=force)
    try:
        make_folder(path.parent)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}. Name another with --to.") from error
    write_given(path, content, force=force)
    return path


def report(
    session: SessionName = "last",
    to: PageFile = None,
    embed_audio: Annotated[bool, typer.Option("--embed-audio", help="Put the recordings into the page.")] = False,
    for_review: Annotated[
        bool, typer.Option("--for-review", help="A page where someone else can comment and rate, as one file.")
    ] = False,
    force: Force = False,
    no_open: NoOpen = False,
    data_dir: DataDir = None,
) -> None:
    """Write an interview as a web page, and open it.

    Hear every word, filler, pause and quote where it was said. The page works without a network; it is saved next
    to its recordings. If --to names another place, they are copied there.

    Example: voicemock report, or to send one file: voicemock report --to review.html --embed-audio

    With --for-review it is a page for a mentor: review-SESSION.html in this folder, without measures and feedback.
    When the mentor sends a file back, keep it with voicemock import.
    """
    settings = load_settings(data_dir=data_dir)
    with Store(settings.data_dir) as store:
        found = store.sessions.find(session)
        answers, folder = store.sessions.answers(found), store.sessions.folder(found)
    if for_review:
        page = write_for_review(found, answers, folder, to=to, embed_audio=embed_audio, force=force)
    else:
        encode = subjects_encoder(settings.cache_dir)
        page = write_page(found, answers, folder, to=to, embed_audio=embed_audio, force=force, encode=encode)
    tell(str(page))
    if for_review and not embed_audio and any(answer.audio_file for answer in answers):
        tell(WITHOUT_SOUND, err=True)
    if not no_open and has_desktop():
        webbrowser.open(page.as_uri())


def play(
    session: SessionName = "last",
    number: Annotated[
        int | None, typer.Option("--answer", min=1, metavar="NUMBER", help="Which answer; by default, the first.")
    ] = None,
    at: Annotated[str | None, typer.Option(help="Play ten seconds from here: 1:24 or 84.", metavar="TIME")] = None,
    filler: Annotated[
        int | None, typer.Option(min=1, metavar="NUMBER", help="Play the moment around this filler, counted from 1.")
    ] = None,
    part: Annotated[str | None, typer.Option(help="Play a whole part: result, action ...", metavar="NAME")] = None,
    speaker: Speaker = None,
    data_dir: DataDir = None,
) -> None:
    """Play an answer again, or one moment of it.

    Example: voicemock play --filler 3, or voicemock play last --answer 2 --part result
    """
    if sum(choice is not None for choice in (at, filler, part)) > 1:
        raise typer.BadParameter("Give one of --at, --filler and --part.")
    at_s = parse_moment(at) if at is not None else None
    settings = load_settings(speaker=speaker, data_dir=data_dir)
    with Store(settings.data_dir) as store:
        found = store.sessions.find(session)
        answer, folder = _answer(store.sessions.answers(found), number), store.sessions.folder(found)
    if answer.audio_file is None:
        raise AudioFileError(_NO_RECORDING.format(position=answer.position))
    clip = read_kept(folder / answer.audio_file)
    analysis = answer.assessment.analysis if answer.assessment else None
    moments = _moments(analysis, clip.duration_s, at_s, filler, part)
    refuse_speaker_file(settings)
    silence_libraries()
    sound = open_speaker(settings.speaker, realtime=False)
    for moment, title in moments:
        tell(f"Answer {answer.position}, {moment}{title}")
        sound.play(clip.between(moment.start_s, moment.end_s))


def _answer(answers: tuple[Answer, ...], number: int | None) -> Answer:
    """Return the answer with a number, or the first that was recorded."""
    found = [answer for answer in answers if answer.position == number or (number is None and answer.audio_file)]
    if not found and number is None and answers:
        found = list(answers)  # all are transcripts
    if not found:
        positions = ", ".join(str(answer.position) for answer in answers)
        kept = f"The answers are: {positions}." if answers else "No answers are saved."
        wanted = "no answer" if number is None else f"no answer {number}"
        raise UnknownNameError(f"This interview has {wanted}. {kept}")
    return found[0]


def _moments(
    analysis: Analysis | None, recording_s: float, at_s: float | None, filler: int | None, part: str | None
) -> list[tuple[Moment, str]]:
    """Return what to play, each stretch with a title to show after its times."""
    if at_s is not None:
        return [(from_moment(at_s, recording_s), "")]
    if filler is None and part is None:
        return [(Moment(0.0, recording_s), "")]
    if analysis is None:
        raise UnknownNameError("This answer was not analyzed; play it without --filler and --part.")
    if part is not None:
        return [(moment, f": {part}") for moment in of_part(analysis, part)]
    said, moment = around_filler(analysis, filler or 0)
    return [(moment, f': filler {filler}, "{printable(said.text)}"')]


def debrief(
    session: SessionOrStory = "last",
    level: Annotated[
        str | None,
        typer.Option(
            help="Show what is usual at another level.",
            metavar="mid|senior|staff|principal",
            show_default="the interview's",
        ),
    ] = None,
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Sum up an interview: what recurs, and what to work on next.

    Everything in it was observed, and comes with your own words and the moment. It gives no grade and no verdict.

    Example: voicemock debrief shows the last interview; add --level staff for what is usual at staff level.
    """
    settings = load_settings(data_dir=data_dir, level=level)
    with Store(settings.data_dir) as store:
        found = store.sessions.find(session)
        answers = store.sessions.answers(found)
    wanted = settings.level if level else found.level
    encode = subjects_encoder(settings.cache_dir)
    summed_up = debrief_of(answers, QuestionBank.load(), level=wanted, encode=encode)
    spoken = spoken_debrief(summed_up)
    if as_json:
        print_json(DebriefReport(session=found, debrief=summed_up, spoken=spoken))
        return
    console = Terminal()
    console.print(f"Session {found.id}, {found.started_at.astimezone():%A %d %B %Y, %H:%M}", highlight=False)
    show_debrief(console, summed_up, spoken)
