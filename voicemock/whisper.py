"""Whisper on CTranslate2, one clip at a time: heard once, written down as often as needed.

The only module that knows faster-whisper. Its own ``transcribe`` is not used: it decodes what is left of a clip after
the last word once more (and invents words there), encodes anew for each try, and gives a word the silence behind it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from voicemock.audio import LISTENING_RATE, Samples
from voicemock.errors import EngineError
from voicemock.models import SpeechSpan, Word
from voicemock.weights import verify_silero

VERBATIM_PROMPT: Final = " Um, uh, hmm, er."
"""Shown to Whisper before every clip as if it had just been said, so that it goes on writing filled pauses.
Without one base kept 0 of 36 real ones; a longer one loses sentences; with "ah" in it, a spoken "uh" becomes "ah"."""

LONGEST_S: Final = 30.0
"""What Whisper hears at a time. A shorter clip is filled up with silence, as it was trained: less would halve the work,
but filled pauses are lost (docs/accuracy.md)."""

MOST_TOKENS_PER_S: Final = 10
"""Fast speech has 5 words, or 7 tokens, a second; more is a loop."""

NO_SPEECH_PROBABILITY: Final = 0.6
"""Above it nothing was said; Whisper's own threshold (Radford et al., 2022)."""

SPOKEN_SIGNS: Final = "%$€£&+"
"""Signs that stand for a word, unlike punctuation."""

_FRAMES_PER_S: Final = 100
_MOST_TOKENS: Final = 448
_SPARE_TOKENS: Final = 20


@dataclass(frozen=True, slots=True)
class Heard:
    """A clip that Whisper has heard.

    Attributes:
        encoded: What its encoder made of it.
        frames: Length of the clip in Whisper's frames of 10 ms.
    """

    encoded: Any
    frames: int


class Whisper:
    """A loaded model.

    Args:
        model: A folder with a converted model, or a name that faster-whisper finds in its own cache.
        device: "auto", "cpu" or "cuda".
        compute_type: CTranslate2 arithmetic; "auto" is int8 on a processor and float16 on a graphics card.
        language: Spoken language, as a Whisper code.

    Raises:
        EngineError: The model cannot be loaded, or does not know the language.
        MemoryError: There is not enough for it.
    """

    def __init__(self, model: str | Path, *, device: str, compute_type: str, language: str) -> None:
        try:
            import ctranslate2
            from faster_whisper import WhisperModel
            from faster_whisper.tokenizer import Tokenizer
        except (ImportError, OSError) as error:  # OSError: a system library of theirs is missing
            cure = "pip install --force-reinstall faster-whisper"
            raise EngineError(f"faster-whisper cannot be used here: {error}. Run: {cure}") from error
        if device == "auto":
            device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        if compute_type == "auto":
            compute_type = "float16" if device == "cuda" else "int8"
        self.compute_type = compute_type
        try:
            self._model = WhisperModel(str(model), device=device, compute_type=compute_type)
        except Exception as error:
            # a tokenizer.json that cannot be read is an Exception of no kind
            if type(error) is not Exception and not isinstance(error, (RuntimeError, ValueError, OSError)):
                raise
            if "memory" in str(error):  # of which CTranslate2 and MKL speak in their own words
                raise MemoryError(str(error)) from error
            raise EngineError(
                f"Whisper model {model} cannot be loaded on {device} as {compute_type}: {error}. "
                "Copy its files anew, or take another with --model."
            ) from error
        if language not in self._model.supported_languages:
            raise EngineError(
                f"Whisper model {model} does not know {language!r} as a language. "
                'Set language to a code such as "en"; a model whose name ends in ".en" knows only that.'
            )
        multilingual = self._model.model.is_multilingual
        self._tokenizer = Tokenizer(self._model.hf_tokenizer, multilingual, task="transcribe", language=language)
        prompt = self._tokenizer.encode(VERBATIM_PROMPT)
        self._prompt = [self._tokenizer.sot_prev, *prompt, *self._tokenizer.sot_sequence]

    def hear(self, samples: Samples) -> Heard:
        """Encode a clip of at most 30 s at 16 kHz.

        Raises:
            RuntimeError: From CTranslate2: out of memory, or the graphics card failed.
        """
        from faster_whisper.audio import pad_or_trim

        features = self._model.feature_extractor(samples)
        frames = min(features.shape[-1] - 1, round(LONGEST_S * _FRAMES_PER_S))
        return Heard(self._model.encode(pad_or_trim(features[:, :frames])), frames)

    def write(self, heard: Heard, *, beam_size: int, timestamps: bool) -> tuple[Word, ...]:
        """Return the words that Whisper writes, with its times: from the clip's start, not yet held against the sound.

        With ``timestamps`` it marks where phrases begin and end; it keeps more filled pauses then, but may stop early.

        Raises:
            RuntimeError: From CTranslate2: out of memory, or the graphics card failed.
        """
        prompt = self._prompt if timestamps else [*self._prompt, self._tokenizer.no_timestamps]
        room = math.ceil(heard.frames / _FRAMES_PER_S * MOST_TOKENS_PER_S) + _SPARE_TOKENS
        result = self._model.model.generate(
            heard.encoded,
            [prompt],
            beam_size=beam_size,
            max_length=min(len(prompt) + room, _MOST_TOKENS),
            return_no_speech_prob=True,
            max_initial_timestamp_index=50,  # the first mark is at most 1 s in, as in faster-whisper
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < self._tokenizer.eot]
        if not tokens or result.no_speech_prob > NO_SPEECH_PROBABILITY:
            return ()
        (pieces,) = self._model.find_alignment(self._tokenizer, [tokens], heard.encoded, heard.frames)
        return whole_words(pieces)

    def log_probabilities(self, heard: Heard, before: str, then: str) -> tuple[float, ...]:
        """Return how probable each token of ``then`` is after ``before``, as natural logarithms.

        An empty ``then`` is the end of the clip.

        Raises:
            RuntimeError: From CTranslate2: out of memory, or the graphics card failed.
        """
        earlier = self._tokenizer.encode(before) if before else []
        tokens = [*earlier, *(self._tokenizer.encode(then) if then else [self._tokenizer.eot])]
        prompt = [*self._prompt, self._tokenizer.no_timestamps]
        (aligned,) = self._model.model.align(heard.encoded, prompt, [tokens[:_MOST_TOKENS]], heard.frames)
        return tuple(math.log(max(p, 1e-9)) for p in aligned.text_token_probs[len(earlier) :])


def speech_in(samples: Samples) -> tuple[SpeechSpan, ...]:
    """Find the stretches of speech in a clip at 16 kHz with the detector that comes with faster-whisper.

    Raises:
        WeightsError: The detector is missing or damaged.
    """
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    verify_silero()
    found = get_speech_timestamps(samples, VadOptions(min_silence_duration_ms=200, speech_pad_ms=0))
    return tuple(SpeechSpan(span["start"] / LISTENING_RATE, span["end"] / LISTENING_RATE) for span in found)


def whole_words(pieces: Iterable[Mapping[str, Any]]) -> tuple[Word, ...]:
    """Put Whisper's pieces together to words: a piece that does not begin with a space goes on with the one before.

    A mark of punctuation lends the word neither its time, which is the pause, nor its probability.
    """
    words: list[list[Mapping[str, Any]]] = []
    for piece in pieces:
        if words and not piece["word"].startswith(" "):
            words[-1].append(piece)
        elif piece["word"].strip():
            words.append([piece])
    return tuple(_whole(word) for word in words if any(map(_is_spoken, word)))


def _whole(pieces: Sequence[Mapping[str, Any]]) -> Word:
    spoken = [piece for piece in pieces if _is_spoken(piece)]
    return Word(
        text="".join(piece["word"] for piece in pieces).strip(),
        start_s=float(spoken[0]["start"]),
        end_s=float(spoken[-1]["end"]),
        probability=min(1.0, *(float(piece["probability"]) for piece in spoken)),
    )


def _is_spoken(piece: Mapping[str, Any]) -> bool:
    return any(char.isalnum() or char in SPOKEN_SIGNS for char in piece["word"])
