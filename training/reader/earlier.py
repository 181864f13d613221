"""The stories and plans that were labeled before there was an evidence table: one letter a sentence.

A letter tells of one piece of evidence that it is there; of a story also that its other parts are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from training.reader.examples import MASKED, Example
from training.stories import NONE, Story, read_stories
from voicemock.analysis.reader import bare

LETTERS = {
    "star": {"S": "situation", "T": "task", "A": "action", "R": "result"},
    "triage": {"A": "assess", "M": "mitigate", "N": "negotiate", "C": "communicate"},
    "design": {"R": "requirement", "D": "component", "S": "scaling", "F": "failure_handling", "M": "metric"},
}


def earlier_examples(folder: Path, evidence: Sequence[str], verdicts: int) -> list[Example]:
    """Return the earlier answers of all frameworks, without questions."""
    return [
        _example(framework, story, evidence, verdicts)
        for framework, letters in LETTERS.items()
        for story in read_stories(folder / framework, "".join(letters))
    ]


def _example(framework: str, story: Story, evidence: Sequence[str], verdicts: int) -> Example:
    letters = LETTERS[framework]
    table = np.full((len(story.sentences), len(evidence)), MASKED, np.float32)
    if framework == "star":
        table[:, [evidence.index(name) for name in letters.values()]] = 0
    for row, (letter, _) in enumerate(story.sentences):
        if letter != NONE:
            table[row, evidence.index(letters[letter])] = 1
    lines = tuple(bare(text) for _, text in story.sentences)
    nothing = np.full(verdicts, MASKED, np.float32)
    return Example(f"{framework} {story.style} {story.title}", "", lines, table, nothing)
