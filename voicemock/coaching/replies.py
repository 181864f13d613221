"""Whether a reply to a follow-up held what was asked for, the words that show it, and how soon they came.

Feedback on the reply to a follow-up: was it answered, how soon, and how long did it take. Nothing of STAR.

Feedback on what the candidate asks the interviewer: how many questions, and the best of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from voicemock.analysis.spoken_text import Statement, statements_in
from voicemock.coaching.cues import load_cues
from voicemock.coaching.findings import (
    SAID_FROM,
    TELLING_WORDS,
    Finding,
    HeardAnswer,
    counted,
    length_values,
    quoting,
    quoting_first,
)
from voicemock.coaching.no_answers import not_an_answer
from voicemock.coaching.wording import worded_feedback
from voicemock.content.wording import FeedbackPhrases
from voicemock.models import Analysis, AsksFor, Feedback, Sentence, Transcript

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


FEWEST_WORDS: Final = 4
"""With fewer words nothing was replied; "about forty percent" are three, and a reply to "how much"."""

LONG_BY: Final = 1.25
"""Times the longest good reply."""

_NOT_FOR_REPLIES: Final = frozenset({"off_topic", "question_read"})
"""Judged for whole answers, and unsure for a few sentences."""


def give_feedback_on_reply(heard: HeardAnswer, transcript: Transcript, phrases: FeedbackPhrases) -> Feedback:
    """Say whether a reply held what was asked for, with the words that show it.

    Args:
        heard: The analysis of the reply, with the follow-up that it replies to.
        transcript: What was said.
        phrases: The wording.
    """
    strengths, priorities = find_in_reply(heard, transcript)
    return worded_feedback((*strengths[:1], *priorities[:1]), heard, transcript, phrases)


def find_in_reply(heard: HeardAnswer, transcript: Transcript) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return what was good about a reply, and what to fix, the most important first."""
    nothing = [finding for finding in not_an_answer(heard) if finding.name not in _NOT_FOR_REPLIES]
    asks_for = heard.question.asks_for if heard.question else None
    reply = judge_reply(asks_for, heard.analysis, transcript, heard.statements) if asks_for else Reply(holds=None)
    if nothing and not reply.holds:
        return (), (Finding("reply_open", {}, nothing[0].evidence or quoting_first(heard.sentences)),)
    if reply.holds:
        return (Finding("reply_held", {}, quoting(reply.sentence, focus=reply.focus)),), tuple(_after_all(heard, reply))
    if heard.analysis.word_count < FEWEST_WORDS:
        return (), (Finding("reply_open"),)
    if reply.is_evasive:
        return (), (Finding("reply_open", {}, quoting_first(heard.sentences)),)
    if reply.holds is False:
        return (), (Finding("reply_missing", {}, quoting_first(heard.sentences)), *_too_long(heard))
    return (), (*_too_long(heard), Finding("reply_heard", {}, quoting_first(heard.sentences)))


def _after_all(heard: HeardAnswer, reply: Reply) -> Iterator[Finding]:
    """What could be better about a reply that held what was asked for."""
    if not reply.is_soon:
        yield Finding("reply_late", {}, quoting(reply.sentence, focus=reply.focus))
    yield from _too_long(heard)


def _too_long(heard: HeardAnswer) -> Iterator[Finding]:
    duration_s = heard.analysis.duration_s
    if duration_s is not None and duration_s > LONG_BY * heard.analysis.target_max_s:
        yield Finding("reply_long", length_values(heard, duration_s))


ENOUGH: Final = 2
"""Questions of one's own; with one it looks like a duty."""


_OPENER: Final = re.compile(
    r"(?:(?:um|uh|so|and|okay|yeah|yes|well|then|also|first|second|maybe|i guess|just|my (?:\w+ )?question is)[,\s]+)*",
    re.IGNORECASE,
)

_SUBJECTS: Final = frozenset({"i", "we", "you", "he", "she", "it", "they", "this", "that", "there"})

_WISH: Final = re.compile(
    r"\b(?:i(?:'d| would) (?:like|love) to (?:know|ask|hear)|i(?: a|')m curious|wonder(?:ing)?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of the candidate.

    Attributes:
        sentence: What was said.
        is_deep: Whether it asks about the work, its difficulty or how success is judged.
        is_shallow: Whether it is one for the recruiter or the company's own pages.
    """

    sentence: Sentence
    is_deep: bool
    is_shallow: bool


def give_feedback_on_asking(heard: HeardAnswer, transcript: Transcript, phrases: FeedbackPhrases) -> Feedback:
    """Say what the candidate's own questions told the interviewer.

    Args:
        heard: The analysis of what the candidate said.
        transcript: What was said.
        phrases: The wording.
    """
    strength, priority = find_in_asking(questions_in(heard))
    return worded_feedback((*((strength,) if strength else ()), priority), heard, transcript, phrases)


def questions_in(heard: HeardAnswer) -> tuple[AskedQuestion, ...]:
    """Return the questions among what was said, by their mark or by how they begin."""
    cues, found = load_cues(), []
    for statement in heard.statements:
        sentence = statement.sentence
        words = _OPENER.sub("", sentence.text, count=1).lower().split()
        opens = bool(words) and words[0].strip(",.?!") in cues["opens"] and not _tells(words)
        if len(words) < FEWEST_WORDS or not (sentence.text.rstrip().endswith("?") or opens or _asks(sentence)):
            continue
        is_shallow = cues.hears("shallow", statement)
        found.append(AskedQuestion(sentence, cues.hears("deep", statement) and not is_shallow, is_shallow))
    return tuple(found)


def find_in_asking(asked: tuple[AskedQuestion, ...]) -> tuple[Finding | None, Finding]:
    """Return what was good about the questions, and what to aim for."""
    values = counted(len(asked))
    deep = [each for each in asked if each.is_deep]
    best = max(deep, key=lambda each: len(each.sentence.text.split()), default=None)
    strength = Finding("asked_well", {}, quoting(best.sentence)) if best is not None else None
    if not asked:
        return None, Finding("asked_nothing")
    if best is None:
        return None, Finding("asked_shallow", values, quoting(asked[0].sentence))
    if len(asked) < ENOUGH:
        return strength, Finding("asked_once", {}, quoting(best.sentence))
    return strength, Finding("asked_enough", values)


def _tells(words: list[str]) -> bool:
    """Return whether what begins like a question is a clause: "when I arrived", "what we learned"."""
    return len(words) > 1 and words[0].startswith(("wh", "how")) and words[1] in _SUBJECTS


def _asks(sentence: Sentence) -> bool:
    return _WISH.search(sentence.text) is not None
