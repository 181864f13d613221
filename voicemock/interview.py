"""The interview: ask, listen, transcribe, analyze, speak, keep. One question after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Protocol

from voicemock.analyzer import Analyzer
from voicemock.audio import compress_recording
from voicemock.devices import Microphone
from voicemock.endpointing import Endpointer
from voicemock.engines import load_detector
from voicemock.errors import DeviceError, StorageError, VoicemockError
from voicemock.models import (
    Answer,
    AnswerReport,
    Assessment,
    Question,
    Session,
    SessionReport,
    SpeechSpan,
    Story,
    Transcript,
)
from voicemock.narrator import Narrator
from voicemock.recorder import AnswerRecorder, Outcome
from voicemock.remarks import (
    CLOSING,
    GOING_ON,
    HEARD_AGAIN,
    LOST,
    MOVING_ON,
    NO_STORY,
    NO_STORY_YET,
    NOTHING_HEARD,
    OVERTIME,
    SHOWN_INSTEAD,
    STUCK,
    dropped_sound,
)
from voicemock.screen import Screen
from voicemock.settings import Settings
from voicemock.store import Store
from voicemock.take import Take, answer_of, status_of, timings_of
from voicemock.transcription import Dictation, TranscriptionWorker
from voicemock.turn_taking import SILENCE_S, Ending, ending_of

OVERTIME_FROM = 2.0
"""Of the longest good length: from there on the candidate may be asked to come to the end."""

_REMARKS = {Outcome.STUCK: STUCK, Outcome.OVERTIME: OVERTIME}
"""What the interviewer puts in while the answer goes on."""


class Desk(Protocol):
    """Sees to the devices when they change."""

    def look_again(self) -> None:
        """Notice a default device that was switched; called while nobody listens or speaks."""
        ...

    def replace_microphone(self, lost: DeviceError) -> Microphone | None:
        """Return another microphone, or the same again; None when the candidate has had enough.

        Raises:
            DeviceError: There is none, and nobody is there to be asked.
        """
        ...


@dataclass(slots=True)
class Interview:
    """One interview over a list of questions, or one telling of a story.

    Attributes:
        questions: What is asked, in order.
        microphone: Where the answers come from.
        desk: Finds another microphone.
        narrator: Speaks the questions and the feedback.
        worker: Transcribes.
        analyzer: Measures and advises.
        store: Keeps.
        screen: Shows, and takes keys.
        settings: How long to wait.
        loop: Name of the loop the questions come from.
        story: What is told instead; no question is asked then.
    """

    questions: Iterable[Question]
    microphone: Microphone
    desk: Desk
    narrator: Narrator
    worker: TranscriptionWorker
    analyzer: Analyzer
    store: Store
    screen: Screen
    settings: Settings
    loop: str | None = None
    story: Story | None = None
    _clock_s: float = field(default=0.0, init=False)
    """The microphone's clock: seconds of microphone audio since listening first opened."""
    _speaker_is_lost: bool = field(default=False, init=False)

    def run(self) -> SessionReport:
        """Hold the interview and return all of it; what was recorded is kept whatever happens.

        Raises:
            VoicemockError: A device, an engine or the disk failed for good.
            KeyboardInterrupt: The candidate left; the answer so far is kept.
        """
        session = self.store.new_session(self.loop, version("voicemock"), datetime.now(UTC), self.story)
        try:
            if self.story is None:
                self._ask_all(session)
            else:
                self.screen.cue(self.story)
                take = self._take_answer(session, None, 1)
                if take.lost:
                    raise take.lost
        finally:
            session = self.store.end(session, datetime.now(UTC))
        return report_of(session, self.store.answers(session))

    def _ask_all(self, session: Session) -> None:
        questions = tuple(self.questions)
        for position, question in enumerate(questions, start=1):
            self.screen.ask(question, position, len(questions))
            self.desk.look_again()
            self._say(question.text)
            take = self._take_answer(session, question, position)
            if take.lost and position == len(questions):
                raise take.lost
            if take.outcome is Outcome.QUIT or (take.lost and not self._replace_microphone(take.lost)):
                return
        self.screen.notice(CLOSING)
        self._say(CLOSING)

    def _take_answer(self, session: Session, question: Question | None, position: int) -> Take:
        """Hear, keep and review an answer."""
        take = self._hear_answer(session, question, position)
        self._give_feedback(session, take, self._keep(session, take))
        return take

    def _hear_answer(self, session: Session, question: Question | None, position: int) -> Take:
        """Listen until the answer is over; on any failure file what was recorded before it is raised."""
        take = self._open_take(session, question, position)
        try:
            take.outcome = self._listen(take)
        except DeviceError as error:
            if take.recorder.endpointer.speech_started_s is None:  # nobody is there to choose another
                self._abandon(session, take)
                raise
            self.screen.notice(LOST)
            take.lost, take.outcome, take.declared_over = error, Outcome.ENDED, perf_counter()
        except (KeyboardInterrupt, VoicemockError):
            self._abandon(session, take)
            raise
        self._clock_s += take.recorder.recording_s
        take.recorder.finish()
        return take

    def _listen(self, take: Take) -> Outcome:
        """Listen, over repetitions of the question, until something decides."""
        asked_again = False
        while True:
            try:
                with closing(self.microphone.frames()) as frames, self.screen.listening(self.microphone.name):
                    outcome = take.recorder.listen(frames, self.screen.command, lambda: self.microphone.overflows)
                    decided = perf_counter()  # closing the microphone is part of the wait for feedback
            except DeviceError as error:
                if take.recorder.endpointer.speech_started_s is not None:
                    raise
                decided = perf_counter()
                outcome = Outcome.REPEAT if self._replace_microphone(error) else Outcome.QUIT
            if outcome is Outcome.REPEAT:
                take.recorder.endpointer.wait_again()
                self.desk.look_again()
                self._say(take.question.text if take.question else "")
            elif outcome is Outcome.NOTHING_HEARD and not asked_again:
                asked_again = True
                take.recorder.endpointer.wait_again()
                self.screen.notice(NOTHING_HEARD if take.question else NO_STORY_YET)
                self._say(f"{NOTHING_HEARD} {take.question.text}" if take.question else NO_STORY_YET)
            elif remark := _REMARKS.get(outcome):
                self.screen.notice(remark)
                take.recorder.endpointer.go_on()
                if not self._say(remark):  # the key that cuts it off says that this was all
                    take.declared_over = perf_counter()
                    return Outcome.ENDED
            else:
                take.declared_over = decided
                return outcome

    def _replace_microphone(self, lost: DeviceError) -> bool:
        """Go on with another microphone; return whether the candidate wants to.

        Raises:
            DeviceError: There is none, and nobody is there to be asked.
        """
        found = self.desk.replace_microphone(lost)
        if found is None:
            return False
        self.microphone = found
        self.screen.notice(GOING_ON.format(name=found.name))
        return True

    def _keep(self, session: Session, take: Take) -> Answer:
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

    def _assess(self, take: Take, audio_file: Path) -> Assessment:
        speech = take.recorder.speech
        transcript = take.dictation.transcript(speech, self.screen.transcribing)
        take.transcript_complete = perf_counter()
        return self.analyzer.assess(
            transcript,
            source=str(audio_file),
            question=take.question,
            framework=self._framework,
            speech=speech,
            recording_s=round(take.recorder.recording_s, 3),
            audio_quality=take.recorder.audio_quality,
        )

    def _give_feedback(self, session: Session, take: Take, answer: Answer) -> None:
        """Show and say what there is to say, and note when it began."""
        if answer.assessment is None:
            return
        self.screen.assessed(answer.assessment)
        if take.recorder.overflows:
            self.screen.notice(dropped_sound(take.recorder.overflows))

        def started() -> None:
            take.feedback_started = take.feedback_started or perf_counter()

        if take.outcome is Outcome.QUIT:
            started()
        elif answer.status == "no_speech":
            told = MOVING_ON if take.question else NO_STORY
            self.screen.notice(told)
            self._say(told, started)
        else:
            self._say(answer.assessment.feedback.spoken, started)
        self.store.add(session, answer.model_copy(update={"timings": timings_of(take)}))

    def _say(self, text: str, on_start: Callable[[], None] = lambda: None) -> bool:
        """Speak, and return whether all of it was heard, no key pressed.

        What fails is reported once and the text, which is shown anyway, has to do. A speaker is tried again with the
        next text, a voice is not.
        """
        self.screen.skipped()  # what was pressed before was not about this text
        try:
            was_heard = self.narrator.say(text, on_start, self.screen.skipped)
        except DeviceError as error:
            if not self._speaker_is_lost:
                self.screen.notice(f"{error} {SHOWN_INSTEAD}")
            self._speaker_is_lost = True
            on_start()
            return True
        except VoicemockError as error:
            self.screen.notice(f"{error} The texts are shown instead.")
            self.narrator = Narrator(None, None)
            on_start()
            return True
        if self._speaker_is_lost:
            self.screen.notice(HEARD_AGAIN)
        self._speaker_is_lost = False
        return was_heard

    @property
    def _framework(self) -> str | None:
        """Name of the framework that takes a question's place."""
        return self.story.framework if self.story else None

    def _open_take(self, session: Session, question: Question | None, position: int) -> Take:
        recording = self.store.session_folder(session) / f"answer-{position:02}.recording.wav"
        dictation = Dictation(self.worker, self.settings.language, partial(self._judge, question))
        patience = self.settings.patience
        endpointer = Endpointer(
            silence_s=patience * SILENCE_S[Ending.UNFINISHED], no_speech_s=self.settings.no_speech_s
        )
        longest_s = self.analyzer.target_for(question)[1]
        recorder = AnswerRecorder(
            recording,
            detector=load_detector(self.settings),
            endpointer=endpointer,
            dictation=dictation,
            on_progress=self.screen.progress,
            patience=patience,
            sound_waits=self.microphone.sound_waits,
            shows_words=self.screen.shows_words,
            overtime_s=OVERTIME_FROM * longest_s if self.settings.wrap_up else None,
        )
        return Take(question, position, recorder, dictation, self._clock_s, datetime.now(UTC), recording)

    def _judge(self, question: Question | None, transcript: Transcript, speech: tuple[SpeechSpan, ...]) -> Ending:
        """Say what an answer sounds like so far, and get ready what would be said if it were over."""
        assessment = self.analyzer.assess(
            transcript, source="", question=question, framework=self._framework, speech=speech
        )
        analysis = assessment.analysis
        ending = ending_of(transcript.text, analysis, spoken_s=analysis.duration_s or 0.0)
        self.narrator.prepare(assessment.feedback.spoken)
        return ending

    def _abandon(self, session: Session, take: Take) -> None:
        """File a recording that nobody waits for any more."""
        take.recorder.finish()
        self.store.add(session, answer_of(take, "interrupted", self._compress(take), None))

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


def report_of(session: Session, answers: Iterable[Answer]) -> SessionReport:
    """Put a session and its analyzed answers together as the JSON prints them."""
    return SessionReport(
        session=session,
        answers=tuple(
            AnswerReport(
                **dict(answer.assessment),
                status=answer.status,
                follows=answer.follows,
                timings=answer.timings,
                overflows=answer.overflows,
            )
            for answer in answers
            if answer.assessment is not None
        ),
    )
