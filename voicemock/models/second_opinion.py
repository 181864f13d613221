"""Second opinions: what a language model on this machine hears in an answer, and how that compares with the reader."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from voicemock.models.transcript import Model

Heard = Literal["there", "not_there", "cannot_tell"]
"""The three answers to "is it in the answer?"."""
Standing = Literal["both", "coach", "model", "unproven", "contradicted"]
"""Who stands behind an answer: both, the built-in coach alone, or the model alone with a quote that proves it. These
are said. ``unproven``: one hears it, and no quote proves it. ``contradicted``: one says there, the other not there."""


class Opinion(Model):
    """One question about an answer, as the built-in coach and the language model answer it."""

    name: str
    """Of ``prompts/evidence.yaml``."""
    coach: Heard
    model: Heard
    standing: Standing | None
    """None where neither can tell."""
    is_there: bool | None = None
    """What is said; None where nothing is."""
    quote: str | None = None
    """The sentence that shows it, exactly as it was said; None where nothing is there to quote."""
    start_s: float | None = None
    start_char: int | None = None
    end_char: int | None = None


class SecondOpinion(Model):
    """What a language model on this machine made of one answer."""

    model: str
    """Its name."""
    took_s: float | None = Field(default=None, ge=0)
    """Seconds until its table was there; None where it has none."""
    reason: str | None = None
    """Why there is no table, in a word: "timeout", "unreachable", "no_json" ...; None where there is one."""
    opinions: tuple[Opinion, ...] = ()
    """A row for each question that was asked."""
    follow_ups_refused: tuple[str, ...] = ()
    """Why follow-ups of the model were not asked, a word each, in order."""
