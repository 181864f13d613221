"""The interview in a real browser: from the address to the feedback, and whatever gets in the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import soundfile
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import accessible
from tests.browser.conftest import Launch
from tests.browser.interview_pages import (
    STAGED,
    WORDS,
    Desktop,
    begin,
    choose,
    desktop,
    is_speaking,
    microphone_flags,
    tone,
)
from tests.fakes import ScriptedDetector
from voicemock.store.store import Store

pytestmark = pytest.mark.microphone

LISTENING, SPEAKING = STAGED.format("listening"), STAGED.format("speaking")


@pytest.fixture(scope="module")
def talking_browser(launch: Launch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium with somebody who talks without a pause."""
    recording = tmp_path_factory.mktemp("microphone") / "tone.wav"
    soundfile.write(recording, tone(), 16_000, subtype="PCM_16")
    browser = launch(microphone_flags(recording))
    yield browser
    browser.close()


@pytest.fixture
def here(tmp_path: Path, talking_browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """A server and its user; at the end no page may have complained, or asked for anything elsewhere."""
    monkeypatch.setattr("voicemock.interview.listener.load_detector", lambda settings: ScriptedDetector())
    monkeypatch.setattr("voicemock.web.screen.DRILL_OFFERED_S", 0.0)
    with desktop(tmp_path, talking_browser) as here:
        yield here
    assert here.complaints == []
    assert [url for url in here.requests if not url.startswith((here.url.split("/?")[0], "data:"))] == []


def test_three_clicks_to_the_first_question_and_enter_ends_the_answer(here: Desktop):
    page = here.page()
    begin(page)
    expect(page.locator("#asked-title")).to_have_text("Question 1 of 3")
    is_speaking(page)
    expect(page.locator("#clock")).to_have_text(re.compile(r"0:0\d of .* to go"))
    page.keyboard.press("Enter")
    page.wait_for_selector("#so-far .answer")
    expect(page.locator("#so-far .answer summary")).to_have_text("What you said")
    assert WORDS in (page.locator("#so-far .answer details").text_content() or "")
    assert page.locator("#so-far audio").get_attribute("src", timeout=1000) is not None
    page.wait_for_selector(LISTENING)
    leave(page)
    assert here.server.statuses[0] == "answered"


def leave(page: Page) -> None:
    """End the interview by the keyboard."""
    page.keyboard.press("q")
    page.get_by_role("button", name="End it").click()
    expect(page.locator("#finished-title")).to_be_visible()


def test_the_browser_is_asked_to_leave_the_sound_alone(here: Desktop):
    page = here.page()
    choose(page)
    page.get_by_role("button", name="Check the microphone").click()
    expect(page.locator("#check-hint")).to_have_text("Your voice is coming through.")
    asked = {"echoCancellation": False, "noiseSuppression": False, "autoGainControl": False}
    assert page.evaluate("wanted") == {"audio": asked}
    expect(page.locator("#processing")).to_be_hidden()


def test_processing_that_stays_on_is_told(here: Desktop):
    page = here.page()
    choose(page)
    settings = "{ autoGainControl: true, echoCancellation: 'all', noiseSuppression: false }"
    page.evaluate(f"MediaStreamTrack.prototype.getSettings = () => ({settings})")
    page.get_by_role("button", name="Check the microphone").click()
    expect(page.locator("#processing")).to_contain_text("(echo cancellation, gain control)")


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        ("NotAllowedError", "allow the microphone, then try again"),
        ("NotFoundError", "Plug one in"),
        ("NotReadableError", "another program may be using it"),
        ("StrangeError", "(StrangeError)"),
    ],
)
def test_a_microphone_that_is_not_given_is_told_and_tried_again(here: Desktop, refusal: str, told: str):
    page = here.page()
    choose(page)
    page.evaluate(f"globalThis.refusal = {refusal!r}")
    page.get_by_role("button", name="Check the microphone").click()
    expect(page.locator("#problem")).to_contain_text(told)
    expect(page.locator("#problem")).to_be_focused()
    expect(page.get_by_role("button", name="Start")).to_be_disabled()
    page.evaluate("globalThis.refusal = null")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Start")).to_be_enabled()
    expect(page.locator("#problem")).to_be_hidden()


def test_a_user_who_says_no_is_told_what_to_click(here: Desktop):
    page = here.page(allows=False)
    choose(page)
    page.get_by_role("button", name="Check the microphone").click()
    expect(page.locator("#problem-text")).to_contain_text("Click the icon to the left of the address")


def test_a_page_that_is_reloaded_goes_on_in_mid_answer(here: Desktop):
    page = here.page()
    begin(page)
    is_speaking(page)
    question = page.locator("#asked").text_content() or ""
    page.reload()
    page.wait_for_selector(LISTENING)
    expect(page.locator("#asked")).to_have_text(question)
    if page.get_by_role("button", name="Go on").is_visible():  # a browser may want a click after a reload
        page.get_by_role("button", name="Go on").click()
    is_speaking(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("#so-far .answer")
    page.wait_for_selector(LISTENING)
    leave(page)
    assert here.server.statuses[0] == "answered"


def test_a_line_that_breaks_loses_no_sound(here: Desktop):
    page = here.page()
    begin(page)
    is_speaking(page)
    page.evaluate("isCut = true; sockets.at(-1).close()")
    expect(page.locator("#problem-text")).to_contain_text("The connection to voicemock was lost")
    page.evaluate("isCut = false")
    expect(page.locator("#problem")).to_be_hidden()
    shown = page.locator("#clock").text_content() or ""
    expect(page.locator("#clock")).not_to_have_text(shown)
    page.keyboard.press("Enter")
    page.wait_for_selector("#so-far .answer")
    page.wait_for_selector(LISTENING)
    line = here.server.stage.line
    assert line is not None
    assert line.lost_blocks == 0
    leave(page)
    here.complaints = [text for text in here.complaints if "WebSocket connection" not in text]


def test_a_microphone_that_is_unplugged_is_replaced(here: Desktop):
    page = here.page()
    begin(page)
    is_speaking(page)
    page.evaluate("tracks.at(-1).dispatchEvent(new Event('ended'))")
    expect(page.locator("#problem-text")).to_contain_text("was disconnected. Plug it in")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector(LISTENING)
    expect(page.locator("#problem")).to_be_hidden()
    leave(page)
    assert here.server.statuses[0] == "answered"


def test_a_muted_microphone_is_told(here: Desktop):
    page = here.page()
    begin(page)
    page.evaluate("tracks.at(-1).dispatchEvent(new Event('mute'))")
    expect(page.locator("#problem-text")).to_contain_text("The microphone is muted")
    page.evaluate("tracks.at(-1).dispatchEvent(new Event('unmute'))")
    expect(page.locator("#problem")).to_be_hidden()
    leave(page)


def test_sound_that_the_browser_stops_goes_on_with_a_click(here: Desktop):
    page = here.page()
    begin(page)
    is_speaking(page)
    page.evaluate("contexts.at(-1).suspend()")
    expect(page.locator("#problem-text")).to_contain_text("The browser has stopped the sound on this page")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#problem")).to_be_hidden()
    leave(page)


def test_a_second_tab_gets_a_clear_word_and_may_take_over(here: Desktop):
    page = here.page()
    begin(page)
    other = here.tab(page.context)
    expect(other.locator(".banner")).to_contain_text("An interview is in progress.")
    other.get_by_role("link", name="Go back to it").click()
    expect(other.locator("#problem-text")).to_contain_text("This interview is open in another tab")
    other.get_by_role("button", name="Take it over").click()
    expect(page.locator("#problem-text")).to_contain_text("The interview is continuing in another tab")
    other.wait_for_selector(LISTENING)
    leave(other)


def test_another_interview_is_not_begun_in_the_meantime(here: Desktop):
    page = here.page()
    begin(page)
    question = page.locator("#asked").text_content() or ""
    page.goto(here.url)
    page.goto(here.url.split("?")[0] + "interview?loop=amazon")
    page.wait_for_selector(LISTENING)
    expect(page.locator("#asked")).to_have_text(question)
    leave(page)


def test_what_was_said_is_text(here: Desktop, monkeypatch: pytest.MonkeyPatch):
    markup = "<img/src=x/onerror=document.title='owned'><script>document.title='owned'</script>"
    monkeypatch.setattr("tests.browser.interview_pages.WORDS", f"{markup} {WORDS}")
    page = here.page()
    page.add_init_script(f"Object.defineProperty(MediaStreamTrack.prototype, 'label', {{ get: () => {markup!r} }})")
    begin(page)
    is_speaking(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("#so-far .answer")
    assert markup.split("/")[0] in (page.locator("#so-far").text_content() or "")
    assert page.locator("#so-far img, #so-far script").count() == 0
    assert page.title() == "Interview - voicemock"
    page.wait_for_selector(LISTENING)
    leave(page)


MARKUP = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"
POINT = {"kind": "improvement", "text": MARKUP, "quote": MARKUP, "start_s": 1.0, "moment": MARKUP}
EVENTS: tuple[dict[str, Any], ...] = (
    {"type": "question", "kind": MARKUP, "is_drill": False, "title": MARKUP, "text": MARKUP, "about": MARKUP},
    {"type": "clock", "text": MARKUP, "standing": MARKUP, "target_s": [1, 2], "elapsed_s": 1, "level": 0.5}
    | {"too_loud": True, "warning": MARKUP},
    {"type": "words", "fillers": MARKUP, "pieces": [[MARKUP, False], [MARKUP, True]]},
    {"type": "notice", "text": MARKUP},
    {"type": "rate", "item": MARKUP, "title": MARKUP, "text": MARKUP, "about": MARKUP},
    {"type": "transcribing", "done": MARKUP, "count": MARKUP},
    {"type": "assessed", "title": MARKUP, "is_reply": False, "spoken": MARKUP, "figures": [[MARKUP, MARKUP, MARKUP]]}
    | {"points": [POINT], "drill": MARKUP, "since_last": [MARKUP], "transcript": MARKUP, "recording": MARKUP},
    {"type": "own_view", "title": MARKUP, "lines": [MARKUP]},
    {"type": "debriefed", "summary": MARKUP, "spoken": MARKUP}
    | {"groups": [{"title": MARKUP, "points": [{"text": MARKUP, "quote": MARKUP, "source": MARKUP}]}]}
    | {"next_work": {"text": MARKUP, "answers": MARKUP, "drill": MARKUP}},
    {"type": "phase", "phase": "no_microphone", "problem": MARKUP},
    {"type": MARKUP},
    {"type": "finished", "problem": MARKUP, "session": MARKUP},
)
"""Each kind of message to the page, with markup in each text of it."""


NOTED = """
globalThis.made = [];
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) made.push(node.nodeName);
}).observe(document.body, { childList: true, subtree: true });
"""


def test_markup_in_any_message_is_text(here: Desktop):
    page = here.page()
    begin(page)
    line = here.server.stage.line
    assert line is not None
    page.evaluate(NOTED)
    for event in EVENTS:
        line.tell(event)
    expect(page.locator("#finished-text")).to_contain_text(MARKUP)
    assert page.locator("#main img, #main script").count() == 0
    assert not {"IMG", "SCRIPT"} & set(page.evaluate("made"))
    for place in ("#so-far", "#problem-text", "#asked"):  # the clock goes on meanwhile
        assert MARKUP in (page.locator(place).text_content() or ""), place
    assert page.title() == "Interview - voicemock"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_step_is_accessible(here: Desktop, scheme: str):
    page = here.page(color_scheme=scheme, reduced_motion="reduce")
    accessible(page)
    choose(page, "Behavioral")
    page.locator("summary").click()
    accessible(page)
    page.locator("summary").click()
    page.get_by_role("button", name="Check the microphone").click()
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(LISTENING)
    is_speaking(page)
    accessible(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("#so-far .answer")
    page.wait_for_selector(LISTENING)
    accessible(page)
    leave(page)
    accessible(page)


@pytest.mark.parametrize("width", [1100, 320])
def test_an_answer_is_rated_by_keys_and_buttons_before_its_feedback(here: Desktop, width: int):
    page = here.page(width=width)
    choose(page)
    page.locator("summary").click()
    page.get_by_label("Let me rate each answer").check()
    page.get_by_role("button", name="Check the microphone").click()
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(LISTENING)
    is_speaking(page)
    page.keyboard.press("Enter")
    title = page.locator("#rating-title")
    expect(title).to_have_text("Length (1 of 4)")
    expect(title).to_be_focused()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("4")
    expect(title).to_have_text("Structure (2 of 4)")
    rating = page.get_by_role("group", name="Structure (2 of 4)")
    rating.get_by_role("button", name="2").click()
    expect(title).to_have_text("Result (3 of 4)")
    page.get_by_role("button", name="Skip this item").click()
    expect(title).to_have_text("Delivery (4 of 4)")
    assert page.locator("#so-far .answer").count() == 0
    page.get_by_role("button", name="1, weak").focus()
    page.keyboard.press("5")  # whatever has the focus
    page.wait_for_selector("#so-far .own-view")
    expect(page.locator("#rating")).to_be_hidden()
    lines = page.locator("#so-far .own-view li").all_text_contents()
    assert [line.split(",")[0].split(";")[0] for line in lines] == [
        "Length: you said 4",
        "Structure: you said 2",
        "Delivery: you said 5",
    ]
    page.wait_for_selector(LISTENING)
    accessible(page)
    leave(page)


def test_the_keyboard_alone_is_enough(here: Desktop):
    page = here.page()
    page.get_by_role("link", name="Anything").focus()
    page.keyboard.press("Enter")
    check = page.get_by_role("button", name="Check the microphone")
    expect(check).to_be_enabled()  # a button that is not takes no focus, and the key would be lost
    check.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Start")).to_be_enabled()
    page.get_by_role("button", name="Start").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(LISTENING)
    expect(page.locator("#asked")).to_be_focused()
    page.keyboard.press("s")
    expect(page.locator("#asked-title")).to_have_text("Question 2 of 3")
    expect(page.locator("#asked")).to_be_focused()
    page.wait_for_selector(LISTENING)
    page.keyboard.press("q")
    expect(page.get_by_role("button", name="End it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#sure")).to_be_hidden()
    leave(page)
    expect(page.locator("#finished-title")).to_be_focused()


@pytest.mark.parametrize("width", [320, 390, 768])
def test_nothing_is_wider_than_a_phone(here: Desktop, width: int):
    page = here.page(width=width, height=700)
    fits(page)
    begin(page, "Behavioral")
    is_speaking(page)
    fits(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("#so-far .answer")
    fits(page)
    page.wait_for_selector(LISTENING)
    leave(page)


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")


def test_questions_are_found_by_their_words(here: Desktop):
    page = here.page()
    page.get_by_label("Find a question").fill("program FAILED")
    visible = page.locator(".questions li:visible")
    expect(visible.first).to_contain_text("failed")
    assert 1 <= visible.count() < 20
    visible.first.get_by_role("link").click()
    expect(page.get_by_role("button", name="Check the microphone")).to_be_visible()


def test_what_is_kept_is_an_ordinary_session(here: Desktop):
    page = here.page()
    begin(page)
    is_speaking(page)
    leave(page)
    with Store(here.server.settings.data_dir) as store:
        session = store.sessions.find("last")
        (answer,) = store.sessions.answers(session)
        assert session.ended_at is not None
        assert answer.assessment is not None
        assert answer.assessment.transcript.text.startswith(WORDS)
        assert answer.overflows == 0
    page.get_by_role("link", name="Review what you said").click()
    assert page.url.endswith(f"/sessions/{session.id}")
    expect(page.locator("#answer-1 .transcript")).to_contain_text(WORDS.split()[0])


def test_after_a_whole_day_a_link_leads_to_the_debrief(here: Desktop):
    page = here.page()
    begin(page, "Amazon")
    is_speaking(page)
    leave(page)
    page.get_by_role("link", name="Debrief").click()
    expect(page.get_by_role("heading", name="Debrief")).to_be_visible()
    page.get_by_role("link", name="The whole review").click()
    expect(page.locator("#answer-1")).to_be_visible()
