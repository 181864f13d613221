"""A disk that is full at any file: told in a line, and what was recorded before is found again once there is space."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.fakes import Script, ScriptedDetector, quiet, says
from tests.interviews import fixture_answer, keep
from voicemock.api import open_interview
from voicemock.cli import app
from voicemock.content.questions import QuestionBank
from voicemock.errors import StorageError
from voicemock.interview import answer_store
from voicemock.interview.recovery import open_recovery
from voicemock.settings import Settings, load_settings
from voicemock.speech.audio_files import RecordingFile, write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.speech.desk import SoundDesk
from voicemock.store.sessions import Sessions
from voicemock.store.store import Store
from voicemock.store.unfinished import Marks

SCRIPT = Script(says("our launch was late so I cut the scope and we shipped on the day", 12), quiet(8))
QUESTION = QuestionBank.load().get("failed-program")


class SmallDisk:
    """Four megabytes, in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        with (self.folder / "fill").open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))

    def free(self) -> None:
        (self.folder / "fill").unlink()


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    mount = shutil.which("mount") if sys.platform == "linux" else None
    folder = tmp_path / "small"
    folder.mkdir()
    command = [str(mount), "-t", "tmpfs", "-o", "size=4M", "tmpfs", str(folder)]
    if mount is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root on Linux only")
    monkeypatch.chdir(tmp_path)
    yield SmallDisk(folder)
    os.chdir(tmp_path)  # nobody unmounts where somebody stands
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def settings(disk: SmallDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for module in ("api", "interview.recovery"):
        monkeypatch.setattr(f"voicemock.{module}.transcriber_loader", lambda settings: SCRIPT.transcriber)
    for module in ("coaching.assess", "interview.listener"):
        monkeypatch.setattr(f"voicemock.{module}.load_detector", lambda settings: ScriptedDetector())
    monkeypatch.setattr(SoundDesk, "open_microphone", lambda self: SCRIPT.microphone())
    write_audio(tmp_path / "x.wav", AudioClip(SCRIPT.samples, LISTENING_RATE))
    return load_settings(data_dir=disk.folder / "data", mic=str(tmp_path / "x.wav"), voice="silent")


def before_call(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, number: int, act: Callable[[], None]) -> None:
    """Do something before the so-manieth call of a function."""
    usual, calls = getattr(owner, name), []

    def counted(*arguments: Any, **options: Any) -> Any:
        calls.append(name)
        if len(calls) == number:
            act()
        return usual(*arguments, **options)

    monkeypatch.setattr(owner, name, counted)


@pytest.mark.parametrize(
    ("owner", "name", "call", "is_recorded"),
    [
        pytest.param(Marks, "put", 1, False, id="mark"),
        pytest.param(RecordingFile, "append", 101, True, id="recording"),
        pytest.param(Sessions, "add_answer", 1, True, id="database"),
        pytest.param(answer_store, "compress_recording", 1, True, id="FLAC"),
        pytest.param(Sessions, "add_answer", 2, True, id="database, FLAC written"),
        pytest.param(Sessions, "add_answer", 3, True, id="database, analyzed"),
    ],
)
def test_a_full_disk_costs_no_answer(
    disk: SmallDisk,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    call: int,
    is_recorded: bool,
) -> None:
    before_call(monkeypatch, owner, name, call, disk.fill)
    with open_interview(settings, [QUESTION]) as interview, suppress(StorageError):
        interview.run()
    disk.free()
    with Store(settings.data_dir) as store, open_recovery(settings, store, "0.1.0") as recovery:
        assert store.integrity() is None
        for left in store.unfinished.find(everything=True):
            recovery.finish(left)
        kept = store.sessions.answers(store.sessions.find())
        assert [answer.assessment is not None for answer in kept] == [True] * is_recorded
        assert store.unfinished.without_recordings() == ()
        assert store.integrity() is None


COMMANDS = {
    "export": ("export", "last", "--format", "json"),
    "report": ("report", "last", "--no-open"),
    "progress": ("progress", "--page"),
    "reanalyze": ("reanalyze", "--all", "--again"),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_what_writes_onto_a_full_disk_says_so_and_leaves_what_was_kept(
    disk: SmallDisk, command: tuple[str, ...]
) -> None:
    data = disk.folder / "data"
    kept = keep(data, fixture_answer("strong-story"))
    os.chdir(disk.folder)
    disk.fill()
    result: Result = CliRunner().invoke(app, [*command, "--data-dir", str(data)])
    assert (result.exit_code, result.stdout) == (5, ""), result.output
    assert result.stderr.startswith("voicemock: ")
    assert "space" in result.stderr or "full" in result.stderr
    disk.free()
    with Store(data) as store:
        assert store.integrity() is None
        assert store.sessions.answers(kept) == (fixture_answer("strong-story"),)
