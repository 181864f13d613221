"""Stretches of an answer that were not understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import Filler, SpeechSpan, Unclear, Word

DOUBTFUL: Final = 0.3
"""Probability below which a single word is unclear. Of 69 such words in real recordings 75 % were wrong; above 0.9,
7 % (docs/accuracy.md)."""

UNSURE: Final = 0.6
"""Probability below which neighbors are taken together ..."""

UNSURE_MEAN: Final = 0.5
"""... and are unclear when their mean is below this: 67 % of the words in 102 such pairs were wrong."""

UNWRITTEN_S: Final = 1.0
"""Speech for which there is no word, from this length on."""


def find_unclear(
    spoken: SpokenText, fillers: tuple[Filler, ...], speech: Iterable[SpeechSpan] | None
) -> tuple[Unclear, ...] | None:
    """Return the stretches that were not understood, in order of time.

    Args:
        spoken: The words with times and probabilities.
        fillers: Filled pauses are mumbled by nature and left out.
        speech: Where the recording holds speech; None for a text.

    Returns:
        Doubtful words and unwritten speech; None for a text, where nothing was heard.
    """
    if speech is None or not (spoken.is_timed or not spoken.words):
        return None
    hesitations = {spoken.word_at(f.start_char) for f in fillers if f.kind == "filled_pause"}
    runs = _doubtful_runs(spoken.words, hesitations)
    found = [*(_unclear(spoken, run) for run in runs), *_unwritten(spoken, speech)]
    return tuple(sorted(found, key=lambda unclear: unclear.start_s))


def _doubtful_runs(words: tuple[Word, ...], hesitations: set[int]) -> Iterator[list[int]]:
    """Yield runs of neighboring unsure words that are doubtful together or hold a doubtful one."""
    run: list[int] = []
    for index in range(len(words) + 1):
        if index < len(words) and index not in hesitations and _probability(words[index]) < UNSURE:
            run.append(index)
            continue
        if index in hesitations:
            continue
        probabilities = [_probability(words[each]) for each in run]
        if len(run) > 1 and sum(probabilities) < UNSURE_MEAN * len(run):
            yield run
        else:
            yield from ([each] for each in run if _probability(words[each]) < DOUBTFUL)
        run = []


def _probability(word: Word) -> float:
    return 1.0 if word.probability is None else word.probability


def _unclear(spoken: SpokenText, run: list[int]) -> Unclear:
    start_char, end_char = spoken.chars[run[0]][0], spoken.chars[run[-1]][1]
    start_s, end_s = spoken.time_of(run[0], run[-1])
    return Unclear(
        text=spoken.text[start_char:end_char],
        start_s=start_s or 0.0,
        end_s=end_s or 0.0,
        start_char=start_char,
        end_char=end_char,
        probability=round(sum(_probability(spoken.words[each]) for each in run) / len(run), 3),
    )


def _unwritten(spoken: SpokenText, speech: Iterable[SpeechSpan]) -> Iterator[Unclear]:
    """Yield the stretches of speech between two words, or around all, for which there is none."""
    edges = [
        (0.0, 0.0, 0),
        *((w.start_s or 0.0, w.end_s or 0.0, c[1]) for w, c in zip(spoken.words, spoken.chars, strict=True)),
    ]
    for span in speech:
        covered = sorted((start, end) for start, end, _ in edges if start < span.end_s and end > span.start_s)
        at_s = span.start_s
        for start_s, end_s in (*covered, (span.end_s, span.end_s)):
            if start_s - at_s >= UNWRITTEN_S:
                char = max((char for start, _, char in edges if start <= at_s), default=0)
                yield Unclear(text="", start_s=at_s, end_s=start_s, start_char=char, end_char=char)
            at_s = max(at_s, end_s)
