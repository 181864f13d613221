"""Speech to text, verbatim: what was said, with the ums left in and nothing that was not said."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from voicemock.acoustics import Acoustics, describe
from voicemock.audio import LISTENING_RATE, AudioClip, Samples
from voicemock.errors import EngineError
from voicemock.filled_pauses import dropped_fillers, fillers_by_sound, is_unheard
from voicemock.models import SpeechSpan, Word
from voicemock.whisper import Heard, Whisper, speech_in
from voicemock.word_times import SHORTEST_WORD_S, in_order, joined, snapped, unwritten, within

UNWRITTEN_S: Final = 1.0
"""With the prompt, Whisper base sometimes ends after its first sentence and leaves the rest of a chunk unwritten. Where
that much speech has no word, the clip is written down once more without time marks, which does not stop early."""

UNWRITTEN_VOICE_S: Final = 0.4
"""Where so much voice still stands between two words, that stretch is written down on its own. About 0.6 s of speech,
of which two thirds are voiced."""

PIECE_SILENCE_S: Final = 0.3
"""Such a stretch is cut at silences of this length: alone, a short piece cannot draw Whisper into a loop."""

PIECE_MARGIN_S: Final = 0.1
SHORTEST_PIECE_S: Final = 0.25
"""In a shorter piece words are mostly made up."""

MOST_PIECES: Final = 8
"""Of one clip; with base each costs about as much as 5 s of speech."""

SURE_PIECE: Final = 0.2
"""Mean probability from which the words of a piece are taken; below, they are mostly made up."""

RUNAWAY_WORDS: Final = 2
"""Where Whisper repeats itself its attention stands still, and the words take no time. So many in a row are a loop; a
single one is a short word beside a long one."""

LONGEST_WORD: Final = 45
"""Letters; a loop without spaces ("zepzepzep") is one word with more."""


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
    """Whisper, made to keep what was said: prompted, cut where it runs away, asked again where it left speech out.

    Args:
        model: A folder with a converted model, or a name that faster-whisper finds in its own cache.
        label: What the model is called in the record; the last part of its path where it is None.
        device: "auto", "cpu" or "cuda".
        compute_type: CTranslate2 arithmetic; "auto" is int8 on a processor and float16 on a graphics card.
        beam_size: Hypotheses kept while decoding; 1 is fastest.
        language: Spoken language, as a Whisper code.

    Raises:
        EngineError: The model cannot be loaded, or does not know the language.
        MemoryError: There is not enough for it.
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
        """Return the words of a clip of at most 30 s, timed from the clip's start.

        Raises:
            EngineError: Out of memory, or the graphics card failed.
        """
        samples = clip.at_rate(LISTENING_RATE).samples
        if not len(samples):
            return ()
        try:
            return self._transcribe(samples)
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"{self.name} failed: {error}. Try a smaller model, or the setting device.") from error

    def _transcribe(self, samples: Samples) -> tuple[Word, ...]:
        acoustics = describe(samples)
        heard = self._whisper.hear(samples)
        words = self._held_against(self._written(heard, speech_in(samples)), acoustics.sounds, acoustics)
        tried: set[SpeechSpan] = set()
        while len(tried) < MOST_PIECES and (left := [p for p in _pieces(words, acoustics) if p not in tried]):
            tried.add(left[0])
            words = in_order(words, self._written_alone(samples, left[0], acoustics))
        scorer = partial(self._whisper.log_probabilities, heard)
        words = in_order(words, dropped_fillers(words, acoustics, scorer))
        return in_order(words, fillers_by_sound(words, acoustics, scorer))

    def _written(self, heard: Heard, speech: tuple[SpeechSpan, ...]) -> tuple[Word, ...]:
        """Write a clip down, and once more in another way where the first left speech out; take what leaves least."""
        first = self._write(heard, timestamps=True)
        if not unwritten(first, speech, UNWRITTEN_S):
            return first
        second = self._write(heard, timestamps=False)
        return min(first, second, key=lambda words: _seconds(unwritten(words, speech, UNWRITTEN_S)))

    def _written_alone(self, samples: Samples, piece: SpeechSpan, acoustics: Acoustics) -> tuple[Word, ...]:
        """Write down a stretch of a clip, on the clip's clock; nothing where Whisper is not sure of it."""
        from_s = max(0.0, piece.start_s - PIECE_MARGIN_S)
        cut = AudioClip(samples, LISTENING_RATE).between(from_s, piece.end_s + PIECE_MARGIN_S)
        words = [_later(word, from_s) for word in self._write(self._whisper.hear(cut.samples), timestamps=True)]
        if not words or sum(word.probability or 0.0 for word in words) < SURE_PIECE * len(words):
            return ()
        return self._held_against(words, within(piece, acoustics.sounds), acoustics)

    @staticmethod
    def _held_against(words: Sequence[Word], sounds: tuple[SpeechSpan, ...], acoustics: Acoustics) -> tuple[Word, ...]:
        """Return words within the sounds, without echoes and without filled pauses for which there is no voice."""
        return tuple(word for word in without_echoes(snapped(words, sounds)) if not is_unheard(word, acoustics))

    def _write(self, heard: Heard, *, timestamps: bool) -> tuple[Word, ...]:
        return until_runaway(self._whisper.write(heard, beam_size=self._beam_size, timestamps=timestamps))


def _pieces(words: tuple[Word, ...], acoustics: Acoustics) -> tuple[SpeechSpan, ...]:
    """Return the stretches of voice that no word covers, cut at silences."""
    return tuple(
        piece
        for stretch in unwritten(words, acoustics.voiced, UNWRITTEN_VOICE_S)
        for piece in joined(within(stretch, acoustics.sounds), PIECE_SILENCE_S)
        if piece.end_s - piece.start_s >= SHORTEST_PIECE_S
    )


def until_runaway(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words up to where they no longer take any time: what follows was not said."""
    timeless = 0
    for index, word in enumerate(words):
        if len(word.text) > LONGEST_WORD:
            return tuple(words[: index - timeless])
        timeless = timeless + 1 if _duration_s(word) < SHORTEST_WORD_S else 0
        if timeless == RUNAWAY_WORDS:
            return tuple(words[: index + 1 - timeless])
    return tuple(words)


def without_echoes(words: Sequence[Word]) -> tuple[Word, ...]:
    """Leave out a word that takes no time and is the same as the one beside it: it was said once."""
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


def _seconds(spans: tuple[SpeechSpan, ...]) -> float:
    return sum(span.end_s - span.start_s for span in spans)


def _later(word: Word, by_s: float) -> Word:
    return word.model_copy(update={"start_s": (word.start_s or 0.0) + by_s, "end_s": (word.end_s or 0.0) + by_s})
