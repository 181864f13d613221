"""Times as transcripts write them: ``00:00:04.790``, ``0:04``, ``4.79s``."""

from __future__ import annotations

import re
from typing import Final

TIME: Final = r"(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,3}|[:;]\d{2}(?![:\d]))?"
"""Hours are optional, as is a fraction of a second, or the frames of a video editor."""
SECONDS: Final = r"\d{1,6}(?:\.\d{1,3})?\s?s"
LONGEST_S: Final = 86_400.0
"""A time beyond a day is none."""

_PARTS: Final = re.compile(r"[:;\s]+")


def seconds_of(text: str) -> float:
    """Return a time in seconds. It matches ``TIME`` or ``SECONDS``."""
    total = 0.0
    parts = _PARTS.split(text.strip().rstrip("s").strip().replace(",", "."))
    for part in parts[:3]:
        total = total * 60 + float(part)
    return total
