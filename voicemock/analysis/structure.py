"""Which sentence belongs to which part of the answer's framework, and which parts are missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.sentences import SentenceSpan
from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import Filler, Framework, Part, Sentence, Structure

EVIDENCE: Final = (0.0, 1.0, 1.7, 2.2, 2.5)
"""What so many cues in one sentence are worth: each further sign says less."""
ENTER: Final = 0.7
"""Cost of moving on to the next part: a change of subject needs about one clear sign."""
SKIP: Final = 0.9
"""More for each part that is passed over."""
RETURN: Final = 1.6
"""Cost of going back: people do tell the result first, but they say so."""
LATE_START: Final = 0.3
"""Cost for each part passed over before the first sentence."""
FIRST: Final = "<first>"
"""Stands at the end of the sentence that opens the answer when cues are searched."""
MAX_CUE_CHARS: Final = 1200
"""Cues are searched in this much of a sentence; 80 words are about 500 characters."""

_OPENERS: Final = re.compile(
    r"^(?:(?:so|and|but|well|okay|ok|yeah|yes|alright|now|because|actually|basically|anyway|oh|right) )+"
)


def label_structure(
    spoken: SpokenText,
    spans: tuple[SentenceSpan, ...],
    fillers: tuple[Filler, ...],
    framework: Framework,
    lexicon: Lexicon,
) -> Structure | None:
    """Return the answer's sentences with their parts; None when no word was said."""
    if not spoken.tokens:
        return None
    texts = spoken_words(spoken, spans, fillers)
    labels = label_sentences(texts, framework, lexicon)
    names = [part.name for part in framework.parts]
    sentences = tuple(
        _sentence(spoken, span, None if label is None else names[label])
        for span, label in zip(spans, labels, strict=True)
    )
    parts = _parts(spoken, spans, sentences, names)
    return Structure(
        framework=framework.name,
        sentences=sentences,
        parts=parts,
        missing=tuple(part.name for part in parts if not part.present),
    )


def label_sentences(texts: Sequence[str], framework: Framework, lexicon: Lexicon) -> list[int | None]:
    """Return the index of the part that each sentence belongs to; ``texts`` are the words of ``spoken_words``."""
    nowhere = [is_small_talk(text, lexicon) for text in texts]
    return decode(evidence(_with_first_marked(texts, nowhere), framework), nowhere)


def spoken_words(spoken: SpokenText, spans: tuple[SentenceSpan, ...], fillers: tuple[Filler, ...]) -> tuple[str, ...]:
    """Return each sentence in lower case, without punctuation and without the fillers in it."""
    silent = {start for filler in fillers for start in _token_starts(spoken, filler)}
    words: list[list[str]] = [[] for _ in spans]
    current = 0
    for token in spoken.tokens:
        while token.word > spans[current].last_word:
            current += 1
        if token.start_char not in silent:
            words[current].append(token.norm)
    return tuple(_OPENERS.sub("", " ".join(sentence)) for sentence in words)


def _with_first_marked(texts: Sequence[str], nowhere: Sequence[bool]) -> list[str]:
    """Mark the sentence that opens the answer, so that a cue can ask for it."""
    first = next((index for index, skip in enumerate(nowhere) if not skip), None)
    return [f"{text} {FIRST}" if index == first else text for index, text in enumerate(texts)]


def _token_starts(spoken: SpokenText, filler: Filler) -> Iterable[int]:
    for match in re.finditer(r"\S+", spoken.text[filler.start_char : filler.end_char]):
        yield filler.start_char + match.start()


def evidence(texts: Sequence[str], framework: Framework) -> list[list[float]]:
    """Return how strongly each sentence shows the signs of each part, shape (sentences, parts)."""
    cues = _compile(tuple(part.cues for part in framework.parts))
    ends = [text[-MAX_CUE_CHARS:] for text in texts]
    return [[_worth(sum(cue.search(text) is not None for cue in part)) for part in cues] for text in ends]


def is_small_talk(text: str, lexicon: Lexicon) -> bool:
    """Whether nothing of the answer is said: only fillers, a greeting or thinking aloud."""
    return not text or (len(text) <= MAX_CUE_CHARS and lexicon.small_talk.fullmatch(text) is not None)


def decode(scores: list[list[float]], nowhere: list[bool]) -> list[int | None]:
    """Return the part of each sentence that fits the signs best when parts come mostly in order.

    The best path through all sentences (Viterbi): signs are gained, moving between parts costs, and no part has
    to be there. A sentence of ``nowhere`` gets None and does not break the path around it.
    """
    kept = [index for index, skip in enumerate(nowhere) if not skip]
    labels: list[int | None] = [None] * len(scores)
    if not kept:
        return labels
    count = len(scores[0])
    best = [scores[kept[0]][part] - LATE_START * part for part in range(count)]
    sources: list[list[int]] = []
    for index in kept[1:]:
        moves = [_best_source(best, new) for new in range(count)]
        best = [best[old] - _cost(old, new) + scores[index][new] for new, old in enumerate(moves)]
        sources.append(moves)
    part = max(range(count), key=best.__getitem__)
    for index, moves in zip(reversed(kept), [*reversed(sources), []], strict=True):
        labels[index] = part
        part = moves[part] if moves else part
    return _supported(labels, scores)


def _best_source(best: list[float], new: int) -> int:
    return max(range(len(best)), key=lambda old: best[old] - _cost(old, new))


def _cost(old: int, new: int) -> float:
    if new == old:
        return 0.0
    return RETURN if new < old else ENTER + SKIP * (new - old - 1)


def _supported(labels: list[int | None], scores: list[list[float]]) -> list[int | None]:
    """Take the label from runs of sentences without a single sign of their part."""
    runs: list[list[int]] = []
    for index, label in enumerate(labels):
        if label is None:
            continue
        if runs and labels[runs[-1][-1]] == label:
            runs[-1].append(index)
        else:
            runs.append([index])
    checked = list(labels)
    for run in runs:
        part = labels[run[0]]
        if part is not None and max(scores[index][part] for index in run) == 0.0:
            for index in run:
                checked[index] = None
    return checked


def _worth(signs: int) -> float:
    return EVIDENCE[min(signs, len(EVIDENCE) - 1)]


def _sentence(spoken: SpokenText, span: SentenceSpan, part: str | None) -> Sentence:
    start_char, end_char = spoken.chars[span.first_word][0], spoken.chars[span.last_word][1]
    start_s, end_s = spoken.time_of(span.first_word, span.last_word)
    return Sentence(
        text=spoken.text[start_char:end_char],
        part=part,
        start_s=start_s,
        end_s=end_s,
        start_char=start_char,
        end_char=end_char,
    )


def _parts(
    spoken: SpokenText, spans: tuple[SentenceSpan, ...], sentences: tuple[Sentence, ...], names: list[str]
) -> tuple[Part, ...]:
    """Return each part with its share: of seconds when every word is timed, else of words."""
    weights = dict.fromkeys(names, 0.0)
    for span, sentence in zip(spans, sentences, strict=True):
        if sentence.part is not None:
            weights[sentence.part] += _weight(spoken, span)
    present = {sentence.part for sentence in sentences}
    total = sum(weights.values())
    return tuple(
        Part(
            name=name,
            present=name in present,
            duration_s=round(weights[name], 3) if spoken.is_timed else None,
            share=weights[name] / total if total > 0 else None,
        )
        for name in names
    )


def _weight(spoken: SpokenText, span: SentenceSpan) -> float:
    start_s, end_s = spoken.time_of(span.first_word, span.last_word)
    if spoken.is_timed and start_s is not None and end_s is not None:
        return max(0.0, end_s - start_s)
    return float(span.last_word - span.first_word + 1)


@lru_cache(maxsize=8)
def _compile(cues: tuple[tuple[str, ...], ...]) -> tuple[tuple[re.Pattern[str], ...], ...]:
    return tuple(tuple(re.compile(cue) for cue in part) for part in cues)
