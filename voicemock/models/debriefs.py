"""The debrief: observations over all answers of a session, each with its evidence.

Nothing here is a score. An observation was seen, was not seen, or was not measured.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from voicemock.models.analysis import RelevanceKind
from voicemock.models.questions import AsksFor, Level, Pillar, QuestionSummary, ScopeKind
from voicemock.models.reviews import MentorReview
from voicemock.models.sessions import Session
from voicemock.models.transcript import SCHEMA_VERSION, Model

Seen = Literal["seen", "not_seen", "not_measured"]
ObservationKind = Literal[
    "part",
    "measured_outcome",
    "own_actions",
    "reflection",
    "decision",
    "trade_off",
    "risk",
    "technical",
    "checklist",
    "follow_up",
]
AnswerOutcome = Literal["answered", "brief", "not_an_answer", "no_speech", "skipped", "interrupted"]
"""The outcome of a question. ``brief``: too little to judge; ``not_an_answer``: the words do not answer it;
``interrupted``: recorded and not analyzed."""


class Observation(Model):
    """One thing that an interviewer listens for in an answer, and the words that show it."""

    position: int
    """Of the answer."""
    kind: ObservationKind
    name: str
    """Of the part or checklist item, or what a follow-up asked for; else the kind."""
    title: str
    seen: Seen
    detail: str | None = None
    """A number beside it: "I 12, we 4"."""
    quote: str | None = None
    """An exact stretch of the answer's transcript; None where nothing was seen, or nothing can be quoted."""
    start_s: float | None = None


class FollowUpCard(Model):
    """A follow-up, and whether the reply held what it asked for."""

    position: int
    text: str
    """The question."""
    asks_for: AsksFor | None
    outcome: AnswerOutcome
    seen: Seen
    """The judgment whether the reply held it."""
    quote: str | None = None
    """The beginning of the reply."""
    start_s: float | None = None


class Scorecard(Model):
    """One question, and what was observed in the answer to it."""

    position: int
    question: QuestionSummary | None
    """None for a story that was told without one."""
    competency: str | None
    takes: int
    """How often it was answered in the session; the card is of the last answer that could be observed."""
    outcome: AnswerOutcome
    relevance: RelevanceKind | None
    """How the words failed to answer; None but for ``not_an_answer``."""
    duration_s: float | None
    """None without sound or speech."""
    target_min_s: float | None
    target_max_s: float | None
    length: Literal["short", "on_target", "long"] | None
    observations: tuple[Observation, ...]
    """Empty where there was no answer to observe."""
    follow_ups: tuple[FollowUpCard, ...]


class CompetencyEvidence(Model):
    """The evidence for one competency in the answers about it, and the points they leave open."""

    competency: str
    pillar: Pillar
    positions: tuple[int, ...]
    """Of the questions about it."""
    supported_by: tuple[Observation, ...]
    left_open: tuple[Observation, ...]
    """Observations that none of these answers showed."""
    unanswered: tuple[int, ...]
    """Positions of questions that brought no answer to observe."""


class Pattern(Model):
    """Something that several answers have in common."""

    kind: Literal["recurring", "consistent", "in_some"]
    """``recurring``: to work on, in a third of the answers or more; ``consistent``: good, in all of them or all but one
    of four or more; ``in_some``: good, in fewer."""
    name: str
    text: str
    count: int
    of: int
    """Answers in which it could have been."""
    counted: Literal["answers", "stories", "questions", "follow_ups"]
    positions: tuple[int, ...]
    """Of the answers that it was found in."""
    part: str | None = None
    """How the framework part that it is about is said: "the result"."""
    quote: str | None = None
    """A few words of one of these answers, an exact stretch."""
    quote_position: int | None = None
    start_s: float | None = None


class NextWork(Model):
    """The one thing to work on next."""

    name: str
    """Of the pattern, or of the first thing to fix in one answer."""
    text: str
    spoken: str
    """The same as it is said."""
    drill: str | None
    positions: tuple[int, ...]
    """Of the answers that show it."""


class AskedBack(Model):
    """A question that the candidate asked the interviewer."""

    position: int
    quote: str
    start_s: float | None = None


class ScopeRemark(Model):
    """A size of the work that was named in a story, beside what is usual at the level that was practiced for."""

    position: int
    """Of the answer."""
    kind: ScopeKind
    value: float | None
    """Teams, people, months, or money in its own currency; None if the words are no plain number."""
    usual_at: Level | None
    """The highest level at which this size is usual; None where no public source says."""
    text: str
    quote: str
    """An exact stretch of the answer's transcript."""
    start_s: float | None = None


class LevelView(Model):
    """What was heard of the size of the stories, and what is usual at a level. It is no verdict."""

    level: Level
    title: str
    """How the level is written: "staff"."""
    scope: tuple[ScopeRemark, ...]
    """Empty where no size was named in a way that says only that."""
    ambiguity: str
    influence: str
    technical_depth: str
    """What is usual in three things that are not measured, a sentence or two each."""


class RepeatedStory(Model):
    """Two answers that tell the same story."""

    positions: tuple[int, int]
    """The first telling and the second."""
    nearness: float = Field(ge=0, le=1)
    """How near their sentences are by meaning; 1 is the same words."""
    text: str
    quote: str
    """A sentence of the second telling, an exact stretch, and the nearest one of the first."""
    start_s: float | None = None
    first_quote: str
    first_start_s: float | None = None


class ReviewedAnswer(Model):
    """What somebody else said of an answer."""

    position: int
    review: MentorReview


class Debrief(Model):
    """The findings over all answers of a session."""

    questions: int
    """Questions of their own, follow-ups and the time to ask back not counted."""
    answered: int
    """Those that brought an answer to observe."""
    is_story: bool
    """True if a story was told without a question."""
    scorecards: tuple[Scorecard, ...]
    competencies: tuple[CompetencyEvidence, ...]
    strengths: tuple[Pattern, ...]
    to_work_on: tuple[Pattern, ...]
    """The most important one first."""
    next_work: NextWork | None
    """None where nothing was found that has to change."""
    was_asked_back: bool
    """True if the candidate was invited to ask, and something was heard."""
    asked_back: tuple[AskedBack, ...]
    told_twice: tuple[RepeatedStory, ...] = ()
    """Empty as well where meaning cannot be compared, without the extra ``structure``."""
    level: LevelView | None = None
    """None where no level was chosen."""
    reviews: tuple[ReviewedAnswer, ...] = ()
    """What other people said of the answers, in the order of the session. Nothing else here rests on it."""


class DebriefReport(Model):
    """The output of ``debrief --json``."""

    schema_version: Literal[1] = SCHEMA_VERSION
    session: Session
    debrief: Debrief
    spoken: str
    """The debrief as the interviewer says it."""
