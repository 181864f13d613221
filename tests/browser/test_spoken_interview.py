"""A whole interview spoken into Chromium's microphone, with the real Whisper: every word arrives and is kept."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jiwer
import pytest
import soundfile
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Launch
from tests.browser.interview_pages import HEARD, PATIENCE_MS, SPOKEN_ON_DEMAND, STAGED, WATCHED, microphone_flags
from tests.interviews import AUDIO
from voicemock import api
from voicemock.models import Answer, Assessment
from voicemock.settings import load_settings
from voicemock.store.store import Store

pytestmark = [pytest.mark.models, pytest.mark.microphone]

FROM_S = 11.0
"""The answer is the end of a recording: 17 s with two filled pauses."""
AWAY_S = 10.0
"""The socket is cut for this long."""
MID_ANSWER_S = 5.0
MOST_MISHEARD = 0.2
"""Characters of an answer that was cut off, against the whole: two words of its last ones, and their ends before."""
LISTENING = STAGED.format("listening")
SHOWN = "#stage:not([hidden])"
WAITING = "[data-phase=listening], [data-phase=speaking], [data-phase=drill]"
FINISHED = "#finished:not([hidden])"


@dataclass
class Program:
    """``voicemock serve``, and the address that it printed."""

    data_dir: Path
    process: subprocess.Popen[str] = field(init=False)
    url: str = ""

    def start(self) -> None:
        command = [sys.executable, "-m", "voicemock", "serve", "--no-open", "--data-dir", str(self.data_dir)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()

    def end(self, number: int) -> int:
        """End it with a signal, and return its exit code."""
        self.process.send_signal(number)
        self.process.communicate(timeout=60)
        return self.process.returncode

    def answers(self) -> tuple[Answer, ...]:
        """The answers of the last session."""
        with Store(self.data_dir) as store:
            return store.sessions.answers(store.sessions.find("last"))


@dataclass
class Held:
    """What an interview in a page left behind.

    Attributes:
        answers: As they are kept.
        clips: What was played after each of them, up to the next question.
        told: What the page said while it had no microphone.
    """

    answers: tuple[Answer, ...] = ()
    clips: list[list[dict[str, Any]]] = field(default_factory=list)
    told: str = ""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("microphone") / "answer.wav"
    samples, rate = soundfile.read(AUDIO / "too-short.flac")
    soundfile.write(path, samples[round(FROM_S * rate) :], rate, subtype="PCM_16")
    return path


@pytest.fixture(scope="module")
def expected(recording: Path) -> Assessment:
    return api.analyze(recording, settings=load_settings())


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("spoken") / "data")
    program.start()
    yield program
    assert program.end(signal.SIGTERM) == 143


@pytest.fixture(scope="module")
def context(launch: Launch, recording: Path) -> Iterator[BrowserContext]:
    browser: Browser = launch(microphone_flags(Path(f"{recording}%noloop")))
    context = browser.new_context()
    context.add_init_script(WATCHED + SPOKEN_ON_DEMAND + HEARD)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    browser.close()


@pytest.fixture(scope="module")
def held(program: Program, context: BrowserContext) -> Held:
    """Two questions and a follow-up, with a microphone that is denied first, a socket cut off, and a reload."""
    held, page = Held(), context.new_page()
    page.goto(program.url)
    page.goto(f"{page.url}interview?pillar=behavioral&count=2&follow_ups=1")
    page.get_by_role("button", name="Check the microphone").click()
    expect(page.locator("#problem")).to_be_visible()
    held.told = page.locator("#problem-text").text_content() or ""
    context.grant_permissions(["microphone"])
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="Start").click()
    for disturbed in (None, cut, reloaded):
        listens(page)
        page.evaluate("speak()")
        if disturbed:
            disturbed(page)
        page.wait_for_selector("#clock:is(.below, .inside, .above, .far_above)")
        page.evaluate("clips.length = 0")
        page.wait_for_selector(f"{SHOWN}:not([data-phase=listening]), {FINISHED}")
        is_asked = listens(page)
        held.clips.append(page.evaluate("clips"))
    if is_asked:  # a follow-up to the second answer
        page.keyboard.press("q")
        page.get_by_role("button", name="End it").click()
    page.wait_for_selector(FINISHED)
    held.answers = program.answers()
    page.close()
    return held


def listens(page: Page) -> bool:
    """Skip what the interviewer says, until it listens or the interview has ended; return whether it listens."""
    while True:
        page.wait_for_selector(
            f"{SHOWN}:is([data-phase=listening], [data-phase=speaking], [data-phase=drill]), {FINISHED}"
        )
        if page.locator(FINISHED).count():
            return False
        phase = page.locator("#stage").get_attribute("data-phase")
        if phase == "listening":
            return True
        page.keyboard.press("Enter")
        page.wait_for_selector(f"{SHOWN}:not([data-phase={phase}]), {FINISHED}")


def cut(page: Page) -> None:
    """Cut the socket in mid-answer, for as long as the next ten seconds of it."""
    spoken(page, 1.0)
    page.evaluate("isCut = true; sockets.at(-1).close()")
    expect(page.locator("#problem-text")).to_contain_text("The connection to voicemock was lost")
    spoken(page, 1.0 + AWAY_S)
    page.evaluate("isCut = false")


def reloaded(page: Page) -> None:
    """Reload the tab in mid-answer; the candidate begins the answer again."""
    spoken(page, MID_ANSWER_S)
    page.reload()
    page.wait_for_selector(LISTENING)
    expect(page.locator("#problem")).to_be_hidden()
    page.evaluate("speak()")


def spoken(page: Page, seconds: float) -> None:
    """Wait until this much was said. Playwright's own waiting is stopped by the page's policy."""
    page.evaluate(
        """(seconds) => new Promise((done) => {
            const look = () => spokenFor() >= seconds ? done() : setTimeout(look, 50);
            look();
        })""",
        seconds,
    )


def words(assessment: Assessment | None) -> list[str]:
    assert assessment is not None
    return re.sub(r"[^a-z0-9' ]", "", assessment.transcript.text.lower()).split()


def fillers(assessment: Assessment | None) -> list[str]:
    assert assessment is not None
    return [re.sub(r"\W", "", filler.text.lower()) for filler in assessment.analysis.fillers]


def wer(wanted: list[str], heard: list[str]) -> float:
    return float(jiwer.wer(" ".join(wanted), " ".join(heard)))


def test_two_questions_and_a_follow_up_were_answered(held: Held):
    answered = [answer for answer in held.answers if answer.status == "answered"]
    assert [answer.follows for answer in answered] == [None, 1, None]
    assert [answer.overflows for answer in answered] == [0, 0, 0]


@pytest.mark.parametrize("place", [0, 1], ids=["as it is", "with the socket cut"])
def test_an_answer_reads_as_its_file(held: Held, expected: Assessment, place: int):
    heard = held.answers[place].assessment
    assert wer(words(expected), words(heard)) <= 0.02
    assert fillers(heard) == fillers(expected)
    assert len(fillers(expected)) >= 2


def test_an_answer_goes_on_in_a_page_that_was_reloaded(held: Held, expected: Assessment):
    heard, whole = words(held.answers[2].assessment), words(expected)
    assert wer(whole, heard[-len(whole) :]) <= 0.02
    assert heard[: -len(whole)][:4] == whole[:4]
    assert fillers(held.answers[2].assessment)[-len(fillers(expected)) :] == fillers(expected)


def test_the_feedback_is_heard(held: Held):
    for clips in held.clips:
        assert clips[0]["seconds"] > 0.5
        assert clips[0]["peak"] > 0.1
    assert all(answer.timings and answer.timings.feedback_started_s is not None for answer in held.answers[:3])


def test_a_denied_microphone_is_told(held: Held):
    assert "allow the microphone, then try again" in held.told


def test_a_killed_server_is_started_again_and_the_answer_finished(
    program: Program, context: BrowserContext, expected: Assessment
):
    context.grant_permissions(["microphone"])
    page = context.new_page()
    page.goto(program.url)
    page.goto(f"{page.url}interview?question=failed-program&silent=true")
    page.get_by_role("button", name="Check the microphone").click()
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(LISTENING)
    page.evaluate("speak()")
    expect(page.locator("#clock")).to_have_text(re.compile(r"0:0[5-9] of"))
    assert program.end(signal.SIGKILL) == -signal.SIGKILL
    expect(page.locator("#problem-text")).to_contain_text("Is voicemock serve still running?")
    program.start()
    page.goto(program.url)
    offer = page.get_by_text("An interview ended in the middle of an answer")
    expect(offer).to_be_visible()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="What do you want to practice?")).to_be_visible()
    expect(offer).to_be_hidden()
    (answer,) = program.answers()
    heard = words(answer.assessment)
    assert len(heard) >= 6
    wanted = words(expected)[: len(heard)]
    # It was cut off in the middle of a word. With less after them, words end otherwise: "talk" for "talked".
    assert jiwer.cer(" ".join(wanted), " ".join(heard)) <= MOST_MISHEARD
