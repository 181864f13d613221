"""Sessions and hits of a search, each in a line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from voicemock.report.session_lines import found_line, session_line, subject_of
from voicemock.store.overviews import SearchResult, SessionOverview

TEXTS = {"late": "Tell me about a delay.", "scope": "Tell me about a cut."}
CASES = [
    ({"questions": ("late",), "answers": 1}, "late", "Tell me about a delay.", "1 answer"),
    ({"questions": ("late", "scope"), "answers": 2}, "late, scope", "Tell me about a delay.", "2 answers"),
    ({"questions": ("own-one",), "answers": 1}, "own-one", "own-one", "1 answer"),
    ({"questions": ("late",), "answers": 1, "loop": "amazon"}, "late", "Amazon loop", "1 answer"),
    ({}, "", "Interview", "no answer"),
    ({"story": "Kafka", "take": 2, "duration_s": 222.0, "answers": 1}, "Kafka, take 2, 3:42", "Kafka", "take 2, 3:42"),
    ({"story": "Kafka", "answers": 1}, "Kafka, nothing said", "Kafka", "nothing said"),
    ({"story": "Ka\u202efka\n", "take": 1, "answers": 1}, "Kafka , take 1", "Kafka ", "take 1"),
]


@pytest.mark.parametrize(("values", "subject", "title", "about"), CASES)
def test_a_session_says_what_it_was_about(values: dict[str, object], subject: str, title: str, about: str) -> None:
    started = datetime(2026, 11, 3, 9, 15, tzinfo=UTC)
    empty = {"ended_at": None, "loop": None, "answers": 0, "questions": ()}
    overview = SessionOverview.model_validate({"id": "20261103-091500-7f3a", "started_at": started, **empty, **values})
    line, local = session_line(overview, TEXTS), started.astimezone()
    assert (subject_of(overview), line.title, line.about) == (subject, title, about)
    assert line.started == f"{local:%a} 3 Nov 2026, {local:%H:%M}"


@pytest.mark.parametrize(
    ("values", "subject", "moment"),
    [
        ({"question": "late", "start_s": 83.2}, "Tell me about a delay.", "1:23"),
        ({"question": "own-one", "start_s": None}, "own-one", ""),
        ({"story": "Kafka", "question": None, "start_s": 0.0}, "Kafka", "0:00"),
    ],
)
def test_a_hit_says_where_it_is(values: dict[str, object], subject: str, moment: str) -> None:
    place = {"session": "20261103-091500-7f3a", "position": 2, "recorded_at": datetime(2026, 11, 3, 12, tzinfo=UTC)}
    result = SearchResult.model_validate({**place, "story": None, "matches": 1, "excerpt": (), **values})
    line = found_line(result, TEXTS)
    assert (line.place, line.day, line.subject, line.moment) == (
        "20261103-091500-7f3a/2",
        "03 Nov 2026",
        subject,
        moment,
    )
