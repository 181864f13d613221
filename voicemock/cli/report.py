"""``voicemock report`` and ``voicemock play``: an interview as a page, and a moment of it on the speaker."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from voicemock.audio import read_audio
from voicemock.cli.options import DataDir, NoOpen, PageFile, Speaker, has_desktop, parse_moment
from voicemock.cli.output import silence_libraries
from voicemock.devices import open_speaker
from voicemock.errors import AudioFileError, UnknownNameError
from voicemock.models import Analysis, Answer
from voicemock.report.moments import Moment, around_filler, from_moment, of_part
from voicemock.report.page_files import write_page
from voicemock.report.passages import printable
from voicemock.settings import load_settings
from voicemock.store import Store

_NO_RECORDING = "Answer {position} has no recording that could be played. Read it with: voicemock show"

SessionName = Annotated[str, typer.Argument(help="Session id, or its first letters.", metavar="[SESSION]")]


def report(
    session: SessionName = "last",
    to: PageFile = None,
    embed_audio: Annotated[bool, typer.Option("--embed-audio", help="Put the recordings into the page.")] = False,
    no_open: NoOpen = False,
    data_dir: DataDir = None,
) -> None:
    """Write an interview as a page to review in a browser, and open it.

    Hear every word, filler, pause and quote where it was said. The page works without a network; it stands beside its
    recordings unless --to names another place, and then they are copied beside it.

    Example: voicemock report, or to send one file: voicemock report --to review.html --embed-audio
    """
    with Store(load_settings(data_dir=data_dir).data_dir) as store:
        found = store.sessions.find(session)
        answers, folder = store.sessions.answers(found), store.sessions.folder(found)
    page = write_page(found, answers, folder, to=to, embed_audio=embed_audio)
    typer.echo(str(page))
    if not no_open and has_desktop():
        webbrowser.open(page.as_uri())


def play(
    session: SessionName = "last",
    number: Annotated[int | None, typer.Option("--answer", min=1, help="Which answer; else the first.")] = None,
    at: Annotated[str | None, typer.Option(help="Ten seconds from here: 1:24 or 84.", metavar="TIME")] = None,
    filler: Annotated[int | None, typer.Option(min=1, help="Around this filler, counted from 1.")] = None,
    part: Annotated[str | None, typer.Option(help="All of a part: result, action ...", metavar="NAME")] = None,
    speaker: Speaker = None,
    data_dir: DataDir = None,
) -> None:
    """Play an answer again, or a moment of it.

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
    clip = read_audio(folder / answer.audio_file)
    analysis = answer.assessment.analysis if answer.assessment else None
    moments = _moments(analysis, clip.duration_s, at_s, filler, part)
    silence_libraries()
    sound = open_speaker(settings.speaker, realtime=False)
    for moment, title in moments:
        typer.echo(f"Answer {answer.position}, {moment}{title}")
        sound.play(clip.between(moment.start_s, moment.end_s))


def _answer(answers: tuple[Answer, ...], number: int | None) -> Answer:
    """Return the answer with a number, or the first that was recorded."""
    found = [answer for answer in answers if answer.position == number or (number is None and answer.audio_file)]
    if not found and number is None and answers:
        found = list(answers)  # all of them transcripts
    if not found:
        positions = ", ".join(str(answer.position) for answer in answers)
        kept = f"The answers are: {positions}." if answers else "No answer is kept."
        wanted = "no answer" if number is None else f"no answer {number}"
        raise UnknownNameError(f"This interview has {wanted}. {kept}")
    return found[0]


def _moments(
    analysis: Analysis | None, recording_s: float, at_s: float | None, filler: int | None, part: str | None
) -> list[tuple[Moment, str]]:
    """Return what is to be heard, each with a title to show behind its times."""
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
