"""In which order an interviewer asks, by style."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from voicemock.follow_ups.probes import ProbeKind

MAJOR_GAP: Final = "major_gap"

_NEUTRAL: Final[Mapping[str, float]] = MappingProxyType(
    {MAJOR_GAP: 35.0, "technical": 40.0, "trade_off": 38.0, "leadership": 37.0, "missing": 32.0, "pushback": 26.0}
)
ORDERS: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "warm": MappingProxyType(
            {
                MAJOR_GAP: 35.0,
                "missing": 40.0,
                "leadership": 38.0,
                "technical": 37.0,
                "trade_off": 36.0,
                "pushback": 18.0,
            }
        ),
        "neutral": _NEUTRAL,
        "pressing": MappingProxyType(
            {
                MAJOR_GAP: 35.0,
                "pushback": 44.0,
                "technical": 42.0,
                "trade_off": 41.0,
                "leadership": 38.0,
                "missing": 28.0,
            }
        ),
    }
)
"""What a probe of each kind starts with; what it is worth beyond that is at most about 12, and a major gap 25 to 50."""

MAJOR_STEP: Final = 5.0
"""What each step of a major gap's worth adds: more than chance and a trigger, so that the worst gap comes first."""


SAME_KIND_AGAIN: Final = 34.0
"""Taken off for each follow-up of the same kind that this answer has had."""
DIGGING: Final = 24.0
"""Given back for what was first said in the last reply: interviewers dig where they have just dug, once."""
SAME_WISH_AGAIN: Final = 4.0
"""Taken off where an earlier follow-up asked for the same ("number", "decision")."""
SAME_SENTENCE_AGAIN: Final = 8.0
ON_TOPIC: Final = 8.0
"""Added where the job description speaks of it."""
TRIGGERED: Final = 3.0
"""Added where words of the answer call for it."""


def start_of(kind: ProbeKind, style: str, *, is_major: bool) -> float:
    """Return what a probe starts with; a style that nobody has heard of is taken for neutral."""
    return ORDERS.get(style, _NEUTRAL)[MAJOR_GAP if is_major else kind]


def is_too_early(kind: ProbeKind, style: str, asked: int) -> bool:
    """Tell whether a style does not go there yet: a warm interviewer pushes only after another follow-up."""
    return kind == "pushback" and style == "warm" and not asked
