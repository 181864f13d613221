"""A whole interview spoken into Chromium's microphone, with the real Whisper: every word arrives."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jiwer
import pytest
import soundfile
from playwright.sync_api import Page

from tests.browser.conftest import Launch
from tests.browser.interview_pages import microphone_flags
from tests.interviews import AUDIO
from voicemock import api
from voicemock.models import Answer, Assessment
from voicemock.settings import load_settings
from voicemock.store.store import Store

SPOKEN = AUDIO / "too-short.flac"

PLAYED_ON_DEMAND = """
// The candidate speaks when told to: the device plays its file from the beginning each time it is opened.
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
let context, heard, before;
navigator.mediaDevices.getUserMedia = async (wanted) => {
  context ??= new AudioContext();
  heard ??= context.createMediaStreamDestination();
  globalThis.speak = async () => {
    before?.getTracks().forEach((track) => track.stop());
    before = await open(wanted);
    await context.resume();
    context.createMediaStreamSource(before).connect(heard);
  };
  return heard.stream;
};
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "voicemock", "serve", "--no-open", "--data-dir", str(tmp_path / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        yield program.stdout.readline().strip()
        program.terminate()
        assert program.wait(60) == 143


@pytest.fixture
def page(launch: Launch, tmp_path: Path, address: str) -> Iterator[Page]:
    recording = tmp_path / "answer.wav"
    soundfile.write(recording, *soundfile.read(SPOKEN), subtype="PCM_16")
    browser = launch(microphone_flags(Path(f"{recording}%noloop")))
    context = browser.new_context(permissions=["microphone"])
    context.add_init_script(PLAYED_ON_DEMAND)
    page = context.new_page()
    page.set_default_timeout(240_000)
    page.goto(address)
    yield page
    browser.close()


@pytest.mark.models
def test_two_questions_and_a_follow_up(tmp_path: Path, page: Page):
    page.goto(f"{page.url}interview?pillar=behavioral&count=2&follow_ups=1")
    page.get_by_role("button", name="Check the microphone").click()
    page.get_by_role("button", name="Start").click()
    while True:
        page.wait_for_selector("#stage[data-phase=listening], #finished:not([hidden])")
        if page.locator("#finished").is_visible():
            break
        page.evaluate("speak()")
        page.wait_for_selector("#clock:is(.below, .inside, .above, .far_above)")
        page.wait_for_selector("#stage:not([data-phase=listening]), #finished:not([hidden])")
    with Store(tmp_path / "data") as store:
        answers = store.sessions.answers(store.sessions.find("last"))
    expected = api.analyze(SPOKEN, settings=load_settings())
    assert len([answer for answer in answers if answer.follows is None]) == 2
    assert [answer.follows for answer in answers].count(1) == 1
    for answer in answers:
        heard_as(answer, expected)


def heard_as(answer: Answer, expected: Assessment) -> None:
    """Check that an answer came through the browser as the file reads."""
    assert answer.assessment is not None
    assert answer.overflows == 0
    assert answer.timings is not None
    assert answer.timings.feedback_started_s is not None
    heard, wanted = (spoken_words(each.transcript.text) for each in (answer.assessment, expected))
    assert jiwer.wer(wanted, heard) <= 0.02
    fillers = [
        [spoken_words(filler.text) for filler in each.analysis.fillers] for each in (answer.assessment, expected)
    ]
    assert fillers[0] == fillers[1]


def spoken_words(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum() or char in " '")
