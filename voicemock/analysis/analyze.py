"""From what was said to what was measured: the one function that brings the measures together."""

from __future__ import annotations

from voicemock.analysis.fillers import find_fillers
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.pace import count_words, duration_s, judge_length, per_minute
from voicemock.analysis.part_model import Encode
from voicemock.analysis.pauses import find_pauses
from voicemock.analysis.quantities import find_outcomes
from voicemock.analysis.sentences import split_sentences
from voicemock.analysis.spoken_text import SpokenText
from voicemock.analysis.structure import label_structure
from voicemock.models import Analysis, Framework, SpeechSpan, Transcript


def analyze(
    transcript: Transcript,
    *,
    framework: Framework,
    target: tuple[float, float],
    lexicon: Lexicon,
    speech: tuple[SpeechSpan, ...] | None = None,
    recording_s: float | None = None,
    by_sound: frozenset[int] = frozenset(),
    encode: Encode | None = None,
) -> Analysis:
    """Measure one answer.

    Args:
        transcript: What was said, from ``transcript_of_words`` or ``transcript_of_text``.
        framework: How the answer was meant to be built.
        target: Shortest and longest good answer, in seconds.
        lexicon: The words that the measures know.
        speech: Where the recording holds speech; None for a text.
        recording_s: Length of the recording in seconds; None for a text.
        by_sound: Indices of the transcript's words that are filled pauses found by their sound alone.
        encode: Turns sentences into vectors for the trained model of the framework; None for rules alone.

    Returns:
        Every measure; None, never zero, where there was nothing to measure.

    Raises:
        ValueError: The transcript's words are not the whitespace-separated pieces of its text.
    """
    spoken = SpokenText.of(transcript)
    spans = split_sentences(spoken)
    fillers = find_fillers(spoken, spans, lexicon, by_sound)
    structure = label_structure(spoken, spans, fillers, framework, lexicon, encode)
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
        fillers=fillers,
        fillers_per_minute=per_minute(len(fillers), length_s),
        pauses=find_pauses(spoken, speech),
        structure=structure,
        quantified_results=find_outcomes(spoken, structure.sentences, fillers, lexicon) if structure else (),
    )
