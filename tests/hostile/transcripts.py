"""Transcript files of arbitrary bytes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import get_args

from hypothesis import strategies as st

from tests.hostile.mutations import broken
from tests.hostile.outputs import check_outputs
from tests.hostile.texts import texts
from tests.interviews import bank
from voicemock.coaching.assess import Analyzer
from voicemock.errors import VoicemockError
from voicemock.models import FrameworkName
from voicemock.settings import Settings

LONGEST = 20_000

_encoded = st.tuples(
    texts, st.sampled_from(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1", "utf-32"))
).map(lambda t: t[0].encode(t[1], "surrogatepass" if t[1].startswith("utf") else "replace"))
cases = st.tuples(
    _encoded | st.binary(max_size=300) | broken((b"I had to move it. We cut it by 40%.\n" * 3,)),
    st.sampled_from(get_args(FrameworkName)),
)


def check(case: tuple[bytes, str], folder: Path) -> None:
    """Assess it, and look at everything that is made of it."""
    content, framework = case
    path = folder / "talk.txt"
    path.write_bytes(content)
    try:
        assessment = analyzer().analyze_text(path, framework=framework)
    except VoicemockError:
        return
    assert len(assessment.transcript.text) <= LONGEST
    assessment.model_dump_json()
    check_outputs(assessment)


@cache
def analyzer() -> Analyzer:
    return Analyzer(Settings(longest_text=LONGEST), bank())
