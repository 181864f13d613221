"""Servers with scripted interviews, ended at the end of a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import ScriptedDetector
from tests.web.stages import Server

OpenServer = Callable[..., Server]


@pytest.fixture
def open_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenServer]:
    monkeypatch.setattr("voicemock.interview.listener.load_detector", lambda settings: ScriptedDetector())
    monkeypatch.setattr("voicemock.interview.listener.load_pitch_tracker", lambda: None)  # scripts have no melody
    monkeypatch.setattr("voicemock.report.listening.SHOWN_EVERY_S", 0.0)  # sound comes faster than life
    monkeypatch.setattr("voicemock.report.listening.NO_END_BEFORE_S", 0.0)
    monkeypatch.setattr("voicemock.web.screen.DRILL_OFFERED_S", 0.0)
    servers: list[Server] = []

    def open_server(*arguments: Any, **options: Any) -> Server:
        servers.append(Server(tmp_path, *arguments, **options))
        return servers[-1]

    yield open_server
    for server in servers:
        server.stage.stop()
