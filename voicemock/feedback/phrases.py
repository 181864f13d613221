"""What the feedback says, as data: several wordings for each point, chosen by the answer itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from string import Formatter

from pydantic import Field, field_validator, model_validator

from voicemock.content import load_yaml, prompts_folder
from voicemock.feedback.points import (
    LENGTH_VALUES,
    OWN_VALUES,
    PREFERRED,
    PRIORITY_VALUES,
    REPLY_VALUES,
    SINCE_LAST_VALUES,
    STRENGTH_VALUES,
)
from voicemock.models import AsksFor, FrameworkName, Model

Range = tuple[float, float]


class Drills(Model):
    """Small exercises for one thing to fix: those of a framework, else those for any."""

    any: tuple[str, ...] = ()
    star: tuple[str, ...] = ()
    triage: tuple[str, ...] = ()
    design: tuple[str, ...] = ()

    def of(self, framework: FrameworkName) -> tuple[str, ...]:
        """Return the drills that fit a framework."""
        own: tuple[str, ...] = getattr(self, framework)
        return own or self.any

    @property
    def all(self) -> tuple[str, ...]:
        """Every drill."""
        return self.any + self.star + self.triage + self.design


class PriorityPhrases(Model):
    """How one thing to fix is worded, and how much it limits an answer."""

    severity: Range
    """From 0 to 100, for the least and for the most of it."""
    severity_by_framework: dict[FrameworkName, Range] = Field(default_factory=dict)
    """Where a framework has a range of its own."""
    written: tuple[str, ...] = Field(min_length=1)
    spoken: tuple[str, ...] = Field(min_length=1)
    drill: Drills = Drills()
    next: tuple[str, ...] = ()
    """What comes next where there is nothing to drill."""

    @model_validator(mode="after")
    def _says_what_to_do(self) -> PriorityPhrases:
        if not self.drill.all and not self.next:
            raise ValueError("needs a drill, or what comes next")
        return self

    def severity_in(self, framework: FrameworkName) -> Range:
        """Return the range of severity in a framework."""
        return self.severity_by_framework.get(framework, self.severity)


class StrengthPhrases(Model):
    """How one thing done well is worded."""

    written: tuple[str, ...] = Field(min_length=1)
    spoken: tuple[str, ...] = ()
    """Empty where the opening sentence of the feedback has said it."""


class LeadPhrases(Model):
    """How the feedback opens: the length against the target."""

    on_target: tuple[str, ...] = Field(min_length=1)
    short: tuple[str, ...] = Field(min_length=1)
    long: tuple[str, ...] = Field(min_length=1)

    @field_validator("*")
    @classmethod
    def _placeholders_exist(cls, templates: tuple[str, ...]) -> tuple[str, ...]:
        _check(templates, LENGTH_VALUES, "lead")
        return templates


class ReplyPointPhrases(Model):
    """How one thing about a reply, or about questions asked back, is worded."""

    written: tuple[str, ...] = Field(min_length=1)
    spoken: tuple[str, ...] = Field(min_length=1)
    drill: tuple[str, ...] = ()
    drills_what_was_asked: bool = False
    """Whether the drill is that of what was asked for."""


class ReplyPhrases(Model):
    """The wording on follow-ups, and on what the candidate asks the interviewer."""

    asked: dict[AsksFor, str]
    """How what was asked for is called: "the number"."""
    asked_otherwise: str
    points: dict[str, ReplyPointPhrases]
    drills: dict[AsksFor, tuple[str, ...]]
    belongs: tuple[str, ...] = Field(min_length=1)
    """After the feedback on the answer: it was there when asked, and belongs into the answer."""
    stayed_open: tuple[str, ...] = Field(min_length=1)
    all_held: tuple[str, ...] = Field(min_length=1)

    @field_validator("points")
    @classmethod
    def _points_are_known(cls, points: dict[str, ReplyPointPhrases]) -> dict[str, ReplyPointPhrases]:
        _check_names(set(points), REPLY_VALUES)
        for name, phrases in points.items():
            _check(phrases.written, REPLY_VALUES[name], f"{name}.written")
            _check(phrases.spoken, REPLY_VALUES[name] | {"quote"}, f"{name}.spoken")
            _check(phrases.drill, REPLY_VALUES[name], f"{name}.drill")
        return points

    @field_validator("belongs", "stayed_open", "all_held")
    @classmethod
    def _placeholders_exist(cls, templates: tuple[str, ...]) -> tuple[str, ...]:
        _check(templates, frozenset({"asked", "quote"}), "replies")
        return templates


class FeedbackPhrases(Model):
    """All wording of the feedback: the shape of ``prompts/feedback.yaml``.

    Templates are filled with ``str.format``. A wording that uses ``{quote}`` is passed over where there is
    nothing to quote, so each list holds one without it; the same goes for ``{where}`` and ``{strong}``.
    """

    no_speech: tuple[str, ...] = Field(min_length=1)
    """A recording in which nobody spoke."""
    no_text: tuple[str, ...] = Field(min_length=1)
    """A transcript without a word."""
    lead: LeadPhrases
    priorities: dict[str, PriorityPhrases]
    part_drills: dict[FrameworkName, dict[str, tuple[str, ...]]]
    """For the part that was not heard, by framework and part."""
    strengths: dict[str, StrengthPhrases]
    since_last: dict[str, tuple[str, ...]]
    """What changed since the last take, the most telling first."""
    replies: ReplyPhrases

    @field_validator("priorities")
    @classmethod
    def _priorities_are_known(cls, points: dict[str, PriorityPhrases]) -> dict[str, PriorityPhrases]:
        _check_names(set(points), PRIORITY_VALUES)
        for name, phrases in points.items():
            _check(phrases.written, PRIORITY_VALUES[name], f"{name}.written")
            _check(phrases.spoken, PRIORITY_VALUES[name] | OWN_VALUES, f"{name}.spoken")
            _check(phrases.next, PRIORITY_VALUES[name] | OWN_VALUES, f"{name}.next")
            for framework, drills in phrases.drill:
                _check(drills, PRIORITY_VALUES[name] | OWN_VALUES, f"{name}.drill.{framework}")
        return points

    @field_validator("strengths")
    @classmethod
    def _strengths_are_known(cls, points: dict[str, StrengthPhrases]) -> dict[str, StrengthPhrases]:
        _check_names(set(points), STRENGTH_VALUES)
        for name, phrases in points.items():
            _check(phrases.written, STRENGTH_VALUES[name], f"{name}.written")
            _check(phrases.spoken, STRENGTH_VALUES[name] | OWN_VALUES, f"{name}.spoken")
        return points

    @field_validator("since_last")
    @classmethod
    def _changes_are_known(cls, changes: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        _check_names(set(changes), SINCE_LAST_VALUES)
        for name, templates in changes.items():
            _check(templates, SINCE_LAST_VALUES[name], f"since_last.{name}")
        return changes


def load_phrases() -> FeedbackPhrases:
    """Read the wording.

    Raises:
        ContentError: ``prompts/feedback.yaml`` is missing or breaks its schema.
    """
    return load_yaml(prompts_folder() / "feedback.yaml", FeedbackPhrases)


def placeholders(template: str) -> frozenset[str]:
    """Return the names between braces in a template, with whatever follows them ("{a.b}" gives "a.b")."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def word(templates: tuple[str, ...], values: Mapping[str, str], seed: str) -> str:
    """Fill one of the templates; the same seed chooses the same one, on every machine.

    Args:
        templates: Wordings that mean the same. Those that use the most of what belongs to this answer alone are
            preferred.
        values: Placeholder values; a template that needs another one is passed over.
        seed: What decides among them: the words of the answer and the name of the place they stand in.
    """
    usable = [template for template in templates if placeholders(template) <= values.keys()]
    most = max((len(placeholders(template) & PREFERRED) for template in usable), default=0)
    usable = [template for template in usable if len(placeholders(template) & PREFERRED) == most]
    if not usable:
        return ""
    digest = hashlib.blake2b(seed.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return usable[int.from_bytes(digest, "big") % len(usable)].format_map(values)


def _check_names(given: set[str], known: Mapping[str, frozenset[str]]) -> None:
    if missing := known.keys() - given:
        raise ValueError(f"no wording for {', '.join(sorted(missing))}")
    if unknown := given - known.keys():
        raise ValueError(f"unknown point {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")


def _check(templates: tuple[str, ...], allowed: frozenset[str], where: str) -> None:
    """Refuse placeholders that nobody fills, and a list in which every wording needs what may not be there."""
    for template in templates:
        if unknown := placeholders(template) - allowed:
            names = ", ".join(sorted(allowed)) or "none"
            raise ValueError(f"{where}: unknown placeholder {', '.join(sorted(unknown))}; it may use: {names}")
    if templates and all(placeholders(template) & OWN_VALUES for template in templates):
        raise ValueError(f"{where}: needs at least one wording without {', '.join(sorted(OWN_VALUES))}")
