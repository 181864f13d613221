"""How well each style of story is told by a model that has never seen it."""

from __future__ import annotations

import numpy as np

from training.model import Trainer
from training.stories import NONE, Story
from training.variants import as_heard
from voicemock.analysis.structure import PartModel, label_by_model


def print_check(trainer: Trainer) -> None:
    """Train without each style in turn; print label accuracy, false alarms and missing parts named in that style."""
    print(f"{trainer.framework.name}: each style by a model that has not seen it")
    for style in sorted({story.style for story in trainer.stories}):
        held = [story for story in trainer.stories if story.style == style]
        model = trainer.model([story for story in trainer.stories if story.style != style])
        print(f"  {style:<10} {_line(trainer, model, held)}")


def _line(trainer: Trainer, model: PartModel, stories: list[Story]) -> str:
    right = total = alarms = whole = named = cut = complete = 0
    for story in stories:
        gold, found = _labels(trainer, model, story, "")
        right += sum(a == b for a, b in zip(gold, found, strict=True))
        total += len(gold)
        parts = set(gold) - {NONE}
        complete += not parts and set(trainer.letters) <= set(found)
        if len(parts) < len(trainer.letters):
            continue
        whole += 1
        alarms += not parts <= set(found)
        for letter in trainer.letters:
            cut += 1
            named += letter not in _labels(trainer, model, story, letter)[1]
    shares = (np.divide(a, max(1, b)) for a, b in ((right, total), (alarms, whole), (named, cut)))
    accuracy, alarm, recall = shares
    return (
        f"{len(stories):3} stories, sentences right {accuracy:.1%}, whole ones told a part is missing {alarm:.1%}, "
        f"removed parts named {recall:.1%}, no story called complete {complete}"
    )


def _labels(trainer: Trainer, model: PartModel, story: Story, without: str) -> tuple[list[str], list[str]]:
    heard = as_heard([pair for pair in story.sentences if pair[0] != without], trainer.lexicon)
    if not heard:
        return [], []
    found = label_by_model([text for _, text in heard], model, trainer.vectors.of)
    return [letter for letter, _ in heard], [NONE if f.part is None else trainer.letters[f.part] for f in found]
