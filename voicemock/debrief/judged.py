"""An answer of a session, ready to be judged: what became of it, and what the feedback's rules see in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, NamedTuple

from voicemock.feedback.findings import HeardAnswer
from voicemock.feedback.phrases import PriorityPhrases, load_phrases
from voicemock.feedback.priorities import findings_kept
from voicemock.feedback.quoting import SPOKEN_QUOTE_WORDS, WRITTEN_QUOTE_WORDS, Evidence, excerpt, second_at
from voicemock.models import Answer, AnswerOutcome, KeptFinding
from voicemock.questions import QuestionBank

OBSERVED: Final = "answered"
"""The one outcome of which anything is said about what an answer holds."""


TELLING_QUOTE_WORDS: Final = 6
LONGER_QUOTE_WORDS: Final = 16


class Quote(NamedTuple):
    """An exact stretch of a transcript and when it was said."""

    text: str
    start_s: float | None


@dataclass(frozen=True)
class Judged:
    """An answer and what became of it.

    Attributes:
        answer: As it is kept.
        outcome: What became of the question.
        heard: None where there was nothing to analyze.
    """

    answer: Answer
    outcome: AnswerOutcome
    heard: HeardAnswer | None

    @property
    def position(self) -> int:
        """Of the answer in its session."""
        return self.answer.position

    @property
    def is_observed(self) -> bool:
        """Whether there is an answer to observe."""
        return self.outcome == OBSERVED

    @property
    def is_story(self) -> bool:
        """Whether it is held against STAR."""
        return self.heard is not None and self.heard.framework.name == "star"

    @cached_property
    def priorities(self) -> tuple[KeptFinding, ...]:
        """Everything to fix in it, the most important first."""
        if self.heard is None or self.answer.assessment is None:
            return ()
        return findings_kept(self.answer.assessment, self.heard.framework, self.answer.question, _wordings())

    def severity_of(self, names: frozenset[str]) -> float:
        """Return how much the weightiest of these things to fix limits it, from 0 to 100; 0 where there is none."""
        return max((finding.severity for finding in self.priorities if finding.name in names), default=0.0)

    def quote(self, evidence: Evidence | None) -> Quote | None:
        """Return what to print of some words."""
        return self._excerpt(evidence, WRITTEN_QUOTE_WORDS)

    def short_quote(self, evidence: Evidence | None) -> Quote | None:
        """Return what to say of some words: a little more where a clause ends too soon to mean anything."""
        short = self._excerpt(evidence, SPOKEN_QUOTE_WORDS)
        if short is None or len(short.text.split()) >= TELLING_QUOTE_WORDS:
            return short
        return self._excerpt(evidence, LONGER_QUOTE_WORDS)

    def _excerpt(self, evidence: Evidence | None, max_words: int) -> Quote | None:
        if evidence is None or self.answer.assessment is None:
            return None
        transcript = self.answer.assessment.transcript
        span = excerpt(transcript.text, evidence, max_words)
        if span is None:
            return None
        is_cut = bool(transcript.text[evidence.start_char : span[0]].strip())
        start_s = second_at(transcript, span[0]) if is_cut else evidence.start_s
        return Quote(transcript.text[span[0] : span[1]], start_s)


@cache
def _wordings() -> Mapping[str, PriorityPhrases]:
    """Return what knows how severe each finding is, read once a process."""
    return load_phrases().priorities


def judge(answer: Answer, bank: QuestionBank) -> Judged:
    """Say what became of a question.

    Raises:
        UnknownNameError: The answer was held against a framework that is gone.
    """
    if answer.status == "skipped":
        return Judged(answer, "skipped", None)
    if answer.assessment is None:
        return Judged(answer, "no_speech" if answer.status == "no_speech" else "interrupted", None)
    framework = bank.framework_of(answer.assessment)
    if framework is None or not answer.assessment.transcript.text.strip():
        return Judged(answer, "no_speech", None)
    heard = HeardAnswer(answer.assessment.analysis, framework, answer.question)
    return Judged(answer, _outcome(heard, is_main=answer.follows is None), heard)


def _outcome(heard: HeardAnswer, *, is_main: bool) -> AnswerOutcome:
    """A reply to a follow-up may be short."""
    if heard.is_no_answer:
        return "not_an_answer"
    is_brief = heard.is_hardly_there if is_main else not heard.analysis.word_count
    return "brief" if is_brief else OBSERVED
