"""Measures of delivery: length, pace, pauses, and the stretches that were not understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from voicemock.analysis.amounts import whole_seconds
from voicemock.analysis.sentences import SentenceSpan
from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import Filler, PacePoint, Pause, SpeechSpan, Unclear, Word

TIME_STEP_S: Final = 0.02
"""Whisper's times come in steps of 20 ms: a shorter answer has no pace."""

CURVE_STEP_S: Final = 15.0
"""About 40 words: shorter stretches follow single long words, longer ones hide a sprint."""

SHORTEST_SPOKEN_S: Final = 1.0
"""With less speech in a stretch its articulation would hang on a single word."""

MOST_PEOPLE: Final = (126.0, 197.0)
"""Words per minute: 8 of 10 people are between them (387 AMI monologues, p10 and p90)."""

SHORTEST_PAUSE_S: Final = 1.0
"""Shorter silences are breath and phrasing; the definition in docs/metrics.md."""

BESIDE_S: Final = 0.3
"""A filled pause this near to a silence belongs to it: one hesitation, "uh ... uh"."""

DOUBTFUL: Final = 0.3
"""Probability below which a single word is unclear. Of 69 such words in real recordings 75 % were wrong; above 0.9,
7 % (docs/accuracy.md)."""

UNSURE: Final = 0.6
"""Probability below which neighboring words are judged together."""

UNSURE_MEAN: Final = 0.5
"""Such neighbors are unclear when their mean is below this: 67 % of the words in 102 such pairs were wrong."""

UNWRITTEN_S: Final = 1.0
"""Speech without a word counts as unclear from this length on."""


def duration_s(spoken: SpokenText) -> float | None:
    """Return the seconds from the first word's start to the last word's end; None without words or times."""
    if not spoken.is_timed:
        return None
    start_s, end_s = spoken.time_of(0, len(spoken.words) - 1)
    return end_s - start_s if start_s is not None and end_s is not None and end_s > start_s else None


def count_words(spoken: SpokenText, fillers: tuple[Filler, ...]) -> int:
    """Return the number of words that are not filled pauses; a symbol standing alone is no word."""
    return len(_counted(spoken, fillers))


def speaking_time_s(
    spoken: SpokenText, fillers: tuple[Filler, ...], speech: Iterable[SpeechSpan] | None
) -> float | None:
    """Return the seconds in which words are spoken, without silences and filled pauses; None without sound."""
    if speech is None or not spoken.is_timed:
        return None
    whole = SpeechSpan(spoken.words[0].start_s or 0.0, spoken.words[-1].end_s or 0.0)
    return _spoken_s(fillers, speech, whole)


def _spoken_s(fillers: tuple[Filler, ...], speech: Iterable[SpeechSpan], within: SpeechSpan) -> float:
    """Return the seconds of speech within a stretch, without filled pauses."""
    filled = [SpeechSpan(f.start_s or 0.0, f.end_s or 0.0) for f in fillers if f.kind == "filled_pause"]
    return max(0.0, _overlap_s(speech, within) - _overlap_s(filled, within))


def _overlap_s(spans: Iterable[SpeechSpan], within: SpeechSpan) -> float:
    return sum(max(0.0, min(span.end_s, within.end_s) - max(span.start_s, within.start_s)) for span in spans)


def pace_curve(
    spoken: SpokenText, fillers: tuple[Filler, ...], speech: Iterable[SpeechSpan] | None = None
) -> tuple[PacePoint, ...] | None:
    """Return the pace over equal stretches of about 15 s; a word counts where its middle is. None without times.

    With ``speech``, the spans of the sound, also the pace without silences and filled pauses.
    """
    length_s = duration_s(spoken)
    if length_s is None or length_s < TIME_STEP_S:
        return None
    begin_s = spoken.words[0].start_s or 0.0
    count = max(1, round(length_s / CURVE_STEP_S))
    step_s = length_s / count
    words = [0] * count
    for index in _counted(spoken, fillers):
        middle_s = ((spoken.words[index].start_s or 0.0) + (spoken.words[index].end_s or 0.0)) / 2
        words[min(count - 1, int((middle_s - begin_s) / step_s))] += 1
    stretches = [SpeechSpan(begin_s + step_s * index, begin_s + step_s * (index + 1)) for index in range(count)]
    spans = None if speech is None else tuple(speech)
    return tuple(
        PacePoint(
            start_s=round(stretch.start_s, 3),
            end_s=round(stretch.end_s, 3),
            words_per_minute=said * 60 / step_s,
            articulation_words_per_minute=_articulation(said, fillers, spans, stretch),
        )
        for said, stretch in zip(words, stretches, strict=True)
    )


def _articulation(
    said: int, fillers: tuple[Filler, ...], speech: tuple[SpeechSpan, ...] | None, stretch: SpeechSpan
) -> float | None:
    """Return words a minute of the time in which they are spoken; None where that is too short to tell."""
    spoken_s = 0.0 if speech is None else _spoken_s(fillers, speech, stretch)
    return said * 60 / spoken_s if spoken_s >= SHORTEST_SPOKEN_S else None


def _counted(spoken: SpokenText, fillers: tuple[Filler, ...]) -> set[int]:
    """Return the indices of the words that count: with a letter or digit, and not filled pauses."""
    pauses = {filler.start_char for filler in fillers if filler.kind == "filled_pause"}
    return {token.word for token in spoken.tokens if token.start_char not in pauses}


def per_minute(count: int, seconds: float | None) -> float | None:
    """Return a count over a duration; None where the duration was not measured or is below the time step."""
    return None if seconds is None or seconds < TIME_STEP_S else count / (seconds / 60)


def judge_length(
    seconds: float | None, target: tuple[float, float], lost_s: float = 0.0
) -> Literal["short", "on_target", "long"] | None:
    """Compare a duration with the target ``(shortest, longest)``, both in seconds and both still on target.

    The duration counts in the whole seconds that are shown: what reads 3:00 is three minutes.

    Where ``lost_s`` of the recording could not be read, it is None unless the answer is the same with and without them.
    """
    if seconds is None:
        return None
    least, most = (_verdict(length_s, target) for length_s in (seconds, seconds + lost_s))
    return least if least == most else None


def _verdict(length_s: float, target: tuple[float, float]) -> Literal["short", "on_target", "long"]:
    shortest, longest = target
    shown_s = whole_seconds(length_s)
    if shown_s < shortest:
        return "short"
    return "long" if shown_s > longest else "on_target"


def find_pauses(
    spoken: SpokenText,
    sentences: tuple[SentenceSpan, ...],
    fillers: tuple[Filler, ...],
    speech: Iterable[SpeechSpan] | None,
) -> tuple[Pause, ...] | None:
    """Return the stretches without speech between the first word's start and the last word's end.

    They come from the speech spans of the audio, in any order and with overlaps, because Whisper stretches the times of
    words over silence. None without speech spans or word times.
    """
    if speech is None or not (spoken.is_timed or not spoken.words):
        return None
    if not spoken.words:
        return ()
    begin_s, end_s = spoken.time_of(0, len(spoken.words) - 1)
    if begin_s is None or end_s is None:
        return None
    pauses: list[Pause] = []
    silent_since_s = begin_s
    for span in (*sorted(speech), SpeechSpan(end_s, end_s)):
        until_s = min(span.start_s, end_s)
        if until_s - silent_since_s >= SHORTEST_PAUSE_S:
            pauses.append(_pause(spoken, sentences, fillers, SpeechSpan(silent_since_s, until_s)))
        silent_since_s = max(silent_since_s, span.end_s)
    return tuple(pauses)


def _pause(
    spoken: SpokenText, sentences: tuple[SentenceSpan, ...], fillers: tuple[Filler, ...], silence: SpeechSpan
) -> Pause:
    hesitations = [f for f in fillers if f.kind == "filled_pause"]
    is_filled = any(
        (f.start_s or 0.0) < silence.end_s + BESIDE_S and (f.end_s or 0.0) > silence.start_s - BESIDE_S
        for f in hesitations
    )
    return Pause(
        start_s=silence.start_s,
        end_s=silence.end_s,
        kind="filled" if is_filled else "silent",
        place=_place(spoken, sentences, {f.start_char for f in hesitations}, silence),
    )


def _place(
    spoken: SpokenText, sentences: tuple[SentenceSpan, ...], hesitations: set[int], silence: SpeechSpan
) -> Literal["within_clause", "between_clauses", "between_sentences"]:
    """Judge by the last word before a silence that is no filled pause, and by the first after it."""
    middle_s = (silence.start_s + silence.end_s) / 2
    tokens = [token for token in spoken.tokens if token.start_char not in hesitations]
    before = [token for token in tokens if (spoken.words[token.word].start_s or 0.0) < middle_s]
    after = tokens[len(before) :]
    if not before or not after:
        return "between_sentences"
    ends = {sentence.last_word for sentence in sentences}
    if any(word in ends for word in range(before[-1].word, after[0].word)):
        return "between_sentences"
    return "between_clauses" if before[-1].comma_after else "within_clause"


def find_unclear(
    spoken: SpokenText, fillers: tuple[Filler, ...], speech: Iterable[SpeechSpan] | None
) -> tuple[Unclear, ...] | None:
    """Return doubtful words and speech without words, in order of time; None for a text.

    Filled pauses are mumbled by nature and left out.
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
    """Yield the stretches of speech that no word covers."""
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
