"""Labels each sentence with its part of the framework, by a trained model or by cues, and finds the missing parts.

The model is linear: it weighs a sentence's vector, its words and pairs of words, the framework's cues and its length.
The place of a sentence is no feature: with it a model never notices a missing part. Its training and its accuracy:
docs/structure-model.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.part_cues import FORBIDDEN, MAX_CUE_CHARS, Floats, Transitions, label_by_cues, probabilities
from voicemock.analysis.sentences import NUMBER, SentenceSpan, read_trained_file
from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import Filler, Framework, Part, Sentence, Structure

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]
"""Turns sentences in lower case into vectors, one a row."""

MANY_WORDS: Final = 40
FEW_WORDS: Final = 5
"""The length of a sentence is a feature up to the first, and whether it is below the second."""

_NUMBER: Final = re.compile(r"\d[\d,.]*")

SURE_FROM: Final = 0.35
"""A sentence whose likeliest part is less likely than this gets none.

A part is there when at least one sentence has it with this probability. With a higher one, whole stories are more often
said to lack a part; with a lower one, missing parts are noticed less often (docs/structure-model.md).
"""
SURER_BY: Final = 0.01
"""Added for each sentence beyond the usual: of many, one looks like a part by chance."""
USUAL_SENTENCES: Final = 15
SURE_AT_MOST: Final = 0.6

_OPENERS: Final = re.compile(
    r"^(?:(?:so|and|but|well|okay|ok|yeah|yes|alright|now|because|actually|basically|anyway|oh|right) )+"
)


@dataclass(frozen=True)
class PartModel:
    """Weights for one framework; labels are the framework's parts in order, then none of them.

    Attributes:
        phrases: Words and pairs of words that the model knows, with ``<s>`` and ``</s>`` for the ends of a sentence.
        cues: The regular expressions whose finds it weighs, as they were when it was trained.
        center: Subtracted from each vector: the mean of the training sentences, shape (384,).
        scale: Each vector is then multiplied by it.
        weights: Shape (384 + phrases + cues + 2, labels).
        bias: Shape (labels,).
        transitions: Between the labels of neighboring sentences.
    """

    phrases: dict[str, int]
    cues: tuple[re.Pattern[str], ...]
    center: Floats
    scale: float
    weights: Floats
    bias: Floats
    transitions: Transitions

    def scores(self, sentences: Sequence[str], encode: Encode) -> Floats:
        """Return the score of each label for sentences as ``spoken_words`` gives them, shape (sentences, labels)."""
        vectors = (encode(sentences) - self.center) * self.scale
        features = np.concatenate([vectors, lexical_features(sentences, self.phrases, self.cues)], axis=1)
        return np.asarray(features @ self.weights + self.bias)


def lexical_features(
    sentences: Sequence[str], known: dict[str, int], cues: Sequence[re.Pattern[str]]
) -> npt.NDArray[np.float64]:
    """Return phrases (spread over their number), cues found, and two measures of length; one row for each sentence."""
    features = np.zeros((len(sentences), len(known) + len(cues) + 2))
    for row, sentence in zip(features, sentences, strict=True):
        found = [known[phrase] for phrase in phrases_of(sentence) if phrase in known]
        row[found] = 2 / np.sqrt(max(1, len(found)))
        row[len(known) : -2] = [cue.search(sentence[-MAX_CUE_CHARS:]) is not None for cue in cues]
        count = len(sentence.split())
        row[-2:] = min(count, MANY_WORDS) / (MANY_WORDS / 2), count < FEW_WORDS
    return features


def phrases_of(sentence: str) -> set[str]:
    """Return a sentence's words and pairs of words, and how it opens; numbers are all alike."""
    words = ["<s>", *(_NUMBER.sub(NUMBER, word) for word in sentence.split()), "</s>"]
    pairs = (" ".join(words[index : index + 2]) for index in range(len(words) - 1))
    return {*words[1:-1], *pairs, " ".join(words[:3])}


@cache
def load_part_model(framework: str) -> PartModel | None:
    """Return the trained model of a framework; None when none was trained for it.

    Raises:
        ContentError: Its file is not the one that was published.
    """
    arrays = read_trained_file(framework)
    return None if arrays is None else _of_arrays(arrays)


def _of_arrays(arrays: dict[str, Any]) -> PartModel:
    numbers = {name: array.astype(np.float64) for name, array in arrays.items() if array.dtype.kind == "f"}
    return PartModel(
        phrases={str(phrase): index for index, phrase in enumerate(arrays["phrases"])},
        cues=tuple(re.compile(str(cue)) for cue in arrays["cues"]),
        center=numbers["center"],
        scale=float(numbers["scale"]),
        weights=numbers["weights"],
        bias=numbers["bias"],
        transitions=Transitions(numbers["start"], numbers["move"], numbers["end"]),
    )


@dataclass(frozen=True, slots=True)
class Label:
    """The part of a sentence, by its index in the framework, and how likely it is; None without a model."""

    part: int | None = None
    score: float | None = None


def label_structure(
    spoken: SpokenText,
    spans: tuple[SentenceSpan, ...],
    fillers: tuple[Filler, ...],
    framework: Framework,
    lexicon: Lexicon,
    encode: Encode | None = None,
) -> Structure | None:
    """Return the answer's sentences with their parts; None when no word was said."""
    if not spoken.tokens:
        return None
    texts = spoken_words(spoken, spans, fillers)
    labels = label_sentences(texts, framework, lexicon, encode)
    names = [part.name for part in framework.parts]
    sentences = tuple(
        Sentence(
            part=None if label.part is None else names[label.part],
            score=label.score,
            **spoken.place(spoken.chars[span.first_word][0], spoken.chars[span.last_word][1]),
        )
        for span, label in zip(spans, labels, strict=True)
    )
    parts = _parts(spoken, spans, sentences, names)
    return Structure(
        framework=framework.name,
        sentences=sentences,
        parts=parts,
        missing=tuple(part.name for part in parts if not part.present),
    )


def label_sentences(
    texts: Sequence[str], framework: Framework, lexicon: Lexicon, encode: Encode | None = None
) -> list[Label]:
    """Return the part of each sentence: by the trained model where there is one and vectors are given, else by cues.

    Texts come from ``spoken_words``. Small talk belongs to no part.
    """
    nowhere = [is_small_talk(text, lexicon) for text in texts]
    model = load_part_model(framework.name) if encode else None
    if encode is None or model is None:
        return [Label(part) for part in label_by_cues(texts, nowhere, framework)]
    kept = [index for index, skip in enumerate(nowhere) if not skip]
    labels = [Label()] * len(texts)
    for index, label in zip(kept, label_by_model([texts[index] for index in kept], model, encode), strict=True):
        labels[index] = label
    return labels


def label_by_model(texts: Sequence[str], model: PartModel, encode: Encode) -> list[Label]:
    """Return each sentence's likeliest part, given its neighbors, among the parts that are there at all."""
    if not texts:
        return []
    scores = model.scores(texts, encode)
    likely = probabilities(scores, model.transitions)
    none = scores.shape[1] - 1
    is_there = likely[:, :none].max(axis=0) >= sure_from(len(texts))
    scores[:, np.append(~is_there, False)] = FORBIDDEN
    likely = probabilities(scores, model.transitions)
    chosen = likely.argmax(axis=1)
    for part in np.flatnonzero(is_there):
        _give_one_sentence(int(part), chosen, likely)
    return [
        Label() if part == none or row[part] < SURE_FROM else Label(int(part), round(float(row[part]), 3))
        for part, row in zip(chosen, likely, strict=True)
    ]


def sure_from(sentences: int) -> float:
    """Return the probability that a part needs in one sentence to be there, in an answer of this many."""
    return min(SURE_AT_MOST, SURE_FROM + SURER_BY * max(0, sentences - USUAL_SENTENCES))


def _give_one_sentence(part: int, chosen: npt.NDArray[np.int_], likely: Floats) -> None:
    """Give a part that wins no sentence the one where it is likeliest: that sentence says two things.

    No other part loses its only sentence.
    """
    none = likely.shape[1] - 1
    spare = [index for index, label in enumerate(chosen) if label == none or np.sum(chosen == label) > 1]
    if part not in chosen and spare:
        chosen[max(spare, key=lambda index: likely[index, part])] = part


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


def spoken_sentences(
    spoken: SpokenText, sentences: tuple[Sentence, ...], fillers: tuple[Filler, ...]
) -> tuple[str, ...]:
    """Return the words of sentences that were split before, as ``spoken_words`` does."""
    spans = tuple(
        SentenceSpan(spoken.word_at(sentence.start_char), spoken.word_at(sentence.end_char - 1))
        for sentence in sentences
    )
    return spoken_words(spoken, spans, fillers) if spans else ()


def _token_starts(spoken: SpokenText, filler: Filler) -> Iterable[int]:
    for match in re.finditer(r"\S+", spoken.text[filler.start_char : filler.end_char]):
        yield filler.start_char + match.start()


def is_small_talk(text: str, lexicon: Lexicon) -> bool:
    """Return whether a sentence says nothing of the answer: only fillers, a greeting or thinking aloud."""
    return not text or (len(text) <= MAX_CUE_CHARS and lexicon.fillers.small_talk.compiled.fullmatch(text) is not None)


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
