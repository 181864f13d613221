"""Exported sessions with values changed by hand."""

from __future__ import annotations

import copy
import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.hostile.mutations import NUMBERS, broken
from tests.hostile.outputs import check_outputs, check_plain
from tests.hostile.texts import texts
from tests.interviews import STARTED, bank, fixture_answer
from voicemock.coaching.assess import Analyzer
from voicemock.errors import VoicemockError
from voicemock.interview.imports import keep_exported, read_exported
from voicemock.interview.interview import report_of
from voicemock.interview.recovery import assess_again
from voicemock.models import Answer, Assessment, Session
from voicemock.settings import Settings
from voicemock.speech.vad import WebRtc
from voicemock.store.store import Store

STRANGE = (
    *NUMBERS,
    None,
    True,
    False,
    "",
    [],
    {},
    [[]],
    {"a": 1},
    "../../x",
    "/etc/passwd",
    "a\0b",
    float("nan"),
    float("inf"),
    float("-inf"),
    1e308,
    -1e308,
    1e-320,
    "2026-11-24T09:15:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2026-11-24T09:15:00",
    "\ud800",
    "x" * 10_000,
    "star",
    "um",
    "answered",
    "no_speech",
)
RAW = (
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"null",
    b"[]",
    b"{}",
    b"NaN",
    b'"\\ud800"',
    b"1e999999",
    b"9" * 5000,
    b"\xef\xbb\xbf{}",
    b'{"session": {}, "session": {}}',
)


@cache
def _original() -> str:
    session = Session(id="20261124-091500-7f3a", started_at=STARTED, voicemock_version="0.1.0")
    return report_of(session, (fixture_answer("too-short"), fixture_answer("triage-answer", 2))).model_dump_json()


def exchange(draw: Any, document: Any) -> None:
    """Put other values in the place of some in parsed JSON."""
    for _ in range(draw(st.integers(1, 3))):
        holder: Any = document
        while True:
            key = draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
            if isinstance(holder[key], dict | list) and holder[key] and draw(st.integers(0, 9)):
                holder = holder[key]
                continue
            break
        match draw(st.sampled_from(("strange", "text", "number", "gone", "new"))):
            case "strange":
                holder[key] = copy.deepcopy(draw(st.sampled_from(STRANGE)))  # the next change may go into it
            case "text":
                holder[key] = draw(texts)[:2000]
            case "number":
                holder[key] = draw(st.floats() | st.integers())
            case "gone":
                del holder[key]
            case "new" if isinstance(holder, dict):
                holder["new"] = 1


@st.composite
def changed(draw: Any) -> bytes:
    """A session with some of its values in exchange for others."""
    document = copy.deepcopy(json.loads(_original()))
    if draw(st.booleans()):
        document["answers"] = document["answers"][:1]
    exchange(draw, document)
    return json.dumps(document, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


@st.composite
def spoken(draw: Any) -> bytes:
    """A session in which other words were said, and told under another name."""
    document = copy.deepcopy(json.loads(_original()))
    document["answers"] = document["answers"][:1]
    answer = document["answers"][0]
    pieces = draw(texts)[:2000].split()
    step = draw(st.floats(0, 100))
    answer["transcript"]["words"] = [
        {
            "text": piece,
            "start_s": i * step,
            "end_s": (i + 1) * step,
            "probability": draw(st.sampled_from((None, 0, 0.5, 1))),
        }
        for i, piece in enumerate(pieces)
    ]
    answer["transcript"]["text"] = " ".join(pieces)
    answer["status"] = "answered" if pieces else "no_speech"
    answer["analysis"]["unclear"] = []
    document["session"]["story"] = draw(st.none() | texts)
    document["session"]["loop"] = draw(st.none() | texts)
    if document["session"]["story"] is not None:
        answer["question"] = None
    return json.dumps(document).encode("utf-8", "surrogatepass")


cases = st.one_of(
    changed(),
    changed(),
    spoken(),
    spoken(),
    st.sampled_from(RAW),
    broken((b'{"schema_version": 1, "session": {}, "answers": []}',)),
)


def check(content: bytes, folder: Path) -> None:
    """Bring it back and look at what was kept."""
    path, data = folder / "session.json", folder / "data"
    path.write_bytes(content)
    try:
        with Store(data) as store:
            try:
                report = read_exported(path)
                session = keep_exported(
                    store, path, report, find_question=bank().get, assess_again=_assess_again, version="0.1.0"
                )
            except VoicemockError:
                assert not store.overviews.sessions(), "half of a session was kept"
                return
            for answer in store.sessions.answers(session):
                if answer.assessment is not None:
                    check_outputs(answer.assessment)
            store.takes.measured()
            for overview in store.overviews.sessions():
                overview.model_dump_json()
                check_plain(overview.story or "")
    finally:
        shutil.rmtree(data)
        assert {each.name for each in folder.iterdir()} == {"session.json"}


def _assess_again(answer: Answer) -> Assessment:
    return assess_again(answer, Path("/nowhere"), _analyzer(), WebRtc())


@cache
def _analyzer() -> Analyzer:
    return Analyzer(Settings(), bank())
