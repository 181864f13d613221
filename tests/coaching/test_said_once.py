"""Nothing is quoted twice, quotes begin with what was meant, and a brief answer has no pace to speak of."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from voicemock.coaching.delivery import pace
from voicemock.coaching.feedback import _in_other_words
from voicemock.coaching.findings import Finding
from voicemock.coaching.quoting import Evidence, spoken_quote
from voicemock.models import transcript_of_text


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("So, yeah, I moved the whole database by hand.", "I moved the whole database by hand"),
        ("Um, well, I moved it myself.", "I moved it myself"),
        ("So I moved it.", "So I moved it"),  # too short to lose a word
    ],
)
def test_words_that_only_start_a_sentence_are_not_said_back(said: str, quoted: str) -> None:
    assert spoken_quote(transcript_of_text(said), Evidence(0, len(said), None), as_said=True) == quoted


@pytest.mark.parametrize(("start_char", "is_quoted"), [(0, False), (40, True)])
def test_what_the_praise_quotes_is_not_quoted_again(start_char: int, is_quoted: bool) -> None:
    strength, priority = Finding("own_part", {}, Evidence(0, 20, None)), Evidence(start_char, 60, None)
    found = _in_other_words(Finding("no_lesson", {}, priority), strength)
    assert found.evidence == (priority if is_quoted else None)


@pytest.mark.parametrize(
    ("words_per_minute", "is_brief", "found"),
    [(300.0, False, ["fast"]), (60.0, False, ["slow"]), (300.0, True, []), (60.0, True, []), (None, False, [])],
)
def test_a_brief_answer_has_no_pace(words_per_minute: float | None, is_brief: bool, found: list[str]) -> None:
    analysis = SimpleNamespace(words_per_minute=words_per_minute)
    heard = cast("Any", SimpleNamespace(analysis=analysis, is_brief=is_brief, sentences=()))
    assert [each.name for each in pace(heard)] == found
