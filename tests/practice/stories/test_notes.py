"""Notes of stories: their gaps, and notes from a telling or from a file with headings."""

from __future__ import annotations

import pytest

from tests.readers import ScriptedReader
from voicemock.analysis.analyze import analyze
from voicemock.analysis.lexicon import Lexicon
from voicemock.content.questions import QuestionBank
from voicemock.models import LONGEST_NOTE, Analysis, StoryNotes, transcript_of_text
from voicemock.practice.story_notes import (
    ReadNotes,
    filled_from,
    gaps,
    is_complete,
    notes_of_headings,
    notes_of_telling,
    with_field,
)

ACTION = (
    "First I mapped every call between the teams and measured the slowest one. I chose to split the ledger before the "
    "cutover. I built a dual-write switch with two engineers and tested it every night for a week."
)
WHOLE = StoryNotes(
    situation="At my last company the payment platform ran in a data center that was about to close.",
    task="My job was to move it before the lease ran out.",
    action=ACTION,
    result="Latency fell by 40%, and I learned to ask for the lease first.",
    trade_offs="Two weeks of dual writes, so that every step could be undone.",
    technology="Kafka, the ledger",
    shows=("ownership",),
)


HEARD = {
    "We had 40% more traffic than a year ago.": "situation outcome_figure",
    "I set up weekly meetings. I sent status updates to everyone.": "action coordinate_only",
    "Latency fell by 40%, and I learned to ask for the lease first.": "result outcome_figure lesson",
    "At my last company our payments platform failed at every peak.": "situation",
    "My job was to get five teams to a stable release by the end of the quarter.": "task",
    "First I, um, mapped all the dependencies with the leads. Then I wrote a rollback plan.": "action",
    "As a result we launched on time, and the error rate dropped by 40%.": "result outcome_figure",
}
"""What the reader finds in the notes and in a telling."""


@pytest.fixture(scope="module")
def read() -> ReadNotes:
    star, lexicon, reader = QuestionBank.load().framework("star"), Lexicon.load(), ScriptedReader(HEARD)

    def measure(text: str) -> Analysis:
        return analyze(
            transcript_of_text(text), framework=star, target=(180, 240), lexicon=lexicon, reader=reader
        ).analysis

    return measure


# --- what is missing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, []),
        ({"situation": "", "task": " "}, ["no_situation", "no_task"]),
        ({"result": "The team was happy with it."}, ["no_number"]),
        ({"result": "The team was happy.", "metrics": "p99 800 ms to 480 ms"}, []),
        # a number of the situation is not one of the result
        (
            {"situation": "We had 40% more traffic than a year ago.", "result": "The team was happy."},
            ["no_number"],
        ),
        ({"trade_offs": ""}, ["no_trade_off"]),
        ({"trade_offs": "none"}, ["no_trade_off"]),
        ({"trade_offs": "Speed over cost."}, []),
        ({"technology": ""}, ["no_technology"]),
        ({"shows": ()}, ["shows_nothing"]),
        ({"action": ACTION.replace("I ", "we ")}, ["only_we"]),
        (
            {"action": "I set up weekly meetings. I sent status updates to everyone."},
            ["only_coordination", "thin_action"],
        ),
        ({"action": "I moved it."}, ["thin_action"]),
    ],
)
def test_what_is_missing_is_named(read, changes: dict[str, object], kinds: list[str]) -> None:
    assert [gap.kind for gap in gaps(WHOLE.model_copy(update=changes), read)] == kinds


def test_empty_notes_lack_the_parts_and_are_not_blamed_for_more(read) -> None:
    kinds = [gap.kind for gap in gaps(StoryNotes(), read)]
    assert kinds == ["no_situation", "no_task", "no_action", "no_result", "shows_nothing"]


@pytest.mark.parametrize(
    ("changes", "whole"),
    [({}, True), ({"technology": "", "shows": ()}, True), ({"trade_offs": ""}, False), ({"result": "Good."}, False)],
)
def test_a_whole_story_is_star_with_metrics_and_trade_offs(read, changes: dict[str, object], whole: bool) -> None:
    assert is_complete(gaps(WHOLE.model_copy(update=changes), read)) == whole


def test_a_gap_quotes_what_it_is_about(read) -> None:
    found = gaps(WHOLE.model_copy(update={"action": f"The plan was clear. {ACTION.replace('I ', 'we ')}"}), read)
    assert [gap.quote for gap in found] == [
        "First we mapped every call between the teams and measured the slowest one."
    ]


# --- from a telling ----------------------------------------------------------------------------------------

TOLD = """Hi, thanks for having me. At my last company our payments platform failed at every peak.
My job was to get five teams to a stable release by the end of the quarter.
First I, um, mapped all the dependencies with the leads. Then I wrote a rollback plan.
As a result we launched on time, and the error rate dropped by 40%."""


def test_a_telling_fills_the_parts_with_its_own_words(read) -> None:
    told = notes_of_telling(read(TOLD), spoken=True)
    notes = told.notes
    assert notes.situation == "At my last company our payments platform failed at every peak."
    assert "First I, um, mapped all the dependencies with the leads." in notes.action
    assert notes.metrics == "As a result we launched on time, and the error rate dropped by 40%."
    assert notes.spoken == ("situation", "task", "action", "result", "metrics")
    assert told.left_out == ("Hi, thanks for having me.",)
    for field in notes.spoken:
        assert all(line in TOLD.replace("\n", " ") for line in notes.text_of(field).split("\n"))


def test_nothing_that_is_read_from_a_text_is_called_spoken(read) -> None:
    assert notes_of_telling(read(TOLD), spoken=False).notes.spoken == ()


def test_what_was_not_told_stays_and_what_was_told_is_new() -> None:
    kept = filled_from(WHOLE, StoryNotes(task="I had to move it.", spoken=("task",), shows=("dive-deep",)))
    assert kept == WHOLE.model_copy(
        update={"task": "I had to move it.", "spoken": ("task",), "shows": ("ownership", "dive-deep")}
    )


def test_edited_words_are_not_spoken_words_any_more() -> None:
    notes = StoryNotes(task="um I moved it", action="I did", spoken=("task", "action"))
    assert with_field(notes, "task", " um I moved it ").spoken == ("task", "action")
    assert with_field(notes, "task", "I moved it.").spoken == ("action",)
    with pytest.raises(ValueError, match="20,001 characters"):
        with_field(notes, "task", "x" * (LONGEST_NOTE + 1))


# --- from headings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "# Kafka\n\n## Situation\nIt failed.\n\n## Actions\n- I fixed it.",
            {"situation": "It failed.", "action": "- I fixed it."},
        ),
        (
            "Situation: It failed.\nAt peak.\nRESULT: 40% less",
            {"situation": "It failed.\nAt peak.", "result": "40% less"},
        ),
        ("**Trade-offs:** time for cost\n**Metrics**\n40%", {"trade_offs": "time for cost", "metrics": "40%"}),
        ("Task\nMove it.\nActions speak louder than words.", {"task": "Move it.\nActions speak louder than words."}),
        ("Situation:", {}),
    ],
)
def test_headings_name_the_parts(text: str, expected: dict[str, str]) -> None:
    headed = notes_of_headings(text)
    assert headed is not None
    assert headed.notes == StoryNotes(**expected)


@pytest.mark.parametrize(
    "text", ["", "A story without headings.", "Results were good.", "\N{BULLET} action, then more"]
)
def test_a_text_without_headings_has_none(text: str) -> None:
    assert notes_of_headings(text) is None


def test_names_of_what_it_shows_and_lines_before_are_given_back() -> None:
    headed = notes_of_headings(
        "# Kafka\nlast changed in May\n## Task\nMove it.\n## Shows\n- Ownership\n- dive deep, frugality"
    )
    assert headed is not None
    assert headed.shows == ("Ownership", "dive deep", "frugality")
    assert headed.left_out == ("# Kafka", "last changed in May")


def test_a_part_that_is_too_long_is_told() -> None:
    with pytest.raises(ValueError, match="task has"):
        notes_of_headings(f"## Task\n{'x' * (LONGEST_NOTE + 1)}")
