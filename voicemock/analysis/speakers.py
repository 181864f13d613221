"""Whose "I" it is: the candidate's own, a quoted person's, or no person's, as in "Phase I".

Only words between quotation marks are a quote. Without them, "she said I will fix it" may be either.
"""

from __future__ import annotations

import re
from typing import Final

from voicemock.analysis.spoken_text import Statement

_QUOTE: Final = re.compile(
    r"\"[^\"]+\"|\u201c[^\u201d]+\u201d|\u00ab[^\u00bb]+\u00bb|(?<![\w'\u2019])['\u2018](?=\w)(?:[^'\u2019]|['\u2019](?=\w))+['\u2019](?!\w)"
)
_SAYS: Final = (
    "said|says|say|saying|told|tells|asked|asks|replied|answered|wrote|writes|shouted|insisted|explained|added|"
    "warned|promised|went|goes|yelled|admitted|thought|was like|were like"
)
_OWN: Final = re.compile(
    rf"\b(?:i|we|i'd|we'd|i've|we've|me|i'm the one who|i was the one who)(?: \w+){{0,2}}? (?:{_SAYS}|saying)\b[^.;]*$",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(rf"\b(?:{_SAYS})\b[^.;]*$", re.IGNORECASE)
_OTHER_AFTER: Final = re.compile(
    rf"[\s,]*(?:(?:{_SAYS})\s+(?!i\b|we\b)\w+|(?!i\b|we\b)(?:\w+\s+){{1,4}}?(?:{_SAYS})\b)", re.IGNORECASE
)
_SERIES: Final = frozenset({
    "phase", "part", "type", "tier", "level", "stage", "class", "grade", "volume", "chapter", "section", "appendix",
    "act", "table", "war", "category", "series", "article", "title"
})  # fmt: skip
_AFTER_NUMERAL: Final = frozenset(
    {"of", "and", "or", "trial", "trials", "study", "studies", "to", "through", "is", "was"}
)


def quoted(sentence: str) -> tuple[tuple[int, int], ...]:
    """Return the stretches of a sentence that it quotes from somebody else: first character and one past the last."""
    plain = sentence.replace("\u2019", "'")
    return tuple(
        match.span()
        for match in _QUOTE.finditer(sentence)
        if _OTHER_AFTER.match(plain, match.end())
        or (_OTHER.search(plain[: match.start()]) and not _OWN.search(plain[: match.start()]))
    )


def is_numeral(statement: Statement, index: int) -> bool:
    """Return whether an "I" is the Roman number: "Phase I", "Part I of the plan"; not "in that phase I led it"."""
    word = statement.words[index]
    if word.text != "i" or index == 0:
        return False
    before = statement.words[index - 1]
    if before.text not in _SERIES:
        return False
    offset = statement.sentence.start_char
    text = statement.sentence.text
    is_last = index + 1 == len(statement.words)
    follows = text[word.end_char - offset :][:1]
    if is_last or (follows and not follows.isspace()) or statement.words[index + 1].text in _AFTER_NUMERAL:
        return True
    return index > 1 and text[before.start_char - offset].isupper()
