"""Whisper on CTranslate2, made verbatim: it keeps the "um"s and invents no words.

faster-whisper's own ``transcribe`` is not used: it decodes the rest of a clip after the last word once more (and
invents words there), encodes again for each try, and gives a word the silence behind it. This module is loaded through
its entry point only, because its imports take half a second.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from voicemock.errors import EngineError
from voicemock.models import SpeechSpan, Word
from voicemock.packaged import PIP, SILERO
from voicemock.speech.acoustics import Acoustics, describe
from voicemock.speech.clip import LISTENING_RATE, AudioClip, Samples
from voicemock.speech.filled_pauses import dropped_fillers, fillers_by_sound, on_voice
from voicemock.speech.joins import Step, joins_in, with_fillers_at_joins
from voicemock.speech.word_times import SHORTEST_WORD_S, in_order, merged, snapped, unwritten, within
from voicemock.weights import verify_bundled

try:
    import ctranslate2
    from faster_whisper import WhisperModel
    from faster_whisper.audio import pad_or_trim
    from faster_whisper.tokenizer import Tokenizer
    from faster_whisper.vad import VadOptions, get_speech_timestamps
except (ImportError, OSError) as error:  # OSError: one of their system libraries is missing
    raise EngineError(
        f"faster-whisper cannot be used here: {error}. Run: {PIP} install --force-reinstall faster-whisper"
    ) from error


VERBATIM_PROMPT: Final = " Um, uh, hmm, er."
"""Shown to Whisper before every clip as if it had just been said, so that it continues to write filled pauses.
Without it, base kept 0 of 36 real ones; a longer one loses sentences; with "ah" in it, a spoken "uh" becomes "ah"."""

WEIGHED: Final = ("um", "uh", "Um", "Uh", "er", "hmm", "Hmm", "mm")
"""Filled pauses; the probabilities of those that are one token are added. In tiny.en, "hmm" is two."""

LONGEST_S: Final = 30.0
"""Length of the sound that Whisper hears at a time. A shorter clip is padded with silence, as in its training: less
padding would halve the work, but loses filled pauses (docs/accuracy.md)."""

MOST_TOKENS_PER_S: Final = 10
"""Fast speech has 5 words, or 7 tokens, a second; more is a loop."""

NO_SPEECH_PROBABILITY: Final = 0.6
"""Above it the clip holds no words; Whisper's own threshold (Radford et al., 2022)."""

SPOKEN_SIGNS: Final = "%$€£&+"
"""Signs that stand for a word, unlike punctuation."""

UNWRITTEN_S: Final = 1.0
"""With the prompt, Whisper base sometimes ends after its first sentence and leaves the rest of a chunk unwritten. If
this much speech has no word, the clip is written down once more without time marks, which does not stop early."""

UNWRITTEN_VOICE_S: Final = 0.4
"""If this much voice still stands between two words, that stretch is written down on its own. It is about 0.6 s of
speech, of which two thirds are voiced."""

PIECE_SILENCE_S: Final = 0.3
"""Such a stretch is cut at silences of this length: alone, a short piece cannot draw Whisper into a loop."""

PIECE_MARGIN_S: Final = 0.1
SHORTEST_PIECE_S: Final = 0.25
"""In a shorter piece most words are made up."""

MOST_PIECES: Final = 8
"""Of one clip; with base each costs about as much as 5 s of speech."""

SURE: Final = -0.3
"""Mean logarithm of the probability of what was written with one hypothesis, from which it is kept. Below it, the clip
is written down again with all of them (docs/accuracy.md)."""

SURE_PIECE: Final = 0.2
"""Mean probability from which the words of a piece are taken; below it most are made up."""

RUNAWAY_WORDS: Final = 2
"""When Whisper repeats itself, its attention stands still and the words take no time. This many in a row are a loop; a
single one is a short word beside a long one."""

LONGEST_WORD: Final = 45
"""Letters; a loop without spaces ("zepzepzep") is one word with more."""

_FRAMES_PER_S: Final = 100
_MOST_TOKENS: Final = 448
_SPARE_TOKENS: Final = 20


class FasterWhisper:
    """A transcriber that makes Whisper verbatim: prompted, cut off in a loop, asked again where it left speech out.

    Args:
        model: A folder with a converted model, or a name that faster-whisper finds in its own cache.
        label: The model's name in the record; None means the last part of its path.
        device: "auto", "cpu" or "cuda".
        compute_type: CTranslate2 arithmetic; "auto" means int8 on a processor and float16 on a graphics card.
        beam_size: Hypotheses kept while writing down what one alone leaves in doubt; 1 is fastest.
        language: Spoken language, as a Whisper code.

    Raises:
        EngineError: The model cannot be loaded, or does not know the language.
        MemoryError: The model does not fit into memory.
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
        self._whisper = Whisper(model, device=device, compute_type=compute_type, language=language)
        self._beam_size = beam_size
        self.name = f"faster-whisper {label or Path(model).name} {self._whisper.compute_type}"

    def transcribe(self, clip: AudioClip) -> tuple[Word, ...]:
        """Return the words of a clip of at most 30 s, timed from the clip's start."""
        samples = clip.at_rate(LISTENING_RATE).samples
        if not len(samples):
            return ()
        with self._explained():
            return self._transcribe(samples)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"{self.name} failed: {error}. Try a smaller model, or the setting device.") from error

    def sketch(self, clip: AudioClip) -> tuple[Word, ...]:
        """Return about the words of a clip of at most 30 s: one hypothesis, no second look, no search for "um"s."""
        samples = clip.at_rate(LISTENING_RATE).samples
        if not len(samples):
            return ()
        with self._explained():
            heard = self._whisper.hear(samples)
            return until_runaway(self._whisper.write(heard, beam_size=1, timestamps=False).words)

    def _transcribe(self, samples: Samples) -> tuple[Word, ...]:
        acoustics = describe(samples)
        heard = self._whisper.hear(samples)
        first = self._whisper.write(heard, beam_size=1, timestamps=True, weighs=True)
        words = _checked(self._written(heard, first, speech_in(samples)), acoustics.sounds)
        tried: set[SpeechSpan] = set()
        while len(tried) < MOST_PIECES and (left := [p for p in _pieces(words, acoustics) if p not in tried]):
            tried.add(left[0])
            words = in_order(words, self._written_alone(samples, left[0], acoustics))
        return self._with_fillers(heard, words, first.steps if words else (), acoustics)

    def _with_fillers(
        self, heard: Heard, words: tuple[Word, ...], steps: tuple[Step, ...], acoustics: Acoustics
    ) -> tuple[Word, ...]:
        """Return the words with every filled pause on its voice, and with those that were heard but not written."""
        words = on_voice(words, acoustics.clear_voice)
        scorer = partial(self._whisper.log_probabilities, heard)
        words = in_order(words, dropped_fillers(words, acoustics, scorer, joins_in(steps, words)))
        words = in_order(words, fillers_by_sound(words, acoustics, scorer))
        timer = partial(self._whisper.timed, heard)
        return with_fillers_at_joins(words, joins_in(steps, words), acoustics, scorer, timer)

    def _written(self, heard: Heard, likeliest: Written, speech: tuple[SpeechSpan, ...]) -> tuple[Word, ...]:
        """Return the likeliest words if they are sure and leave out no speech, and else those of several hypotheses.

        If these leave out speech, the clip is written down in another way; the one that leaves out least wins.
        """

        def left_out_s(words: tuple[Word, ...]) -> float:
            return sum(span.duration_s for span in unwritten(words, speech, UNWRITTEN_S))

        words = until_runaway(likeliest.words)
        if likeliest.log_probability >= SURE and not left_out_s(words):
            return words
        if self._beam_size > 1:
            words = self._write(heard, timestamps=True)
        return min(words, self._write(heard, timestamps=False), key=left_out_s) if left_out_s(words) else words

    def _written_alone(self, samples: Samples, piece: SpeechSpan, acoustics: Acoustics) -> tuple[Word, ...]:
        """Write down a stretch of a clip, on the clip's clock; return no words if Whisper is not sure of them."""
        from_s = max(0.0, piece.start_s - PIECE_MARGIN_S)
        cut = AudioClip(samples, LISTENING_RATE).between(from_s, piece.end_s + PIECE_MARGIN_S)
        words = [_later(word, from_s) for word in self._write(self._whisper.hear(cut.samples), timestamps=True)]
        if not words or sum(word.probability or 0.0 for word in words) < SURE_PIECE * len(words):
            return ()
        return _checked(words, within(piece, acoustics.sounds))

    def _write(self, heard: Heard, *, timestamps: bool) -> tuple[Word, ...]:
        return until_runaway(self._whisper.write(heard, beam_size=self._beam_size, timestamps=timestamps).words)


def _checked(words: Sequence[Word], sounds: Sequence[SpeechSpan]) -> tuple[Word, ...]:
    """Return the words moved to the sounds, without echoes."""
    return without_echoes(snapped(words, sounds))


def _pieces(words: tuple[Word, ...], acoustics: Acoustics) -> tuple[SpeechSpan, ...]:
    """Return the stretches of voice that no word covers, cut at silences."""
    return tuple(
        piece
        for stretch in unwritten(words, acoustics.voiced, UNWRITTEN_VOICE_S)
        for piece in merged(within(stretch, acoustics.sounds), PIECE_SILENCE_S)
        if piece.duration_s >= SHORTEST_PIECE_S
    )


def _later(word: Word, by_s: float) -> Word:
    return word.model_copy(update={"start_s": (word.start_s or 0.0) + by_s, "end_s": (word.end_s or 0.0) + by_s})


def until_runaway(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words before a loop, in which they take no time."""
    timeless = 0
    for index, word in enumerate(words):
        if len(word.text) > LONGEST_WORD:
            return tuple(words[: index - timeless])
        timeless = timeless + 1 if _duration_s(word) < SHORTEST_WORD_S else 0
        if timeless == RUNAWAY_WORDS:
            return tuple(words[: index + 1 - timeless])
    return tuple(words)


def without_echoes(words: Sequence[Word]) -> tuple[Word, ...]:
    """Leave out a word that takes no time and equals the one beside it: it was said once."""
    kept: list[Word] = []
    for word in words:
        if kept and _bare(kept[-1]) == _bare(word) and min(map(_duration_s, (kept[-1], word))) < SHORTEST_WORD_S:
            word = max(kept.pop(), word, key=_duration_s)
        kept.append(word)
    return tuple(kept)


def _bare(word: Word) -> str:
    return "".join(char for char in word.text.lower() if char.isalnum())


def _duration_s(word: Word) -> float:
    return (word.end_s or 0.0) - (word.start_s or 0.0)


@dataclass(frozen=True, slots=True)
class Heard:
    """A clip that Whisper has heard.

    Attributes:
        encoded: The output of its encoder.
        frames: Length of the clip in Whisper's frames of 10 ms.
    """

    encoded: Any
    frames: int


@dataclass(frozen=True, slots=True)
class Written:
    """What Whisper wrote for a clip.

    Attributes:
        words: With its own times from the clip's start, not yet checked by the sound.
        log_probability: Mean natural logarithm of the probability of its tokens.
        steps: How probable a filled pause was at each step, where that was asked for.
    """

    words: tuple[Word, ...]
    log_probability: float = 0.0
    steps: tuple[Step, ...] = ()


class Whisper:
    """A loaded model: it hears a clip once and writes it down as often as needed. Arguments as for ``FasterWhisper``.

    ``hear``, ``write`` and ``log_probabilities`` raise CTranslate2's RuntimeError: out of memory, or the graphics card
    failed.
    """

    def __init__(self, model: str | Path, *, device: str, compute_type: str, language: str) -> None:
        if device == "auto":
            device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        if compute_type == "auto":
            compute_type = "float16" if device == "cuda" else "int8"
        self.compute_type = compute_type
        try:
            self._model = WhisperModel(str(model), device=device, compute_type=compute_type)
        except Exception as error:
            # an unreadable tokenizer.json raises a plain Exception
            if type(error) is not Exception and not isinstance(error, (RuntimeError, ValueError, OSError)):
                raise
            if "memory" in str(error):  # CTranslate2 and MKL have messages of their own
                raise MemoryError(str(error)) from error
            raise EngineError(
                f"Whisper model {model} cannot be loaded on {device} as {compute_type}: {error}. "
                "Copy its files again, or choose another with --model."
            ) from error
        if language not in self._model.supported_languages:
            raise EngineError(
                f"Whisper model {model} does not support the language {language!r}. "
                'Set language to a code such as "en"; a model whose name ends in ".en" knows only that.'
            )
        multilingual = self._model.model.is_multilingual
        self._tokenizer = Tokenizer(self._model.hf_tokenizer, multilingual, task="transcribe", language=language)
        prompt = self._tokenizer.encode(VERBATIM_PROMPT)
        self._fillers = single_tokens(WEIGHED, self._tokenizer.encode)
        self._prompt = [self._tokenizer.sot_prev, *prompt, *self._tokenizer.sot_sequence]

    def hear(self, samples: Samples) -> Heard:
        """Encode a clip of at most 30 s at 16 kHz."""
        features = self._model.feature_extractor(samples)
        frames = min(features.shape[-1] - 1, round(LONGEST_S * _FRAMES_PER_S))
        return Heard(self._model.encode(pad_or_trim(features[:, :frames])), frames)

    def write(self, heard: Heard, *, beam_size: int, timestamps: bool, weighs: bool = False) -> Written:
        """Write down a clip.

        Args:
            heard: The clip.
            beam_size: Hypotheses kept while writing.
            timestamps: Whether to mark where phrases begin and end: it then keeps more filled pauses, but may stop
                early.
            weighs: Whether to tell how probable a filled pause was at each step, which takes a single hypothesis.
        """
        prompt = self._prompt if timestamps else [*self._prompt, self._tokenizer.no_timestamps]
        room = math.ceil(heard.frames / _FRAMES_PER_S * MOST_TOKENS_PER_S) + _SPARE_TOKENS
        result = self._model.model.generate(
            heard.encoded,
            [prompt],
            beam_size=beam_size,
            max_length=min(len(prompt) + room, _MOST_TOKENS),
            return_scores=True,
            return_logits_vocab=weighs,
            return_no_speech_prob=True,
            max_initial_timestamp_index=50,  # the first mark is at most 1 s in, as in faster-whisper
        )[0]
        words: tuple[Word, ...] = ()
        tokens = [token for token in result.sequences_ids[0] if token < self._tokenizer.eot]
        if tokens and result.no_speech_prob <= NO_SPEECH_PROBABILITY:
            (pieces,) = self._model.find_alignment(self._tokenizer, [tokens], heard.encoded, heard.frames)
            words = whole_words(pieces)
        return Written(words, result.scores[0], self._steps(result) if weighs else ())

    def _steps(self, result: Any) -> tuple[Step, ...]:
        tokens = [*result.sequences_ids[0], self._tokenizer.eot]
        texts = [self._tokenizer.decode([token]) if token < self._tokenizer.eot else "" for token in tokens]
        return tuple(
            Step(text, self._filled_pause(logits)) for text, logits in zip(texts, result.logits[0], strict=False)
        )

    def _filled_pause(self, logits: Any) -> float:
        """Return the probability of all filled pauses together, from the logits of all tokens on any device."""
        on_cpu = np.array(logits.to_device(ctranslate2.Device.cpu)).ravel().astype(np.float32)
        powers = np.exp(on_cpu - on_cpu.max())
        return float(powers[self._fillers].sum() / powers.sum())

    def timed(self, heard: Heard, texts: Sequence[str]) -> tuple[Word, ...]:
        """Return words that were said in this order with Whisper's times, from the clip's start."""
        tokens = self._tokenizer.encode("".join(f" {text}" for text in texts))
        (pieces,) = self._model.find_alignment(self._tokenizer, [tokens[:_MOST_TOKENS]], heard.encoded, heard.frames)
        return whole_words(pieces)

    def log_probabilities(self, heard: Heard, before: str, then: str) -> tuple[float, ...]:
        """Return the natural logarithm of each token's probability in ``then``, after the words ``before``.

        An empty ``then`` means the end of the clip.
        """
        earlier = self._tokenizer.encode(before) if before else []
        tokens = [*earlier, *(self._tokenizer.encode(then) if then else [self._tokenizer.eot])]
        prompt = [*self._prompt, self._tokenizer.no_timestamps]
        (aligned,) = self._model.model.align(heard.encoded, prompt, [tokens[:_MOST_TOKENS]], heard.frames)
        return tuple(math.log(max(p, 1e-9)) for p in aligned.text_token_probs[len(earlier) :])


def single_tokens(texts: Iterable[str], encode: Callable[[str], Sequence[int]]) -> list[int]:
    """Return the tokens of those words that are one token: the first of several begins other words, too."""
    encoded = [encode(f" {text}") for text in texts]
    return [tokens[0] for tokens in encoded if len(tokens) == 1]


def speech_in(samples: Samples) -> tuple[SpeechSpan, ...]:
    """Find the stretches of speech in a clip at 16 kHz with the detector that comes with faster-whisper."""
    verify_bundled(SILERO)
    found = get_speech_timestamps(samples, VadOptions(min_silence_duration_ms=200, speech_pad_ms=0))
    return tuple(SpeechSpan(span["start"] / LISTENING_RATE, span["end"] / LISTENING_RATE) for span in found)


def whole_words(pieces: Iterable[Mapping[str, Any]]) -> tuple[Word, ...]:
    """Join Whisper's pieces to words: a piece without a leading space continues the one before it.

    Punctuation contributes neither its time, which is the pause, nor its probability.
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
