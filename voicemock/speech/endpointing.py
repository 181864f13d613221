"""Decides when an answer starts, when it is over, and where to cut it for transcription.

It never sees audio: a speech verdict comes in every 30 ms, and decisions come out, in seconds since listening opened.
Time is counted in whole frames, so that no rounding error moves a decision by one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from voicemock.speech.clip import FRAME_S, frames_in


class Listening(Enum):
    """The state of listening."""

    WAITING = "waiting"
    """The answer has not begun."""
    SPEAKING = "speaking"
    """The answer has begun: the candidate speaks, or pauses to think."""
    OVER = "over"
    """Enough silence has followed the answer."""
    STUCK = "stuck"
    """The answer stopped in the middle of a thought, long enough ago that a kind word is due."""
    NOTHING_HEARD = "nothing heard"
    """No speech came for the whole waiting time."""


class Ending(Enum):
    """How the last words sound."""

    SAID_SO = "said so"
    """"That's my answer": the candidate is done."""
    CONCLUDED = "concluded"
    """Landed, and the voice has come to rest, too."""
    LANDED = "landed"
    """A story of good length that has reached its result and, in its last sentence, its lesson."""
    FINISHED = "finished"
    """A finished sentence, in an answer that has reached its result, or that the voice has brought to an end, too."""
    OPEN = "open"
    """Probably a finished sentence, but the answer has not reached its result, or the voice goes on."""
    UNFINISHED = "unfinished"
    """In the middle of a thought: "and", "um", "because of", "first" without a second."""


SILENCE_S: Final = {
    Ending.SAID_SO: 1.5,
    Ending.CONCLUDED: 2.0,
    Ending.LANDED: 2.5,
    Ending.FINISHED: 4.4,
    Ending.OPEN: 6.4,
    Ending.UNFINISHED: 8.0,
}
"""Silence after which the answer is over. People pause up to 4 s after a finished sentence and up to 6 s in the middle
of a thought, and being cut off is the first complaint about voice programs. At least 0.4 s are added, because detectors
lose a quiet last syllable. Until the words are known, the longest limit applies."""


class Endpointer:
    """Decides from verdicts when an answer starts and, helped by the words heard so far, when it is over.

    Speech counts once 5 of the last 10 frames (150 of 300 ms) hold it, so that a click, a cough or one key press
    neither begins nor prolongs an answer; its start is then dated back to the first of those frames. An answer may be
    of any length.

    Args:
        silence_s: Silence after speech that ends the answer while its words are unknown.
        no_speech_s: Silence from the beginning after which no answer is expected.
    """

    _WINDOW_FRAMES = 10
    _SPEECH_FRAMES = 5

    def __init__(self, *, silence_s: float, no_speech_s: float) -> None:
        self._longest_frames = frames_in(silence_s)
        self._no_speech_frames = frames_in(no_speech_s)
        self._recent: deque[bool] = deque(maxlen=self._WINDOW_FRAMES)
        self._frames = 0
        self._waiting_since = 0
        self._started: int | None = None
        self._ended: int | None = None
        self._silence_frames = self._longest_frames
        self._wait_frames = self._no_speech_frames
        self._in_mid_thought = False
        self._was_stuck = False

    @property
    def speech_started_s(self) -> float | None:
        """Start of the first speech; None before it."""
        return None if self._started is None else self._started * FRAME_S

    @property
    def speech_ended_s(self) -> float | None:
        """End of the last speech so far; None before the first."""
        return None if self._ended is None else self._ended * FRAME_S

    @property
    def silent_for_s(self) -> float:
        """Seconds since the last speech, or since listening opened or the wait restarted."""
        return self._silent_frames * FRAME_S

    def expect(self, silence_s: float, *, in_mid_thought: bool) -> None:
        """Set the silence limit that fits the words heard so far. It applies until the next speech.

        Args:
            silence_s: Silence that ends the answer.
            in_mid_thought: Whether the answer stopped there: the first time, the wait ends in ``STUCK`` instead.
        """
        self._silence_frames = frames_in(silence_s)
        self._in_mid_thought = in_mid_thought

    def wait_again(self, wait_s: float | None = None) -> None:
        """Restart the wait after the question has been repeated: the candidate has to think again.

        Args:
            wait_s: How long; by default as long as for an answer to begin.
        """
        self._waiting_since = self._frames
        self._wait_frames = self._no_speech_frames if wait_s is None else frames_in(wait_s)
        self._recent.clear()

    def go_on(self) -> None:
        """Restart the wait after the interviewer has put in a word, with the limit for an unfinished thought."""
        self.wait_again()
        self._wait_frames = self._longest_frames

    def go_back(self, flags: Iterable[bool]) -> None:
        """Begin anew with these verdicts, as if nothing had been heard after them."""
        self._frames, self._waiting_since, self._started, self._ended = 0, 0, None, None
        self._silence_frames, self._in_mid_thought = self._longest_frames, False
        self._recent.clear()
        for is_speech in flags:
            self.observe(is_speech)

    def observe(self, is_speech: bool) -> Listening:
        """Take the next frame's verdict and return the state after it."""
        self._frames += 1
        self._recent.append(is_speech)
        if is_speech and sum(self._recent) >= self._SPEECH_FRAMES:
            if self._started is None:
                self._started = self._frames - len(self._recent) + self._recent.index(True)
            self._ended = self._frames
            self._silence_frames, self._in_mid_thought = self._longest_frames, False
        return self._standing(is_speech)

    @property
    def _silent_frames(self) -> int:
        return self._frames - max(self._waiting_since, self._ended or 0)

    def _standing(self, is_speech: bool) -> Listening:
        """Return the state; a frame of speech never ends anything, for more may follow."""
        if self._started is None:
            waited = not is_speech and self._silent_frames >= self._wait_frames
            return Listening.NOTHING_HEARD if waited else Listening.WAITING
        has_gone_on = self._ended is not None and self._ended > self._waiting_since
        if is_speech or self._silent_frames < (self._silence_frames if has_gone_on else self._wait_frames):
            return Listening.SPEAKING
        if self._in_mid_thought and has_gone_on and not self._was_stuck:
            self._was_stuck = True
            return Listening.STUCK
        return Listening.OVER


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the recording to transcribe in one piece, in seconds since listening opened."""

    start_s: float
    end_s: float


class Chunker:
    """Cuts an answer at pauses into chunks of at most 25 s.

    Whisper sees 30 s at a time, and its prompt reaches only the first window. With the prompt for each chunk of at most
    25 s, 51 of 56 filled pauses of a 193 s recording were kept; decoded whole, 8 were. The longer the chunks, the fewer
    are made up (docs/accuracy.md). A chunk has 0.39 s of sound around its speech so that no syllable is clipped.

    A click is no speech (``vad.MIN_SPEECH_S``): Whisper invents a word for it, so it gets no chunk of its own.
    """

    MAX_S = 25.0
    ROOMY_S = 20.0
    """From this length on, the next pause of ``PAUSE_S`` closes the chunk."""
    SHORTEST_S = 8.0
    """A chunk that reaches ``MAX_S`` is cut at its longest gap after this."""
    PAUSE_S = 0.8
    GAP_S = 0.15
    """The shortest gap to cut in."""
    MARGIN_S = 0.39
    """A whole number of frames, so that a chunk's times are exactly those of its sound."""

    _MAX = int(MAX_S / FRAME_S)
    _ROOMY = frames_in(ROOMY_S)
    _SHORTEST = frames_in(SHORTEST_S)
    _PAUSE = frames_in(PAUSE_S)
    _GAP = frames_in(GAP_S)
    _MARGIN = frames_in(MARGIN_S)
    _MIN_SPEECH = 3
    """Speech frames that make a sound: 0.09 s."""

    def __init__(self) -> None:
        self._now = 0
        self._start: int | None = None
        self._end_of_last = 0
        self._last_speech = 0
        self._speech_frames = 0
        self._gaps: list[tuple[int, int]] = []

    @property
    def needed_from_s(self) -> float:
        """The earliest moment that a future chunk can include."""
        return FRAME_S * (self._start if self._start is not None else self._earliest_start(self._now))

    @property
    def silent_frames(self) -> int:
        """Frames since the last one of speech."""
        return self._now - self._last_speech

    def observe(self, is_speech: bool) -> Chunk | None:
        """Take the next frame's verdict; return a chunk when one is complete."""
        if is_speech:
            self._hear(self._now)
        self._now += 1
        if self._start is None:
            return None
        length = self._now - self._start
        if self.silent_frames >= self._PAUSE and (length >= self._ROOMY or self._speech_frames < self._MIN_SPEECH):
            return self.finish()
        return self._cut() if length >= self._MAX else None

    def pending(self) -> Chunk | None:
        """Return the chunk as it would be if the answer ended now; None without speech since the last one."""
        if self._start is None or self._speech_frames < self._MIN_SPEECH:
            return None
        return _chunk(self._start, min(self._last_speech + self._MARGIN, self._now))

    def finish(self) -> Chunk | None:
        """Close the pending chunk and return it."""
        chunk = self.pending()
        if chunk is not None:
            self._end_of_last = min(self._last_speech + self._MARGIN, self._now)
        self._start = None
        return chunk

    def _earliest_start(self, speech_start: int) -> int:
        return max(self._end_of_last, speech_start - self._MARGIN)

    def _hear(self, frame: int) -> None:
        if self._start is None:
            self._start = self._earliest_start(frame)
            self._speech_frames = self._speech_frames if frame == self._last_speech else 0  # keeps a word cut in two
            self._gaps.clear()
        elif frame - self._last_speech >= self._GAP:
            self._gaps.append((self._last_speech, frame))
        self._last_speech = frame + 1
        self._speech_frames += 1

    def _cut(self) -> Chunk | None:
        """Cut an overlong chunk at its longest late gap; without one, right here.

        In a silence it is complete as it stands, and so it is before a long gap: the guess transcribed there stays
        valid. A short gap is cut in its middle.
        """
        assert self._start is not None  # noqa: S101 - only called with an open chunk
        if self.silent_frames > self._MARGIN:
            return self.finish()
        if self.silent_frames >= self._GAP:
            self._gaps.append((self._last_speech, self._now))
        late = [gap for gap in self._gaps if gap[0] - self._start >= self._SHORTEST]
        if not late:
            return self.finish()
        start, end = max(late, key=lambda gap: gap[1] - gap[0])
        length = end - start
        cut = start + (self._MARGIN if length >= 2 * self._MARGIN - 1 else length // 2)
        chunk = _chunk(self._start, cut)
        self._start = max(cut, end - self._MARGIN) if self._last_speech > cut else None
        self._end_of_last = cut
        self._gaps = [gap for gap in self._gaps if gap[0] > end]
        return chunk


def _chunk(start: int, end: int) -> Chunk:
    return Chunk(start * FRAME_S, end * FRAME_S)


def chunks_of(flags: list[bool]) -> list[Chunk]:
    """Return the chunks of a finished recording, exactly as live listening would have cut them."""
    chunker = Chunker()
    chunks = [chunk for flag in flags if (chunk := chunker.observe(flag))]
    last = chunker.finish()
    return [*chunks, last] if last else chunks
