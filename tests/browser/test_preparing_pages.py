"""Jobs, questions, settings and the doctor in a real browser: by the keyboard, on a phone, light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import accessible
from tests.browser.conftest import Launch
from tests.browser.interview_pages import STAGED, Desktop, desktop, is_speaking, microphone_flags, tone
from tests.fakes import ScriptedDetector, ScriptedSynthesizer
from tests.practice.jobs.pdfs import pdf_of
from voicemock.doctor import Check
from voicemock.store.jobs import JobShelf

POSTING = "We need a technical program manager for Kafka migrations, vendors and reliability."
MARKUP = "<img src=x onerror=document.title='owned'>"
PATHS = (
    "/",
    "/jobs",
    "/jobs/new",
    "/jobs/name/acme",
    "/jobs/name/acme/edit",
    "/jobs/name/acme/delete",
    "/log",
    "/log/new",
    "/log/id/2026-11-20-acme/edit",
    "/log/id/2026-11-20-acme/delete",
    "/questions",
    "/questions?words=vendor",
    "/questions/id/failed-program",
    "/questions/new",
    "/settings",
    "/doctor",
    "/interview?job=acme",
    "/interview?story=kafka-migration",
)
CHECKS = (
    Check("data folder", "ok", "/home/somebody/.local/share/voicemock"),
    Check("subject of an answer", "warning", "judged by words alone", 'pip install "voicemock[structure]"'),
    Check("voice", "ok", "piper joe (not played)"),
)


@pytest.fixture(scope="module")
def talking_browser(launch: Launch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    recording = tmp_path_factory.mktemp("microphone") / "tone.wav"
    soundfile.write(recording, tone(), 16_000, subtype="PCM_16")
    browser = launch(microphone_flags(recording))
    yield browser
    browser.close()


@pytest.fixture
def here(tmp_path: Path, talking_browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """A server and its user; at the end no page may have complained, or asked for anything elsewhere."""
    monkeypatch.setattr("voicemock.web.views.doctor.examine_for_page", lambda settings: iter(CHECKS))
    for module in ("voicemock.doctor", "voicemock.interview.listener"):
        monkeypatch.setattr(f"{module}.load_detector", lambda settings: ScriptedDetector())
    monkeypatch.setattr("voicemock.api.load_synthesizer", lambda settings: (ScriptedSynthesizer(), None))
    monkeypatch.setattr("voicemock.api.voice_fingerprint", lambda settings: None)
    with desktop(tmp_path, talking_browser) as here:
        yield here
    assert here.complaints == []
    assert [url for url in here.requests if not url.startswith((here.url.split("/?")[0], "data:"))] == []


def keep_job(page: Page, name: str = "Acme", description: str = POSTING) -> None:
    """Keep a job by the keyboard alone."""
    page.get_by_role("link", name="Jobs").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Add a job").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("What you call it")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Job description")).to_be_focused()
    page.keyboard.insert_text(description)
    page.get_by_role("button", name="Keep it").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)


def note_interview(page: Page) -> None:
    """Note a real interview."""
    visit(page, "/log/new")
    page.get_by_label("Company").fill("Acme")
    page.get_by_label("Day").fill("2026-11-20")
    page.get_by_label("What was asked, one question per line").fill("How do you tell a vice president no?")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("link", name="Practice it")).to_be_visible()


def visit(page: Page, path: str) -> None:
    page.goto(re.sub(r"(//[^/]+)/.*", rf"\1{path}", page.url))


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth"), page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible_and_no_wider_than_a_phone(here: Desktop, scheme: str):
    page = here.page(color_scheme=scheme, reduced_motion="reduce")
    keep_job(page)
    note_interview(page)
    for path in PATHS:
        visit(page, path)
        accessible(page)
        if scheme == "dark":
            continue
        for width in (320, 390, 768):
            page.set_viewport_size({"width": width, "height": 800})
            fits(page)
        page.set_viewport_size({"width": 1100, "height": 900})


def test_a_document_that_is_chosen_or_dropped_is_read_where_it_can_be_changed(here: Desktop):
    page = here.page()
    visit(page, "/jobs/new")
    description = page.get_by_label("Job description")
    chooser = page.locator("#description-file")
    chooser.set_input_files({"name": "posting.pdf", "mimeType": "application/pdf", "buffer": pdf_of(POSTING)})
    expect(page.locator(".told").first).to_have_text("Read from posting.pdf: 12 words. Look it over, then save it.")
    expect(description).to_have_value(POSTING)
    expect(description).to_be_focused()
    drop = """([name, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], name, { type: "text/plain" }));
      const where = document.querySelector("[data-into=notes] textarea");
      for (const type of ["dragover", "drop"]) {
        where.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      }
    }"""
    page.evaluate(drop, ["heard.txt", f"Frugality. {MARKUP}"])
    expect(page.get_by_label("Your notes")).to_have_value(f"Frugality. {MARKUP}")
    here.complaints.clear()
    for name, told in ((f"{MARKUP}.docx", "only .txt, .md, .pdf files are read"), ("empty.txt", "contains no words")):
        page.evaluate(drop, [name, " "])
        expect(page.locator("[data-into=notes] .told")).to_contain_text(told)
    expect(page.get_by_label("Your notes")).to_have_value(f"Frugality. {MARKUP}")
    page.evaluate("document.querySelector('form').dataset.largest = 10")
    page.evaluate(drop, ["large.txt", "more than ten bytes"])
    expect(page.locator("[data-into=notes] .told")).to_have_text("large.txt has 0 MB; at most 20 MB are read.")
    page.get_by_label("What you call it").fill(f"Acme {MARKUP}"[:60])
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("h1")).to_contain_text("Acme <img")
    assert page.locator("main img").count() == 0
    assert "owned" not in page.title().split(" ")[0]
    (job,) = JobShelf(here.server.settings.data_dir).jobs()
    assert (job.description, job.notes) == (POSTING, f"Frugality. {MARKUP}")
    here.complaints = [text for text in here.complaints if "422" not in text]


def test_a_job_is_replaced_and_deleted_only_after_asking(here: Desktop):
    page = here.page()
    keep_job(page)
    visit(page, "/jobs/new")
    page.get_by_label("What you call it").fill("ACME")
    page.get_by_label("Job description").fill("Something else about vendors.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a job acme already. Replace it?")
    expect(page.get_by_role("button", name="Replace it").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("ACME")
    page.get_by_role("link", name="Delete it").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("status")).to_have_text("It has been deleted.")
    here.complaints = [text for text in here.complaints if "409" not in text]


def test_questions_are_found_heard_and_written(here: Desktop):
    page = here.page()
    visit(page, "/questions")
    page.get_by_label("Subject").select_option("program_sense")
    page.get_by_label("Words").fill("vendor")
    page.keyboard.press("Enter")
    expect(page.locator("main [role=status]")).to_have_text(re.compile(r"^\d+ questions\.$"))
    page.locator(".questions li a").first.click()
    listen = page.get_by_role("button", name="Listen")
    listen.click()
    expect(page.get_by_role("button", name="Stop").or_(listen)).to_be_visible()
    expect(page.locator(".told")).to_have_text("")
    visit(page, "/questions/new")
    expect(page.get_by_label("The question")).to_be_focused()
    page.keyboard.type(f"Why {MARKUP}?")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("status").first).to_contain_text("It is kept as own-why-img")
    expect(page.locator("h1")).to_have_text(f"Why {MARKUP}?")
    assert page.locator("main img").count() == 0
    page.get_by_role("link", name="Practice it").click()
    expect(page.get_by_role("button", name="Check the microphone")).to_be_visible()


@pytest.mark.microphone
def test_the_microphone_is_tested_in_the_words_of_the_doctor(here: Desktop):
    page = here.page()
    visit(page, "/doctor")
    expect(page.locator(".verdict")).to_contain_text("Ready.")
    expect(page.locator(".looking")).to_be_hidden()
    test = page.get_by_role("button", name="Test the microphone")
    test.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#hint")).to_contain_text("fine: your voice comes in at")
    expect(page.get_by_role("button", name="Test it again")).to_be_focused()
    accessible(page)
    page.evaluate("globalThis.refusal = 'NotFoundError'")
    page.keyboard.press("Enter")
    expect(page.locator("#hint")).to_contain_text("Plug one in")


@pytest.mark.microphone
def test_a_story_is_told_against_its_clock(here: Desktop):
    page = here.page(width=390, height=844)
    page.get_by_label("Name a story to tell").fill("Kafka migration")
    page.keyboard.press("Enter")
    expect(page.locator("h1#chosen")).to_have_text("Kafka migration")
    page.get_by_role("button", name="Check the microphone").click()
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(STAGED.format("listening"))
    expect(page.locator("#asked")).to_have_text("Kafka migration")
    expect(page.get_by_role("button", name="Repeat the question")).to_be_hidden()
    is_speaking(page)
    page.keyboard.press("Enter")
    expect(page.locator(".story-clock caption")).to_have_text("The clock")
    expect(page.locator(".story-clock tbody tr")).to_have_count(6)
    expect(page.locator("#finished-title")).to_be_visible()
    fits(page)
    accessible(page)


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/jobs/new", "Job description"),
        ("/log/new", "Company"),
        ("/questions/new", "The question, as it is asked out loud"),
    ],
)
def test_what_is_typed_into_a_form_is_not_lost(here: Desktop, path: str, label: str):
    page = here.page()
    page.goto(f"{here.url.split('/?')[0]}{path}")
    field = page.get_by_label(label, exact=True)
    field.fill("Half written, and not yet kept.")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))  # type: ignore[func-returns-value]
    page.get_by_role("link", name="Plan", exact=True).click()
    expect(field).to_have_value("Half written, and not yet kept.")
    assert asked == ["beforeunload"]
    page.route("**/static/web.css", lambda route: route.abort())  # nobody serves
    page.locator("form[data-kept]").evaluate("form => { form.noValidate = true; form.requestSubmit() }")
    expect(page.locator("[data-gone]")).to_contain_text("What you wrote is still here")
    expect(field).to_have_value("Half written, and not yet kept.")
    here.complaints.clear()  # the browser's own word about the file that did not come
