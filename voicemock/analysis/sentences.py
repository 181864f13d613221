"""Splits spoken text into sentences: by punctuation, and by pauses and clauses where there is none.

For clauses a trained model weighs the words on both sides of each place (docs/structure-model.md). The best cut of a
whole stretch is a shortest path, so that no piece is too short or too long.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from voicemock.analysis.spoken_text import SpokenText
from voicemock.content.yaml_files import prompts_folder
from voicemock.errors import ContentError

SUMS_FILE: Final = "SHA256SUMS"

SHORTEST_WORDS: Final = 7
LONGEST_WORDS: Final = 60
SHORT_COST: Final = 0.5
"""For each word below the shortest."""
PAUSE_WORTH: Final = 2.5
"""Added to the model's log odds by a pause: with one, sentences end about ten times as often."""

EAGERNESS: Final = 1.0
"""Added to the log odds: a sentence cut in two keeps its part, two that run together lose one."""

NUMBER: Final = "#"
"""Stands for every number in the signs of a trained model: only that there is one matters."""
_NUMBER: Final = re.compile(r"[$€£]?\d[\d,.:]*[%+]?")

LONG_RUN_WORDS: Final = 40
"""In a longer stretch without a full stop the transcriber lost the punctuation: it is split at clauses."""
CLAUSE_PAUSE_S: Final = 0.6
"""A gap between words that ends a clause in an unpunctuated stretch; Whisper's word times are off by as much."""
WRAPPED_LINE_CHARS: Final = 50
"""A line at least this long without a full stop is taken to be wrapped, not ended."""

_MARKS: Final = ".,;:!?\"'\u201c\u201d\u2018\u2019()[]{}*_«»"
_CLOSERS: Final = "\"'\u201d\u2019)]}*_»"
_OPENERS: Final = "\"'\u201c\u2018([{*_«"
_ABBREVIATIONS: Final = frozenset({
    "e.g", "i.e", "vs", "approx", "dr", "mr", "mrs", "ms", "prof", "sr", "jr", "no", "fig", "al", "eg", "ie", "cf",
    "dept", "est", "inc", "ltd", "co", "corp", "st", "u.s", "u.k", "u.s.a"
})  # fmt: skip
_MAY_END: Final = frozenset({
    "inc", "ltd", "co", "corp", "u.s", "u.k", "u.s.a", "sr", "jr", "no", "al"
})  # fmt: skip
"""Abbreviations that also stand at the end of a sentence."""
_INITIALS: Final = re.compile(r"(?:[a-z]\.)*[a-z]", re.ASCII)
_STARTERS: Final = frozenset({
    "i", "we", "the", "it", "they", "then", "so", "but", "and", "our", "my", "this", "that", "these", "he", "she",
    "you", "in", "as", "at", "when"
})  # fmt: skip
_BULLET: Final = re.compile(r"(?:[-*•#>]+|\d{1,2}[.)])$")
_LIST_NUMBER: Final = re.compile(r"\d{1,2}[.)]")


def read_trained_file(name: str) -> dict[str, npt.NDArray[Any]] | None:
    """Return the arrays of ``NAME.npz``; None when there is no such file.

    Raises:
        ContentError: It is not the file that was published.
    """
    folder = prompts_folder() / "structure"
    path = folder / f"{name}.npz"
    if not path.is_file():
        return None
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != _published_sum(folder / SUMS_FILE, path.name):
        raise ContentError(f"{path} is damaged: its hash is not the one in {SUMS_FILE}. Install voicemock again.")
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)


def _published_sum(path: Path, name: str) -> str | None:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((line.split()[0] for line in lines if line.split()[1:] == [name]), None)


def cut(words: Sequence[str], pauses: Sequence[bool]) -> list[int]:
    """Return the places where a new sentence begins, as indices of words; the first word is not one of them.

    Words are in lower case without punctuation; ``pauses`` tells for each word whether a pause stands before it.
    """
    if not words:
        return []
    odds = [0.0, *_log_odds(words)]
    worth = [value + PAUSE_WORTH * paused for value, paused in zip(odds, pauses, strict=True)]
    count = len(words)
    best, source = [0.0] + [-np.inf] * count, [0] * (count + 1)
    for end in range(1, count + 1):
        for start in range(max(0, end - LONGEST_WORDS), end):
            value = best[start] + (worth[start] if start else 0.0) - SHORT_COST * max(0, SHORTEST_WORDS - end + start)
            if value > best[end]:
                best[end], source[end] = value, start
    places, end = [], count
    while source[end]:
        end = source[end]
        places.append(end)
    return places[::-1]


def _log_odds(words: Sequence[str]) -> list[float]:
    weights, bias = _model()
    return [
        bias + EAGERNESS + sum(weights.get(sign, 0.0) for sign in signs_of(words, place))
        for place in range(1, len(words))
    ]


def signs_of(words: Sequence[str], place: int) -> list[str]:
    """Return the signs around the place before a word: the words next to it, in pairs, and their endings."""
    before, last, first, second, third = (
        _NUMBER.sub(NUMBER, words[index]) if 0 <= index < len(words) else "" for index in range(place - 2, place + 3)
    )
    return [
        f"{last}|", f"{before} {last}|", f"|{first}", f"|{first} {second}", f"|{first} {second} {third}",
        f"{last}|{first}", f"-{last[-3:]}|", f"-{last[-2:]}|{first}", f"|{first} -{second[-2:]}",
    ]  # fmt: skip


@cache
def _model() -> tuple[dict[str, float], float]:
    arrays = read_trained_file("clauses")
    if arrays is None:
        return {}, 0.0
    weights = arrays["weights"].astype(float)
    return dict(zip(arrays["signs"].tolist(), weights.tolist(), strict=True)), float(arrays["bias"])


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """A run of words that is one sentence; ``last_word`` belongs to it."""

    first_word: int
    last_word: int


def split_sentences(spoken: SpokenText) -> tuple[SentenceSpan, ...]:
    """Return the sentences in order: runs of words that hold at least one letter or digit."""
    runs: list[SentenceSpan] = []
    first = 0
    for index in range(len(spoken.words)):
        if index + 1 == len(spoken.words) or _ends_sentence(spoken, index):
            runs.extend(_clauses(spoken, first, index))
            first = index + 1
    return tuple(span for run in runs if (span := _trimmed(spoken, run)) is not None)


def _word(spoken: SpokenText, index: int) -> str:
    start, end = spoken.chars[index]
    return spoken.text[start:end]


def _ends_sentence(spoken: SpokenText, index: int) -> bool:
    """Return whether a sentence ends between a word and the next."""
    word, following = _word(spoken, index), _word(spoken, index + 1)
    between = spoken.text[spoken.chars[index][1] : spoken.chars[index + 1][0]]
    bare = word.rstrip(_CLOSERS)
    if "\n" in between and _line_ends(spoken, index, bare, following, between):
        return True
    opener = following.lstrip(_OPENERS)[:1]
    if bare.endswith(("!", "?")):
        return True
    if bare.endswith(("...", "…")):
        return opener.isupper() and following.strip(_OPENERS).lower() not in {"i", "i'm", "i've"}
    if not bare.endswith("."):
        return False
    if _LIST_NUMBER.fullmatch(bare.lstrip(_OPENERS)) and _opens_sentence(spoken, index):
        return not opener.isupper()
    return _full_stop_ends(bare[:-1].lstrip(_OPENERS), following, opener)


def _opens_sentence(spoken: SpokenText, index: int) -> bool:
    """Return whether a word stands at the beginning of a line, or after a list mark or the end of a sentence."""
    if index == 0 or "\n" in spoken.text[spoken.chars[index - 1][1] : spoken.chars[index][0]]:
        return True
    previous = _word(spoken, index - 1)
    return previous.rstrip(_CLOSERS).endswith((".", "!", "?", ":")) or bool(_BULLET.match(previous))


def _full_stop_ends(bare: str, following: str, opener: str) -> bool:
    lower = bare.lower()
    initials = _INITIALS.fullmatch(lower) is not None and lower != "i"
    if lower in _ABBREVIATIONS or initials:
        return (lower in _MAY_END or initials) and following.strip(_OPENERS).lower() in _STARTERS and opener.isupper()
    return True


def _line_ends(spoken: SpokenText, index: int, bare: str, following: str, between: str) -> bool:
    """Return whether a line break between two words ends a sentence rather than wraps it."""
    if between.count("\n") > 1 or _BULLET.match(following):
        return True
    line_start = spoken.text.rfind("\n", 0, spoken.chars[index][0]) + 1
    is_long = spoken.chars[index][1] - line_start >= WRAPPED_LINE_CHARS
    starts_anew = following.lstrip(_OPENERS)[:1].isupper()
    return bare.endswith(":") or (starts_anew and not is_long)


def _clauses(spoken: SpokenText, first: int, last: int) -> list[SentenceSpan]:
    """Split a stretch that is too long to be one sentence where a new one seems to begin."""
    if last - first + 1 <= LONG_RUN_WORDS:
        return [SentenceSpan(first, last)]
    words = [_bare(_word(spoken, index)) for index in range(first, last + 1)]
    pauses = [spoken.gap_before(index) >= CLAUSE_PAUSE_S for index in range(first, last + 1)]
    starts = [first, *(first + place for place in cut(words, pauses))]
    return [SentenceSpan(start, end - 1) for start, end in pairwise([*starts, last + 1])]


def _bare(word: str) -> str:
    return word.lower().replace("\u2019", "'").strip(_MARKS)


def _trimmed(spoken: SpokenText, span: SentenceSpan) -> SentenceSpan | None:
    """Return a sentence without list marks and lone symbols around it; None when nothing is left."""
    first, last = span.first_word, span.last_word
    while first <= last and (_is_mark(spoken, first) or (first < last and _is_list_number(spoken, first))):
        first += 1
    while last >= first and _is_mark(spoken, last):
        last -= 1
    return SentenceSpan(first, last) if first <= last else None


def _is_mark(spoken: SpokenText, index: int) -> bool:
    return not any(map(str.isalnum, _word(spoken, index)))


def _is_list_number(spoken: SpokenText, index: int) -> bool:
    """Return whether a word is the number of a list item: "2." or "2)" at the beginning of a line."""
    start = spoken.chars[index][0]
    at_line_start = index == 0 or "\n" in spoken.text[spoken.chars[index - 1][1] : start]
    return at_line_start and _LIST_NUMBER.fullmatch(_word(spoken, index)) is not None
