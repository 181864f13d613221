"""Everything measured about one answer."""

from __future__ import annotations

from typing import Literal

from voicemock.models.base import Model
from voicemock.models.content import (
    Coverage,
    Ownership,
    QuantifiedResult,
    Rambling,
    Relevance,
    Remark,
    Structure,
    Substance,
)
from voicemock.models.delivery import AudioQuality, Filler, PacePoint, Pause, Repetition, Unclear


class Analysis(Model):
    """Everything measured about one answer. Definitions: docs/metrics.md."""

    analysis_version: int | None = None
    """Of the rules that it was made by; None for one that was kept before they were counted."""
    duration_s: float | None
    """First word's start to last word's end."""
    recording_s: float | None
    """Length of the audio, silence included."""
    target_min_s: float
    target_max_s: float
    length: Literal["short", "on_target", "long"] | None
    word_count: int
    """Words that are not filled pauses."""
    words_per_minute: float | None
    articulation_words_per_minute: float | None = None
    """The same words over the time in which they were spoken: without silences and filled pauses."""
    pace_curve: tuple[PacePoint, ...] | None = None
    """The pace over the answer, in stretches of about 15 s."""
    response_latency_s: float | None = None
    """From the first sample of the recording to the first word."""
    fillers: tuple[Filler, ...]
    fillers_per_minute: float | None
    repetitions: tuple[Repetition, ...] = ()
    """In the order of the text; none overlap. Empty for an answer that was kept before they were measured."""
    pauses: tuple[Pause, ...] | None
    unclear: tuple[Unclear, ...] | None = None
    audio_quality: AudioQuality | None = None
    structure: Structure | None
    quantified_results: tuple[QuantifiedResult, ...]
    background_numbers: tuple[Remark, ...] = ()
    """Numbers in the situation or the task that are no outcomes: how things were or should become."""
    ownership: Ownership | None = None
    weak_language: tuple[Remark, ...] = ()
    """Kinds: hedge ("kind of helped"), weak_verb ("tried to"), passive ("it was decided", in what was done)."""
    substance: Substance | None = None
    rambling: Rambling | None = None
    jargon: tuple[Remark, ...] = ()
    """Technical terms and abbreviations without a word on what they are or do, the first time each was said."""
    early_complexity: tuple[Remark, ...] = ()
    """Of a design: what was built before anything simple stood."""
    coverage: Coverage | None = None
    """None for a story: checklists exist for triage and design."""
    relevance: Relevance | None = None
    """None where no word was said, and where there was no question and nothing else says that it is no answer."""
