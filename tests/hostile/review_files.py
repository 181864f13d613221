"""Reviews by somebody else with values changed by hand, and with any text in them."""

from __future__ import annotations

import copy
import io
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from rich.console import Console

from tests.hostile.mutations import broken
from tests.hostile.outputs import check_elements, check_plain
from tests.hostile.session_files import RAW, exchange
from tests.hostile.texts import texts
from tests.interviews import bank, keep, spoken_answer
from voicemock.errors import VoicemockError
from voicemock.interview.mentor_reviews import keep_review, read_review
from voicemock.models import hash_of_transcript
from voicemock.report.exports import to_markdown
from voicemock.report.mentor_reviews import review_views, show_reviews
from voicemock.report.page import render_page
from voicemock.report.rows import load_measures
from voicemock.store.store import Store

TEXT = "I led the move of our ledger. We cut the cost by 40 percent."
FILE: dict[str, Any] = {
    "kind": "voicemock-review",
    "schema_version": 1,
    "session": "",
    "reviewer": "Dana Fox",
    "answers": [
        {
            "position": 1,
            "transcript_sha256": hash_of_transcript(TEXT),
            "ratings": {"length": 4, "structure": None, "result": 2, "delivery": None},
            "comments": [{"start_char": 2, "end_char": 5, "text": "Say it earlier."}],
        }
    ],
}


@st.composite
def changed(draw: Any) -> bytes:
    """A review with some of its values in exchange for others."""
    document = copy.deepcopy(FILE)
    exchange(draw, document)
    return json.dumps(document, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


@st.composite
def written(draw: Any) -> bytes:
    """A review in which anything is said by anybody, somewhere in the answer."""
    document = copy.deepcopy(FILE)
    document["reviewer"] = draw(texts)[:60]
    start = draw(st.integers(0, len(TEXT)))
    end = draw(st.integers(0, len(TEXT) + 1))
    document["answers"][0]["comments"] = [{"start_char": start, "end_char": end, "text": draw(texts)[:2000]}]
    return json.dumps(document).encode("utf-8", "surrogatepass")


cases = st.one_of(changed(), written(), written(), st.sampled_from(RAW), broken((json.dumps(FILE).encode(),)))


def check(content: bytes, folder: Path) -> None:
    """Import it, and look at what is shown of it."""
    session = keep(folder / "data", spoken_answer(TEXT).model_copy(update={"audio_file": None}))
    path = folder / "review.json"
    path.write_bytes(content.replace(b'"session": ""', f'"session": "{session.id}"'.encode()))
    try:
        with Store(folder / "data") as store:
            try:
                keep_review(store, "review.json", read_review(path), datetime(2026, 12, 1, tzinfo=UTC))
            except VoicemockError as error:
                check_plain(str(error).replace(str(folder), ""))
                assert store.sessions.answers(session)[0].reviews == ()
                return
            answers = store.sessions.answers(session)
    finally:
        shutil.rmtree(folder / "data")
    console = Console(file=io.StringIO(), width=80, color_system=None)
    show_reviews(console, review_views(answers[0].reviews, 1))
    check_plain(console.file.getvalue())
    frameworks = [bank().framework("star")]
    check_plain(to_markdown(session, answers, frameworks))
    check_elements(render_page(session, answers, frameworks, {}, load_measures()))
