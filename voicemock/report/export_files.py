"""The files of an export: one session in a format that was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from voicemock.analysis.structure import Encode
from voicemock.coaching.debrief import debrief_of
from voicemock.coaching.debrief_wording import spoken_debrief
from voicemock.content.questions import QuestionBank
from voicemock.errors import StorageError
from voicemock.files import read_own
from voicemock.interview.interview import report_of
from voicemock.models import Answer, Session
from voicemock.report.exports import (
    cues,
    debrief_in_markdown,
    summary_in_markdown,
    to_csv,
    to_markdown,
    to_notes,
    to_srt,
    to_vtt,
)
from voicemock.report.formats import Format

NOTHING_TO_WRITE: Final = "Nothing in this session can be written in this form: it has no timed words, or no recording."


def formats_of(answers: Sequence[Answer]) -> Iterator[Format]:
    """Yield the formats that a session with these answers has a file in."""
    has_times = any(True for answer in answers if answer.assessment for _ in cues(answer.assessment))
    has_recording = any(answer.audio_file for answer in answers)
    for form in Format:
        if has_recording if form is Format.AUDIO else has_times or form not in (Format.SRT, Format.VTT):
            yield form


def exported(
    form: Format,
    session: Session,
    answers: tuple[Answer, ...],
    folder: Path,
    bank: QuestionBank,
    encode: Encode | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each file. Subtitles and recordings are one file an answer.

    Args:
        form: The format.
        session: Gives the files their names.
        answers: Of the session, in order.
        folder: Of the session's recordings.
        bank: Has the frameworks.
        encode: As for ``debrief_of``.

    Raises:
        StorageError: A recording cannot be read.
    """
    if form is Format.AUDIO:
        yield from _recordings(session, answers, folder)
    elif form in (Format.SRT, Format.VTT):
        write = to_srt if form is Format.SRT else to_vtt
        for answer in answers:
            if answer.assessment is not None and any(cues(answer.assessment)):
                yield f"{session.id}-{answer.position:02}.{form.value}", write(answer.assessment).encode()
    elif form is Format.JSON:
        yield f"{session.id}.json", f"{report_of(session, answers).model_dump_json(indent=2)}\n".encode()
    else:
        yield _text(form, session, answers, bank, encode)


def _text(
    form: Format, session: Session, answers: tuple[Answer, ...], bank: QuestionBank, encode: Encode | None
) -> tuple[str, bytes]:
    """Return the name and content of a file for people."""
    frameworks = [
        bank.framework_of(answer.assessment, answer.question) if answer.assessment else None for answer in answers
    ]
    if form is Format.NOTES:
        notes = to_notes(session, answers, frameworks)
        summary = _debrief(session, answers, bank, encode, is_whole=False)
        return f"{session.id}-notes.md", f"{notes}{summary}".encode()
    if form is Format.MD:
        text = to_markdown(session, answers, frameworks)
        return f"{session.id}.md", f"{text}{_debrief(session, answers, bank, encode, is_whole=True)}".encode()
    return f"{session.id}.csv", to_csv(session, answers, frameworks).encode("utf-8-sig")  # Excel needs the mark


def _debrief(
    session: Session, answers: tuple[Answer, ...], bank: QuestionBank, encode: Encode | None, *, is_whole: bool
) -> str:
    """Return the debrief of several answers as Markdown after an empty line; nothing for a single answer."""
    debrief = debrief_of(answers, bank, level=session.level, encode=encode)
    if not debrief.answered or len(answers) < 2:
        return ""
    lines = (debrief_in_markdown if is_whole else summary_in_markdown)(debrief, spoken_debrief(debrief))
    return "\n" + "\n".join(lines).rstrip() + "\n"


def _recordings(session: Session, answers: tuple[Answer, ...], folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each recording."""
    for answer in answers:
        if answer.audio_file is None:
            continue
        recording = folder / Path(answer.audio_file).name
        try:
            content = read_own(recording)
        except OSError as error:
            raise StorageError(f"{recording} cannot be read: {error.strerror or error}.") from error
        suffix = ".flac" if recording.suffix == ".flac" else ".wav"
        yield f"{session.id}-{answer.position:02}{suffix}", content
