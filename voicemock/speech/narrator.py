"""Speaks texts sentence by sentence, with speech that is prepared ahead or cached on disk where it can be."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock
from types import MappingProxyType
from typing import Final

from voicemock.errors import AudioFileError, EngineError, StorageError
from voicemock.files import make_folder
from voicemock.speech.audio_files import read_clip, write_audio
from voicemock.speech.clip import AudioClip
from voicemock.speech.devices import Speaker
from voicemock.speech.synthesizer import Synthesizer

FEW_WORDS: Final = 6
"""A shorter sentence is over before the next one is synthesized, so both are prepared."""

LARGEST_BYTES: Final = 80_000_000
"""Piper said 299 questions of the bank in 45 MB of FLAC; all 446 are half as many again."""

_LAYOUT: Final = "voicemock speech 2"
"""Part of every file name: a change of the format, of the spoken forms, or of how sentences are joined, invalidates the
cache."""

_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[\"'A-Z0-9])")


class Narrator:
    """Says texts out loud. The next sentence is synthesized while one is played, so sound starts at once.

    Args:
        synthesizer: The voice; None shows texts only, and ``say`` returns at once.
        speaker: Plays the sound.
        others: The voices of further interviewers, by their numbers; whoever is not among them has the first voice.

    Attributes:
        spoken_s: Seconds of speech played so far.
    """

    def __init__(
        self,
        synthesizer: Synthesizer | None,
        speaker: Speaker | None,
        others: Mapping[int, Synthesizer] = MappingProxyType({}),
    ) -> None:
        self._synthesizer = self._first = synthesizer
        self._others = others
        self._speaker = speaker
        self.spoken_s = 0.0
        self._ahead: dict[str, Future[AudioClip]] = {}
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="synthesis")

    @property
    def is_silent(self) -> bool:
        """Whether there is no voice or no speaker."""
        return self._synthesizer is None or self._speaker is None

    def hand_over(self, interviewer: int) -> None:
        """Speak as another interviewer from now on; the first has number 1."""
        synthesizer = self._others.get(interviewer, self._first)
        if synthesizer is not self._synthesizer:
            self._synthesizer, self._ahead = synthesizer, {}

    def say(
        self,
        text: str,
        on_start: Callable[[], None] = lambda: None,
        is_skipped: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Speak a text, return after its last sound, and tell whether all of it was heard.

        Args:
            text: Plain sentences.
            on_start: Called just before the first sound, or at once if there is none.
            is_skipped: Asked several times a second; once it is true, the rest is left unsaid.

        Raises:
            SpeechSynthesisError: The voice failed.
            DeviceError: The speaker was lost.
        """
        sentences = sentences_to_say(text)
        if self._synthesizer is None or self._speaker is None or not sentences:
            on_start()
            return True
        clips = [self._begun(sentence) for sentence in sentences]
        try:
            return self._play(clips, self._speaker, on_start, is_skipped)
        finally:
            for clip in clips:
                clip.cancel()

    def _play(
        self,
        clips: list[Future[AudioClip]],
        speaker: Speaker,
        on_start: Callable[[], None],
        is_skipped: Callable[[], bool],
    ) -> bool:
        """Play sentences as they become ready; return whether all of them were heard."""
        skipped = False

        def skips() -> bool:
            nonlocal skipped
            skipped = skipped or is_skipped()
            return skipped

        for position, clip in enumerate(clips):
            ready = clip.result()
            if position == 0:
                on_start()
            if skips():
                break
            speaker.play(ready, skips)
            self.spoken_s += ready.duration_s
        return not skipped

    def prepare(self, text: str) -> None:
        """Start to synthesize a text that will probably be said next, so that it can begin at once."""
        sentences = sentences_to_say(text)
        if not self.is_silent and sentences:
            count = 1 if len(sentences[0].split()) >= FEW_WORDS else 2
            self._ahead = {sentence: self._begun(sentence) for sentence in sentences[:count]}

    def _begun(self, sentence: str) -> Future[AudioClip]:
        """Return a sentence in the making, started now unless it was prepared."""
        assert self._synthesizer is not None  # noqa: S101 - only called with a voice
        return self._ahead.pop(sentence, None) or self._executor.submit(self._synthesizer.synthesize, sentence)


def sentences_to_say(text: str) -> list[str]:
    """Cut a text into sentences to synthesize one by one."""
    return [piece for piece in _SENTENCE_END.split(text.strip()) if piece]


class PreparedVoice:
    """Plays prepared or cached speech at once; synthesizes anything else on demand and does not cache it.

    Only the texts of ``public`` are ever kept on disk. Feedback, which quotes the candidate, is not among them.
    One text is synthesized at a time, on any thread. A voice that failed is not tried again: one that hangs takes half
    a minute for each text.

    Args:
        load: Makes the voice, or raises an EngineError; called when the voice is first needed.
        public: Sentences that are the same for all users: those of the question bank, and fixed notices.
        cache: Keeps them; None if nothing identifies this voice.
    """

    def __init__(self, load: Callable[[], Synthesizer], public: Iterable[str], cache: SpeechCache | None) -> None:
        self.name = "not loaded"
        self._load = load
        self._voice: Synthesizer | None = None
        self._public = frozenset(public)
        self._cache = cache
        self._ready: dict[str, AudioClip] = {}
        self._one_at_a_time = Lock()
        self._closed = Event()
        self._failure: EngineError | None = None

    def load(self) -> Synthesizer:
        """Return the voice, loaded."""
        with self._one_at_a_time:
            return self._loaded()

    def synthesize(self, text: str) -> AudioClip:
        """Return a text as speech.

        Raises:
            EngineError: The voice cannot be loaded, or failed.
        """
        if text in self._ready:
            return self._ready[text]
        with self._one_at_a_time:  # a text in preparation is ready once the lock is free
            return self._ready.get(text) or self._kept(text) or self._said(text)

    def recall(self, texts: Iterable[str]) -> bool:
        """Load texts from the disk, without the voice; return whether all of them are ready."""
        for text in texts:
            if text not in self._ready:
                clip = self._kept(text)
                if clip is None:
                    return False
                self._ready[text] = clip
        return True

    def prepare(self, texts: Iterable[str]) -> None:
        """Make texts ready, until ``close``. ``synthesize`` reports a failure of the voice, when it is needed."""
        with suppress(EngineError):
            for text in texts:
                if self._closed.is_set():
                    return
                self._ready[text] = self.synthesize(text)

    def close(self) -> None:
        """Stop preparing."""
        self._closed.set()

    def _loaded(self) -> Synthesizer:
        if self._failure is not None:
            raise self._failure
        if self._voice is None:
            with self._noting_failure():
                self._voice = self._load()
            self.name = self._voice.name
        return self._voice

    @contextmanager
    def _noting_failure(self) -> Iterator[None]:
        try:
            yield
        except EngineError as error:
            self._failure = error
            raise

    def _kept(self, text: str) -> AudioClip | None:
        return self._cache.get(text) if self._cache and text in self._public else None

    def _said(self, text: str) -> AudioClip:
        voice = self._loaded()
        with self._noting_failure():
            clip = voice.synthesize(text)
        # "auto" may have chosen another voice than the cache's
        if self._cache and text in self._public and getattr(voice, "fingerprint", None) == self._cache.voice:
            self._cache.put(text, clip)
        return clip


class SpeechCache:
    """One voice's speech as private FLAC files; the least recently used are removed when there are too many.

    The caller decides which texts may be kept. A file's name holds a hash of voice and text and a hash of its content,
    so a damaged one is never played. If the disk is full or cannot be written, nothing is cached; that is no error.

    Args:
        folder: The folder of the files; made with the first one.
        voice: Identifies this voice's speech: engine, version, voice and rate.
        largest_bytes: Limit for all files together.
    """

    def __init__(self, folder: Path, voice: str, largest_bytes: int = LARGEST_BYTES) -> None:
        self.voice = voice
        self._folder = folder
        self._largest_bytes = largest_bytes

    def get(self, text: str) -> AudioClip | None:
        """Return a text as it was said before; None if it was not, or the file is damaged."""
        for path in self._folder.glob(f"{self._key(text)}.*.flac"):
            with suppress(OSError, AudioFileError):
                if path.name.split(".")[1] == _digest(path):
                    clip = read_clip(path)
                    os.utime(path)
                    return clip
        return None

    def put(self, text: str, clip: AudioClip) -> None:
        """Keep a text's speech, if the disk allows it."""
        if not len(clip.samples):
            return  # there is no FLAC without samples
        key = self._key(text)
        unfinished = self._folder / f".{key}.{os.getpid()}.flac"
        with suppress(OSError, StorageError):
            try:
                make_folder(self._folder)
                write_audio(unfinished, clip)
                for damaged in self._folder.glob(f"{key}.*.flac"):
                    damaged.unlink()
                unfinished.replace(self._folder / f"{key}.{_digest(unfinished)}.flac")
                self._remove_oldest()
            finally:
                unfinished.unlink(missing_ok=True)

    def _remove_oldest(self) -> None:
        """Remove the least recently used files, and leftovers of killed programs, until the rest is small enough."""
        files = [(path.stat(), path) for path in self._folder.glob("*.flac*")]
        too_many = sum(stat.st_size for stat, _ in files) - self._largest_bytes
        for stat, path in sorted(files, key=lambda file: file[0].st_mtime_ns):
            if too_many <= 0:
                break
            path.unlink()
            too_many -= stat.st_size

    def _key(self, text: str) -> str:
        return hashlib.sha256("\0".join((_LAYOUT, self.voice, text)).encode("utf-8", "surrogatepass")).hexdigest()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
