"""Judges the reply to a follow-up: did it hold what was asked for, in which words, and how early."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, get_args

from voicemock.analysis.phrasebook import Phrases
from voicemock.analysis.spoken_text import Statement, is_telling
from voicemock.models import Analysis, AsksFor, Sentence

SURELY_TOLD_WORDS: Final = 40
"""A reply of this length without a sign of what was asked for did not hold it. A shorter one may use other words."""
TOLD_APART: Final = frozenset({"number", "own_part", "lesson", "trade_off", "reason"})
"""Kinds with nearly complete lists of phrases: what these do not find was not said."""
SOON: Final = 2
"""The answer belongs in this many first sentences."""
SURE_FROM: Final = 0.7
"""Remarks below this confidence show nothing."""
_OF_SUBSTANCE: Final = {"decision": "decision", "trade_off": "trade_off", "risk": "risk", "mechanism": "technical"}
"""Kinds of remarks that show what was asked for."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reply held of what was asked for.

    Attributes:
        holds: None if it cannot be told.
        sentence: The first sentence that shows it.
        focus: Offsets of the number in it, where one was measured.
        is_soon: True if that is one of the first two; None without one.
        is_evasive: True if the reply says that it has no answer.
    """

    holds: bool | None
    sentence: Sentence | None = None
    focus: tuple[int, int] | None = None
    is_soon: bool | None = None
    is_evasive: bool = False


def find_reply(asks_for: AsksFor, analysis: Analysis, statements: tuple[Statement, ...]) -> Reply:
    """Return what a reply held of what was asked for, with the sentence that shows it.

    Args:
        asks_for: What the follow-up wants to hear.
        analysis: Of the reply.
        statements: Its sentences with all of their words.
    """
    if not statements:
        return Reply(holds=False)
    telling = [each for each in statements if is_telling(each.sentence)] or list(statements)
    shown = next((each for each in statements if _shows(asks_for, each, analysis)), None)
    evasive = any(_phrases().hears("evades", each) for each in telling[:SOON])
    if shown is not None:
        sentence = shown.sentence
        numbers = [each for each in analysis.quantified_results if _in(sentence, each.start_char)]
        focus = (numbers[0].start_char, numbers[0].end_char) if numbers else None
        return Reply(True, sentence, focus, shown in (*statements[:SOON], *telling[:SOON]), evasive)
    if evasive:
        return Reply(holds=False, is_evasive=True)
    is_long = analysis.word_count >= SURELY_TOLD_WORDS
    return Reply(holds=False if asks_for == "number" or (is_long and asks_for in TOLD_APART) else None)


def _shows(asks_for: AsksFor, statement: Statement, analysis: Analysis) -> bool:
    """Return whether a sentence holds what was asked for, by what was measured or by its words."""
    sentence = statement.sentence
    if asks_for == "number" and any(_in(sentence, each.start_char) for each in analysis.quantified_results):
        return True
    kind = _OF_SUBSTANCE.get(asks_for)
    remarks = analysis.substance.remarks if analysis.substance and kind else ()
    is_remarked = any(r.kind == kind and r.confidence >= SURE_FROM and _in(sentence, r.start_char) for r in remarks)
    phrases = _phrases()
    return (is_remarked or phrases.hears(asks_for, statement)) and not phrases.hears("evades", statement)


def _in(sentence: Sentence, char: int) -> bool:
    return sentence.start_char <= char < sentence.end_char


def _phrases() -> Phrases:
    return Phrases.load("replies", "evades", *get_args(AsksFor))
