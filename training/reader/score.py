"""How well the reader reads answers of hands that it never saw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from training.corpus import Corpus, judged_as
from training.reader.examples import MASKED, Example
from training.reader.fit import Read

FEWEST = 5
"""With fewer examples nothing is measured."""
NONE_BELOW = 0.0
"""A fault whose logit is lower is not worth a word."""

Floats = npt.NDArray[np.float32]


def average_precision(scores: Floats, truth: Floats) -> float:
    """Return the area under the curve of precision over recall, in steps."""
    order = np.argsort(-scores, kind="stable")
    hits = truth[order]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float((precision * hits).sum() / hits.sum())


def best_f1(scores: Floats, truth: Floats) -> float:
    """Return the F1 at the best limit: with others between the same scores, an upper bound."""
    hits = truth[np.argsort(-scores, kind="stable")]
    return float((2 * np.cumsum(hits) / (np.arange(1, len(hits) + 1) + hits.sum())).max())


def print_scores(
    corpus: Corpus, unseen: Sequence[Example], found: Sequence[Read], evidence: Sequence[str], verdicts: Sequence[str]
) -> None:
    """Print a line for each piece of evidence and each verdict, and how often the first remark is right."""
    _print_table("evidence, by sentence", evidence, [each.evidence for each in found], [e.labels for e in unseen])
    _print_table(
        "verdicts, by answer", verdicts, [each.verdicts[None] for each in found], [e.verdicts[None] for e in unseen]
    )
    same = allowed = 0
    for example, each in zip(unseen, found, strict=True):
        labels, framework = corpus.labels[example.name], corpus.answers[example.name].framework
        said = _first(each, verdicts, judged_as(framework))
        first = labels.first or frozenset({"none"})
        same += said in first
        allowed += said in first | labels.also
    print(f"the likeliest fault: the labeler's first {same / len(unseen):.0%}, or allowed {allowed / len(unseen):.0%}")


def _first(found: Read, verdicts: Sequence[str], kind: str) -> str:
    mine = [index for index, name in enumerate(verdicts) if name.startswith(f"{kind}:")]
    best = max(mine, key=lambda index: float(found.verdicts[index]))
    return verdicts[best].partition(":")[2] if found.verdicts[best] >= NONE_BELOW else "none"


def mean_scores(scores: Sequence[Floats], labels: Sequence[Floats]) -> tuple[float, float, int]:
    """Return the mean average precision and the mean best F1, and over how many columns."""
    said, true = np.concatenate(scores), np.concatenate(labels)
    rows = []
    for column in range(true.shape[1]):
        known = true[:, column] != MASKED
        truth = true[known, column]
        if truth.sum() >= FEWEST:
            rows.append((average_precision(said[known, column], truth), best_f1(said[known, column], truth)))
    means = np.mean(rows, axis=0)
    return float(means[0]), float(means[1]), len(rows)


def _print_table(title: str, names: Sequence[str], scores: Sequence[Floats], labels: Sequence[Floats]) -> None:
    said, true = np.concatenate(scores), np.concatenate(labels)
    for column, name in enumerate(names):
        known = true[:, column] != MASKED
        truth, here = true[known, column], said[known, column]
        if truth.sum() >= FEWEST:
            precision, f1 = average_precision(here, truth), best_f1(here, truth)
            print(f"{name:28} {int(truth.sum()):5}  AP {precision:.2f}  best F1 {f1:.2f}")
        else:
            print(f"{name:28} {int(truth.sum()):5}  not measured")
    precision, f1, count = mean_scores(scores, labels)
    print(f"{title}: mean AP {precision:.3f}, mean best F1 {f1:.3f}, over {count}")
