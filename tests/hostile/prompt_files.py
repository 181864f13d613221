"""Files of prompts/: any YAML in the place of each kind."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.hostile.mutations import broken
from tests.hostile.texts import texts
from voicemock.analysis.lexicon import FillerWords, OutcomeWords
from voicemock.analysis.phrasebook import Phrases
from voicemock.content.wording import FeedbackPhrases
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.errors import ContentError
from voicemock.models import Framework, Loop, Question

SHAPES: dict[str, Any] = {
    "frameworks/star.yaml": Framework,
    "loops/amazon.yaml": Loop,
    "patterns/fillers.yaml": FillerWords,
    "feedback.yaml": FeedbackPhrases,
    "patterns/outcomes.yaml": OutcomeWords,
    "phrases/repetitions.yaml": Phrases,
    "phrases/ownership.yaml": Phrases,
    "phrases/language.yaml": Phrases,
    "phrases/jargon.yaml": Phrases,
    "phrases/rambling.yaml": Phrases,
    "phrases/relevance.yaml": Phrases,
    "phrases/replies.yaml": Phrases,
    "phrases/turn_taking.yaml": Phrases,
    "phrases/coach.yaml": Phrases,
}
LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join(f'*a{n - 1}' for _ in range(9))}]\n" for n in range(1, 30))
MERGES = "a0: &a0 {x: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join(f'*a{n - 1}' for _ in range(9))}]}}\n" for n in range(1, 20)
)
BOMBS = (
    LAUGHS,
    MERGES,
    "[" * 50_000,
    "- " * 50_000,
    "{a: " * 50_000,
    "&a [*a]",
    "&a {*a : *a}",
    "? [a]\n: b",
    "? {a: b}\n: c",
    "!!python/object/apply:os.system [id]",
    "!!python/name:os.system",
    '!!int ""',
    '!!int "x"',
    '!!timestamp "x"',
    '!!bool "x"',
    '!!binary "?"',
    "!!set {a}",
    "!!omap [a]",
    "!x y",
    "2001-99-99",
    "2001-01-01 99:99:99",
    "9" * 5000,
    "0b",
    "0x_",
    "1:99:99",
    ".inf",
    "=",
    "<<",
    "<<: a",
    "--- a\n--- b",
    "%YAML 9.9\n---\na",
    "\x00",
    "\x1b[31m",
    "\ufeffa: b",
    "a: b: c",
    "\t- a",
    "'",
    '"\\ud800"',
    "|",
    ">-",
    "*nothing",
    "&a",
    "~",
    "",
    "- name: x\n  name: y",
    "null: null",
    "true: 1",
    "1: 1",
    "1.5: [1]",
)

_scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts.map(lambda text: text[:100])


@cache
def _originals() -> dict[str, bytes]:
    return {name: (prompts_folder() / name).read_bytes()[:3000] for name in SHAPES}


@st.composite
def files(draw: Any) -> tuple[str, bytes]:
    """A kind of file, and what stands in it."""
    name = draw(st.sampled_from(sorted(SHAPES)))
    original = _originals()[name]
    content = draw(
        st.one_of(
            broken((original,)),
            broken((original,)),
            st.sampled_from(BOMBS).map(str.encode),
            st.tuples(st.sampled_from(BOMBS), st.integers(0, 40)).map(
                lambda t: b"\n".join([*original.split(b"\n")[: t[1]], b"x: " + t[0].encode()])
            ),
            texts.map(lambda text: text.encode("utf-8", "surrogatepass")),
            st.binary(max_size=200),
        )
    )
    return name, content


cases = files()


def check(case: tuple[str, bytes], folder: Path) -> None:
    """Load it into its shape."""
    name, content = case
    path = folder / "file.yaml"
    path.write_bytes(content)
    for shape in (SHAPES[name], list[Question]):
        with suppress(ContentError):
            load_yaml(path, shape)
