"""Coverage of a company's competencies by stories, and the story to tell next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.content.test_questions import loop, question
from voicemock.content.questions import QuestionBank
from voicemock.errors import UnknownNameError
from voicemock.models import BankedStory, Loop, LoopRound, Story, StoryNotes
from voicemock.practice.story_coverage import coverage, suggest

DAY = datetime(2026, 11, 24, tzinfo=UTC)

AMAZON = Loop(
    name="amazon",
    title="Amazon TPM",
    summary="For a test.",
    company="amazon",
    minutes=30,
    rounds=(
        LoopRound(title="Stories", count=2, competencies=("ownership", "customer-obsession")),
        LoopRound(title="Programs", count=1, competencies=("late-delivery",)),
    ),
)

BANK = QuestionBank(
    questions=(
        question("customers", "behavioral", "customer-obsession", ("amazon",)),
        question("owner", "behavioral", "ownership", ("amazon",)),
        question("thrift", "behavioral", "frugality", ("amazon",)),
        question("humble", "behavioral", "googleyness", ("google",)),
        question("slip", "program_sense", "late-delivery"),
        question("cache", "system_design", "storage").model_copy(update={"framework": "design"}),
    ),
    loops=(AMAZON, loop(LoopRound(title="Any", count=1, competencies=("storage", "late-delivery")))),
)


def banked(name: str, *shows: str, words: str = "", takes: int = 0, day: int = 0) -> BankedStory:
    return BankedStory(
        story=Story.named(name),
        notes=StoryNotes(action=words, shows=shows),
        takes=takes,
        last_told_at=DAY + timedelta(days=day) if takes else None,
    )


@pytest.mark.parametrize(
    ("company", "asked"),
    [
        ("amazon", {"ownership", "customer-obsession", "late-delivery", "frugality"}),
        ("Amazon", {"ownership", "customer-obsession", "late-delivery", "frugality"}),
        ("google", {"googleyness"}),
        ("try-out", {"late-delivery"}),  # a cache is no story
    ],
)
def test_what_stories_are_asked_for_comes_from_the_loop_and_the_companys_questions(
    company: str, asked: set[str]
) -> None:
    found = coverage(company, BANK, ())
    assert {row.competency for row in found.competencies} == asked == set(found.gaps)
    assert found.next_story is None


def test_a_company_without_question_or_loop_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean amazon"):
        coverage("amazom", BANK, ())


def test_gaps_come_first_and_then_what_the_fewest_stories_show() -> None:
    stories = (banked("A", "ownership", "frugality"), banked("B", "ownership"))
    found = coverage("amazon", BANK, stories)
    assert [row.competency for row in found.competencies[2:]] == ["frugality", "ownership"]
    assert found.gaps == ("customer-obsession", "late-delivery")
    assert found.competencies[3].stories == ("A", "B")


def test_words_make_a_guess_and_no_link() -> None:
    found = coverage("amazon", BANK, (banked("Peak", words="Customers saw a slow page, and the launch slipped."),))
    guesses = {row.competency: [(s.story, s.words) for s in row.suggestions] for row in found.competencies}
    assert guesses["customer-obsession"] == [("Peak", ("Customers",))]
    assert guesses["late-delivery"] == [("Peak", ("slipped",))]
    assert "customer-obsession" in found.gaps


def test_what_is_linked_is_not_guessed() -> None:
    notes = StoryNotes(action="The customers complained.", shows=("customer-obsession",))
    assert "customer-obsession" not in suggest(notes)
    assert suggest(StoryNotes()) == {}


@pytest.mark.parametrize(
    ("stories", "name", "competencies", "guessed"),
    [
        # an untold link wins over a guess, and the one with more of them over the other
        ((banked("A", "ownership"), banked("B", "frugality", "customer-obsession")), "B", 2, False),
        # what a told story shows already is no reason to tell another
        ((banked("A", "ownership", takes=1), banked("B", "ownership"), banked("C", "frugality")), "C", 1, False),
        # no link is left to tell: words hint at a gap
        ((banked("A", "ownership", takes=1), banked("B", words="We saved money, the customer won")), "B", 2, True),
        # nothing new is left: the one told longest ago
        ((banked("A", "ownership", takes=1, day=3), banked("B", "ownership", takes=2, day=1)), "B", 1, False),
        ((banked("A"),), "A", 0, False),
    ],
)
def test_the_next_story_is_the_one_that_adds_most(
    stories: tuple[BankedStory, ...], name: str, competencies: int, guessed: bool
) -> None:
    chosen = coverage("amazon", BANK, stories).next_story
    assert chosen is not None
    assert (chosen.story, len(chosen.competencies), chosen.guessed) == (name, competencies, guessed)
    assert chosen.reason
