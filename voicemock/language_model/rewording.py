"""Checks a model's rewording of the feedback, sentence by sentence, and puts together what is said.

A sentence that fails a check is said as the built-in coach has it. Where too few are left, or anything in the answer is
hostile, all of it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from voicemock.language_model.answer import RefusedAnswerError, read_answer, refuse_hostile
from voicemock.language_model.briefing import Line, RewordingBrief
from voicemock.language_model.guidance import Guidance
from voicemock.language_model.tokens import Passage, sentences_of

Fault = Literal[
    "same", "empty", "symbols", "length", "quote", "number", "question", "turned", "praise", "invented", "unrelated"
]
"""Why a sentence stays as it was."""

MOST_WORDS: Final = 110
"""What is said aloud in 40 s."""
_ENOUGH: Final = 0.5
"""At least this share of the sentences that were sent must pass: two voices in turn sound odd."""
_NEW_WORDS: Final = 0.3
"""At most this share of a sentence's telling words may be new, and always one: a synonym."""
_KEPT_WORDS: Final = 1 / 3
"""At least this share of the telling words of the built-in sentence must come again."""
_GROWTH: Final = 1.5
_SPARE_WORDS: Final = 6
"""A sentence may be half as long again, and so many words more."""
_MOST_SENTENCES: Final = 2

_STOP_IN_QUOTE: Final = re.compile(r'([.,]+)"')
_SPEAKABLE: Final = re.compile(r"[A-Za-z0-9 ,.;:'?!\"-]*")


@dataclass(frozen=True, slots=True)
class Reworded:
    """The feedback in other words.

    Attributes:
        spoken: What is said.
        count: How many sentences are the model's.
        faults: Why others are not, by their ids.
    """

    spoken: str
    count: int
    faults: Mapping[str, Fault] = field(default_factory=dict)


def check_rewording(answer: str, brief: RewordingBrief, guidance: Guidance) -> Reworded:
    """Return what is said of a model's answer.

    Raises:
        RefusedAnswerError: Nothing of it is.
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
    """Most sentences failed.

    Attributes:
        faults: Why, by their ids.
    """

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        super().__init__("too_little_left")
        self.faults = dict(faults)


def fault_of(text: str, line: Line, guidance: Guidance) -> Fault | None:
    """Return why a sentence may not be said in place of the built-in one; None where it may."""
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
    """Return a sentence with a capital at its beginning and an end; stops stand behind quotation marks."""
    plain = _STOP_IN_QUOTE.sub(r'"\1', Passage.of(text).text)
    if not plain:
        return ""
    ended = plain if plain.rstrip('"')[-1:] in {".", "?", "!"} else f"{plain}."
    return ended[0].upper() + ended[1:]


def _is_speakable(new: Passage, old: Passage) -> bool:
    """Tell whether a voice can say it: no markup, no symbol that the built-in coach does not use."""
    return bool(_SPEAKABLE.fullmatch("".join(each for each in new.outside if each not in old.text)))


def _is_as_long(new: Passage, old: Passage) -> bool:
    return (
        new.word_count <= _GROWTH * old.word_count + _SPARE_WORDS
        and len(sentences_of(new.text)) <= _MOST_SENTENCES
        and max(map(len, new.text.split()), default=0) <= max(30, *map(len, old.text.split()))
    )


def _quotes_rightly(new: Passage, line: Line) -> bool:
    """Tell whether it quotes where the coach does, and each quote is, letter by letter, what the candidate said."""
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
    """Tell whether a lack became a fact or a fact a lack, or a measure points another way."""
    denials = [sum(each in guidance.negation for each in passage.stems) for passage in (new, old)]
    return denials[0] != denials[1] or not frozenset(new.stems) & guidance.direction <= frozenset(old.stems)


def _is_grounded(new: Passage, old: Passage, guidance: Guidance) -> bool:
    """Tell whether hardly any word comes in that the built-in sentence does not hold."""
    telling = [each for each in new.stems if each not in guidance.plain]
    invented = [each for each in telling if each not in old.all_stems and each not in guidance.negation]
    return len(invented) <= max(1, int(_NEW_WORDS * len(telling)))


def _says_the_same(new: Passage, old: Passage, guidance: Guidance) -> bool:
    """Tell whether enough of the built-in sentence comes again."""
    telling = frozenset(old.stems) - guidance.plain
    return len(telling & new.all_stems) >= _KEPT_WORDS * len(telling)
