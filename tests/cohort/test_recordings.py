from __future__ import annotations

import datetime as dt
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from voicemock.cohort.recordings import find_recordings
from voicemock.errors import InputError


@pytest.fixture
def takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("takes/b.flac", "takes/a.wav", "takes/deep/c.m4a", "takes/.DS_Store", "takes/a.vtt", "takes/note.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "takes"


def sources(place: str) -> list[str]:
    return [each.source for each in find_recordings(place).recordings]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("takes", ["takes/a.wav", "takes/b.flac", "takes/deep/c.m4a"]),
        ("takes/*.flac", ["takes/b.flac"]),
        ("takes/**/*.m4a", ["takes/deep/c.m4a"]),
        ("takes/*.vtt", ["takes/a.vtt"]),
        ("takes/note.txt", ["takes/note.txt"]),
    ],
)
def test_a_place_names_recordings(takes: Path, place: str, expected: list[str]) -> None:
    assert sources(place) == expected


@pytest.mark.parametrize("name", ["take[1].flac", "take *.flac", "what?.flac"])
def test_a_file_that_is_there_is_no_pattern(takes: Path, name: str) -> None:
    (takes / name).write_text(name)
    assert sources(f"takes/{name}") == [f"takes/{name}"]


def test_what_a_run_has_written_is_no_recording(takes: Path) -> None:
    for name in ("answers/000001.parquet", "report/report.html"):
        path = takes / "results" / name
        path.parent.mkdir(parents=True)
        path.write_text("")
    found = find_recordings("takes", results=Path("takes/results"))
    assert [each.source for each in found.recordings] == ["takes/a.wav", "takes/b.flac", "takes/deep/c.m4a"]


def test_a_folder_says_which_transcripts_it_left_out(takes: Path) -> None:
    assert find_recordings("takes").transcripts == 2


def test_an_absolute_place_gives_absolute_names(takes: Path) -> None:
    assert sources(str(takes / "*.flac")) == [str(takes / "b.flac")]


def test_every_worker_gets_an_absolute_path(takes: Path) -> None:
    (found,) = find_recordings("takes/*.flac").recordings
    assert (found.url, found.size_bytes) == (str(takes / "b.flac"), len("takes/b.flac"))


def test_an_address_names_files_of_its_own_file_system() -> None:
    bucket = fsspec.filesystem("memory")
    bucket.pipe("/bucket/takes/a.flac", b"sound")
    (found,) = find_recordings("memory://bucket/takes").recordings
    assert (found.source, found.url, found.size_bytes) == (*["memory:///bucket/takes/a.flac"] * 2, 5)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("nowhere", "nowhere contains no recordings"),
        ("takes/*.ogg", "contains no recordings"),
        ("nosuch://bucket", "nosuch://bucket cannot be opened"),
    ],
)
def test_a_place_without_recordings_is_refused(takes: Path, place: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        find_recordings(place)


def manifest(text: str) -> str:
    Path("list.csv").write_text(text, encoding="utf-8")
    return "list.csv"


def test_a_manifest_says_who_answered_what_and_when(takes: Path) -> None:
    place = manifest(
        "path,candidate,question,date,cohort\ntakes/b.flac,c-1,failed-program,2026-11-30,x\ntakes/a.wav,,,,\n"
    )
    one, other = find_recordings(place, "conflict-with-peer").recordings
    assert (one.source, one.candidate, one.question_id, one.date) == (
        *("takes/b.flac", "c-1", "failed-program", dt.date(2026, 11, 30)),
    )
    assert (other.candidate, other.question_id, other.date) == (None, "conflict-with-peer", None)


def test_a_relative_path_counts_from_the_manifest(takes: Path) -> None:
    (takes / "list.csv").write_text("path\na.wav\n")
    (found,) = find_recordings("takes/list.csv").recordings
    assert (found.source, found.url) == ("takes/a.wav", str(takes / "a.wav"))


def test_a_manifest_may_name_a_file_that_is_missing(takes: Path) -> None:
    assert sources(manifest("path\ngone.wav\n")) == ["gone.wav"]


def test_a_manifest_may_be_parquet(takes: Path) -> None:
    columns = {"path": ["takes/a.wav"], "date": [dt.datetime(2026, 11, 30, 9)], "candidate": [7]}
    pq.write_table(pa.table(columns), "list.parquet")
    (found,) = find_recordings("list.parquet").recordings
    assert (found.candidate, found.date) == ("7", dt.date(2026, 11, 30))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("file\na.wav\n", "has no column path"),
        ("path\n", "names no recording"),
        ("path,candidate\n,c-1\n", r"list.csv, row 2 has no path"),
        ("path\na.wav\na.wav\n", "names a.wav more than once"),
        ("path\na.wav\n./a.wav \n", "names a.wav more than once"),
        ("path,date\na.wav,30.11.2026\n", r"row 2: '30.11.2026' is not a date. Write 2026-11-30"),
    ],
)
def test_a_mistake_in_a_manifest_is_named(takes: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        find_recordings(manifest(text))


def test_a_manifest_that_is_no_parquet_is_refused(takes: Path) -> None:
    Path("list.parquet").write_text("path\na.wav\n")
    with pytest.raises(InputError, match=r"list.parquet is not a Parquet file"):
        find_recordings("list.parquet")
