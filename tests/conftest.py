"""Isolates every test from the settings, data and caches of the person who runs it; and plays a keyboard."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from prompt_toolkit.input import PipeInput, create_pipe_input

from tests.skips import pytest_make_collect_report, pytest_runtest_makereport

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]

for library in ("OMP", "OPENBLAS"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")  # before numpy is imported: there is a test process a core
os.environ["VOICEMOCK_CONFIG"] = str(Path(__file__).parent / "nobody" / "config.toml")  # what tests load when imported

settings.register_profile("quick", deadline=None, derandomize=bool(os.environ.get("CI")), max_examples=25)
settings.register_profile("nightly", deadline=None, max_examples=200)
settings.load_profile(os.environ.get("VOICEMOCK_HYPOTHESIS", "quick"))


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
