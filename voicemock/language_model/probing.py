"""Checks a model's further question: one, short, about what the candidate said, and not asked before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Literal

from voicemock.language_model.answer import read_answer, refuse_hostile
from voicemock.language_model.briefing import ProbeBrief
from voicemock.language_model.guidance import Guidance
from voicemock.language_model.tokens import Passage, sentences_of, words_of
from voicemock.models import Question

ProbeFault = Literal[
    "symbols",
    "length",
    "not_one_question",
    "not_to_you",
    "quote",
    "not_about_it",
    "number",
    "praise",
    "off_limits",
    "asked",
]
"""Why a question is not asked."""

MOST_WORDS: Final = 30
_FEWEST_WORDS: Final = 4
_ABOUT_WORDS: Final = range(2, 26)
_MOST_SENTENCES: Final = 2
"""The question, and at most a sentence before it: "You said that you cut it by half. What did that cost?"."""
_ALIKE: Final = 0.6
"""Two questions that share this much of their telling words ask the same."""
_PLAIN_WORDS: Final = 0.25
"""At least this share of an English question are words that say nothing by themselves."""

_SPEAKABLE: Final = re.compile(r"[A-Za-z0-9 ,.;:'?\"-]*")
_TO_YOU: Final = frozenset({"you", "your", "yours", "yourself"})

TARGET_S: Final = (20.0, 90.0)
"""A follow-up wants a short answer."""


class UnfitProbeError(ValueError):
    """A question is not asked.

    Attributes:
        fault: Why.
    """

    def __init__(self, fault: ProbeFault) -> None:
        super().__init__(fault)
        self.fault: ProbeFault = fault


@dataclass(frozen=True, slots=True)
class Proposal:
    """A further question as the model gave it.

    Attributes:
        about: The candidate's words that it says it is about.
        question: What it would ask.
    """

    about: str
    question: str


def check_probe(answer: str, brief: ProbeBrief, guidance: Guidance) -> Question:
    """Return the question that a model's answer holds.

    Raises:
        RefusedAnswerError: The answer is not in form, or hostile.
        UnfitProbeError: The question is not one to ask.
    """
    found = read_answer(answer, frozenset({"about", "question"}))
    proposal = Proposal(found["about"].strip().strip('"'), Passage.of(found["question"]).text)
    refuse_hostile(tuple(found.values()), " ".join((brief.question.text, *brief.said)), guidance)
    if fault := fault_of(proposal, brief, guidance):
        raise UnfitProbeError(fault)
    return _question(proposal.question[0].upper() + proposal.question[1:], brief.question, guidance)


def fault_of(proposal: Proposal, brief: ProbeBrief, guidance: Guidance) -> ProbeFault | None:
    """Return why a question is not asked; None where it may be."""
    asks, about = Passage(proposal.question), Passage.of(proposal.about)
    said = Passage.of(" ".join(brief.said))
    checks: tuple[tuple[ProbeFault, bool], ...] = (
        ("symbols", not _SPEAKABLE.fullmatch(asks.outside) or not _is_english(asks, guidance)),
        ("length", not _FEWEST_WORDS <= asks.word_count <= MOST_WORDS),
        ("not_one_question", not _is_one_question(asks)),
        ("not_to_you", not _TO_YOU & frozenset(words_of(asks.outside))),
        ("quote", not _was_said(proposal.about, brief) or not all(_was_said(quote, brief) for quote in asks.quotes)),
        ("quote", about.word_count not in _ABOUT_WORDS or asks.has_open_quote),
        ("not_about_it", not _telling(asks, guidance) & _telling(about, guidance)),
        ("number", not asks.all_numbers <= said.all_numbers),
        ("praise", bool(frozenset(asks.stems) & guidance.praise - said.all_stems)),
        ("off_limits", bool(asks.all_stems & guidance.off_limits - said.all_stems)),
        ("asked", any(_is_alike(asks, Passage.of(other), guidance) for other in (brief.question.text, *brief.asked))),
    )
    return next((fault for fault, failed in checks if failed), None)


def _is_one_question(asks: Passage) -> bool:
    sentences = sentences_of(asks.text)
    return asks.text.count("?") == 1 and asks.text.endswith("?") and len(sentences) <= _MOST_SENTENCES


def _was_said(stretch: str, brief: ProbeBrief) -> bool:
    return bool(stretch.strip()) and any(
        re.search(rf"(?<!\w){re.escape(stretch)}(?!\w)", text) is not None for text in brief.said
    )


def _is_english(asks: Passage, guidance: Guidance) -> bool:
    plain = sum(each in guidance.plain for each in asks.stems)
    return plain >= _PLAIN_WORDS * max(1, len(asks.stems))


def _telling(passage: Passage, guidance: Guidance) -> frozenset[str]:
    return passage.all_stems - guidance.plain


def _is_alike(asks: Passage, other: Passage, guidance: Guidance) -> bool:
    ours, theirs = _telling(asks, guidance), _telling(other, guidance)
    return len(ours & theirs) >= max(1, _ALIKE * min(len(ours), len(theirs)))


def _question(text: str, probed: Question, guidance: Guidance) -> Question:
    """Return the follow-up as a question like any other."""
    return Question(
        id=f"model-{blake2b(text.encode(), digest_size=4).hexdigest()}",
        text=text,
        pillar=probed.pillar,
        framework=probed.framework,
        competency=probed.competency,
        level=probed.level,
        target_min_s=TARGET_S[0],
        target_max_s=TARGET_S[1],
        strong_answer=guidance.probe_strong_answer,
        common_mistakes=guidance.probe_common_mistakes,
        kind="follow_up",
    )
