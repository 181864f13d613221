"""What feedback may speak of, and the placeholders that the wording of each point may use.

What the feedback says, as data: several wordings for each point, chosen by the answer itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from string import Formatter
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import Field, field_validator, model_validator

from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import AsksFor, FrameworkName, Model

_PART = frozenset({"part", "title"})
_MISSING = _PART | {"when_missing"}
LENGTH_VALUES: Final = frozenset({"length", "target", "length_spoken", "target_spoken"})
_SHARE = _PART | {"share", "share_spoken", "of"}
_FILLERS = frozenset({"count", "count_spoken", "kinds", "rate", "rate_spoken"})
_COUNT = frozenset({"count", "count_spoken"})
_COVERED = frozenset({"covered", "expected", "covered_spoken", "expected_spoken"})
_PACE = frozenset({"pace", "pace_spoken"})

OWN_VALUES: Final = frozenset({"quote", "where", "strong"})
"""What belongs to this answer alone: the candidate's words, when they were said, and what the question asks for."""

PREFERRED: Final = frozenset({"quote", "strong"})
"""A wording that uses the most of these is preferred."""

PRIORITY_VALUES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "brief": frozenset({"length", "length_spoken", "parts"}),
        "no_story": frozenset({"parts"}),
        "hypothetical": frozenset(),
        "wandering": frozenset(),
        "jumbled": frozenset(),
        "left_out": frozenset({"untouched"}),
        "no_structure": frozenset({"framework", "parts"}),
        "missing_result": _MISSING,
        "buried_result": frozenset(),
        "no_number": frozenset(),
        "number_in_background": frozenset({"number"}),
        "off_topic": frozenset(),
        "question_read": frozenset(),
        "no_answer": frozenset(),
        "other_language": frozenset(),
        "repeated_word": frozenset(),
        "hostile": frozenset(),
        "coordinator": _COUNT,
        "overcomplicated": frozenset({"things"}),
        "uncovered": _COVERED | {"missing", "first"},
        "we_in_actions": frozenset({"we", "we_spoken", "i"}),
        "long_background": frozenset({"share", "share_spoken"}),
        "passive": _COUNT,
        "repeating": _COUNT,
        "hedges": _COUNT | {"words"},
        "jargon": frozenset({"terms"}),
        "no_landing": frozenset(),
        "missing_part": _MISSING,
        "missing_end": _MISSING,
        "too_long": LENGTH_VALUES,
        "too_short": LENGTH_VALUES,
        "a_little_long": LENGTH_VALUES,
        "a_little_short": LENGTH_VALUES,
        "heavy_part": _SHARE | {"target_share"},
        "many_fillers": _FILLERS,
        "some_fillers": _FILLERS,
        "markers": frozenset({"count", "count_spoken", "marker"}),
        "fast": _PACE,
        "slow": _PACE,
        "long_pauses": frozenset({"count", "longest", "longest_spoken"}),
        "follow_up": frozenset(),
    }
)
"""Each thing to fix, and the placeholders that its wording may use besides those of ``OWN_VALUES``."""

STRENGTH_VALUES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "quantified": frozenset({"number"}),
        "trade_off": frozenset(),
        "options": frozenset(),
        "checked": frozenset(),
        "scoped": frozenset(),
        "decision": frozenset(),
        "own_part": frozenset({"i_spoken"}),
        "covered": _COVERED | {"titles"},
        "complete": frozenset({"parts"}),
        "balanced": _SHARE,
        "few_fillers": frozenset({"count", "few_spoken", "rate"}),
        "steady": _PACE,
        "on_target": LENGTH_VALUES,
        "present_part": _PART,
    }
)
"""Each thing done well, and the placeholders that its wording may use besides those of ``OWN_VALUES``."""

SINCE_LAST_VALUES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "part_gained": frozenset({"part"}),
        "number_gained": frozenset({"number"}),
        "number_lost": frozenset(),
        "part_lost": frozenset({"part"}),
        "into_window": frozenset({"length_spoken", "before_spoken"}),
        "out_of_window": frozenset({"length_spoken"}),
        "closer_to_window": frozenset({"length_spoken", "before_spoken"}),
        "fewer_fillers": frozenset({"rate", "before_rate"}),
        "more_fillers": frozenset({"rate", "before_rate"}),
        "less_background": frozenset({"share", "before_share"}),
        "more_background": frozenset({"share", "before_share"}),
        "more_i": frozenset(),
        "more_we": frozenset(),
        "same_first": frozenset(),
    }
)
"""Each thing that may have changed since the last take, and the placeholders of its wording."""

_ASKED: Final = frozenset({"asked"})

REPLY_VALUES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "reply_held": _ASKED,
        "reply_late": _ASKED,
        "reply_long": _ASKED | LENGTH_VALUES,
        "reply_missing": _ASKED,
        "reply_open": _ASKED,
        "reply_heard": _ASKED,
        "asked_well": frozenset(),
        "asked_nothing": frozenset(),
        "asked_once": frozenset(),
        "asked_shallow": frozenset({"count", "count_spoken"}),
        "asked_enough": frozenset({"count", "count_spoken"}),
    }
)
"""Each thing there is to say of a reply to a follow-up and of questions asked back, and the placeholders of it."""


Range = tuple[float, float]
Wordings = Annotated[tuple[str, ...], Field(min_length=1)]
"""Several ways to say one thing."""


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
    written: Wordings
    spoken: Wordings
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

    written: Wordings
    spoken: tuple[str, ...] = ()
    """Empty where the opening sentence of the feedback has said it."""


class LeadPhrases(Model):
    """How the feedback opens: the length against the target."""

    on_target: Wordings
    short: Wordings
    long: Wordings

    @field_validator("*")
    @classmethod
    def _placeholders_exist(cls, templates: tuple[str, ...]) -> tuple[str, ...]:
        check_wordings("lead", templates, LENGTH_VALUES)
        return templates


class ReplyPointPhrases(Model):
    """How one thing about a reply, or about questions asked back, is worded."""

    written: Wordings
    spoken: Wordings
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
    belongs: Wordings
    """After the feedback on the answer: it was there when asked, and belongs into the answer."""
    stayed_open: Wordings
    all_held: Wordings

    @field_validator("points")
    @classmethod
    def _points_are_known(cls, points: dict[str, ReplyPointPhrases]) -> dict[str, ReplyPointPhrases]:
        check_names("point", points.keys(), REPLY_VALUES.keys())
        for name, phrases in points.items():
            check_wordings(f"{name}.written", phrases.written, REPLY_VALUES[name])
            check_wordings(f"{name}.spoken", phrases.spoken, REPLY_VALUES[name] | {"quote"})
            check_wordings(f"{name}.drill", phrases.drill, REPLY_VALUES[name])
        return points

    @field_validator("belongs", "stayed_open", "all_held")
    @classmethod
    def _placeholders_exist(cls, templates: tuple[str, ...]) -> tuple[str, ...]:
        check_wordings("replies", templates, frozenset({"asked", "quote"}))
        return templates


class FeedbackPhrases(Model):
    """All wording of the feedback: the shape of ``prompts/feedback.yaml``.

    Templates are filled with ``str.format``. A wording that uses ``{quote}`` is passed over where there is
    nothing to quote, so each list holds one without it; the same goes for ``{where}`` and ``{strong}``.
    """

    no_speech: Wordings
    """A recording in which nobody spoke."""
    no_text: Wordings
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
        check_names("point", points.keys(), PRIORITY_VALUES.keys())
        for name, phrases in points.items():
            check_wordings(f"{name}.written", phrases.written, PRIORITY_VALUES[name])
            check_wordings(f"{name}.spoken", phrases.spoken, PRIORITY_VALUES[name] | OWN_VALUES)
            check_wordings(f"{name}.next", phrases.next, PRIORITY_VALUES[name] | OWN_VALUES)
            for framework, drills in phrases.drill:
                check_wordings(f"{name}.drill.{framework}", drills, PRIORITY_VALUES[name] | OWN_VALUES)
        return points

    @field_validator("strengths")
    @classmethod
    def _strengths_are_known(cls, points: dict[str, StrengthPhrases]) -> dict[str, StrengthPhrases]:
        check_names("point", points.keys(), STRENGTH_VALUES.keys())
        for name, phrases in points.items():
            check_wordings(f"{name}.written", phrases.written, STRENGTH_VALUES[name])
            check_wordings(f"{name}.spoken", phrases.spoken, STRENGTH_VALUES[name] | OWN_VALUES)
        return points

    @field_validator("since_last")
    @classmethod
    def _changes_are_known(cls, changes: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        check_names("point", changes.keys(), SINCE_LAST_VALUES.keys())
        for name, templates in changes.items():
            check_wordings(f"since_last.{name}", templates, SINCE_LAST_VALUES[name])
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


def check_names(kind: str, given: Set[str], known: Set[str]) -> None:
    """Refuse wording that lacks one of the things there is to say, or words something else.

    Raises:
        ValueError: Names them.
    """
    wrong = [f"no wording for {', '.join(sorted(known - given))}"] if known - given else []
    if given - known:
        wrong.append(f"unknown {kind} {', '.join(sorted(given - known))}; known: {', '.join(sorted(known))}")
    if wrong:
        raise ValueError("; ".join(wrong))


def check_wordings(
    where: str, wordings: tuple[str, ...], allowed: Set[str] = frozenset(), *, needed: Set[str] = frozenset()
) -> None:
    """Refuse placeholders that are never filled, and a list in which every wording needs what may not be there.

    Args:
        where: What is worded, for the message.
        wordings: Of one thing.
        allowed: Placeholders that each may use.
        needed: Placeholders that each must use.

    Raises:
        ValueError: Names the placeholder.
    """
    for wording in wordings:
        used = placeholders(wording)
        if unknown := used - allowed - needed:
            names = ", ".join(sorted(allowed | needed)) or "none"
            raise ValueError(f"{where}: unknown placeholder {', '.join(sorted(unknown))}; it may use: {names}")
        if not needed <= used:
            raise ValueError(f"{where}: {wording!r} must use {', '.join(f'{{{name}}}' for name in sorted(needed))}")
    if wordings and not needed and all(placeholders(wording) & OWN_VALUES for wording in wordings):
        raise ValueError(f"{where}: needs at least one wording without {', '.join(sorted(OWN_VALUES))}")
