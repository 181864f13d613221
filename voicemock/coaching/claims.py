"""Claims: what a candidate said that an interviewer would question.

A probe finds its claim by phrases ("cut over") or by evidence: a sentence that surely tells a decision, say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from voicemock.analysis.evidence import LIKELY
from voicemock.analysis.figures import has_number
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.phrasebook import Match, Phrasebook
from voicemock.analysis.spoken_text import Statement
from voicemock.coaching.cues import load_claim_words
from voicemock.coaching.findings import BACKGROUND
from voicemock.coaching.probes import Listened, Listening, Probe, quote_all_of, quote_of, term_of
from voicemock.coaching.quoting import is_sentence
from voicemock.models import Remark

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

SURE_FROM: Final = 0.7
"""From this probability on a sentence holds what a probe asks about."""
_ANSWERED_WITHIN: Final = 2
"""Speakers answer the question that a sentence raises within two sentences of it, if at all."""
NO_CLAIM: Final = ("contempt", "talk_about_answering", "hand_over", "platitude")
"""Evidence of a sentence that is not asked about for what it says."""
BESIDE_THE_POINT: Final = ("aside", "other_story")
"""Evidence of a sentence that no interviewer asks about."""
SENSES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "technical": ("component", "scaling", "failure_handling", "operations", "metric", "data_used", "code_detail"),
        "trade_off": ("decision", "trade_off", "option", "component", "scaling", "failure_handling", "operations"),
    }
)
"""Kinds of probes about a term, and the evidence of a sentence that uses it in that sense."""


@dataclass(frozen=True)
class Claim:
    """Words of the candidate that triggered a probe.

    Attributes:
        name: Name of the probe.
        turn: The answer or reply with these words.
        statement: Their sentence.
        focus: Offsets of the words in it; None where the sentence counts as a whole.
        worth: How much an interviewer would want to question them.
        senses: Kinds of probes in whose sense the words are used, of ``SENSES``.
    """

    name: str
    turn: Listened
    statement: Statement
    focus: tuple[int, int] | None
    worth: float
    senses: frozenset[str] = frozenset()

    @property
    def quote(self) -> str | None:
        """A few of the words, or whole clauses; None where none can be quoted."""
        if self.focus is None:
            return quote_all_of(self.turn, self.statement)
        return quote_of(self.turn, self.statement, self.focus) if is_sentence(self.statement.sentence) else None

    @property
    def term(self) -> str | None:
        """The words, if they name a thing."""
        return None if self.focus is None else term_of(self.turn, self.focus)

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


def find_sure_claims(
    listening: Listening, probes: Iterable[Probe], heard: Phrasebook, ruling_out: Phrasebook
) -> dict[str, Claim]:
    """Return, for each probe that asks about evidence, the quotable sentence that most surely holds it.

    Args:
        listening: What was said.
        probes: The probes.
        heard: What such a sentence must say, too, by the name of a probe.
        ruling_out: What it must not say.
    """
    found = {}
    for probe in probes:
        if probe.evidence and not listening.may_hold(*probe.told):
            candidates = sorted(_sure_claims(listening, probe), key=lambda claim: -claim.worth)
            said = [claim for claim in candidates if not probe.heard or _says(claim, heard)]
            fitting = (claim for claim in said if not _says(claim, ruling_out))
            best = next((claim for claim in fitting if _is_quotable(claim, probe)), None)
            if best is not None:
                found[probe.name] = best
    return found


def _says(claim: Claim, book: Phrasebook) -> bool:
    return any(match.rule.name == claim.name for match in book.find(claim.statement))


def _is_quotable(claim: Claim, probe: Probe) -> bool:
    """Return whether its sentence can be quoted, with the number if the probe asks about that."""
    quote = claim.quote
    return quote is not None and ("impact_sized" not in probe.evidence or has_number(quote))


def _sure_claims(listening: Listening, probe: Probe) -> Iterator[Claim]:
    for turn in listening.meaningful:
        for index, statement in enumerate(turn.statements):
            how_sure = turn.surely_holds(index, probe.evidence)
            if how_sure < SURE_FROM or turn.holds(index, *BESIDE_THE_POINT, *NO_CLAIM):
                continue
            near = range(max(0, index - _ANSWERED_WITHIN), min(len(turn.statements), index + 1 + _ANSWERED_WITHIN))
            if any(turn.holds(each, *probe.told_near) for each in near):
                continue
            digging = _DIGGING if turn is listening.turns[-1] and turn is not listening.main else 0.0
            yield Claim(probe.name, turn, statement, None, CLAIMED_FROM + how_sure + digging)


def _claims(listening: Listening, book: Phrasebook) -> Iterator[Claim]:
    known: set[str] = set()
    for turn in listening.meaningful:
        new = known.copy()
        for index, statement in enumerate(turn.statements):
            if turn.holds(index, *BESIDE_THE_POINT) or load_claim_words().hears("general", statement):
                continue
            senses = frozenset(kind for kind, names in SENSES.items() if turn.holds(index, *names, at_least=LIKELY))
            for match in book.find_all(statement):
                if match.rule.name in known or _is_denied(statement, match, is_story=not turn.framework.is_plan):
                    continue
                new.add(match.rule.name)
                focus = (statement.words[match.first].start_char, statement.words[match.last].end_char)
                yield Claim(match.rule.name, turn, statement, focus, _worth(listening, turn, index, match), senses)
        known = new


def _worth(listening: Listening, turn: Listened, index: int, match: Match) -> float:
    statement = turn.statements[index]
    part = statement.sentence.part
    worth = _who(statement, match)
    if part is not None:
        worth += _BACKGROUND if part in BACKGROUND else _DONE
    elif turn.framework.is_plan:
        worth += _DONE / 2
    if turn.framework.is_plan and worth < _DONE + _WE:
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
