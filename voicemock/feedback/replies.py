"""Whether a reply to a follow-up held what was asked for, the words that show it, and how soon they came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from voicemock.analysis.statements import Statement, statements_in
from voicemock.feedback.cues import load_cues
from voicemock.feedback.findings import SAID_FROM, TELLING_WORDS
from voicemock.models import Analysis, AsksFor, Sentence, Transcript

SURELY_TOLD_WORDS: Final = 40
"""A reply of this length in which nothing shows what was asked for did not hold it; a shorter one may have put it
in other words."""

TOLD_APART: Final = frozenset({"number", "own_part", "lesson", "trade_off", "reason"})
"""What cannot be told in words that the phrases do not know: the lists of these are nearly complete."""

SOON: Final = 2
"""The answer belongs into the first two sentences."""

_OF_SUBSTANCE: Final = {"decision": "decision", "trade_off": "trade_off", "risk": "risk", "mechanism": "technical"}
"""Kinds of remarks that show what was asked for."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reply held of what was asked for.

    Attributes:
        holds: None where it cannot be told.
        sentence: The first sentence that shows it.
        focus: Offsets of the number in it, where one was measured.
        is_soon: Whether that was among the first two; None without one.
        is_evasive: Whether it says that it has no answer.
    """

    holds: bool | None
    sentence: Sentence | None = None
    focus: tuple[int, int] | None = None
    is_soon: bool | None = None
    is_evasive: bool = False


def holds(asks_for: AsksFor, analysis: Analysis, transcript: Transcript) -> bool | None:
    """Return whether a reply holds what was asked for; None where it cannot be told.

    Args:
        asks_for: What the follow-up wants to hear.
        analysis: Of the reply.
        transcript: What was said.
    """
    return judge_reply(asks_for, analysis, transcript).holds


def judge_reply(
    asks_for: AsksFor,
    analysis: Analysis,
    transcript: Transcript,
    statements: tuple[Statement, ...] | None = None,
) -> Reply:
    """Return what a reply held of what was asked for, with the sentence that shows it.

    Args:
        asks_for: What the follow-up wants to hear.
        analysis: Of the reply.
        transcript: What was said.
        statements: Those of the reply, where they are at hand.
    """
    sentences = analysis.structure.sentences if analysis.structure else ()
    if not transcript.text.strip() or not sentences:
        return Reply(holds=False)
    statements = statements_in(sentences) if statements is None else statements
    telling = [s for s in statements if len(s.sentence.text.split()) >= TELLING_WORDS] or list(statements)
    told = [statement.sentence for statement in telling]
    shown = next((s.sentence for s in statements if _shows(asks_for, s, analysis)), None)
    evasive = any(load_cues().hears("evades", statement) for statement in telling[:SOON])
    if shown is not None:
        numbers = [each for each in analysis.quantified_results if _in(shown, each.start_char)]
        focus = (numbers[0].start_char, numbers[0].end_char) if numbers else None
        return Reply(True, shown, focus, shown in (*sentences[:SOON], *told[:SOON]), evasive)
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
    if any(r.kind == kind and r.confidence >= SAID_FROM and _in(sentence, r.start_char) for r in remarks):
        return not load_cues().hears("evades", statement)
    return load_cues().hears(f"replies {asks_for}", statement) and not load_cues().hears("evades", statement)


def _in(sentence: Sentence, char: int) -> bool:
    return sentence.start_char <= char < sentence.end_char
