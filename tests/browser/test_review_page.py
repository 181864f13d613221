"""The review page in a real browser: clicking, hearing, reading, printing."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import accessible
from tests.browser.conftest import Open
from tests.browser.waiting import until
from tests.interviews import fixture_answer, keep, spoken_answer
from voicemock.models import Answer
from voicemock.report.page import write_page
from voicemock.store.store import Store

STORY = fixture_answer("strong-story")
REFRESH = '<meta http-equiv="refresh" content="0;url=elsewhere.html">'
MARKUP = f"<img/src=x/onerror=document.title='owned'> <script>document.title='owned'</script> {REFRESH}"


def written(data_dir: Path, *answers: Answer, embed_audio: bool = False) -> Path:
    session = keep(data_dir, *answers)
    with Store(data_dir) as store:
        folder = store.sessions.folder(session)
        return write_page(session, store.sessions.answers(session), folder, embed_audio=embed_audio)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("story"), STORY)


@pytest.fixture(scope="module")
def interview(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three answers: a story, one with a checklist, one that was skipped."""
    skipped = STORY.model_copy(update={"position": 3, "status": "skipped", "assessment": None, "audio_file": None})
    return written(tmp_path_factory.mktemp("interview"), STORY, fixture_answer("triage-answer", 2), skipped)


def position_s(page: Page) -> float:
    return page.evaluate("document.querySelector('audio').currentTime")


def is_paused(page: Page) -> bool:
    return page.evaluate("document.querySelector('audio').paused")


def loaded(page: Page) -> Page:
    """Wait until the recording's length is known."""
    until(page, "document.querySelector('audio').readyState >= 1")
    return page


def pause(page: Page) -> None:
    page.evaluate("document.querySelector('audio').pause()")


def moved_to(page: Page, moment_s: float) -> None:
    """Wait until the recording is played from a moment on."""
    until(page, f"document.querySelector('audio').currentTime >= {moment_s - 0.02}")
    assert position_s(page) < moment_s + 5


def word_starts() -> list[float]:
    return [word.start_s or 0.0 for word in STORY.assessment.transcript.words]  # type: ignore[union-attr]


# --- hearing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("embedded", [False, True], ids=["beside", "inside"])
def test_the_recording_is_found_and_whole(tmp_path: Path, open_page: Open, embedded: bool):
    page = loaded(open_page(written(tmp_path, STORY, embed_audio=embedded)))
    length_s = page.evaluate("document.querySelector('audio').duration")
    assert length_s == pytest.approx(STORY.assessment.analysis.recording_s, abs=0.1)


@pytest.mark.parametrize("embedded", [False, True], ids=["beside", "inside"])
def test_a_clicked_word_is_heard_from_its_start(tmp_path: Path, open_page: Open, embedded: bool):
    page = loaded(open_page(written(tmp_path, STORY, embed_audio=embedded)))
    page.evaluate("document.querySelector('audio').play = () => Promise.resolve()")  # it stands where it was put
    page.locator('.w[data-w="300"]').first.click()
    until(page, "!document.querySelector('audio').seeking")
    assert position_s(page) == pytest.approx(word_starts()[300], abs=0.01)
    expect(page.locator("[aria-current]").first).to_have_attribute("data-w", "300")


def test_a_clicked_word_starts_playing(story: Path, open_page: Open):
    page = loaded(open_page(story))
    page.locator('.w[data-w="40"]').first.click()
    moved_to(page, word_starts()[40])
    assert not is_paused(page)


def test_the_word_that_is_heard_is_marked_and_no_other(story: Path, open_page: Open):
    page = loaded(open_page(story))
    for number in (0, 17, 250, len(word_starts()) - 1):
        page.evaluate(f"document.querySelector('audio').currentTime = {word_starts()[number] + 0.03}")
        expect(page.locator(f'.w[data-w="{number}"]').first).to_have_attribute("aria-current", "true")
        marked = page.locator("[aria-current]").evaluate_all("words => words.map(word => word.dataset.w)")
        assert set(marked) == {str(number)}


def test_the_mark_goes_along_while_it_plays(story: Path, open_page: Open):
    page = loaded(open_page(story))
    page.locator('.w[data-w="10"]').first.click()
    until(page, "Number(document.querySelector('[aria-current]').dataset.w) >= 14")
    assert position_s(page) >= word_starts()[14] - 0.02


def test_a_quote_of_the_feedback_jumps_to_its_moment(story: Path, open_page: Open):
    page = loaded(open_page(story))
    point = next(point for point in STORY.assessment.feedback.points if point.start_s)
    page.locator("button.quote").first.click()
    moved_to(page, point.start_s)
    expect(page.locator("[aria-current]").first).to_be_in_viewport()


def test_the_time_before_a_sentence_plays_it(story: Path, open_page: Open):
    page = loaded(open_page(story))
    button = page.locator(".line .at").nth(5)
    button.click()
    moved_to(page, float(button.get_attribute("data-at") or 0))


def test_the_timeline_plays_where_it_is_clicked(story: Path, open_page: Open):
    page = loaded(open_page(story))
    box = page.locator("canvas").bounding_box()
    assert box
    page.locator("canvas").click(position={"x": box["width"] * 0.6, "y": box["height"] * 0.5})
    until(page, "document.querySelector('audio').currentTime > 60")
    assert 100 < position_s(page) < 160
    expect(page.locator(".playhead")).to_be_visible()


def test_only_one_answer_plays(interview: Path, open_page: Open):
    page = loaded(open_page(interview))
    page.locator("#answer-1 .line .at").first.click()
    page.locator("#answer-2 .line .at").first.click()
    until(page, "!document.querySelector('#answer-2 audio').paused")
    assert page.evaluate("document.querySelector('#answer-1 audio').paused")


# --- keyboard --------------------------------------------------------------------------------------------


def test_word_by_word_with_the_keyboard(story: Path, open_page: Open):
    page = loaded(open_page(story))
    page.locator(".transcript").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert position_s(page) == pytest.approx(word_starts()[2], abs=0.01)
    assert is_paused(page)
    page.keyboard.press("Enter")
    until(page, "!document.querySelector('audio').paused")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('audio').paused")


def test_everything_is_reached_with_the_tab_key(story: Path, open_page: Open):
    page = loaded(open_page(story))
    reached: list[str] = []
    for _ in range(140):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.className || document.activeElement.tagName"))
        if reached[-1] == "BODY":
            break
    order = [reached.index(name) for name in ("skip", "AUDIO", "quote", "transcript", "at")]
    assert order == sorted(order)
    assert reached.count("quote") == len(STORY.assessment.feedback.points)
    assert reached.count("at") == page.locator(".line .at").count()


def test_what_has_the_focus_is_seen(story: Path, open_page: Open):
    page = loaded(open_page(story))
    for selector in ("button.quote", ".transcript", ".line .at", "summary"):
        page.locator(selector).first.focus()
        page.keyboard.press("Shift")  # the last input was the keyboard
        outline = page.locator(selector).first.evaluate("element => getComputedStyle(element).outlineStyle")
        assert outline == "solid", selector


def test_a_quote_is_played_with_the_keyboard(story: Path, open_page: Open):
    page = loaded(open_page(story))
    page.locator("button.quote").first.press("Enter")
    moved_to(page, next(point.start_s for point in STORY.assessment.feedback.points if point.start_s))


def test_a_definition_is_one_key_away(story: Path, open_page: Open):
    page = open_page(story)
    page.locator("th summary").first.press("Enter")
    expect(
        page.get_by_text("From the start of your first word to the end of your last, in whole seconds")
    ).to_be_visible()


# --- reading ---------------------------------------------------------------------------------------------

SCREENS = [
    pytest.param({"width": 1100, "height": 900, "color_scheme": "light"}, id="light"),
    pytest.param({"width": 1100, "height": 900, "color_scheme": "dark"}, id="dark"),
    pytest.param({"width": 390, "height": 844, "color_scheme": "light"}, id="phone"),
    pytest.param({"width": 320, "height": 640, "color_scheme": "dark"}, id="narrow"),
]


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(interview: Path, open_page: Open, screen: dict):
    page = loaded(open_page(interview, **screen))
    page.locator('.w[data-w="3"]').first.click()
    pause(page)
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true }")
    accessible(page)


@pytest.mark.parametrize("width", [320, 390, 768, 1100])
def test_nothing_is_wider_than_the_screen(interview: Path, open_page: Open, width: int):
    page = open_page(interview, width=width)
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true }")
    until(page, f"document.documentElement.scrollWidth <= {width}")


def test_the_timeline_has_the_same_in_words(story: Path, open_page: Open):
    page = open_page(story)
    page.get_by_text("The timeline as a table").click()
    analysis = STORY.assessment.analysis
    rows = page.locator(".chart ~ details tbody tr")
    for what, count in (("Pause", len(analysis.pauses)), ("Filled pause", 8)):
        assert rows.filter(has=page.get_by_role("cell", name=what, exact=True)).count() == count


def test_the_parts_are_headings_of_the_transcript(story: Path, open_page: Open):
    page = open_page(story)
    headings = page.locator("h4").all_inner_texts()
    assert {text.upper() for text in headings} >= {"SITUATION", "ACTION"}
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(each => Number(each.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_chart_follows_dark_and_light(story: Path, open_page: Open):
    page = open_page(story, color_scheme="light")
    light = page.locator("canvas").screenshot()
    page.emulate_media(color_scheme="dark")
    assert page.locator("canvas").screenshot() != light


def test_without_motion_nothing_glides(story: Path, open_page: Open):
    page = open_page(story, reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_it_is_complete_without_its_script(story: Path, open_page: Open):
    page = open_page(story, java_script_enabled=False)
    expect(page.get_by_role("heading", name="Feedback")).to_be_visible()
    expect(page.locator(".transcript")).to_contain_text("Two years ago I took over the program")


def test_it_prints_on_paper_that_is_white(story: Path, open_page: Open, tmp_path: Path):
    page = open_page(story, color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--text')").strip() == "#1b2027"
    expect(page.locator(".player")).to_be_hidden()
    pdf = page.pdf(format="A4")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 8


# --- hostile words ---------------------------------------------------------------------------------------


def test_a_transcript_full_of_markup_stays_text(tmp_path: Path, open_page: Open):
    answer = spoken_answer(f"I said {MARKUP} and then we shipped it.")
    page = loaded(open_page(written(tmp_path, answer)))
    expect(page.locator(".transcript")).to_contain_text("<img/src=x/onerror=document.title='owned'>")
    assert page.title() != "owned"
    assert page.locator(".transcript script, .transcript img, [http-equiv=refresh]").count() == 0


@pytest.mark.parametrize("before", ["<title>", '<main id="main"', "<footer"])
def test_a_meta_element_that_got_through_leads_nowhere(story: Path, tmp_path: Path, browser: Browser, before: str):
    """No policy stops it, so the page's script does, before the browser leaves."""
    page, stopped = browser.new_page(), tmp_path / "page.html"
    text = story.read_text(encoding="utf-8")
    assert text.count(before) == 1
    stopped.write_text(text.replace(before, f"{REFRESH}{before}"), encoding="utf-8")
    page.add_init_script("asked = []; navigation.addEventListener('navigate', event => asked.push(event))")
    page.goto(stopped.as_uri())
    until(page, "asked.length")
    answers = page.evaluate("asked.map(event => [event.destination.url, event.defaultPrevented])")
    assert answers == [[(tmp_path / "elsewhere.html").as_uri(), True]]
    assert page.url == stopped.as_uri()
    page.close()


def test_within_the_page_it_goes_on_and_it_is_loaded_again(story: Path, open_page: Open):
    page = open_page(story)
    page.locator("a.skip").evaluate("link => link.click()")
    assert page.url == f"{story.as_uri()}#main"
    page.go_back()
    assert page.url == story.as_uri()
    page.evaluate("document.title = 'old'")
    page.reload()
    assert page.title() != "old"


def test_the_policy_stops_what_would_get_through_all_the_same(story: Path, open_page: Open, browser):
    page = browser.new_page()
    page.goto(story.as_uri())
    blocked = page.evaluate(
        """async () => {
            const blocked = [];
            addEventListener('securitypolicyviolation', event => blocked.push(event.effectiveDirective));
            const script = document.createElement('script');
            try { script.text = 'document.title = "owned"' } catch { blocked.push('trusted-types') }
            document.body.append(script);
            const image = new Image(); image.src = 'https://192.0.2.1/x.png';
            await fetch('https://192.0.2.1/').catch(() => {});
            await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            return blocked;
        }"""
    )
    page.close()
    assert {"connect-src", "img-src"} <= set(blocked)
    assert "trusted-types" in blocked or "script-src-elem" in blocked


def test_a_quote_of_the_debrief_is_heard_in_its_answer(open_page: Open, interview: Path) -> None:
    page = loaded(open_page(interview))
    page.locator("#debrief details summary").first.click()
    link = page.locator("#debrief table a.source").first
    expect(link).to_have_attribute("href", "#answer-1")
    link.click()
    until(page, "document.querySelector('audio').currentTime > 0")
    assert page.url.endswith("#answer-1")


def test_on_paper_the_scorecards_are_open(open_page: Open, interview: Path) -> None:
    page = open_page(interview)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("[...document.querySelectorAll('#debrief details')].every((card) => card.open)")
