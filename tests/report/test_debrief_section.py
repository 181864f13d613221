"""The debrief on the review page: every quote leads to its answer, and nothing in it is markup."""

from __future__ import annotations

import re

import pytest

from tests.debriefs import alone, asked, reply, told, unheard
from tests.interviews import bank, fixture_answer
from tests.report.test_page import MARKUP, SESSION, Seen
from voicemock.coaching.debrief import debrief_of
from voicemock.coaching.debrief_wording import spoken_debrief
from voicemock.models import Answer
from voicemock.report.debrief import debrief_view
from voicemock.report.page import render_page, write_page
from voicemock.report.rows import load_measures


def page_of(*answers: Answer) -> str:
    debrief = debrief_of(answers, bank())
    frameworks = [bank().framework(answer.question.framework) if answer.question else None for answer in answers]
    view = debrief_view(debrief, spoken_debrief(debrief))
    return render_page(SESSION, answers, frameworks, {}, load_measures(), view)


@pytest.fixture(scope="module")
def day() -> str:
    return page_of(
        fixture_answer("strong-story", 1),
        reply("The error rate went down by thirty percent.", 2, follows=1),
        alone(fixture_answer("rambling-no-result", 3)),
        unheard(4),
        asked("What does a good first year look like?", 5),
    )


def test_it_says_what_the_terminal_says(day):
    text = " ".join(Seen(day).text.split())
    for expected in ("Debrief", "Question by question", "By competency", "You asked", "not seen", "Skipped."):
        assert expected in text


def test_every_source_leads_to_an_answer_on_the_page(day):
    tags = Seen(day).tags
    ids = {attributes.get("id") for _, attributes in tags}
    targets = [
        str(attributes["href"]) for tag, attributes in tags if tag == "a" and attributes.get("class") == "source"
    ]
    assert targets
    assert {target.removeprefix("#") for target in targets} <= ids


def test_markup_in_what_was_said_stays_text():
    page = page_of(told(f"I decided it, and {MARKUP} was the trade-off that we had to make. " * 2, 1), told(MARKUP, 2))
    assert "<script>alert" not in page
    assert not re.search(r"<img", page)


@pytest.mark.parametrize(
    ("answers", "has_debrief"),
    [
        ([fixture_answer("strong-story")], False),
        ([unheard(1), unheard(2)], False),
        ([fixture_answer("strong-story"), unheard(2)], True),
    ],
)
def test_it_is_there_where_there_is_something_to_compare(tmp_path, answers, has_debrief):
    page = write_page(SESSION, answers, tmp_path)
    assert ('id="debrief"' in page.read_text(encoding="utf-8")) == has_debrief
