"""Tests for habits to change and for good things that hold over several answers, with the feedback's thresholds.

Each test returns True, False, or None if it does not apply to an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from voicemock.analysis.figures import has_share_or_money
from voicemock.coaching.delivery import FAST_WORDS_PER_MINUTE, MANY_MARKERS, SLOW_WORDS_PER_MINUTE, SOME_FILLERS
from voicemock.coaching.findings import HeardAnswer, said
from voicemock.coaching.observations import Judged, Quote, acts_of, own_action, surest_remark, told_outcome
from voicemock.coaching.strengths import FEW_FILLERS, STEADY_WORDS_PER_MINUTE
from voicemock.models import Framework

Counted = Literal["answers", "stories", "questions", "follow_ups"]
Test = Callable[[Judged, HeardAnswer], bool | None]

BACKGROUND_SHARE: Final = 0.35
"""The most that the target shares of situation and task allow together."""

OFF_TARGET: Final = 0.1
"""Share of the nearest end of the target. Less is no habit: 18 s under three minutes (our choice)."""

STEADY_FROM_S: Final = 30.0
"""Below this length a pace says too little."""


@dataclass(frozen=True, slots=True)
class Habit:
    """Something to change.

    Attributes:
        name: Key of its wording in ``prompts/debrief.yaml``.
        test: Whether an answer shows it.
        counted: What is counted.
        priorities: Names of the findings that ask for the same change.
        part: The missing part, if it is about one.
    """

    name: str
    test: Test
    counted: Counted = "answers"
    priorities: frozenset[str] = frozenset()
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Good:
    """Something good.

    Attributes:
        name: Key of its wording in ``prompts/debrief.yaml``.
        test: Whether an answer shows it.
        counted: What is counted.
        quote: Returns the words that show it; None if no words can.
    """

    name: str
    test: Test
    counted: Counted = "answers"
    quote: Callable[[Judged, HeardAnswer], Quote | None] | None = None


def _stories(test: Callable[[HeardAnswer], bool | None]) -> Test:
    return lambda judged, heard: test(heard) if judged.is_story else None


def _answers(test: Callable[[HeardAnswer], bool | None]) -> Test:
    return lambda _, heard: test(heard)


def _lacks(part: str) -> Test:
    """Return a test for a missing part. It does not apply to frameworks without that part."""

    def test(_: Judged, heard: HeardAnswer) -> bool | None:
        if heard.analysis.structure is None or part not in {each.name for each in heard.framework.parts}:
            return None
        return part in {each.name for each in heard.missing}

    return test


def _finding(name: str, counted: Counted = "answers", frameworks: frozenset[str] | None = None) -> Habit:
    """Return the habit of a finding of the feedback; it applies to these frameworks, or to all."""

    def test(judged: Judged, heard: HeardAnswer) -> bool | None:
        if frameworks is not None and heard.framework.name not in frameworks:
            return None
        return any(finding.name == name for finding in judged.priorities)

    return Habit(name, test, counted, frozenset({name}))


def _has_no_number(heard: HeardAnswer) -> bool:
    return not heard.told_outcomes and not any(has_share_or_money(s.text) for s in heard.sentences_of("result"))


def _measured(
    value: Callable[[HeardAnswer], float | None], holds: Callable[[float], bool]
) -> Callable[[HeardAnswer], bool | None]:
    """Return a test of a number. It does not apply to answers in which that was not measured."""

    def test(heard: HeardAnswer) -> bool | None:
        found = value(heard)
        return None if found is None else holds(found)

    return test


def _background_share(heard: HeardAnswer) -> float | None:
    return heard.analysis.rambling.background_share if heard.analysis.rambling else None


def _runs_over(heard: HeardAnswer) -> bool | None:
    duration_s = heard.analysis.duration_s
    return None if duration_s is None else duration_s > heard.analysis.target_max_s * (1 + OFF_TARGET)


def _stops_early(heard: HeardAnswer) -> bool | None:
    duration_s = heard.analysis.duration_s
    return None if duration_s is None else duration_s < heard.analysis.target_min_s * (1 - OFF_TARGET)


def _is_on_target(heard: HeardAnswer) -> bool | None:
    return None if heard.analysis.length is None else heard.analysis.length == "on_target"


def _filler_rate(heard: HeardAnswer) -> float | None:
    """Return filled pauses per 100 words; None if they cannot be counted."""
    return heard.per_hundred_words(heard.filled_pauses) if heard.is_spoken and not heard.is_poorly_heard else None


_many_fillers: Final = _measured(_filler_rate, lambda rate: rate >= SOME_FILLERS)
_few_fillers: Final = _measured(_filler_rate, lambda rate: rate < FEW_FILLERS)

_many_markers: Final = _measured(
    lambda heard: heard.per_hundred_words(heard.markers), lambda rate: rate >= MANY_MARKERS
)

_long_background: Final = _measured(_background_share, lambda share: share > BACKGROUND_SHARE)


def _pace_is(low: float, high: float) -> Test:
    def test(_: Judged, heard: HeardAnswer) -> bool | None:
        pace = heard.analysis.words_per_minute
        is_long_enough = (heard.analysis.duration_s or 0.0) >= STEADY_FROM_S
        return low <= pace <= high if pace is not None and is_long_enough else None

    return test


def _acts_alone(heard: HeardAnswer) -> bool | None:
    """Return whether the actions are mostly the candidate's own."""
    acts = acts_of(heard)
    if acts is None or acts.i + acts.we < 2:
        return None
    return acts.i > acts.we


def _names_price(heard: HeardAnswer) -> bool | None:
    """Return whether a decision was named, and what it cost."""
    substance = heard.analysis.substance
    if substance is None:
        return None
    kinds = {remark.kind for remark in said(substance.remarks)}
    return {"decision", "trade_off"} <= kinds


def _parts_are_there(heard: HeardAnswer) -> bool | None:
    return None if heard.analysis.structure is None else not heard.missing


_STAR: Final = frozenset({"star"})

HABITS: Final = (
    Habit("missing_result", _lacks("result"), "stories", frozenset({"missing_result", "buried_result"}), "result"),
    Habit("no_number", _stories(_has_no_number), "stories", frozenset({"no_number", "number_in_background"})),
    _finding("coordinator", "answers", frozenset({"star", "design"})),
    _finding("we_in_actions", "stories", _STAR),
    _finding("overcomplicated", "answers", frozenset({"design"})),
    Habit("missing_part", _lacks("action"), "stories", frozenset({"missing_part"}), "action"),
    Habit("missing_part", _lacks("situation"), "stories", frozenset({"missing_part"}), "situation"),
    Habit("long_background", _stories(_long_background), "stories", frozenset({"long_background", "heavy_part"})),
    _finding("wandering", "answers"),
    _finding("jumbled", "answers"),
    Habit("long", _answers(_runs_over), "answers", frozenset({"too_long", "a_little_long"})),
    Habit("short", _answers(_stops_early), "answers", frozenset({"too_short", "a_little_short"})),
    _finding("hedges"),
    _finding("repeating"),
    _finding("jargon"),
    _finding("no_landing"),
    Habit("fillers", _answers(_many_fillers), "answers", frozenset({"many_fillers", "some_fillers"})),
    Habit("markers", _answers(_many_markers), "answers", frozenset({"markers"})),
    Habit("fast", _pace_is(FAST_WORDS_PER_MINUTE, float("inf")), "answers", frozenset({"fast"})),
    Habit("slow", _pace_is(0.0, SLOW_WORDS_PER_MINUTE), "answers", frozenset({"slow"})),
    Habit("missing_part", _lacks("task"), "stories", frozenset({"missing_part"}), "task"),
)
"""In order of importance among those that limit the answers equally."""


def habits_of_parts(frameworks: Iterable[Framework]) -> Iterator[Habit]:
    """Yield the habit of leaving out each part of frameworks; those of a story have places of their own."""
    missing = frozenset({"missing_part", "missing_end"})
    for part in dict.fromkeys(part.name for each in frameworks if each.name != "star" for part in each.parts):
        yield Habit("missing_part", _lacks(part), "answers", missing, part)


GOODS: Final = (
    Good(
        "measured",
        _stories(lambda heard: bool(heard.told_outcomes)),
        "stories",
        lambda judged, heard: judged.short_quote(told_outcome(heard)),
    ),
    Good(
        "price",
        _answers(_names_price),
        "answers",
        lambda judged, heard: judged.short_quote(surest_remark(heard, "trade_off")),
    ),
    Good(
        "own_actions",
        _stories(_acts_alone),
        "stories",
        lambda judged, heard: judged.short_quote(own_action(heard)),
    ),
    Good("complete", _answers(_parts_are_there)),
    Good("on_target", _answers(_is_on_target)),
    Good("few_fillers", _answers(_few_fillers)),
    Good("steady", _pace_is(*STEADY_WORDS_PER_MINUTE)),
)
"""In order of preference."""
