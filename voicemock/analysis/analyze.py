"""From what was said to what was measured: the one function that brings the measures together."""

from __future__ import annotations

from voicemock.analysis.clarity import find_unclear
from voicemock.analysis.fillers import find_fillers
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.pace import count_words, duration_s, judge_length, pace_curve, per_minute, speaking_time_s
from voicemock.analysis.pauses import find_pauses
from voicemock.analysis.quantities import find_outcomes
from voicemock.analysis.repetitions import find_repetitions
from voicemock.analysis.sentences import split_sentences
from voicemock.analysis.spoken_text import SpokenText
from voicemock.analysis.structure import label_structure
from voicemock.models import Analysis, AudioQuality, Framework, SpeechSpan, Transcript


def analyze(
    transcript: Transcript,
    *,
    framework: Framework,
    target: tuple[float, float],
    lexicon: Lexicon,
    speech: tuple[SpeechSpan, ...] | None = None,
    recording_s: float | None = None,
    audio_quality: AudioQuality | None = None,
) -> Analysis:
    """Measure one answer.

    Args:
        transcript: What was said, from ``transcript_of_words`` or ``transcript_of_text``.
        framework: How the answer was meant to be built.
        target: Shortest and longest good answer, in seconds.
        lexicon: The words that the measures know.
        speech: Where the recording holds speech; None for a text.
        recording_s: Length of the recording in seconds; None for a text.
        audio_quality: How well the recording can be understood; None for a text.

    Returns:
        Every measure; None, never zero, where there was nothing to measure.

    Raises:
        ValueError: The transcript's words are not the whitespace-separated pieces of its text.
    """
    spoken = SpokenText.of(transcript)
    spans = split_sentences(spoken)
    fillers = find_fillers(spoken, spans, lexicon)
    structure = label_structure(spoken, spans, fillers, framework, lexicon)
    length_s = duration_s(spoken)
    word_count = count_words(spoken, fillers)
    return Analysis(
        duration_s=length_s,
        recording_s=recording_s,
        target_min_s=target[0],
        target_max_s=target[1],
        length=judge_length(length_s, target),
        word_count=word_count,
        words_per_minute=per_minute(word_count, length_s),
        articulation_words_per_minute=per_minute(word_count, speaking_time_s(spoken, fillers, speech)),
        pace_curve=pace_curve(spoken, fillers),
        response_latency_s=spoken.words[0].start_s if spoken.is_timed and speech is not None else None,
        fillers=fillers,
        fillers_per_minute=per_minute(len(fillers), length_s),
        repetitions=find_repetitions(spoken, fillers, lexicon),
        pauses=find_pauses(spoken, spans, fillers, speech),
        unclear=find_unclear(spoken, fillers, speech),
        audio_quality=audio_quality,
        structure=structure,
        quantified_results=find_outcomes(spoken, structure.sentences, fillers, lexicon) if structure else (),
    )
