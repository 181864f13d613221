"""The stories and plans that were labeled before there was an evidence table: one letter a sentence.

A letter tells of one piece of evidence that it is there; of a story also that its other parts are not. What no letter
of an answer tells, the answer lacks. So that the reader sees enough of these, each answer comes a second time with one
part taken out. Almost all were written in order; so that a result is not known by its place alone, each story comes a
third time with its result first or another part elsewhere.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.reader.examples import MASKED, Example
from training.stories import NONE, Story, read_stories
from voicemock.analysis.reader import bare


@dataclass(frozen=True, slots=True)
class _Letter:
    """What a letter stands for: evidence of a sentence, and the part of the answer that it tells."""

    evidence: str
    part: str


LETTERS: Mapping[str, Mapping[str, _Letter]] = {
    "star": {
        "S": _Letter("situation", "situation"),
        "T": _Letter("task", "task"),
        "A": _Letter("action", "action"),
        "R": _Letter("result", "result"),
    },
    "triage": {
        "A": _Letter("assess", "assess"),
        "M": _Letter("mitigate", "mitigate"),
        "N": _Letter("negotiate", "negotiate"),
        "C": _Letter("communicate", "communicate"),
    },
    "design": {
        "R": _Letter("requirement", "requirements"),
        "D": _Letter("component", "design"),
        "S": _Letter("scaling", "scale"),
        "F": _Letter("failure_handling", "failure"),
        "M": _Letter("metric", "metrics"),
    },
}
LEAST_TOLD = 2
"""An answer of fewer parts is not taken apart further."""
RESULT_FIRST_SHARE = 0.5
"""Of the stories in another order; in the others any part stands anywhere."""


def earlier_examples(folder: Path, evidence: Sequence[str], verdicts: Sequence[str], seed: int) -> list[Example]:
    """Return the earlier answers of all frameworks, without questions, and again cut and in another order."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, and nothing secret
    found = []
    for framework, letters in LETTERS.items():
        for story in read_stories(folder / framework, "".join(letters)):
            all_of_it = (story, *_cut(story, letters, chance), *_moved(framework, story, chance))
            found += [_example(framework, each, evidence, verdicts) for each in all_of_it]
    return found


def _cut(story: Story, letters: Mapping[str, _Letter], chance: random.Random) -> Iterator[Story]:
    told = sorted({letter for letter, _ in story.sentences} & set(letters))
    if len(told) > LEAST_TOLD:
        gone = chance.choice(told)
        yield replace(story, sentences=tuple(each for each in story.sentences if each[0] != gone))


def _moved(framework: str, story: Story, chance: random.Random) -> Iterator[Story]:
    told = sorted({letter for letter, _ in story.sentences} & set("STAR"))
    if framework != "star" or len(told) <= LEAST_TOLD:
        return
    is_first = "R" in told and chance.random() < RESULT_FIRST_SHARE
    letter = "R" if is_first else chance.choice(told)
    part = [each for each in story.sentences if each[0] == letter]
    rest = [each for each in story.sentences if each[0] != letter]
    place = 0 if is_first else chance.randrange(len(rest) + 1)
    yield replace(story, sentences=(*rest[:place], *part, *rest[place:]))


def _example(framework: str, story: Story, evidence: Sequence[str], verdicts: Sequence[str]) -> Example:
    letters = LETTERS[framework]
    table = np.full((len(story.sentences), len(evidence)), MASKED, np.float32)
    if framework == "star":
        table[:, [evidence.index(letter.evidence) for letter in letters.values()]] = 0
    for row, (letter, _) in enumerate(story.sentences):
        if letter != NONE:
            table[row, evidence.index(letters[letter].evidence)] = 1
    lines = tuple(bare(text) for _, text in story.sentences)
    name = f"{framework} {story.style} {story.title}"
    return Example(name, "", lines, table, _lacking(letters, story, verdicts))


def _lacking(letters: Mapping[str, _Letter], story: Story, verdicts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Return what the answer lacks, by its letters; the rest is masked."""
    told = {letter for letter, _ in story.sentences}
    row = np.full(len(verdicts), MASKED, np.float32)
    for letter, meaning in letters.items():
        row[verdicts.index(f"lacks:{meaning.part}")] = float(letter not in told)
    return row
