"""Captions and exports of arbitrary bytes, and JSON that is hardly a transcriber's."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

from hypothesis import strategies as st

from tests.hostile.mutations import broken
from tests.speech.transcripts.members import MEMBERS
from voicemock.analysis.spoken_text import SpokenText
from voicemock.errors import VoicemockError
from voicemock.speech.transcripts.reading import read_transcript_file

LONGEST = 20_000

_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ("text", "start", "end", "words", "word", "segments", "speaker", "offsets", "timestamp", "score")
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
_lines = st.lists(
    st.sampled_from(
        (
            "00:01 --> 00:02", "00:03.5 -->", "[00:01]", "0:04", "Dana Fox:", "Dana Fox  0:04", ">> we", "(laughs)", "",
            "<v Dana>", "<00:01.000><c> so</c>", "1", "NOTE", "WEBVTT", "- we did it", "[Music", "Q: why?", "\x00a\x00",
        )
    ),
    max_size=20,
).map("\n".join)  # fmt: skip
cases = st.tuples(
    st.sampled_from((".txt", ".vtt", ".srt", ".json", ".tsv")),
    broken(tuple(member.content.encode() for member in MEMBERS.values()))
    | _lines.map(str.encode)
    | _values.map(lambda value: json.dumps({"segments": value}).encode())
    | _values.map(lambda value: json.dumps(value).encode()),
)


def check(case: tuple[str, bytes], folder: Path) -> None:
    """Read it: words are those of the text, and times never go back."""
    suffix, content = case
    path = folder / f"talk{suffix}"
    path.write_bytes(content)
    try:
        given = read_transcript_file(path, LONGEST)
    except VoicemockError:
        return
    spoken = SpokenText.of(given.transcript)
    assert len(spoken.text) <= LONGEST
    times = [(word.start_s, word.end_s) for word in spoken.words]
    if given.speech is None:
        assert times == [(None, None)] * len(times)
        return
    assert all(start is not None and end is not None and start <= end for start, end in times)
    assert all(before[1] <= after[0] for before, after in pairwise(times))  # type: ignore[operator]
