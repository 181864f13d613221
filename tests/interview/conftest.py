"""A scripted interview for each test, closed after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import Script, ScriptedDetector
from tests.interview.rooms import OpenRoom, Room
from voicemock.errors import DeviceError


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenRoom]:
    monkeypatch.setattr("voicemock.interview.listener.load_detector", lambda settings: ScriptedDetector())
    monkeypatch.setattr("voicemock.interview.listener.load_pitch_tracker", lambda: None)  # scripts have no melody
    rooms = []

    def open_room(*stretches: Any, **parts: Any) -> Room:
        script = Script(*stretches)
        if "unplugged_at_s" in parts:
            error = DeviceError("The microphone is gone. Plug it in again.")
            parts["microphone"] = script.microphone(fails_after_s=parts.pop("unplugged_at_s"), error=error)
        rooms.append(Room(tmp_path, script, **parts))
        return rooms[-1]

    yield open_room
    for opened in rooms:
        opened.close()
