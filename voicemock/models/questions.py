"""Questions, the frameworks of their answers, interview loops, and topics."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field, model_validator

from voicemock.models.transcript import Model

Pillar = Literal["program_sense", "system_design", "behavioral"]
FrameworkName = Literal["star", "triage", "design", "explain", "retrospective", "pitch", "program", "diagnose"]
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
    parts: tuple[str, ...] = ()
    """Names of the parts of its framework that belong to an answer; empty means all."""


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
        return QuestionSummary(
            id=self.id, text=self.text, pillar=self.pillar, framework=self.framework, parts=self.parts
        )


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
    comes_first: bool = False
    """Without it nothing can be said of the other parts: of those that are missing it is asked for first."""

    def scaled(self, factor: float) -> FrameworkPart:
        """Return the part with larger target shares, as where others are not asked for."""
        shares = {name: min(1.0, getattr(self, name) * factor) for name in ("target_share_min", "target_share_max")}
        return self.model_copy(update=shares)


class Framework(Model):
    """How an answer is meant to be built: STAR, dependency triage, system design, and so on."""

    name: FrameworkName
    title: str
    summary: str
    answers: str
    """What its answers are called: "stories", "design answers"."""
    pillar: Pillar
    """Of most of its questions."""
    is_plan: bool = False
    """Whether its answers say what would be done or how things are, not what happened."""
    target_min_s: float = Field(default=180.0, gt=0)
    target_max_s: float = Field(default=240.0, gt=0)
    """The good length of an answer without a question."""
    judged_as: str
    """The reader's verdicts about its answers begin with this."""
    parts: tuple[FrameworkPart, ...] = Field(min_length=1)

    def asked_by(self, question: QuestionSummary | None) -> Framework:
        """Return the framework with the parts that a question calls for; their target shares fill the answer.

        A question of another framework, or one without parts, calls for all of them.
        """
        if question is None or question.framework != self.name or not question.parts:
            return self
        asked = tuple(part for part in self.parts if part.name in question.parts)
        middle = sum(part.target_share_min + part.target_share_max for part in asked) / 2
        return self.model_copy(update={"parts": tuple(part.scaled(1 / middle) for part in asked)})


VoiceName = Literal["first", "second", "third"]
"""An interviewer's voice, whatever engine speaks."""


class LoopRound(Model):
    """A block of a loop: a number of questions on one subject."""

    title: str
    count: int = Field(ge=1)
    interviewer: int = Field(default=1, ge=1, le=3)
    """Who asks: another number is another person, who has another voice where one is installed."""
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
