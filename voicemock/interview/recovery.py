"""Finishes answers that an earlier process left unanalyzed, and measures kept answers again by today's rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.coaching.assess import Analyzer
from voicemock.content.questions import QuestionBank
from voicemock.errors import AudioFileError, StorageError
from voicemock.files import settle_file, settle_folder
from voicemock.models import Answer, AnswerStatus, Assessment, Session, SpeechSpan
from voicemock.settings import Settings
from voicemock.speech.audio_files import RecordingFile, read_kept, read_recording, write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.speech.engines import transcriber_loader
from voicemock.speech.rumble import without_rumble
from voicemock.speech.transcription import TranscriptionWorker
from voicemock.speech.vad import VoiceActivityDetector, speech_flags, speech_spans
from voicemock.store.store import Store
from voicemock.store.unfinished import UnfinishedAnswer

_STAMP: Final = "%Y%m%d-%H%M%S"
"""Start of a session id."""

_OF_THE_SOUND: Final = ("articulation_words_per_minute", "response_latency_s", "pauses", "unclear")
"""Measures of the recording itself, or of the times of a transcript. If these are missing, the old numbers are kept."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """Finishes the answers of one store.

    Attributes:
        store: Holds the answers.
        analyzer: Measures and advises.
        worker: Transcribes.
        version: Of voicemock, for a session of which only recordings are left.
    """

    store: Store
    analyzer: Analyzer
    worker: TranscriptionWorker
    version: str

    def finish(
        self, left: UnfinishedAnswer, on_chunk: Callable[[int, int], None] | None = None
    ) -> tuple[Session, Answer] | None:
        """Transcribe, measure and store an answer; return it with its session, or None if it was finished meanwhile.

        Nothing is removed before everything about the answer is kept, so this can be interrupted and repeated.

        Args:
            left: The unfinished answer.
            on_chunk: Called with the number of chunks transcribed so far, and of all chunks.

        Raises:
            AudioFileError: No recording of it can be read; the files stay.
            EngineError: It cannot be transcribed; it is stored and can be finished later.
            StorageError: It cannot be kept, or its interview is still in progress.
        """
        with self.store.unfinished.holding(left.session_id):
            now = self.store.unfinished.again(left)
            if now is None:
                return None
            session, answer = _store_interrupted(self.store, now, self.version)
            answer = self._assessed(session, answer, now, on_chunk)
            self.store.sessions.add_answer(session, answer)
            if session.ended_at is None:
                session = self.store.sessions.end(session, ended_at(answer))
            self.store.unfinished.done(session.id, now.position)
            return session, answer

    def finish_each(
        self,
        found: Sequence[UnfinishedAnswer],
        on_begin: Callable[[UnfinishedAnswer], None] = lambda _left: None,
        on_chunk: Callable[[int, int], None] | None = None,
    ) -> Iterator[tuple[UnfinishedAnswer, tuple[Session, Answer] | None, Exception | None]]:
        """Finish answers one by one. Yield each with what ``finish`` returned, or with why it cannot be finished.

        No error of one, expected or not, stops the others. The caller tells it.
        """
        for left in found:
            on_begin(left)
            done, problem = None, None
            try:
                done = self.finish(left, on_chunk)
            except Exception as error:  # noqa: BLE001 - given to the caller
                problem = error
            yield left, done, problem

    def _assessed(
        self, session: Session, answer: Answer, left: UnfinishedAnswer, on_chunk: Callable[[int, int], None] | None
    ) -> Answer:
        if answer.audio_file is None:
            return answer
        path = self.store.sessions.folder(session) / answer.audio_file
        story = self.store.stories.find(session.story) if session.story else None
        assessment, speech = self.analyzer.analyze_audio(
            path,
            self.worker,
            question=answer.question,
            framework=story.framework if story else None,
            on_chunk=on_chunk,
            is_cut_off=not left.is_over,
        )
        speech = answer.speech or speech
        found = {
            "assessment": assessment,
            "speech": speech,
            "status": _outcome(assessment, speech, is_over=left.is_over),
            "is_cut_off": answer.is_cut_off or not left.is_over,
        }
        return answer.model_copy(update=found)


@contextmanager
def open_recovery(settings: Settings, store: Store, version: str) -> Iterator[Recovery]:
    """Yield a recovery with the engines of the settings.

    Raises:
        EngineError: Whisper's weights are missing.
        UnknownNameError: A setting names an unknown engine.
    """
    load_transcriber = transcriber_loader(settings)
    analyzer = Analyzer(settings, QuestionBank.load())
    with TranscriptionWorker(load_transcriber) as worker:
        yield Recovery(store, analyzer, worker, version)


def store_unanalyzed(store: Store, left: UnfinishedAnswer, version: str) -> None:
    """Store an answer unanalyzed and stop offering it for recovery; it can still be finished.

    Raises:
        AudioFileError: No recording of it can be read; the files stay.
        StorageError: It cannot be kept, or its interview is still in progress.
    """
    with store.unfinished.holding(left.session_id):
        if now := store.unfinished.again(left):
            session, _ = _store_interrupted(store, now, version)
            store.unfinished.done(session.id, now.position)


def ended_at(answer: Answer) -> datetime:
    """Return when a session with this last answer ended."""
    recording_s = answer.assessment.analysis.recording_s if answer.assessment else None
    return answer.recorded_at + timedelta(seconds=recording_s or 0.0)


def recorded_s(left: UnfinishedAnswer) -> float:
    """Return how many seconds of an answer were recorded, 0 if unknown."""
    path = left.recordings[0]
    if path.suffix == ".wav":
        return max(0, path.stat().st_size - RecordingFile.HEADER_BYTES) / 2 / LISTENING_RATE
    try:
        return read_kept(path).duration_s
    except AudioFileError:
        return 0.0


def is_current_version(assessment: Assessment) -> bool:
    """Return whether an assessment follows today's rules."""
    return assessment.analysis.analysis_version == ANALYSIS_VERSION


def assess_again(answer: Answer, folder: Path, analyzer: Analyzer, detector: VoiceActivityDetector) -> Assessment:
    """Measure an answer again by today's rules, with its old transcript and target.

    Args:
        answer: Has an assessment.
        folder: Holds the recording, which is read if the answer does not say where speech is.
        analyzer: Measures and advises.
        detector: A fresh voice activity detector.

    Raises:
        UnknownNameError: The answer's framework no longer exists.
    """
    old = answer.assessment
    if old is None:
        raise ValueError("only what was analyzed can be analyzed again")
    speech = answer.speech if answer.speech is not None else _speech_in(answer, folder, detector)
    structure = old.analysis.structure
    new = analyzer.assess(
        old.transcript,
        source=old.source,
        question=answer.question,
        framework=structure.framework if structure else None,
        speech=speech,
        recording_s=old.analysis.recording_s,
        audio_quality=old.analysis.audio_quality,
        audio_source=old.analysis.audio_source,
        prosody=old.analysis.prosody,
        target=(old.analysis.target_min_s, old.analysis.target_max_s),
        is_cut_off=answer.is_cut_off or answer.status == "interrupted",
    )
    if speech is not None or (old.analysis.recording_s is None and old.analysis.pauses is None):
        return new
    kept = {name: getattr(old.analysis, name) for name in _OF_THE_SOUND}
    if old.analysis.pace_curve is not None:  # its articulation is of the sound
        kept["pace_curve"] = old.analysis.pace_curve
    return new.model_copy(update={"analysis": new.analysis.model_copy(update=kept)})


def _outcome(assessment: Assessment, speech: tuple[SpeechSpan, ...], *, is_over: bool) -> AnswerStatus:
    """Return how an answer ended. It counts as answered only if its end was heard."""
    if not speech and not assessment.transcript.text:
        return "no_speech"
    return "answered" if is_over else "interrupted"


def _lost_session(left: UnfinishedAnswer, version: str) -> Session:
    """Return a session of which only the folder of recordings is left. Its name says when it began."""
    began = datetime.fromtimestamp(left.recordings[0].stat().st_mtime, UTC)
    with suppress(ValueError):
        began = datetime.strptime(left.session_id[:15], _STAMP).astimezone()
    return Session(id=left.session_id, started_at=began, voicemock_version=version)


def _store_interrupted(store: Store, left: UnfinishedAnswer, version: str) -> tuple[Session, Answer]:
    """Compress an answer's recording and store it as interrupted, together with its session if that is missing."""
    mark = left.mark
    known = mark.session if mark else _lost_session(left, version)
    recording = _compressed(store.sessions.folder(known) / left.recordings[0].name)
    store.sessions.readmit(known, mark.story if mark else None)
    session = store.sessions.find(known.id)
    answer = left.answer or Answer(
        position=left.position,
        status="interrupted",
        question=mark.question if mark else None,
        follows=mark.follows if mark else None,
        recorded_at=mark.recorded_at if mark else session.started_at,
        audio_file=None,
        assessment=None,
        timings=None,
    )
    answer = answer.model_copy(update={"audio_file": recording.name if recording else None})
    store.sessions.add_answer(session, answer)
    return session, answer


def _compressed(written: Path) -> Path | None:
    """Return a recording as FLAC, compressed anew if the raw one is still there; None if it is empty."""
    if written.suffix == ".flac":
        clip = read_kept(written)
        return written if len(clip.samples) else None
    clip = read_recording(written)
    target = written.with_name(written.name.replace(".recording.wav", ".flac"))
    if not len(clip.samples):
        return target if target.exists() and _reads(target) else None
    _write_settled(target, clip)
    return target


def _reads(path: Path) -> bool:
    try:
        return len(read_kept(path).samples) > 0
    except AudioFileError:
        return False


def _write_settled(path: Path, clip: AudioClip) -> None:
    write_audio(path, clip)
    try:
        settle_file(path)
        settle_folder(path.parent)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror or error}. Is the disk full?") from error


def _speech_in(answer: Answer, folder: Path, detector: VoiceActivityDetector) -> tuple[SpeechSpan, ...] | None:
    """Return where an answer's recording holds speech, or None if it cannot be read."""
    if answer.audio_file is None:
        return None
    try:
        recording = without_rumble(read_kept(folder / Path(answer.audio_file).name))
        return speech_spans(speech_flags(recording, detector))
    except AudioFileError:
        return None
