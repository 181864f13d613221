"""Checks on what a language model returns, before any of it is spoken.

A reworded sentence that fails a check is spoken as the built-in coach wrote it. If too many fail, or anything in the
answer is hostile, the whole rewording is dropped. A question must be short, about the candidate's own words, and new.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from voicemock.coaching.language_model.briefing import Guidance, Line, ProbeBrief, RewordingBrief
from voicemock.coaching.language_model.tokens import Passage, sentences_of, words_of
from voicemock.models import Question

Refusal = Literal["no_json", "wrong_ids", "control_characters", "link", "out_of_role", "too_long", "too_little_left"]
"""Why a whole answer is dropped."""

_STRINGS: Final = TypeAdapter(dict[str, str])
_THOUGHTS: Final = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_LINK: Final = re.compile(r"https?:|www\.|://|@\w|\w@|\b[a-z0-9-]+\.(?:com|org|net|io|dev|ai|me)\b", re.IGNORECASE)


class RefusedAnswerError(ValueError):
    """The whole answer of a model is dropped."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal: Refusal = refusal


def read_answer(text: str, names: frozenset[str]) -> dict[str, str]:
    """Return the strings of the JSON object in an answer, by their names.

    Thoughts, code fences and greetings around the object are ignored.

    Raises:
        RefusedAnswerError: There is no object, or its names are not exactly the requested ones, each once.
    """
    rest = _THOUGHTS.sub("", text)
    start = rest.find("{")
    if start < 0:
        raise RefusedAnswerError("no_json")
    try:
        found, _ = json.JSONDecoder(object_pairs_hook=_each_once).raw_decode(rest[start:])
    except RefusedAnswerError:
        raise
    except (ValueError, RecursionError):
        raise RefusedAnswerError("no_json") from None
    if set(found) != names:
        raise RefusedAnswerError("wrong_ids")
    try:
        return _STRINGS.validate_python(found, strict=True)
    except ValidationError:
        raise RefusedAnswerError("no_json") from None


def refuse_hostile(texts: tuple[str, ...], granted: str, guidance: Guidance) -> None:
    """Refuse texts that no coach would say, even if the transcript told the model to write them.

    Args:
        texts: The model's strings.
        granted: The words of the built-in coach or the candidate. A suspicious word that is also in here is allowed.
        guidance: The suspicious words.

    Raises:
        RefusedAnswerError: There is a link, a control character, a verdict, or a model talking about itself.
    """
    ours = Passage.of(granted).all_stems
    for text in texts:
        if any(unicodedata.category(each).startswith("C") and each not in "\n\t" for each in text):
            raise RefusedAnswerError("control_characters")
        if _LINK.search(text):
            raise RefusedAnswerError("link")
        if Passage.of(text).all_stems & (guidance.out_of_role - ours):
            raise RefusedAnswerError("out_of_role")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RefusedAnswerError("wrong_ids")
    return found


Fault = Literal[
    "same", "empty", "symbols", "length", "quote", "number", "question", "turned", "praise", "invented", "unrelated"
]
"""Why a sentence is not reworded."""

MOST_WORDS: Final = 110
"""About 40 s of speech."""
_ENOUGH: Final = 0.5
"""Share of the sentences sent that must pass: two voices in turn sound odd."""
_NEW_WORDS: Final = 0.3
"""Share of a sentence's meaningful words that may be new. One new word, a synonym, is always allowed."""
_KEPT_WORDS: Final = 1 / 3
"""Share of the built-in sentence's meaningful words that must be kept."""
_GROWTH: Final = 1.5
_SPARE_WORDS: Final = 6
"""A sentence may grow by half and by this many words."""
_MOST_SENTENCES: Final = 2

_STOP_IN_QUOTE: Final = re.compile(r'([.,]+)"')
_SPEAKABLE_SENTENCE: Final = re.compile(r"[A-Za-z0-9 ,.;:'?!\"-]*")


@dataclass(frozen=True, slots=True)
class Reworded:
    """The reworded feedback.

    Attributes:
        count: How many sentences are the model's.
        faults: Why the others are not, by their ids.
    """

    spoken: str
    count: int
    faults: Mapping[str, Fault] = field(default_factory=dict)


def check_rewording(answer: str, brief: RewordingBrief, guidance: Guidance) -> Reworded:
    """Return the feedback with the sentences of a model's answer that pass.

    Raises:
        RefusedAnswerError: The whole answer is dropped.
    """
    found = read_answer(answer, frozenset(brief.lines))
    granted = " ".join((*brief.sentences, *(quote for line in brief.lines.values() for quote in line.may_quote)))
    refuse_hostile(tuple(found.values()), granted, guidance)
    said, faults = list(brief.sentences), dict[str, Fault]()
    for name, line in brief.lines.items():
        text = _finished(found[name])
        if fault := fault_of(text, line, guidance):
            faults[name] = fault
        else:
            said[int(name.removeprefix("s")) - 1] = text
    count = len(brief.lines) - len(faults)
    if not count or count < _ENOUGH * len(brief.lines):
        raise TooLittleLeftError(faults)
    spoken = " ".join(said)
    if Passage(spoken).word_count > max(MOST_WORDS, Passage(" ".join(brief.sentences)).word_count):
        raise RefusedAnswerError("too_long")
    return Reworded(spoken, count, faults)


class TooLittleLeftError(RefusedAnswerError):
    """Most sentences failed; ``faults`` says why, by their ids."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        super().__init__("too_little_left")
        self.faults = dict(faults)


def fault_of(text: str, line: Line, guidance: Guidance) -> Fault | None:
    """Return why a sentence may not replace the built-in one; None if it may."""
    new, old = Passage.of(text), Passage.of(line.text)
    checks: tuple[tuple[Fault, bool], ...] = (
        ("empty", not new.stems),
        ("same", new.text == old.text),
        ("symbols", not _is_speakable(new, old)),
        ("length", not _is_as_long(new, old)),
        ("quote", not _quotes_rightly(new, line)),
        ("number", not old.numbers <= new.all_numbers or not new.numbers <= old.all_numbers),
        ("question", ("?" in new.outside) != ("?" in old.outside) or _ends_asking(new) != _ends_asking(old)),
        ("turned", _is_turned(new, old, guidance)),
        ("praise", bool(frozenset(new.stems) & guidance.praise - old.all_stems)),
        ("invented", not _is_grounded(new, old, guidance)),
        ("unrelated", not _says_the_same(new, old, guidance)),
    )
    return next((fault for fault, failed in checks if failed), None)


def _finished(text: str) -> str:
    """Return a sentence with a capital first letter and a final stop. Stops go after quotation marks."""
    plain = _STOP_IN_QUOTE.sub(r'"\1', Passage.of(text).text)
    if not plain:
        return ""
    ended = plain if plain.rstrip('"')[-1:] in {".", "?", "!"} else f"{plain}."
    return ended[0].upper() + ended[1:]


def _is_speakable(new: Passage, old: Passage) -> bool:
    """Return whether a voice can say it: no markup, and no symbol that the built-in sentence lacks."""
    return bool(_SPEAKABLE_SENTENCE.fullmatch("".join(each for each in new.outside if each not in old.text)))


def _is_as_long(new: Passage, old: Passage) -> bool:
    return (
        new.word_count <= _GROWTH * old.word_count + _SPARE_WORDS
        and len(sentences_of(new.text)) <= _MOST_SENTENCES
        and max(map(len, new.text.split()), default=0) <= max(30, *map(len, old.text.split()))
    )


def _quotes_rightly(new: Passage, line: Line) -> bool:
    """Return whether it quotes if the coach does, and each quote is, letter by letter, what the candidate said."""
    return (
        not new.has_open_quote
        and bool(new.quotes) == ('"' in line.text)
        and all(any(_stands_in(quote, source) for source in line.may_quote) for quote in new.quotes)
    )


def _stands_in(quote: str, source: str) -> bool:
    return bool(quote.strip()) and re.search(rf"(?<!\w){re.escape(quote)}(?!\w)", source) is not None


def _ends_asking(passage: Passage) -> bool:
    return passage.text.rstrip('"').endswith("?")


def _is_turned(new: Passage, old: Passage, guidance: Guidance) -> bool:
    """Return whether a negation came or went, or a measure now points in another direction."""
    denials = [sum(each in guidance.negation for each in passage.stems) for passage in (new, old)]
    return denials[0] != denials[1] or not frozenset(new.stems) & guidance.direction <= frozenset(old.stems)


def _is_grounded(new: Passage, old: Passage, guidance: Guidance) -> bool:
    """Return whether hardly any word is new."""
    telling = [each for each in new.stems if each not in guidance.plain]
    invented = [each for each in telling if each not in old.all_stems and each not in guidance.negation]
    return len(invented) <= max(1, int(_NEW_WORDS * len(telling)))


def _says_the_same(new: Passage, old: Passage, guidance: Guidance) -> bool:
    """Return whether enough of the built-in sentence is kept."""
    telling = frozenset(old.stems) - guidance.plain
    return len(telling & new.all_stems) >= _KEPT_WORDS * len(telling)


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

MOST_QUESTION_WORDS: Final = 30
_FEWEST_WORDS: Final = 4
_ABOUT_WORDS: Final = range(2, 26)
_ALIKE: Final = 0.6
"""Two questions that share this much of their meaningful words ask for the same."""
_PLAIN_WORDS: Final = 0.25
"""Smallest share of plain words in an English question."""

_SPEAKABLE_QUESTION: Final = re.compile(r"[A-Za-z0-9 ,.;:'?\"-]*")
_TO_YOU: Final = frozenset({"you", "your", "yours", "yourself"})

TARGET_S: Final = (20.0, 90.0)
"""Target length of the reply in seconds."""


class UnfitProbeError(ValueError):
    """A question is not fit to be asked."""

    def __init__(self, fault: ProbeFault) -> None:
        super().__init__(fault)
        self.fault: ProbeFault = fault


@dataclass(frozen=True, slots=True)
class Proposal:
    """Another question as the model gave it.

    Attributes:
        about: The candidate's words that the model says the question is about.
    """

    about: str
    question: str


def check_probe(answer: str, brief: ProbeBrief, guidance: Guidance) -> Question:
    """Return the question in a model's answer.

    Raises:
        RefusedAnswerError: The answer is malformed or hostile.
        UnfitProbeError: The question is not fit to be asked.
    """
    found = read_answer(answer, frozenset({"about", "question"}))
    proposal = Proposal(found["about"].strip().strip('"'), Passage.of(found["question"]).text)
    refuse_hostile(tuple(found.values()), " ".join((brief.question.text, *brief.said)), guidance)
    if fault := fault_of_question(proposal, brief, guidance):
        raise UnfitProbeError(fault)
    return _question(proposal.question[0].upper() + proposal.question[1:], brief.question, guidance)


def fault_of_question(proposal: Proposal, brief: ProbeBrief, guidance: Guidance) -> ProbeFault | None:
    """Return why a question is not asked; None if it may be."""
    asks, about = Passage(proposal.question), Passage.of(proposal.about)
    said = Passage.of(" ".join(brief.said))
    checks: tuple[tuple[ProbeFault, bool], ...] = (
        ("symbols", not _SPEAKABLE_QUESTION.fullmatch(asks.outside) or not _is_english(asks, guidance)),
        ("length", not _FEWEST_WORDS <= asks.word_count <= MOST_QUESTION_WORDS),
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
    return any(_stands_in(stretch, text) for text in brief.said)


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
