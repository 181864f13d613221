"""Probes as data: what stands in the files of ``prompts/probes``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, model_validator

from voicemock.analysis.phrasebook import check_sets
from voicemock.content import load_yaml
from voicemock.errors import ContentError
from voicemock.feedback.phrases import check_wordings, placeholders
from voicemock.models import AsksFor, FrameworkName, Model

ProbeKind = Literal["missing", "technical", "trade_off", "leadership", "pushback"]
"""What a probe goes after: what was not said, a technical claim, a choice, how people were moved, or it pushes."""

QUOTES: Final = frozenset({"quote", "number"})
"""What the wording of a probe may repeat: a few words of the candidate's, or the outcome they told."""


class Probe(Model):
    """One thing to ask next."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    text: str = Field(min_length=10)
    """As it is heard, where nothing is quoted."""
    quoting: str | None = None
    """The same with ``{quote}`` or ``{number}``; without it one of the file's ``lead_ins`` precedes a claim's text."""
    asks_for: AsksFor
    gap: str | None = None
    """What was not found in the answer: only of the kind "missing"."""
    heard: tuple[str, ...] = ()
    """Phrases that trigger it."""
    part: str | None = None
    """Part of the framework that ``heard`` must stand in; None for any."""
    unless: tuple[str, ...] = ()
    """Phrases that must not stand in the same sentence."""
    needs: tuple[str, ...] = ()
    """Phrases of which one must stand somewhere in the answer."""
    answered_by: tuple[str, ...] = ()
    """Phrases that show that the answer or a reply has covered it."""
    needs_number: bool = False
    """Whether it is asked only where a measured outcome was told."""
    fits_plans: bool = False
    """Whether a claim's wording fits what is only planned, as in a design: "does", not "did"."""
    frameworks: tuple[FrameworkName, ...] = ("star", "triage", "design")
    listens_for: tuple[str, ...] = Field(min_length=2, max_length=4)
    """What a strong reply covers, a phrase each."""
    topics: tuple[str, ...] = ()
    """Words of a job description that make it worth more, besides those of ``heard``."""
    worth: int = Field(default=2, ge=1, le=3)
    """How much an interviewer would want to know it: 3 for what only somebody who did it can tell."""
    target_s: tuple[float, float] = (30.0, 90.0)
    """Shortest and longest good reply, in seconds."""

    @model_validator(mode="after")
    def _is_well_formed(self) -> Probe:
        check_sets((*self.heard, *self.unless, *self.needs, *self.answered_by), {})
        if placeholders(self.text):
            raise ValueError("text must make sense without a quote; placeholders belong into quoting")
        check_wordings("quoting", (self.text, self.quoting or ""), QUOTES)
        if self.unless and not self.heard:
            raise ValueError("unless rules out what was heard: without heard it does nothing")
        if self.target_s[0] >= self.target_s[1]:
            raise ValueError("target_s must be [shortest, longest]")
        return self


class ProbeFile(Model):
    """A file of probes of one kind."""

    kind: ProbeKind
    lead_ins: tuple[str, ...] = Field(min_length=1)
    """What is said before a claim's text, with ``{quote}``."""
    term_leads: tuple[str, ...] = ()
    """The same with ``{term}``, for a sentence of which only the term itself can be said back."""
    common_mistakes: tuple[str, ...] = Field(min_length=1)
    probes: tuple[Probe, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> ProbeFile:
        check_wordings("lead_ins", self.lead_ins, needed={"quote"})
        check_wordings("term_leads", self.term_leads, needed={"term"})
        for probe in self.probes:
            if (probe.gap is not None) != (self.kind == "missing"):
                raise ValueError(f"{probe.name}: gap belongs to every probe of the kind missing, and to no other")
            if self.is_claim and not probe.heard:
                raise ValueError(f"{probe.name}: without heard nothing would trigger it")
        return self

    @property
    def is_claim(self) -> bool:
        """Whether its probes go after something that was said."""
        return self.kind in ("technical", "trade_off", "leadership")


def load_probes(folder: Path) -> tuple[ProbeFile, ...]:
    """Read every file of probes in a folder.

    Raises:
        ContentError: A file breaks its schema, or two probes have one name.
    """
    files = tuple(load_yaml(path, ProbeFile) for path in sorted(folder.glob("*.yaml")))
    if twice := _repeated(probe.name for file in files for probe in file.probes):
        raise ContentError(f"{folder}: the probe name {twice} is used twice. Rename one of them.")
    return files


def _repeated(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
