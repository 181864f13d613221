"""Progress, plan and stories in a real browser: to read, to write, to dictate, by the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import soundfile
from playwright.sync_api import Page, expect

from tests.browser.accessibility import accessible
from tests.browser.conftest import Launch
from tests.browser.interview_pages import WORDS, Desktop, WordsForAnySound, desktop, microphone_flags, tone
from tests.browser.waiting import until
from tests.fakes import ScriptedDetector
from tests.progresses import practiced
from tests.web.notes import scripted_measures
from voicemock.models import Story, StoryNotes
from voicemock.store.store import Store

MARKUP = "<img/src=x/onerror=document.title='owned'><script>document.title='owned'</script>"
STORY = "/stories/kafka-migration"
REFUSED = "Failed to load resource: the server responded with a status of 4"
"""A form that is shown again with what is in the way."""
PAGES = {
    "progress": "/progress",
    "plan": f"/plan?date={datetime.now(UTC).date() + timedelta(days=20)}&loop=amazon&minutes=30&off=sunday",
    "a day that is past": "/plan?date=2020-01-01",
    "stories": "/stories?company=amazon",
    "a story": STORY,
    "its form": f"{STORY}/edit",
    "a new story": "/stories/new_story",
    "before it is deleted": f"{STORY}/delete",
}


@pytest.fixture(scope="module")
def here(launch: Launch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    """A server with a quarter of practice and a story, and a user who talks; no page may have complained."""
    folder = tmp_path_factory.mktemp("growth")
    soundfile.write(folder / "tone.wav", tone(), 16_000, subtype="PCM_16")
    browser = launch(microphone_flags(folder / "tone.wav"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("voicemock.web.story_shelf.notes_reader", lambda settings, bank: scripted_measures())
        patch.setattr("voicemock.web.views.dictation.load_detector", lambda settings: ScriptedDetector())
        patch.setattr("voicemock.web.views.dictation.transcriber_loader", lambda settings: WordsForAnySound)
        with desktop(folder, browser) as here:
            data = here.server.settings.data_dir
            practiced(data, datetime.now(UTC))
            with Store(data) as store:
                written = StoryNotes(situation=f"It failed. {MARKUP}", action="We met weekly.", shows=("ownership",))
                store.stories.keep_notes(Story.named("Kafka migration"), written, datetime.now(UTC))
            yield here
    browser.close()
    assert [text for text in here.complaints if not text.startswith(REFUSED)] == []
    assert [url for url in here.requests if not url.startswith((here.url.split("/?")[0], "data:"))] == []


@pytest.fixture(scope="module")
def page(here: Desktop) -> Page:
    return here.page(reduced_motion="reduce")


def go(page: Page, here: Desktop, path: str) -> None:
    page.goto(here.url.split("/?")[0] + path)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits_any_screen(page: Page, here: Desktop, name: str):
    go(page, here, PAGES[name])
    page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        accessible(page)
    for width in (320, 390, 768, 1100):
        page.set_viewport_size({"width": width, "height": 900})
        until(page, f"document.documentElement.scrollWidth <= {width}")  # a chart follows a frame later
    assert page.title() != "owned"
    assert page.locator("main img").count() == 0


def test_every_chart_of_the_progress_is_drawn_and_follows_dark_and_light(page: Page, here: Desktop):
    page.emulate_media(color_scheme="light")
    go(page, here, "/progress")
    drawn = page.locator("canvas").evaluate_all(
        "all => all.map(each => Chart.getChart(each).data.datasets[0].data.length)"
    )
    rows = page.locator(".trend table").evaluate_all("all => all.map(each => each.tBodies[0].rows.length)")
    assert drawn == rows
    assert len(drawn) > 15
    light = page.locator("canvas").first.screenshot()
    page.emulate_media(color_scheme="dark")
    assert page.locator("canvas").first.screenshot() != light
    page.emulate_media(color_scheme="light")


def test_advice_is_followed_by_a_click(page: Page, here: Desktop):
    go(page, here, "/progress")
    page.get_by_role("link", name="Practice it").first.click()
    expect(page.get_by_role("button", name="Check the microphone")).to_be_visible()
    go(page, here, STORY)
    page.get_by_role("link", name="Practice this story").click()
    expect(page.get_by_role("heading", name="Kafka migration")).to_be_visible()


def test_a_plan_is_made_by_the_keyboard_and_remembered(page: Page, here: Desktop):
    go(page, here, "/plan")
    page.get_by_label("Minutes a day").fill("25")
    page.get_by_label("Day of the interview").fill(str(datetime.now().astimezone().date() + timedelta(days=9)))
    page.get_by_role("button", name="Make the plan").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("in 9 days")
    go(page, here, "/plan")
    expect(page.get_by_role("heading", level=1)).to_contain_text("in 9 days")
    page.get_by_role("link", name="forget it").click()
    expect(page.get_by_text("No date was given")).to_be_visible()


def test_a_story_is_written_by_the_keyboard_alone(page: Page, here: Desktop):
    go(page, here, "/stories")
    page.get_by_role("link", name="Write a story").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Dictate situation")).to_be_visible()  # it comes between the fields
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("Late vendor")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past the dictation
    page.keyboard.type(f"It was late. {MARKUP}")
    page.get_by_label("Shows").focus()
    page.keyboard.type("ownershp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("It is not saved yet")
    expect(page.get_by_label("Situation", exact=True)).to_have_value(f"It was late. {MARKUP}")
    expect(page.get_by_label("Shows")).to_be_focused()
    page.get_by_label("Shows").fill("ownership")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Late vendor")
    expect(page.get_by_text("Kept.")).to_be_visible()
    assert page.title() == "Late vendor - voicemock"


def test_the_later_of_two_tabs_is_told_and_a_page_with_something_unsaved_asks(page: Page, here: Desktop):
    other = here.tab(page.context)
    for each in (page, other):
        go(each, here, f"{STORY}/edit")
    other.get_by_label("Task", exact=True).fill("The other one.")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_text("Kept.")).to_be_visible()
    other.close()
    page.get_by_label("Task", exact=True).fill("Mine.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").first).to_contain_text("has changed elsewhere")
    expect(page.locator("#problem")).to_be_focused()
    expect(page.get_by_label("Task", exact=True)).to_have_value("Mine.")
    expect(page.locator(".instead")).to_contain_text("The other one.")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))  # type: ignore[func-returns-value]
    page.get_by_label("Task", exact=True).press("End")
    page.get_by_role("link", name="Discard what is not saved").click()
    expect(page.get_by_role("link", name="Practice this story")).to_be_visible()
    assert asked == ["beforeunload"]


@pytest.mark.microphone
def test_a_field_is_dictated(page: Page, here: Desktop):
    go(page, here, f"{STORY}/edit")
    result = page.get_by_label("Result", exact=True)
    result.fill("Before.")
    page.get_by_role("button", name="Dictate result").click()
    expect(page.get_by_role("button", name="Stop result")).to_be_enabled()
    until(page, "loudBlocks >= 10")  # a stop that comes sooner stops before anything is said
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#dictation-problem")).to_contain_text("Stop the dictation first")
    page.get_by_role("button", name="Stop result").click()
    expect(page.locator("#said")).to_have_text("Written down.")
    expect(result).to_be_focused()
    assert result.input_value().startswith(f"Before. {WORDS}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Kept.")).to_be_visible()
    assert WORDS in (page.locator(".answer").text_content() or "")


def test_a_microphone_that_is_not_given_is_told(page: Page, here: Desktop):
    go(page, here, "/stories/new_story")
    page.evaluate("globalThis.refusal = 'NotAllowedError'")
    page.get_by_role("button", name="Dictate task").click()
    expect(page.locator("#dictation-problem")).to_contain_text("allow the microphone, then try again")
    expect(page.get_by_role("button", name="Dictate task")).to_be_enabled()


def test_a_server_that_is_gone_loses_nothing(page: Page, here: Desktop):
    go(page, here, f"{STORY}/edit")
    page.get_by_label("Technology").fill("Kafka, from memory.")
    page.route("**/static/web.css", lambda route: route.fulfill(status=403))
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#dictation-problem")).to_contain_text("What you wrote is still here")
    expect(page.get_by_label("Technology")).to_have_value("Kafka, from memory.")
    page.unroute("**/static/web.css")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Kept.")).to_be_visible()
