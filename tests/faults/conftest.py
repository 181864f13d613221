"""The warm process that all tests share, and the recordings that interviews hear."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.processes import APART, Processes, Server, can_mount
from tests.faults.program import ANSWER
from voicemock.speech.audio_files import read_audio, write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip

SPOKEN_S = 4.0


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The process that forks; it mounts disks if the system allows that."""
    if not sys.platform.startswith("linux"):
        pytest.skip("forks, signals and mounts are Linux's")
    server = Server(*(APART if can_mount() else ()))
    yield server
    server.close()


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that all tests share."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def processes(server: Server, cache: Path, tmp_path: Path) -> Processes:
    """What starts processes with a data folder of one test."""
    return Processes(server, tmp_path, cache)


@pytest.fixture(scope="session")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An answer for scripted ears."""
    path = tmp_path_factory.mktemp("scripted") / "answer.wav"
    write_audio(path, AudioClip(ANSWER.samples, LISTENING_RATE))
    return path


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first sentence of an answer, for real ears."""
    path = tmp_path_factory.mktemp("spoken") / "answer.wav"
    story = read_audio(Path(__file__).parents[2] / "fixtures" / "audio" / "strong-story.flac", LISTENING_RATE)
    write_audio(path, story.between(0.0, SPOKEN_S))
    return path
