"""What a transcriber notes beside the words: "[inaudible]", "(laughs)", "[Music]", a time in the middle of a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from voicemock.models import Word
from voicemock.speech.transcripts.clock_times import TIME

_SOUND: Final = (
    r"(?:inaudible|indistinct|indiscernible|unintelligible|unclear|incomprehensible|cross[- ]?talk|overlap\w*|laugh\w*"
    r"|chuckl\w*"
    r"|giggl\w*|cough\w*|sneez\w*|sniff\w*|sigh\w*|gasp\w*|groan\w*|yawn\w*|breath(?:es?|ing)|inhal\w*|exhal\w*"
    r"|throat(?:[- ]clearing)?|humm?(?:s|ming)|whistl(?:es|ing)|mumbl\w*|stammer\w*|stutter\w*|pauses?|silence|silent"
    r"|(?:no|blank)[_ ](?:audio|sound|speech)|music(?: playing)?|applau\w*|clapp?(?:s|ing)|cheers|cheering|noises?"
    r"|beep\w*|buzz(?:es|ing)|bleep\w*|rings?|ringing|typing|knock(?:s|ing)|foreign(?: language| speech)?"
    r"|phonetic|ph|sic|redacted"
    r"|(?:door|phone|bell|alarm|siren|dog|baby|chair|keyboard|car|truck|mic(?:rophone)?) \w+(?:s|ing)"
    r"|(?:end|start|beginning) of (?:the )?(?:recording|audio|tape|video|transcript|interview|call|meeting)"
    r"|(?:audio|connection) (?:cuts|drops|breaks) (?:in|out|up|off)|technical difficult\w*)"
)
_NOTED: Final = rf"(?:[\w'\u2019-]+[ _]){{0,3}}{_SOUND}(?: {TIME})?"
_NOTES: Final = re.compile(
    rf"[\[(]\s*{TIME}\s*[\])]"
    rf"|[\[({{]{{1,2}}\s*{_NOTED}\s*[\])}}]{{1,2}}"
    rf"|(?<![\w*])\*\s?{_NOTED}\s?\*(?![\w*])"
    r"|<\s?(?:laugh(?:s|ter)?|cough|sigh|breath|noise|unk|music|silence)\s?/?>"
    r"|\[\s*(?:[A-Z]+_[A-Z_]+|\?+|_+)\s*\]"
    r"|\u266a[^\u266a\n]{0,200}\u266a?|[\u266a\u266b]+",
    re.IGNORECASE,
)
_GUESSED: Final = re.compile(r"\[\?\s?([^\[\]?\n]{1,60}?)\s?\?\]")
"""Words that the transcriber was not sure of; they were said."""
_ALONE: Final = re.compile(r"^[ \t]*(?:>>+[ \t]*)?\[[^\[\]\n]*[^\W\d_]{2}[^\[\]\n]*\][ \t]*$", re.MULTILINE)
"""A note in square brackets that is all of its line."""
_BRACKETS: Final = re.compile(r"\[(?=[^\[\]\n]{2,60}\])(?:[^\s\[\]]+\s?){1,6}\](?!\()")
"""Any few words in square brackets: what an export notes, nobody said. Not a link of Markdown."""
_GAPS: Final = re.compile(r"[ \t]{2,}")
_BEFORE_STOPS: Final = re.compile(r"[ \t]+(?=[,.;!?](?:\s|$))")


def without_sounds(text: str, *, exported: bool = False) -> str:
    """Return a text without what its transcriber noted; the same text where nothing was.

    Args:
        text: Of one or more lines.
        exported: A program wrote it, so nothing in square brackets was said.
    """
    found = _ALONE.sub("", _GUESSED.sub(r"\1", text))
    found = _NOTES.sub("", found)
    if exported:
        found = _BRACKETS.sub("", found)
    if found == text:
        return text
    lines = (_BEFORE_STOPS.sub("", _GAPS.sub(" ", line)).strip(" \t") for line in found.split("\n"))
    return "\n".join(lines).strip("\n")


def spoken(words: Sequence[Word]) -> list[Word]:
    """Return timed words without those that lie in notes of the transcriber."""
    text, starts = "", []
    for word in words:
        starts.append(len(text))
        text += f"{word.text} "
    noted = [match.span() for pattern in (_NOTES, _BRACKETS) for match in pattern.finditer(text)]
    return [
        word
        for word, start in zip(words, starts, strict=True)
        if not any(first < start + len(word.text) and start < last for first, last in noted)
    ]
