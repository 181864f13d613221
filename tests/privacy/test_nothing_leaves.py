"""An interview, its pages and exports, and an analysis: all work without a network, readable by the owner only."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from tests.privacy.program import SECRET
from tests.privacy.sandbox import HERE, ROOT, Watched, run_watched
from voicemock.cli import app
from voicemock.store.store import Store

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="namespaces and strace are Linux's")


class Done(NamedTuple):
    """What was done, where, and what was seen of it."""

    home: Path
    watched: Watched


def folders(home: Path) -> dict[str, str]:
    """Settings that keep everything in one folder."""
    return {
        "VOICEMOCK_CONFIG": str(home / "config.toml"),
        "VOICEMOCK_DATA_DIR": str(home / "data"),
        "VOICEMOCK_CACHE_DIR": str(home / "cache"),
    }


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("private")
    home = folder / "home"
    home.mkdir(mode=0o700)
    environment = {**folders(home), "PYTHONPATH": str(HERE / "fake_voice")}
    command = [sys.executable, "-m", "tests.privacy.program", home]
    return Done(home, run_watched(command, folder / "seen", environment))


def test_everything_works_without_a_network(done: Done) -> None:
    assert SECRET in done.watched.stdout
    assert (done.home / "pages" / "review.html").is_file()
    assert len(list((done.home / "exports").iterdir())) == 8


def test_nothing_asks_for_a_network(done: Done) -> None:
    assert done.watched.asked == ()
    assert done.watched.connections == []


def test_a_language_model_is_asked_at_its_own_address_and_nobody_else(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    proxies = dict.fromkeys(("http_proxy", "HTTP_PROXY", "ALL_PROXY"), "http://192.0.2.1:3128")
    environment = {**folders(home), **proxies, "VOICEMOCK_LANGUAGE_MODEL": "http://127.0.0.1:9/v1"}
    command = [sys.executable, "-m", "tests.privacy.program", home]
    seen = run_watched(command, tmp_path / "seen", {**environment, "PYTHONPATH": str(HERE / "fake_voice")})
    reached = [line for line in seen.asked if line.startswith(("socket.connect", "socket.send", "socket.bind"))]
    assert reached, "it was asked for a second opinion"
    assert [line for line in reached if not line.endswith("('127.0.0.1', 9))")] == []
    assert [line for line in seen.asked if "192.0.2.1" in line or SECRET.lower() in line.lower()] == []


def test_the_sandbox_sees_who_asks(tmp_path: Path) -> None:
    asks = "import socket\ntry: socket.create_connection(('192.0.2.1', 9))\nexcept OSError: pass"
    seen = run_watched([sys.executable, "-c", asks], tmp_path / "hooked", {})
    assert [line.split()[0] for line in seen.asked] == ["socket.getaddrinfo"]
    seen = run_watched([sys.executable, "-I", "-S", "-c", asks], tmp_path / "bare", {})
    assert any("192.0.2.1" in call or "AF_INET" in call for call in seen.connections)


@pytest.mark.parametrize(
    ("command", "exit_codes"), [(("analyze", "answer.wav", "--model", "small"), [1]), (("doctor",), [0, 1])]
)
def test_what_is_missing_is_not_fetched(tmp_path: Path, command: tuple[str, ...], exit_codes: list[int]) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "answer.wav").touch()
    whole = [sys.executable, "-m", "voicemock", *(str(home / part) if "." in part else part for part in command)]
    seen = run_watched(whole, tmp_path / "seen", {**folders(home), "HF_HOME": str(home / "hub")}, exit_codes)
    assert seen.asked == ()
    assert [call for call in seen.connections if "AF_INET" in call] == []  # doctor may ask a sound server


def test_files_and_folders_are_their_owners_alone_from_the_first_moment(done: Done) -> None:
    made = done.watched.made
    assert {path for path, _ in made} >= {
        done.home / "data",
        done.home / "data" / "voicemock.db",
        done.home / "data" / "voicemock.db-wal",
        done.home / "cache",
        done.home / "exports",
    }
    assert [(str(path), oct(mode)) for path, mode in made if mode & 0o077] == []


def test_nothing_is_written_outside_the_folders_of_the_user(done: Done) -> None:
    assert [path for path, _ in done.watched.made if done.home not in path.parents and path != Path("/dev/null")] == []


def test_temporary_sound_is_made_in_the_cache_folder_and_gone(done: Done) -> None:
    made = [path for path, _ in done.watched.made]
    spoken = [path for path in made if path.name == "speech.wav"]
    assert spoken
    assert {path.parent.parent for path in spoken} == {done.home / "cache" / "temporary"}
    assert list((done.home / "cache" / "temporary").iterdir()) == []


def test_no_word_of_the_answer_is_in_an_argument_or_the_environment(done: Done) -> None:
    assert len(done.watched.started) >= 3  # the program, and a child for each text that was said
    assert [call for call in done.watched.started if SECRET.lower() in call.lower()] == []


def test_no_word_of_the_answer_is_in_the_cache_or_beside_the_data(done: Done) -> None:
    kept = [path for path in done.home.rglob("*") if path.is_file()]
    told = {path.relative_to(done.home).parts[0] for path in kept if SECRET.encode() in path.read_bytes()}
    assert told == {"data", "exports", "pages", "notes.txt", "questions"}
    assert any((done.home / "cache" / "speech").iterdir())


def test_what_is_deleted_is_in_no_file_any_more(done: Done, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(done.home / "data", tmp_path / "data")
    monkeypatch.setenv("VOICEMOCK_DATA_DIR", str(tmp_path / "data"))
    with Store(tmp_path / "data") as store:
        names = [overview.id for overview in store.overviews.sessions()]
        for take in tuple(store.takes.all()):
            store.takes.reassess(take, take.answer.assessment, datetime.now(UTC))
    shutil.copy(tmp_path / "data" / "voicemock.db", tmp_path / "data" / "voicemock.db.version-1.bak")
    assert len(names) == 2
    assert (tmp_path / "data" / "progress.html").exists()
    material = [["stories", "delete", "Kafka migration", "--yes"], ["job", "remove", "Amazon TPM", "--yes"]]
    material.append(["log", "delete", "last", "--yes"])
    for command in [*(["delete", name, "--yes"] for name in names), *material]:
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, result.output
    kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert [path.name for path in kept if SECRET.lower().encode() in path.read_bytes().lower()] == []
    assert [path.name for path in kept] == ["voicemock.db"]


@pytest.mark.models
@pytest.mark.parametrize(("voice", "kept"), [("piper", {"models", "speech"}), ("pyttsx3", {"models", "temporary"})])
def test_nor_does_anything_with_the_real_models(tmp_path: Path, voice: str, kept: set[str]) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    recording = ROOT / "fixtures" / "audio" / "too-short.flac"
    files = ["--mic", recording, "--speaker", home / "interviewer.wav"]
    commands = [
        ["practice", "--question", "failed-program", *files, "--voice", voice, "--model", "tiny.en", "--json"],
        ["report", "--no-open"],
        ["analyze", recording, "--model", "tiny.en", "--json"],
    ]
    for number, command in enumerate(commands if voice == "piper" else commands[:1]):
        whole = [sys.executable, "-m", "voicemock", *command]
        seen = run_watched(whole, tmp_path / f"seen-{number}", folders(home))
        assert seen.asked == ()
        assert seen.connections == []
        assert [(path, oct(mode)) for path, mode in seen.made if mode & 0o077] == []
        assert [path for path, _ in seen.made if home not in path.parents and path != Path("/dev/null")] == []
        assert "storage" in seen.stdout or command[0] == "report"
    assert {path.name for path in (home / "cache").iterdir()} == kept
