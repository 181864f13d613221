"""Examples for the discourse markers: sentences written for it, the corpus with labels, and markers put into sentences.

``sentences.txt`` has braces around the markers. ``labels.txt`` names the markers in the answers of ``training/corpus``.
A marker can stand nearly everywhere in a sentence and takes nothing from it, so markers put where nothing forbids them
are examples as well.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from training.corpus import Answer, Corpus
from voicemock.analysis.fillers import filled_pause_tokens
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.markers import Candidate, find_candidates
from voicemock.analysis.sentences import split_sentences
from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import transcript_of_text

FOLDER: Final = Path(__file__).parent
WRITTEN_WEIGHT: Final = 6.0
PUT_IN_WEIGHT: Final = 0.2
"""Put-in markers stand in places where nobody would say one, too."""
SO_KEPT: Final = 0.1
"""Share of the conjunctions "so": there are 5,000."""
SENTENCE_WORDS: Final = (5, 25)
WITH_COMMAS: Final = 0.25


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SUBJECTS: Final = _words("i we they he she it there you my the a our that's it's i'm we're they're")
_COUNTED: Final = _words(
    "the a an my our their his her some every each all about half several two three four five six "
    "seven eight nine ten twenty thirty forty fifty hundred"
)
_VERB_FOLLOWS: Final = _words(
    "i we you they people who to would i'd we'd you'd they'd he'd she'd look looks looked feel feels "
    "felt sound sounds sounded really not also never always do does did don't doesn't didn't"
)
_COMPARED: Final = _words("that this it me him them us these those said i'm")
_PAST: Final = _words("had went got took said told made was")

Marks = list[tuple[int, int]]
Place = Callable[[list[str], random.Random], int | None]


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate, whether it is a marker, and how much it weighs."""

    candidate: Candidate
    is_marker: bool
    weight: float


def all_examples(seed: int) -> list[Example]:
    """Return everything there is to learn from; of the corpus only the hands for training, so that others can judge."""
    corpus, chance = Corpus.read(), random.Random(seed)  # noqa: S311  (no secret)
    answers = list(corpus.split("train"))
    labels = _labels()
    found = [*_written(), *(each for answer in answers for each in _labeled(answer, labels.get(answer.name, [])))]
    kept = [each for each in found if each.candidate.phrase != "so" or each.is_marker or chance.random() < SO_KEPT]
    return [*kept, *_put_in([line for answer in answers for line in answer.lines], chance)]


def candidates_of(text: str) -> Iterator[Candidate]:
    """Yield the phrases of a text that may be markers."""
    spoken, lexicon = SpokenText.of(transcript_of_text(text)), Lexicon.load()
    phrases = [tuple(phrase.split()) for phrase in lexicon.fillers.markers]
    return find_candidates(spoken, split_sentences(spoken), phrases, filled_pause_tokens(spoken, lexicon))


def without_braces(line: str) -> tuple[str, Marks]:
    """Return a line of ``sentences.txt`` without its braces, and what stood in them."""
    text, marks = "", []
    for part in re.split(r"(\{[^}]*\})", line):
        if part.startswith("{"):
            marks.append((len(text), len(text) + len(part) - 2))
        text += part.strip("{}")
    return text, marks


def _written() -> Iterator[Example]:
    for line in (FOLDER / "sentences.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, marks = without_braces(line)
            yield from (_example(each, marks, WRITTEN_WEIGHT) for each in candidates_of(text))


def _labeled(answer: Answer, marks: Marks) -> Iterator[Example]:
    text = ("\n" if answer.style == "bare" else " ").join(answer.lines)
    return (_example(each, marks, 1.0) for each in candidates_of(text))


def _labels() -> dict[str, Marks]:
    rows = (line.split() for line in (FOLDER / "labels.txt").read_text(encoding="utf-8").splitlines())
    return {
        name: [(int(start), int(end)) for start, end in (span.split("-") for span in spans)]
        for name, *spans in rows
        if name != "#"
    }


def _example(candidate: Candidate, marks: Marks, weight: float) -> Example:
    start, end = candidate.tokens[0].start_char, candidate.tokens[-1].end_char
    return Example(candidate, any(low <= start and end <= high for low, high in marks), weight)


def _put_in(lines: list[str], chance: random.Random) -> Iterator[Example]:
    """Yield markers that were put into sentences of the corpus, each into a sentence of its own."""
    low, high = SENTENCE_WORDS
    left = iter(chance.sample(fitting := [line for line in lines if low <= len(line.split()) <= high], len(fitting)))
    for phrase, place, count in _PUT_IN:
        for _ in range(count):
            while (index := place((words := next(left).split()), chance)) is None:
                continue
            text, mark = _with(phrase, words, index, commas=chance.random() < WITH_COMMAS)
            yield from (Example(each, True, PUT_IN_WEIGHT) for each in candidates_of(text) if _is_at(each, mark))


def _is_at(candidate: Candidate, mark: tuple[int, int]) -> bool:
    return (candidate.tokens[0].start_char, candidate.tokens[-1].end_char) == mark


def _with(phrase: str, words: list[str], index: int, *, commas: bool) -> tuple[str, tuple[int, int]]:
    """Return a sentence with a phrase before a word, and where the phrase stands."""
    before, after = " ".join(words[:index]), " ".join(words[index:])
    if not before:
        phrase, after = (
            phrase[:1].upper() + phrase[1:],
            after if after.startswith("I") else after[:1].lower() + after[1:],
        )
    elif commas:
        before = before.rstrip(",") + ","
    start = len(before) + bool(before)
    text = f"{before} {phrase}{',' if commas else ''} {after}".strip()
    return text, (start, start + len(phrase))


def _bare(word: str) -> str:
    return word.lower().strip('.,?!;:"')


def _anywhere(words: list[str], chance: random.Random) -> int | None:
    places = [
        index
        for index in range(1, len(words))
        if _bare(words[index - 1]) not in _VERB_FOLLOWS
        and _bare(words[index]) not in _COMPARED
        and words[index - 1][-1] not in ".?!,"
    ]
    return chance.choice(places) if places else None


def _before(fits: Callable[[str, str], bool]) -> Place:
    """Return what finds a place by the word before and the word behind it."""

    def place(words: list[str], chance: random.Random) -> int | None:
        bare = [_bare(word) for word in words]
        places = [index for index in range(1, len(words)) if fits(bare[index - 1], bare[index])]
        return chance.choice(places) if places else None

    return place


def _at_start(words: list[str], _: random.Random) -> int | None:
    return 0 if _bare(words[0]) in _SUBJECTS else None


_COUNT: Final = _before(
    lambda before, after: (after in _COUNTED or after[:1].isdigit()) and before not in _VERB_FOLLOWS | {"is", "was"}
)
_CONJUNCTION: Final = _before(lambda before, after: before in {"and", "but", "so", "because"} and after in _SUBJECTS)
_VERB: Final = _before(lambda before, after: before in _SUBJECTS and (after.endswith("ed") or after in _PAST))
_PUT_IN: Final[tuple[tuple[str, Place, int], ...]] = (
    ("like", _anywhere, 900),
    ("like", _COUNT, 900),
    ("like", _VERB, 300),
    ("like", _CONJUNCTION, 200),
    ("like", _at_start, 150),
    ("you know", _anywhere, 500),
    ("you know", _CONJUNCTION, 200),
    ("you know", _at_start, 200),
    ("i mean", _CONJUNCTION, 200),
    ("i mean", _at_start, 200),
    ("well", _at_start, 200),
    ("well", _CONJUNCTION, 150),
    ("see", _at_start, 150),
    ("see", _CONJUNCTION, 80),
    ("say", _COUNT, 150),
    ("anyway", _CONJUNCTION, 80),
    ("anyway", _at_start, 80),
)
