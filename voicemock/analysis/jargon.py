"""Technical terms and abbreviations that were dropped without a word on what they are or do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.spoken_text import SpokenText
from voicemock.analysis.statements import Statement
from voicemock.models import Remark

TERM_CONFIDENCE: Final = 0.8
ABBREVIATION_CONFIDENCE: Final = 0.7

_ABBREVIATION: Final = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]*[A-Z][A-Z0-9]{0,4}(?![\w-])")
_SHOUTED: Final = 0.4
"""With more capitals among the letters a text is written in capitals, and they say nothing."""


def find_jargon(spoken: SpokenText, statements: tuple[Statement, ...], lexicon: Lexicon) -> tuple[Remark, ...]:
    """Return each unexplained term where it was first said, in the order of the text."""
    first: dict[str, Remark] = {}
    explained: set[str] = set()
    for name, index, remark in (*_terms(spoken, statements, lexicon), *_abbreviations(spoken, statements, lexicon)):
        first.setdefault(name, remark)
        if lexicon.is_explained(statements, index):
            explained.add(name)
    found = (remark for name, remark in first.items() if name not in explained)
    return tuple(sorted(found, key=lambda remark: remark.start_char))


def _terms(
    spoken: SpokenText, statements: tuple[Statement, ...], lexicon: Lexicon
) -> Iterator[tuple[str, int, Remark]]:
    for index, statement in enumerate(statements):
        for rule, begin, end in lexicon.terms.find(statement):
            remark = statement.remark(spoken, begin, end, kind="term", rule=rule.name, confidence=TERM_CONFIDENCE)
            yield rule.name, index, remark


def _abbreviations(
    spoken: SpokenText, statements: tuple[Statement, ...], lexicon: Lexicon
) -> Iterator[tuple[str, int, Remark]]:
    letters = [char for char in spoken.text if char.isalpha()]
    if not letters or sum(map(str.isupper, letters)) > _SHOUTED * len(letters):
        return
    for index, statement in enumerate(statements):
        for place, word in enumerate(statement.words):
            written = spoken.text[word.start_char : word.end_char]
            if not _ABBREVIATION.fullmatch(written) or written in lexicon.known_abbreviations:
                continue
            if not _is_spelled_out(word.text, statement, place):
                remark = statement.remark(
                    spoken, place, place, kind="abbreviation", rule="unknown abbreviation",
                    confidence=ABBREVIATION_CONFIDENCE,
                )  # fmt: skip
                yield word.text, index, remark


def _is_spelled_out(letters: str, statement: Statement, place: int) -> bool:
    """Whether words in the same sentence begin with the letters: "mean time to recovery, MTTR"."""
    initials = "".join(word.text[0] for word in statement.words)
    return any(
        not start <= place < start + len(letters)
        for start in range(len(initials) - len(letters) + 1)
        if initials.startswith(letters, start)
    )
