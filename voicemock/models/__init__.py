"""The vocabulary: what is asked, heard, measured, advised and kept.

Everything here is frozen, forbids unknown keys and serializes to the JSON of ``docs/json.md``. Times are
seconds on the answer's own clock (0 = first sample of the recording). Character offsets are Python string
indices into ``Transcript.text``, end exclusive. ``None`` means "not measured", never zero.
"""

from __future__ import annotations

from voicemock.models.analysis import Analysis
from voicemock.models.base import SCHEMA_VERSION, Model, SpeechSpan
from voicemock.models.content import (
    Coverage,
    CoverageItem,
    Ownership,
    Part,
    PartOwnership,
    QuantifiedResult,
    Rambling,
    Relevance,
    RelevanceKind,
    Remark,
    Restatement,
    Sentence,
    Structure,
    Substance,
)
from voicemock.models.delivery import AudioProblem, AudioQuality, Filler, PacePoint, Pause, Repetition, Unclear
from voicemock.models.measured import Measured
from voicemock.models.questions import (
    AsksFor,
    Framework,
    FrameworkName,
    FrameworkPart,
    Level,
    Loop,
    LoopRound,
    Pillar,
    Question,
    QuestionKind,
    QuestionSummary,
)
from voicemock.models.sessions import (
    Answer,
    AnswerReport,
    AnswerStatus,
    Assessment,
    FailedAssessment,
    Failure,
    Feedback,
    FeedbackPoint,
    OpenAnswer,
    Session,
    SessionReport,
    Timings,
)
from voicemock.models.stories import Story
from voicemock.models.transcript import Transcript, Word

__all__ = [
    "SCHEMA_VERSION",
    "Analysis",
    "Answer",
    "AnswerReport",
    "AnswerStatus",
    "AsksFor",
    "Assessment",
    "AudioProblem",
    "AudioQuality",
    "Coverage",
    "CoverageItem",
    "FailedAssessment",
    "Failure",
    "Feedback",
    "FeedbackPoint",
    "Filler",
    "Framework",
    "FrameworkName",
    "FrameworkPart",
    "Level",
    "Loop",
    "LoopRound",
    "Measured",
    "Model",
    "OpenAnswer",
    "Ownership",
    "PacePoint",
    "Part",
    "PartOwnership",
    "Pause",
    "Pillar",
    "QuantifiedResult",
    "Question",
    "QuestionKind",
    "QuestionSummary",
    "Rambling",
    "Relevance",
    "RelevanceKind",
    "Remark",
    "Repetition",
    "Restatement",
    "Sentence",
    "Session",
    "SessionReport",
    "SpeechSpan",
    "Story",
    "Structure",
    "Substance",
    "Timings",
    "Transcript",
    "Unclear",
    "Word",
]
