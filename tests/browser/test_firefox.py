"""The interview in Firefox, whose microphone is a tone: the policy lets everything run that the page needs.

Without a sound card Firefox stops the sound of a page; Chromium does not.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tests.browser.firefox import firefox
from tests.browser.interview_pages import WORDS, AnySound
from tests.web.stages import Server
from voicemock.speech.clip import Samples
from voicemock.web.server import serving

pytestmark = pytest.mark.microphone


class AnyTone:
    """Takes for speech what is not silence."""

    def is_speech(self, frame: Samples) -> bool:
        return bool(np.abs(frame).max() > 0.05)


@pytest.mark.skipif(
    "VIRTUAL_AUDIO_EAR" not in os.environ,
    reason="needs the virtual sound card: scripts/virtual-audio -- pytest -m browser",
)
def test_an_interview_in_firefox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("voicemock.interview.listener.load_detector", lambda settings: AnyTone())
    monkeypatch.setattr("voicemock.web.screen.DRILL_OFFERED_S", 0.0)
    server, profile = Server(tmp_path, AnySound()), tmp_path / "profile"
    profile.mkdir()
    with (
        serving(server.settings, host="127.0.0.1", port=0, new_stage=lambda *_: server.stage) as (access, _wait),
        firefox(profile) as tab,
    ):
        tab.goto(access.url)
        assert tab.evaluate("document.title") == "Practice - voicemock"
        tab.goto(f"{access.address.origin}/interview?question=failed-program")
        tab.evaluate("document.getElementById('check').click()")
        tab.until("!document.getElementById('start').disabled")
        tab.until("document.getElementById('check-hint').textContent === 'Your voice is coming through.'")
        tab.evaluate("document.getElementById('start').click()")
        tab.until("document.getElementById('stage').dataset.phase === 'listening'")
        tab.until("/^(?!0:00)\\d+:\\d\\d of/.test(document.getElementById('clock').textContent)")
        tab.press("\ue007")  # Enter
        tab.until("!document.getElementById('finished').hidden")
        assert WORDS in tab.evaluate("document.getElementById('so-far').textContent")
        assert tab.evaluate("violations.join()") == ""
    assert server.statuses == ["answered"]
    assert tab.complaints == []
    assert [url for url in tab.requests if not url.startswith((access.address.origin, "data:"))] == []
