"""Plan of a run: what is there already, what another name of the same file gives, and what must be measured."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.cohort.measuring import How
from voicemock.cohort.recordings import Recording
from voicemock.models import SCHEMA_VERSION, Failure
from voicemock.settings import Settings

MEASURING: Final = (
    *("model", "device", "compute_type", "beam_size", "language", "vad"),
    *("target_min_s", "target_max_s", "longest_recording_s", "longest_text", "extra_fillers"),
)
"""The settings that a measure depends on."""


def how_measured(settings: Settings, model: str) -> How:
    """Return the settings that the measures depend on.

    Args:
        settings: All settings.
        model: Takes the place of "auto".
    """
    values = settings.model_dump(include=set(MEASURING))
    chosen = {"model": model} if settings.model == "auto" else {}
    return tuple((name, (values | chosen)[name]) for name in MEASURING)


def answer_id(content_hash: str, question_id: str | None, how: How) -> str:
    """Return the name of a result: the same content, question, rules and settings give the same one."""
    named = [SCHEMA_VERSION, ANALYSIS_VERSION, content_hash, question_id, how]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Known:
    """What the tables say of a source already."""

    table: str
    answer_id: str | None
    candidate: str | None
    question_id: str | None
    date: str | None
    """As ISO writes it."""
    kind: str | None = None
    """Of an error."""


@dataclass(slots=True)
class Plan:
    """What is to be done with each input: each stands in one of these."""

    done: list[Recording] = field(default_factory=list)
    failed: list[Recording] = field(default_factory=list)
    """Done before, with an error."""
    copied: dict[str, list[Recording]] = field(default_factory=dict)
    """By answer id: other names, or another candidate or date, of a file that is in the tables."""
    measured: dict[str, list[Recording]] = field(default_factory=dict)
    """By answer id: all names of one file."""
    unread: list[tuple[Recording, Failure]] = field(default_factory=list)
    """Cannot be read."""
    hashes: dict[str, str] = field(default_factory=dict)
    """Answer id to content hash."""

    @property
    def left_bytes(self) -> int:
        """Size of what is to be measured."""
        return sum(names[0].size_bytes for names in self.measured.values())


def plan_of(
    hashed: Mapping[Recording, str | Failure],
    known: Mapping[str, Known],
    how: How,
    answers: str,
    *,
    retry_errors: bool = False,
) -> Plan:
    """Return what is to be done.

    Args:
        hashed: The inputs, each with the hash of its content, or why it has none.
        known: The sources in the tables.
        how: The settings that the measures depend on.
        answers: Name of the table that holds results.
        retry_errors: Whether inputs that failed are tried again.
    """
    plan, there = Plan(), {each.answer_id for each in known.values() if _counts(each, answers, retry_errors)}
    for recording, found in hashed.items():
        if isinstance(found, Failure):
            plan.unread.append((recording, found))
            continue
        name = answer_id(found, recording.question_id, how)
        before = known.get(recording.source)
        plan.hashes[name] = found
        if name not in there:
            plan.measured.setdefault(name, []).append(recording)
        elif before is not None and before.answer_id == name and _is_same(before, recording):
            (plan.done if before.table == answers else plan.failed).append(recording)
        else:
            plan.copied.setdefault(name, []).append(recording)
    return plan


def _counts(known: Known, answers: str, retry_errors: bool) -> bool:
    return known.answer_id is not None and (known.table == answers or not retry_errors)


def _is_same(known: Known, recording: Recording) -> bool:
    date = recording.date.isoformat() if recording.date else None
    return (known.candidate, known.question_id, known.date) == (recording.candidate, recording.question_id, date)


SURE_AFTER: Final = 5
"""Recordings after which the speed says something about the rest."""


def time_to_go_s(done: int, done_bytes: int, left_bytes: int, elapsed_s: float) -> float | None:
    """Return the seconds that the rest takes at the speed so far, by size; None while that cannot be told.

    Args:
        done: Recordings measured since the clock began.
        done_bytes: Their size.
        left_bytes: Size of the rest.
        elapsed_s: Time on the clock.
    """
    if done < SURE_AFTER or done_bytes <= 0:
        return None
    return elapsed_s * left_bytes / done_bytes
