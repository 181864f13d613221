"""Feedback on what the candidate asks the interviewer: how many questions, and the best of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from voicemock.feedback.cues import load_cues
from voicemock.feedback.findings import Finding, HeardAnswer, counted, quoting
from voicemock.feedback.phrases import FeedbackPhrases
from voicemock.feedback.reply_wording import worded_feedback
from voicemock.models import Feedback, Sentence, Transcript

ENOUGH: Final = 2
"""Questions of one's own; with one it looks like a duty."""

FEWEST_WORDS: Final = 4
"""A shorter one is a "right?"."""

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
