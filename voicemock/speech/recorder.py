"""Records one answer: each frame goes to the disk first, then to the judges, then into chunks for transcription."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from voicemock.models import AudioQuality, SpeechSpan, Word
from voicemock.speech.audio_files import RecordingFile, write_audio
from voicemock.speech.audio_quality import LevelMeter
from voicemock.speech.clip import FRAME_S, FRAME_SAMPLES, LISTENING_RATE, AudioClip, Samples, frames_in
from voicemock.speech.endpointing import SILENCE_S, Chunk, Chunker, Ending, Endpointer, Listening
from voicemock.speech.pitch import PitchTracker, VoiceTrack
from voicemock.speech.rumble import RumbleFilter
from voicemock.speech.transcription import Aside, Dictation, Verdict
from voicemock.speech.vad import VoiceActivityDetector, speech_spans

GUESS_AFTER_S: Final = 0.75
"""After this much silence the tail is transcribed on the guess that the answer is over. Less than the pause that closes
a chunk (``Chunker.PAUSE_S``), so that a right guess is that chunk."""

PREVIEW_EVERY_S: Final = 6.0
"""Without a pause the tail is transcribed this often, in a gap between two words, for the screen only."""

WRAP_UP_AT_PAUSE_S: Final = 0.6
"""A candidate who has talked for too long is interrupted only in a silence of this length, never inside a word."""

KEPT_OF_A_WAIT_S: Final = 0.9
"""Of the wait after an aside this much is left in the recording, with the word that ends it: too little for a pause."""

TAIL_S: Final = 9.0
"""The voice is judged by this much of the last sound: the eight seconds that Smart Turn takes, and what it leaves out
of them."""

_GUESS_AFTER_FRAMES: Final = frames_in(GUESS_AFTER_S)
_PREVIEW_EVERY_FRAMES: Final = frames_in(PREVIEW_EVERY_S)
_PREVIEW_GAP_FRAMES: Final = frames_in(Chunker.GAP_S)


class Command(Enum):
    """A command that the candidate gives with a key while listening."""

    END = "end"
    REPEAT = "repeat"
    SKIP = "skip"
    QUIT = "quit"


class Outcome(Enum):
    """The reason why listening stopped."""

    OVER = "over"
    NOTHING_HEARD = "nothing heard"
    STUCK = "stuck"
    OVERTIME = "overtime"
    """The candidate is to be asked to conclude."""
    CUT = "cut"
    """The interviewer takes the turn."""
    ASKED = "asked"
    """The candidate has asked the interviewer for something."""
    ENDED = "ended"
    REPEAT = "repeat"
    SKIP = "skip"
    QUIT = "quit"


_OUTCOME_OF_STANDING: Final = {
    Listening.OVER: Outcome.OVER,
    Listening.STUCK: Outcome.STUCK,
    Listening.NOTHING_HEARD: Outcome.NOTHING_HEARD,
}
_OUTCOME_OF_COMMAND: Final = {
    Command.END: Outcome.ENDED,
    Command.REPEAT: Outcome.REPEAT,
    Command.SKIP: Outcome.SKIP,
    Command.QUIT: Outcome.QUIT,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """The data that a screen shows while listening.

    Attributes:
        elapsed_s: Length of the answer so far, from its first to its last speech; 0 before.
        silent_for_s: Seconds since the last speech.
        level: Root mean square of the newest frame without rumble, 0 to 1.
        peak: Largest absolute sample of the newest frame as recorded, 0 to 1.
        speaking: Whether the answer has begun.
        words: The transcript so far; its end may change.
        overflows: How often sound was dropped in this answer so far.
    """

    elapsed_s: float
    silent_for_s: float
    level: float
    peak: float
    speaking: bool
    words: tuple[Word, ...] = ()
    overflows: int = 0


class AnswerRecorder:
    """Records one answer, over as many stretches of listening as it takes (a repeated question interrupts it).

    Args:
        path: The WAV file that grows while listening.
        detector: A fresh voice activity detector.
        endpointer: A fresh endpointer; also an attribute.
        dictation: Takes each chunk as soon as it is complete.
        on_progress: Called after every frame.
        patience: Multiplies the silence that ends an answer.
        sound_waits: Whether the microphone stands still while no frame is taken, as a file does. The recorder then
            waits for the words, so that the same file always ends at the same moment.
        shows_words: Whether the live transcript is shown.
        overtime_s: Length from which the candidate is asked once to conclude; None means never.
        cut_s: Length at which the interviewer takes the turn; None means never.
        pitch: Tracks the voice while it is recorded; None where it is not measured.

    Attributes:
        overflows: How often the microphone dropped sound so far; None if that cannot happen.
        asked: What the candidate asked last, after ``Outcome.ASKED``.
        moved_s: Seconds of sound moved out of the recording so far.
        moved_before_s: Of these, the seconds before the first speech.
        voice: Pitch and level of the recording, once it is finished.
    """

    def __init__(
        self,
        path: Path,
        *,
        detector: VoiceActivityDetector,
        endpointer: Endpointer,
        dictation: Dictation,
        on_progress: Callable[[Progress], None],
        patience: float = 1.0,
        sound_waits: bool = False,
        shows_words: bool = False,
        overtime_s: float | None = None,
        cut_s: float | None = None,
        pitch: PitchTracker | None = None,
    ) -> None:
        self.endpointer = endpointer
        self.overflows: int | None = None
        self.asked: Aside | None = None
        self.moved_s = 0.0
        self.moved_before_s = 0.0
        self.voice: VoiceTrack | None = None
        self._pitch = pitch
        self._wait: tuple[int, Path] | None = None
        self._file = RecordingFile(path)
        self._detector = detector
        self._dictation = dictation
        self._on_progress = on_progress
        self._patience = patience
        self._sound_waits = sound_waits
        self._shows_words = shows_words
        self._overtime_s = overtime_s
        self._cut_s = cut_s
        self._written_down_frames = 0
        self._chunker = Chunker()
        self._flags: list[bool] = []
        self._meter = LevelMeter()
        self._rumble = RumbleFilter()
        self._recent: deque[Samples] = deque()
        self._forgotten_frames = 0

    @property
    def recording_s(self) -> float:
        """Seconds recorded so far."""
        return len(self._flags) * FRAME_S

    @property
    def speech(self) -> tuple[SpeechSpan, ...]:
        """Stretches of speech so far."""
        return speech_spans(self._flags)

    @property
    def audio_quality(self) -> AudioQuality:
        """Quality of the recording so far."""
        return self._meter.quality(self._flags)

    def listen(
        self,
        frames: Iterable[Samples],
        command: Callable[[], Command | None],
        overflows: Callable[[], int | None] = lambda: None,
    ) -> Outcome:
        """Take frames until the answer is over or a key decides.

        Args:
            frames: The microphone's frames.
            command: Returns the key pressed since the last call.
            overflows: Returns how often the microphone has dropped sound since it was made.

        Raises:
            DeviceError: The microphone was lost; everything before is recorded.
            StorageError: The recording cannot be written.
        """
        before, at_first = self.overflows or 0, overflows() or 0
        for frame in frames:
            if (dropped := overflows()) is not None:
                self.overflows = before + dropped - at_first
            standing = self._take(frame)
            if outcome := _OUTCOME_OF_STANDING.get(standing):
                return Outcome.ASKED if outcome is Outcome.OVER and self.asked else outcome
            if self._is_past(self._cut_s):
                return Outcome.CUT
            if self._is_past(self._overtime_s):
                self._overtime_s = None
                return Outcome.OVERTIME
            if pressed := command():
                self.asked = None
                return _OUTCOME_OF_COMMAND[pressed]
        return Outcome.ENDED

    def set_aside(self, from_s: float, path: Path, *, may_wait: bool) -> None:
        """Move the recording from a moment on into a file of its own, as if it had not been heard.

        Args:
            from_s: Seconds of the recording.
            path: A FLAC file to write.
            may_wait: Whether the silence that follows is no part of the answer either.

        Raises:
            StorageError: It cannot be written; nothing is moved then.
        """
        first = min(round(from_s / FRAME_S), len(self._flags))
        self._move(first, len(self._flags), path)
        self._wait = (first, path.with_name(f"{path.stem}.wait.flac")) if may_wait else None

    def finish(self) -> None:
        """Close the file, pass the last chunk to the dictation, and complete the track of the voice."""
        self._file.close()
        if last := self._chunker.finish():
            self._dictation.add(last, self._clip(last))
        if self._pitch is not None:
            self.voice, self._pitch = self._pitch.finish(), None

    def _take(self, frame: Samples) -> Listening:
        self._file.append(frame)
        heard = self._rumble.take(frame)
        is_speech = self._detector.is_speech(heard)
        self._flags.append(is_speech)
        self._meter.take(heard, frame)
        if self._pitch is not None:
            self._pitch.take(heard)
        self._recent.append(heard)
        standing = self.endpointer.observe(is_speech)
        self._hand_out()
        if not self.endpointer.silent_for_s:
            self.asked = None
            self._dictation.resume()
            self._drop_the_wait()
        elif verdict := self._dictation.ending(wait=self._sound_waits):
            self._expect(verdict)
        self._on_progress(self._progress(heard, frame))
        return standing

    def _expect(self, verdict: Verdict) -> None:
        """Wait as long as the last words ask for."""
        if isinstance(verdict, Aside):
            self.asked = verdict
            self.endpointer.expect(self._patience * verdict.quiet_s, in_mid_thought=False)
            return
        self.asked = None
        self.endpointer.expect(self._patience * SILENCE_S[verdict], in_mid_thought=verdict is Ending.UNFINISHED)

    def _drop_the_wait(self) -> None:
        """Take the silence after an aside out of the answer, once the answer goes on."""
        if self._wait is None or self.endpointer.silent_for_s:
            return
        (first, path), self._wait = self._wait, None
        last = len(self._flags) - frames_in(KEPT_OF_A_WAIT_S)
        if last > first:
            self._move(first, last, path)

    def _move(self, first: int, last: int, path: Path) -> None:
        """Move frames out of the recording into a file, and go on as if they had not been heard."""
        samples, flags, count = self._file.read(first * FRAME_SAMPLES), self._flags[last:], len(self._flags)
        moved = (last - first) * FRAME_SAMPLES
        if not moved:
            return
        write_audio(path, AudioClip(samples[:moved], LISTENING_RATE))
        self._file.keep_first(first * FRAME_SAMPLES)
        self.moved_s += (last - first) * FRAME_S
        after = samples[moved:].reshape(-1, FRAME_SAMPLES)
        for frame in after:
            self._file.append(frame)
        self._flags[first:] = flags
        self._meter.forget(first, last)
        if self._pitch is not None:
            self._pitch.go_back(first * FRAME_S)
            self._pitch.take(samples[moved:])
        self._hear_again([*range(first), *range(last, count)])
        started_s = self.endpointer.speech_started_s
        if started_s is None or started_s >= first * FRAME_S:
            self.moved_before_s = self.moved_s

    def _hear_again(self, kept: list[int]) -> None:
        """Bring the judges and the chunks to where they would be after the recording as it is now.

        Args:
            kept: The place that each of its frames had before.
        """
        self.asked = None
        self.endpointer.go_back(self._flags)
        self._chunker = Chunker()
        chunks = [chunk for flag in self._flags if (chunk := self._chunker.observe(flag))]
        self._dictation.go_back(chunks, self._clip_on_file)
        forgotten, self._forgotten_frames = self._forgotten_frames, round(self._needed_from_s / FRAME_S)
        on_file = self._file.read(self._forgotten_frames * FRAME_SAMPLES).reshape(-1, FRAME_SAMPLES)
        places = kept[self._forgotten_frames :]
        heard = list(self._recent)
        self._recent = deque(
            heard[place - forgotten] if place >= forgotten else frame
            for place, frame in zip(places, on_file, strict=True)
        )
        self._written_down_frames = len(self._flags)

    def _clip_on_file(self, chunk: Chunk) -> AudioClip:
        first, last = (round(t / FRAME_S) * FRAME_SAMPLES for t in (chunk.start_s, chunk.end_s))
        return AudioClip(self._file.read(first, last), LISTENING_RATE)

    def _hand_out(self) -> None:
        """Pass a complete chunk, the tail in a silence, or a preview of the tail to the dictation."""
        if chunk := self._chunker.observe(self._flags[-1]):
            self._dictation.add(chunk, self._clip(chunk))
            self._written_down_frames = len(self._flags)
        if self._chunker.silent_frames == _GUESS_AFTER_FRAMES and self.endpointer.speech_started_s is not None:
            if tail := self._chunker.pending():
                self._dictation.guess(tail, self._clip(tail))
            self._dictation.judge(self.speech, self._clip(self._tail()))
            self._written_down_frames = len(self._flags)
        elif self._shows_words and self._is_preview_due() and (tail := self._chunker.pending()):
            self._dictation.preview(tail, self._clip(tail))
            self._written_down_frames = len(self._flags)
        self._forget_before(self._needed_from_s)

    def _is_preview_due(self) -> bool:
        long_ago = len(self._flags) - self._written_down_frames >= _PREVIEW_EVERY_FRAMES
        return long_ago and self._chunker.silent_frames == _PREVIEW_GAP_FRAMES and self._dictation.is_idle

    def _is_past(self, length_s: float | None) -> bool:
        """Return whether the answer is longer than that, in a silence that allows to cut in."""
        started_s = self.endpointer.speech_started_s
        if length_s is None or started_s is None or self.endpointer.silent_for_s < WRAP_UP_AT_PAUSE_S:
            return False
        return self.recording_s - started_s >= length_s

    def _clip(self, chunk: Chunk) -> AudioClip:
        first, last = (round(t / FRAME_S) - self._forgotten_frames for t in (chunk.start_s, chunk.end_s))
        return AudioClip(np.concatenate(list(islice(self._recent, first, last))), LISTENING_RATE)

    def _tail(self) -> Chunk:
        """Return the last sound, up to as far behind the speech as a chunk reaches."""
        end_s = (len(self._flags) - self._chunker.silent_frames) * FRAME_S + Chunker.MARGIN_S
        return Chunk(max(self._forgotten_frames * FRAME_S, end_s - TAIL_S), end_s)

    @property
    def _needed_from_s(self) -> float:
        """The earliest moment whose sound may still be asked for."""
        return max(0.0, min(self._chunker.needed_from_s, self.recording_s - TAIL_S - GUESS_AFTER_S))

    def _forget_before(self, time_s: float) -> None:
        while self._forgotten_frames < round(time_s / FRAME_S):
            self._recent.popleft()
            self._forgotten_frames += 1

    def _progress(self, heard: Samples, frame: Samples) -> Progress:
        started_s, ended_s = self.endpointer.speech_started_s, self.endpointer.speech_ended_s
        return Progress(
            elapsed_s=0.0 if started_s is None or ended_s is None else ended_s - started_s,
            silent_for_s=self.endpointer.silent_for_s,
            level=float(np.sqrt(np.mean(heard**2))),
            peak=float(np.max(np.abs(frame))),
            speaking=started_s is not None,
            words=self._dictation.words,
            overflows=self.overflows or 0,
        )
