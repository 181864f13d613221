"""How much of what was asked in public the question bank covers: for each published question the nearest of ours.

    python bench/content/coverage.py --data FOLDER [--show 20]

FOLDER holds questions.jsonl: one question a line with its category. The nearness is the cosine of the two sentences'
vectors: from 0.6 on, two questions usually ask for the same thing; below 0.45 ours asks for something else.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from voicemock.analysis.vectors import load_vectors
from voicemock.content.questions import QuestionBank
from voicemock.settings import load_settings

SAME_FROM, NEAR_FROM = 0.6, 0.45


def main() -> None:
    """Print a table by category, and the published questions that are farthest from any of ours."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--show", type=int, default=0, help="how many of the farthest are printed")
    arguments = parser.parse_args()
    lines = (arguments.data / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    questions = QuestionBank.load().questions
    vectors = load_vectors(load_settings().cache_dir)
    ours = _directions(vectors.encode_subjects([each.text for each in questions]))
    nearness = _directions(vectors.encode_subjects([each["question"] for each in asked])) @ ours.T
    best = nearness.argmax(axis=1)
    _print_table(asked, nearness.max(axis=1))
    for index in np.argsort(nearness.max(axis=1))[: arguments.show]:
        print(f"{nearness[index].max():.2f}  {asked[index]['question']}\n      {questions[best[index]].text}")


def _directions(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _print_table(asked: list[dict[str, str]], nearest: np.ndarray) -> None:
    groups: dict[str, list[float]] = defaultdict(list)
    for each, value in zip(asked, nearest, strict=True):
        groups[_group(each["category"])].append(float(value))
    groups["all"] = [float(value) for value in nearest]
    print("| category | asked | the same | near | none | median |\n| --- | --- | --- | --- | --- | --- |")
    for name, values in sorted(groups.items(), key=lambda item: len(item[1])):
        kinds = Counter("same" if v >= SAME_FROM else "near" if v >= NEAR_FROM else "none" for v in values)
        counts = " | ".join(str(kinds[kind]) for kind in ("same", "near", "none"))
        print(f"| {name} | {len(values)} | {counts} | {np.median(values):.2f} |")


def _group(category: str) -> str:
    if category.startswith("TPM"):
        return "technical program managers"
    return "behavioral, engineers" if "Software Engineer" in category or "top tech" in category else "managers"


if __name__ == "__main__":
    main()
