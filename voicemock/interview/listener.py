"""Hears one answer to its end: over pauses, keys, repeated questions and lost microphones."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import NamedTuple

from voicemock.coaching.language_model.probing import CASES
from voicemock.coaching.language_model.second_opinion import SecondOpinions
from voicemock.content.styles import (
    ASSUME,
    CHECK_MICROPHONE,
    FILE_ENDED,
    LOST,
    NO_STORY_YET,
    NOT_BEGUN,
    NOTHING_HEARD,
    STUCK,
    Style,
)
from voicemock.content.unsaid import unsaid
from voicemock.errors import DeviceError, EngineError, VoicemockError
from voicemock.interview.answer_store import AnswerStore, LiveTake
from voicemock.interview.asides import aside_in, reply_to
from voicemock.interview.room import LeftError, Room
from voicemock.interview.turn_taking import at_rest, can_end, may_rest
from voicemock.models import OpenAnswer, Question, Session, SpeechSpan, Story, Transcript
from voicemock.settings import Settings
from voicemock.speech.clip import AudioClip
from voicemock.speech.devices import AudioFileMicrophone
from voicemock.speech.endpointing import SILENCE_S, Ending, Endpointer
from voicemock.speech.engines import load_detector
from voicemock.speech.pitch import load_pitch_tracker
from voicemock.speech.recorder import AnswerRecorder, Outcome
from voicemock.speech.transcription import Aside, Dictation, TranscriptionWorker, Verdict
from voicemock.speech.turn_end import SmartTurn

OVERTIME_FROM = 2.0
"""Multiple of the longest good length at which the candidate may be asked for a conclusion."""

CLARIFIES_WITHIN_S = 4.0
"""A question about the case is answered after a moment's thought, or with "assume what you need"."""

ENDED_S = 1.0
"""Silence after which nothing more is expected of a file that has ended."""

TIME_ASKED_FOR_S = 60.0
"""Silence that a candidate gets who asked for time."""
_TIME = ("time", "settle")


class Judged(NamedTuple):
    """How an answer sounds so far.

    Attributes:
        ending: By its words.
        prepare: Begins to make the speech that would follow. That takes a processor, so it is called when everything
            is judged.
    """

    ending: Ending
    prepare: Callable[[], None]


Judge = Callable[[Transcript, tuple[SpeechSpan, ...]], Judged]


@dataclass(slots=True)
class Listener:
    """Hears answers.

    Attributes:
        room: Has the microphone, and speaks.
        answer_store: Keeps the recording when something fails.
        worker: Transcribes.
        settings: Say how long to wait.
        style: Says how patient the interviewer is.
        voice: Hears in the voice whether somebody is finished; None leaves that to the words.
        model: Optional language model that knows the case of a system design.
        unheard: Answers in a row in which nothing was said.
    """

    room: Room
    answer_store: AnswerStore
    worker: TranscriptionWorker
    settings: Settings
    style: Style
    voice: SmartTurn | None = None
    model: SecondOpinions | None = None
    unheard: int = 0

    def hear(
        self,
        session: Session,
        question: Question | None,
        position: int,
        judge: Judge,
        *,
        left_s: float | None = None,
        follows: int | None = None,
    ) -> LiveTake:
        """Listen until the answer is over. On any failure, store the recording before raising.

        Args:
            session: The session.
            question: None for a story.
            position: The answer's place in the session.
            judge: Called on the worker's thread with the answer so far.
            left_s: Seconds left of the interview; None if time is not limited.
            follows: Position of the answer that the question probes.

        Raises:
            VoicemockError: A device, an engine or the disk failed.
            KeyboardInterrupt: The candidate left.
        """
        opened = self._mark(session, question, position, follows)
        take = self._open_take(opened, judge, left_s)
        try:
            take.outcome = self._listen(take)
        except DeviceError as error:
            if take.recorder.endpointer.speech_started_s is None:  # no candidate who could choose another one
                self.answer_store.abandon(session, take)
                raise
            self.room.screen.notice(LOST)
            take.lost, take.outcome, take.declared_over = error, Outcome.ENDED, perf_counter()
        except (KeyboardInterrupt, VoicemockError, OSError):  # OSError: the terminal is gone
            self.answer_store.abandon(session, take)
            raise
        self.room.listened_s += take.recorder.recording_s + take.recorder.moved_s
        take.recorder.finish()
        self.unheard = self.unheard + 1 if take.status == "no_speech" else 0
        return take

    @property
    def is_out_of_sound(self) -> bool:
        """Whether the microphone is a file that has ended, and the newest answer found nothing left in it."""
        return self.unheard > 0 and self._file_has_ended

    @property
    def _file_has_ended(self) -> bool:
        microphone = self.room.microphone
        return isinstance(microphone, AudioFileMicrophone) and microphone.has_ended

    def _listen(self, take: LiveTake) -> Outcome:
        """Listen, through asides, repetitions of the question and remarks, until the answer is over."""
        while True:
            outcome, decided = self._stretch(take)
            try:
                final = self._react(take, outcome)
            except LeftError:
                final = Outcome.QUIT
            if final is None:
                continue
            take.declared_over = decided if final is outcome else perf_counter()
            return final

    def _react(self, take: LiveTake, outcome: Outcome) -> Outcome | None:
        """Say what is due where listening stopped; return how the answer ended, or None if it goes on."""
        endpointer = take.recorder.endpointer
        if outcome is Outcome.ASKED and take.recorder.asked is not None:
            return self._answer(take, take.recorder.asked)
        if outcome is Outcome.REPEAT:
            endpointer.wait_again()
            self.room.desk.look_again()
            self.room.say(take.question.text if take.question else "")
            return None
        if outcome is Outcome.NOTHING_HEARD:
            return self._ask_whether_anybody_is_there(take)
        if outcome is Outcome.ENDED and not take.has_begun:
            endpointer.wait_again()
            if take.is_first(NOT_BEGUN):
                self.room.screen.notice(NOT_BEGUN)
            return None
        if outcome in (Outcome.STUCK, Outcome.OVERTIME):
            endpointer.go_on()
            remark = (
                STUCK
                if outcome is Outcome.STUCK
                else unsaid(self.style, self.room.said).say("interruption", str(take.position))
            )
            return None if self.room.tell(remark) else Outcome.ENDED  # cut off by the key that also ends the answer
        return outcome

    def _answer(self, take: LiveTake, aside: Aside) -> Outcome | None:
        """Do what an aside asks for; return how the answer ended, or None if it goes on."""
        if aside.kind == "skip":
            return Outcome.SKIP
        if aside.kind == "stop" and not take.has_begun:
            return Outcome.QUIT
        take.set_aside(aside)
        if aside.kind == "stop":
            return Outcome.QUIT
        reply = reply_to(aside, take.question, self.answer_store.analyzer.target_for(take.question))
        if reply == ASSUME:
            reply = self._clarified(take, aside) or reply
        if aside.kind == "repeat":
            self.room.desk.look_again()
            self.room.say(reply)
        elif reply and take.is_first(reply):
            self.room.tell(reply)
        take.recorder.endpointer.wait_again(TIME_ASKED_FOR_S if aside.kind in _TIME or aside.wants_time else None)
        return None

    def _clarified(self, take: LiveTake, aside: Aside) -> str | None:
        """Return what the language model answers to a question about the case of a system design."""
        if self.model is None or take.question is None or take.question.framework != CASES:
            return None
        return self.model.clarify(take.question, aside.text, take.follows or take.position, CLARIFIES_WITHIN_S)

    def _ask_whether_anybody_is_there(self, take: LiveTake) -> Outcome | None:
        """Ask once, then say what to check, then wait for a key. Without keys the question is passed over.

        Of a file that has ended, it is said that it has: there is nobody to ask, and nothing to check.
        """
        if self._file_has_ended:
            self.room.screen.notice(FILE_ENDED.format(microphone=self.room.microphone.name))
            return Outcome.NOTHING_HEARD
        is_new = not self.unheard and take.is_first(NOTHING_HEARD)
        if is_new:
            take.recorder.endpointer.wait_again()
            self.room.screen.notice(NOTHING_HEARD if take.question else NO_STORY_YET)
            self.room.say(f"{NOTHING_HEARD} {take.question.text}" if take.question else NO_STORY_YET)
            return None
        if not self.room.screen.can_pause:
            return Outcome.NOTHING_HEARD
        if take.is_first(CHECK_MICROPHONE):
            self.room.tell(CHECK_MICROPHONE.format(microphone=self.room.microphone.name))
        if not self.room.screen.pause():
            return Outcome.QUIT
        take.recorder.endpointer.wait_again()
        self.room.desk.look_again()
        return None

    def _stretch(self, take: LiveTake) -> tuple[Outcome, float]:
        """Listen once; return why it stopped, and when by perf_counter.

        Raises:
            DeviceError: The microphone was lost in mid-answer, or before it and there is no other one.
        """
        microphone, screen = self.room.microphone, self.room.screen
        try:
            with closing(microphone.frames()) as frames, screen.listening(microphone.name):
                outcome = take.recorder.listen(frames, screen.command, lambda: microphone.overflows)
                return outcome, perf_counter()  # closing the microphone delays the feedback
        except DeviceError as error:
            if take.recorder.endpointer.speech_started_s is not None:
                raise
            decided = perf_counter()
            return (Outcome.REPEAT if self.room.replace_microphone(error) else Outcome.QUIT), decided

    def _mark(self, session: Session, question: Question | None, position: int, follows: int | None) -> OpenAnswer:
        """Write a marker for the answer about to be recorded, in case this process is killed."""
        framework, store = self.answer_store.framework, self.answer_store.store
        opened = OpenAnswer(
            session=session,
            story=Story.named(session.story, framework or "star") if session.story else None,
            position=position,
            question=question,
            follows=follows,
            recorded_at=datetime.now(UTC),
        )
        store.unfinished.mark(opened)
        return opened

    def _open_take(self, opened: OpenAnswer, judge: Judge, left_s: float | None) -> LiveTake:
        recording = (
            self.answer_store.store.sessions.folder(opened.session) / f"answer-{opened.position:02}.recording.wav"
        )
        verdict = _asides_first(opened.question, judge, self.voice)
        dictation = Dictation(self.worker, self.settings.language, verdict)
        patience = self.settings.patience * self.style.patience
        no_speech_s = min(self.settings.no_speech_s, ENDED_S) if self._file_has_ended else self.settings.no_speech_s
        overtime_s, cut_s = self._limits_s(self.answer_store.analyzer.target_for(opened.question)[1], left_s)
        recorder = AnswerRecorder(
            recording,
            detector=load_detector(self.settings),
            endpointer=Endpointer(silence_s=patience * SILENCE_S[Ending.UNFINISHED], no_speech_s=no_speech_s),
            dictation=dictation,
            on_progress=self.room.screen.progress,
            patience=patience,
            sound_waits=self.room.microphone.sound_waits,
            shows_words=self.room.screen.shows_words,
            overtime_s=overtime_s,
            cut_s=cut_s,
            pitch=load_pitch_tracker(),
        )
        return LiveTake(
            question=opened.question,
            position=opened.position,
            recorder=recorder,
            dictation=dictation,
            opened_s=self.room.listened_s,
            recorded_at=opened.recorded_at,
            recording=recording,
            follows=opened.follows,
        )

    def _limits_s(self, longest_s: float, left_s: float | None) -> tuple[float | None, float | None]:
        """Return when to ask for a conclusion and when to cut in, in seconds. None means never."""
        factor = self.style.interrupts_at or (OVERTIME_FROM if self.settings.wrap_up else None)
        overtime_s = None if factor is None else factor * longest_s
        cut_s = None if self.style.cuts_at is None else self.style.cuts_at * longest_s
        if left_s is not None:
            overtime_s = left_s if overtime_s is None else min(overtime_s, left_s)
        return overtime_s, cut_s


def _asides_first(
    question: Question | None, judge: Judge, voice: SmartTurn | None
) -> Callable[[Transcript, tuple[SpeechSpan, ...], AudioClip], Verdict]:
    """Return a judge that looks for an aside, then at the words, then listens to the voice where that may change it."""

    def verdict(transcript: Transcript, speech: tuple[SpeechSpan, ...], tail: AudioClip) -> Verdict:
        if aside := aside_in(transcript.words, question, speech):
            return aside
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="turn-end") as ears:
            heard = ears.submit(voice.probability, tail) if voice and can_end(transcript.text) else None
            ending, prepare = judge(transcript, speech)  # meanwhile
            if voice and may_rest(ending, transcript.text):
                with suppress(EngineError):  # it cannot be loaded: the words decide alone
                    ending = at_rest(ending, heard.result() if heard else voice.probability(tail))
        prepare()
        return ending

    return verdict
