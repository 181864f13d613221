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
    """Return the sources from here; each is absolute."""
    found = [each.source for each in find_recordings(place).recordings]
    assert all(Path(each).is_absolute() for each in found)
    return [Path(each).relative_to(Path.cwd()).as_posix() for each in found]


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
    assert [Path(each.source).name for each in found.recordings] == ["a.wav", "b.flac", "c.m4a"]
    assert found.others == 0


def test_a_folder_says_which_transcripts_it_left_out(takes: Path) -> None:
    assert find_recordings("takes").transcripts == 2


@pytest.mark.parametrize("place", ["takes", "takes/*", "takes/**"])
def test_what_is_no_recording_is_passed_over_and_counted(takes: Path, place: str) -> None:
    names = ("Thumbs.db", "plot.png", "list.csv", "run.py", "LICENSE", "other-results/answers/000001.parquet")
    for name in names:
        path = takes / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    found = find_recordings(place)
    assert {Path(each.source).name for each in found.recordings} <= {"a.wav", "b.flac", "c.m4a"}
    assert found.others == len(names) - (place == "takes/*")


@pytest.mark.parametrize(
    ("place", "expected"), [("takes/*.raw", ["takes/odd.raw"]), ("takes/odd.raw", ["takes/odd.raw"])]
)
def test_an_ending_that_is_named_is_taken(takes: Path, place: str, expected: list[str]) -> None:
    (takes / "odd.raw").write_text("sound")
    assert sources(place) == expected


def test_tables_are_never_recordings(takes: Path) -> None:
    (takes / "000001.parquet").write_text("")
    with pytest.raises(InputError, match="contains no recordings"):
        find_recordings("takes/*.parquet")


def test_a_folder_of_transcripts_says_how_to_measure_them(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_text("WEBVTT")
    with pytest.raises(InputError, match="To measure its transcripts, name them by a pattern"):
        find_recordings(str(tmp_path))


@pytest.mark.parametrize(
    "place",
    [
        "takes/b.flac",
        "./takes/../takes/*.flac",
        "{here}/takes/b.flac",
        "file://{here}/takes/*.flac",
        "list.csv",
        "urls.csv",
    ],
)
def test_a_file_has_one_spelling_wherever_it_is_named(takes: Path, place: str) -> None:
    here = takes.parent
    (here / "list.csv").write_text("path\n./takes/b.flac\n")
    (here / "urls.csv").write_text(f"path\nfile://{here.as_posix()}/takes/b.flac\n")
    (found,) = find_recordings(place.format(here=here.as_posix())).recordings
    assert (found.source, found.url) == (str(takes / "b.flac"),) * 2
    assert found.size_bytes


class _DeniedError(Exception):
    """An exception of a bucket's package, which is no OSError."""


@pytest.mark.parametrize("error", [_DeniedError("403 Forbidden"), ConnectionRefusedError(111, "Connection refused")])
def test_a_server_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr("fsspec.core.url_to_fs", refuse)
    with pytest.raises(
        InputError, match=r"ftp://127.0.0.1:9/x.wav cannot be read: (403 Forbidden|Connection refused)."
    ):
        find_recordings("ftp://127.0.0.1:9/x.wav")


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
        ("nosuch://bucket", "nosuch://bucket cannot be read: Protocol not known"),
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
        *(str(takes / "b.flac"), "c-1", "failed-program", dt.date(2026, 11, 30)),
    )
    assert (other.candidate, other.question_id, other.date) == (None, "conflict-with-peer", None)


def test_a_relative_path_counts_from_the_manifest(takes: Path) -> None:
    (takes / "list.csv").write_text("path\na.wav\n")
    (found,) = find_recordings("takes/list.csv").recordings
    assert (found.source, found.url) == (str(takes / "a.wav"),) * 2


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
        ("path\na.wav\na.wav\n", "row 3 names a.wav again"),
        ("path\na.wav\n\n./a.wav \n", r"row 4 names \./a.wav again"),
        ("path\na.wav\nnosuch://b/c.wav\n", "row 3: nosuch://b/c.wav cannot be read: Protocol not known"),
        ("path,question\na.wav,no-such\n", "row 2: There is no question 'no-such'"),
        ("path;candidate\na.wav;c-1\n", "separated by semicolons; voicemock needs commas"),
        ("path\tcandidate\na.wav\tc-1\n", "separated by tabs; voicemock needs commas"),
        ("path,date,path\na.wav,,b.wav\n", "has the column path more than once"),
        ("path,candidate,date\na.wav,c-1\n", "row 2 has 2 cells for 3 columns"),
        ("path,candidate\na.wav,c-1,x\n", "row 2 has 3 cells for 2 columns"),
        ("path,date\na.wav,30.11.2026\n", r"row 2: '30.11.2026' is not a date. Write 2026-11-30"),
    ],
)
def test_a_mistake_in_a_manifest_is_named(takes: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        find_recordings(manifest(text))


def test_unknown_questions_are_named_up_to_five(takes: Path) -> None:
    rows = "".join(f"{each}.wav,no-such-{each}\n" for each in range(8))
    with pytest.raises(InputError, match=r"no-such-0.*no-such-4.* Unknown, too: 3 other questions") as told:
        find_recordings(manifest(f"path,question\n{rows}"))
    assert "no-such-5" not in str(told.value)


def test_a_question_may_be_spelled_otherwise(takes: Path) -> None:
    (found,) = find_recordings(manifest("path,question\na.wav,Failed Program\n")).recordings
    assert found.question_id == "failed-program"


def test_columns_of_one_name_are_refused_in_parquet_too(takes: Path) -> None:
    pq.write_table(pa.table([pa.array(["a"]), pa.array(["b"])], names=["path", "path"]), "list.parquet")
    with pytest.raises(InputError, match="has the column path more than once"):
        find_recordings("list.parquet")


def test_a_manifest_that_is_no_parquet_is_refused(takes: Path) -> None:
    Path("list.parquet").write_text("path\na.wav\n")
    with pytest.raises(InputError, match=r"list.parquet is not a Parquet file"):
        find_recordings("list.parquet")
