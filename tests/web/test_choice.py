"""What can be practiced in the page: questions, loops, jobs and stories, and what comes of each."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes import Script, quiet, says
from tests.web.conftest import OpenServer
from tests.web.stages import OWN, PageOnALine, Server
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import load_style
from voicemock.models import Job, Story, StoryNotes
from voicemock.practice.jobs import probe_topics, questions_for
from voicemock.store.jobs import JobShelf
from voicemock.store.store import Store
from voicemock.web.choice import Choice

TELLING = Script(quiet(0.6), says("our launch was late so I cut the scope and we shipped on time", 9), quiet(10))
POSTING = "We need a technical program manager for Kafka migrations, vendors and reliability."


@pytest.fixture
def acme(open_server: OpenServer) -> Server:
    """A server whose user keeps a job, and has written a story down."""
    server = open_server(TELLING)
    JobShelf(server.settings.data_dir).keep(job())
    with Store(server.settings.data_dir) as store:
        store.stories.keep_notes(Story.named("Kafka migration"), StoryNotes(task="Move it."), datetime.now(UTC))
    return server


def job() -> Job:
    return Job.named("Acme", description=POSTING, notes="", company="acme", added_at=datetime(2026, 11, 1, tzinfo=UTC))


def begun(server: Server, **choice: Any) -> PageOnALine:
    with server.client().websocket_connect("/interview/line", headers=OWN) as socket:
        page = PageOnALine(socket, begins=True)
        page.say(type="start", choice=choice)
        page.say(type="microphone", name="headset")
        page.until("listen")
        page.speak(TELLING)
        page.until("assessed")
        page.say(type="press", command="quit")
        page.until("finished")
        return page


def test_a_job_chooses_the_questions_and_the_follow_ups(acme: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    opens = acme.stage._opens

    def open_noting(settings: Any, **options: Any) -> Any:
        given.update(options)
        return opens(settings, **options)

    monkeypatch.setattr(acme.stage, "_opens", open_noting)
    begun(acme, job="acme")
    likely = {question.id for question in questions_for(job(), acme.bank, count=60, seed=0)}
    assert {item.question.id for item in given["agenda"].items} <= likely
    assert given["topics"] == probe_topics(job())


@pytest.mark.parametrize(("chosen", "level"), [({"level": "staff"}, "staff"), ({}, "mid")])
def test_a_level_is_chosen_or_that_of_the_settings(
    open_server: OpenServer, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, str], level: str
) -> None:
    server = open_server(TELLING)
    given: dict[str, Any] = {}
    opens = server.stage._opens

    def open_noting(settings: Any, **options: Any) -> Any:
        given.update(options, level=settings.level)
        return opens(settings, **options)

    monkeypatch.setattr(server.stage, "_opens", open_noting)
    monkeypatch.setattr(server.stage, "_settings", server.settings.model_copy(update={"level": "mid"}))
    begun(server, pillar="behavioral", count=2, **chosen)
    assert {item.question.level for item in given["agenda"].items} == {level}
    assert given["level"] == level


def test_a_whole_day_for_a_job_asks_its_questions_first() -> None:
    bank, style = QuestionBank.load(), load_style()
    with_job = Choice(loop="tpm", job="acme").agenda(bank, style, job())
    assert with_job.loop == "tpm"
    preferred = [question.id for question in questions_for(job(), bank)][:100]
    assert {item.question.id for item in with_job.items} & set(preferred)


@pytest.mark.parametrize(
    "chosen",
    [
        {"loop": "tpm", "question": "failed-program"},
        {"pillar": "behavioral", "job": "acme"},
        {"story": "Kafka", "job": "acme"},
        {"story": "Kafka", "question": "failed-program"},
        {"story": ""},
    ],
)
def test_what_does_not_go_together_is_refused(chosen: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Choice.model_validate(chosen)


def test_a_story_is_told_and_timed_part_by_part(acme: Server) -> None:
    page = begun(acme, story="kafka-migration")
    cue = next(event for event in page.events if event["type"] == "question")
    assert (cue["kind"], cue["text"]) == ("story", "Kafka migration")
    first = next(event for event in page.events if event["type"] == "assessed")
    assert first["clock_title"] == "The clock"
    assert [row[0] for row in first["clock"]][-2:] == ["The rest", "Total"]
    assert (first["since_title"], first["since_last"]) == ("", [])
    again = next(event for event in begun(acme, story="KAFKA MIGRATION").events if event["type"] == "assessed")
    assert re.fullmatch(r"Since take 1 \(\d\d \w+, \d\d:\d\d\)", again["since_title"])
    assert again["since_last"][0].startswith("Length")
    with Store(acme.settings.data_dir) as store:
        (story,) = store.overviews.stories()
    assert (story.name, story.takes) == ("Kafka migration", 2)


def test_a_story_of_any_name_can_be_told(acme: Server) -> None:
    begun(acme, story="Vendor <b>rescue</b>")
    with Store(acme.settings.data_dir) as store:
        assert {story.name for story in store.overviews.stories()} == {"Kafka migration", "Vendor <b>rescue</b>"}
    page = acme.client().get("/")
    assert "Vendor &lt;b&gt;rescue" in page.text
    assert "<b>rescue" not in page.text


def test_jobs_and_stories_can_be_chosen(acme: Server) -> None:
    text = acme.client().get("/").text
    assert 'href="/interview?job=acme"' in text
    assert 'href="/interview?story=kafka-migration"' in text
    assert "not told yet" in text


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("job=acme", 200, "3 questions, for Acme"),
        ("loop=tpm&job=acme", 200, ", for Acme"),
        ("question=failed-program&job=acme", 200, "One question, for Acme, then feedback."),
        ("story=kafka%20migration", 200, "Kafka migration"),
        ("story=New%20one", 200, "New one"),
        ("job=nobody", 404, "There is no such interview."),
        ("story=%3F%3F", 400, "'??' is not a name for a story"),
        ("job=%3F%3F", 400, "'??' is not a name for a job"),
        ("story=" + "x" * 101, 400, "at most 100 characters"),
        ("story=x&job=acme", 404, "There is no such interview."),
    ],
)
def test_a_choice_says_what_will_come(acme: Server, query: str, status: int, told: str) -> None:
    reply = acme.client().get(f"/interview?{query}")
    assert reply.status_code == status
    assert told in html.unescape(re.sub(r"<[^>]+>", " ", reply.text))


def test_a_job_that_is_gone_by_then_is_told(acme: Server) -> None:
    with acme.client().websocket_connect("/interview/line", headers=OWN) as socket:
        page = PageOnALine(socket, begins=True)
        page.say(type="start", choice={"job": "acne"})
        assert "Did you mean acme?" in page.until("finished")["problem"]


@pytest.mark.parametrize(
    ("setting", "chosen", "asks"), [(None, {}, None), (None, {"second_opinion": True}, True), (True, {}, True)]
)
def test_a_second_opinion_is_asked_for_as_the_setting_says_unless_it_was_chosen(
    open_server: OpenServer, monkeypatch: pytest.MonkeyPatch, setting: bool | None, chosen: dict[str, bool], asks: Any
) -> None:
    server = open_server(TELLING, second_opinion=setting)
    given: list[Any] = []
    opens = server.stage._opens

    def open_noting(settings: Any, **options: Any) -> Any:
        given.append(settings.second_opinion)
        return opens(settings, **options)

    monkeypatch.setattr(server.stage, "_opens", open_noting)
    begun(server, question="failed-program", **chosen)
    assert given == [asks]
