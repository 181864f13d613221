"""Measuring again what is kept, by today's rules: the words stay as they were heard."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from voicemock.analysis import ANALYSIS_VERSION
from voicemock.analyzer import Analyzer
from voicemock.audio import read_audio
from voicemock.errors import AudioFileError
from voicemock.models import Answer, Assessment, SpeechSpan
from voicemock.vad import VoiceActivityDetector, speech_flags, speech_spans

_OF_THE_SOUND: Final = ("articulation_words_per_minute", "response_latency_s", "pauses", "unclear")
"""What is measured on the recording itself; where it is gone, the old numbers are all there is."""


def is_current_version(assessment: Assessment) -> bool:
    """Return whether an assessment was made by today's rules."""
    return assessment.analysis.analysis_version == ANALYSIS_VERSION


def assess_again(answer: Answer, folder: Path, analyzer: Analyzer, detector: VoiceActivityDetector) -> Assessment:
    """Return what today's rules say of an answer, against the target that it had.

    Args:
        answer: Has an assessment, whose transcript is kept as it is.
        folder: Where its recording is, for an answer that does not say where speech is.
        analyzer: Measures and advises.
        detector: A fresh voice activity detector.

    Raises:
        UnknownNameError: The framework that it was held against is no more.
    """
    old = answer.assessment
    if old is None:
        raise ValueError("only what was analyzed can be analyzed again")
    speech = answer.speech if answer.speech is not None else _speech_in(answer, folder, detector)
    structure = old.analysis.structure
    found = analyzer.assess(
        old.transcript,
        source=old.source,
        question=answer.question,
        framework=structure.framework if structure else None,
        speech=speech,
        recording_s=old.analysis.recording_s,
        audio_quality=old.analysis.audio_quality,
        target=(old.analysis.target_min_s, old.analysis.target_max_s),
    )
    if speech is not None or old.analysis.recording_s is None:
        return found
    kept = {name: getattr(old.analysis, name) for name in _OF_THE_SOUND}
    return found.model_copy(update={"analysis": found.analysis.model_copy(update=kept)})


def _speech_in(answer: Answer, folder: Path, detector: VoiceActivityDetector) -> tuple[SpeechSpan, ...] | None:
    """Find out where a recording holds speech; None where there is none that can be read."""
    if answer.audio_file is None:
        return None
    try:
        return speech_spans(speech_flags(read_audio(folder / Path(answer.audio_file).name), detector))
    except AudioFileError:
        return None
