"""The review page on disk: the page itself and its recordings, for their owner's eyes only."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from voicemock.audio import as_webm
from voicemock.debrief import debrief_of, spoken_debrief
from voicemock.errors import InputError
from voicemock.models import Answer, Framework, Session
from voicemock.private_files import write_whole
from voicemock.questions import QuestionBank
from voicemock.report.debrief_words import DebriefView, debrief_view
from voicemock.report.measures import load_measures
from voicemock.report.page import render_page
from voicemock.store import REVIEW_PAGE


def write_page(
    session: Session, answers: Iterable[Answer], folder: Path, *, to: Path | None = None, embed_audio: bool = False
) -> Path:
    """Write the review page of an interview and return where it is.

    Args:
        session: The interview.
        answers: Its answers, in order.
        folder: Of the session's recordings; the page stands beside them unless ``to`` names another place.
        to: The page's file; its recordings are copied beside it.
        embed_audio: Put the recordings into the page.

    Raises:
        InputError: A file cannot be written.
        AudioFileError: A recording that is to be put into the page cannot be read.
        ContentError: A file in ``prompts/`` is missing or breaks its schema.
    """
    page = (to or folder / REVIEW_PAGE).absolute()
    kept = tuple(answers)
    audio = {}
    for answer in kept:
        recording = folder / answer.audio_file if answer.audio_file else None
        if recording is not None and recording.is_file():
            audio[answer.position] = _embedded(recording) if embed_audio else _beside(page, recording)
    bank = QuestionBank.load()
    frameworks = [_framework(bank, answer) for answer in kept]
    html = render_page(session, kept, frameworks, audio, load_measures(), _debrief(kept, bank))
    write_private(page, html.encode("utf-8", "replace"))
    return page


def _debrief(answers: tuple[Answer, ...], bank: QuestionBank) -> DebriefView | None:
    """Return what the answers have in common; None where there are not two to compare, follow-ups among them."""
    debrief = debrief_of(answers, bank)
    if debrief.answered < 1 or len(answers) < 2:
        return None
    return debrief_view(debrief, spoken_debrief(debrief))


def _framework(bank: QuestionBank, answer: Answer) -> Framework | None:
    if answer.assessment is not None:
        return bank.framework_of(answer.assessment, answer.question)
    return bank.framework(answer.question.framework) if answer.question else None


def _embedded(recording: Path) -> str:
    return f"data:audio/webm;base64,{base64.b64encode(as_webm(recording)).decode()}"


def _beside(page: Path, recording: Path) -> str:
    """Return a recording's address relative to the page, copied to stand beside it where it does not yet."""
    if recording.absolute().parent.resolve() == page.parent.resolve():
        return quote(recording.name)
    copy = page.with_name(f"{page.stem}-{recording.name}")
    try:
        content = recording.read_bytes()
    except OSError as error:
        raise InputError(f"{recording} cannot be read: {error.strerror or error}.") from error
    write_private(copy, content)
    return quote(copy.name)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all.

    Raises:
        InputError: It cannot be written.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{path} cannot be written: {reason}. Name a file in a folder of yours with --to.") from error
