"""Labels of speakers at the beginning of a line: "Dana Fox:", "[SPEAKER_00]:", "**Interviewer:**"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from voicemock.content.headings import is_heading
from voicemock.speech.transcripts.clock_times import TIME
from voicemock.speech.transcripts.names import (
    are_a_pair,
    asks_the_questions,
    is_generic,
    is_name,
)

LONGEST_QUESTION_WORDS: Final = 60
USUAL: Final = 0.8
"""Share of the lines of captions that begin with a label, from which each of them is a speaker."""

_ARROWS: Final = re.compile(r"[ \t]*>>")

_LABEL: Final = re.compile(
    r"[ \t]*(?:>>+[ \t]*)?(?:[*_]{1,2})?(?:\[(?P<boxed>[^\[\]\n]{1,40})\][ \t]*:?|<(?P<pointed>[^<>\n]{1,40})>[ \t]*:?"
    r"|(?P<plain>(?:[^:\n*_\[\]<>]|(?<=\w)_(?=\w)){1,40}?)[ \t]*"
    rf"(?:\([^()\n]{{1,24}}\)|\[{TIME}\]|(?<=\s){TIME})?[ \t]*"
    r"(?:[*_]{1,2})?[ \t]*[:\uff1a])(?:[*_]{1,2})?"
    r"(?:[ \t]+|(?=[A-Z\"\u201c])|$)(?P<rest>.*)"
)
_LETTER: Final = re.compile(r"[ \t]*(?P<label>[QA])[.)][ \t]+(?P<rest>\S.*)")
"""Of a question or an answer: "Q. Tell me"."""
_BEFORE: Final = re.compile(r"^[ \t]*(?:[^\w\s\[\](<>*_\"']+[ \t]+)?(?:\d{1,3}[.)][ \t]+)?")
"""Bullets and numbers before a label."""
_DASHED: Final = re.compile(r"[*_]{0,2}(?P<label>[^*_\n]{1,40}?)[*_]{0,2}[ \t]+[-\u2013\u2014][ \t]+(?P<rest>\S.*)")
_USERNAME: Final = re.compile(r"(?i:spk|speaker)[_-]?\d+")
_ASKS: Final = re.compile(
    r"\?|\b(?:tell (?:me|us)|describe|walk (?:me|us)|talk (?:me|us) through|give (?:me|us)|share an? )\b", re.IGNORECASE
)


def label_at(line: str, *, of_any: bool = False) -> tuple[str, str] | None:
    """Return the label that a line begins with, and the rest of the line; None if it cannot be a name.

    Args:
        line: With its bullet, number or arrows.
        of_any: Take any few words before a colon: "omar.reyes", "Omar's phone".
    """
    if letter := _LETTER.fullmatch(line):
        return letter["label"], letter["rest"].strip()
    line = _BEFORE.sub("", line)
    bare = line.strip(" \t*_#[]:")
    if is_generic(bare) and (bare != line.strip() or not bare[:1].islower()):
        return bare, ""  # "you" alone on its line is a word
    dashed = _DASHED.fullmatch(line)
    if dashed and is_generic(dashed["label"]):
        return dashed["label"], dashed["rest"].strip()
    found = _LABEL.fullmatch(line)
    if found is None:
        return None
    label = (found["boxed"] or found["pointed"] or found["plain"] or "").strip()
    if not label or not (of_any or is_name(label) or _USERNAME.fullmatch(label)):
        return None
    if found["boxed"] and not found["rest"].strip():
        return None
    return label, found["rest"].strip()


def label_of(line: str, labels: frozenset[str]) -> tuple[str, str] | None:
    """Return the speaker that a line names, and what he says in it; None if it names none of them."""
    found = label_at(line, of_any=True)
    return found if found is not None and found[0] in labels else None


def labels_of_cues(texts: Iterable[str]) -> frozenset[str]:
    """Return the labels at the beginning of captions that are speakers: one that recurs, and names beside it."""
    lines = [line for text in texts if not _is_one_word(text) for line in text.split("\n") if line.strip()]
    if not lines:
        return frozenset()
    usual = Counter(found[0] for line in lines if (found := label_at(line, of_any=True)))
    if usual.total() > 1 and usual.total() >= USUAL * len(lines) and max(usual.values()) > 1:
        return frozenset(label for label in usual if usual[label] > 1 or is_name(label))
    counts = Counter(found[0] for line in lines if (found := label_at(line)))
    names = [label for label in counts if not is_heading(label)]
    if (
        any(_ARROWS.match(line) and label_at(line) for line in lines)
        or any(counts[label] > 1 or is_generic(label) or " " in label for label in names)
        or are_a_pair(frozenset(counts))
    ):
        return frozenset(names or counts)
    return frozenset(names) if names and label_at(lines[0]) else frozenset()


def _is_one_word(text: str) -> bool:
    """Return whether a caption is a single word, which names nobody: "You", "Then:"; not "Interviewer:"."""
    words = text.split()
    return len(words) == 1 and words[0][-1:] not in "]>" and not (words[0].endswith(":") and is_generic(words[0][:-1]))


def labels_of_lines(lines: Sequence[str], *, timed: bool) -> frozenset[str]:
    """Return the labels in a text that are speakers, and not headings of notes.

    Args:
        lines: Of the text.
        timed: The text has times, so that it is no note of the candidate's own.
    """
    turns = [found for line in lines if (found := label_at(line))]
    labels = frozenset(label for label, _ in turns)
    if are_a_pair(labels) or (turns and only_asks(labels) and _asks(turns[0][1])):
        return labels
    names = [label for label, _ in turns if not is_heading(label)]
    if not names:
        return frozenset()
    if timed:
        return labels_of_cues(lines)
    if any(map(is_generic, names)) or any(_ARROWS.match(line) and label_at(line) for line in lines):
        return frozenset(names)
    asking = [_asks(said) for _, said in turns]
    if _returns(names) and (any(asking) or all(" " in name for name in names)):
        return frozenset(names)
    if len(turns) == len(labels) == 2 and asking[0]:
        return frozenset(names)
    is_full_name = len(labels) == 1 and " " in names[0] and lines and label_at(_first(lines)) is not None
    return frozenset(names) if is_full_name else frozenset()


def _first(lines: Sequence[str]) -> str:
    return next((line for line in lines if line.strip()), "")


def _returns(names: Sequence[str]) -> bool:
    """Return whether a speaker comes back after another: "Dana, Sam, Dana"; or one full name begins several lines."""
    changes = [name for index, name in enumerate(names) if index == 0 or name != names[index - 1]]
    if len(set(names)) == 1:
        return len(names) > 1 and " " in names[0]
    return len(changes) > len(set(changes)) and len(set(names)) <= max(2, len(names) // 2)


def _asks(text: str) -> bool:
    """Return whether a turn is a question of an interviewer."""
    return len(text.split()) <= LONGEST_QUESTION_WORDS and _ASKS.search(text) is not None


def only_asks(labels: Iterable[str]) -> bool:
    """Return whether all labels name the one who asks, so that the candidate has none."""
    return all(map(asks_the_questions, labels))
