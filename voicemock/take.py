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
class Take:
    """One answer on its way from the microphone to the store."""

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


def status_of(take: Take) -> AnswerStatus:
    """Return how the answer ended."""
    spoke = take.recorder.endpointer.speech_started_s is not None
    if take.outcome is Outcome.SKIP or (take.outcome is Outcome.QUIT and not spoke):
        return "skipped"
    return "answered" if spoke else "no_speech"


def answer_of(take: Take, status: AnswerStatus, assessment: Assessment | None) -> Answer:
    """Return the answer as it is kept."""
    return Answer(
        position=take.position,
        status=status,
        question=take.question,
        follows=take.follows,
        recorded_at=take.recorded_at,
        audio_file=take.recording.name,
        speech=take.recorder.speech,
        assessment=assessment,
        timings=timings_of(take),
        overflows=take.recorder.overflows,
    )


def timings_of(take: Take) -> Timings:
    """Put the moments of a take on the microphone's clock."""
    endpointer = take.recorder.endpointer
    if endpointer.speech_started_s is None or endpointer.speech_ended_s is None:
        return Timings(question_ended_s=round(take.opened_s, 3))
    listened_until_s = take.opened_s + take.recorder.recording_s

    def after_declared(moment: float | None) -> float | None:
        if moment is None or take.declared_over is None:
            return None
        return round(listened_until_s + moment - take.declared_over, 3)

    return Timings(
        question_ended_s=round(take.opened_s, 3),
        speech_started_s=round(take.opened_s + endpointer.speech_started_s, 3),
        speech_ended_s=round(take.opened_s + endpointer.speech_ended_s, 3),
        declared_over_s=after_declared(take.declared_over),
        transcript_complete_s=after_declared(take.transcript_complete),
        feedback_started_s=after_declared(take.feedback_started),
    )
