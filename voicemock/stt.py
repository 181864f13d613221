"""Speech to text, verbatim: Whisper writes what was said with the ums left in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, Protocol

from voicemock.audio import LISTENING_RATE, AudioClip, Samples
from voicemock.errors import EngineError
from voicemock.models import Word

VERBATIM_PROMPT = "Um, uh, hmm, er."
"""Shown to Whisper before every chunk as if it had just been said, so that it goes on writing filled pauses.
Without one base kept 0 of 36 real ones; a longer one loses sentences; with "ah" in it, a spoken "uh" becomes "ah"."""


TAIL_S = 2.5
"""Whisper decodes what is left of a clip after its last word once more. In a rest shorter than this it mostly makes
words up ("Thank you.") ..."""

TAIL_LOG_PROBABILITY = -0.8
"""... unless it is sure of them. On a 3.7-minute recording invented tails had -0.75 (a full stop) to -1.6, and the one
with real words -0.69."""

UNWRITTEN_S = 1.0
"""With the prompt, Whisper base sometimes ends after its first sentence and leaves the rest of a chunk unwritten. Where
that much speech has no word, the chunk is decoded once more without time marks, which does not stop early."""

LOOP_COMPRESSION = 2.4
"""A text that zlib shrinks by more than this repeats itself; Whisper's own threshold (Radford et al., 2022)."""

LONGEST_REPEAT = 4
"""From so many tokens on nothing may come again in the same order when a loop has to be broken. Whisper's own way out
is to sample at random; this one gives the same words for the same sound."""


Stretch = tuple[float, float]
"""Start and end in seconds."""


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


class FasterWhisper:
    """Whisper on CTranslate2.

    Args:
        model: A folder with a converted model, or a name that faster-whisper finds in its own cache.
        label: What the model is called in the record; the last part of its path where it is None.
        device: "auto", "cpu" or "cuda".
        compute_type: CTranslate2 arithmetic; "auto" is int8 on a processor and float16 on a graphics card.
        beam_size: Hypotheses kept while decoding; 1 is fastest.
        language: Spoken language, as a Whisper code.

    Raises:
        EngineError: The model cannot be loaded, or does not know the language.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        label: str | None = None,
        device: str = "auto",
        compute_type: str = "auto",
        beam_size: int = 5,
        language: str = "en",
    ) -> None:
        try:
            import ctranslate2
            from faster_whisper import WhisperModel
        except (ImportError, OSError) as error:  # OSError: a system library of theirs is missing
            cure = "pip install --force-reinstall faster-whisper"
            raise EngineError(f"faster-whisper cannot be used here: {error}. Run: {cure}") from error
        if device == "auto":
            device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        if compute_type == "auto":
            compute_type = "float16" if device == "cuda" else "int8"
        try:
            self._model = WhisperModel(str(model), device=device, compute_type=compute_type)
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineError(
                f"Whisper model {model} cannot be loaded on {device} as {compute_type}: {error}"
            ) from error
        if language not in self._model.supported_languages:
            raise EngineError(
                f"Whisper model {model} does not know {language!r} as a language. "
                'Set language to a code such as "en"; a model whose name ends in ".en" knows only that.'
            )
        self._options: dict[str, Any] = {"language": language, "beam_size": beam_size}
        self.name = f"faster-whisper {label or Path(model).name} {compute_type}"

    def transcribe(self, clip: AudioClip) -> tuple[Word, ...]:
        """Return the words of a clip of at most 30 s, timed from the clip's start.

        Raises:
            EngineError: Out of memory, or the graphics card failed.
        """
        try:
            return self._best(clip.at_rate(LISTENING_RATE).samples).words
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"{self.name} failed: {error}. Try a smaller model, or the setting device.") from error

    def _best(self, samples: Samples) -> _Decoded:
        """Decode once, and again in other ways where the first is plainly wrong."""
        speech = _speech(samples)
        best = self._decode(samples, speech)
        if best.is_loop or best.unwritten_s >= UNWRITTEN_S:
            best = min(best, self._decode(samples, speech, without_timestamps=True), key=_Decoded.badness)
        if best.is_loop:
            unlooped = self._decode(samples, speech, no_repeat_ngram_size=LONGEST_REPEAT)
            best = min(best, unlooped, key=_Decoded.badness)
        return best

    def _decode(self, samples: Samples, speech: Sequence[Stretch], **options: Any) -> _Decoded:
        segments, _ = self._model.transcribe(
            samples,
            initial_prompt=VERBATIM_PROMPT,
            condition_on_previous_text=False,
            temperature=0.0,  # never at random
            log_prob_threshold=None,  # mumbled words stay as guessed
            word_timestamps=True,
            **self._options,
            **options,
        )
        duration_s = len(samples) / LISTENING_RATE
        # Segments are decoded as they are asked for: what would follow an invented tail is not.
        heard = list(takewhile(lambda segment: not _is_invented_tail(segment, duration_s), segments))
        words = _words(word for segment in heard for word in segment.words or ())
        is_loop = any(segment.compression_ratio > LOOP_COMPRESSION for segment in heard)
        return _Decoded(words, is_loop, longest_unwritten_s(words, speech))


@dataclass(frozen=True, slots=True)
class _Decoded:
    """One try at a clip and what is wrong with it."""

    words: tuple[Word, ...]
    is_loop: bool
    unwritten_s: float

    def badness(self) -> tuple[bool, float]:
        return self.is_loop, self.unwritten_s


def _speech(samples: Samples) -> list[Stretch]:
    """Find the stretches of speech in a clip at 16 kHz with the detector that comes with faster-whisper."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    found = get_speech_timestamps(samples, VadOptions(min_silence_duration_ms=200, speech_pad_ms=0))
    return [(stretch["start"] / LISTENING_RATE, stretch["end"] / LISTENING_RATE) for stretch in found]


def longest_unwritten_s(words: Sequence[Word], speech: Sequence[Stretch]) -> float:
    """Return the longest stretch of speech, in seconds, for which nothing was written.

    Args:
        words: In order, with times.
        speech: Start and end of each stretch of speech, in seconds.
    """
    written = sorted((word.start_s or 0.0, word.end_s or 0.0) for word in words)
    longest = 0.0
    for start_s, end_s in speech:
        at_s = start_s
        for word_start_s, word_end_s in written:
            if word_start_s < end_s:
                longest = max(longest, min(word_start_s, end_s) - at_s)
                at_s = max(at_s, word_end_s)
        longest = max(longest, end_s - at_s)
    return longest


def _is_invented_tail(segment: Any, duration_s: float) -> bool:
    decoded_from_s = segment.seek / 100  # in Whisper's frames of 10 ms
    is_tail = decoded_from_s > 0 and duration_s - decoded_from_s < TAIL_S
    return bool(is_tail and segment.avg_logprob < TAIL_LOG_PROBABILITY)


def _words(pieces: Iterable[Any]) -> tuple[Word, ...]:
    """Put Whisper's pieces together to words: a piece that does not begin with a space goes on with the one before."""
    words: list[Word] = []
    for piece in pieces:
        word = Word(
            text=piece.word.strip(),
            start_s=float(piece.start),
            end_s=float(piece.end),
            probability=float(piece.probability),
        )
        if words and not piece.word.startswith(" "):
            words[-1] = _joined(words[-1], word)
        elif word.text:
            words.append(word)
    return tuple(word for word in words if any(character.isalnum() for character in word.text))


def _joined(word: Word, rest: Word) -> Word:
    """Put together what Whisper split without a space between: "100" + "%", "Mon" + "-treal"."""
    probabilities = [p for p in (word.probability, rest.probability) if p is not None]
    return Word(text=word.text + rest.text, start_s=word.start_s, end_s=rest.end_s, probability=min(probabilities))
