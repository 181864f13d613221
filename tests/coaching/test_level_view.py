"""What a debrief says of a level: sizes that were named, beside what is usual, and no verdict."""

from __future__ import annotations

import re

import pytest

from tests.debriefs import told, unheard
from tests.interviews import bank
from voicemock.coaching.debrief import debrief_of
from voicemock.coaching.debrief_wording import spoken_debrief
from voicemock.content.levels import LEVELS
from voicemock.models import Answer, LevelView
from voicemock.report.debrief import debrief_view

STORY = (
    "Last year our checkout was slow and six product teams were blocked by it. My task was to bring it under a second "
    "before the holidays. I went to each of the teams and asked for their numbers, and I decided to cut the old cache. "
    "I moved the slow queries to a replica, and I told the directors what it costs. In the end the page went from four "
    "seconds to eight hundred milliseconds, and sales went up by three percent. "
)
SMALL = (
    "I was the program manager of a team of six. Our nightly build failed every second day. I had to make it reliable "
    "before the summer. I read the logs of a month by hand, and I moved the tests to another machine. I decided to "
    "leave the old ones out. After that the build failed once a month and not every second day. "
)
VERDICT = re.compile(r"\b(?:too small|below|above|not enough|weak|strong|should|hire|fail|pass)\b", re.IGNORECASE)


def seen_at(level: str | None, *answers: Answer) -> LevelView | None:
    return debrief_of(answers, bank(), level=level).level


def test_without_a_level_nothing_is_said_of_it():
    debrief = debrief_of((told(STORY, 1),), bank())
    assert debrief.level is None
    assert all(group.kind != "level" for group in debrief_view(debrief, "").groups)


@pytest.mark.parametrize("level", LEVELS)
def test_a_named_size_stands_beside_what_is_usual(level):
    answer = told(STORY, 1)
    view = seen_at(level, answer)
    (remark,) = [each for each in view.scope if each.kind == "teams"]
    assert (remark.position, remark.value, remark.usual_at) == (1, 6.0, "staff")
    assert remark.text.startswith("You named six product teams. ")
    assert "six product teams" in remark.quote
    assert remark.quote in answer.assessment.transcript.text
    assert remark.start_s is not None
    assert not VERDICT.search(" ".join((remark.text, view.ambiguity, view.influence, view.technical_depth)))


def test_the_only_team_is_told_with_the_words_that_name_it():
    view = seen_at("staff", told(SMALL, 1))
    teams, people = view.scope
    assert teams.text == 'The only team you named is your own "team of six". Staff stories usually span several teams.'
    assert (people.kind, people.usual_at, people.text) == ("people", None, 'You said how many people: "team of six".')


@pytest.mark.parametrize(
    "answer",
    [
        told("I would ask all six teams first. " * 12, 1, question="dependency-four-week-slip"),
        told("The vendor was late, and I called them every day until they were done. " * 6, 1),
        unheard(1),
        unheard(1, "interrupted"),
    ],
    ids=["triage", "no size", "skipped", "interrupted"],
)
def test_nothing_is_said_of_a_size_that_is_not_known(answer):
    assert seen_at("staff", answer).scope == ()


def test_a_level_changes_no_word_of_the_rest():
    answers = (told(STORY, 1), told(SMALL, 2))
    plain, staff = debrief_of(answers, bank()), debrief_of(answers, bank(), level="staff")
    assert staff.model_copy(update={"level": None}) == plain
    assert spoken_debrief(staff) == spoken_debrief(plain)


def test_every_screen_gets_the_remark_with_its_words():
    debrief = debrief_of((told(STORY, 1), told(SMALL, 2)), bank(), level="staff")
    (group,) = [group for group in debrief_view(debrief, "").groups if group.kind == "level"]
    assert group.title == "What is usual at staff level"
    assert group.points[0].citation.source.startswith("answer 1, ")
    assert [point.text.partition(" (")[0] for point in group.points[-3:]] == [
        "Ambiguity",
        "Influence",
        "Technical depth",
    ]
