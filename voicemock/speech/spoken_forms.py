"""Respells what espeak's rules read wrongly, for the voices that it pronounces for: Piper's and its own.

Found by reading its phonemes for all words of the question bank and the usual terms of the trade. What stands on the
screen stays as it is.
"""

from __future__ import annotations

import re
from typing import Final

_SENTENCE_START: Final = r"(?:^|(?<=[.!?] ))"

_SPELLED: Final = re.compile(r"\b(AWS|CI|DRI|ETA|EVT|IoT|IPO|OKR|PII|QA|ROI|SLO|UAT|UX)(s?)\b")
"""Said letter by letter, though espeak takes them for words: "QA" as "car", "OKR" as "ocker"."""

_RESPELLED: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), spoken)
    for pattern, spoken in (
        (r"\bcutover", "cut-over"),  # "cue tover"
        (r"\bidempoten", "idem-poten"),  # "eyed'mpotent"
        (r"\bkubernetes\b", "coober-nettees"),  # "cuber neets"
        (r"\b(go|goes|going|gone|went) live\b", r"\1 lyve"),  # as in "to live"
        (r"\b(a|her|his|my|our|the|their|whole|your) resume\b", r"\1 résumé"),  # as in "to resume"
        (_SENTENCE_START + r"estimate\b", "Estimait"),  # as in "an estimate"
        (_SENTENCE_START + r"use\b", "Yooze"),  # as in "no use"
        (r"\bCI/CD\b", "C.I.C.D"),  # "sigh slash"
        (r"\bA/B\b", "A-B"),  # "a slash B"
        (r"\bSaaS\b", "sass"),  # "sah S"
        (r"\bPaaS\b", "pass"),
        (r"\bvs\b\.?", "versus"),
        (r"\b24/7\b", "twenty-four seven"),
    )
)


def respelled(text: str) -> str:
    """Return a text as espeak has to read it."""
    for pattern, spoken in _RESPELLED:
        text = pattern.sub(spoken, text)
    return _SPELLED.sub(lambda found: ".".join(found[1].upper()) + ("'s" if found[2] else ""), text)
