"""What the feedback says, as data: several wordings for each point, chosen by the answer itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from string import Formatter
from types import MappingProxyType
from typing import Final

from pydantic import Field, field_validator

from voicemock.content import load_yaml, prompts_folder
from voicemock.models import Model

_PART = frozenset({"part", "title"})
_MISSING = _PART | {"when_missing"}
_LENGTH = frozenset({"length", "target", "length_spoken", "target_spoken"})
_SHARE = _PART | {"share", "share_spoken", "of"}
_FILLERS = frozenset({"count", "count_spoken", "kinds", "rate", "rate_spoken"})
_COUNT = frozenset({"count", "count_spoken"})
_COVERED = frozenset({"covered", "expected", "covered_spoken", "expected_spoken"})
_PACE = frozenset({"pace", "pace_spoken"})

PRIORITY_VALUES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "brief": frozenset({"length", "length_spoken", "parts"}),
        "no_story": frozenset({"parts"}),
        "no_structure": frozenset({"framework", "parts"}),
        "missing_result": _MISSING,
        "buried_result": _MISSING | {"number"},
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
        "too_long": _LENGTH,
        "too_short": _LENGTH,
        "a_little_long": _LENGTH,
        "a_little_short": _LENGTH,
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
"""Each thing to fix, and the placeholders that its wording may use besides ``{quote}``."""

STRENGTH_VALUES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "quantified": frozenset({"number"}),
        "trade_off": frozenset(),
        "covered": _COVERED | {"titles"},
        "complete": frozenset({"parts"}),
        "balanced": _SHARE,
        "few_fillers": frozenset({"count", "few_spoken", "rate"}),
        "steady": _PACE,
        "on_target": _LENGTH,
        "present_part": _PART,
    }
)
"""Each thing done well, and the placeholders that its wording may use besides ``{quote}``."""


class PriorityPhrases(Model):
    """How one thing to fix is worded."""

    written: tuple[str, ...] = Field(min_length=1)
    spoken: tuple[str, ...] = Field(min_length=1)
    next: tuple[str, ...] = Field(min_length=1)
    """What to do next time, said last."""


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
        _check(templates, _LENGTH, "lead")
        return templates


class FeedbackPhrases(Model):
    """All wording of the feedback: the shape of ``prompts/feedback.yaml``.

    Templates are filled with ``str.format``. A wording that uses ``{quote}`` is passed over where there is
    nothing to quote, so each list holds one without it.
    """

    no_speech: tuple[str, ...] = Field(min_length=1)
    """A recording in which nobody spoke."""
    no_text: tuple[str, ...] = Field(min_length=1)
    """A transcript without a word."""
    lead: LeadPhrases
    priorities: dict[str, PriorityPhrases]
    strengths: dict[str, StrengthPhrases]

    @field_validator("priorities")
    @classmethod
    def _priorities_are_known(cls, points: dict[str, PriorityPhrases]) -> dict[str, PriorityPhrases]:
        _check_names(set(points), PRIORITY_VALUES)
        for name, phrases in points.items():
            _check(phrases.written, PRIORITY_VALUES[name], f"{name}.written")
            _check(phrases.spoken, PRIORITY_VALUES[name] | {"quote"}, f"{name}.spoken")
            _check(phrases.next, PRIORITY_VALUES[name], f"{name}.next")
        return points

    @field_validator("strengths")
    @classmethod
    def _strengths_are_known(cls, points: dict[str, StrengthPhrases]) -> dict[str, StrengthPhrases]:
        _check_names(set(points), STRENGTH_VALUES)
        for name, phrases in points.items():
            _check(phrases.written, STRENGTH_VALUES[name], f"{name}.written")
            _check(phrases.spoken, STRENGTH_VALUES[name] | {"quote"}, f"{name}.spoken")
        return points


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
        templates: Wordings that mean the same.
        values: Placeholder values; a template that needs another one is passed over.
        seed: What decides among them: the words of the answer and the name of the place they stand in.
    """
    usable = [template for template in templates if placeholders(template) <= values.keys()]
    if "quote" in values:
        usable = [template for template in usable if "quote" in placeholders(template)] or usable
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
    """Refuse placeholders that nobody fills, and a list in which every wording needs a quote."""
    for template in templates:
        if unknown := placeholders(template) - allowed:
            names = ", ".join(sorted(allowed)) or "none"
            raise ValueError(f"{where}: unknown placeholder {', '.join(sorted(unknown))}; it may use: {names}")
    if templates and all("quote" in placeholders(template) for template in templates):
        raise ValueError(f"{where}: needs at least one wording without {{quote}}")
