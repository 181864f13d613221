"""Links: every command that advice names has a page that does the same, and the page takes it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.interviews import bank
from tests.practice.test_plan import HABITS, planned, state_of
from tests.progresses import measured, take
from voicemock.content.styles import load_style
from voicemock.models import Story
from voicemock.practice.progress import next_steps
from voicemock.web.choice import Choice
from voicemock.web.links import page_of, pages_named, story_address, telling_address


@pytest.mark.parametrize(
    ("command", "address"),
    [
        ("voicemock practice", "/interview"),
        (
            "voicemock practice --pillar program-sense --takes 2",
            "/interview?pillar=program_sense&takes=2",
        ),
        ("voicemock practice --framework pitch --count 1", "/interview?framework=pitch&count=1"),
        ("voicemock practice --loop amazon --minutes 90", "/interview?loop=amazon&minutes=90"),
        (
            "voicemock practice --question failed-program --follow-ups 1",
            "/interview?question=failed-program&follow_ups=1",
        ),
        ("voicemock practice --seed 3", None),
        ("voicemock practice --count", None),
        ("voicemock time 'Kafka migration'", "/interview?story=Kafka+migration"),
        ("voicemock time", None),
        ("voicemock time 'Bob'\"'\"'s & <b>'", "/interview?story=Bob%27s+%26+%3Cb%3E"),
        ("voicemock stories add --guided", "/stories/new_story"),
        (
            "voicemock stories add 'Story of dive deep' --shows dive-deep",
            "/stories/new_story?name=Story+of+dive+deep&shows=dive-deep",
        ),
        ("voicemock show 20261124-091500-7f3a/2", "/sessions/20261124-091500-7f3a#answer-2"),
        ("voicemock show 20261124-091500-7f3a", "/sessions/20261124-091500-7f3a"),
        ("voicemock debrief", "/sessions/last/debrief"),
        ("voicemock reanalyze --all", None),
        ("rm -rf /", None),
        ("voicemock time 'open", None),
        ("", None),
        (None, None),
    ],
)
def test_a_command_has_its_page(command: str | None, address: str | None):
    assert page_of(command) == address


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("There is no job 'x'. Add it with: voicemock job add NAME --description FILE", ["/jobs/new"]),
        ("There is no story 'x'. See: voicemock stories list", ["/stories"]),
        ("There is no question 'x'. `voicemock questions` lists them all.", ["/questions"]),
        ("There is no session 'x'. See: voicemock sessions", ["/sessions"]),
        ("The disk is full.", []),
    ],
)
def test_a_message_leads_to_the_page_of_a_command_that_it_names(text: str, addresses: list[str]):
    assert list(pages_named(text)) == addresses


@pytest.mark.parametrize("name", ["Kafka migration", "Überfall", "C++ & Rust", "new story", "\N{KATAKANA LETTER KA}"])
def test_a_story_has_an_address_that_finds_it(name: str):
    assert Story.named(name).slug
    assert story_address(name).isascii()
    assert dict(parse_qsl(urlsplit(telling_address(name)).query)) == {"story": name}


STATES = {
    "beginner": state_of(),
    "habits": state_of(HABITS),
    "stories": state_of([take(days, story="Late vendor's") for days in (3.0, 9.0)], untold=("Outage",)),
    "uncovered": state_of(HABITS, uncovered=("ownership", "dive-deep")),
    "no loop": state_of(loop=None),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("days", [0, 2, 12, 90])
def test_every_item_of_a_plan_starts_what_it_names(state: str, days: int):
    for block in planned(days, STATES[state], minutes_per_day=30).blocks:
        for item in block.items:
            starts(item.command)


def starts(command: str | None) -> None:
    """An address that starts an interview is taken by the page, and makes an agenda."""
    address = page_of(command)
    assert address is not None, command
    parts = urlsplit(address)
    if parts.path == "/interview":
        Choice.model_validate(dict(parse_qsl(parts.query))).agenda(bank(), load_style("neutral"))


def test_every_step_of_the_progress_starts_what_it_names():
    state = STATES["habits"]
    takes = [take(60.0 + number, measured(), story=None) for number in range(6)] + [take(80.0, story="Kafka")]
    found = next_steps(
        state.progress.sections, takes, state.frameworks, takes[0].recorded_at + timedelta(days=99), True
    )
    assert found
    for step in found:
        starts(step.command)
