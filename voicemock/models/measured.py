"""The numbers of one answer without its words: what is followed over weeks."""

from __future__ import annotations

from typing import Self

from voicemock.models.base import Model
from voicemock.models.content import Part, RelevanceKind
from voicemock.models.questions import FrameworkName, Pillar, QuestionKind
from voicemock.models.sessions import Answer


class Measured(Model):
    """What was measured of one answer. Definitions: docs/metrics.md."""

    analysis_version: int | None
    question: str | None
    """Id of the question; None for a story that was told without one."""
    kind: QuestionKind = "question"
    """What it answers; a story counts as an answer to a question."""
    pillar: Pillar | None
    framework: FrameworkName | None
    """None where not a word was said without a question."""
    relevance: RelevanceKind | None
    target_min_s: float
    target_max_s: float
    duration_s: float | None
    word_count: int
    words_per_minute: float | None
    filled_pauses: int
    filler_phrases: int
    pauses: int | None
    measured_results: int | None
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Take the numbers out of an answer that was analyzed.

        Raises:
            ValueError: It was not.
        """
        if answer.assessment is None:
            raise ValueError("only what was analyzed has numbers")
        analysis, question = answer.assessment.analysis, answer.question
        structure, kinds = analysis.structure, [filler.kind for filler in analysis.fillers]
        return cls(
            analysis_version=analysis.analysis_version,
            question=question.id if question else None,
            kind=question.kind if question else "question",
            pillar=question.pillar if question else None,
            framework=structure.framework if structure else question.framework if question else None,
            relevance=analysis.relevance.kind if analysis.relevance else None,
            target_min_s=analysis.target_min_s,
            target_max_s=analysis.target_max_s,
            duration_s=analysis.duration_s,
            word_count=analysis.word_count,
            words_per_minute=analysis.words_per_minute,
            filled_pauses=kinds.count("filled_pause"),
            filler_phrases=kinds.count("discourse_marker"),
            pauses=None if analysis.pauses is None else len(analysis.pauses),
            measured_results=None if structure is None else len(analysis.quantified_results),
            parts=structure.parts if structure else (),
        )

    @property
    def is_whole(self) -> bool:
        """Whether it is an answer of its own, which has a length and parts; the reply to a follow-up has neither."""
        return self.kind == "question"

    def per_hundred_words(self, count: int) -> float | None:
        """Return how often something was said in 100 words; None where not a word was said."""
        return 100 * count / self.word_count if self.word_count else None

    @property
    def pauses_per_minute(self) -> float | None:
        """Pauses of a second or more."""
        return 60 * self.pauses / self.duration_s if self.pauses is not None and self.duration_s else None
