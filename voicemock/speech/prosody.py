"""Measures the melody of an answer: how pitch and loudness vary, and how sentences end.

Pure arithmetic on a track. Only frames with a voice count, in semitones around the speaker's own median, so that a high
and a low voice with the same melody get the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median as middle_of
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voicemock.models import (
    AudioQuality,
    OneNote,
    PacePoint,
    Prosody,
    ProsodyStretch,
    Sentence,
    SentenceEnd,
    SpeechSpan,
)
from voicemock.speech.pitch import STEP_S, Track, VoiceTrack

VOICED: Final = 0.5
"""Confidence from which SwiftF0 calls a frame voiced. Of 7,952 such frames of 45 real recordings on which Praat and
WORLD agree, 0.3 % were an octave off (docs/accuracy.md)."""

LEAST_VOICE_S: Final = 10.0
"""A speaker's median pitch settles after 9.7 s of speech (Arantes, Eriksson and Gutzeit, 2017). Here it is voice alone
that counts, about 17 s of speech, because the spread takes longer to settle than the middle."""

VOICED_SHARE: Final = 0.25
"""Of the speech. Below it the voice is whispered, or too far away; 0.34 was the least of 44 real recordings."""

OCTAVE: Final = 12.0
"""A frame farther than this from the median is taken for an octave error."""

SYLLABLE_S: Final = 0.2
"""Levels are those of stretches as long as a syllable: people speak four to five of them a second."""

ONE_NOTE_SEMITONES: Final = 1.0
"""Standard deviation below which it is nearly one note: 90 % of the voice lies within 3.3 semitones. Smaller movements
than 3 semitones play no part in talk ('t Hart, 1981)."""

RISES_FROM_SEMITONES: Final = 3.0
"""From the same source: a smaller rise is hardly heard as one."""

FADES_FROM_DB: Final = 6.0
"""Half the sound pressure: clearly quieter. Of 11 sentences in real recordings one in ten ended 4 dB down."""

EDGE_S: Final = 5.0
"""Of voice, at the beginning and the end of the answer, to compare their levels."""

STRETCH_VOICE_S: Final = 3.0
"""A stretch with less voice has no melody of its own."""

LAST_S: Final = 0.5
"""Of voice: the last words of a sentence."""

REST_S: Final = 1.0
"""Of voice before them, at least."""

FALL_S: Final = 0.08
BEFORE_FALL_S: Final = 0.24
"""The very end of the voice, a syllable's half, against the syllable before it."""

FEW_ENDS: Final = 3
CONTOUR_STEP_S: Final = 0.2

_Flags = NDArray[np.bool_]


def measure_prosody(
    track: VoiceTrack,
    sentences: Sequence[Sentence],
    stretches: Sequence[PacePoint],
    speech: Sequence[SpeechSpan],
    quality: AudioQuality | None,
) -> Prosody | None:
    """Return the melody of an answer; None where the recording is too poor, too short or whispered.

    Args:
        track: Pitch and level of the recording.
        sentences: What was said; only those with times are measured.
        stretches: Of the pace curve.
        speech: Where there is speech.
        quality: Of the recording. In noise, and where the microphone clips, nothing is measured.
    """
    is_poor = quality is not None and {"noisy", "clipped"} & set(quality.problems)
    voice = voice_in(track, speech)
    voiced_s, speech_s = len(voice.at_s) * STEP_S, sum(span.duration_s for span in speech)
    if is_poor or voiced_s < LEAST_VOICE_S or voiced_s < VOICED_SHARE * speech_s:
        return None
    median = float(np.median(voice.semitones))
    ends = tuple(ends_of(voice, sentences))
    measured = tuple(_stretch(voice, each) for each in stretches)
    drops = [end.drop_db for end in ends]
    return Prosody(
        voiced_s=round(voiced_s, 1),
        pitch_sd_semitones=round(spread(voice.semitones), 2),
        pitch_range_semitones=round(between(voice.semitones, 5, 95), 1),
        loudness_sd_db=round(spread(syllable_levels(voice)), 1),
        fade_db=_fade(voice),
        sentence_end_drop_db=round(float(np.median(drops)), 1) if len(drops) >= FEW_ENDS else None,
        ends=ends,
        stretches=measured,
        one_note=tuple(_one_note(measured)),
        contour_step_s=CONTOUR_STEP_S,
        contour=_contour(voice, median, float(track.at_s[-1])),
    )


def voice_in(track: VoiceTrack, speech: Sequence[SpeechSpan]) -> VoiceTrack:
    """Return the frames of a track that hold a voice, without octave errors."""
    is_speech = np.zeros(len(track.at_s), bool)
    for span in speech:
        is_speech |= (track.at_s >= span.start_s) & (track.at_s < span.end_s)
    voice = _only(track, is_speech & (track.confidence >= VOICED))
    if not len(voice.at_s):
        return voice
    return _only(voice, np.abs(voice.semitones - np.median(voice.semitones)) <= OCTAVE)


def spread(values: Track) -> float:
    """Return half of what lies between the 16th and the 84th percentile: outliers do not move it."""
    return between(values, 16, 84) / 2


def between(values: Track, low: float, high: float) -> float:
    """Return what lies between two percentiles."""
    least, most = np.percentile(values, (low, high))
    return float(most - least)


def syllable_levels(voice: VoiceTrack) -> Track:
    """Return the mean level of each stretch of 0.2 s that holds a voice for at least half of it."""
    slots = (voice.at_s / SYLLABLE_S).astype(np.int64)
    _, place, count = np.unique(slots, return_inverse=True, return_counts=True)
    means = np.bincount(place, weights=voice.level_db) / count
    return np.asarray(means[count * STEP_S >= SYLLABLE_S / 2])


def _only(track: VoiceTrack, kept: _Flags) -> VoiceTrack:
    return VoiceTrack(track.at_s[kept], track.semitones[kept], track.confidence[kept], track.level_db[kept])


def _within(voice: VoiceTrack, start_s: float, end_s: float) -> VoiceTrack:
    first, last = np.searchsorted(voice.at_s, (start_s, end_s))
    cut = slice(int(first), int(last))
    return VoiceTrack(voice.at_s[cut], voice.semitones[cut], voice.confidence[cut], voice.level_db[cut])


def ends_of(voice: VoiceTrack, sentences: Sequence[Sentence]) -> Iterator[SentenceEnd]:
    """Yield how each timed sentence ends that has at least one and a half seconds of voice."""
    last, rest = round(LAST_S / STEP_S), round(REST_S / STEP_S)
    for sentence in sentences:
        if sentence.start_s is None or sentence.end_s is None:
            continue
        own = _within(voice, sentence.start_s, sentence.end_s)
        if len(own.at_s) < last + rest:
            continue
        drop_db = float(np.median(own.level_db[:-last]) - np.median(own.level_db[-last:]))
        yield SentenceEnd(
            at_s=round(float(own.at_s[-last]), 2),
            end_s=sentence.end_s,
            start_char=sentence.start_char,
            end_char=sentence.end_char,
            drop_db=round(drop_db, 1),
            rise_semitones=None if sentence.text.rstrip().endswith("?") else _rise(own),
        )


def _rise(voice: VoiceTrack) -> float | None:
    """Return how much the pitch rises at the end; None where a pause or an octave error lies in between."""
    fall, before = round(FALL_S / STEP_S), round(BEFORE_FALL_S / STEP_S)
    tail = voice.semitones[-fall - before :]
    is_whole = float(voice.at_s[-1] - voice.at_s[-fall - before]) < 2 * (FALL_S + BEFORE_FALL_S)
    rise = float(np.median(tail[-fall:]) - np.median(tail[:-fall]))
    return round(rise, 1) if is_whole and abs(rise) < OCTAVE - RISES_FROM_SEMITONES else None


def _fade(voice: VoiceTrack) -> float | None:
    edge = round(EDGE_S / STEP_S)
    if len(voice.at_s) < 3 * edge:
        return None
    return round(float(np.median(voice.level_db[:edge]) - np.median(voice.level_db[-edge:])), 1)


def _stretch(voice: VoiceTrack, point: PacePoint) -> ProsodyStretch:
    own = _within(voice, point.start_s, point.end_s)
    is_enough = len(own.at_s) * STEP_S >= STRETCH_VOICE_S
    level_db = float(np.median(own.level_db) - np.median(voice.level_db)) if is_enough else None
    return ProsodyStretch(
        start_s=point.start_s,
        end_s=point.end_s,
        pitch_sd_semitones=round(spread(own.semitones), 2) if is_enough else None,
        level_db=None if level_db is None else round(level_db, 1),
    )


def _one_note(stretches: Sequence[ProsodyStretch]) -> Iterator[OneNote]:
    """Yield each run of neighboring stretches on nearly one note."""
    run: list[ProsodyStretch] = []
    for each in (*stretches, None):
        if each is not None and each.pitch_sd_semitones is not None and each.pitch_sd_semitones < ONE_NOTE_SEMITONES:
            run.append(each)
            continue
        if run:
            flattest = max(one.pitch_sd_semitones or 0.0 for one in run)
            yield OneNote(start_s=run[0].start_s, end_s=run[-1].end_s, pitch_sd_semitones=flattest)
        run = []


def _contour(voice: VoiceTrack, median: float, end_s: float) -> tuple[float | None, ...]:
    """Return the median pitch of each step with a voice for at least a third of it."""
    edges = np.searchsorted(voice.at_s, np.arange(int(end_s / CONTOUR_STEP_S) + 2) * CONTOUR_STEP_S).tolist()
    semitones = voice.semitones.tolist()
    return tuple(
        round(middle_of(semitones[first:last]) - median, 1) if (last - first) * STEP_S >= CONTOUR_STEP_S / 3 else None
        for first, last in pairwise(edges)
    )
