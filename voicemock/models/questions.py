"""Questions, the frameworks of their answers, interview loops, and topics."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field, model_validator

from voicemock.models.transcript import Model

Pillar = Literal["program_sense", "system_design", "behavioral"]
FrameworkName = Literal["star", "triage", "design"]
Level = Literal["mid", "senior", "staff", "principal"]
"""Of a technical program manager, the lowest first: ``prompts/levels.yaml``."""
ScopeKind = Literal["teams", "people", "months", "money"]
"""A way to say how large a piece of work was."""
QuestionKind = Literal["question", "follow_up", "ask_back"]
"""A question of its own, a probe into the answer before it, or the interviewer's "what would you like to ask me?"."""
SLUG: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
AsksFor = Literal["number", "mechanism", "decision", "trade_off", "own_part", "reason", "risk", "lesson", "position"]
"""The thing that the answer to a follow-up must hold: a measured figure, how a thing works, the choice made, its price,
the candidate's own part, the reason, the risk, the lesson, or the position under pressure."""


class QuestionSummary(Model):
    """The part of a question that travels with an analysis."""

    id: str = Field(pattern=SLUG)
    text: str = Field(min_length=10)
    """Made to be heard: one or two sentences, no abbreviations a voice would stumble over."""
    pillar: Pillar
    framework: FrameworkName


class Question(QuestionSummary):
    """One interview question with what a strong answer to it covers."""

    competency: str = Field(pattern=SLUG)
    companies: tuple[str, ...] = ()
    """Lower-case names of companies known for it; empty means everywhere."""
    level: Level = "senior"
    target_min_s: float = Field(default=180.0, gt=0)
    target_max_s: float = Field(default=240.0, gt=0)
    strong_answer: tuple[str, ...] = Field(min_length=2)
    """The points of a strong answer, a phrase each."""
    common_mistakes: tuple[str, ...] = Field(min_length=1)
    kind: QuestionKind = "question"
    asks_for: AsksFor | None = None
    """The thing that a follow-up asks for; None for every other question."""
    own: bool = False
    """True for a question that the candidate wrote."""

    @model_validator(mode="after")
    def _target_is_a_range(self) -> Question:
        if self.target_min_s >= self.target_max_s:
            raise ValueError("target_min_s must be below target_max_s")
        return self

    @property
    def wants_a_whole_answer(self) -> bool:
        """Whether its answer is held against the framework: not for follow-ups and the time to ask back."""
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
    """The purpose of this part, in a sentence for the candidate."""
    when_missing: str
    """Advice for next time when the part was missing, in a spoken sentence."""
    evidence: tuple[str, ...] = Field(min_length=1)
    """Names of ``prompts/evidence.yaml``: a sentence with any of these belongs here."""


class Framework(Model):
    """How an answer is meant to be built: STAR, dependency triage or system design."""

    name: FrameworkName
    title: str
    summary: str
    parts: tuple[FrameworkPart, ...] = Field(min_length=2)


class LoopRound(Model):
    """A block of a loop: a number of questions on one subject."""

    title: str
    count: int = Field(ge=1)
    pillar: Pillar | None = None
    competencies: tuple[str, ...] = ()
    question_ids: tuple[str, ...] = ()


class Loop(Model):
    """The order in which a company asks: rounds of questions, with the time they take."""

    name: str = Field(pattern=SLUG)
    title: str
    summary: str
    known: str = ""
    """What the company, or those who were interviewed, have said of it in public."""
    chosen: str = ""
    """What is voicemock's own choice in it."""
    company: str | None = None
    minutes: float = Field(gt=0)
    rounds: tuple[LoopRound, ...] = Field(min_length=1)


class Topic(Model):
    """One subject of ``prompts/topics.yaml``."""

    name: str = Field(pattern=SLUG)
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
    """The words found, as they are written there, each once, in order."""
    mentions: int = Field(ge=1)
    """How often any of its words is there."""
