"""Feedback on the reply to a follow-up: was it answered, how soon, and how long did it take. Nothing of STAR."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voicemock.feedback.findings import Finding, HeardAnswer, length_values, quoting, quoting_first
from voicemock.feedback.no_answers import not_an_answer
from voicemock.feedback.phrases import FeedbackPhrases
from voicemock.feedback.replies import Reply, judge_reply
from voicemock.feedback.reply_wording import worded_feedback
from voicemock.models import Feedback, Transcript

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
