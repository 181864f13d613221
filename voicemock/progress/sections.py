"""Answers in groups, each with the trends that make sense for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Final, Literal, get_args

from voicemock.models import Framework, Model, Pillar
from voicemock.progress.followed import Dated, delivery_trends, framework_trends, length_trend
from voicemock.progress.trends import FEW_IN_ALL, Point, Trend
from voicemock.store import MeasuredTake

PILLARS: Final[tuple[Pillar, ...]] = get_args(Pillar)


class Section(Model):
    """A group of answers."""

    kind: Literal["all", "pillar", "framework"]
    name: str
    title: str
    answers: int
    trends: tuple[Trend, ...]

    @property
    def is_few(self) -> bool:
        """Whether there is too little to speak of a trend."""
        return self.answers < FEW_IN_ALL


def pillar_title(pillar: str) -> str:
    """Return how a pillar is called: "Program sense"."""
    return pillar.replace("_", " ").capitalize()


def sections_of(takes: Sequence[MeasuredTake], frameworks: Mapping[str, Framework]) -> tuple[Section, ...]:
    """Group answers: all of them, then by pillar (how long, how spoken), then by framework (how built).

    Replies to follow-ups, and what was asked back, tell how somebody speaks and nothing else.
    """
    everything = [_dated(take) for take in takes]
    trends = delivery_trends(everything)
    found = [Section(kind="all", name="all", title="All answers", answers=len(everything), trends=trends)]
    dated = [each for each in everything if each.take.measured.is_whole]
    for pillar in PILLARS:
        own = [each for each in dated if each.take.measured.pillar == pillar]
        trends = (length_trend(own), *delivery_trends(own)) if own else ()
        title = pillar_title(pillar)
        found.append(Section(kind="pillar", name=pillar, title=title, answers=len(own), trends=trends))
    for name, framework in frameworks.items():
        own = [each for each in dated if each.take.measured.framework == name]
        trends = framework_trends(own, framework) if own else ()
        title = framework.title
        found.append(Section(kind="framework", name=name, title=title, answers=len(own), trends=trends))
    return tuple(section for section in found if section.answers)


def _dated(take: MeasuredTake) -> Dated:
    day = take.recorded_at.astimezone().date()
    return Dated(partial(Point, day - timedelta(days=day.weekday())), take)
