"""What was measured about what an answer says."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from voicemock.models.base import Model
from voicemock.models.questions import FrameworkName


class Sentence(Model):
    """A sentence of the answer and the framework part it belongs to; ``part`` is None if it fits nowhere."""

    text: str
    part: str | None = None
    score: float | None = Field(default=None, ge=0, le=1)
    """How likely the part is, by the trained model; None without a part, or where rules alone decided."""
    start_s: float | None = None
    end_s: float | None = None
    start_char: int
    end_char: int


class Part(Model):
    """How much of the answer a framework part took."""

    name: str
    present: bool
    duration_s: float | None = None
    share: float | None = None
    """Of the seconds of all labelled sentences; of their words when there are no times."""


class Structure(Model):
    """The answer seen through its framework."""

    framework: FrameworkName
    sentences: tuple[Sentence, ...]
    parts: tuple[Part, ...]
    missing: tuple[str, ...]


class QuantifiedResult(Model):
    """A measured outcome: ``text`` is the number phrase, ``quote`` the sentence it stands in."""

    text: str
    quote: str
    part: str | None = None
    value: float | None = None
    """What was reached, or the size of the change; the lower end of a range; None when it is not a plain number."""
    value_from: float | None = None
    """What it was before, in the same unit, where both were said."""
    value_max: float | None = None
    """The upper end of a range ("20 to 30 percent")."""
    unit: str | None = None
    """What it counts: "%", "points", "x" (times), "USD", "ms", "weeks", "incidents"; with "per day" where said."""
    direction: Literal["up", "down"] | None = None
    """Which way the measured thing went; None when it was not said."""
    rule: str | None = None
    """The phrase of ``prompts/patterns/outcomes.yaml`` that found it."""
    start_s: float | None = None
    end_s: float | None = None
    start_char: int
    end_char: int


class Remark(Model):
    """Words of the answer that a rule recognized: ``text`` is what it saw, ``quote`` the sentence it stands in."""

    kind: str
    rule: str
    """Name of the entry in ``prompts/`` that fired."""
    confidence: float = Field(ge=0, le=1)
    """How often we expect the rule to be right; below 0.7 the feedback does not speak of it."""
    text: str
    quote: str
    part: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    start_char: int
    end_char: int


class PartOwnership(Model):
    """Who acts in the sentences of a part."""

    part: str | None
    """None: the sentences that belong to no part."""
    i: int
    we: int
    we_share: float | None
    """Of the two together; None where neither was said."""


class Ownership(Model):
    """How often "I" and "we" do something; "I think" and the like are not counted."""

    i: int
    we: int
    we_share: float | None
    by_part: tuple[PartOwnership, ...]


class Substance(Model):
    """What the sentences show: what any coordinator does, or what a technical program manager is asked for."""

    remarks: tuple[Remark, ...]
    """Kinds: coordination, technical, decision, trade_off, risk."""
    sentences: dict[str, int]
    """Sentences of each kind."""
    coordination_share: float | None
    """Sentences with coordination alone, of all that show any kind; None where none does."""


class Restatement(Model):
    """A statement that says again what another one has said."""

    quote: str
    start_s: float | None = None
    end_s: float | None = None
    start_char: int
    end_char: int
    first_quote: str
    first_start_s: float | None = None
    first_start_char: int
    first_end_char: int
    rule: str
    confidence: float = Field(ge=0, le=1)
    overlap: float = Field(ge=0, le=1)
    """Content words that the two share, of those of the shorter one."""


class Rambling(Model):
    """Signs that an answer does not get to its point."""

    repeated: tuple[Restatement, ...]
    background_share: float | None
    """Situation and task, of the time of all labeled sentences (of their words in a text); None but for stories."""
    landing: Remark | None
    """The sentence near the end that says what came of it or what it meant; None where there is none."""


class CoverageItem(Model):
    """One move or trade-off of a checklist, and the words that cover it."""

    name: str
    title: str
    part: str | None = None
    """Part of the framework that it belongs to."""
    kind: Literal["move", "trade_off"]
    say: str
    """What to say of it, as the object of "say"."""
    expected: bool
    """Whether every answer needs it, or this question asks for it."""
    covered: Remark | None


class Coverage(Model):
    """Which moves and trade-offs of a checklist the answer covered."""

    checklist: str
    items: tuple[CoverageItem, ...]
    covered: int
    """Expected items that were covered."""
    expected: int
    missing: tuple[str, ...]
    """Names of the expected items that were not."""


RelevanceKind = Literal[
    "on_topic",
    "unclear",
    "off_topic",
    "empty",
    "question_read",
    "no_answer",
    "other_language",
    "repeated_word",
    "hostile",
]


class Relevance(Model):
    """Whether the words answer the question at all."""

    kind: RelevanceKind
    rule: str
    confidence: float = Field(ge=0, le=1)
    quote: str | None = None
    """The sentence it rests on, the first where it rests on them all; None where the question was answered."""
    start_s: float | None = None
    end_s: float | None = None
    start_char: int | None = None
    end_char: int | None = None
