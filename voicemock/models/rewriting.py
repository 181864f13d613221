"""An answer said again by parts, every fact of it the candidate's own."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from voicemock.models.questions import FrameworkName
from voicemock.models.transcript import SCHEMA_VERSION, Model

WordedBy = Literal["model", "candidate", "blank"]
"""Whose words a sentence is: the model's, held against the candidate's; the candidate's own; a blank to fill in."""


class RewrittenSentence(Model):
    """One sentence of an answer that was said again."""

    text: str
    by: WordedBy
    sources: tuple[str, ...] = ()
    """The candidate's sentences that it rests on, exactly as they were said; none for a blank."""


class RewrittenPart(Model):
    """One part of the answer."""

    name: str
    title: str
    sentences: tuple[RewrittenSentence, ...]


class Rewritten(Model):
    """An answer said again: what a model worded and passed the checks, the candidate's own words for the rest."""

    schema_version: Literal[1] = SCHEMA_VERSION
    source: str
    question: str | None
    """Its text; None where it is not known."""
    framework: FrameworkName
    outcome: Literal["rewritten", "own_words", "brief", "no_answer"]
    """``own_words``: no sentence is a model's. ``brief``: too short to say again. ``no_answer``: it answers nothing."""
    model: str | None
    """The name of the model that was asked; None where none was."""
    took_s: float | None = Field(default=None, ge=0)
    reason: str | None = None
    """Why the model's answer was dropped as a whole, in a word; None where it was not."""
    refused: dict[str, int] = Field(default_factory=dict)
    """How many of the model's sentences were refused, by the check that refused them."""
    words: int
    """Of what is to be said, blanks left out."""
    words_per_minute: float
    seconds: float
    """At this pace."""
    parts: tuple[RewrittenPart, ...] = ()
    left_out: tuple[str, ...] = ()
    """The figures and names of the answer that no sentence of it holds, as they were said."""
    sentences_left_out: tuple[str, ...] = ()
    """The sentences that are not in it though they hold the task, a decision, a reason, a finding or a result."""

    @property
    def blanks(self) -> int:
        """How many facts are missing."""
        return sum(each.by == "blank" for part in self.parts for each in part.sentences)

    @property
    def by_model(self) -> int:
        """How many sentences are the model's."""
        return sum(each.by == "model" for part in self.parts for each in part.sentences)
