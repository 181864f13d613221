"""Names of speakers in transcripts, and the labels at the beginning of a line that are none."""

from __future__ import annotations

import re
from typing import Final

LONGEST_NAME: Final = 40
_MOST_WORDS: Final = 5
_PARTICLES: Final = frozenset({"al", "bin", "da", "de", "del", "der", "di", "la", "le", "van", "von", "y"})
_GENERIC: Final = re.compile(
    r"(?:(?:unknown |unidentified )?(?:speaker|participant|person|voice)|spk|interviewer|interviewee|candidate"
    r"|applicant|recruiter|hiring manager|moderator|host|guest|manager|me|you|them|coach)[ _#-]*(?:\d{1,3}|[a-z])?",
    re.IGNORECASE,
)
"""What programs call speakers whose names they do not know, and the roles of an interview."""
_ASKS: Final = re.compile(
    r"(?:interviewer|recruiter|hiring manager|moderator|host|q|question)[ _#-]*\d{0,3}", re.IGNORECASE
)
_PAIRS: Final = (frozenset({"q", "a"}), frozenset({"question", "answer"}), frozenset({"prompt", "answer"}))
_BAD: Final = re.compile(r"[!?;:\"<>{}=%$\u20ac]|\.(?=\s+\S)(?<!\b\w\.)(?<!\b\w\w\.)")


def is_generic(label: str) -> bool:
    """Return whether a label names somebody without a name: "Speaker 1", "SPEAKER_00", "Interviewer"."""
    return _GENERIC.fullmatch(label.strip()) is not None


def asks_the_questions(name: str) -> bool:
    """Return whether a name is that of the one who asks: "Interviewer", "Q"."""
    return _ASKS.fullmatch(name.strip()) is not None


def are_a_pair(labels: frozenset[str]) -> bool:
    """Return whether labels are "Q" and "A", or the like."""
    return frozenset(label.casefold() for label in labels) in _PAIRS


def is_name(label: str) -> bool:
    """Return whether a label may be a name: few words, each with a capital or a number, and no sentence."""
    label = label.strip()
    words = label.split()
    if not 1 <= len(words) <= _MOST_WORDS or len(label) > LONGEST_NAME or _BAD.search(label):
        return False
    if is_generic(label):
        return True
    bare = [word.strip("()[],'\u2019-") for word in words]
    return all(not each[:1].islower() or each in _PARTICLES for each in bare) and any(
        char.isalpha() for each in bare for char in each
    )
