"""Takes made elsewhere: a recording or transcript is kept as a session of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from voicemock.analyzer import is_transcript
from voicemock.audio import read_audio, write_audio
from voicemock.errors import AudioFileError, StorageError, TranscriptFileError
from voicemock.models import Answer, Assessment, Question, Session, Story
from voicemock.store import Store

_AUDIO_FILE = "answer-01.flac"


def keep_file(
    store: Store,
    path: Path,
    assessment: Assessment,
    *,
    question: Question | None,
    story: Story | None,
    recorded_at: datetime,
    version: str,
) -> Session:
    """Keep a file that was assessed as the only answer of a new session; a recording is copied into its folder.

    Args:
        store: Where to.
        path: The recording or transcript; it stays where it is.
        assessment: What was found in it.
        question: What it answers.
        story: What it tells, where it answers no question.
        recorded_at: When it was made; aware.
        version: Of voicemock.

    Raises:
        InputError: Not a word was said in it, or it cannot be read any more.
        StorageError: It cannot be kept; nothing of it is.
    """
    _refuse_silence(path, assessment)
    clip = None if is_transcript(path) else read_audio(path, longest_s=(assessment.analysis.recording_s or 0.0) + 1.0)
    session = store.sessions.reserve(None, version, recorded_at, story)
    try:
        if clip is not None:
            recording = store.sessions.folder(session) / _AUDIO_FILE
            write_audio(recording, clip)
            assessment = assessment.model_copy(update={"source": str(recording)})
        answer = Answer(
            position=1,
            status="answered",
            question=question,
            recorded_at=recorded_at,
            audio_file=_AUDIO_FILE if clip is not None else None,
            assessment=assessment,
            timings=None,
        )
        return store.sessions.keep(session, story, [answer], recorded_at)
    except StorageError:
        store.sessions.drop(session)
        raise


def modified_at(path: Path) -> datetime:
    """Return when a file was last changed: for most recordings, when they ended.

    Raises:
        AudioFileError: It cannot be looked at.
    """
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError) as error:
        raise AudioFileError(f"{path} has no date that can be read. Give one with --date.") from error


def _refuse_silence(path: Path, assessment: Assessment) -> None:
    if assessment.transcript.text.strip():
        return
    if is_transcript(path):
        raise TranscriptFileError(f"{path} holds no word. It was not kept.")
    raise AudioFileError(f"No speech was found in {path}. It was not kept.")
