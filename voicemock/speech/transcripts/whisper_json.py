"""The JSON of Whisper, faster-whisper, WhisperX, whisper.cpp and the programs that copy their shape."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from voicemock.models import Word
from voicemock.speech.transcripts.clock_times import LONGEST_S
from voicemock.speech.transcripts.sounds import spoken, without_sounds
from voicemock.speech.transcripts.utterances import Utterance

_SEGMENTS: Final = ("segments", "transcription", "chunks", "utterances", "results")
_MOST_WORDS: Final = 200_000


def is_whisper_json(data: Any) -> bool:
    """Return whether parsed JSON holds segments or a text, as a transcriber writes them."""
    if isinstance(data, dict) and "session" in data and "answers" in data:
        return False
    return _segments(data) is not None or (isinstance(data, dict) and isinstance(data.get("text"), str))


def read_whisper_json(data: Any) -> tuple[list[Utterance], str | None]:
    """Return what was said, with the times of its words or segments, and the language.

    Args:
        data: Parsed JSON for which ``is_whisper_json`` is true.
    """
    segments = _segments(data) or []
    utterances = [utterance for segment in segments for utterance in _of_segment(segment)]
    top = data if isinstance(data, dict) else {}
    if not any(word.probability is not None for each in utterances for word in each.words):
        timed = _words(top.get("words")) or _words(top.get("word_segments"))
        if timed and not _has_own_words(segments) and all(each.speaker is None for each in utterances):
            utterances = [Utterance(tuple(spoken(timed)))]
    if not utterances and isinstance(top.get("text"), str):
        utterances = [Utterance.of_text(without_sounds(top["text"], exported=True))]
    return utterances, _language(top)


def _segments(data: Any) -> list[Mapping[str, Any]] | None:
    found = data
    if isinstance(data, dict):
        found = next((data[name] for name in _SEGMENTS if isinstance(data.get(name), list)), None)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        return None
    if isinstance(data, list) and not all(isinstance(each.get("text"), str) for each in found):
        return None
    return found


def _has_own_words(segments: Iterable[Mapping[str, Any]]) -> bool:
    return any(isinstance(segment.get("words"), list) for segment in segments)


def _language(top: Mapping[str, Any]) -> str | None:
    """Return the language as a code; OpenAI's API writes "english"."""
    result = top.get("result")
    named = top.get("language") or (result.get("language") if isinstance(result, dict) else None)
    if not isinstance(named, str):
        return None
    code = {"english": "en"}.get(named.casefold(), named.casefold())
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() else None


def _of_segment(segment: Mapping[str, Any]) -> Iterator[Utterance]:
    """Yield the words of a segment, apart by their speakers."""
    speaker = _name(segment.get("speaker"))
    start_s, end_s = _times(segment)
    listed = segment.get("words")
    words = _words(listed, start_s, end_s)
    text = segment.get("text")
    if not words:
        if isinstance(text, str):
            yield Utterance.of_text(without_sounds(text, exported=True), speaker, start_s, end_s)
        return
    speakers = [_name(each.get("speaker")) or speaker for each in listed or () if _text(each)]
    if len(speakers) != len(words) or len(set(speakers)) < 2:
        yield Utterance(tuple(spoken(words)), speaker)
        return
    edges = [0, *(i for i, (a, b) in enumerate(pairwise(speakers), start=1) if a != b), len(words)]
    for first, last in pairwise(edges):
        yield Utterance(tuple(spoken(words[first:last])), speakers[first])


def _name(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"Speaker {value}"
    return " ".join(value.split())[:60] or None if isinstance(value, str) else None


def _text(entry: Any) -> str:
    if not isinstance(entry, dict):
        return ""
    text = entry.get("word", entry.get("text"))
    return text if isinstance(text, str) and text.strip() else ""


def _words(listed: Any, start_s: float | None = None, end_s: float | None = None) -> list[Word]:
    """Return words with times; one without, as WhisperX leaves numbers, lies between its neighbors.

    Pieces without a space before them belong to the word before where the others have one.
    """
    entries = [each for each in listed if _text(each)] if isinstance(listed, list) else []
    spaced = sum(_text(each)[0].isspace() for each in entries[1:]) > len(entries) / 2
    words: list[Word] = []
    for each in entries[:_MOST_WORDS]:
        text, (starts, ends) = _text(each), _times(each)
        if spaced and words and not text[0].isspace():
            before = words[-1]
            words[-1] = before.model_copy(update={"text": before.text + text.strip(), "end_s": ends or before.end_s})
            continue
        words.append(Word(text="".join(text.split()), start_s=starts, end_s=ends, probability=_probability(each)))
    return _filled(words, start_s, end_s)


def _filled(words: list[Word], start_s: float | None, end_s: float | None) -> list[Word]:
    """Return words of which those without times share the time between their neighbors."""
    filled = list(words)
    at = 0
    while at < len(filled):
        if filled[at].start_s is not None:
            at += 1
            continue
        stop = next((i for i in range(at, len(filled)) if filled[i].start_s is not None), len(filled))
        low = filled[at - 1].end_s if at else start_s
        high = filled[stop].start_s if stop < len(filled) else end_s
        if low is not None and high is not None and high >= low:
            step = (high - low) / (stop - at)
            for number in range(at, stop):
                times = {"start_s": low + step * (number - at), "end_s": low + step * (number - at + 1)}
                filled[number] = filled[number].model_copy(update=times)
        at = stop
    return filled


def _probability(entry: Mapping[str, Any]) -> float | None:
    value = _number(entry.get("probability", entry.get("score")))
    return value if value is not None and 0 <= value <= 1 else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _times(entry: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Return start and end in seconds; both None where one is missing or they cannot be true."""
    start, end = _number(entry.get("start")), _number(entry.get("end"))
    offsets, stamp = entry.get("offsets"), entry.get("timestamp")
    if isinstance(offsets, dict):
        start, end = (
            None if (value := _number(offsets.get(name))) is None else value / 1000 for name in ("from", "to")
        )
    elif isinstance(stamp, list) and len(stamp) == 2:
        start, end = map(_number, stamp)
    elif end is None and start is not None and (length := _number(entry.get("duration"))) is not None:
        end = start + length
    if start is None or end is None or not 0 <= start <= end <= LONGEST_S:
        return None, None
    return start, end
