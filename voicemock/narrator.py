"""Speaking: a text goes to the voice sentence by sentence and comes out of our own speaker."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from voicemock.audio import AudioClip
from voicemock.devices import Speaker
from voicemock.tts import Synthesizer

FEW_WORDS = 6
"""A shorter sentence is over before the next one is there: both are prepared."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"'A-Z0-9])")


class Narrator:
    """Says texts out loud. The next sentence is synthesized while one is played, so sound starts at once.

    Args:
        synthesizer: The voice; None shows texts only, and ``say`` returns at once.
        speaker: Where the sound goes.

    Attributes:
        spoken_s: Seconds of speech that were played so far.
    """

    def __init__(self, synthesizer: Synthesizer | None, speaker: Speaker | None) -> None:
        self._synthesizer = synthesizer
        self._speaker = speaker
        self.spoken_s = 0.0
        self._ahead: dict[str, Future[AudioClip]] = {}
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="synthesis")

    @property
    def is_silent(self) -> bool:
        """Whether there is no voice or nothing to hear it by."""
        return self._synthesizer is None or self._speaker is None

    def say(
        self,
        text: str,
        on_start: Callable[[], None] = lambda: None,
        is_skipped: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Speak a text and return when its last sound has been played: whether all of it was heard.

        Args:
            text: Plain sentences.
            on_start: Called just before the first sound, or at once when there is none.
            is_skipped: Asked again and again while it speaks; once it is true, the rest is left unsaid.

        Raises:
            SpeechSynthesisError: The voice failed.
            DeviceError: The speaker went away.
        """
        sentences = sentences_to_say(text)
        if self._synthesizer is None or self._speaker is None or not sentences:
            on_start()
            return True
        clips = [self._begun(sentence) for sentence in sentences]
        skipped = False

        def skips() -> bool:
            nonlocal skipped
            skipped = skipped or is_skipped()
            return skipped

        try:
            for position, clip in enumerate(clips):
                ready = clip.result()
                if position == 0:
                    on_start()
                if skips():
                    break
                self._speaker.play(ready, skips)
                self.spoken_s += ready.duration_s
        finally:
            for clip in clips:
                clip.cancel()
        return not skipped

    def prepare(self, text: str) -> None:
        """Begin to synthesize what will probably be said next, so that its first sound need not be waited for."""
        sentences = sentences_to_say(text)
        if not self.is_silent and sentences:
            count = 1 if len(sentences[0].split()) >= FEW_WORDS else 2
            self._ahead = {sentence: self._begun(sentence) for sentence in sentences[:count]}

    def _begun(self, sentence: str) -> Future[AudioClip]:
        """Return a sentence that is being synthesized, begun now unless it was prepared."""
        assert self._synthesizer is not None  # noqa: S101 - asked only where there is a voice
        return self._ahead.pop(sentence, None) or self._executor.submit(self._synthesizer.synthesize, sentence)


def sentences_to_say(text: str) -> list[str]:
    """Cut a text into pieces that a voice can say one by one."""
    return [piece for piece in _SENTENCE_END.split(text.strip()) if piece]
