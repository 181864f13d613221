"""What an interviewer listens for in one answer: what was seen, with the words that show it, and what was not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from voicemock.debrief.judged import Judged, Quote
from voicemock.feedback.findings import ACTION, HeardAnswer, quoting, quoting_first, quoting_remark, said
from voicemock.feedback.quoting import Evidence
from voicemock.feedback.results import sentence_at
from voicemock.models import CoverageItem, FrameworkPart, Observation, ObservationKind, PartOwnership, Seen

TITLES: Final[dict[ObservationKind, str]] = {
    "measured_outcome": "Measured outcome",
    "own_actions": "Own actions",
    "decision": "Decision",
    "trade_off": "Trade-off",
    "risk": "Risk",
    "technical": "Technical depth",
}
_SUBSTANCE: Final[tuple[ObservationKind, ...]] = ("decision", "trade_off", "risk", "technical")

_I: Final = re.compile(r"\bI\b")


def observe(judged: Judged) -> tuple[Observation, ...]:
    """Return everything that was listened for; nothing where there is no answer."""
    heard = judged.heard
    if heard is None or not judged.is_observed:
        return ()
    return (
        *_parts(judged, heard),
        *_measured_outcome(judged, heard),
        *_own_actions(judged, heard),
        *_substance(judged, heard),
        *_checklist(judged, heard),
    )


def told_outcome(heard: HeardAnswer) -> Evidence | None:
    """Return the sentence of the last measured outcome, its number in focus; None where there is none."""
    if not heard.told_outcomes:
        return None
    outcome = heard.told_outcomes[-1]
    focus = (outcome.start_char, outcome.end_char)
    return quoting(sentence_at(heard, outcome.start_char), focus=focus) or Evidence(*focus, outcome.start_s)


def acts_of(heard: HeardAnswer) -> PartOwnership | None:
    """Return who acts in the actions of a story; None where it has none."""
    ownership = heard.analysis.ownership
    return next((each for each in ownership.by_part if each.part == ACTION), None) if ownership else None


def own_action(heard: HeardAnswer) -> Evidence | None:
    """Return the first action that the candidate tells as "I"; None where there is none."""
    return quoting_first(tuple(s for s in heard.sentences_of(ACTION) if _I.search(s.text)))


def _parts(judged: Judged, heard: HeardAnswer) -> Iterator[Observation]:
    missing = {part.name for part in heard.missing}
    for part in heard.framework.parts:
        if heard.analysis.structure is None:
            yield _not(judged, "part", part.name, part.title, "not_measured")
        elif part.name in missing:
            yield _not(judged, "part", part.name, part.title)
        else:
            yield _seen(judged, "part", part.name, part.title, _evidence_of_part(heard, part))


def _evidence_of_part(heard: HeardAnswer, part: FrameworkPart) -> Evidence | None:
    """Return a sentence of it, or the words by which the checklist knew it."""
    found = quoting_first(heard.sentences_of(part.name))
    if found is not None or heard.analysis.coverage is None:
        return found
    items = heard.analysis.coverage.items
    return next(
        (quoting_remark(heard, each.covered) for each in items if each.part == part.name and each.covered), None
    )


def _measured_outcome(judged: Judged, heard: HeardAnswer) -> Iterator[Observation]:
    """Stories owe one; anywhere else it is noted where it is."""
    kind: ObservationKind = "measured_outcome"
    evidence = told_outcome(heard)
    if evidence is not None:
        numbers = ", ".join(" ".join(outcome.text.split()) for outcome in heard.told_outcomes)
        yield _seen(judged, kind, kind, TITLES[kind], evidence, numbers)
    elif heard.framework.name == "star":
        yield _not(judged, kind, kind, TITLES[kind])


def _own_actions(judged: Judged, heard: HeardAnswer) -> Iterator[Observation]:
    if heard.framework.name != "star":
        return
    kind: ObservationKind = "own_actions"
    if heard.analysis.ownership is None:
        yield _not(judged, kind, kind, TITLES[kind], "not_measured")
        return
    acts = acts_of(heard)
    if acts is None or not acts.i:
        yield _not(judged, kind, kind, TITLES[kind], detail=f"I 0, we {acts.we}" if acts and acts.we else None)
    else:
        yield _seen(judged, kind, kind, TITLES[kind], own_action(heard), f"I {acts.i}, we {acts.we}")


def _substance(judged: Judged, heard: HeardAnswer) -> Iterator[Observation]:
    substance = heard.analysis.substance
    for kind in _SUBSTANCE:
        if substance is None:
            yield _not(judged, kind, kind, TITLES[kind], "not_measured")
            continue
        found = [remark for remark in said(substance.remarks) if remark.kind == kind]
        if found:
            surest = max(found, key=lambda remark: remark.confidence)
            yield _seen(judged, kind, kind, TITLES[kind], quoting_remark(heard, surest))
        else:
            yield _not(judged, kind, kind, TITLES[kind])


def _checklist(judged: Judged, heard: HeardAnswer) -> Iterator[Observation]:
    """The points that every answer of this kind needs, or that this question asks for."""
    items: tuple[CoverageItem, ...] = heard.analysis.coverage.items if heard.analysis.coverage else ()
    for item in items:
        if not item.expected:
            continue
        if item.covered is None:
            yield _not(judged, "checklist", item.name, item.title)
        else:
            yield _seen(judged, "checklist", item.name, item.title, quoting_remark(heard, item.covered))


def _seen(
    judged: Judged, kind: ObservationKind, name: str, title: str, evidence: Evidence | None, detail: str | None = None
) -> Observation:
    quote = judged.quote(evidence) or Quote("", None)
    return Observation(
        position=judged.position,
        kind=kind,
        name=name,
        title=title,
        seen="seen",
        detail=detail,
        quote=quote.text or None,
        start_s=quote.start_s,
    )


def _not(
    judged: Judged,
    kind: ObservationKind,
    name: str,
    title: str,
    seen: Seen = "not_seen",
    detail: str | None = None,
) -> Observation:
    return Observation(position=judged.position, kind=kind, name=name, title=title, seen=seen, detail=detail)


def first_sentence(heard: HeardAnswer) -> Evidence | None:
    """Return the first telling sentence of an answer."""
    return quoting_first(heard.sentences)
