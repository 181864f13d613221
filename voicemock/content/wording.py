"""Wordings with placeholders: the points of the feedback in ``prompts/feedback.yaml``, and checks for all wordings."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from string import Formatter
from types import MappingProxyType
from typing import Annotated, Final, get_args

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
"""Values of a single answer: the candidate's words, when they were said, and what the question asks for."""

PREFERRED: Final = frozenset({"quote", "strong"})
"""A wording that uses more of these is preferred."""

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
        "hedges": frozenset(),
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
        "flat_voice": frozenset({"variety"}),
        "long_pauses": frozenset({"count", "longest", "longest_spoken"}),
        "no_own_action": frozenset(),
        "no_own_mistake": frozenset(),
        "no_lesson": frozenset(),
        "two_stories": frozenset(),
        "sole_credit": frozenset(),
        "bullets": frozenset(),
        "no_options": frozenset(),
        "no_numbers": frozenset(),
        "escalation_only": frozenset(),
        "one_lever": frozenset(),
        "no_decision": frozenset(),
        "no_trade_off": frozenset(),
        "missing_cost": frozenset(),
        "tool_list": frozenset(),
        "no_size": frozenset(),
        "opposite": frozenset(),
        "implausible": frozenset(),
        "contempt": frozenset(),
        "platitudes": frozenset(),
        "blame": frozenset(),
        "code_detail": frozenset(),
        "no_reasons": frozenset(),
        "follow_up": frozenset(),
        "expect_questions": frozenset(),
    }
)
"""Each priority, and the placeholders of its wording besides ``OWN_VALUES``."""

STRENGTH_VALUES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "quantified": frozenset({"number"}),
        **dict.fromkeys(("plain_words", "apt_example", "honest_limits", "owners_named"), frozenset[str]()),
        "trade_off": frozenset(),
        "options": frozenset(),
        "checked": frozenset(),
        "scoped": frozenset(),
        "decision": frozenset(),
        "data": frozenset(),
        "lesson": frozenset(),
        "owned_mistake": frozenset(),
        "credit": frozenset(),
        "persuaded": frozenset(),
        "sized": frozenset(),
        "mitigation": frozenset(),
        "re_scoped": frozenset(),
        "told_early": frozenset(),
        "escalated_well": frozenset(),
        "failure_handled": frozenset(),
        "scaled": frozenset(),
        "rollout": frozenset(),
        "metrics": frozenset(),
        "reasoned": frozenset(),
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
"""Each strength, and the placeholders of its wording besides ``OWN_VALUES``."""

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
        "same_first": frozenset({"first"}),
        "other_story": frozenset(),
    }
)
"""Each change since the last take, and the placeholders of its wording."""

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
"""Each point about a reply to a follow-up or about questions asked back, and the placeholders of its wording."""


Range = tuple[float, float]
Wordings = Annotated[tuple[str, ...], Field(min_length=1)]
"""Several ways to say the same."""


class Drills(Model):
    """Small exercises for one priority, for each framework or for any."""

    any: tuple[str, ...] = ()
    star: tuple[str, ...] = ()
    triage: tuple[str, ...] = ()
    design: tuple[str, ...] = ()
    explain: tuple[str, ...] = ()
    retrospective: tuple[str, ...] = ()
    pitch: tuple[str, ...] = ()
    program: tuple[str, ...] = ()
    diagnose: tuple[str, ...] = ()

    def of(self, framework: FrameworkName) -> tuple[str, ...]:
        """Return the drills of a framework, or those for any."""
        own: tuple[str, ...] = getattr(self, framework)
        return own or self.any

    @property
    def all(self) -> tuple[str, ...]:
        """Every drill."""
        return self.any + tuple(drill for name in get_args(FrameworkName) for drill in getattr(self, name))


class PriorityPhrases(Model):
    """The wording of a priority, and how much it limits an answer."""

    called: str
    """What is to be worked on, to go after "It's "; placeholders as in the rest."""
    severity: Range
    """For the least and for the most of it, from 0 to 100."""
    severity_by_framework: dict[FrameworkName, Range] = Field(default_factory=dict)
    """Ranges for single frameworks."""
    written: Wordings
    spoken: Wordings
    drill: Drills = Drills()
    next: tuple[str, ...] = ()
    """What to do next if there is nothing to drill."""

    @model_validator(mode="after")
    def _says_what_to_do(self) -> PriorityPhrases:
        if not self.drill.all and not self.next:
            raise ValueError("needs a drill, or what comes next")
        return self

    def severity_in(self, framework: FrameworkName) -> Range:
        """Return the range of severity in a framework."""
        return self.severity_by_framework.get(framework, self.severity)


class StrengthPhrases(Model):
    """The wording of a strength."""

    written: Wordings
    spoken: tuple[str, ...] = ()
    """Empty if the opening sentence of the feedback says it."""


class LeadPhrases(Model):
    """The opening of the feedback: the length against the target."""

    on_target: Wordings
    short: Wordings
    long: Wordings

    @field_validator("*")
    @classmethod
    def _placeholders_exist(cls, templates: tuple[str, ...]) -> tuple[str, ...]:
        check_wordings("lead", templates, LENGTH_VALUES)
        return templates


class ReplyPointPhrases(Model):
    """The wording of a point about a reply, or about questions asked back."""

    written: Wordings
    spoken: Wordings
    drill: tuple[str, ...] = ()
    drills_what_was_asked: bool = False
    """Whether to use the drill for what was asked for."""


class ReplyPhrases(Model):
    """The wording about follow-ups, and about the candidate's questions to the interviewer."""

    asked: dict[AsksFor, str]
    """Names for what was asked for: "the number"."""
    asked_otherwise: str
    points: dict[str, ReplyPointPhrases]
    drills: dict[AsksFor, tuple[str, ...]]
    belongs: Wordings
    """Said after the feedback: it came when asked, and belongs in the answer."""
    stayed_open: Wordings
    all_held: Wordings

    @field_validator("points")
    @classmethod
    def _points_are_known(cls, points: dict[str, ReplyPointPhrases]) -> dict[str, ReplyPointPhrases]:
        check_points("point", points, REPLY_VALUES, {"written": set(), "spoken": {"quote"}, "drill": set()})
        return points

    @field_validator("belongs", "stayed_open", "all_held")
    @classmethod
    def _placeholders_exist(cls, templates: tuple[str, ...]) -> tuple[str, ...]:
        check_wordings("replies", templates, frozenset({"asked", "quote"}))
        return templates


class FeedbackPhrases(Model):
    """The shape of ``prompts/feedback.yaml``.

    Templates are filled with ``str.format``. A wording with ``{quote}``, ``{where}`` or ``{strong}`` is skipped if
    the answer has no such value, so each list contains one without them.
    """

    no_speech: Wordings
    """For a recording without speech."""
    no_text: Wordings
    """For a transcript without words."""
    same_drill: Wordings
    """Said in the place of a drill that was given in this interview before."""
    cut_off: Wordings
    """For an answer that stopped where it was not meant to."""
    lead: LeadPhrases
    priorities: dict[str, PriorityPhrases]
    part_drills: dict[FrameworkName, dict[str, tuple[str, ...]]]
    """Drills for a missing part, by framework and part."""
    strengths: dict[str, StrengthPhrases]
    since_last: dict[str, tuple[str, ...]]
    """Changes since the last take, the most important first."""
    replies: ReplyPhrases

    @field_validator("priorities")
    @classmethod
    def _priorities_are_known(cls, points: dict[str, PriorityPhrases]) -> dict[str, PriorityPhrases]:
        own = {"written": frozenset[str](), "spoken": OWN_VALUES, "next": OWN_VALUES, "drill": OWN_VALUES}
        check_points("point", points, PRIORITY_VALUES, own)
        for name, phrases in points.items():
            check_wordings(f"{name}.called", (phrases.called,), PRIORITY_VALUES[name])
        return points

    @field_validator("strengths")
    @classmethod
    def _strengths_are_known(cls, points: dict[str, StrengthPhrases]) -> dict[str, StrengthPhrases]:
        check_points("point", points, STRENGTH_VALUES, {"written": set(), "spoken": OWN_VALUES})
        return points

    @field_validator("since_last")
    @classmethod
    def _changes_are_known(cls, changes: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        check_names("point", changes.keys(), SINCE_LAST_VALUES.keys())
        for name, templates in changes.items():
            check_wordings(f"since_last.{name}", templates, SINCE_LAST_VALUES[name])
        return changes


def load_phrases() -> FeedbackPhrases:
    """Read the wording of the feedback.

    Raises:
        ContentError: ``prompts/feedback.yaml`` is missing or breaks its schema.
    """
    return load_yaml(prompts_folder() / "feedback.yaml", FeedbackPhrases)


def placeholders(template: str) -> frozenset[str]:
    """Return the names between braces in a template, with anything after them ("{a.b}" gives "a.b")."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def times(count: int) -> str:
    """Return how often: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def word(templates: tuple[str, ...], values: Mapping[str, str], seed: str) -> str:
    """Fill one of the templates. The same seed chooses the same one on every machine.

    Args:
        templates: Wordings that mean the same. Those with the most ``PREFERRED`` placeholders are preferred.
        values: Placeholder values. A template that needs another one is skipped.
        seed: Decides among them: usually the words of the answer and the name of the point.
    """
    usable = [template for template in templates if placeholders(template) <= values.keys()]
    most = max((len(placeholders(template) & PREFERRED) for template in usable), default=0)
    usable = [template for template in usable if len(placeholders(template) & PREFERRED) == most]
    if not usable:
        return ""
    digest = hashlib.blake2b(seed.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return usable[int.from_bytes(digest, "big") % len(usable)].format_map(values)


def check_names(kind: str, given: Set[str], known: Set[str]) -> None:
    """Refuse names that are unknown, and a lack of known ones, with a ``ValueError``."""
    wrong = [f"no wording for {', '.join(sorted(known - given))}"] if known - given else []
    if given - known:
        wrong.append(f"unknown {kind} {', '.join(sorted(given - known))}; known: {', '.join(sorted(known))}")
    if wrong:
        raise ValueError("; ".join(wrong))


def check_points(
    kind: str, points: Mapping[str, Model], values: Mapping[str, Set[str]], fields: Mapping[str, Set[str]]
) -> None:
    """Check the names of points, and the placeholders in their wordings.

    Args:
        kind: What a point is called in messages.
        points: The phrases of each point, by its name.
        values: The placeholders that all wordings of a point may use.
        fields: The fields with wordings, and the placeholders that each may use besides.
    """
    check_names(kind, points.keys(), values.keys())
    for name, phrases in points.items():
        for field, own in fields.items():
            found = getattr(phrases, field)
            for framework, wordings in found if isinstance(found, Drills) else (("", found),):
                where = f"{name}.{field}.{framework}".removesuffix(".")
                check_wordings(where, wordings, values[name] | own)


def check_wordings(
    where: str, wordings: tuple[str, ...], allowed: Set[str] = frozenset(), *, needed: Set[str] = frozenset()
) -> None:
    """Refuse unknown placeholders, and a list in which every wording needs ``OWN_VALUES``, with a ``ValueError``.

    Args:
        where: Place of the wordings, for the message.
        wordings: Several ways to say the same.
        allowed: Placeholders that each may use.
        needed: Placeholders that each must use.
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
