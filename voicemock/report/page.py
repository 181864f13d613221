"""The review page of an interview, and the frame of all our pages: one HTML file that needs no network.

Styles, scripts and the charting library are inline. A content security policy lets nothing else run, and only
recordings be fetched. What was said is data: it reaches a page only through autoescaping templates. No policy stops a
meta element that leads to another page: escaping keeps it out, and ``sheet.js`` stops it in browsers that ask first.
"""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from markupsafe import escape

from voicemock.analysis.structure import Encode
from voicemock.coaching.debrief import debrief_of
from voicemock.coaching.debrief_wording import spoken_debrief
from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError
from voicemock.files import read_own, write_new, write_whole
from voicemock.models import Answer, Framework, Session
from voicemock.report.debrief import DebriefView, debrief_view
from voicemock.report.page_answer import AnswerView, answer_view
from voicemock.report.rows import load_measures
from voicemock.report.sheet import chart_library, environment, own_file, stylesheet
from voicemock.speech.audio_files import as_webm
from voicemock.store.deletion import REVIEW_PAGE, refuse_own

_IS_THERE: Final = "{path} already exists. Overwrite it with --force, or choose another place with --to."


def render(template: str, script: str | None, *, has_chart: bool = True, **values: Any) -> str:
    """Return a page from a template that extends ``sheet.html.j2``.

    The page's own script, if it has one, runs after the charting library, where there is a chart, and ``sheet.js``.
    """
    style = stylesheet()
    own = tuple(own_file(f"templates/{name}") for name in ("sheet.js", script) if name)
    scripts = (chart_library(), *own) if has_chart else own
    policy = content_security_policy(style, scripts)
    return environment().get_template(template).render(style=style, scripts=scripts, policy=policy, **values)


def content_security_policy(style: str, scripts: Iterable[str]) -> str:
    """Return the policy that allows the page's own style and scripts and its recordings, and nothing else."""
    allowed = {
        "default-src": "'none'",
        "script-src": " ".join(map(_source_hash, scripts)),
        "style-src": _source_hash(style),
        "img-src": "data:",
        "media-src": "'self' file: data:",  # a browser may not count files beside the page as its own
        "connect-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
    }
    return "; ".join(f"{directive} {sources}" for directive, sources in allowed.items())


def _source_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class Review(NamedTuple):
    """What the page of an interview or a story shows."""

    session: Session
    title: str
    started: str
    answers: tuple[AnswerView, ...]
    debrief: DebriefView | None


def review_of(
    session: Session,
    answers: Sequence[Answer],
    audio: Mapping[int, str],
    bank: QuestionBank,
    encode: Encode | None = None,
) -> Review:
    """Prepare an interview or a story for its page; ``audio`` as for ``render_page``, ``encode`` for ``debrief_of``."""
    frameworks = [_framework(bank, answer) for answer in answers]
    debrief = _debrief(session, tuple(answers), bank, encode)
    return _review(session, answers, frameworks, audio, load_measures(), debrief)


def render_page(
    session: Session,
    answers: Sequence[Answer],
    frameworks: Sequence[Framework | None],
    audio: Mapping[int, str],
    definitions: Mapping[str, str],
    debrief: DebriefView | None = None,
) -> str:
    """Return the page of an interview or a story.

    ``audio`` has the address of each recording, relative or ``data:``, by the answer's position.
    """
    return _rendered(_review(session, answers, frameworks, audio, definitions, debrief))


def _rendered(review: Review) -> str:
    return render("page.html.j2", "page.js", **review._asdict())


def _review(
    session: Session,
    answers: Sequence[Answer],
    frameworks: Sequence[Framework | None],
    audio: Mapping[int, str],
    definitions: Mapping[str, str],
    debrief: DebriefView | None,
) -> Review:
    sources = {position: escape(address) for position, address in audio.items()}  # megabytes: escaped only once
    views = (
        answer_view(answer, framework, sources.get(answer.position), definitions)
        for answer, framework in zip(answers, frameworks, strict=True)
    )
    return Review(session, session.story or "Interview", day_and_time(session.started_at), tuple(views), debrief)


def day_and_time(moment: datetime) -> str:
    """Return a local date and time as people write it: "Tuesday 24 November 2026, 17:18"."""
    local = moment.astimezone()
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M}"


def write_page(
    session: Session,
    answers: Iterable[Answer],
    folder: Path,
    *,
    to: Path | None = None,
    embed_audio: bool = False,
    force: bool = False,
    encode: Encode | None = None,
) -> Path:
    """Write the review page of an interview and return its path.

    Args:
        session: The interview.
        answers: In order.
        folder: Of the session's recordings, and of the page unless ``to`` is given.
        to: The page's file; the recordings are copied beside it.
        embed_audio: Put the recordings into the page.
        force: Overwrite existing files.
        encode: As for ``debrief_of``.

    Raises:
        InputError: A file cannot be written, or is there and not to be written over.
        AudioFileError: A recording to embed cannot be read.
    """
    page, kept = (to or folder / REVIEW_PAGE).absolute(), tuple(answers)
    recordings = _recordings(kept, folder)
    is_ours = page.name == REVIEW_PAGE and page.parent.resolve() == folder.resolve()
    if not is_ours:
        copies = [] if embed_audio else [_copy(page, recording) for recording in recordings.values()]
        for path in (page, *copies):
            refuse_target(path, folder.parent.parent, force=force)

    def address(recording: Path) -> str:
        if embed_audio:
            return _embedded(recording)
        return quote(recording.name) if is_ours else _copied(page, recording, force=force)

    audio = {position: address(recording) for position, recording in recordings.items()}
    html = _rendered(review_of(session, kept, audio, QuestionBank.load(), encode))
    write_given(page, html.encode("utf-8", "replace"), force=force or is_ours)
    return page


def whole_page(
    session: Session, answers: Sequence[Answer], folder: Path, bank: QuestionBank, encode: Encode | None = None
) -> str:
    """Return the review page of an interview with the recordings in it; ``encode`` as for ``debrief_of``.

    Raises:
        AudioFileError: A recording cannot be read.
    """
    return _rendered(review_of(session, answers, embedded_recordings(answers, folder), bank, encode))


def embedded_recordings(answers: Iterable[Answer], folder: Path) -> dict[int, str]:
    """Return ``data:`` addresses of the recordings that are there, by the positions of their answers.

    Raises:
        AudioFileError: A recording cannot be read.
    """
    return {position: _embedded(recording) for position, recording in _recordings(answers, folder).items()}


def _recordings(answers: Iterable[Answer], folder: Path) -> dict[int, Path]:
    """Return the recordings that are there, by the positions of their answers. No link is followed."""
    named = {answer.position: folder / answer.audio_file for answer in answers if answer.audio_file}
    return {place: path for place, path in named.items() if path.is_file() and not path.is_symlink()}


def _debrief(
    session: Session, answers: tuple[Answer, ...], bank: QuestionBank, encode: Encode | None
) -> DebriefView | None:
    """Return what the answers have in common; None if there are fewer than two, counting follow-ups."""
    debrief = debrief_of(answers, bank, level=session.level, encode=encode)
    if debrief.answered < 1 or len(answers) < 2:
        return None
    return debrief_view(debrief, spoken_debrief(debrief))


def _framework(bank: QuestionBank, answer: Answer) -> Framework | None:
    if answer.assessment is not None:
        return bank.framework_of(answer.assessment, answer.question)
    return bank.framework(answer.question.framework) if answer.question else None


def _embedded(recording: Path) -> str:
    return f"data:audio/webm;base64,{base64.b64encode(as_webm(recording)).decode()}"


def _copy(page: Path, recording: Path) -> Path:
    return page.with_name(f"{page.stem}-{recording.name}")


def _copied(page: Path, recording: Path, *, force: bool) -> str:
    """Copy a recording beside the page and return its address relative to the page."""
    try:
        content = read_own(recording)
    except OSError as error:
        raise InputError(f"{recording} cannot be read: {error.strerror or error}.") from error
    write_given(_copy(page, recording), content, force=force)
    return quote(os.fsencode(_copy(page, recording).name))


def refuse_target(path: Path, data_dir: Path, *, force: bool) -> None:
    """Raise InputError if a path that the user gave is not to be written to.

    That is a path in the data folder, one that is not a file, and, without ``force``, any existing file.
    """
    refuse_own(path, data_dir)
    try:
        mode = path.lstat().st_mode
    except OSError:  # not there, or writing it says why
        return
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
        raise InputError(f"{path} cannot be written: it is a folder, a pipe or a device. Name a file with --to.")
    if not force:
        raise InputError(_IS_THERE.format(path=path))


def write_given(path: Path, content: bytes, *, force: bool) -> None:
    """Write a file that only its owner can read, whole or not at all; ``refuse_target`` says where none may be.

    Raises:
        InputError: It cannot be written, or it exists and ``force`` is not set.
    """
    try:
        (write_whole if force else write_new)(path, content)
    except FileExistsError as error:
        raise InputError(_IS_THERE.format(path=path)) from error
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{path} cannot be written: {reason}. Name a file in a folder of yours with --to.") from error
