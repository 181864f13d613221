"""Feedback on short turns: the reply to a follow-up, and the questions that the candidate asks back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from voicemock.analysis.replies import Reply, find_reply
from voicemock.analysis.spoken_text import Statement, statements_in
from voicemock.coaching.cues import load_cues
from voicemock.coaching.findings import Finding, HeardAnswer, counted, length_values
from voicemock.coaching.quoting import quoting, quoting_first
from voicemock.coaching.wording import worded_feedback
from voicemock.content.wording import FeedbackPhrases
from voicemock.models import Analysis, AsksFor, Feedback, Sentence, Transcript

FEWEST_WORDS: Final = 4
"""Fewer words are no reply, unless they hold what was asked for ("about forty percent")."""
LONG_BY: Final = 1.25
"""Times the target of a reply."""
_NOT_FOR_REPLIES: Final = frozenset({"off_topic", "question_read"})
"""Unsure for a few sentences, so only whole answers are judged by them."""
ENOUGH: Final = 2
"""A single question looks dutiful."""
_OPENER: Final = re.compile(
    r"(?:(?:um|uh|so|and|okay|yeah|yes|well|then|also|first|second|maybe|i guess|just|my (?:\w+ )?question is)[,\s]+)*",
    re.IGNORECASE,
)
_SUBJECTS: Final = frozenset({"i", "we", "you", "he", "she", "it", "they", "this", "that", "there"})
_WISH: Final = re.compile(
    r"\b(?:i(?:'d| would) (?:like|love) to (?:know|ask|hear)|i(?: a|')m curious|wonder(?:ing)?)\b", re.IGNORECASE
)


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
        transcript: Of the reply.
        statements: The sentences of the reply with their words; computed if None.
    """
    if not transcript.text.strip() or analysis.structure is None:
        return Reply(holds=False)
    return find_reply(asks_for, analysis, statements or statements_in(analysis.structure.sentences))


def give_feedback_on_reply(heard: HeardAnswer, transcript: Transcript, phrases: FeedbackPhrases) -> Feedback:
    """Say whether a reply held what was asked for, with the words that show it."""
    strengths, priorities = find_in_reply(heard, transcript)
    return worded_feedback((*strengths[:1], *priorities[:1]), heard, transcript, phrases)


def find_in_reply(heard: HeardAnswer, transcript: Transcript) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the strengths and the priorities of a reply, the most important first."""
    nothing = heard.no_answer if heard.no_answer and heard.no_answer.name not in _NOT_FOR_REPLIES else None
    asks_for = heard.question.asks_for if heard.question else None
    reply = judge_reply(asks_for, heard.analysis, transcript, heard.statements) if asks_for else Reply(holds=None)
    if nothing and not reply.holds:
        return (), (Finding("reply_open", {}, nothing.evidence or quoting_first(heard.sentences)),)
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
    """Yield what could be better about a reply that holds what was asked for."""
    if not reply.is_soon:
        yield Finding("reply_late", {}, quoting(reply.sentence, focus=reply.focus))
    yield from _too_long(heard)


def _too_long(heard: HeardAnswer) -> Iterator[Finding]:
    duration_s = heard.analysis.duration_s
    if duration_s is not None and duration_s > LONG_BY * heard.analysis.target_max_s:
        yield Finding("reply_long", length_values(heard, duration_s))


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of the candidate.

    Attributes:
        sentence: What was said.
        is_deep: True if it asks about the work, its difficulty or how success is judged.
        is_shallow: True if a recruiter or the company's website could answer it.
    """

    sentence: Sentence
    is_deep: bool
    is_shallow: bool


def give_feedback_on_asking(heard: HeardAnswer, transcript: Transcript, phrases: FeedbackPhrases) -> Feedback:
    """Say how many questions the candidate asked, and which was the best."""
    strength, priority = find_in_asking(questions_in(heard))
    return worded_feedback((*((strength,) if strength else ()), priority), heard, transcript, phrases)


def questions_in(heard: HeardAnswer) -> tuple[AskedQuestion, ...]:
    """Return the questions among the sentences, recognized by their mark or by how they begin."""
    cues, found = load_cues(), []
    for statement in heard.statements:
        sentence = statement.sentence
        words = _OPENER.sub("", sentence.text, count=1).lower().split()
        opens = bool(words) and words[0].strip(",.?!") in cues["opens"] and not _tells(words)
        is_question = sentence.text.rstrip().endswith("?") or opens or _WISH.search(sentence.text)
        if len(words) < FEWEST_WORDS or not is_question:
            continue
        is_shallow = cues.hears("shallow", statement)
        found.append(AskedQuestion(sentence, cues.hears("deep", statement) and not is_shallow, is_shallow))
    return tuple(found)


def find_in_asking(asked: tuple[AskedQuestion, ...]) -> tuple[Finding | None, Finding]:
    """Return the strength of the questions, if any, and what to aim for."""
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
    """Return whether words that begin like a question are a clause: "when I arrived", "what we learned"."""
    return len(words) > 1 and words[0].startswith(("wh", "how")) and words[1] in _SUBJECTS
