"""Takes one answer from the microphone to the store: transcribes, measures and keeps it, its recording as FLAC.

Whatever fails in between, the recording is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import perf_counter

from voicemock.coaching.assess import Analyzer
from voicemock.errors import DeviceError, StorageError
from voicemock.interview.recovery import is_current_version
from voicemock.interview.room import Screen
from voicemock.models import (
    Answer,
    AnswerStatus,
    Assessment,
    FrameworkName,
    KeptAside,
    Question,
    Session,
    SpeechSpan,
    Story,
    Timings,
    Transcript,
)
from voicemock.speech.audio_files import compress_recording
from voicemock.speech.recorder import AnswerRecorder, Outcome
from voicemock.speech.transcription import Aside, Dictation
from voicemock.store.store import Store


@dataclass(slots=True)
class LiveTake:
    """An answer from its first sound until it is kept."""

    question: Question | None
    """None for a story told without a question."""
    position: int
    recorder: AnswerRecorder
    dictation: Dictation
    opened_s: float
    """Time on the microphone's clock when the question had been asked."""
    recorded_at: datetime
    recording: Path
    """The raw recording; once that is compressed, the FLAC."""
    follows: int | None = None
    """Position of the answer that the question probes."""
    before: Assessment | None = None
    """The previous take of the same question or story, for comparison."""
    said: tuple[str, ...] = ()
    """What the interviewer had said before the answer."""
    asides: list[KeptAside] = field(default_factory=list)
    """What was said to the interviewer so far."""
    outcome: Outcome | None = None
    lost: DeviceError | None = None
    """The loss of the microphone in mid-answer."""
    remarks: set[str] = field(default_factory=set)
    """What the interviewer has put in so far."""
    declared_over: float | None = None
    """By perf_counter, as the two below; None if the answer was interrupted."""
    transcript_complete: float | None = None
    feedback_started: float | None = None

    @property
    def status(self) -> AnswerStatus:
        """How the answer ended."""
        spoke = self.has_begun
        if self.outcome is Outcome.SKIP or (self.outcome is Outcome.QUIT and not spoke):
            return "skipped"
        return "answered" if spoke else "no_speech"

    @property
    def is_cut_off(self) -> bool:
        """Whether the answer stopped where it was not meant to."""
        return self.outcome is None or self.outcome is Outcome.QUIT or self.lost is not None

    @property
    def has_begun(self) -> bool:
        """Whether anything was said that belongs to the answer."""
        asked = self.recorder.asked
        is_aside = asked is not None and asked.from_s == 0.0
        return self.recorder.endpointer.speech_started_s is not None and not is_aside

    def is_first(self, remark: str) -> bool:
        """Return whether a remark was not made yet in this answer, and note it."""
        is_first = remark not in self.remarks
        self.remarks.add(remark)
        return is_first

    def set_aside(self, aside: Aside) -> None:
        """Take an aside out of the answer, and keep its sound.

        Raises:
            StorageError: It cannot be kept.
        """
        name = f"answer-{self.position:02}.aside-{len(self.asides) + 1}.flac"
        at_s = self.opened_s + self.recorder.moved_s + aside.from_s
        may_wait = aside.kind == "time" or aside.wants_time or aside.from_s > 0
        self.recorder.set_aside(aside.from_s, self.recording.with_name(name), may_wait=may_wait)
        self.asides.append(KeptAside(kind=aside.kind, text=aside.text, at_s=round(at_s, 3), audio_file=name))

    @property
    def timings(self) -> Timings:
        """The moments of the answer on the microphone's clock."""
        endpointer = self.recorder.endpointer
        if endpointer.speech_started_s is None or endpointer.speech_ended_s is None:
            return Timings(question_ended_s=round(self.opened_s, 3))
        return Timings(
            question_ended_s=round(self.opened_s, 3),
            speech_started_s=round(self.opened_s + self.recorder.moved_before_s + endpointer.speech_started_s, 3),
            speech_ended_s=round(self.opened_s + self.recorder.moved_s + endpointer.speech_ended_s, 3),
            declared_over_s=self._on_the_microphones_clock(self.declared_over),
            transcript_complete_s=self._on_the_microphones_clock(self.transcript_complete),
            feedback_started_s=self._on_the_microphones_clock(self.feedback_started),
        )

    def as_kept(self, status: AnswerStatus, assessment: Assessment | None = None) -> Answer:
        """Return the record to keep."""
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
            asides=tuple(self.asides),
            is_cut_off=self.is_cut_off,
        )

    @property
    def _heard_s(self) -> float:
        """Seconds of microphone audio, asides included."""
        return self.recorder.recording_s + self.recorder.moved_s

    def _on_the_microphones_clock(self, moment: float | None) -> float | None:
        """Convert a moment after the end of the answer, which is when the microphone's clock stopped."""
        if moment is None or self.declared_over is None:
            return None
        return round(self.opened_s + self._heard_s + moment - self.declared_over, 3)


@dataclass(slots=True)
class AnswerStore:
    """Transcribes, measures and keeps takes.

    Attributes:
        store: Holds sessions and answers.
        analyzer: Measures and advises.
        screen: Shows the progress.
        framework: Framework of a story that is told without a question.
    """

    store: Store
    analyzer: Analyzer
    screen: Screen
    framework: FrameworkName | None = None

    def last_take(self, question: Question | None, story: Story | None) -> Assessment | None:
        """Return the last take of the same question or story, if today's rules measured it."""
        if story is not None:
            take = self.store.takes.last_of_story(story)
        elif question is not None and question.wants_a_whole_answer:
            take = self.store.takes.last_of_question(question.id)
        else:
            return None
        last = take.answer.assessment if take else None
        return last if last and is_current_version(last) else None

    def keep(self, session: Session, take: LiveTake) -> Answer:
        """Transcribe, analyze and store an answer. Its recording is stored first, in case the rest fails."""
        status = take.status
        self._store_recording(session, take, "skipped" if status == "skipped" else "interrupted")
        if status == "skipped":
            take.dictation.drop()
        assessment = None if status == "skipped" else self._assess(take)
        answer = take.as_kept(status, assessment)
        self.store.sessions.add_answer(session, answer)
        self.store.unfinished.done(session.id, take.position)
        return answer

    def abandon(self, session: Session, take: LiveTake) -> None:
        """Store a recording unanalyzed. Its marker stays, so that it can be finished later."""
        take.recorder.finish()
        self._store_recording(session, take, "interrupted")

    def assess(
        self,
        transcript: Transcript,
        question: Question | None,
        speech: tuple[SpeechSpan, ...],
        before: Assessment | None = None,
        said: tuple[str, ...] = (),
    ) -> Assessment:
        """Measure an answer that may still go on; ``said`` is what the interviewer has said before it."""
        return self.analyzer.assess(
            transcript, source="", question=question, framework=self.framework, speech=speech, before=before, said=said
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
            voice=take.recorder.voice,
            before=take.before,
            is_cut_off=take.is_cut_off,
            said=take.said,
        )

    def _store_recording(self, session: Session, take: LiveTake, status: AnswerStatus) -> None:
        """Keep a recording and compress it to FLAC; if the disk refuses the FLAC, the raw recording stays."""
        self.store.sessions.add_answer(session, take.as_kept(status))
        if not take.recorder.recording_s:
            return  # a FLAC cannot be empty
        target = take.recording.with_name(take.recording.name.replace(".recording.wav", ".flac"))
        try:
            compress_recording(take.recording, target)
            take.recording = target
            self.store.sessions.add_answer(session, take.as_kept(status))
            self.store.unfinished.tidy(session.id, take.position)
        except StorageError as error:
            self.screen.notice(str(error))
