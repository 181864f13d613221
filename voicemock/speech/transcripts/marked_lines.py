"""Texts with the time or the speaker before what was said: Otter, Trint, Zoom, YouTube and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from voicemock.content.headings import is_heading
from voicemock.speech.transcripts.clock_times import TIME, seconds_of
from voicemock.speech.transcripts.labels import label_of, labels_of_lines, only_asks
from voicemock.speech.transcripts.names import is_generic, is_name
from voicemock.speech.transcripts.sounds import without_sounds
from voicemock.speech.transcripts.utterances import Utterance

_HALF: Final = r"(?:\s?[AaPp][Mm])?"
_BOXED: Final = re.compile(
    rf"\s*(?:[-*\u2022]\s+)?(?:\[\s*{TIME}{_HALF}\s*\]|\(\s*{TIME}{_HALF}\s*\)|<\s*{TIME}\s*>)\s*[:\u2013-]?\s*(?P<rest>.*)"
)
_ALONE: Final = re.compile(rf"\s*(?P<time>{TIME})\s*(?:[ap]m)?\s*", re.IGNORECASE)
_BARE: Final = re.compile(rf"\s*(?P<time>{TIME})(?:\s+(?:[-\u2013|]\s+)?|(?=[A-Za-z\[(\"\u201c]))(?P<rest>\S.*)")
_ENDS_WITH_TIME: Final = re.compile(
    rf"\s*(?P<name>\S.{{0,60}}?)(?:\s*[,|\u2013\u00b7-]\s*|\s+|:\s*)(?:\(\s*(?P<in>{TIME})\s*\)|\[\s*{TIME}\s*\]|(?P<time>{TIME}))"
    r"\s*(?:[ap]m)?\s*:?\s*",
    re.IGNORECASE,
)
_SPELLED: Final = re.compile(r"\s*(?:\d+ (?:hours?|minutes?|seconds?)(?:,? (?:and )?|\s*$))+", re.IGNORECASE)
_FOOTER: Final = re.compile(
    r"\s*(?:transcribed by\b.*|https?://\S+|.{1,60} (?:started|stopped) (?:the )?(?:transcription|recording).?"
    r"|(?:meeting|call|recording|transcription|transcript) (?:ended|started|began|stopped)\b"
    r"[^a-z]*(?:after|at|on)?[^a-z]{0,40})\s*",
    re.IGNORECASE,
)
LATEST_START_S: Final = 120.0
"""Of the first time in a text that begins near its beginning. A later one, as 9:30, is a time of the day."""
_ARROWS: Final = re.compile(r"^[ \t]*>>+[ \t]*")
BARE_SHARE: Final = 0.5
"""Share of the lines that begin with a time without brackets, from which the times are no part of the notes."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without its time.

    Attributes:
        text: What is left; empty where the line held a time or a speaker alone.
        speaker: Named together with the time.
        is_timed: It had a time.
    """

    text: str
    speaker: str | None = None
    is_timed: bool = False


def read_marked_lines(text: str) -> list[Utterance] | None:
    """Return what a text with times or speakers says; None if it is neither.

    The times are of beginnings alone, so the words get none.

    Args:
        text: Of a file, whose lines end with line feeds alone.
    """
    raw = text.split("\n")
    lines = list(_lines(raw))
    timed = any(line.is_timed for line in lines)
    labels = labels_of_lines([line.text for line in lines], timed=timed)
    labels |= _boxed_names(lines)
    if not timed and not labels:
        return _without_arrows(raw)
    return list(_utterances(_from_first_mark(lines), labels))


def _lines(raw: Sequence[str]) -> Iterator[_Line]:
    """Yield each line without its time, if times are marks in this text, and without noted sounds."""
    for line in _without_times(raw):
        yield replace(line, text=without_sounds(line.text))


def _without_times(raw: Sequence[str]) -> Iterator[_Line]:
    named, bare = _named_with_times(raw), _are_marks(raw)
    alone = bool(named) or _in_order([found["time"] for line in raw if (found := _ALONE.fullmatch(line))])
    above = _names_above_times(raw) if alone else frozenset()
    for line, below in zip(raw, [*raw[1:], ""], strict=True):
        if boxed := _BOXED.fullmatch(line):
            yield _Line(boxed["rest"], None, is_timed=True)
        elif alone and _ALONE.fullmatch(line):
            yield _Line("", None, is_timed=True)
        elif line.strip() in above and _ALONE.fullmatch(below):
            yield _Line("", line.strip(), is_timed=True)
        elif name := _named_line(line, named):
            yield _Line("", name, is_timed=True)
        elif bare and (begins := _BARE.fullmatch(line)):
            yield _Line(begins["rest"], None, is_timed=True)
        else:
            yield _Line(line)


def _in_order(times: Sequence[str]) -> bool:
    """Return whether there are at least two times, none before the one above it."""
    seconds = list(map(seconds_of, times))
    return len(seconds) > 1 and all(earlier <= later for earlier, later in pairwise(seconds))


def _are_marks(raw: Sequence[str]) -> bool:
    """Return whether times at the beginning of lines are no part of the text: most lines have one, or a name behind."""
    found = [begins for line in raw if (begins := _BARE.fullmatch(line))]
    if not _in_order([begins["time"] for begins in found]):
        return False
    if all(is_name(begins["rest"]) for begins in found):
        return True
    written = [line for line in raw if line.strip() and not _ALONE.fullmatch(line)]
    first = found[0]["time"]
    is_early = seconds_of(first) <= LATEST_START_S or first.count(":") > 1
    return is_early and len(found) >= BARE_SHARE * len(written)


def _names_above_times(raw: Sequence[str]) -> frozenset[str]:
    """Return the names that stand on the line above a time."""
    above = [line.strip() for line, below in pairwise(raw) if _ALONE.fullmatch(below) and is_name(line)]
    is_certain = len(above) > 1 and (len(set(above)) < len(above) or any(" " in name for name in above))
    return frozenset(above) if is_certain else frozenset()


def _named_with_times(raw: Sequence[str]) -> frozenset[str]:
    """Return the names in lines that hold a name and a time alone."""
    found = [_name_in(match) for line in raw if (match := _ENDS_WITH_TIME.fullmatch(line))]
    names = [name for name in found if name is not None]
    certain = any(is_generic(name) or " " in name for name in names) or len(names) > 1
    return frozenset(names) if certain else frozenset()


def _name_in(match: re.Match[str]) -> str | None:
    name = match["name"].strip().strip("[]*_").rstrip(":").strip()
    return name if is_name(name) and not is_heading(name) else None


def _named_line(line: str, names: frozenset[str]) -> str | None:
    match = _ENDS_WITH_TIME.fullmatch(line) if names else None
    name = _name_in(match) if match else None
    return name if name in names else None


def _boxed_names(lines: Sequence[_Line]) -> frozenset[str]:
    """Return the names that stand alone behind or below a time, above what they say: "00:00:04 Speaker 1"."""
    above = [
        line.text.strip()
        for before, line, below in zip([_Line(""), *lines], lines, lines[1:], strict=False)
        if (line.is_timed or before.is_timed) and below.text.strip() and not below.is_timed
    ]
    if len(above) > 1 and all(map(is_name, above)):
        return frozenset(above)
    return frozenset(name for name in above if is_name(name) and (is_generic(name) or above.count(name) > 1))


def _from_first_mark(lines: Sequence[_Line]) -> Sequence[_Line]:
    """Return the lines without the title above the first time."""
    first = next((number for number, line in enumerate(lines) if line.is_timed), 0)
    return lines[first:]


def _utterances(lines: Sequence[_Line], labels: frozenset[str]) -> Iterator[Utterance]:
    speaker: str | None = None
    unnamed = bool(labels) and only_asks(labels)
    after_time = False
    for line in lines:
        text = line.text.strip()
        found = label_of(text, labels)
        if line.speaker is not None:
            speaker = line.speaker
        elif found is not None:
            speaker, text = found
        elif text in labels:
            speaker, text = text, ""
        elif unnamed:
            speaker = None
        if after_time and _SPELLED.fullmatch(text):
            text = ""
        after_time = line.is_timed and not text
        said = without_sounds(_ARROWS.sub("", text), exported=True)
        if said and not _FOOTER.fullmatch(said):
            yield Utterance.of_text(said, speaker)


def _without_arrows(raw: Sequence[str]) -> list[Utterance] | None:
    """Return the lines of captions that mark each new speaker with ">>"; None if there are none."""
    if not any(line.lstrip().startswith(">>") for line in raw):
        return None
    said = (without_sounds(_ARROWS.sub("", line), exported=True) for line in raw)
    return [Utterance.of_text(text) for text in said if text]
