"""What feedback may speak of, and the placeholders that the wording of each point may use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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
