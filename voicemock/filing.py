"""Keeping answers: the recording as FLAC, what was said and measured in the store, whatever happens in between."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from voicemock.analysis import ANALYSIS_VERSION
from voicemock.analyzer import Analyzer
from voicemock.audio import compress_recording
from voicemock.errors import StorageError
from voicemock.models import (
    Answer,
    AnswerStatus,
    Assessment,
    FrameworkName,
    Question,
    Session,
    SpeechSpan,
    Story,
    Transcript,
)
from voicemock.screen import Screen
from voicemock.store import Store
from voicemock.take import LiveTake


@dataclass(slots=True)
class Filing:
    """Transcribes, measures and keeps takes.

    Attributes:
        store: Keeps.
        analyzer: Measures and advises.
        screen: Shows how far it is.
        framework: Name of the framework that takes a question's place, for a story that is told without one.
    """

    store: Store
    analyzer: Analyzer
    screen: Screen
    framework: FrameworkName | None = None

    def last_take(self, question: Question | None, story: Story | None) -> Assessment | None:
        """Return the last take of the same question or story, where it was measured by the rules of today."""
        if story is not None:
            take = self.store.takes.last_of_story(story)
        elif question is not None and question.wants_a_whole_answer:
            take = self.store.takes.last_of_question(question.id)
        else:
            return None
        last = take.answer.assessment if take else None
        return last if last and last.analysis.analysis_version == ANALYSIS_VERSION else None

    def keep(self, session: Session, take: LiveTake) -> Answer:
        """Transcribe, analyze and store an answer; whatever happens meanwhile, the recording is on file."""
        status = take.status
        self._file(session, take, "skipped" if status == "skipped" else "interrupted")
        assessment = None
        if status == "skipped":
            take.dictation.drop()
        else:
            assessment = self._assess(take)
        answer = take.as_kept(status, assessment)
        self.store.sessions.add_answer(session, answer)
        self.store.unfinished.done(session.id, take.position)
        return answer

    def abandon(self, session: Session, take: LiveTake) -> None:
        """File a recording that nobody waits for any more; its mark stays, so that it can be finished later."""
        take.recorder.finish()
        self._file(session, take, "interrupted")

    def assess(
        self,
        transcript: Transcript,
        question: Question | None,
        speech: tuple[SpeechSpan, ...],
        before: Assessment | None = None,
    ) -> Assessment:
        """Measure an answer that may still go on.

        Args:
            transcript: What was said until now.
            question: What it answers.
            speech: Where somebody spoke.
            before: The last take of the same question or story.
        """
        return self.analyzer.assess(
            transcript, source="", question=question, framework=self.framework, speech=speech, before=before
        )

    def _assess(self, take: LiveTake) -> Assessment:
        speech = take.recorder.speech
        transcript = take.dictation.transcript(speech, self.screen.transcribing)
        take.transcript_complete = perf_counter()
        return self.analyzer.assess(
            transcript,
            source=str(take.recording),
            question=take.question,
            framework=self.framework,
            speech=speech,
            recording_s=round(take.recorder.recording_s, 3),
            audio_quality=take.recorder.audio_quality,
            before=take.before,
        )

    def _file(self, session: Session, take: LiveTake, status: AnswerStatus) -> None:
        """Keep a recording and turn it into FLAC; where the disk refuses that, it stays as it is."""
        self.store.sessions.add_answer(session, take.as_kept(status))
        if not take.recorder.recording_s:
            return  # FLAC cannot hold nothing
        target = take.recording.with_name(take.recording.name.replace(".recording.wav", ".flac"))
        try:
            compress_recording(take.recording, target)
            take.recording = target
            self.store.sessions.add_answer(session, take.as_kept(status))
            self.store.unfinished.tidy(session.id, take.position)
        except StorageError as error:
            self.screen.notice(str(error))
