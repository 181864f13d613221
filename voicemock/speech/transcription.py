"""Transcribes an answer chunk by chunk while the candidate still talks, and assembles its transcript."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar, runtime_checkable

from voicemock.errors import EngineError
from voicemock.files import reusing_memory
from voicemock.models import AsideKind, SpeechSpan, Transcript, Word, transcript_of_words
from voicemock.speech.clip import AudioClip
from voicemock.speech.endpointing import Chunk, Ending, chunks_of

Words = tuple[Word, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Aside:
    """Last words that ask the interviewer for something and are no part of the answer.

    Attributes:
        kind: What they ask for.
        text: The words.
        from_s: Where they begin, in seconds of the answer's recording.
        quiet_s: Silence after which they are replied to.
        wants_time: Whether they ask for time, too.
    """

    kind: AsideKind
    text: str
    from_s: float
    quiet_s: float
    wants_time: bool = False


Verdict = Ending | Aside
Judge = Callable[[Transcript, tuple[SpeechSpan, ...], AudioClip], Verdict]
"""Returns how an answer's last words sound, from its transcript, its stretches of speech, and its last sound."""


class Transcriber(Protocol):
    """Writes down a chunk of speech."""

    name: str
    """Engine, model and arithmetic, for the record: "faster-whisper base int8"."""

    def transcribe(self, clip: AudioClip) -> tuple[Word, ...]:
        """Return the words of a clip of at most 30 s, timed from the clip's start.

        Raises:
            EngineError: The engine failed.
        """
        ...


@runtime_checkable
class Sketcher(Protocol):
    """A transcriber that can also write down a chunk in less time, for a screen."""

    def sketch(self, clip: AudioClip) -> tuple[Word, ...]:
        """Return about the words of a clip; arguments and errors as for ``Transcriber.transcribe``."""
        ...


class TranscriptionWorker:
    """Loads a transcriber and runs it on a thread of its own.

    Args:
        load: Makes the transcriber; called at once, on the worker's thread, so that it loads in the background. Its
            error is raised by the first result that is asked for.
    """

    def __init__(self, load: Callable[[], Transcriber]) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="transcription")
        self._begun: list[Future[Any]] = []
        self._transcriber = self.run(lambda: _within_memory(load))

    def submit(self, clip: AudioClip) -> Future[Words]:
        """Queue a clip; the future gives its words, timed from the clip's start."""
        return self.run(lambda: self._transcribed(clip))

    def sketch(self, clip: AudioClip) -> Future[Words]:
        """Queue a clip for a screen: its words are about right, and cost less if the transcriber can sketch."""
        return self.run(lambda: self._transcribed(clip, is_sketch=True))

    def run(self, work: Callable[[], T]) -> Future[T]:
        """Queue other work behind the transcription, so that the two never share the processor."""
        future = self._executor.submit(work)
        self._begun = [*(each for each in self._begun if not each.done()), future]
        return future

    def _transcribed(self, clip: AudioClip, *, is_sketch: bool = False) -> Words:
        transcriber = self._transcriber.result()
        write = transcriber.sketch if is_sketch and isinstance(transcriber, Sketcher) else transcriber.transcribe
        with reusing_memory():
            return _within_memory(lambda: write(clip))

    def name(self) -> str:
        """Wait until the engine is loaded, and return its name."""
        return self._transcriber.result().name

    def close(self) -> None:
        """Finish the current clip, drop the queue, and end the thread.

        Ctrl-C breaks the wait off. It must not be a wait for the thread: Python 3.11 and 3.12 take a thread for ended
        when the wait for it is broken off, and would end before it (python/cpython#90882).
        """
        self._executor.shutdown(wait=False, cancel_futures=True)
        for future in self._begun:
            if not future.cancelled():
                future.exception()
        self._executor.shutdown(wait=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _within_memory(work: Callable[[], T]) -> T:
    """Do work that takes more memory than anything else, and explain a lack of it as an EngineError."""
    try:
        return work()
    except MemoryError as error:
        raise EngineError(
            "There is not enough memory to write down what was said. Close other programs, or use a smaller model: "
            "--model tiny.en"
        ) from error


class Dictation:
    """Collects the chunks of one answer and returns its transcript at the end.

    Args:
        worker: Transcribes.
        language: Spoken language, as a Whisper code.
        judge: Asked on the worker's thread, at each pause, how the last words sound.

    Attributes:
        words: The transcript so far, for a screen; its end may change.
    """

    def __init__(self, worker: TranscriptionWorker, language: str, judge: Judge | None = None) -> None:
        self._worker = worker
        self._language = language
        self._judge = judge
        self._chunks: list[tuple[Chunk, Future[Words]]] = []
        self._guess: tuple[Chunk, Future[Words]] | None = None
        self._dropped: dict[Chunk, Future[Words]] = {}
        self._ending: Future[Verdict | None] | None = None
        self._latest: Future[Any] | None = None
        self.words: Words = ()

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be transcribed or judged."""
        return self._latest is None or self._latest.done()

    def guess(self, chunk: Chunk, clip: AudioClip) -> None:
        """Transcribe a chunk that may turn out to be the answer's last; dropped when more is said."""
        self.resume()
        self._guess = chunk, self._dropped.pop(chunk, None) or self._worker.submit(clip)

    def preview(self, chunk: Chunk, clip: AudioClip) -> None:
        """Sketch an unfinished chunk, for ``words`` only."""
        said = self._worker.sketch(clip)
        heard = [*self._chunks, (chunk, said)]
        self._latest = self._worker.run(lambda: self._write_down(heard, ()))

    def judge(self, speech: tuple[SpeechSpan, ...], tail: AudioClip) -> None:
        """Have the transcript so far judged, guess included.

        Args:
            speech: Stretches of speech so far.
            tail: The last seconds of speech.
        """
        heard = [*self._chunks, *([self._guess] if self._guess else [])]
        self._latest = self._ending = self._worker.run(lambda: self._judged(heard, speech, tail))

    def ending(self, *, wait: bool) -> Verdict | None:
        """Return the verdict on the answer so far; None if there is none yet, unless asked to ``wait`` for it."""
        if self._ending is None or not (wait or self._ending.done()):
            return None
        failed = self._ending.exception() is not None  # ``transcript`` raises it, when the recording is on file
        return None if failed else self._ending.result()

    def add(self, chunk: Chunk, clip: AudioClip) -> None:
        """Transcribe a chunk for the transcript; a right guess is not transcribed again, even one that was dropped."""
        if self._guess and self._guess[0] == chunk:
            self._chunks.append(self._guess)
            self._guess = None
            self._dropped.clear()
            return
        self.resume()
        self._chunks.append((chunk, self._dropped.get(chunk) or self._worker.submit(clip)))
        self._dropped.clear()
        heard = list(self._chunks)
        self._latest = self._worker.run(lambda: self._write_down(heard, ()))

    def transcript(
        self, speech: Iterable[SpeechSpan], on_chunk: Callable[[int, int], None] | None = None
    ) -> Transcript:
        """Wait for the last chunks and return the whole transcript.

        Args:
            speech: Stretches of speech, to correct word times by.
            on_chunk: Called with the number of chunks done and their total.

        Raises:
            EngineError: The transcriber could not be loaded.
            Exception: The judge's last error.
        """
        spans = tuple(speech)
        words: list[Word] = []
        for done, (chunk, future) in enumerate(self._chunks, start=1):
            words += on_answer_clock(future.result(), chunk, spans)
            if on_chunk:
                on_chunk(done, len(self._chunks))
        if self._ending is not None and self._ending.done():
            self._ending.result()
        return self._transcript_of(tuple(words))

    def go_back(self, chunks: Iterable[Chunk], clip_of: Callable[[Chunk], AudioClip]) -> None:
        """Keep these chunks only; transcribe the ones that are new.

        Args:
            chunks: All complete chunks of the answer so far.
            clip_of: Returns the sound of one.
        """
        self.resume()
        self._dropped.clear()
        known = dict(self._chunks)
        self._chunks = [(chunk, known.get(chunk) or self._worker.submit(clip_of(chunk))) for chunk in chunks]
        for dropped in known.keys() - dict(self._chunks).keys():
            known[dropped].cancel()
        heard = list(self._chunks)
        self.words = ()
        self._latest = self._worker.run(lambda: self._write_down(heard, ()))

    def drop(self) -> None:
        """Give up a transcript that is not needed; the chunk in progress is finished."""
        self.resume()
        for _, future in self._chunks:
            future.cancel()

    def resume(self) -> None:
        """Drop the guess and the verdict: the candidate goes on.

        A guess that is being transcribed, or was, is kept until the next chunk is complete: it may be that chunk.
        """
        if self._ending:
            self._ending.cancel()
            self._ending = None
        if self._guess:
            chunk, said = self._guess
            if not said.cancel():
                self._dropped[chunk] = said
            self._guess = None

    def _judged(
        self, heard: list[tuple[Chunk, Future[Words]]], speech: tuple[SpeechSpan, ...], tail: AudioClip
    ) -> Verdict | None:
        """Judge the chunks; on the worker's thread all of them are transcribed by now."""
        self._write_down(heard, speech)
        return self._judge(self._transcript_of(self.words), speech, tail) if self._judge else None

    def _write_down(self, heard: list[tuple[Chunk, Future[Words]]], speech: tuple[SpeechSpan, ...]) -> None:
        self.words = tuple(word for chunk, words in heard for word in on_answer_clock(words.result(), chunk, speech))

    def _transcript_of(self, words: Words) -> Transcript:
        return transcript_of_words(words, language=self._language, engine=self._worker.name())


def transcribe_recording(
    clip: AudioClip,
    flags: list[bool],
    speech: tuple[SpeechSpan, ...],
    dictation: Dictation,
    on_chunk: Callable[[int, int], None] | None = None,
) -> Transcript:
    """Transcribe a finished recording in the same chunks as live listening."""
    for chunk in chunks_of(flags):
        dictation.add(chunk, clip.between(chunk.start_s, chunk.end_s))
    return dictation.transcript(speech, on_chunk)


def on_answer_clock(words: Words, chunk: Chunk, speech: tuple[SpeechSpan, ...]) -> list[Word]:
    """Move a chunk's words to the answer's clock: in order, inside the chunk, and off the silences."""
    near = tuple(span for span in speech if span.start_s < chunk.end_s and span.end_s > chunk.start_s)
    moved: list[Word] = []
    earliest_s = chunk.start_s
    for word in words:
        start_s, end_s = (
            min(max((t or 0.0) + chunk.start_s, earliest_s), chunk.end_s) for t in (word.start_s, word.end_s)
        )
        start_s, end_s = _off_silence(start_s, max(start_s, end_s), near)
        moved.append(word.model_copy(update={"start_s": round(start_s, 3), "end_s": round(end_s, 3)}))
        earliest_s = end_s
    return moved


def _off_silence(start_s: float, end_s: float, speech: tuple[SpeechSpan, ...]) -> tuple[float, float]:
    """Move a word's ends in to the speech it overlaps: Whisper's times reach up to 0.6 s into a pause.

    A word that overlaps no speech keeps its times: the detector may have missed a quiet one.
    """
    touching = [span for span in speech if span.start_s < end_s and span.end_s > start_s]
    if not touching:
        return start_s, end_s
    return max(start_s, touching[0].start_s), min(end_s, touching[-1].end_s)
