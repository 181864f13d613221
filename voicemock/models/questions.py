"""What is asked: questions, the frameworks that answer them, and loops of them.

Topics: what a text speaks of, and the competencies that it points to.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from voicemock.models.transcript import Model

Pillar = Literal["program_sense", "system_design", "behavioral"]
FrameworkName = Literal["star", "triage", "design"]
Level = Literal["mid", "senior", "staff"]
QuestionKind = Literal["question", "follow_up", "ask_back"]
"""A question of its own, a probe into the answer before it, or the interviewer's "what would you like to ask me?"."""
AsksFor = Literal["number", "mechanism", "decision", "trade_off", "own_part", "reason", "risk", "lesson", "position"]
"""What the answer to a follow-up has to hold: a measured figure, how a thing works, what was chosen, what was given up
for it, what the candidate did alone, why, what could go wrong, what was learned, or where one stands when pushed."""


class QuestionSummary(Model):
    """The part of a question that travels with an analysis."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    text: str = Field(min_length=10)
    """Made to be heard: one or two sentences, no abbreviations a voice would stumble over."""
    pillar: Pillar
    framework: FrameworkName


class Question(QuestionSummary):
    """One interview question with what a strong answer to it covers."""

    competency: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    companies: tuple[str, ...] = ()
    """Lower-case names of companies known for it; empty means everywhere."""
    level: Level = "senior"
    target_min_s: float = Field(default=180.0, gt=0)
    target_max_s: float = Field(default=240.0, gt=0)
    strong_answer: tuple[str, ...] = Field(min_length=2)
    """What a strong answer covers, a phrase each."""
    common_mistakes: tuple[str, ...] = Field(min_length=1)
    kind: QuestionKind = "question"
    asks_for: AsksFor | None = None
    """What a follow-up wants to hear; None for every other question."""
    own: bool = False
    """Whether the candidate wrote it."""

    @model_validator(mode="after")
    def _target_is_a_range(self) -> Question:
        if self.target_min_s >= self.target_max_s:
            raise ValueError("target_min_s must be below target_max_s")
        return self

    @property
    def wants_a_whole_answer(self) -> bool:
        """Whether an answer is held against the framework: one to a follow-up is not, nor what is asked back."""
        return self.kind == "question"

    def summary(self) -> QuestionSummary:
        """Return the fields that travel with an analysis."""
        return QuestionSummary(id=self.id, text=self.text, pillar=self.pillar, framework=self.framework)


class FrameworkPart(Model):
    """One part of an answer framework, e.g. the result of a STAR story."""

    name: str = Field(pattern=r"^[a-z]+(_[a-z]+)*$")
    title: str
    spoken: str
    """How feedback says it out loud: "the result"."""
    target_share_min: float = Field(ge=0, le=1)
    target_share_max: float = Field(ge=0, le=1)
    purpose: str
    """What this part is for, in a sentence for the candidate."""
    when_missing: str
    """What to do next time when it was not there, in a spoken sentence."""
    cues: tuple[str, ...] = ()
    """Lower-case regular expressions, each a sign that a sentence belongs here."""


class Framework(Model):
    """How an answer is meant to be built: STAR, dependency triage or system design."""

    name: FrameworkName
    title: str
    summary: str
    parts: tuple[FrameworkPart, ...] = Field(min_length=2)


class LoopRound(Model):
    """One block of a loop: so many questions on a subject."""

    title: str
    count: int = Field(ge=1)
    pillar: Pillar | None = None
    competencies: tuple[str, ...] = ()
    question_ids: tuple[str, ...] = ()


class Loop(Model):
    """The order in which a company asks: rounds of questions, with the time they take."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str
    summary: str
    company: str | None = None
    minutes: float = Field(gt=0)
    rounds: tuple[LoopRound, ...] = Field(min_length=1)


NAME_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class Topic(Model):
    """One subject of ``prompts/topics.yaml``."""

    name: str = Field(pattern=NAME_PATTERN)
    title: str = Field(min_length=1)
    competencies: tuple[str, ...] = Field(min_length=1)
    """Of the question bank, the nearest first."""
    words: tuple[str, ...] = Field(min_length=1)
    """Lower case; a hyphen and a space are one; "migrat*" is every word that begins so."""


class FoundTopic(Model):
    """A topic that a text speaks of."""

    name: str
    title: str
    competencies: tuple[str, ...]
    words: tuple[str, ...]
    """What was found of it, as it is written there, each once, the first one first."""
    mentions: int = Field(ge=1)
    """How often any of its words is there."""
