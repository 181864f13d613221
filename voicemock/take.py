"""One answer on its way from the microphone to the store: its outcome, its moments, and the record made of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from voicemock.errors import DeviceError
from voicemock.models import Answer, AnswerStatus, Assessment, Question, Timings
from voicemock.recorder import AnswerRecorder, Outcome
from voicemock.transcription import Dictation


@dataclass(slots=True)
class LiveTake:
    """An answer that is being given, until it is kept."""

    question: Question | None
    """None for a story that is told without one."""
    position: int
    recorder: AnswerRecorder
    dictation: Dictation
    opened_s: float
    """Where the microphone's clock stood when the question had been asked."""
    recorded_at: datetime
    recording: Path
    """As it was written; once it is compressed, the FLAC."""
    follows: int | None = None
    """Position of the answer that the question probes."""
    before: Assessment | None = None
    """The last take of the same question or story, which this one is compared with."""
    outcome: Outcome | None = None
    lost: DeviceError | None = None
    """The microphone that went away in mid-answer."""
    declared_over: float | None = None
    """Wall clock, as perf_counter counts; None where the answer was interrupted."""
    transcript_complete: float | None = None
    feedback_started: float | None = None

    @property
    def status(self) -> AnswerStatus:
        """How the answer ended."""
        spoke = self.recorder.endpointer.speech_started_s is not None
        if self.outcome is Outcome.SKIP or (self.outcome is Outcome.QUIT and not spoke):
            return "skipped"
        return "answered" if spoke else "no_speech"

    @property
    def timings(self) -> Timings:
        """The moments of the answer on the microphone's clock."""
        endpointer = self.recorder.endpointer
        if endpointer.speech_started_s is None or endpointer.speech_ended_s is None:
            return Timings(question_ended_s=round(self.opened_s, 3))
        return Timings(
            question_ended_s=round(self.opened_s, 3),
            speech_started_s=round(self.opened_s + endpointer.speech_started_s, 3),
            speech_ended_s=round(self.opened_s + endpointer.speech_ended_s, 3),
            declared_over_s=self._on_the_microphones_clock(self.declared_over),
            transcript_complete_s=self._on_the_microphones_clock(self.transcript_complete),
            feedback_started_s=self._on_the_microphones_clock(self.feedback_started),
        )

    def as_kept(self, status: AnswerStatus, assessment: Assessment | None = None) -> Answer:
        """Return the answer as it is kept."""
        return Answer(
            position=self.position,
            status=status,
            question=self.question,
            follows=self.follows,
            recorded_at=self.recorded_at,
            audio_file=self.recording.name,
            speech=self.recorder.speech,
            assessment=assessment,
            timings=self.timings,
            overflows=self.recorder.overflows,
        )

    def _on_the_microphones_clock(self, moment: float | None) -> float | None:
        """Return a moment after the answer was declared over, which is when the microphone's clock stood still."""
        if moment is None or self.declared_over is None:
            return None
        return round(self.opened_s + self.recorder.recording_s + moment - self.declared_over, 3)
