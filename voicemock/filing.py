"""Keeping answers: the recording as FLAC, what was said and measured in the store, whatever happens in between."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from voicemock.analysis import ANALYSIS_VERSION
from voicemock.analyzer import Analyzer
from voicemock.audio import compress_recording
from voicemock.errors import StorageError
from voicemock.models import Analysis, Answer, Assessment, Question, Session, SpeechSpan, Story, Transcript
from voicemock.screen import Screen
from voicemock.store import Store
from voicemock.take import Take, answer_of, status_of


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
    framework: str | None = None

    def last_take(self, question: Question | None, story: Story | None) -> Analysis | None:
        """Return what was measured when the same question or story was last told, by the rules of today."""
        if story is not None:
            takes = self.store.takes(story)
        elif question is not None and question.wants_a_whole_answer:
            takes = self.store.takes_of_question(question.id)
        else:
            return None
        last = takes[-1].answer.assessment if takes else None
        return last.analysis if last and last.analysis.analysis_version == ANALYSIS_VERSION else None

    def keep(self, session: Session, take: Take) -> Answer:
        """Transcribe, analyze and store an answer."""
        status = status_of(take)
        audio_file = self._compress(take)
        if status != "skipped":  # whatever happens while it is transcribed, the recording is on file
            self.store.add(session, answer_of(take, "interrupted", audio_file, None))
        assessment = None
        if status == "skipped":
            take.dictation.drop()
        else:
            assessment = self._assess(take, audio_file)
        answer = answer_of(take, status, audio_file, assessment)
        self.store.add(session, answer)
        return answer

    def abandon(self, session: Session, take: Take) -> None:
        """File a recording that nobody waits for any more."""
        take.recorder.finish()
        self.store.add(session, answer_of(take, "interrupted", self._compress(take), None))

    def assess(
        self,
        transcript: Transcript,
        question: Question | None,
        speech: tuple[SpeechSpan, ...],
        before: Analysis | None = None,
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

    def _assess(self, take: Take, audio_file: Path) -> Assessment:
        speech = take.recorder.speech
        transcript = take.dictation.transcript(speech, self.screen.transcribing)
        take.transcript_complete = perf_counter()
        return self.analyzer.assess(
            transcript,
            source=str(audio_file),
            question=take.question,
            framework=self.framework,
            speech=speech,
            recording_s=round(take.recorder.recording_s, 3),
            audio_quality=take.recorder.audio_quality,
            before=take.before,
        )

    def _compress(self, take: Take) -> Path:
        """Turn the recording into FLAC; where the disk refuses, the recording stays as it is."""
        recording = take.recording
        if not take.recorder.recording_s:
            return recording  # FLAC cannot hold nothing
        target = recording.with_name(recording.name.replace(".recording.wav", ".flac"))
        try:
            compress_recording(recording, target)
        except StorageError as error:
            self.screen.notice(str(error))
            return recording
        return target
