"""Answers over weeks, as numbers and as a store full of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.interviews import bank, fixture_answer
from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.models import Answer, Measured, Part, Ratings, Story
from voicemock.store.rows import MeasuredTake
from voicemock.store.store import Store

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
"""A Wednesday."""
STAR = ("situation", "task", "action", "result")
SHARES = (0.15, 0.1, 0.55, 0.2)


def measured(*, shares: Sequence[float | None] = SHARES, **changes: object) -> Measured:
    """The numbers of a good story; a share of None is a part that is missing."""
    parts = tuple(
        Part(name=name, present=share is not None, share=share) for name, share in zip(STAR, shares, strict=True)
    )
    fields: dict[str, object] = {
        "analysis_version": ANALYSIS_VERSION,
        "question": "failed-program",
        "pillar": "behavioral",
        "framework": "star",
        "relevance": "on_topic",
        "target_min_s": 180.0,
        "target_max_s": 240.0,
        "duration_s": 200.0,
        "word_count": 500,
        "words_per_minute": 150.0,
        "filled_pauses": 10,
        "filler_phrases": 5,
        "pauses": 10,
        "measured_results": 1,
        "parts": parts,
    }
    return Measured.model_validate(fields | changes)


def take(weeks_ago: float, numbers: Measured | None = None, *, story: str | None = None) -> MeasuredTake:
    """An answer this many weeks before now."""
    at = NOW - timedelta(weeks=weeks_ago)
    return MeasuredTake(f"{at:%Y%m%d-%H%M%S}-0000", 1, at, story, numbers or measured())


def practiced(data_dir: Path, last: datetime = NOW) -> None:
    """Keep a quarter of practice that went better and better; its last week has two answers, its fifth none."""
    dice = random.Random(4)
    with Store(data_dir) as store:
        for week in [number for number in range(13) if number != 4]:
            monday = last - timedelta(weeks=12 - week, days=last.weekday())
            for number in range(2 if week == 12 else 4):
                at = monday + timedelta(days=number % 3, minutes=number)
                name = "Kafka migration" if number == 1 else "Late vendor" if number == 2 and week < 9 else None
                session = store.sessions.start(None, "0.1.0", at, Story.named(name) if name else None)
                fixture = "triage-answer" if number == 3 else "strong-story"
                store.sessions.add_answer(session, _kept(fixture, at, week / 12, dice, is_story=name is not None))


def _kept(fixture: str, at: datetime, gone: float, dice: random.Random, *, is_story: bool) -> Answer:
    """An answer in which fillers grow fewer, the length comes to its target, and the result is there more often."""
    answer = fixture_answer(fixture)
    assert answer.assessment is not None
    analysis = answer.assessment.analysis
    wordy = max(1, round((1.4 - gone + dice.uniform(-0.2, 0.2)) * 5))
    structure = analysis.structure
    assert structure is not None
    parts = tuple(
        part.model_copy(update={"present": False, "share": None, "duration_s": None})
        if part.name == "task" and dice.random() < 0.6
        else part.model_copy(update={"share": part.share and part.share * dice.uniform(0.7, 1.3)})
        for part in structure.parts
    )
    missing = tuple(part.name for part in parts if not part.present)
    changed = analysis.model_copy(
        update={
            "duration_s": (analysis.duration_s or 0) * (1.6 - 0.6 * gone + dice.uniform(-0.1, 0.1)),
            "words_per_minute": (analysis.words_per_minute or 0) + dice.uniform(-20, 20),
            "fillers": analysis.fillers * wordy,
            "structure": structure.model_copy(update={"parts": parts, "missing": missing}),
        }
    )
    return answer.model_copy(
        update={
            "recorded_at": at,
            "question": None if is_story else bank().get(answer.question.id if answer.question else ""),
            "audio_file": None,
            "self_rating": Ratings(
                length=5 if gone < 0.5 else 4, structure=5, result=4, delivery=5 if gone < 0.7 else 3
            ),
            "assessment": answer.assessment.model_copy(update={"analysis": changed}),
        }
    )
