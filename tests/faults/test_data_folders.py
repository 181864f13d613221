"""Unusable data folders and databases, and one that two interviews share: real files, real processes."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import sleep

import pytest

from tests.faults.processes import SCRIPTED, Ended, Processes, answers
from tests.interviews import fixture_answer, keep
from voicemock.speech.audio_files import read_audio, write_audio
from voicemock.store.database import MIGRATIONS
from voicemock.store.store import Store

COMMANDS = ("practice", "sessions", "show", "doctor")


def run(processes: Processes, command: str, answer: Path, data: Path, **options: object) -> Ended:
    """Run a command; ``doctor`` tells what is wrong in its table, and what it misses of a sound card."""
    more: dict[str, tuple[object, ...]] = {
        "practice": ("--question", "failed-program", "--mic", answer, "--silent"),
        "doctor": ("--no-sound", "--mic", answer, "--voice", "silent"),
    }
    return processes.run(command, *more.get(command, ()), arranged=SCRIPTED, data_dir=data, **options)


def told(ended: Ended, command: str) -> str:
    """Return what a command that could not use the data folder said, by the exit code that it must have."""
    if command == "doctor":
        assert (ended.code, ended.stderr) == (1, "")
        return " ".join(ended.stdout.split())
    assert (ended.code, ended.stdout) == (5, "")
    return ended.told()


# --- the database ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an interview, closed by all."""
    data = tmp_path_factory.mktemp("whole") / "data"
    keep(data, fixture_answer("strong-story"))
    assert not (data / "voicemock.db-wal").exists()
    return data


def cut(database: Path) -> None:
    os.truncate(database, database.stat().st_size // 2)


def overwritten_in_the_middle(database: Path) -> None:
    with database.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xa5" * 20_000)


def a_text(database: Path) -> None:
    database.write_text("This is my diary.\n" * 1000, encoding="utf-8")


def of_a_newer_voicemock(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        connection.commit()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (cut, "The file is damaged. Move it away, or put a backup in its place."),
        (overwritten_in_the_middle, "The file is damaged. Move it away, or put a backup in its place."),
        (a_text, "The file is not a database. Move it away, or put a backup in its place."),
        (of_a_newer_voicemock, "was made by a newer voicemock"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_and_stays_as_it_is(
    processes: Processes, whole: Path, scripted: Path, damage: Callable[[Path], None], why: str, command: str
) -> None:
    shutil.copytree(whole, processes.data)
    database = processes.data / "voicemock.db"
    damage(database)
    before = database.read_bytes()
    ended = run(processes, command, scripted, processes.data)
    told_of = told(ended, command)
    assert "voicemock.db" in told_of
    assert why.split(". ")[0].rstrip(".") in told_of
    assert command == "doctor" or why in told_of
    assert database.read_bytes() == before


def test_a_database_without_a_byte_is_begun_anew_and_what_was_recorded_can_be_finished(
    processes: Processes, whole: Path, scripted: Path
) -> None:
    shutil.copytree(whole, processes.data)
    (processes.data / "voicemock.db").write_bytes(b"")
    (recording,) = processes.data.rglob("answer-01.flac")
    write_audio(recording, read_audio(scripted))
    assert run(processes, "practice", scripted, processes.data).code == 0
    recovered = processes.run("recover", "--all", "--yes", arranged=SCRIPTED)
    assert (recovered.code, recovered.complaints) == (0, "")
    with Store(processes.data) as store:
        assert len(store.overviews.sessions()) == 2
        assert store.integrity() is None


# --- the folder -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_a_data_folder_that_may_only_be_read_is_told(
    processes: Processes, whole: Path, scripted: Path, command: str
) -> None:
    disk = processes.mount(processes.folder / "disk", "size=4m,mode=700")
    disk.bring(whole)
    processes.mount(disk.folder, "remount,ro")
    data = disk.folder / ("new" if command == "sessions" else "data")
    assert "Read-only file system" in told(run(processes, command, scripted, data), command)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_in_the_place_of_the_data_folder_is_told(processes: Processes, scripted: Path, command: str) -> None:
    (processes.folder / "file").write_text("mine", encoding="utf-8")
    data = processes.folder / ("file/data" if command == "sessions" else "file")
    assert "cannot be written" in told(run(processes, command, scripted, data), command)
    assert (processes.folder / "file").read_text(encoding="utf-8") == "mine"


def test_a_data_folder_that_is_not_there_is_made(processes: Processes, scripted: Path) -> None:
    data = processes.folder / "a" / "new" / "folder"
    assert run(processes, "practice", scripted, data).code == 0
    with Store(data) as store:
        assert len(store.overviews.sessions()) == 1


def test_a_data_folder_with_files_of_others_keeps_them(processes: Processes, scripted: Path) -> None:
    (processes.data / "sessions").mkdir(parents=True)
    (processes.data / "unfinished").mkdir()
    names = ("sessions/notes.txt", "unfinished/notes.txt", "tax.pdf")
    for name in names:
        (processes.data / name).write_text("mine", encoding="utf-8")
    (processes.data / "sessions" / "holiday").mkdir()
    (processes.data / "sessions" / "holiday" / "answer-01.flac").write_text("mine", encoding="utf-8")
    for command in ("practice", "sessions", "show"):
        ended = run(processes, command, scripted, processes.data)
        assert (ended.code, ended.stderr) == (0, "")
    assert [(processes.data / name).read_text(encoding="utf-8") for name in names] == ["mine"] * len(names)


@pytest.mark.parametrize("model", ["scripted", pytest.param("tiny.en", marks=pytest.mark.models)])
def test_a_cache_folder_that_may_only_be_read_costs_nothing_but_time(
    processes: Processes, scripted: Path, spoken: Path, model: str
) -> None:
    disk = processes.mount(processes.folder / "disk", "size=1m,mode=700")
    processes.mount(disk.folder, "remount,ro")
    if model == "scripted":
        ended = run(processes, "practice", scripted, processes.data, cache_dir=disk.folder / "cache")
    else:
        ended = processes.run("analyze", spoken, "--json", model=model, cache_dir=disk.folder / "cache")
    assert (ended.code, ended.stderr) == (0, "")


# --- two interviews at once -----------------------------------------------------------------------------


def test_two_interviews_at_once_are_both_kept(processes: Processes, scripted: Path) -> None:
    files = ("--mic", scripted, "--silent")
    here = [processes.folder / name for name in ("first is here", "second is here")]
    pids = [
        processes.start(
            *("practice", "--question", "failed-program", *files),
            arranged=(*SCRIPTED, ("waiting for", str(each), str(other))),
        )
        for each, other in (here, reversed(here))
    ]
    for ended in [processes.wait(pid) for pid in pids]:
        assert (ended.code, ended.stderr) == (0, "")
        assert "recover" not in ended.stdout
    with Store(processes.data) as store:
        assert store.integrity() is None
        sessions = [store.sessions.find(each.id) for each in store.overviews.sessions()]
        assert len({session.id for session in sessions}) == 2
        for session in sessions:
            (answer,) = store.sessions.answers(session)
            assert answer.status == "answered"
            assert answer.assessment is not None
        assert store.unfinished.find(everything=True) == ()


@pytest.mark.parametrize("what", [("last",), ("--everything",)])
def test_an_interview_that_is_being_recorded_cannot_be_deleted(
    processes: Processes, scripted: Path, what: tuple[str, ...]
) -> None:
    listens, goes_on = (processes.folder / name for name in ("it listens", "it may go on"))
    pid = processes.start(
        *("practice", "--question", "failed-program", "--mic", scripted, "--silent"),
        arranged=(*SCRIPTED, ("waiting for", str(listens), str(goes_on))),
    )
    while not listens.exists():
        sleep(0.002)
    refused = processes.run("delete", *what, "--yes")
    goes_on.touch()
    assert refused.code == 5
    with Store(processes.data) as store:
        session = store.sessions.find()
    assert f"Session {session.id} is in use" in refused.told()
    interview = processes.wait(pid)
    assert (interview.code, interview.stderr) == (0, "")
    (answer,) = answers(processes.data)
    assert answer.assessment is not None
    assert processes.run("delete", *what, "--yes").code == 0
