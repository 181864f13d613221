"""Finds the filled pauses ("um", "uh") that were spoken but not written, and those written but not spoken.

Whisper leaves an "um" out because people who write do, and once it has begun it writes one too many. Comparing its
words with the sound shows both. Pure functions; the transcriber is asked through a ``Scorer``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np

from voicemock.models import SpeechSpan, Word
from voicemock.speech.acoustics import HOP_S, Acoustics, runs, span_of
from voicemock.speech.word_times import in_order, merged, shared_s, unwritten, within

FILLERS: Final = ("um", "uh")
SHORTEST_VOICE_S: Final = 0.08
"""Voice that a filled pause needs. Of 935 in meeting monologues 95 % last 0.1 s or more."""

SHORTEST_UNCOVERED_VOICE_S: Final = 0.12
"""The same for one that was not written; a shorter one is the end of a word."""

FARTHEST_S: Final = 1.0
"""Whisper's times are off by up to 0.6 s; a filled pause farther from a voice was made up."""

LONGEST_SOUND_S: Final = 1.2
"""A longer sound that was not written is speech that was not understood. Of 935 filled pauses 90 % are shorter."""

SOUND_GAP_S: Final = 0.15
"""Shortest silence between two filled pauses: "uh ... uh"."""

LEAST_GAIN: Final = -3.0
"""How much less probable a filled pause may make the transcript, as a logarithm. In 30 recordings, and in the same ones
joined, all 6 stretches of uncovered voice above it were filled pauses, and 36 of the 40 below were none."""

LEAST_PROBABILITY: Final = 0.08
"""Of the filled pause itself, after the words before it."""

LEAST_WORTH_ASKING: Final = 0.003
"""Of a filled pause at a join; most joins have less than this."""

LEAST_GAIN_OF_STRETCHED_VOWEL: Final = -8.0
"""A stretched vowel needs less support from the words, but it may not be next to impossible."""

WORDS_AFTER: Final = 6
"""Number of following words whose probability is compared with and without a filled pause."""

STEADY_CHANGE_DB: Final = 4.0
"""Median spectral change over 60 ms below which a vowel is stretched. In 30 recordings filled pauses that no word
covered had 1.0 to 3.9, other voice that no word covered 3.7 to 7.5."""

PITCH_JUMP_SEMITONES: Final = 1.0
"""Most that the pitch of a stretched vowel moves in 10 ms; a larger jump begins another sound."""

SHORTEST_STRETCHED_S: Final = 0.15
"""A shorter steady voice is an ordinary vowel."""

SHORTEST_BEFORE_SPEECH_S: Final = 0.25
"""The same if speech follows at once: the first vowel of a word may come before the word's time."""

LONGEST_STRETCHED_S: Final = 1.5
"""A longer one is humming, or a machine."""

PARTS_APART_S: Final = 0.12
"""Between the vowel and the nasal of an "um" the sound changes for a moment."""

ONSET_S: Final = 0.1
"""Longest time from silence until the voice is steady."""

COVERED: Final = 0.3
"""Share of the sound that words may cover; their times are not exact."""

_FILLED_PAUSE: Final = re.compile(r"u+h+m*|u+m+|e+r+m*|h+m+|m{2,}", re.IGNORECASE)
_SENTENCE_ENDS: Final = (".", "?", "!")
_PUNCTUATION: Final = ".,;:!?-\N{HORIZONTAL ELLIPSIS}"


class Scorer(Protocol):
    """Returns how probable words are in a clip that Whisper has heard."""

    def __call__(self, before: str, then: str) -> tuple[float, ...]:
        """Return the logarithm of the probability of each token of ``then`` after ``before``."""
        ...


class Fit(NamedTuple):
    """How well a filled pause fits at a place; the largest is the best.

    Attributes:
        gain: How much more probable it makes the transcript, as a natural logarithm.
        probability: Its own, after the words before it.
        text: "um" or "uh".
    """

    gain: float
    probability: float
    text: str


class StretchedVowel(NamedTuple):
    """A stretch in which a voice stands still.

    Attributes:
        span: From its first to its last steady part.
        steadiness: Share of it in which pitch and color stand still, 0 to 1.
    """

    span: SpeechSpan
    steadiness: float


def is_filled_pause(text: str) -> bool:
    """Return whether a written word is a filled pause, whatever its punctuation."""
    return _FILLED_PAUSE.fullmatch(text.strip(_PUNCTUATION)) is not None


def on_voice(words: Sequence[Word], voices: Sequence[SpeechSpan]) -> tuple[Word, ...]:
    """Return the words with each filled pause on the voice that speaks it; one without a voice goes.

    Whisper writes "uh" once too often in a row, or beside its place, and gives it the silence around it. One that
    covers a voice is drawn in to it. Any other moves to the nearest voice that no word covers.

    Args:
        words: In order, with corrected times.
        voices: The stretches of clear voice where the words were heard, in order.
    """
    placed: list[Word] = []
    for index, word in enumerate(words):
        if not is_filled_pause(word.text):
            placed.append(word)
            continue
        before_s = (placed[-1].end_s or 0.0) if placed else 0.0
        after_s = next((later.start_s or 0.0 for later in words[index + 1 :]), float("inf"))
        if voice := _own_voice(word, voices) or _free_voice(word, SpeechSpan(before_s, after_s), voices):
            placed.append(word.model_copy(update={"start_s": voice.start_s, "end_s": voice.end_s}))
    return tuple(placed)


def _own_voice(word: Word, voices: Sequence[SpeechSpan]) -> SpeechSpan | None:
    """Return the longest voice inside a word's times that could be a filled pause."""
    said = SpeechSpan(word.start_s or 0.0, word.end_s or 0.0)
    return max(long_enough(said, voices, SHORTEST_VOICE_S), key=lambda voice: voice.duration_s, default=None)


def _free_voice(word: Word, gap: SpeechSpan, voices: Sequence[SpeechSpan]) -> SpeechSpan | None:
    """Return the voice nearest to a word, between its neighbors."""

    def distance_s(voice: SpeechSpan) -> float:
        return max(voice.start_s - (word.end_s or 0.0), (word.start_s or 0.0) - voice.end_s)

    free = long_enough(gap, voices, SHORTEST_UNCOVERED_VOICE_S)
    nearest = min(free, key=distance_s, default=None)
    return nearest if nearest and distance_s(nearest) <= FARTHEST_S else None


def long_enough(gap: SpeechSpan, voices: Sequence[SpeechSpan], at_least_s: float) -> tuple[SpeechSpan, ...]:
    """Return the stretches inside a gap that hold this much voice, small changes of sound closed."""
    parts = within(gap, voices)
    return tuple(voice for voice in merged(parts, PARTS_APART_S) if shared_s(voice, parts) >= at_least_s)


def dropped_fillers(
    words: Sequence[Word], acoustics: Acoustics, score: Scorer, joins: Mapping[int, float]
) -> tuple[Word, ...]:
    """Return the filled pauses that the transcriber heard but did not write, in order.

    For each voice that no word covers, the transcriber is asked how probable its words are with and without a filled
    pause there.

    Args:
        words: The written words in order, with corrected times.
        acoustics: Of the clip.
        score: Of the same clip.
        joins: How probable a filled pause was before the word of this index; where it was not, there is no need to ask.
    """
    found: tuple[Word, ...] = ()
    for sound in _uncovered(words, acoustics):
        if joins.get(_place_of(sound, words), 1.0) < LEAST_WORTH_ASKING:
            continue
        fit = _fit_of(in_order(words, found), sound, score)
        if fit.gain >= LEAST_GAIN and fit.probability >= LEAST_PROBABILITY:
            probability = round(fit.probability, 3)
            found = (*found, Word(text=fit.text, start_s=sound.start_s, end_s=sound.end_s, probability=probability))
    return found


def fillers_by_sound(words: Sequence[Word], acoustics: Acoustics, score: Scorer) -> tuple[Word, ...]:
    """Return the filled pauses that are found by their sound, in order; ``words`` as in ``dropped_fillers``.

    Their probability is the steady share of the sound.
    """
    found: list[Word] = []
    for span, steadiness in stretched_vowels(acoustics, words):
        fit = _fit_of(words, span, score)
        if fit.gain >= LEAST_GAIN_OF_STRETCHED_VOWEL:
            word = Word(text=fit.text, start_s=span.start_s, end_s=span.end_s, probability=steadiness, heard_as="sound")
            found.append(word)
    return tuple(found)


def _uncovered(words: Sequence[Word], acoustics: Acoustics) -> tuple[SpeechSpan, ...]:
    """Return the sounds between words that hold a voice and could be one filled pause."""
    return tuple(
        sound
        for stretch in unwritten(words, acoustics.clear_voice, SHORTEST_UNCOVERED_VOICE_S)
        for sound in merged(within(stretch, acoustics.sounds), SOUND_GAP_S)
        if sound.duration_s <= LONGEST_SOUND_S and shared_s(sound, acoustics.clear_voice) >= SHORTEST_UNCOVERED_VOICE_S
    )


def _fit_of(words: Sequence[Word], sound: SpeechSpan, score: Scorer) -> Fit:
    """Return the filled pause that fits best in place of a sound."""
    return best_fit(words, _place_of(sound, words), score)


def _place_of(sound: SpeechSpan, words: Sequence[Word]) -> int:
    """Return the index of the word behind a sound."""
    return sum((word.start_s or 0.0) < sound.start_s for word in words)


def best_fit(words: Sequence[Word], index: int, score: Scorer) -> Fit:
    """Return the filled pause that fits best before a word, written as it would be there: "shipped. Um, we".

    Args:
        words: In order.
        index: Of the word behind it; their number means that it ends the clip.
        score: Of the clip.
    """
    before = [word.text for word in words[:index]]
    opening, rest = _spaced(before), _spaced([word.text for word in words[index : index + WORDS_AFTER]])
    without = sum(score(opening, rest))
    begins = not before or before[-1].endswith(_SENTENCE_ENDS)
    fits = []
    for text in FILLERS:
        scores = score(opening, f" {text.capitalize() if begins else text}{',' if rest else '.'}{rest}")
        fits.append(Fit(sum(scores) - without, math.exp(scores[0]), text))
    return max(fits)


def _spaced(texts: Sequence[str]) -> str:
    return "".join(f" {text}" for text in texts)


def stretched_vowels(acoustics: Acoustics, words: Sequence[Word]) -> tuple[StretchedVowel, ...]:
    """Return the stretched vowels of a clip that follow silence, stand by themselves and are covered by no word.

    An "uh" is a voiced sound of constant pitch and color: the mouth does not move while the speaker thinks (Goto, Itou
    & Hayamizu, 1999, "A real-time filled pause detection system for spontaneous speech recognition": small changes of
    the fundamental frequency and of the spectral envelope). In running speech this lasts a fraction of a syllable only.

    Args:
        acoustics: Of the clip.
        words: The written words, with times from the clip's start.
    """
    steady = tuple(_steady_voice(acoustics))
    return tuple(
        StretchedVowel(sound, round(min(1.0, shared_s(sound, steady) / sound.duration_s), 3))
        for sound in merged(steady, PARTS_APART_S)
        if _stands_free(sound, words, acoustics)
    )


def _steady_voice(acoustics: Acoustics) -> Iterable[SpeechSpan]:
    """Yield the stretches in which a voice holds its pitch and its color, in order."""
    pitch = acoustics.pitch_semitones
    jumps = np.abs(np.diff(pitch, prepend=pitch[:1])) > PITCH_JUMP_SEMITONES
    for start, end in runs((acoustics.is_voiced & ~jumps).tolist()):
        is_steady = float(np.median(acoustics.change_db[start:end])) <= STEADY_CHANGE_DB
        if is_steady and (end - start) * HOP_S >= SHORTEST_STRETCHED_S:
            yield span_of(start, end)


def _stands_free(voice: SpeechSpan, words: Sequence[Word], acoustics: Acoustics) -> bool:
    written = [SpeechSpan(word.start_s or 0.0, word.end_s or 0.0) for word in words]
    sound = next((each for each in acoustics.sounds if shared_s(each, [voice]) > 0), None)
    if sound is None or voice.duration_s > LONGEST_STRETCHED_S or shared_s(voice, written) > COVERED * voice.duration_s:
        return False
    if voice.start_s - sound.start_s > ONSET_S:
        return False
    stands_alone = sound.end_s - voice.end_s <= ONSET_S
    return stands_alone or voice.duration_s >= SHORTEST_BEFORE_SPEECH_S
