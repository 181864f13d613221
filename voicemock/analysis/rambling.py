"""Signs that an answer does not get to its point: content said twice, a long background, no landing."""

from __future__ import annotations

from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.spoken_text import SpokenText
from voicemock.analysis.statements import Statement
from voicemock.models import QuantifiedResult, Rambling, Remark, Restatement, Structure

FEWEST_CONTENT_WORDS: Final = 4
"""Shorter statements are alike by chance."""
SAME_OVERLAP: Final = 0.75
"""Share of the shorter statement's content words from which two say the same."""
SAME_OVERLAP_OF_PARTS: Final = 0.9
"""The same for statements of different parts: "I had to map the calls", "I mapped the calls"."""
SAME_LENGTH: Final = 0.5
"""The shorter must have this share of the longer one's content words: a summary is no repetition."""
REPETITION_CONFIDENCE: Final = 0.8
LAST_STATEMENTS: Final = 3
"""Where a landing is looked for; "that is it" often stands behind it."""
MOST_STATEMENTS: Final = 400
"""Of a longer text only the beginning is compared, so that the time grows with its length."""
BACKGROUND: Final = ("situation", "task")


def find_rambling(
    spoken: SpokenText,
    statements: tuple[Statement, ...],
    structure: Structure,
    outcomes: tuple[QuantifiedResult, ...],
    lexicon: Lexicon,
) -> Rambling:
    """Return what was said twice, how much was background, and where the answer landed."""
    shares = [part.share for part in structure.parts if part.name in BACKGROUND and part.share is not None]
    return Rambling(
        repeated=_repeated(statements, lexicon),
        background_share=sum(shares) if shares else None,
        landing=_landing(spoken, statements, structure, outcomes, lexicon),
    )


def _repeated(statements: tuple[Statement, ...], lexicon: Lexicon) -> tuple[Restatement, ...]:
    contents = [content_of(statement, lexicon) for statement in statements[:MOST_STATEMENTS]]
    by_word: dict[str, list[int]] = {}
    found: list[Restatement] = []
    for index, words in enumerate(contents):
        if len(words) >= FEWEST_CONTENT_WORDS:
            shared: dict[int, int] = {}
            for earlier in (each for word in words for each in by_word.get(word, ())):
                shared[earlier] = shared.get(earlier, 0) + 1
            same = [
                (count / min(len(words), len(contents[earlier])), -earlier)
                for earlier, count in shared.items()
                if _is_same(count, len(words), len(contents[earlier]), _threshold(statements, earlier, index))
            ]
            if same:
                overlap, earlier = max(same)
                found.append(_repetition(statements[-earlier], statements[index], overlap))
            for word in words:
                by_word.setdefault(word, []).append(index)
    return tuple(found)


def _threshold(statements: tuple[Statement, ...], earlier: int, later: int) -> float:
    """Return the overlap from which two say the same: what was to be done and what was done are told in like words."""
    parts = statements[earlier].sentence.part, statements[later].sentence.part
    return SAME_OVERLAP if parts[0] == parts[1] else SAME_OVERLAP_OF_PARTS


def _is_same(shared: int, one: int, other: int, threshold: float) -> bool:
    short, long = sorted((one, other))
    return shared >= threshold * short and short >= SAME_LENGTH * long


def content_of(statement: Statement, lexicon: Lexicon) -> frozenset[str]:
    """Return the stems of the words that carry meaning."""
    return frozenset(stem(word.text) for word in statement.words if word.text not in lexicon.stop_words)


def stem(word: str) -> str:
    """Return a word without its common endings: "meetings" and "meeting" are one."""
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


def _repetition(first: Statement, again: Statement, overlap: float) -> Restatement:
    return Restatement(
        quote=again.sentence.text,
        start_s=again.sentence.start_s,
        end_s=again.sentence.end_s,
        start_char=again.sentence.start_char,
        end_char=again.sentence.end_char,
        first_quote=first.sentence.text,
        first_start_s=first.sentence.start_s,
        first_start_char=first.sentence.start_char,
        first_end_char=first.sentence.end_char,
        rule="same content words",
        confidence=REPETITION_CONFIDENCE,
        overlap=overlap,
    )


def _landing(
    spoken: SpokenText,
    statements: tuple[Statement, ...],
    structure: Structure,
    outcomes: tuple[QuantifiedResult, ...],
    lexicon: Lexicon,
) -> Remark | None:
    """Return the last sentence that lands: by its words, by an outcome in it, or as the last part of the framework."""
    last_part = structure.parts[-1].name
    told = [statement for statement in statements if statement.words][-LAST_STATEMENTS:]
    for statement in reversed(told):
        sentence, end = statement.sentence, len(statement.words) - 1
        if any(sentence.start_char <= outcome.start_char < sentence.end_char for outcome in outcomes):
            return statement.remark(spoken, 0, end, kind="landing", rule="measured result", confidence=0.9)
        for rule, first, last in lexicon.rambling.only("landing").find(statement):
            return statement.remark(spoken, first, last, kind="landing", rule=rule.name, confidence=rule.confidence)
        if sentence.part == last_part:
            return statement.remark(spoken, 0, end, kind="landing", rule="last part", confidence=0.8)
    return None
