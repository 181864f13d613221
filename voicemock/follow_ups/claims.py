"""What the candidate claims to have done, in words that an interviewer would stop at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from voicemock.analysis import Lexicon
from voicemock.analysis.phrasebook import Match, Phrasebook, Phrases
from voicemock.analysis.statements import Statement
from voicemock.feedback.findings import BACKGROUND
from voicemock.follow_ups.listening import Listened, Listening
from voicemock.models import Remark

_I: Final = 3.0
_WE: Final = 2.0
_NOBODY: Final = 0.0
_BACKGROUND: Final = -3.0
_DONE: Final = 2.0
"""Said among the actions, the result, or the parts of a plan."""
_SHOWN: Final = 2.0
"""The sentence shows a technical contribution, a decision or a trade-off."""
_UNEXPLAINED: Final = 1.0
_EXPLAINED: Final = -1.5
_OTHERS: Final = -2.0
"""Somebody else did it."""
_DIGGING: Final = 1.0
"""Said in the last reply: interviewers dig where they have just dug."""

CLAIMED_FROM: Final = 3.0
"""Below it a word was merely mentioned."""

_NOT_WITHIN: Final = 4
"""Words before a term within which a "not" takes it back."""
_NOT_BEHIND: Final = 2
"""Words behind it: "rolling back was not possible"."""
_THOUGHT_WITHIN: Final = 6


def load_claim_words() -> Phrases:
    """Read ``prompts/phrases/claims.yaml``, once a process.

    Raises:
        ContentError: The file is missing or breaks its schema.
    """
    return Phrases.load(
        "claims", "own", "shared", "others", "denied", "only thought", "planned", "general", "unquotable",
        "about failure",
    )  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """Words of the candidate that triggered a probe.

    Attributes:
        name: Of the probe.
        turn: The answer or reply they stand in.
        statement: Their sentence.
        match: Which words of it.
        worth: How much an interviewer would want to go after them.
    """

    name: str
    turn: Listened
    statement: Statement
    match: Match
    worth: float

    def is_told(self, lexicon: Lexicon) -> bool:
        """Tell whether its sentence says that something happened, not what one would do."""
        words = {word.text for word in self.statement.words}
        happened = any(word in lexicon.relevance["told"] or word.endswith("ed") for word in words)
        known = load_claim_words()
        return happened and not words & (known["planned"] | known["only thought"])


def find_claims(listening: Listening, book: Phrasebook, parts: Mapping[str, str]) -> dict[str, Claim]:
    """Return for each rule of a book the words that are most worth asking about, by the rule's name.

    Args:
        listening: What was said.
        book: What triggers the probes.
        parts: The part that a rule's words must stand in, where that matters.
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
            if load_claim_words().hears("general", statement):
                continue
            for match in book.find_all(statement):
                if match.rule.name in known or _is_denied(statement, match, is_story=turn.framework.name == "star"):
                    continue
                new.add(match.rule.name)
                yield Claim(match.rule.name, turn, statement, match, _worth(listening, turn, index, match))
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
        worth += 1.0  # in a plan nobody acts yet: "the gateway counts", "put a cache in front"
    worth += _shows(turn, statement) + min(1.0, 0.5 * (match.last - match.first))
    worth += _DIGGING if turn is listening.turns[-1] and turn is not listening.main else 0.0
    return worth + (_EXPLAINED if listening.lexicon.is_explained(turn.statements, index) else 0.0)


def _who(statement: Statement, match: Match) -> float:
    """Return what it adds who did it: the last person named before the words, or else in the sentence."""
    known = load_claim_words()
    persons = known["own"] | known["shared"] | known["others"]
    before = [word.text for word in statement.words[: match.last + 1] if word.text in persons]
    anywhere = [word.text for word in statement.words if word.text in persons]
    who = next(iter(before[::-1] or anywhere), None)
    if who in known["own"]:
        return _I
    if who in known["shared"]:
        return _WE
    return _NOBODY if who is None else _OTHERS


def _shows(turn: Listened, statement: Statement) -> float:
    """Return what the analysis adds: a contribution in the same sentence, a term left unexplained."""
    analysis = turn.assessment.analysis
    remarks = analysis.substance.remarks if analysis.substance else ()
    shown = any(_within(remark, statement) and remark.kind != "coordination" for remark in remarks)
    unexplained = any(_within(remark, statement) for remark in analysis.jargon)
    return shown * _SHOWN + unexplained * _UNEXPLAINED


def _within(remark: Remark, statement: Statement) -> bool:
    return statement.sentence.start_char <= remark.start_char < statement.sentence.end_char


def _is_denied(statement: Statement, match: Match, *, is_story: bool) -> bool:
    """Tell whether the words before a term say that it was not done."""
    before = [word.text for word in statement.words[: match.first]]
    after = [word.text for word in statement.words[match.last + 1 : match.last + 1 + _NOT_BEHIND]]
    known = load_claim_words()
    if known["denied"] & {*before[-_NOT_WITHIN:], *after}:
        return True
    return is_story and bool(known["only thought"] & set(before[-_THOUGHT_WITHIN:]))
