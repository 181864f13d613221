"""The interviewer's next turn: a question about what was said, pushback, a changed case, or a clarification.

A model may word a question about the candidate's own words, and an answer to a question about the case. How a case
changes is not its to word: it chooses among the constraints of ``prompts/language_model.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, Literal

from voicemock.coaching.language_model.briefing import (
    Guidance,
    Message,
    Shares,
    object_of,
    string_of,
    words_shared,
)
from voicemock.coaching.language_model.checks import read_answer, refuse_hostile, stands_in
from voicemock.coaching.language_model.tokens import Passage, sentences_of, words_of
from voicemock.models import Assessment, Question

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
    "move",
]
"""Why a question is not asked."""

CASES: Final = "design"
"""The framework whose questions are a conversation about a case."""
MOST_TURNS: Final = 5
"""Of the interviewer in one system design, after the question itself."""
CONSTRAINED_FROM: Final = 2
"""The case does not change before so many answers: first it has to be understood."""
MOST_QUESTION_WORDS: Final = 30
MOST_CLARIFYING_WORDS: Final = 30
_FEWEST_WORDS: Final = 4
_MOST_SENTENCES: Final = 2
_ABOUT_WORDS: Final = range(2, 26)
_MOST_ABOUT: Final = 160
_MOST_CHARACTERS: Final = 240
"""30 words of eight letters."""
_ALIKE: Final = 0.6
"""Two questions that share this much of their meaningful words ask for the same."""
_PLAIN_WORDS: Final = 0.25
"""Smallest share of plain words in an English question."""
_SPEAKABLE: Final = re.compile(r"[A-Za-z0-9 ,.;:'?\"%$-]*")
_TO_YOU: Final = frozenset({"you", "your", "yours", "yourself"})

TARGET_S: Final = (20.0, 90.0)
"""Target length of the reply in seconds."""


class UnfitProbeError(ValueError):
    """A question is not fit to be asked, or an answer not fit to be given."""

    def __init__(self, fault: ProbeFault) -> None:
        super().__init__(fault)
        self.fault: ProbeFault = fault


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of the interviewer and what the candidate said to it, as far as the model may see that."""

    asked: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProbeBrief:
    """A request for the interviewer's next turn.

    Attributes:
        question: The main question.
        turns: The conversation so far, the main question first.
        asked: All follow-ups of the interview.
        style: Name of the interviewer's style.
        topics: What the job is about.
        constraints: Names of the ways in which the case may change now; none where it may not.
    """

    question: Question
    turns: tuple[Turn, ...]
    asked: tuple[str, ...] = ()
    style: str = "neutral"
    topics: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """All that the candidate said and the model may see."""
        return tuple(words for turn in self.turns for words in turn.said)

    def moves(self, guidance: Guidance) -> tuple[str, ...]:
        """Return what the interviewer may do now. A friendly one does not begin with pushback."""
        may_push = self.style != "warm" or len(self.turns) > 1
        return (*(move for move in guidance.moves if may_push or move != "push_back"), *self.constraints)

    def messages(self, guidance: Guidance) -> tuple[Message, ...]:
        """Return the task, which stays the same, then the conversation, the newest words last."""
        lines = [f"The job is about: {', '.join(self.topics)}."] if self.topics else []
        for turn in self.turns:
            lines += [f"INTERVIEWER: {turn.asked}", *(f"CANDIDATE: {words}" for words in turn.said)]
        lines += [f"ASKED ALREADY: {text}" for text in self.asked if text not in {turn.asked for turn in self.turns}]
        return Message("system", self._task(guidance)), Message("user", "\n".join(lines))

    def _task(self, guidance: Guidance) -> str:
        changes = {name: guidance.constraints[name] for name in self.constraints}
        meanings = [f"{name}: {what}" for name, what in (*guidance.moves.items(), *changes.items())]
        temper = guidance.temperaments.get(self.style, "")
        return "\n".join((f"{guidance.probe} {temper}", "The moves:", *meanings))

    def schema(self, guidance: Guidance) -> dict[str, Any]:
        """Return the JSON schema of the answer."""
        return object_of(
            {
                "move": {"type": "string", "enum": list(self.moves(guidance))},
                "about": string_of(_MOST_ABOUT),
                "question": string_of(_MOST_CHARACTERS),
            }
        )


def brief_probe(
    said: Sequence[tuple[str, Assessment]],
    question: Question,
    guidance: Guidance,
    *,
    asked: Sequence[str] = (),
    style: str = "neutral",
    topics: Sequence[str] = (),
    shares: Shares = "transcript",
) -> ProbeBrief | None:
    """Choose what the next turn may be about. None if the model may see nothing of the answer.

    Args:
        said: Each text of the interviewer with the answer to it, the main question first.
        question: The main question.
        guidance: Has the ways in which a case may change.
        asked: The texts of the interview's follow-ups so far.
        style: Name of the interviewer's style.
        topics: What the job is about.
        shares: What the model may see.
    """
    turns = tuple(Turn(text, words_shared(assessment, shares)) for text, assessment in said)
    if not turns or not any(turn.said for turn in turns):
        return None
    may_change = question.framework == CASES and len(turns) >= CONSTRAINED_FROM
    free = [name for name, text in guidance.constraints.items() if text not in asked] if may_change else []
    return ProbeBrief(question, turns, tuple(asked), style, tuple(topics), tuple(free))


def check_probe(answer: str, brief: ProbeBrief, guidance: Guidance) -> Question:
    """Return the turn in a model's answer as a question of the interview.

    Raises:
        RefusedAnswerError: The answer is malformed or hostile.
        UnfitProbeError: The question is not fit to be asked.
    """
    found = read_answer(answer, frozenset({"move", "about", "question"}))
    if found["move"] not in brief.moves(guidance):
        raise UnfitProbeError("move")
    if found["move"] in brief.constraints:
        return _question(guidance.constraints[found["move"]], brief.question, guidance)
    asks, about = Passage.of(found["question"]).text, found["about"].strip().strip('"')
    refuse_hostile((asks, about), " ".join((brief.question.text, *brief.said)), guidance)
    if fault := fault_of_question(asks, about, brief, guidance):
        raise UnfitProbeError(fault)
    text = asks[0].upper() + asks[1:]
    lead = guidance.push_back_leads.get(brief.style, "") if found["move"] == "push_back" else ""
    return _question(f"{lead} {text}".strip(), brief.question, guidance)


def fault_of_question(question: str, about: str, brief: ProbeBrief, guidance: Guidance) -> ProbeFault | None:
    """Return why a question is not asked; None if it may be.

    Args:
        question: As the model words it.
        about: The candidate's words that the model says it is about.
        brief: What was asked of the model.
        guidance: The words by which it is judged.
    """
    asks, meant = Passage(question), Passage.of(about)
    said = Passage.of(" ".join(brief.said))
    earlier = (brief.question.text, *(turn.asked for turn in brief.turns), *brief.asked)
    checks: tuple[tuple[ProbeFault, bool], ...] = (
        ("symbols", not _SPEAKABLE.fullmatch(asks.outside) or not _is_english(asks, guidance)),
        ("length", not _FEWEST_WORDS <= asks.word_count <= MOST_QUESTION_WORDS),
        ("not_one_question", not _is_one_question(asks)),
        ("not_to_you", not _TO_YOU & frozenset(words_of(asks.outside))),
        ("quote", not _was_said(about, brief) or not all(_was_said(quote, brief) for quote in asks.quotes)),
        ("quote", meant.word_count not in _ABOUT_WORDS or asks.has_open_quote),
        ("not_about_it", not _telling(asks, guidance) & _telling(meant, guidance)),
        ("number", not asks.all_numbers <= said.all_numbers),
        ("praise", bool(frozenset(asks.stems) & guidance.praise - said.all_stems)),
        ("off_limits", bool(asks.all_stems & guidance.off_limits - said.all_stems)),
        ("asked", any(_is_alike(asks, Passage.of(other), guidance) for other in earlier)),
    )
    return next((fault for fault, failed in checks if failed), None)


def _is_one_question(asks: Passage) -> bool:
    sentences = sentences_of(asks.text)
    return asks.text.count("?") == 1 and asks.text.endswith("?") and len(sentences) <= _MOST_SENTENCES


def _was_said(stretch: str, brief: ProbeBrief) -> bool:
    return any(stands_in(stretch, text) for text in brief.said)


def _is_english(asks: Passage, guidance: Guidance) -> bool:
    plain = sum(each in guidance.plain for each in asks.stems)
    return plain >= _PLAIN_WORDS * max(1, len(asks.stems))


def _telling(passage: Passage, guidance: Guidance) -> frozenset[str]:
    return passage.all_stems - guidance.plain


def _is_alike(asks: Passage, other: Passage, guidance: Guidance) -> bool:
    ours, theirs = _telling(asks, guidance), _telling(other, guidance)
    return len(ours & theirs) >= max(1, _ALIKE * min(len(ours), len(theirs)))


def _question(text: str, probed: Question, guidance: Guidance) -> Question:
    """Return the follow-up as a question of the interview."""
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


@dataclass(frozen=True, slots=True)
class ClarifyBrief:
    """A question of the candidate's about the case.

    Attributes:
        question: The case.
        asked: The candidate's words.
        facts: What the interviewer has answered so far in this case.
    """

    question: Question
    asked: str
    facts: tuple[str, ...] = ()

    def messages(self, guidance: Guidance) -> tuple[Message, ...]:
        """Return the task and the case."""
        known = [f"YOU ANSWERED BEFORE: {fact}" for fact in self.facts]
        lines = (f"THE CASE: {self.question.text}", *known, f"CANDIDATE: {self.asked}")
        return Message("system", guidance.clarify), Message("user", "\n".join(lines))

    @staticmethod
    def schema() -> dict[str, Any]:
        """Return the JSON schema of the answer."""
        return object_of({"answer": string_of(_MOST_CHARACTERS)})


def check_clarification(answer: str, brief: ClarifyBrief, guidance: Guidance) -> str:
    """Return the interviewer's answer to a question about the case.

    It may hold numbers that nobody said: it is the interviewer who knows the case.

    Raises:
        RefusedAnswerError: The answer is malformed or hostile.
        UnfitProbeError: It is not fit to be said.
    """
    text = Passage.of(read_answer(answer, frozenset({"answer"}))["answer"]).text
    known = " ".join((brief.question.text, brief.asked, *brief.facts))
    refuse_hostile((text,), known, guidance)
    says, granted = Passage(text), Passage.of(known)
    checks: tuple[tuple[ProbeFault, bool], ...] = (
        ("symbols", not _SPEAKABLE.fullmatch(text) or not _is_english(says, guidance)),
        ("length", not _FEWEST_WORDS <= says.word_count <= MOST_CLARIFYING_WORDS),
        ("length", len(sentences_of(text)) > _MOST_SENTENCES),
        ("not_one_question", "?" in text),
        ("praise", bool(frozenset(says.stems) & guidance.praise - granted.all_stems)),
        ("off_limits", bool(says.all_stems & guidance.off_limits - granted.all_stems)),
    )
    if fault := next((fault for fault, failed in checks if failed), None):
        raise UnfitProbeError(fault)
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "!")) else ".")
