"""From stories to a model file."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training.fit import Example, fit
from training.stories import NONE, Story, read_stories
from training.variants import Labeled, variants
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.part_cues import FIRST, Transitions
from voicemock.analysis.sentences import SUMS_FILE
from voicemock.analysis.structure import PartModel, lexical_features, phrases_of
from voicemock.analysis.vectors import DIMENSIONS, load_vectors
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Framework
from voicemock.settings import load_settings

FRAMEWORKS = {"star": "STAR", "triage": "AMNC", "design": "RDSFM"}
"""Letters of the parts, in order."""

SEED = 1
AT_ONCE = 64
"""So many sentences go through MiniLM together."""
VARIANTS = 5
MIN_STORIES = 3
"""A phrase must occur in so many stories to be a feature."""
VECTOR_SPREAD = 0.3
"""Standard deviation that the vectors' numbers are scaled to; a phrase or cue that is found counts about 1."""


class Vectors:
    """Sentence vectors, kept in a file between runs."""

    def __init__(self, cache: Path | None) -> None:
        self._cache = cache
        self._encode = load_vectors(load_settings().cache_dir).encode
        self._known: dict[str, npt.NDArray[np.float32]] = {}
        if cache is not None and cache.is_file():
            with np.load(cache, allow_pickle=False) as kept:
                self._known = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))

    def of(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the vectors of texts, shape (texts, 384)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for begin in range(0, len(new), AT_ONCE):
            batch = new[begin : begin + AT_ONCE]
            self._known.update(zip(batch, self._encode(batch), strict=True))
        return np.stack([self._known[text] for text in texts])

    def keep(self) -> None:
        """Write the file."""
        if self._cache is not None:
            np.savez(self._cache, texts=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))


@dataclass
class Trainer:
    """Trains the model of one framework."""

    framework: Framework
    letters: str
    stories: list[Story]
    vectors: Vectors
    lexicon: Lexicon = field(default_factory=Lexicon.load)

    @classmethod
    def load(cls, name: str, folder: Path, cache: Path | None) -> Trainer:
        """Read the stories, and the weights that make vectors."""
        framework = load_yaml(prompts_folder() / "frameworks" / f"{name}.yaml", Framework)
        return cls(framework, FRAMEWORKS[name], read_stories(folder, FRAMEWORKS[name]), Vectors(cache))

    def keep_vectors(self) -> None:
        """Keep the vectors for the next run."""
        self.vectors.keep()

    def arrays(self, stories: Sequence[Story]) -> dict[str, Any]:
        """Return the arrays of a model trained on stories."""
        told = [labeled for story in stories for labeled in variants(story, VARIANTS, SEED, self.lexicon)]
        phrases = self._phrases(stories)
        cues = [cue for part in self.framework.parts for cue in part.cues if FIRST not in cue]
        plain = self.vectors.of(list(dict.fromkeys(text for labeled in told for _, text in labeled)))
        center, scale = plain.mean(axis=0), VECTOR_SPREAD / plain.std(axis=0).mean()
        known = {phrase: index for index, phrase in enumerate(phrases)}
        patterns = [re.compile(cue) for cue in cues]
        order = f"{self.letters}{NONE}"

        def example(labeled: Labeled) -> Example:
            texts = [text for _, text in labeled]
            vectors = (self.vectors.of(texts) - center) * scale
            features = np.concatenate([vectors, lexical_features(texts, known, patterns)], axis=1)
            return Example(features.astype(np.float32), np.array([order.index(letter) for letter, _ in labeled]))

        values = fit([example(labeled) for labeled in told], len(order), DIMENSIONS, SEED)
        small = {name: value.astype(np.float16) for name, value in values.items()}
        named = {"phrases": np.array(phrases), "cues": np.array(cues)}
        return {**named, "center": center.astype(np.float32), "scale": np.float32(scale), **small}

    def model(self, stories: Sequence[Story]) -> PartModel:
        """Return a model trained on stories, ready to be used."""
        arrays = self.arrays(stories)
        return PartModel(
            phrases={phrase: index for index, phrase in enumerate(arrays["phrases"].tolist())},
            cues=tuple(re.compile(cue) for cue in arrays["cues"].tolist()),
            center=arrays["center"],
            scale=float(arrays["scale"]),
            weights=arrays["weights"].astype(float),
            bias=arrays["bias"].astype(float),
            transitions=Transitions(*(arrays[name].astype(float) for name in ("start", "move", "end"))),
        )

    def write(self, folder: Path) -> str:
        """Train on all stories, write the model and its hash, and return a line about it."""
        arrays = self.arrays(self.stories)
        path, size = write_arrays(folder, self.framework.name, arrays)
        sentences = sum(len(story.sentences) for story in self.stories)
        counts = f"{len(self.stories)} stories, {sentences} sentences, {len(arrays['phrases'])} phrases"
        return f"{path}: {counts}, {size / 1000:.0f} kB"

    def _phrases(self, stories: Sequence[Story]) -> list[str]:
        counts: Counter[str] = Counter()
        for story in stories:
            (heard, *_) = variants(story, 0, SEED, self.lexicon)
            counts.update(set().union(*(phrases_of(text) for _, text in heard)))
        return sorted(phrase for phrase, count in counts.items() if count >= MIN_STORIES)


def write_arrays(folder: Path, name: str, arrays: dict[str, Any]) -> tuple[Path, int]:
    """Write ``NAME.npz`` and the hashes of all such files; return its path and size in bytes."""
    packed = BytesIO()
    np.savez_compressed(packed, **arrays)
    path = folder / f"{name}.npz"
    path.write_bytes(packed.getvalue())
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in sorted(folder.glob("*.npz"))]
    (folder / SUMS_FILE).write_text("\n".join(sums) + "\n", encoding="utf-8")
    return path, len(packed.getvalue())
