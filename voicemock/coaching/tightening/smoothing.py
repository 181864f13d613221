"""Takes fillers, repetitions and false starts out of a sentence, with the commas that only they needed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from voicemock.analysis.amounts import NUMBER_WORDS
from voicemock.analysis.lexicon import Lexicon
from voicemock.coaching.tightening.leaning import joins_clauses, may_part
from voicemock.models import Analysis, CutReason, Filler, Repetition

_SENTENCE_END: Final = (".", "?", "!")
_MARKS: Final = r"[\s,;\N{HORIZONTAL ELLIPSIS}-]*"
_TAIL: Final = re.compile(r"[,;\N{HORIZONTAL ELLIPSIS}-]*")
_SPACE: Final = re.compile(r"\s*")
_WORD: Final = re.compile(r"[\w']+")
_FILLED_PAUSES: Final = frozenset({"um", "uh", "uhm", "er", "erm", "hm", "hmm", "mm", "eh", "ah"})
_LONGEST_WORD: Final = 40
_MAY_CORRECT: Final = frozenset({"i mean", "well"})
"""They may say that what was said before was not so: "we delivered on the date, well, more or less"."""
_MAY_BE_OBJECTS: Final = frozenset({"it", "you", "that", "this", "there"})
"""A clause may end with one of these: "leave it, it's rounding"."""


class Stretch(NamedTuple):
    """Words to take out: characters of the transcript, end exclusive."""

    start: int
    end: int
    why: CutReason


def stumbles(analysis: Analysis, text: str) -> list[Stretch]:
    """Return the fillers and the words that were surely taken back, in order; none overlap.

    With words taken back goes what says so: "sorry" of "the team, sorry, the vendor".
    """
    corrections = Lexicon.load().repetitions.rules["corrections"].phrases
    said = re.compile(rf"[\s,-]*(?:{'|'.join(map(re.escape, corrections))})\b(?=\W)", re.IGNORECASE)
    fillers = (each for each in analysis.fillers if each.kind == "filled_pause" or _says_nothing(text, each))
    found = [Stretch(each.start_char, each.end_char, "filler") for each in fillers]
    for each in analysis.repetitions:
        if _is_surely_taken_back(text, each):
            follows = said.match(text, each.end_char)
            found.append(Stretch(each.start_char, follows.end() if follows else each.end_char, "taken_back"))
    return _apart(sorted(found))


def _says_nothing(text: str, filler: Filler) -> bool:
    """Return whether a filler phrase surely is one: set off, and neither "roughly" nor "rather".

    "What I'd like", ", like four hundred" and "say, three" may hold none, and in "it's, you know, it's" it parts a word
    from itself.
    """
    before, after = text[: filler.start_char].rstrip(), text[filler.end_char :].lstrip()
    following = _WORD.search(after)
    is_roughly = following is not None and (following[0][0].isdigit() or following[0].lower() in NUMBER_WORDS)
    words = _WORD.findall(before[-_LONGEST_WORD:])
    parts = following is not None and words[-1:] == [following[0]]
    is_set_off = not (before[-1:].isalnum() or after[:1].isalnum())
    return is_set_off and not (is_roughly or parts or filler.text.lower() in _MAY_CORRECT)


def _is_surely_taken_back(text: str, repetition: Repetition) -> bool:
    """Return whether words were taken back, and did not end a clause.

    They do in "questioned it, it goes back to" and "isn't doing the sign-in, the sign-in is".
    """
    said = _WORD.findall(repetition.text.lower())
    is_cut_off = text[repetition.end_char - 1 : repetition.end_char + 1].count("-") > 0
    paused = _WORD.match(text[repetition.end_char :].lstrip(" ,").lower())
    is_cut_off = is_cut_off or (repetition.kind == "repetition" and paused is not None and paused[0] in _FILLED_PAUSES)
    if not (is_cut_off or Lexicon.load().repetitions["never twice"].issuperset(said)):
        return False
    before = text[: repetition.start_char].rstrip()
    may_be_object = said[0].partition("'")[0] in _MAY_BE_OBJECTS
    return not may_be_object or not before[-1:].isalnum() or joins_clauses(_WORD.findall(before[-_LONGEST_WORD:])[-1])


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
    first, last = (bisect_left(stretches, char, key=lambda each: each.start) for char in (begin, end))
    for run in _runs(text, [each for each in stretches[first:last] if each.end <= end]):
        anything_before = anything_before or bool(text[position : run[0].start].strip(" ,"))
        start, after = _extent(text, (run[0].start, run[-1].end), (position, end), anything_before=anything_before)
        starts = [start, *(each.start for each in run[1:])]
        gone += [Stretch(*edges, each.why) for edges, each in zip(_pairs(starts, after), run, strict=True)]
        position = after
    return gone


def _runs(text: str, stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """Yield neighbors together, between which nothing is said."""
    run: list[Stretch] = []
    for each in stretches:
        if run and not re.fullmatch(_MARKS, text[run[-1].end : each.start]):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _pairs(starts: Sequence[int], end: int) -> Iterator[tuple[int, int]]:
    return zip(starts, [*starts[1:], end], strict=True)


def _extent(text: str, words: tuple[int, int], around: tuple[int, int], *, anything_before: bool) -> tuple[int, int]:
    """Return where a cut begins and ends: of the commas around it one stays where it may part clauses."""
    position, end = around
    tail = _TAIL.match(text, words[1], end)
    mark = tail.end() if tail else words[1]
    space = _SPACE.match(text, mark, end)
    after = space.end() if space else mark
    kept = position + len(text[position : words[0]].rstrip())
    if after == end or text[after] in _SENTENCE_END:
        return position + len(text[position:kept].rstrip(" ,")), after if anything_before else min(after + 1, end)
    if not anything_before:
        return position, after
    if "," in text[words[1] : mark] and text[position:kept].endswith(","):
        last, first = _WORD.findall(text, position, kept), _WORD.match(text, after, end)
        is_pause = text[slice(*words)].lower() in _FILLED_PAUSES
        one_stays = last and first and may_part(last[-1], first[0], only_clauses=is_pause)
        return kept if one_stays else kept - 1, mark
    return words[0], after


def remaining(text: str, sentence: tuple[int, int], gone: Sequence[Stretch]) -> str:
    """Return what stays of a sentence, with the capital that it began with."""
    begin, end = sentence
    has_capital = text[begin:end].lstrip()[:1].isupper()
    pieces = []
    for each in gone:
        pieces.append(text[begin : each.start])
        begin = each.end
    kept = "".join((*pieces, text[begin:end])).strip()
    capital = kept[:1].upper()
    return f"{capital}{kept[1:]}" if has_capital and len(capital) == 1 else kept  # two letters of a ligature
