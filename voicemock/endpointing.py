"""When an answer starts, when it is over, and where to cut it for transcription: arithmetic on speech verdicts.

Nothing here sees audio. A verdict comes every 30 ms; what comes out are decisions in seconds since listening opened.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum

from voicemock.audio import FRAME_S


class Listening(Enum):
    """Where the listener stands."""

    WAITING = "waiting"
    """Nobody has spoken yet."""
    SPEAKING = "speaking"
    """The answer has begun: somebody speaks, or pauses to think."""
    OVER = "over"
    """The answer was followed by enough silence."""
    NOTHING_HEARD = "nothing heard"
    """Nobody spoke for the whole waiting time."""


class Endpointer:
    """Decides from verdicts alone when an answer starts and when it is over.

    Speech counts once 5 of the last 10 frames (150 of 300 ms) hold it, so that a click, a cough or one key press
    neither begins nor prolongs an answer; it is then dated back to the first of those frames. There is no limit
    on length.

    Args:
        silence_s: Silence after speech that ends the answer.
        no_speech_s: Silence from the beginning after which nobody is expected to answer.
    """

    _WINDOW_FRAMES = 10
    _SPEECH_FRAMES = 5

    def __init__(self, *, silence_s: float, no_speech_s: float) -> None:
        self._silence_s = silence_s
        self._no_speech_s = no_speech_s
        self._recent: deque[bool] = deque(maxlen=self._WINDOW_FRAMES)
        self._frames = 0
        self._waiting_since_s = 0.0
        self.speech_started_s: float | None = None
        self.speech_ended_s: float | None = None

    @property
    def now_s(self) -> float:
        """Seconds of audio observed so far."""
        return self._frames * FRAME_S

    @property
    def silent_for_s(self) -> float:
        """Seconds since the last speech, or since listening opened."""
        return self.now_s - (self.speech_ended_s or 0.0)

    def wait_again(self) -> None:
        """Begin the wait for the first word anew, after the question has been repeated."""
        self._waiting_since_s = self.now_s

    def observe(self, is_speech: bool) -> Listening:
        """Take the next frame's verdict and return where the listener stands after it."""
        self._frames += 1
        self._recent.append(is_speech)
        if is_speech and sum(self._recent) >= self._SPEECH_FRAMES:
            if self.speech_started_s is None:
                first = list(self._recent).index(True)
                self.speech_started_s = (self._frames - len(self._recent) + first) * FRAME_S
            self.speech_ended_s = self.now_s
        return self._standing()

    def _standing(self) -> Listening:
        if self.speech_started_s is None:
            waited_s = self.now_s - self._waiting_since_s
            return Listening.WAITING if waited_s < self._no_speech_s else Listening.NOTHING_HEARD
        return Listening.SPEAKING if self.silent_for_s < self._silence_s else Listening.OVER


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the recording that is transcribed in one piece, in seconds since listening opened."""

    start_s: float
    end_s: float


class Chunker:
    """Cuts an answer at pauses into chunks of at most 25 s.

    Why 25 s: Whisper sees 30 s at a time, and its prompt reaches only the first window; with chunks of at most
    25 s cut at pauses, each with the prompt, 51 of 56 filled pauses of a 193 s recording were kept against 8 when
    it was decoded whole. A chunk has 0.4 s of sound around its speech so that no syllable is clipped.
    """

    MAX_S = 25.0
    ROOMY_S = 15.0
    """From this length on the next pause of ``PAUSE_S`` closes the chunk."""
    SHORTEST_S = 8.0
    """A chunk that grows to ``MAX_S`` is cut at its longest pause after this."""
    PAUSE_S = 0.8
    GAP_S = 0.15
    """The shortest gap that counts as a place to cut."""
    MARGIN_S = 0.4

    def __init__(self) -> None:
        self._frames = 0
        self._start_s: float | None = None
        self._end_of_last_s = 0.0
        self._last_speech_s = 0.0
        self._gaps: list[tuple[float, float]] = []

    def observe(self, is_speech: bool) -> Chunk | None:
        """Take the next frame's verdict; return a chunk when one is complete."""
        frame_start_s = self._frames * FRAME_S
        self._frames += 1
        now_s = self._frames * FRAME_S
        if is_speech:
            self._hear(frame_start_s, now_s)
        if self._start_s is None:
            return None
        if now_s - self._start_s >= self.MAX_S:
            return self._cut(now_s)
        if now_s - self._start_s >= self.ROOMY_S and now_s - self._last_speech_s >= self.PAUSE_S:
            return self.finish()
        return None

    def pending(self) -> Chunk | None:
        """Return the chunk as it would be if the answer ended now; None between chunks."""
        if self._start_s is None:
            return None
        return Chunk(self._start_s, min(self._last_speech_s + self.MARGIN_S, self._frames * FRAME_S))

    def finish(self) -> Chunk | None:
        """Close the pending chunk and return it."""
        chunk = self.pending()
        if chunk is not None:
            self._end_of_last_s = chunk.end_s
        self._start_s = None
        self._gaps.clear()
        return chunk

    def _hear(self, frame_start_s: float, now_s: float) -> None:
        if self._start_s is None:
            self._start_s = max(self._end_of_last_s, frame_start_s - self.MARGIN_S)
        elif frame_start_s - self._last_speech_s >= self.GAP_S:
            self._gaps.append((self._last_speech_s, frame_start_s))
        self._last_speech_s = now_s

    def _cut(self, now_s: float) -> Chunk | None:
        """Cut an overlong chunk in the middle of its longest late gap; without one, right here."""
        assert self._start_s is not None  # noqa: S101 - only called with an open chunk
        if now_s - self._last_speech_s >= self.GAP_S:
            self._gaps.append((self._last_speech_s, now_s))
        late = [gap for gap in self._gaps if gap[0] - self._start_s >= self.SHORTEST_S]
        if not late:
            self._last_speech_s = now_s
            return self.finish()
        start_s, end_s = max(late, key=lambda gap: gap[1] - gap[0])
        cut_s = round((start_s + end_s) / 2 / FRAME_S) * FRAME_S
        chunk = Chunk(self._start_s, cut_s)
        self._start_s = cut_s if self._last_speech_s > cut_s else None
        self._end_of_last_s = cut_s
        self._gaps = [gap for gap in self._gaps if gap[0] > end_s]
        return chunk


def chunks_of(flags: list[bool]) -> list[Chunk]:
    """Return the chunks of a finished recording: the same ones that listening live would have cut."""
    chunker = Chunker()
    chunks = [chunk for flag in flags if (chunk := chunker.observe(flag))]
    last = chunker.finish()
    return [*chunks, last] if last else chunks
