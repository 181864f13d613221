"""Fillers and repetitions for ``analysis_text.py``: counts and tables beside simple baselines."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from counts import Counts

from voicemock.analysis.fillers import find_fillers
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.repetitions import find_repetitions
from voicemock.analysis.sentences import split_sentences
from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import Transcript, Word, transcript_of_text, transcript_of_words

Record = dict[str, Any]
NEITHER = {"oh", "huh", "okay", "ok"}
"""Candidates of the corpus that are by definition neither a filled pause nor a discourse marker."""
EASY = {"you know", "well", "i mean"}
FILLED_PAUSES = {"uh", "um"}


def report_fillers(title: str, utterances: Sequence[Record], lexicon: Lexicon) -> None:
    """Print the score of every ambiguous word, and of always counting it."""
    ours: dict[str, Counts] = defaultdict(Counts)
    always: dict[str, Counts] = defaultdict(Counts)
    for utterance in utterances:
        found = [(f.start_char, f.end_char) for f in fillers_of(transcript_of_text(utterance["text"]), lexicon)]
        for start, end, word, label in utterance["candidates"]:
            gold = label in {"F", "D", "E"}
            # "see" is found in "you see"
            ours[word].add(gold=gold, found=any(low <= start and end <= high for low, high in found))
            always[word].add(gold=gold, found=True)
    print(f"\n{title}")
    for word in sorted(ours, key=lambda word: -(ours[word].hits + ours[word].missed)):
        print(f"  {word:<10} {ours[word]}   always: F1 {always[word].f1:.3f}")
    defined = ours.keys() - NEITHER
    for name, words in (
        ("all", ours.keys()),
        ("all but oh, huh, okay", defined),
        ("hard words", defined - EASY - FILLED_PAUSES),
    ):
        print(f"  = {name:<22} {_total(ours, words)}   always: F1 {_total(always, words).f1:.3f}")


def halves(utterances: Sequence[Record]) -> Iterable[list[Record]]:
    """Yield the utterances of every second conversation, then those of the others."""
    calls = sorted({utterance["call"] for utterance in utterances})
    for half in (calls[::2], calls[1::2]):
        yield [utterance for utterance in utterances if utterance["call"] in half]


def report_monologues(monologues: Sequence[Record], lexicon: Lexicon) -> None:
    """Print the score over timed words without reliable punctuation, by kind."""
    kinds: dict[str, Counts] = defaultdict(Counts)
    for monologue in monologues:
        rows = monologue["words"]
        transcript = transcript_of_words(Word(text=text, start_s=start, end_s=end) for start, end, text, _ in rows)
        if len(transcript.words) != len(rows):
            continue
        found: dict[int, str] = {}
        spoken = SpokenText.of(transcript)
        for filler in fillers_of(transcript, lexicon):
            for index in range(spoken.word_at(filler.start_char), spoken.word_at(filler.end_char - 1) + 1):
                found[index] = filler.kind
        for index, row in enumerate(rows):
            kinds["filled pauses, words"].add(gold=row[3] == "F", found=found.get(index) == "filled_pause")
            is_marker = found.get(index) == "discourse_marker"
            kinds["discourse markers, words"].add(gold=row[3] in {"D", "E"}, found=is_marker)
    print("\nFillers, meeting monologues (words without punctuation)")
    for kind, counts in kinds.items():
        print(f"  {kind:<25} {counts}")


def report_written(stories: Sequence[Record], lexicon: Lexicon) -> None:
    """Print what is found in stories that were written, not spoken: next to nothing is right."""
    print("\nFillers and repetitions in written stories")
    for title, bare in (("as written", False), ("without punctuation", True)):
        words = markers = repetitions = 0
        for story in stories:
            text = " ".join(sentence["text"] for sentence in story["sentences"])
            text = without_punctuation(text) if bare else text
            markers += sum(
                filler.kind == "discourse_marker" for filler in fillers_of(transcript_of_text(text), lexicon)
            )
            repetitions += len(_repetitions(text, lexicon))
            words += len(text.split())
        print(f"  {title:<20} {markers} markers, {repetitions} repetitions in {words} words")


def without_punctuation(text: str) -> str:
    """Return a text in lower case without what speech does not have."""
    return re.sub(r"[^\w\s'%$-]", "", text).lower()


def fillers_of(transcript: Transcript, lexicon: Lexicon) -> Iterable[Any]:
    """Return the fillers of a transcript."""
    spoken = SpokenText.of(transcript)
    return find_fillers(spoken, split_sentences(spoken), lexicon)


def report_repetitions(title: str, utterances: Sequence[Record], lexicon: Lexicon) -> None:
    """Print how many of the findings were taken back, and how many of the places where that happened are found."""
    print(f"\n{title}")
    for name, find in (("voicemock", _repetitions), ("the same word twice in a row", _adjacent_repeats)):
        kinds: dict[str, Counts] = defaultdict(Counts)
        places = found_places = 0
        for utterance in utterances:
            gold = _merged(span for span in utterance["spans"] if span[2] == "RM")
            found = find(utterance["text"], lexicon)
            for kind, words in found:
                right = all(any(low < end and high > start for low, high in gold) for start, end in words)
                kinds[kind].add(gold=right, found=True)
            starts = [word for _, words in found for word in words]
            places += len(gold)
            found_places += sum(any(low < end and high > start for start, end in starts) for low, high in gold)
        for kind, counts in sorted(kinds.items()):
            print(f"  {name}: {kind}: {counts.hits} right, {counts.false} false")
        total = _total(kinds, kinds)
        precision, recall = total.hits / (total.hits + total.false), found_places / places
        print(f"  = {name}: P {precision:.3f} of entries, R {recall:.3f} of {places} places")


Finding = tuple[str, list[tuple[int, int]]]
"""The kind of a finding, and its words without fillers as characters."""


def _repetitions(text: str, lexicon: Lexicon) -> list[Finding]:
    spoken = SpokenText.of(transcript_of_text(text))
    fillers = find_fillers(spoken, split_sentences(spoken), lexicon)
    words = [
        (token.start_char, token.end_char)
        for token in spoken.tokens
        if not any(f.start_char <= token.start_char < f.end_char for f in fillers)
    ]
    return [
        (item.kind, [word for word in words if item.start_char <= word[0] < item.end_char])
        for item in find_repetitions(spoken, fillers, lexicon)
    ]


def _adjacent_repeats(text: str, _: Lexicon) -> list[Finding]:
    tokens = [token for token in SpokenText.of(transcript_of_text(text)).tokens if token.norm not in FILLED_PAUSES]
    return [
        ("repetition", [(word.start_char, word.end_char)])
        for word, following in pairwise(tokens)
        if word.norm == following.norm
    ]


def _merged(spans: Iterable[Sequence[Any]]) -> list[tuple[int, int]]:
    """Join nested spans and those that only marks separate."""
    merged: list[tuple[int, int]] = []
    for start, end, _ in sorted(spans):
        if merged and start <= merged[-1][1] + 2:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def without_commas(utterance: Record) -> Record:
    """Return an utterance in which every comma is a space."""
    return utterance | {"text": utterance["text"].replace(",", " ")}


def _total(counts: dict[str, Counts], words: Iterable[str]) -> Counts:
    return sum((counts[word] for word in words), Counts())
