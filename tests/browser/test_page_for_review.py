"""The page for a reviewer in a real browser: comments by mouse and keyboard, ratings, and the file that is imported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import accessible
from tests.browser.conftest import Open
from tests.commands import voicemock
from tests.interviews import fixture_answer, keep, spoken_answer
from voicemock.models import Answer
from voicemock.report.page_for_review import write_for_review
from voicemock.store.store import Store

STORY = fixture_answer("strong-story")
MARKUP = "<img/src=x/onerror=document.title='owned'> I cut it by 40 percent 🙂 with <b>care</b>."


def written(folder: Path, *answers: Answer, embed_audio: bool = False) -> Path:
    session = keep(folder / "data", *answers)
    with Store(folder / "data") as store:
        kept = store.sessions.answers(session)
        to = folder / "page.html"
        return write_for_review(session, kept, store.sessions.folder(session), to=to, embed_audio=embed_audio)


def commented(page: Page, text: str) -> None:
    page.locator(".editor textarea").fill(text)
    page.get_by_role("button", name="Keep").click()


def saved(page: Page, to: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the file").click()
    download.value.save_as(to / download.value.suggested_filename)
    return to / download.value.suggested_filename


def test_what_is_written_on_it_is_saved_imported_and_shown(tmp_path: Path, open_page: Open):
    page = open_page(written(tmp_path, STORY, spoken_answer(MARKUP, position=2)))
    expect(page.locator(".none").first).to_be_visible()
    page.locator('#answer-1 .w[data-w="40"]').first.click()
    commented(page, 'Why "first"? <b>Say</b> it.')
    page.locator("#answer-2 .transcript").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.type("Nice opening")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#answer-2 .comment-on").first.click()
    commented(page, "The whole sentence 🙂")
    page.locator("#answer-2").get_by_role("group", name="Result").get_by_label("4", exact=True).check()
    page.get_by_label("Your name").fill("Dana Fox")
    path = saved(page, tmp_path)
    assert "-dana-fox.json" in path.name
    expect(page.get_by_role("status")).to_contain_text(path.name)
    first, second = json.loads(path.read_text(encoding="utf-8"))["answers"]
    assert (first["position"], second["position"]) == (1, 2)

    data = ("--data-dir", tmp_path / "data")
    told = voicemock("import", path, *data)
    assert told.exit_code == 0, told.output
    assert "3 comments by Dana Fox on answers 1, 2" in told.stdout
    with Store(tmp_path / "data") as store:
        one, two = store.sessions.answers(store.sessions.find())
    words = STORY.assessment.transcript.words  # type: ignore[union-attr]
    (comment,) = one.reviews[0].comments
    assert (comment.quote, comment.start_s) == (words[40].text, words[40].start_s)
    assert comment.text == 'Why "first"? <b>Say</b> it.'
    assert [each.quote for each in two.reviews[0].comments] == [MARKUP.split()[0], MARKUP]
    assert (two.reviews[0].ratings.result, two.reviews[0].ratings.length) == (4, None)
    shown = voicemock("show", *data).stdout
    assert "What others said" in shown
    assert "Nice opening" in shown


def test_a_comment_is_changed_and_taken_back(tmp_path: Path, open_page: Open):
    page = open_page(written(tmp_path, STORY))
    page.locator(".comment-on").nth(1).click()
    commented(page, "first")
    page.get_by_role("button", name="Change").click()
    commented(page, "second")
    expect(page.locator(".comments .text")).to_have_text(["second"])
    page.get_by_role("button", name="Save the file").click()
    expect(page.get_by_role("status")).to_contain_text("Write your name first.")
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Save the file").click()
    expect(page.get_by_role("status")).to_contain_text("nothing to save yet")


@pytest.mark.parametrize("screen", [{}, {"color_scheme": "dark"}, {"width": 320}], ids=["light", "dark", "narrow"])
def test_axe_finds_nothing_and_nothing_is_too_wide(tmp_path: Path, open_page: Open, screen: dict):
    page = open_page(written(tmp_path, STORY, spoken_answer(MARKUP, position=2), embed_audio=True), **screen)
    page.locator(".comment-on").first.click()
    commented(page, "A long word: " + "x" * 200)
    page.locator(".w").nth(5).click()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.title() != "owned"


def test_a_sentence_is_heard(tmp_path: Path, open_page: Open):
    page = open_page(written(tmp_path, STORY, embed_audio=True))
    page.evaluate("document.querySelector('audio').play = () => Promise.resolve()")
    moment = page.locator(".sentence .at").nth(2)
    at = float(moment.get_attribute("data-at") or "nan")
    moment.click()
    assert page.evaluate("document.querySelector('audio').currentTime") == pytest.approx(at, abs=0.01)
