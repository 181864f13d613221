"""Captions: WebVTT, SubRip and all that writes a stretch of time before its words, whole or broken.

The libraries that read captions keep what is no word (identifiers, notes, names), or refuse a file with one bad cue.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from voicemock.models import Word, transcript_of_words
from voicemock.speech.transcripts.clock_times import SECONDS, TIME, seconds_of
from voicemock.speech.transcripts.labels import label_of, labels_of_cues
from voicemock.speech.transcripts.names import is_name
from voicemock.speech.transcripts.sounds import without_sounds
from voicemock.speech.transcripts.utterances import Utterance

ROLLING: Final = 0.3
"""Share of cues that repeat the end of the one before, from which captions roll up the screen."""

LONGEST_REPEAT: Final = 100
"""Words that a caption may repeat; two lines hold about fifteen."""

_T: Final = rf"(?:{TIME}|{SECONDS})"
_ARROW: Final = r"(?:-{1,2}\s?>|\u2013>|\u2192|=>)"
_OPENERS: Final = frozenset("0123456789[(")
_RANGE: Final = re.compile(
    rf"(?:\d{{1,5}}\s+)?(?P<open>[\[(])?\s*(?P<start>{_T})\s*{_ARROW}\s*(?P<end>{_T})?\s*(?P<close>[\])])?:?(?P<rest>.*)"
)
_RANGE_WITHOUT_ARROW: Final = re.compile(
    rf"(?:(?P<open>[\[(])\s*)?(?P<start>{TIME})\s*(?:,|-|\u2013|\bto\b)\s*(?P<end>{TIME})\s*(?(open)[\])]:?(?P<rest>.*))\s*"
)
_SETTINGS: Final = re.compile(r"\s*(?:\w+:\S+(?:\s+|$))*")
_IDENTIFIER: Final = re.compile(r"\s*[\w{}#][\w/{}:.#-]{0,80}\s*")
_NAMED_IDENTIFIER: Final = re.compile(r'\s*\d+\s+"(?P<name>[^"]{1,40})"\s*\(\d+\)\s*')
_COMMENT: Final = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_VOICE: Final = re.compile(r"<v(?:\.[\w.]+)?\s+([^>\n]{1,80})>")
_INNER_TIME: Final = re.compile(rf"<({TIME})>")
_MARKUP: Final = re.compile(r"</?[a-zA-Z][^<>\n]{0,80}>|\{\\[^}\n]{0,80}\}|</?>")
_IN_PARENTHESES: Final = re.compile(r"\([^()\n]{1,40}\):?")
_DIGIT: Final = re.compile(r"\d")
_CUT_TAG: Final = re.compile(r"<(?:/|/?[a-zA-Z][^<>]{0,80})?$|\{\\[^{}]{0,80}$")
_DASH: Final = re.compile(r"^[ \t]*(?:>>+|[-\u2013\u2014]|<i>)[ \t]*(?=\S)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption as it stands in the file, markup included; times in seconds, None where they are missing."""

    text: str
    start_s: float | None
    end_s: float | None
    name: str | None = None
    """From its identifier."""


def read_captions(text: str) -> list[Utterance] | None:
    """Return what captions say; None if the text holds none.

    Args:
        text: Of a file, whose lines end with line feeds alone.
    """
    cues = list(_cues(without_cut_end(text.split("\n"))))
    if not cues:
        return None
    shown = [replace(cue, text=without_sounds(_plain(cue.text))) for cue in cues]
    if any(_INNER_TIME.search(cue.text) for cue in cues):
        return list(_by_word(cues))
    return list(_utterances(list(_one_at_a_time(_without_repeats(shown)))))


def _range_of(line: str) -> re.Match[str] | None:
    """Return the times of a line that begins a caption."""
    bare = line.strip()
    return _RANGE.fullmatch(bare) or _RANGE_WITHOUT_ARROW.fullmatch(bare) if bare[:1] in _OPENERS else None


def without_cut_end(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines of captions without half a time, and the number before it, at the end of a file that was cut.

    Half a time looks as the lines with times do, as far as it goes. The rest of a tag goes with it.
    """
    ranges = [index for index, line in enumerate(lines) if _range_of(line)]
    kept = _rstripped(lines)
    if not ranges or not kept:
        return lines
    shapes = {_shape(_times_of(lines[index])) for index in ranges[:-1] or ranges}
    last = _shape(kept[-1])
    is_half = any(len(last) < len(shape) and shape.startswith(last) for shape in shapes)
    if is_half and len(kept) - 1 >= ranges[-1] and (_stands_apart(kept, ranges) or last[0] in "[("):
        kept = _rstripped(kept[:-1])
    ranges = [index for index in ranges if index < len(kept)]
    if ranges and ranges[-1] < len(kept) - 1 and _is_next_identifier(kept, ranges):
        kept = kept[:-1]
    return [*kept[:-1], _CUT_TAG.sub("", kept[-1])] if kept else kept


def _rstripped(lines: Sequence[str]) -> list[str]:
    """Return lines without the blank ones at their end."""
    count = len(lines)
    while count and not lines[count - 1].strip():
        count -= 1
    return list(lines[:count])


def _times_of(line: str) -> str:
    """Return a line of times without the words that stand in it, too; settings stay."""
    found = _range_of(line)
    rest = (found["rest"] or "") if found else ""
    is_said = found is not None and (found["open"] is not None or not _SETTINGS.fullmatch(rest))
    return line.strip().removesuffix(rest) if is_said else line


def _shape(line: str) -> str:
    """Return a line with every digit as 0."""
    return _DIGIT.sub("0", line.strip())


def _stands_apart(kept: Sequence[str], ranges: Sequence[int]) -> bool:
    """Return whether the last line stands below an empty one, or below the number of the next caption."""
    before = kept[:-1]
    if not before or not before[-1].strip():
        return True
    earlier = [index for index in ranges if index < len(before)]
    return bool(earlier) and _is_next_identifier(before, earlier)


def _is_next_identifier(lines: Sequence[str], ranges: Sequence[int]) -> bool:
    """Return whether the last line is the number, or the beginning of it, that the next caption would have."""
    last = lines[-1].strip()
    if not last.isdecimal():
        return False
    number = lines[ranges[-1] - 1].strip() if ranges[-1] else ""
    if not number.isdecimal():
        return False
    following = str(int(number) + 1)
    return last == following or (following.startswith(last) and len(lines) > 1 and not lines[-2].strip())


def _cues(lines: Sequence[str]) -> Iterator[Cue]:
    """Yield every stretch of time with the lines below it. What stands before the first is no caption."""
    ranges = [(index, found) for index, line in enumerate(lines) if (found := _range_of(line))]
    is_certain = any(found["open"] or ">" in found[0] or "\u2192" in found[0] for _, found in ranges)
    if not is_certain and len(ranges) < 2:
        return
    identifiers = [
        _identifier(lines, at, 0 if number == 0 else ranges[number - 1][0] + 1, number)
        for number, (at, _) in enumerate(ranges)
    ]
    for number, (at, found) in enumerate(ranges):
        is_last = number + 1 == len(ranges)
        below = lines[at + 1 :] if is_last else lines[at + 1 : ranges[number + 1][0] - identifiers[number + 1][0]]
        rest = found["rest"] or ""
        first = [] if found["open"] is None and _SETTINGS.fullmatch(rest) else [rest]
        yield Cue(
            text="\n".join(line.strip() for line in [*first, *_without_comments(below)] if line.strip()),
            start_s=seconds_of(found["start"]),
            end_s=seconds_of(found["end"]) if found["end"] else None,
            name=identifiers[number][1],
        )


def _identifier(lines: Sequence[str], at: int, lowest: int, number: int) -> tuple[int, str | None]:
    """Return how many lines before a range of times are its identifier, 0 or 1, and the name in it."""
    if at - 1 < lowest:
        return 0, None
    line = lines[at - 1]
    if named := _NAMED_IDENTIFIER.fullmatch(line):
        return 1, named["name"]
    if not _IDENTIFIER.fullmatch(line):
        return 0, None
    stands_apart = (at - 2 < lowest and number == 0) or (at - 2 >= lowest and not lines[at - 2].strip())
    counts_on = line.strip() in {str(number), str(number + 1)}
    return int(stands_apart or counts_on), None


def _without_comments(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of captions without WebVTT's notes and styles, which stand apart."""
    is_comment, was_blank = False, False
    for line in lines:
        blank = not line.strip()
        if was_blank and _COMMENT.match(line):
            is_comment = True
        elif blank:
            is_comment = False
        if not is_comment:
            yield line
        was_blank = blank


def _plain(text: str) -> str:
    """Return the words of a caption; voices stay marked."""
    kept = _VOICE.sub(lambda voice: f"\n\x00{voice[1].strip()}\x00", text)
    kept = _MARKUP.sub("", _INNER_TIME.sub("", kept))
    return html.unescape(kept).strip()


def _without_repeats(cues: Sequence[Cue]) -> list[Cue]:
    """Return captions without those that stand twice, and without what rolls up the screen or grows."""
    once = [cue for cue, before in zip(cues, [None, *cues], strict=False) if cue != before]
    repeated = [_repeated(before.text.split(), after.text.split()) for before, after in pairwise(once)]
    if sum(count > 0 for count in repeated) < max(2, ROLLING * len(repeated)):
        return once
    return [
        once[0],
        *(replace(cue, text=_from_word(cue.text, count)) for cue, count in zip(once[1:], repeated, strict=True)),
    ]


def _one_at_a_time(cues: Sequence[Cue]) -> Iterator[Cue]:
    """Yield captions of which each ends where the next one with words begins, if it was to be shown for longer."""
    said = [cue for cue in cues if cue.text]
    for cue, following in zip(said, [*said[1:], None], strict=False):
        until = following.start_s if following else None
        if until is None or cue.start_s is None or cue.end_s is None or not cue.start_s < until < cue.end_s:
            yield cue
        else:
            yield replace(cue, end_s=until)


def _repeated(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many words at the beginning of a caption are the last ones of the caption before, or all of them."""
    for count in range(min(len(before), len(after), LONGEST_REPEAT), 0, -1):
        if before[len(before) - count :] == after[:count]:
            return count if count > 1 or count == len(before) or count == len(after) else 0
    return 0


def _from_word(text: str, count: int) -> str:
    """Return a text without its first words; its line ends stay."""
    words = list(re.finditer(r"\S+", text))
    return text[words[count].start() :] if count < len(words) else ""


def _utterances(cues: Sequence[Cue]) -> Iterator[Utterance]:
    """Yield what each caption says, and who says it: by its voice, its label, or the one before."""
    labels = labels_of_cues([cue.text for cue in cues])
    alone = _names_alone(cues)
    speaker: str | None = None
    for cue in cues:
        speaker = cue.name or speaker
        for piece_speaker, text, share in _pieces(cue.text, labels, alone):
            speaker = piece_speaker or speaker
            said = without_sounds(_DASH.sub("", text), exported=True)
            yield Utterance.of_text(said, speaker, *_within(cue, share))


def _names_alone(cues: Sequence[Cue]) -> frozenset[str]:
    """Return names that stand on the first line of captions, above the words."""
    every = [line for cue in cues for line in cue.text.split("\n") if _IN_PARENTHESES.fullmatch(line) and is_name(line)]
    first = [lines[0] for cue in cues if len(lines := cue.text.split("\n")) > 1 and "\x00" not in lines[0]]
    names = {line for line in first if is_name(line.rstrip(":")) and not line.endswith((".", "?", "!", ","))}
    is_usual = len(first) >= len(cues) / 2 and sum(line in names for line in first) == len(first)
    recurs = len(set(first)) < len(first) or any(line.endswith(":") for line in first)
    boxed = frozenset(every) if len(every) > len(set(every)) else frozenset[str]()
    return boxed | names if first and is_usual and recurs else boxed


def _pieces(
    text: str, labels: frozenset[str], alone: frozenset[str]
) -> Iterator[tuple[str | None, str, tuple[float, float]]]:
    """Yield the speakers in a caption, their words, and the share of the caption's time that is theirs."""
    pieces: list[tuple[str | None, str]] = []
    for number, line in enumerate(text.split("\n")):
        if voice := re.match("\x00([^\x00]*)\x00", line):
            pieces.append((voice[1], line[voice.end() :].strip()))
        elif line in alone and (number == 0 or _IN_PARENTHESES.fullmatch(line)):
            pieces.append((line.rstrip(":").strip("[]() "), ""))
        elif not any(map(str.isalnum, line)):
            continue
        elif label := label_of(line, labels):
            pieces.append(label)
        elif pieces:
            pieces[-1] = (pieces[-1][0], f"{pieces[-1][1]}\n{line}".strip())
        else:
            pieces.append((None, line))
    total, at = max(1, sum(len(words) for _, words in pieces)), 0.0
    for speaker, words in pieces:
        share = len(words) / total
        yield speaker, words, (at, at + share)
        at += share


def _within(cue: Cue, share: tuple[float, float]) -> tuple[float | None, float | None]:
    if cue.start_s is None or cue.end_s is None:
        return None, None
    length_s = cue.end_s - cue.start_s
    return cue.start_s + share[0] * length_s, cue.start_s + share[1] * length_s


def _by_word(cues: Sequence[Cue]) -> Iterator[Utterance]:
    """Yield captions whose words have times of their own: only the lines with such times are new."""
    shown: list[str] = []
    for cue in cues:
        lines = [line for line in cue.text.split("\n") if line.strip()]
        plain = [_plain(line) for line in lines]
        for line, words in zip(lines, plain, strict=True):
            is_old = words in shown and not _INNER_TIME.search(line)
            said = without_sounds(_DASH.sub("", words), exported=True)
            if is_old or not said:
                continue
            timed = _INNER_TIME.search(line) is not None and said == words
            yield Utterance(_timed_words(line, cue)) if timed else Utterance.of_text(said, None, cue.start_s, cue.end_s)
        shown = plain or shown


def _timed_words(line: str, cue: Cue) -> tuple[Word, ...]:
    """Return the words of a line between its times."""
    pieces = _INNER_TIME.split(line)
    texts, times = pieces[::2], [cue.start_s, *(seconds_of(time) for time in pieces[1::2]), cue.end_s]
    words = [
        Word(text=_plain(text), start_s=start, end_s=end)
        for text, (start, end) in zip(texts, pairwise(times), strict=True)
        if _plain(text)
    ]
    return transcript_of_words(words).words
