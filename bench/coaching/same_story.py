"""How surely a story that is told twice is told from two different ones.

Stories of training/corpus are held against each other, each speaker's own among themselves, and against the second
tellings of bench/data/retold.yaml. The test hands are left out.

Run: python bench/coaching/same_story.py [--hands h03,h05]
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).parents[2]))

from training.corpus import Corpus
from voicemock.analysis.structure import Encode
from voicemock.coaching.same_story import SAME_FROM, Told, find_told_twice, nearness_of, subjects_encoder
from voicemock.settings import load_settings

RETOLD = Path(__file__).parents[1] / "data" / "retold.yaml"
HANDS = "h03,h05,h12,h16,h21,h24,h30,h36"
SHOWN = 10


def main() -> None:
    """Print how many pairs are taken for one story, and how many second tellings are found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--hands", default=HANDS, help="speakers whose stories are compared")
    hands = parser.parse_args().hands.split(",")
    corpus, encode = Corpus.read(), subjects_encoder(load_settings().cache_dir)
    answers = [each for split in ("train", "dev") for each in corpus.split(split)]
    stories = {each.name: each.lines for each in answers if each.framework == "star" and each.hand in hands}
    _report_different(stories, encode)
    _report_retold(stories, encode)


def _report_different(stories: dict[str, Sequence[str]], encode: Encode) -> None:
    pairs = [(one, other) for one, other in combinations(stories, 2) if one[:3] == other[:3]]
    wrong = [pair for pair in pairs if _is_found(stories[pair[0]], stories[pair[1]], encode)]
    print(f"{len(pairs)} pairs of different stories by one speaker: {len(wrong)} taken for one {wrong[:SHOWN]}")


def _report_retold(stories: dict[str, Sequence[str]], encode: Encode) -> None:
    for each in yaml.safe_load(RETOLD.read_text(encoding="utf-8")):
        first, again = stories.get(each["story"]), re.split(r"(?<=[.!?])\s+", each["text"].strip())
        if first is not None:
            found = "found" if _is_found(first, again, encode) else "MISSED"
            print(f"{each['story']} told again: {found}, {nearness_of(first, again, encode):.2f} of {SAME_FROM}")


def _is_found(first: Sequence[str], again: Sequence[str], encode: Encode) -> bool:
    return bool(find_told_twice([Told(1, tuple(first)), Told(2, tuple(again))], encode))


if __name__ == "__main__":
    main()
