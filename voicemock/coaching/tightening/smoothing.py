"""Takes fillers, repetitions and false starts out of a sentence, with the commas that only they needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from voicemock.analysis.lexicon import Lexicon
from voicemock.coaching.tightening.leaning import parts_clauses
from voicemock.models import Analysis, CutReason

_SENTENCE_END: Final = (".", "?", "!")
_TAIL: Final = re.compile(r"[,;\N{HORIZONTAL ELLIPSIS}-]*")
_SPACE: Final = re.compile(r"\s*")
_WORD: Final = re.compile(r"[\w']+")


class Stretch(NamedTuple):
    """Words to take out: characters of the transcript, end exclusive."""

    start: int
    end: int
    why: CutReason


def stumbles(analysis: Analysis, text: str) -> list[Stretch]:
    """Return the fillers and the words taken back, in order; none overlap.

    With words taken back goes what says so: "sorry" of "the team, sorry, the vendor".
    """
    corrections = Lexicon.load().repetitions.rules["corrections"].phrases
    said = re.compile(rf"[\s,-]*(?:{'|'.join(map(re.escape, corrections))})\b(?=\W)", re.IGNORECASE)
    found = [Stretch(each.start_char, each.end_char, "filler") for each in analysis.fillers]
    for each in analysis.repetitions:
        follows = said.match(text, each.end_char)
        found.append(Stretch(each.start_char, follows.end() if follows else each.end_char, "taken_back"))
    return _apart(sorted(found))


def _apart(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches without those that lie in an earlier one."""
    apart: list[Stretch] = []
    for each in stretches:
        if each.start < each.end and (not apart or each.start >= apart[-1].end):
            apart.append(each)
    return apart


def without(text: str, sentence: tuple[int, int], stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return what goes of a sentence, commas and spaces included, so that what stays reads as a sentence.

    Args:
        text: The transcript.
        sentence: First character of the sentence, and one past its last.
        stretches: Words to take out, in order, apart.
    """
    begin, end = sentence
    gone: list[Stretch] = []
    position, anything_before = begin, False
    for each in stretches:
        if each.start < position or each.end > end:
            continue
        before = text[position : each.start]
        anything_before = anything_before or bool(before.strip(" ,"))
        start, after = _extent(text, each, (position, end), anything_before=anything_before)
        gone.append(Stretch(start, after, each.why))
        position = after
    return gone


def _extent(text: str, words: Stretch, around: tuple[int, int], *, anything_before: bool) -> tuple[int, int]:
    """Return where a cut begins and ends: the comma behind it goes, and one before it where no clause begins."""
    position, end = around
    tail = _TAIL.match(text, words.end, end)
    mark = tail.end() if tail else words.end
    space = _SPACE.match(text, mark, end)
    after = space.end() if space else mark
    kept = position + len(text[position : words.start].rstrip())
    if after == end or text[after] in _SENTENCE_END:
        return position + len(text[position : kept].rstrip(" ,")), after if anything_before else min(after + 1, end)
    if not anything_before:
        return position, after
    if "," in text[words.end : mark] and text[position:kept].endswith(","):
        last, following = _WORD.findall(text, position, kept), _WORD.match(text, after)
        one_stays = last and following and parts_clauses(last[-1], following[0])
        return kept if one_stays else kept - 1, mark
    return words.start, after


def remaining(text: str, sentence: tuple[int, int], gone: Sequence[Stretch]) -> str:
    """Return what stays of a sentence, with the capital that it began with."""
    begin, end = sentence
    pieces = []
    for each in gone:
        pieces.append(text[begin : each.start])
        begin = each.end
    kept = "".join((*pieces, text[begin:end])).strip()
    return f"{kept[:1].upper()}{kept[1:]}" if text[sentence[0] : end].lstrip()[:1].isupper() else kept
