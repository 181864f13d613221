"""Chooses the next follow-up from the answer itself, the interviewer's style, and the probes in ``prompts/probes``."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.phrasebook import Phrasebook
from voicemock.coaching.claims import CLAIMED_FROM, SENSES, Claim, find_claims, find_sure_claims
from voicemock.coaching.gaps import Gap, find_gaps, outcomes_moved
from voicemock.coaching.probes import (
    Listened,
    Listening,
    Probe,
    ProbeFile,
    book_of,
    load_probes,
    number_of,
    say,
)
from voicemock.content.frameworks import load_frameworks
from voicemock.content.yaml_files import prompts_folder
from voicemock.models import Assessment, Framework, Question

ID_PREFIX: Final = "probe-"
"""The id of a follow-up is this and the name of its probe."""
_DEFAULT_COMPETENCY: Final = "follow-up"
_JITTER: Final = 1.5
"""Random spread, to decide among probes of about the same worth."""
MAJOR_GAP: Final = "major_gap"

_NEUTRAL: Final[Mapping[str, float]] = MappingProxyType(
    {
        MAJOR_GAP: 35.0,
        "open": 42.0,
        "technical": 40.0,
        "said": 36.0,
        "trade_off": 34.0,
        "missing": 32.0,
        "leadership": 30.0,
        "pushback": 26.0,
    }
)

_WARM: Final[Mapping[str, float]] = MappingProxyType(
    {
        MAJOR_GAP: 35.0,
        "open": 44.0,
        "technical": 37.0,
        "said": 36.0,
        "missing": 34.0,
        "trade_off": 32.0,
        "leadership": 30.0,
        "pushback": 18.0,
    }
)

_PRESSING: Final[Mapping[str, float]] = MappingProxyType(
    {
        MAJOR_GAP: 35.0,
        "pushback": 44.0,
        "said": 40.0,
        "technical": 40.0,
        "open": 40.0,
        "trade_off": 38.0,
        "leadership": 32.0,
        "missing": 28.0,
    }
)

ORDERS: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {"warm": _WARM, "neutral": _NEUTRAL, "pressing": _PRESSING}
)
"""Base worth of each kind of probe, by style. The rest adds at most about 12, or 25 to 50 for a major gap."""

MAJOR_STEP: Final = 5.0
"""Added for each step of a major gap's worth: more than chance and a trigger, so that the worst gap comes first."""
SAME_KIND_AGAIN: Final = 34.0
"""Taken off for each earlier follow-up of the same kind to this answer."""
DIGGING: Final = 34.0
"""Given back for what was first said in the last reply: interviewers dig where they have just dug, once."""
SAME_WISH_AGAIN: Final = 4.0
"""Taken off if an earlier follow-up asked for the same ("number", "decision")."""
SAME_SENTENCE_AGAIN: Final = 8.0
ON_TOPIC: Final = 8.0
"""Added if the job description mentions it."""
OPEN: Final = 3.0
"""Added to an open question if what answers it is quite surely absent."""
A_TERM_OF_A_PLAN: Final = -8.0
"""Added to a question about a technical term of a plan: what it asks may well be in the plan, in other words."""
TRIGGERED: Final = 3.0
"""Added if words of the answer call for it."""


@dataclass(frozen=True)
class _Candidate:
    probe: Probe
    file: ProbeFile
    worth: float
    claim: Claim | None


@dataclass(frozen=True)
class FollowUps:
    """Chooses follow-ups.

    Attributes:
        files: The probes, by kind.
        frameworks: The frameworks that answers are judged by.
        lexicon: The word lists of the analysis.
    """

    files: tuple[ProbeFile, ...]
    frameworks: tuple[Framework, ...]
    lexicon: Lexicon = field(default_factory=Lexicon.load, repr=False)

    @classmethod
    def load(cls, folder: Path | None = None) -> FollowUps:
        """Read ``probes/`` and ``frameworks/`` of a folder, voicemock's own by default.

        Raises:
            ContentError: A file breaks its schema, or two probes have the same name.
        """
        prompts = folder or prompts_folder()
        return cls(
            files=load_probes(prompts / "probes"),
            frameworks=load_frameworks(prompts),
        )

    def next_probe(
        self,
        said: Sequence[Assessment],
        question: Question | None,
        *,
        asked: Collection[str] = (),
        style: str = "neutral",
        topics: Collection[str] = (),
        seed: int | None = None,
    ) -> Question | None:
        """Return what to ask next; None if nothing is left to ask, or nothing was said that could be asked about.

        The same words, seed and earlier follow-ups give the same one.

        Args:
            said: The answer, then the replies to follow-ups.
            question: What was asked; None for a story that was told without a question.
            asked: Ids of the follow-ups so far in this interview.
            style: Name of the interviewer's style: warm, neutral or pressing.
            topics: What the job is about, in single words.
            seed: Decides, with the answer's words, among probes of the same worth.
        """
        listening = self._listen(said)
        if listening is None or not _can_be_probed(listening):
            return None
        chance = f"{seed}|{listening.main.assessment.transcript.text}"
        candidates = self._candidates(listening, question, asked, style, frozenset(map(str.lower, topics)))
        best = max(
            candidates, key=lambda each: (each.worth + _jitter(chance, each.probe.name), each.probe.name), default=None
        )
        return None if best is None else self._ask(best, listening, question, chance)

    def _listen(self, said: Sequence[Assessment]) -> Listening | None:
        frameworks = {framework.name: framework for framework in self.frameworks}
        turns = tuple(
            Listened(each, frameworks[each.analysis.structure.framework if each.analysis.structure else "star"])
            for each in said
        )
        return Listening(turns, self.lexicon) if turns else None

    def _candidates(
        self,
        listening: Listening,
        question: Question | None,
        asked: Collection[str],
        style: str,
        topics: frozenset[str],
    ) -> Iterator[_Candidate]:
        """Yield every probe that fits, with its worth now."""
        framework = listening.main.framework.name
        gaps = {gap.name: gap for gap in find_gaps(listening, question)}
        claims = find_claims(listening, self._heard, self._parts)
        fitting = [probe for _, probe in self._probes if framework in probe.frameworks]
        claims |= find_sure_claims(listening, fitting, self._heard_with_evidence, self._ruling_out)
        ruled_out = listening.rules_found(self._answered) | self._without_context(listening)
        earlier = [(file, probe) for file, probe in self._probes if ID_PREFIX + probe.name in listening.probed]
        may_claim = "off_topic" not in gaps and "brief" not in gaps
        for file, probe in self._probes:
            if ID_PREFIX + probe.name in asked or ID_PREFIX + probe.name in listening.probed:
                continue
            if framework not in probe.frameworks or probe.name in ruled_out:
                continue
            if not _fits(file, probe, gaps, claims.get(probe.name), listening, may_claim=may_claim):
                continue
            if style == "warm" and file.kind == "pushback" and not earlier:
                continue  # a warm interviewer pushes only after another follow-up
            if probe.gap is not None and any(each.gap == probe.gap for _, each in earlier):
                continue
            if file.kind == "open" and any(
                each.asks_for == probe.asks_for for other, each in earlier if other.kind in ("open", "missing")
            ):
                continue
            claim = claims.get(probe.name)
            worth = _worth(file, probe, gaps.get(probe.gap or ""), claim, style)
            if file.kind == "open":
                worth += OPEN * (listening.how_open(*probe.told) or 0.0)
            worth += ON_TOPIC * bool(topics & self._topics_of(probe, topics))
            worth += A_TERM_OF_A_PLAN * (file.kind == "technical" and listening.main.framework.is_plan)
            yield _Candidate(probe, file, worth - _repetition(file, probe, claim, claims, listening, earlier), claim)

    def _ask(self, chosen: _Candidate, listening: Listening, question: Question | None, chance: str) -> Question:
        """Return a probe as a question of the interview."""
        probe, claim = chosen.probe, chosen.claim
        quote, term = (claim.quote, claim.term) if claim is not None else (None, None)
        number = _number(listening)
        return Question(
            id=ID_PREFIX + probe.name,
            text=say(probe, chosen.file, quote=quote, term=term, number=number, seed=chance),
            pillar=question.pillar if question else "behavioral",
            framework=question.framework if question else listening.main.framework.name,
            competency=question.competency if question else _DEFAULT_COMPETENCY,
            companies=question.companies if question else (),
            level=question.level if question else "senior",
            target_min_s=probe.target_s[0],
            target_max_s=probe.target_s[1],
            strong_answer=probe.listens_for,
            common_mistakes=chosen.file.common_mistakes,
            kind="follow_up",
            asks_for=probe.asks_for,
        )

    def _without_context(self, listening: Listening) -> frozenset[str]:
        """Return the probes whose required context was not mentioned."""
        needing = {probe.name for _, probe in self._probes if probe.needs}
        return frozenset(needing - listening.rules_found(self._context))

    def _topics_of(self, probe: Probe, topics: frozenset[str]) -> frozenset[str]:
        """Return the topics that a probe is about."""
        known = self._topic_words[probe.name]
        return frozenset(
            topic
            for topic in topics
            if any(topic == each or (each.endswith("*") and topic.startswith(each[:-1])) for each in known)
        )

    @cached_property
    def _probes(self) -> tuple[tuple[ProbeFile, Probe], ...]:
        return tuple((file, probe) for file in self.files for probe in file.probes)

    @cached_property
    def _topic_words(self) -> dict[str, frozenset[str]]:
        return {probe.name: _topic_words(probe, self.lexicon.stop_words) for _, probe in self._probes}

    @cached_property
    def _heard(self) -> Phrasebook:
        probes = [probe for _, probe in self._probes if not probe.evidence]
        return book_of({each.name: each.heard for each in probes}, {each.name: each.unless for each in probes})

    @cached_property
    def _heard_with_evidence(self) -> Phrasebook:
        return book_of({probe.name: probe.heard for _, probe in self._probes if probe.evidence})

    @cached_property
    def _ruling_out(self) -> Phrasebook:
        return book_of({probe.name: probe.unless for _, probe in self._probes if probe.evidence})

    @cached_property
    def _parts(self) -> dict[str, str]:
        return {probe.name: probe.part for _, probe in self._probes if probe.part is not None}

    @cached_property
    def _answered(self) -> Phrasebook:
        return book_of({probe.name: probe.answered_by for _, probe in self._probes})

    @cached_property
    def _context(self) -> Phrasebook:
        return book_of({probe.name: probe.needs for _, probe in self._probes})


def _can_be_probed(listening: Listening) -> bool:
    """Return whether there is something to ask about: an answer that did not end in insults or refusals."""
    if listening.main.refusal not in (None, "off_topic"):
        return False
    if listening.main.refusal == "off_topic" and len(listening.turns) > 1:
        return False
    refusals = [turn.refusal for turn in listening.turns[1:]]
    return "hostile" not in refusals and not (len(refusals) > 1 and all(refusals[-2:]))


def _fits(
    file: ProbeFile,
    probe: Probe,
    gaps: dict[str, Gap],
    claim: Claim | None,
    listening: Listening,
    *,
    may_claim: bool,
) -> bool:
    """Return whether there is a reason to ask a probe at all."""
    if probe.gap is not None:
        return probe.gap in gaps and (not probe.heard or claim is not None)
    if not may_claim or (probe.needs_number and not outcomes_moved(listening)):
        return False
    if file.is_claim:
        if claim is None or claim.worth < CLAIMED_FROM:
            return False
        if file.kind in SENSES and (file.kind not in claim.senses or listening.main.speaks_jargon):
            return False
        is_plan = listening.main.framework.is_plan
        return probe.fits_plans or bool(probe.evidence) or not is_plan or claim.is_told(listening.lexicon)
    if file.kind == "open" and (listening.how_open(*probe.told) is None or not listening.surely_tells(*probe.about)):
        return False
    return not probe.heard or claim is not None


def _worth(file: ProbeFile, probe: Probe, gap: Gap | None, claim: Claim | None, style: str) -> float:
    worth = ORDERS.get(style, _NEUTRAL)[MAJOR_GAP if gap is not None and gap.is_major else file.kind]
    if gap is not None:
        step = MAJOR_STEP if gap.is_major else 1.0
        return worth + step * gap.worth + (TRIGGERED if claim is not None else 0.0)
    worth += 1.5 * (probe.worth - 2)
    if claim is None:
        return worth + (TRIGGERED if probe.needs_number and file.kind != "open" else 0.0)
    return worth + (claim.worth if file.is_claim else TRIGGERED)


def _repetition(
    file: ProbeFile,
    probe: Probe,
    claim: Claim | None,
    claims: dict[str, Claim],
    listening: Listening,
    earlier: Sequence[tuple[ProbeFile, Probe]],
) -> float:
    """Return what a probe loses because of earlier follow-ups to the same answer."""
    lost = sum(SAME_KIND_AGAIN for each, _ in earlier if each.kind == file.kind)
    if lost and claim is not None and claim.turn is listening.turns[-1] and claim.turn is not listening.main:
        lost -= DIGGING
    lost += sum(SAME_WISH_AGAIN for _, each in earlier if each.asks_for == probe.asks_for)
    sentences = {id(claims[each.name].statement) for _, each in earlier if each.name in claims}
    return lost + (SAME_SENTENCE_AGAIN if claim is not None and id(claim.statement) in sentences else 0.0)


def _number(listening: Listening) -> str | None:
    """Return the outcome that a probe may mention, in the candidate's words."""
    told = outcomes_moved(listening)
    return next((number for turn, outcome in told if (number := number_of(turn, outcome)) is not None), None)


def _topic_words(probe: Probe, stop_words: frozenset[str]) -> frozenset[str]:
    words = {each for phrase in probe.heard for item in phrase.split() for each in item.rstrip("?").split("|")}
    return frozenset(
        each.removeprefix("^") for each in words | set(probe.topics) if len(each) > 2 and each not in stop_words
    ) - {"..."}


def _jitter(chance: str, name: str) -> float:
    digest = hashlib.blake2b(f"{chance}|{name}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return _JITTER * int.from_bytes(digest, "big") / 2**64
