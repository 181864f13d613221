"""The stories in the page: written, begun with a text or an answer, linked, deleted; and nothing typed is lost."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from html import unescape
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.interviews import STARTED, fixture_answer, keep
from tests.practice.stories.test_notes import HEARD
from tests.web.conftest import OpenServer
from tests.web.notes import scripted_measures
from tests.web.stages import ORIGIN, Server
from tests.web.test_progress_view import HOSTILE, text_of
from voicemock.errors import StorageError
from voicemock.models import LONGEST_NOTE, NOTE_FIELDS, Story, StoryNotes, transcript_of_text
from voicemock.store.store import Store

NEW = "/stories/new_story"
EDIT = "/stories/kafka-migration/edit"
WRITTEN = {
    "name": "Kafka migration",
    "situation": "It failed at every peak.",
    "task": "My job was to fix it by March.",
    "shows": "Dive Deep, ownership",
}


class Pages:
    """The pages of a server, and what is kept behind them."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.client: TestClient = server.client()

    def get(self, path: str) -> httpx2.Response:
        return self.client.get(path)

    def post(self, path: str, **given: str) -> httpx2.Response:
        return self.client.post(path, headers={"origin": ORIGIN}, data=given)

    def seen(self, path: str = EDIT) -> str:
        return re.findall(r'name="seen" value="([^"]*)"', self.get(path).text)[0]

    @property
    def stories(self) -> dict[str, StoryNotes]:
        with Store(self.server.settings.data_dir) as store:
            return {banked.story.name: banked.notes for banked in store.stories.banked()}


@pytest.fixture
def pages(open_server: OpenServer, monkeypatch: pytest.MonkeyPatch) -> Pages:
    monkeypatch.setattr("voicemock.web.story_shelf.notes_reader", lambda settings, bank: scripted_measures())
    return Pages(open_server())


@pytest.fixture
def kept(pages: Pages) -> Pages:
    """A story is kept."""
    assert pages.post(NEW, **WRITTEN).status_code == 303
    return pages


# --- writing ------------------------------------------------------------------------------------------------


def test_a_story_is_written_and_shown_with_what_it_lacks(pages: Pages):
    assert "No story yet." in pages.get("/stories").text
    saved = pages.post(NEW, **WRITTEN | {"situation": "It failed.\r\nAt every peak."})
    assert saved.headers["location"] == "/stories/kafka-migration?kept"
    notes = pages.stories["Kafka migration"]
    assert (notes.situation, notes.shows) == ("It failed.\nAt every peak.", ("dive-deep", "ownership"))
    shown = text_of(pages.get(saved.headers["location"]).text)
    for said in ("Kept.", "Write the action: what you decided and did", "dive deep", "Practice this story"):
        assert said in shown
    listed = text_of(pages.get("/stories").text)
    assert "0 of 3 stories are complete." in listed
    assert "Missing in the notes: action, result" in listed


def test_a_story_of_any_name_has_a_page(pages: Pages):
    for name in ("new story", "Überfall & Co", "delete", "42", "a/b"):
        address = pages.post(NEW, name=name, task="I led it.").headers["location"]
        assert f"<h1>{name.replace('&', '&amp;')}</h1>" in pages.get(address).text


def test_another_spelling_of_the_name_leads_there(kept: Pages):
    assert kept.get("/stories/KafkaMigration").headers["location"] == "/stories/kafka-migration"
    missing = kept.get("/stories/kafka-migratoin")
    assert missing.status_code == 404
    assert "Did you mean 'Kafka migration'" in text_of(missing.text)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "is not a name for a story"),
        ({"name": "?!"}, "is not a name for a story"),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"shows": "ownershp"}, "Did you mean ownership"),
        ({"action": "y" * (LONGEST_NOTE + 1)}, "action has 20,001 characters; at most 20,000 are kept."),
        ({"name": "", "shows": "magic", "task": "z" * 20_001}, "There is no competency 'magic'"),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_in_the_form(pages: Pages, changes: dict[str, str], told: str):
    given = WRITTEN | changes
    refused = pages.post(NEW, **given)
    assert refused.status_code == 422
    assert told in text_of(refused.text)
    assert all(text in unescape(refused.text) for text in given.values())
    assert 'data-unsaved="yes"' in refused.text
    assert pages.stories == {}


def test_a_disk_that_is_full_loses_nothing(kept: Pages, monkeypatch: pytest.MonkeyPatch):
    seen = kept.seen()

    def full(*_: object) -> bool:
        raise StorageError("The disk is full. Free some space and try again.")

    monkeypatch.setattr("voicemock.store.stories.Stories.keep_notes_if_unchanged", full)
    refused = kept.post(EDIT, **WRITTEN, seen=seen, action="I mapped it all.")
    assert refused.status_code == 500
    assert "The disk is full." in refused.text
    assert "I mapped it all.</textarea>" in refused.text


def test_a_name_that_is_taken_is_told_and_nothing_is_written_over(kept: Pages):
    refused = kept.post(NEW, name="kafka migration", action="Another story.")
    assert refused.status_code == 409
    assert "There is already a story of this name" in refused.text
    assert "Another story.</textarea>" in refused.text
    assert kept.stories["Kafka migration"].action == ""


# --- editing ------------------------------------------------------------------------------------------------


def test_an_edit_begins_with_what_is_there(kept: Pages):
    form = kept.get(EDIT).text
    assert "It failed at every peak.</textarea>" in form
    assert 'value="dive-deep, ownership"' in form
    assert kept.post(EDIT, **WRITTEN, seen=kept.seen(), result="40% faster.").status_code == 303
    assert kept.stories["Kafka migration"].result == "40% faster."


@pytest.mark.parametrize(
    "text", ["First.\n\n- Second.\n  Third.", "a\tb \u202e \u200b c", "\nbegins late", "<b> &amp; \u00e9"]
)
def test_a_text_comes_back_to_the_letter(kept: Pages, text: str):
    kept.post(EDIT, **WRITTEN | {"situation": text}, seen=kept.seen())
    (shown,) = re.findall(r'<textarea id="situation"[^>]*>\n([^<]*)</textarea>', kept.get(EDIT).text)
    assert unescape(shown) == text.strip() == kept.stories["Kafka migration"].situation
    assert text_of(kept.get("/stories/kafka-migration").text)


def test_of_two_tabs_the_later_one_is_told_and_keeps_its_text(kept: Pages):
    first = second = kept.seen()
    assert kept.post(EDIT, **WRITTEN | {"task": "Mine, first."}, seen=first).status_code == 303
    late = WRITTEN | {"task": "Mine, second.", "shows": "ownership"}
    told = kept.post(EDIT, **late, seen=second)
    assert told.status_code == 409
    text = text_of(told.text)
    assert "has changed elsewhere since you opened it here" in text
    assert "The other version: Mine, first." in text
    assert "The other version: dive-deep, ownership" in text
    assert "Mine, second.</textarea>" in told.text
    assert kept.stories["Kafka migration"].task == "Mine, first."
    seen = re.findall(r'name="seen" value="([^"]*)"', told.text)[0]
    assert kept.post(EDIT, **late, seen=seen).status_code == 303
    assert kept.stories["Kafka migration"].task == "Mine, second."


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-01-01T00:00:00+00:00"])
def test_a_form_that_saw_something_else_does_not_write_over(kept: Pages, seen: str):
    assert kept.post(EDIT, **WRITTEN | {"task": "Late."}, seen=seen).status_code == 409
    assert kept.stories["Kafka migration"].task == WRITTEN["task"]


def test_a_story_that_was_deleted_meanwhile_can_be_kept_again(kept: Pages):
    seen = kept.seen()
    kept.post("/stories/kafka-migration/delete")
    told = kept.post(EDIT, **WRITTEN, seen=seen, action="I mapped it all.")
    assert told.status_code == 409
    assert "was deleted elsewhere" in told.text
    assert f'action="{NEW}"' in told.text
    assert kept.post(NEW, **WRITTEN, seen="", action="I mapped it all.").status_code == 303
    assert kept.stories["Kafka migration"].action == "I mapped it all."


# --- begun with something --------------------------------------------------------------------------------------


LAUNCHED = "As a result we launched on time, and the error rate dropped by 40%."
HEADED = "# Kafka\n## Situation\nIt failed.\n## Result\n40% faster.\n## Shows\nFrugality"


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (HEADED, {"situation": "It failed.", "result": "40% faster."}),
        (" ".join(list(HEARD)[3:]), {"result": LAUNCHED, "action": list(HEARD)[5]}),
        (f"WEBVTT\n\n00:01.000 --> 00:04.000\n{LAUNCHED}", {"result": LAUNCHED}),
    ],
    ids=["headings", "sentences", "captions"],
)
def test_a_text_is_sorted_into_the_parts_and_nothing_is_kept_yet(pages: Pages, text: str, fields: dict[str, str]):
    sorted_ = pages.post(f"{NEW}/filled", **WRITTEN | {"situation": "Typed before."}, text=text, **{"from": "text"})
    assert sorted_.status_code == 200
    assert "None of this is kept until you save it." in sorted_.text
    for field, told in fields.items():
        assert re.search(rf'<textarea id="{field}"[^>]*>\n{re.escape(told)}</textarea>', unescape(sorted_.text))
    assert "Typed before." in sorted_.text
    assert 'value="Kafka migration"' in sorted_.text
    assert pages.stories == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (" \n", "It contains no words."),
        ("## Task\nx\n## Shows\nmagic", "There is no competency 'magic'"),
        ("## Task\n" + "x" * (LONGEST_NOTE + 1), "at most 20,000 are kept"),
    ],
)
def test_a_text_that_cannot_be_sorted_is_told_and_stays(pages: Pages, text: str, told: str):
    refused = pages.post(f"{NEW}/filled", **WRITTEN, text=text, **{"from": "text"})
    assert refused.status_code == 422
    assert told in text_of(refused.text)
    assert text.strip() in unescape(refused.text)
    assert WRITTEN["situation"] in refused.text


def test_an_answer_becomes_a_story_in_its_own_words(pages: Pages):
    session = keep(pages.server.settings.data_dir, fixture_answer("strong-story"))
    name = f"{session.id}/1"
    assert f'<option value="{name}">' in pages.get(NEW).text
    filled = pages.post(f"{NEW}/filled", **WRITTEN, answer=name, **{"from": "answer"})
    assert filled.status_code == 200
    said = fixture_answer("strong-story").assessment
    assert said is not None
    texts = dict(re.findall(r'<textarea id="(\w+)"[^>]*>\n([^<]*)</textarea>', unescape(filled.text)))
    told = {field: text for field, text in texts.items() if field in NOTE_FIELDS and text in said.transcript.text}
    assert pages.post(NEW, **WRITTEN | texts | {"answer": name}).status_code == 303
    notes = pages.stories["Kafka migration"]
    assert set(notes.spoken) <= set(told)
    assert all(notes.text_of(field) == text for field, text in told.items())


@pytest.mark.parametrize("answer", ["", "last/9", "nothing/1", HOSTILE])
def test_an_answer_that_is_not_there_is_told(pages: Pages, answer: str):
    keep(pages.server.settings.data_dir, fixture_answer("strong-story"))
    refused = pages.post(f"{NEW}/filled", **WRITTEN, answer=answer, **{"from": "answer"})
    assert refused.status_code == 422
    assert WRITTEN["situation"] in refused.text
    assert "<img" not in refused.text


def test_a_take_fills_the_notes_and_what_it_replaces_stays_in_sight(kept: Pages):
    text = " ".join(list(HEARD)[3:])
    with Store(kept.server.settings.data_dir) as store:
        session = store.sessions.start(None, "0.1.0", STARTED, Story.named("Kafka migration"))
        answer = fixture_answer("strong-story")
        assert answer.assessment is not None
        said = answer.assessment.model_copy(update={"transcript": transcript_of_text(text)})
        store.sessions.add_answer(session, answer.model_copy(update={"question": None, "assessment": said}))
        store.sessions.end(session, STARTED)
    shown = kept.get("/stories/kafka-migration").text
    address = f"{EDIT}?answer={session.id}/1"
    assert address in shown
    form = kept.get(address).text
    assert "Until now" in form
    assert "It failed at every peak." in form
    assert "as you told it" in form
    texts = dict(re.findall(r'<textarea id="(\w+)"[^>]*>\n([^<]*)</textarea>', unescape(form)))
    assert texts["result"] == LAUNCHED
    given = WRITTEN | texts | {"task": "My own words."}
    assert kept.post(EDIT, **given, seen=kept.seen(), answer=f"{session.id}/1").status_code == 303
    notes = kept.stories["Kafka migration"]
    assert "task" not in notes.spoken
    assert {"situation", "action", "result"} <= set(notes.spoken)


# --- links, coverage, deletion ---------------------------------------------------------------------------------


def test_links_are_made_and_taken_back(kept: Pages):
    path = "/stories/kafka-migration/shows"
    assert kept.post(path, add="Frugality").status_code == 303
    assert kept.stories["Kafka migration"].shows == ("dive-deep", "ownership", "frugality")
    assert kept.post(path, remove="ownership").status_code == 303
    assert kept.stories["Kafka migration"].shows == ("dive-deep", "frugality")
    for given in ({"add": "ownershp"}, {"remove": "ownership"}, {"add": HOSTILE}):
        refused = kept.post(path, **given)
        assert refused.status_code == 422
        assert "<img" not in refused.text
    assert "It is not linked to ownership. It is linked to: dive-deep, frugality." in text_of(
        kept.post(path, remove="ownership").text
    )


def test_coverage_names_gaps_and_the_story_to_tell_next(kept: Pages):
    shown = kept.get("/stories?company=amazon").text
    assert re.search(r"\d+ of \d+ are shown by a story", shown)
    assert 'Tell next: <a href="/interview?story=Kafka+migration">Kafka migration</a>' in shown
    assert '<span class="quiet">no story</span>' in shown
    unknown = kept.get("/stories?company=amazno")
    assert unknown.status_code == 404
    assert "Did you mean amazon" in unknown.text


@pytest.mark.parametrize("company", ["amazon", "google", "nvidia", "stripe", "tpm"])
def test_every_company_can_be_chosen(pages: Pages, company: str):
    assert f'value="{company}"' in pages.get("/stories").text
    assert pages.get(f"/stories?company={company}").status_code == 200


def test_deleting_asks_and_keeps_the_takes_unless_told(kept: Pages):
    with Store(kept.server.settings.data_dir) as store:
        session = store.sessions.start(None, "0.1.0", STARTED, Story.named("Kafka migration"))
        store.sessions.end(session, STARTED)
    path = "/stories/kafka-migration/delete"
    asked = text_of(kept.get(path).text)
    assert "Delete the notes of 'Kafka migration'? This cannot be undone." in asked
    assert "Delete its recordings too (1 take)?" in asked
    assert "Kafka migration" in kept.stories
    assert kept.post(path).headers["location"] == "/stories?gone=notes"
    assert kept.stories["Kafka migration"].is_empty
    assert kept.post(path, takes="yes").headers["location"] == "/stories?gone=all"
    assert kept.stories == {}
    assert kept.get(path).status_code == 404


# --- hostile -----------------------------------------------------------------------------------------------------


def test_markup_in_every_field_is_text(pages: Pages):
    given: dict[str, Any] = {field: f"{HOSTILE} </textarea>{HOSTILE} {field}" for field in NOTE_FIELDS}
    for shown in (
        pages.post(NEW, **given, name=HOSTILE, shows=HOSTILE, text=HOSTILE, answer=HOSTILE, seen=HOSTILE),
        pages.post(f"{NEW}/filled", **given, name=HOSTILE, text=HOSTILE, **{"from": "text"}),
        pages.get(f"{NEW}?name={HOSTILE}&shows={HOSTILE}"),
        pages.get(f"/stories?company={HOSTILE}&gone={HOSTILE}"),
    ):
        assert "<img" not in shown.text
    address = pages.post(NEW, **given, name=HOSTILE).headers["location"].partition("?")[0]
    for path in (address, f"{address}/edit", f"{address}/delete", "/stories", "/stories?company=amazon", "/plan"):
        shown = pages.get(path)
        assert shown.status_code == 200
        assert "<img" not in shown.text
        assert "&lt;img" in shown.text or path == "/plan"


@pytest.mark.parametrize("path", [NEW, EDIT, f"{NEW}/filled", "/stories/kafka-migration/delete"])
def test_no_other_page_writes_a_story(kept: Pages, path: str):
    refused = kept.client.post(path, headers={"origin": "http://evil.example"}, data=WRITTEN)
    assert refused.status_code == 403
    assert list(kept.stories) == ["Kafka migration"]


def test_the_page_tells_what_the_store_cannot_read(pages: Pages):
    with Store(pages.server.settings.data_dir) as store:
        store.stories.keep_notes(Story.named("Kafka"), StoryNotes(), datetime.now(UTC))
    with closing(sqlite3.connect(pages.server.settings.data_dir / "voicemock.db")) as connection, connection:
        connection.execute("UPDATE story_notes SET document = '[]'")
    shown = pages.get("/stories")
    assert shown.status_code == 500
    assert "the notes of the story 'Kafka' cannot be read" in text_of(shown.text)
