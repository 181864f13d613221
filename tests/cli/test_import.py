"""``voicemock import``: files made elsewhere become takes like any other, and stay untouched."""

from __future__ import annotations

import json
import os
import stat
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.commands import voicemock
from tests.fakes import Script, ScriptedDetector, quiet, says
from voicemock.cli.import_files import _assess
from voicemock.errors import StorageError
from voicemock.models import Assessment
from voicemock.speech.audio_files import read_audio, write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.store.sessions import Take
from voicemock.store.store import Store

TEXT = "Um, our launch was late.\n\nI cut the scope. We shipped and cut tickets by 40 percent.\n"
ANSWER = Script(quiet(1.5), says("our launch was late so I cut the scope and we shipped on time", 9), quiet(1.5))
MADE = datetime(2026, 10, 31, 8, 30).astimezone()


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which files are imported, whatever the clock says."""
    monkeypatch.setattr("voicemock.cli.import_files.today", lambda: date(2026, 11, 30))


def kept(home: Path) -> list[Take]:
    with Store(home / "data") as store:
        return list(store.takes.all())


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.md"
    path.write_text(TEXT, encoding="utf-8")
    os.utime(path, (MADE.timestamp(), MADE.timestamp()))
    return path


@pytest.fixture
def recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("voicemock.api.transcriber_loader", lambda settings: ANSWER.transcriber)
    monkeypatch.setattr("voicemock.coaching.assess.load_detector", lambda settings: ScriptedDetector())
    path = tmp_path / "take.wav"
    write_audio(path, AudioClip(ANSWER.samples, LISTENING_RATE))
    os.utime(path, (MADE.timestamp(), MADE.timestamp()))
    return path


# --- what is kept --------------------------------------------------------------------------------------


def test_a_transcript_is_kept_as_it_is_with_its_files_date(notes: Path, home: Path) -> None:
    result = voicemock("import", notes, "--story", "Kafka migration")
    assert result.exit_code == 0, result.output
    ((session, answer),) = kept(home)
    assert result.stdout == f"{notes}: {session.id}, take 1 of Kafka migration, 16 words\n"
    assert (session.story, session.started_at, session.ended_at) == ("Kafka migration", MADE, MADE)
    assert (answer.status, answer.recorded_at, answer.audio_file, answer.timings) == ("answered", MADE, None, None)
    assert answer.assessment is not None
    assert (answer.assessment.transcript.text, answer.assessment.source) == (TEXT, str(notes))


def test_progress_is_written_in_lines_where_there_is_no_terminal(recording: Path, notes: Path, home: Path) -> None:
    result = voicemock("import", recording, notes, "--question", "failed-program")
    assert "Transcribing 1/2 take.wav ...\n" in result.stderr
    assert "2/2" not in result.stderr, "a text takes no time"


def test_a_recording_is_copied_for_its_owner_and_stays(recording: Path, home: Path) -> None:
    before = recording.read_bytes()
    result = voicemock("import", recording, "--question", "failed-program")
    assert result.exit_code == 0, result.output
    assert result.stdout.endswith("failed-program, 0:08\n") or result.stdout.endswith("failed-program, 0:09\n")
    ((session, answer),) = kept(home)
    copy = home / "data" / "sessions" / session.id / "answer-01.flac"
    assert (answer.audio_file, answer.assessment.source) == (copy.name, str(copy))
    assert answer.question.id == "failed-program"
    assert read_audio(copy).duration_s == pytest.approx(12)
    assert os.name == "nt" or stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert recording.read_bytes() == before


def test_with_a_date_takes_keep_the_order_they_were_given_in(notes: Path, tmp_path: Path, home: Path) -> None:
    (tmp_path / "a.txt").write_text("I was first no more.", encoding="utf-8")
    voicemock("import", notes, tmp_path / "a.txt", "--story", "Kafka", "--date", "2026-02-28")
    first, second = kept(home)
    assert first.answer.assessment.source == str(notes)
    assert [f"{take.session.started_at.astimezone():%Y-%m-%d %H:%M:%S}" for take in (first, second)] == [
        "2026-02-28 12:00:00",
        "2026-02-28 12:00:01",
    ]


def test_a_story_keeps_its_framework_unless_another_is_asked_for(notes: Path, home: Path) -> None:
    voicemock("import", notes, "--story", "Kafka", "--framework", "triage", "--date", "2026-02-27")
    voicemock("import", notes, "--story", "kafka", "--date", "2026-02-28")
    voicemock("import", notes, "--story", "KAFKA", "--framework", "star", "--date", "2026-03-01")
    found = [take.answer.assessment.analysis.structure.framework for take in kept(home)]
    assert found == ["triage", "triage", "star"]
    assert {take.session.story for take in kept(home)} == {"Kafka"}


# --- what is refused -----------------------------------------------------------------------------------


def test_a_file_that_fails_is_told_and_the_others_are_kept(notes: Path, tmp_path: Path, home: Path) -> None:
    for name, content in (("empty.txt", b" \n"), ("latin.txt", b"caf\xe9"), ("no.wav", b"no sound")):
        (tmp_path / name).write_bytes(content)
    names = [tmp_path / name for name in ("gone.txt", "empty.txt", "latin.txt", "no.wav")]
    result = voicemock("import", *names, notes, "--story", "Kafka")
    assert result.exit_code == 1
    problems = [line for line in result.stderr.splitlines() if not line.startswith("Transcribing")]
    assert [line.startswith("voicemock: ") for line in problems] == [True] * 4
    assert "empty.txt contains no words" in result.stderr
    assert len(kept(home)) == 1
    assert len(list((home / "data" / "sessions").iterdir())) == 1


def test_nothing_is_deleted_under_an_import(notes: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = []

    def assess(*given: Any) -> Assessment:
        outcomes.append(voicemock("delete", "--everything", "--yes"))
        return _assess(*given)

    monkeypatch.setattr("voicemock.cli.import_files._assess", assess)
    result = voicemock("import", notes, notes, "--story", "Kafka migration")
    assert result.exit_code == 0, result.output
    assert len(kept(home)) == 2
    assert [outcome.exit_code for outcome in outcomes] == [5, 5]
    assert all("in use by another voicemock" in outcome.stderr for outcome in outcomes)
    assert list((home / "data" / "unfinished").iterdir()) == []


def test_a_recording_without_speech_leaves_nothing(recording: Path, home: Path) -> None:
    write_audio(recording, AudioClip(0 * ANSWER.samples, LISTENING_RATE))
    result = voicemock("import", recording, "--story", "Kafka")
    assert (result.exit_code, kept(home)) == (1, [])
    assert "No speech was found" in result.stderr
    assert voicemock("time").stdout.startswith("No stories yet")


def test_a_full_disk_leaves_no_half_a_take(recording: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, clip: AudioClip) -> None:
        raise StorageError(f"{path} cannot be written. Is the disk full?")

    monkeypatch.setattr("voicemock.interview.imports.write_audio", refuse)
    result = voicemock("import", recording, "--story", "Kafka")
    assert result.exit_code == 1
    assert "Is the disk full?" in result.stderr
    assert list((home / "data" / "sessions").iterdir()) == []


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--story", "a", "--question", "failed-program"],
        ["--question", "failed-program", "--framework", "star"],
        ["--story", "a", "--date", "28.2.2026"],
    ],
)
def test_wrong_usage_is_told_before_anything_is_done(notes: Path, home: Path, options: list[str]) -> None:
    assert voicemock("import", notes, *options).exit_code == 2
    assert not (home / "data").exists()


@pytest.mark.parametrize("options", [["--question", "nope"], ["--story", "!"], ["--story", "a", "--framework", "nope"]])
def test_a_name_that_is_none_is_told(notes: Path, home: Path, options: list[str]) -> None:
    result = voicemock("import", notes, *options)
    assert (result.exit_code, result.stdout) == (1, "")


# --- a transcript has no sound --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (["sessions"], "Kafka, take 2"),
        (["show"], "not measured"),
        (["show", "kafka", "--json"], '"timings":null'),
        (["compare", "kafka"], "not measured"),
        (["search", "scope"], "I cut the *scope*"),
        (["report", "--no-open"], "report.html"),
        (["reanalyze", "--all", "--again"], "2 measured again"),
        (["time"], "Kafka"),
        *((["export", "--format", form, "--to", "OUT"], form) for form in ("md", "json", "csv")),
    ],
)
def test_commands_cope(notes: Path, tmp_path: Path, command: list[str], shown: str) -> None:
    for day in ("2026-02-27", "2026-02-28"):
        voicemock("import", notes, "--story", "Kafka", "--date", day)
    result = voicemock(*(str(tmp_path / "out") if word == "OUT" else word for word in command))
    assert result.exit_code == 0, result.output
    assert shown in result.stdout


def test_there_is_nothing_to_play(notes: Path) -> None:
    voicemock("import", notes, "--story", "Kafka")
    for options in ([], ["--answer", "1"], ["--filler", "1"]):
        result = voicemock("play", "kafka", *options)
        assert result.exit_code == 1
        assert "Answer 1 has no recording to play" in result.stderr
    assert voicemock("export", "--format", "audio").exit_code == 1
    assert voicemock("export", "--format", "srt").exit_code == 1


def test_what_was_exported_of_an_import_is_what_is_kept(notes: Path, tmp_path: Path, home: Path) -> None:
    voicemock("import", notes, "--story", "Kafka")
    exported = Path(voicemock("export", "--format", "json", "--to", tmp_path).stdout.strip())
    ((session, answer),) = kept(home)
    document = json.loads(exported.read_text(encoding="utf-8"))
    assert document["session"]["id"] == session.id
    assert document["answers"][0]["transcript"]["text"] == answer.assessment.transcript.text
    assert document["answers"][0]["timings"] is None


@pytest.mark.parametrize(
    ("day", "exit_code", "told"),
    [("2026-11-30", 0, "Kafka"), ("2026-12-01", 1, "2026-12-01 is in the future")],
)
def test_a_take_of_tomorrow_is_refused(notes: Path, home: Path, day: str, exit_code: int, told: str) -> None:
    result = voicemock("import", notes, "--story", "Kafka", "--date", day)
    assert result.exit_code == exit_code
    assert told in " ".join(result.output.split())
    assert len(kept(home)) == (exit_code == 0)
