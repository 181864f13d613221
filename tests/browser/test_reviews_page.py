"""The reviews in a real browser: found, heard, compared, deleted, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import accessible
from tests.browser.interview_pages import Desktop, desktop
from tests.browser.test_review_page import MARKUP, STORY, word_starts
from tests.browser.waiting import until
from tests.interview.test_mentor_reviews import sent
from tests.interviews import STARTED, fixture_answer, keep, spoken_answer
from voicemock.models import Session, Story, hash_of_transcript
from voicemock.store.store import Store

SHORT = spoken_answer("Um, our launch was late. So I cut the scope by forty percent.", position=2)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[tuple[Desktop, Session]]:
    """A server with three sessions: one of three answers, another take of its first, a story. No page may complain."""
    folder: Path = tmp_path_factory.mktemp("reviews")
    skipped = STORY.model_copy(update={"position": 3, "status": "skipped", "assessment": None, "audio_file": None})
    session = keep(folder / "data", STORY, fixture_answer("triage-answer", 2), skipped)
    keep(folder / "data", spoken_answer(f"I said {MARKUP} and then we shipped it."), SHORT)
    told = spoken_answer("Our launch was late. So I cut the scope.").model_copy(update={"question": None})
    with Store(folder / "data") as store:
        story = store.sessions.start(None, "0.1.0", STARTED, Story.named(MARKUP[:60]))
        store.sessions.add_answer(story, told.model_copy(update={"audio_file": None}))
    with desktop(folder, browser) as here:
        yield here, session
    assert [told for told in here.complaints if not re.search("a status of 4(00|22)", told)] == []
    assert [url for url in here.requests if not url.startswith((here.url.split("/?")[0], "data:"))] == []


def opened(here: Desktop, path: str, **options: object) -> Page:
    page = here.page(**options)
    page.goto(f"{here.url.split('/?')[0]}{path}")
    return page


def test_a_word_that_is_clicked_is_heard_there(kept: tuple[Desktop, Session]):
    here, session = kept
    page = here.page()
    page.get_by_role("link", name="Reviews").click()
    page.locator(f'.sessions a[href="/sessions/{session.id}"]').click()
    expect(page.locator("#answer-1 audio")).to_be_visible()
    until(page, "document.querySelector('audio').readyState >= 1")
    page.locator('#answer-1 .w[data-w="300"]').first.click()
    until(page, f"document.querySelector('audio').currentTime >= {word_starts()[300] - 0.02}")
    until(page, "!document.querySelector('audio').paused")
    expect(page.locator("#answer-1 .w[aria-current]").first).to_be_visible()
    assert page.evaluate("Chart.getChart(document.querySelector('canvas')).data.datasets[0].data.length") > 2
    page.locator("#debrief details summary").first.click()
    page.locator("#debrief table a.source").first.click()
    assert page.url.endswith("#answer-1")


def test_what_was_said_is_found_by_keyboard_and_heard(kept: tuple[Desktop, Session]):
    here, session = kept
    page = opened(here, "/sessions")
    page.get_by_label("Search everything you said").fill('"payment platform"')
    page.keyboard.press("Enter")
    found = page.locator(".hits a").first
    expect(page.locator("mark.found").first).to_have_text("payment platform")
    found.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#answer-1 .transcript")).to_be_focused()
    assert page.url.split("/sessions/")[1].startswith(f"{session.id}?at=")
    at_s = float(page.url.split("?at=")[1].split("#")[0])
    until(page, f"Math.abs(document.querySelector('audio').currentTime - {at_s}) < 0.02")
    expect(page.locator("#answer-1 .w[aria-current]").first).to_be_in_viewport()
    assert page.evaluate("document.querySelector('audio').paused")
    page.keyboard.press("Enter")
    until(page, "!document.querySelector('audio').paused")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible_and_fits(kept: tuple[Desktop, Session], scheme: str):
    here, _ = kept
    page = here.page(color_scheme=scheme, reduced_motion="reduce")
    server = here.url.split("/?")[0]
    with Store(here.server.settings.data_dir) as store:
        short = next(each.id for each in store.overviews.sessions() if each.answers == 2)  # axe looks at every word
    for path in (
        "/sessions?gone",
        f"/sessions/{short}",
        f"/sessions/{short}/debrief",
        f"/sessions/{short}/delete",
        "/sessions/compare",
        "/sessions/compare?name=nothing",
        "/search?q=the&since=2026-01-01",
    ):
        page.goto(f"{server}{path}")
        page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
        accessible(page)
        for width in (768, 390, 320) if scheme == "light" else ():
            page.set_viewport_size({"width": width, "height": 800})
            until(page, f"document.documentElement.scrollWidth <= {width}")  # a chart follows a frame later


def test_what_was_said_and_named_stays_text(kept: tuple[Desktop, Session]):
    here, _ = kept
    page = opened(here, "/sessions")
    server = here.url.split("/?")[0]
    links = page.locator(".sessions a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    for path in ("/sessions", "/search?q=onerror", *links):
        page.goto(f"{server}{path}")
        assert page.title().endswith("voicemock")
        assert page.locator("main img, main script:not([type='application/json']), [http-equiv=refresh]").count() == 0
        assert page.url == f"{server}{path}"


def test_an_answer_is_deleted_by_keyboard_after_a_question(kept: tuple[Desktop, Session]):
    here, _ = kept
    gone = keep(here.server.settings.data_dir, spoken_answer("This goes."), spoken_answer("This stays.", position=2))
    page = opened(here, f"/sessions/{gone.id}")
    page.get_by_role("link", name="Delete answer 1").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Delete answer 1 of session {gone.id}?")).to_be_visible()
    page.get_by_role("link", name="Keep it").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#answer-1")).to_be_in_viewport()
    page.get_by_role("link", name="Delete answer 1").click()
    page.get_by_role("button", name="Delete it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("It has been deleted.")
    expect(page.locator("article.answer")).to_have_count(1)


def test_an_export_is_downloaded(kept: tuple[Desktop, Session]):
    here, session = kept
    page = opened(here, f"/sessions/{session.id}")
    page.get_by_text("Export or delete").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Recordings (FLAC)").click()
    assert download.value.suggested_filename == f"{session.id}-audio.zip"


def test_a_mentors_file_is_taken_and_shown_and_another_is_told(kept: tuple[Desktop, Session]):
    here, session = kept
    page = opened(here, f"/sessions/{session.id}")
    page.get_by_text("Let someone else review it").click()
    chooser = page.get_by_label("The file that they sent back")
    chooser.set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": b"{}"})
    expect(page.locator("[data-import] .told")).to_contain_text("x.json is not a review")
    said = {"start_char": 0, "end_char": 3, "text": f"Begin here. {MARKUP}"}
    text = STORY.assessment.transcript.text  # type: ignore[union-attr]
    content = sent(session, comments=[said], transcript_sha256=hash_of_transcript(text))
    chooser.set_input_files({"name": "review.json", "mimeType": "application/json", "buffer": content})
    expect(page.locator(".banner")).to_have_text("The review is saved with the answers it is about.")
    expect(page.locator("#answer-1 .comments li")).to_contain_text("Begin here.")
    expect(page.locator("#debrief")).to_contain_text("Dana Fox, answer 1")
    assert page.title() != "owned"
    accessible(page)
