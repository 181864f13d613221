"""Reasons for follow-ups: claims that an interviewer would question, and gaps that limit the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.phrasebook import Match, Phrasebook
from voicemock.analysis.spoken_text import Statement, statement_of
from voicemock.coaching.cues import load_claim_words
from voicemock.coaching.findings import ACTION, BACKGROUND, said
from voicemock.coaching.probes import Listened, Listening
from voicemock.models import QuantifiedResult, Question, Remark

# The worth of a claim is the sum of those that apply.
_I: Final = 3.0
_WE: Final = 2.0
_OTHERS: Final = -2.0
"""Taken off if other people did it."""
_BACKGROUND: Final = -3.0
_DONE: Final = 2.0
"""Added for words in the actions, the result, or the parts of a plan."""
_SHOWN: Final = 2.0
"""Added if the sentence shows a technical contribution, a decision or a trade-off."""
_UNEXPLAINED: Final = 1.0
_EXPLAINED: Final = -1.5
_DIGGING: Final = 1.0
"""Added for words of the last reply: interviewers dig where they have just dug."""

CLAIMED_FROM: Final = 3.0
"""A claim below this worth was merely mentioned."""
_NOT_WITHIN: Final = 4
"""A "not" within this many words before a term negates it."""
_NOT_BEHIND: Final = 2
"""The same after a term: "rolling back was not possible"."""
_THOUGHT_WITHIN: Final = 6
"""The same for words like "should" in a story."""

BESIDE_THE_POINT: Final = ("aside", "other_story")
"""Evidence of a sentence that no interviewer asks about."""
SENSES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "technical": ("component", "scaling", "failure_handling", "operations", "metric", "data_used", "code_detail"),
        "trade_off": ("decision", "trade_off", "option", "component", "scaling", "failure_handling", "operations"),
    }
)
"""Kinds of probes about a term, and the evidence of a sentence that uses it in that sense."""
ABSENT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "decision": ("decision",),
        "alternatives": ("option", "trade_off"),
        "risk": ("risk",),
        "reason": ("reason",),
        "lesson": ("lesson",),
    }
)
"""Gaps of a story, and the evidence that must surely be absent for each."""
MAJOR: Final = 5.0
"""From this worth on, a gap comes before anything that was said."""

OF_A_STORY: Final[Mapping[str, float]] = MappingProxyType(
    {
        "off_topic": 10.0,
        "brief": 9.5,
        "action": 9.0,
        "result": 8.0,
        "number": 7.0,
        "coordination": 6.2,
        "own_part": 5.8,
        "situation": 5.4,
        "task": 5.0,
        "evidence": 3.5,
        "baseline": 3.0,
        "decision": 2.5,
        "alternatives": 2.5,
        "risk": 2.0,
        "reason": 1.5,
        "lesson": 1.0,
    }
)
"""Worth of each gap of a story. The gaps of a plan are its parts and the points of its checklist."""

MISSING_PART: Final = 6.0
"""Worth of a missing part of a triage or design answer."""
MISSING_POINT: Final = 3.0
"""Worth of a missing checklist point; half of what is said in plain words is not recognized (docs/accuracy.md)."""
LESSON_ASKED: Final = 5.0
"""Worth of a lesson if the question was about a failure."""
MOVED_UNITS: Final = frozenset({"%", "points", "x", "USD"})
WE_FROM: Final = 4
WE_SHARE: Final = 0.7
"""With two of three actions by "we", the candidate can still be told from the team."""
COORDINATION_FROM: Final = 3
COORDINATION_SHARE: Final = 0.5
"""The feedback objects to coordination from 0.6 on; a question may come sooner."""


@dataclass(frozen=True)
class Claim:
    """Words of the candidate that triggered a probe.

    Attributes:
        name: Name of the probe.
        turn: The answer or reply with these words.
        statement: Their sentence.
        match: The words in it.
        worth: How much an interviewer would want to question them.
        senses: Kinds of probes in whose sense the words are used, of ``SENSES``.
    """

    name: str
    turn: Listened
    statement: Statement
    match: Match
    worth: float
    senses: frozenset[str] = frozenset()

    def is_told(self, lexicon: Lexicon) -> bool:
        """Return whether its sentence tells what happened, not what one would do."""
        words = {word.text for word in self.statement.words}
        happened = any(word in lexicon.relevance["told"] or word.endswith("ed") for word in words)
        known = load_claim_words()
        return happened and not words & (known["planned"] | known["only thought"])


def find_claims(listening: Listening, book: Phrasebook, parts: Mapping[str, str]) -> dict[str, Claim]:
    """Return, for each rule of a phrasebook, the claim that is most worth asking about.

    Args:
        listening: What was said.
        book: The triggers of the probes.
        parts: The part in which a rule's words must be said, if that matters.
    """
    best: dict[str, Claim] = {}
    for claim in _claims(listening, book):
        if parts.get(claim.name, claim.statement.sentence.part) != claim.statement.sentence.part:
            continue
        if claim.name not in best or claim.worth > best[claim.name].worth:
            best[claim.name] = claim
    return best


def _claims(listening: Listening, book: Phrasebook) -> Iterator[Claim]:
    known: set[str] = set()
    for turn in listening.meaningful:
        new = known.copy()
        for index, statement in enumerate(turn.statements):
            if turn.holds(index, *BESIDE_THE_POINT) or load_claim_words().hears("general", statement):
                continue
            senses = frozenset(kind for kind, names in SENSES.items() if turn.holds(index, *names))
            for match in book.find_all(statement):
                if match.rule.name in known or _is_denied(statement, match, is_story=turn.framework.name == "star"):
                    continue
                new.add(match.rule.name)
                yield Claim(match.rule.name, turn, statement, match, _worth(listening, turn, index, match), senses)
        known = new


def _worth(listening: Listening, turn: Listened, index: int, match: Match) -> float:
    statement = turn.statements[index]
    part = statement.sentence.part
    worth = _who(statement, match)
    if part is not None:
        worth += _BACKGROUND if part in BACKGROUND else _DONE
    elif turn.framework.name != "star":
        worth += _DONE / 2
    if turn.framework.name != "star" and worth < _DONE + _WE:
        worth += 1.0  # a plan names no person: "the gateway counts", "put a cache in front"
    worth += _shows(turn, statement) + min(1.0, 0.5 * (match.last - match.first))
    worth += _DIGGING if turn is listening.turns[-1] and turn is not listening.main else 0.0
    return worth + (_EXPLAINED if listening.lexicon.is_explained(turn.statements, index) else 0.0)


def _who(statement: Statement, match: Match) -> float:
    """Return the worth of who did it: the last person named before the words, or else the first in the sentence."""
    known = load_claim_words()
    persons = known["own"] | known["shared"] | known["others"]
    before = [word.text for word in statement.words[: match.last + 1] if word.text in persons]
    anywhere = [word.text for word in statement.words if word.text in persons]
    who = next(iter(before[::-1] or anywhere), None)
    if who in known["own"]:
        return _I
    if who in known["shared"]:
        return _WE
    return 0.0 if who is None else _OTHERS


def _shows(turn: Listened, statement: Statement) -> float:
    """Return the worth of a contribution in the same sentence, and of an unexplained term."""
    analysis = turn.assessment.analysis
    remarks = analysis.substance.remarks if analysis.substance else ()
    shown = any(_within(remark, statement) and remark.kind != "coordination" for remark in remarks)
    unexplained = any(_within(remark, statement) for remark in analysis.jargon)
    return shown * _SHOWN + unexplained * _UNEXPLAINED


def _within(remark: Remark, statement: Statement) -> bool:
    return statement.sentence.start_char <= remark.start_char < statement.sentence.end_char


def _is_denied(statement: Statement, match: Match, *, is_story: bool) -> bool:
    """Return whether the words around a term say that it was not done."""
    before = [word.text for word in statement.words[: match.first]]
    after = [word.text for word in statement.words[match.last + 1 : match.last + 1 + _NOT_BEHIND]]
    known = load_claim_words()
    if known["denied"] & {*before[-_NOT_WITHIN:], *after}:
        return True
    return is_story and bool(known["only thought"] & set(before[-_THOUGHT_WITHIN:]))


@dataclass(frozen=True)
class Gap:
    """Something that the answer lacks.

    Attributes:
        name: A part, a checklist point, or one of ``OF_A_STORY``.
        worth: How much it limits the answer.
    """

    name: str
    worth: float

    @property
    def is_major(self) -> bool:
        """Whether it comes before anything that was said."""
        return self.worth >= MAJOR


def find_gaps(listening: Listening, question: Question | None) -> tuple[Gap, ...]:
    """Return what both the answer and the replies lack, the worst first."""
    main = listening.main
    if main.refusal == "off_topic":
        return (Gap("off_topic", OF_A_STORY["off_topic"]),)
    if main.heard.is_hardly_there and not listening.replies:
        return (Gap("brief", OF_A_STORY["brief"]),)
    found = _gaps_of_a_story(listening, question) if main.framework.name == "star" else _gaps_of_a_plan(listening)
    found |= _who_did_it(main)
    return tuple(sorted((Gap(name, worth) for name, worth in found.items()), key=lambda gap: (-gap.worth, gap.name)))


def outcomes_told(listening: Listening) -> tuple[tuple[Listened, QuantifiedResult], ...]:
    """Return the measured outcomes of the answer and the replies, those of the result first."""
    told = [(turn, outcome) for turn in listening.meaningful for outcome in turn.heard.told_outcomes]
    return tuple(sorted(told, key=lambda pair: pair[1].part != "result"))


def outcomes_moved(listening: Listening) -> tuple[tuple[Listened, QuantifiedResult], ...]:
    """Return the outcomes that tell a change, not only what was reached ("zero incidents")."""
    return tuple(
        (turn, outcome)
        for turn, outcome in outcomes_told(listening)
        if outcome.value_from is not None or outcome.direction is not None or outcome.unit in MOVED_UNITS
    )


def lacks_baseline(outcome: QuantifiedResult) -> bool:
    """Return whether an outcome tells how much something changed, but not from where."""
    return outcome.value_from is None and outcome.direction is not None and outcome.unit in ("%", "points")


def _gaps_of_a_story(listening: Listening, question: Question | None) -> dict[str, float]:
    missing = {part.name for part in listening.main.heard.missing}
    missing -= {sentence.part for turn in listening.replies for sentence in turn.heard.sentences if sentence.part}
    outcomes = outcomes_told(listening)
    if outcomes:
        missing.discard("result")
    names = set(missing)
    if not outcomes and "result" not in missing:
        names.add("number")
    if outcomes_moved(listening):
        names.add("evidence")
    if any(lacks_baseline(outcome) for _, outcome in outcomes):
        names.add("baseline")
    names |= {name for name, evidence in ABSENT.items() if listening.lacks(*evidence)}
    found = {name: OF_A_STORY[name] for name in names}
    if "lesson" in found and question and load_claim_words().hears("about failure", statement_of(question.text)):
        found["lesson"] = LESSON_ASKED
    return found


def _gaps_of_a_plan(listening: Listening) -> dict[str, float]:
    """Return the parts and expected points that a triage or design answer lacks."""
    coverage = listening.main.assessment.analysis.coverage
    later = {
        item.name
        for turn in listening.replies
        if turn.assessment.analysis.coverage
        for item in turn.assessment.analysis.coverage.items
        if item.covered
    }
    points = [item for item in coverage.items if item.expected and not item.covered] if coverage else []
    found = {item.name: MISSING_POINT for item in points if item.name not in later}
    told = {sentence.part for turn in listening.replies for sentence in turn.heard.sentences}
    return found | {part.name: MISSING_PART for part in listening.main.heard.missing if part.name not in told}


def _who_did_it(main: Listened) -> dict[str, float]:
    """Return the gaps of an answer in which "we" act, or that tells of coordination alone."""
    analysis = main.assessment.analysis
    found = {}
    by_part = analysis.ownership.by_part if analysis.ownership else ()
    acts = next((part for part in by_part if part.part == ACTION), None)
    if acts is not None and acts.we >= WE_FROM and (acts.we_share or 0.0) >= WE_SHARE:
        found["own_part"] = OF_A_STORY["own_part"]
    if analysis.substance is not None:
        meetings = said(remark for remark in analysis.substance.remarks if remark.kind == "coordination")
        if len(meetings) >= COORDINATION_FROM and (analysis.substance.coordination_share or 0) >= COORDINATION_SHARE:
            found["coordination"] = OF_A_STORY["coordination"]
    return found
