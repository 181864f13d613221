"""Speech to text, verbatim: Whisper writes what was said with the ums left in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from voicemock.audio import LISTENING_RATE, AudioClip, Samples
from voicemock.errors import EngineError
from voicemock.models import Word

VERBATIM_PROMPT = "Um, uh, hmm, er, ah."
"""Shown to Whisper before every chunk as if it had just been said, so that it goes on writing filled pauses.
Without it base kept 0 of 36 real ones, with it 26; a longer prompt loses sentences."""


TAIL_S = 2.5
"""Whisper decodes what is left of a clip after its last word once more. In a rest shorter than this it mostly makes
words up ("Thank you.") ..."""

TAIL_LOG_PROBABILITY = -0.8
"""... unless it is sure of them. On a 3.7-minute recording invented tails had -0.75 (a full stop) to -1.6, and the one
with real words -0.69."""

UNWRITTEN_S = 1.0
"""With the prompt, Whisper base sometimes ends after its first sentence and leaves the rest of a chunk unwritten. Where
that much speech has no word, the chunk is decoded once more without time marks, which does not stop early."""

SAMPLING_SEED = 1
"""Whisper samples when its best guess repeats itself; with a fixed seed the same sound gives the same words."""


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
        device: str = "auto",
        compute_type: str = "auto",
        beam_size: int = 5,
        language: str = "en",
    ) -> None:
        import ctranslate2
        from faster_whisper import WhisperModel

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
        self.name = f"faster-whisper {Path(model).name} {compute_type}"

    def transcribe(self, clip: AudioClip) -> tuple[Word, ...]:
        """Return the words of a clip of at most 30 s, timed from the clip's start.

        Raises:
            EngineError: Out of memory, or the graphics card failed.
        """
        from faster_whisper.vad import VadOptions, get_speech_timestamps

        samples = clip.at_rate(LISTENING_RATE).samples
        try:
            words = self._decode(samples)
            options = VadOptions(min_silence_duration_ms=200, speech_pad_ms=0)
            stretches = get_speech_timestamps(samples, options)
            speech = [(stretch["start"] / LISTENING_RATE, stretch["end"] / LISTENING_RATE) for stretch in stretches]
            if longest_unwritten_s(words, speech) < UNWRITTEN_S:
                return words
            again = self._decode(samples, without_timestamps=True)
            return min(words, again, key=lambda heard: longest_unwritten_s(heard, speech))
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"{self.name} failed: {error}. Try a smaller model, or the setting device.") from error

    def _decode(self, samples: Samples, **options: Any) -> tuple[Word, ...]:
        import ctranslate2

        ctranslate2.set_random_seed(SAMPLING_SEED)
        segments, _ = self._model.transcribe(
            samples,
            initial_prompt=VERBATIM_PROMPT,
            condition_on_previous_text=False,
            log_prob_threshold=None,  # mumbled words stay as first guessed; sampling only invents others
            word_timestamps=True,
            **self._options,
            **options,
        )
        duration_s = len(samples) / LISTENING_RATE
        heard = [segment for segment in segments if not _is_invented_tail(segment, duration_s)]
        return _words(word for segment in heard for word in segment.words or ())


def longest_unwritten_s(words: Sequence[Word], speech: Sequence[tuple[float, float]]) -> float:
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
