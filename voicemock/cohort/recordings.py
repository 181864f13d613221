"""The recordings of a cohort."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recording:
    """One input: a recording or transcript, and what is known about it."""

    source: str
    """Its path as it was given or found. Each is there once in a cohort."""
    candidate: str | None = None
    question_id: str | None = None
    date: dt.date | None = None
    """The day on which it was made."""
    size_bytes: int | None = None
