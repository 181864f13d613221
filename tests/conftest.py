"""What every test stands on: no settings, no data and no caches of the person who runs them; and a keyboard."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from prompt_toolkit.input import PipeInput, create_pipe_input

os.environ["VOICEMOCK_CONFIG"] = str(Path(__file__).parent / "nobody" / "config.toml")  # what tests load when imported

settings.register_profile("voicemock", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("voicemock")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Take away the environment's settings, and keep settings file and sessions in a folder of this test."""
    for name in list(os.environ):
        if name.upper().startswith("VOICEMOCK_"):
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("VOICEMOCK_CONFIG", str(home / "config.toml"))
    monkeypatch.setenv("VOICEMOCK_DATA_DIR", str(home / "data"))
    return home


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[PipeInput]:
    """Play the terminal: what is sent to it was typed."""
    with create_pipe_input() as pipe:
        monkeypatch.setattr("prompt_toolkit.input.create_input", lambda: pipe)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        yield pipe
