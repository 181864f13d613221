"""A voice that has ready what it is sure to say: the questions of an interview and its fixed notices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock

from voicemock.audio import AudioClip
from voicemock.errors import EngineError
from voicemock.speech_cache import SpeechCache
from voicemock.tts import Synthesizer


class PreparedVoice:
    """Says what was prepared, or kept on disk, at once; anything else by the voice, and forgets it.

    Only the texts of ``public`` are ever kept on disk. Feedback, which quotes the candidate, is not among them.
    One text is synthesized at a time, from whichever thread. A voice that failed is not tried again: one that hangs
    takes half a minute for each text.

    Args:
        load: Makes the voice, or raises an EngineError; called when it is first needed.
        public: Sentences that everybody has: those of the question bank, and fixed notices.
        cache: Where they are kept; None where nothing tells this voice from another.
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
        """Return the voice, loaded.

        Raises:
            EngineError: It cannot be loaded.
        """
        with self._one_at_a_time:
            return self._loaded()

    def synthesize(self, text: str) -> AudioClip:
        """Return a text as speech.

        Raises:
            EngineError: The voice cannot be loaded, or failed.
        """
        if text in self._ready:
            return self._ready[text]
        with self._one_at_a_time:  # one that is being prepared at this moment is ready behind the lock
            return self._ready.get(text) or self._kept(text) or self._said(text)

    def recall(self, texts: Iterable[str]) -> bool:
        """Make texts ready from disk, without the voice; return whether all of them are."""
        for text in texts:
            if text not in self._ready:
                clip = self._kept(text)
                if clip is None:
                    return False
                self._ready[text] = clip
        return True

    def prepare(self, texts: Iterable[str]) -> None:
        """Make texts ready, until ``close``. A voice that fails is told by ``synthesize``, when it is needed."""
        with suppress(EngineError):
            for text in texts:
                if self._closed.is_set():
                    return
                self._ready[text] = self.synthesize(text)

    def close(self) -> None:
        """Prepare nothing more."""
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
        # "auto" may have taken another voice than the one that the cache is for
        if self._cache and text in self._public and getattr(voice, "fingerprint", None) == self._cache.voice:
            self._cache.put(text, clip)
        return clip
