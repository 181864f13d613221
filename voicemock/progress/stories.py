"""The best and the latest take of every story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf

from pydantic import AwareDatetime

from voicemock.models import Measured, Model
from voicemock.store import MeasuredTake


class ToldTake(Model):
    """One telling of a story, by the numbers that rank it."""

    session: str
    position: int
    recorded_at: AwareDatetime
    take: int
    """Which telling of the story it is, counted from 1."""
    duration_s: float | None
    missing: tuple[str, ...] | None
    """Names of parts; None where they were not looked for."""
    measured_results: int | None
    fillers_per_hundred_words: float | None
    """Filled pauses and filler phrases."""


class StoryProgress(Model):
    """A story over its takes."""

    name: str
    takes: int
    best: ToldTake | None
    """None where no take was measured by today's rules."""
    latest: ToldTake


def stories_of(takes: Iterable[MeasuredTake], current_version: int) -> tuple[StoryProgress, ...]:
    """Return every story, the one told last first; only what today's rules measured can be the best."""
    told: dict[str, list[MeasuredTake]] = {}
    for take in takes:
        if take.story is not None:
            told.setdefault(take.story, []).append(take)
    newest_first = sorted(told.items(), key=lambda item: item[1][-1].recorded_at, reverse=True)
    return tuple(_progress(name, group, current_version) for name, group in newest_first)


def rank(measured: Measured) -> tuple[float, ...]:
    """Return what takes are ranked by, the best lowest.

    Fewest parts missing; then nearest to the target length; then with a measured result; then fewest fillers.
    """
    fillers = measured.per_hundred_words(measured.filled_pauses + measured.filler_phrases)
    return (
        sum(not part.present for part in measured.parts) if measured.parts else inf,
        _seconds_off(measured),
        0.0 if measured.measured_results else 1.0,
        inf if fillers is None else fillers,
    )


def _progress(name: str, takes: Sequence[MeasuredTake], current_version: int) -> StoryProgress:
    numbered = list(enumerate(takes, start=1))
    level = [each for each in numbered if each[1].measured.analysis_version == current_version]
    best = min(level, key=lambda each: (*rank(each[1].measured), -each[0]), default=None)  # of equals the newest
    return StoryProgress(name=name, takes=len(takes), best=_told(*best) if best else None, latest=_told(*numbered[-1]))


def _told(number: int, take: MeasuredTake) -> ToldTake:
    measured = take.measured
    return ToldTake(
        session=take.session,
        position=take.position,
        recorded_at=take.recorded_at,
        take=number,
        duration_s=measured.duration_s,
        missing=tuple(part.name for part in measured.parts if not part.present) if measured.parts else None,
        measured_results=measured.measured_results,
        fillers_per_hundred_words=measured.per_hundred_words(measured.filled_pauses + measured.filler_phrases),
    )


def _seconds_off(measured: Measured) -> float:
    if measured.duration_s is None:
        return inf
    return max(measured.target_min_s - measured.duration_s, measured.duration_s - measured.target_max_s, 0.0)
