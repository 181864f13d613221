"""``voicemock export``: a session as files for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from voicemock.cli.options import DataDir
from voicemock.debrief import debrief_of, spoken_debrief
from voicemock.errors import InputError, StorageError
from voicemock.interview import report_of
from voicemock.models import Answer, Session
from voicemock.private_files import make_folder, write_new, write_whole
from voicemock.questions import QuestionBank
from voicemock.report.debrief_markdown import debrief_in_markdown, summary_in_markdown
from voicemock.report.exports import cues, to_csv, to_markdown, to_srt, to_vtt
from voicemock.report.notes import to_notes
from voicemock.settings import load_settings
from voicemock.store import Store


class Format(StrEnum):
    """What is written."""

    MD = "md"
    NOTES = "notes"
    JSON = "json"
    CSV = "csv"
    SRT = "srt"
    VTT = "vtt"
    AUDIO = "audio"


def export(
    session: Annotated[
        str, typer.Argument(help="Session id, its first letters, or the name of a story.", metavar="[SESSION|STORY]")
    ] = "last",
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.MD,
    to: Annotated[Path, typer.Option(help="Where to; made where it is missing.", metavar="FOLDER")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Write a session to files: md, notes, json, csv, subtitles (srt, vtt) or the recordings.

    Example: voicemock export last --format srt --to ~/Desktop

    Files are named after the session; subtitles and recordings are one file an answer.
    """
    with Store(load_settings(data_dir=data_dir).data_dir) as store:
        found = store.sessions.find(session)
        answers = store.sessions.answers(found)
        folder = store.sessions.folder(found)
    files = _recordings(found, answers, folder) if form is Format.AUDIO else _texts(form, found, answers)
    written = [_write(to / name, content, force=force) for name, content in files]
    if not written:
        typer.echo("Nothing in this session can be written so: it has no words with times, or no recording.", err=True)
        raise typer.Exit(1)
    for path in written:
        typer.echo(str(path))


def _texts(form: Format, session: Session, answers: tuple[Answer, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield the names of the files and what goes into them."""
    if form in (Format.SRT, Format.VTT):
        write = to_srt if form is Format.SRT else to_vtt
        for answer in answers:
            if answer.assessment is not None and any(cues(answer.assessment)):
                yield f"{session.id}-{answer.position:02}.{form.value}", write(answer.assessment).encode()
        return
    if form is Format.JSON:
        yield f"{session.id}.json", f"{report_of(session, answers).model_dump_json(indent=2)}\n".encode()
        return
    bank = QuestionBank.load()
    frameworks = [
        bank.framework_of(answer.assessment, answer.question) if answer.assessment else None for answer in answers
    ]
    if form is Format.NOTES:
        notes = to_notes(session, answers, frameworks)
        yield f"{session.id}-notes.md", f"{notes}{_debrief(answers, bank, is_whole=False)}".encode()
    elif form is Format.MD:
        text = to_markdown(session, answers, frameworks)
        yield f"{session.id}.md", f"{text}{_debrief(answers, bank, is_whole=True)}".encode()
    else:
        yield f"{session.id}.csv", to_csv(session, answers, frameworks).encode("utf-8-sig")  # Excel needs the mark


def _debrief(answers: tuple[Answer, ...], bank: QuestionBank, *, is_whole: bool) -> str:
    """Return what several answers have in common as Markdown, behind an empty line; nothing of a single answer."""
    debrief = debrief_of(answers, bank)
    if not debrief.answered or len(answers) < 2:
        return ""
    lines = (debrief_in_markdown if is_whole else summary_in_markdown)(debrief, spoken_debrief(debrief))
    return "\n" + "\n".join(lines).rstrip() + "\n"


def _recordings(session: Session, answers: tuple[Answer, ...], folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each recording under the name of its session.

    Raises:
        StorageError: A recording cannot be read.
    """
    for answer in answers:
        if answer.audio_file is None:
            continue
        recording = folder / Path(answer.audio_file).name
        try:
            content = recording.read_bytes()
        except OSError as error:
            raise StorageError(f"{recording} cannot be read: {error.strerror or error}.") from error
        suffix = ".flac" if recording.suffix == ".flac" else ".wav"
        yield f"{session.id}-{answer.position:02}{suffix}", content


def _write(path: Path, content: bytes, *, force: bool) -> Path:
    """Write a file that only its owner can read; one that is there stays unless ``force``.

    Raises:
        InputError: It is there, or the folder cannot be written.
    """
    try:
        make_folder(path.parent)
        (write_whole if force else write_new)(path, content)
    except FileExistsError as error:
        raise InputError(f"{path} is there already. Use --force, or another folder with --to.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}. Name another with --to.") from error
    return path
