"""Dictation into a field of a page: speech is written down as it is spoken. No sound is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Final

import numpy as np

from voicemock.models import Transcript
from voicemock.speech.clip import FRAME_S, FRAME_SAMPLES, LISTENING_RATE, AudioClip, Samples, frames_in
from voicemock.speech.endpointing import Chunk, Chunker
from voicemock.speech.recorder import PREVIEW_EVERY_S
from voicemock.speech.rumble import RumbleFilter
from voicemock.speech.sound_card import listening_frames
from voicemock.speech.transcription import Dictation, TranscriptionWorker
from voicemock.speech.vad import VoiceActivityDetector, speech_spans
from voicemock.web.messages import Block

LONGEST_S: Final = 300.0
"""Seconds. A field holds one part of a story, and a whole story takes four minutes."""


def frames_of_blocks(blocks: Iterable[Block]) -> Iterator[Samples]:
    """Yield the listening frames of a page's sound, at most ``LONGEST_S`` of them."""
    left = frames_in(LONGEST_S)
    for rate, same in groupby(blocks, key=lambda block: block.rate):
        for frame in listening_frames((block.samples[:, None] for block in same), rate, 0.0):
            if not left:
                return
            left -= 1
            yield frame


def write_down(
    frames: Iterable[Samples],
    detector: VoiceActivityDetector,
    worker: TranscriptionWorker,
    language: str,
    on_text: Callable[[str], None],
) -> Transcript:
    """Write down what is said until the frames end.

    Args:
        frames: The sound, in listening frames.
        detector: A fresh one.
        worker: Transcribes.
        language: Spoken language, as a Whisper code.
        on_text: Called with the text so far whenever it has changed.

    Raises:
        EngineError: The transcriber could not be loaded, or failed.
    """
    dictation, sound, rumble, shown = Dictation(worker, language), _Sound(), RumbleFilter(), ""
    for frame in frames:
        heard = rumble.take(frame)
        sound.take(heard, detector.is_speech(heard), dictation)
        text = " ".join(word.text for word in dictation.words)
        if text != shown:
            shown = text
            on_text(text)
    if last := sound.chunker.finish():
        dictation.add(last, sound.clip(last))
    return dictation.transcript(speech_spans(sound.flags))


class _Sound:
    """The sound so far, and the chunks that it is cut into.

    Attributes:
        flags: Whether each frame holds speech.
        chunker: Cuts.
    """

    def __init__(self) -> None:
        self.flags: list[bool] = []
        self.chunker = Chunker()
        self._frames: list[Samples] = []
        self._written_down = 0

    def take(self, frame: Samples, is_speech: bool, dictation: Dictation) -> None:
        """Take a frame, and hand a chunk that is complete, or a preview of one, to the dictation."""
        self._frames.append(frame)
        self.flags.append(is_speech)
        if chunk := self.chunker.observe(is_speech):
            dictation.add(chunk, self.clip(chunk))
            self._written_down = len(self.flags)
        elif self._is_preview_due(dictation) and (tail := self.chunker.pending()):
            dictation.preview(tail, self.clip(tail))
            self._written_down = len(self.flags)

    def clip(self, chunk: Chunk) -> AudioClip:
        """Return the sound of a chunk."""
        first, last = (round(t / FRAME_S) for t in (chunk.start_s, chunk.end_s))
        found = self._frames[first:last]
        return AudioClip(np.concatenate(found) if found else np.zeros(FRAME_SAMPLES, np.float32), LISTENING_RATE)

    def _is_preview_due(self, dictation: Dictation) -> bool:
        is_long_ago = len(self.flags) - self._written_down >= frames_in(PREVIEW_EVERY_S)
        return is_long_ago and self.chunker.silent_frames == frames_in(Chunker.GAP_S) and dictation.is_idle
