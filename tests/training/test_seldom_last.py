"""The words that seldom end a sentence, as they are counted in the corpus."""

from __future__ import annotations

import runpy
from pathlib import Path

from training.corpus import Corpus

SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "write-seldom-last"))


def test_a_word_used_often_and_seldom_last_is_listed() -> None:
    sentences = ["the plan held", "the plan", "the team held", "the team", "the week held"]
    assert SCRIPT["seldom_last"](sentences) == ["the"]


def test_the_file_is_written_from_the_corpus() -> None:
    lines = (line for answer in Corpus.read().split("train") for line in answer.lines)
    assert SCRIPT["PAGE"].read_text(encoding="utf-8") == SCRIPT["page"](SCRIPT["seldom_last"](lines)), (
        "Run: scripts/write-seldom-last"
    )
