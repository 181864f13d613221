"""What the answers show of each competency that was asked about, and what they leave open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, get_args

from voicemock.debrief.judged import OBSERVED
from voicemock.debrief.scorecards import observation_of
from voicemock.models import CompetencyEvidence, FrameworkName, Observation, ObservationKind, Pillar, Scorecard

_EVERYWHERE: Final[frozenset[ObservationKind]] = frozenset({"decision", "trade_off", "follow_up"})

SHOWS: Final[dict[FrameworkName, frozenset[ObservationKind]]] = {
    "star": _EVERYWHERE | {"own_actions", "measured_outcome"},
    "triage": _EVERYWHERE | {"risk", "checklist", "measured_outcome"},
    "design": _EVERYWHERE | {"technical", "risk", "checklist", "measured_outcome"},
}
"""What counts as evidence of a competency: that a story has a beginning shows nothing of its teller."""

_PILLARS: Final[tuple[Pillar, ...]] = get_args(Pillar)


def competencies_of(cards: Iterable[Scorecard]) -> tuple[CompetencyEvidence, ...]:
    """Return every competency that was asked about, by pillar and then in the order of the session."""
    asked: dict[tuple[Pillar, str], list[Scorecard]] = {}
    for card in cards:
        if card.question is not None and card.competency is not None:
            asked.setdefault((card.question.pillar, card.competency), []).append(card)
    in_order = sorted(asked.items(), key=lambda item: _PILLARS.index(item[0][0]))
    return tuple(_evidence(pillar, competency, group) for (pillar, competency), group in in_order)


def _evidence(pillar: Pillar, competency: str, cards: Sequence[Scorecard]) -> CompetencyEvidence:
    observations = [each for card in cards for each in _that_count(card)]
    supported_by = tuple(each for each in observations if each.seen == "seen")
    heard = {(each.kind, each.name) for each in supported_by if each.kind != "follow_up"}
    left_open: dict[tuple[object, ...], Observation] = {}
    for each in observations:
        if each.seen == "not_seen" and (each.kind, each.name) not in heard:
            key = (each.kind, each.name, each.position if each.kind == "follow_up" else None)
            left_open.setdefault(key, each)
    return CompetencyEvidence(
        competency=competency,
        pillar=pillar,
        positions=tuple(card.position for card in cards),
        supported_by=supported_by,
        left_open=tuple(left_open.values()),
        unanswered=tuple(card.position for card in cards if card.outcome != OBSERVED),
    )


def _that_count(card: Scorecard) -> Iterator[Observation]:
    if card.question is None:
        return
    shows = SHOWS[card.question.framework]
    yield from (each for each in card.observations if each.kind in shows)
    yield from (observation_of(each) for each in card.follow_ups)
