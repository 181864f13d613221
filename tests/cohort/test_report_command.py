from __future__ import annotations

import csv
import io
import re
import stat
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.cohort.made import answer, cohort, error, write
from tests.commands import voicemock

MARKUP = "<img src=x onerror=alert(1)>\n\N{RIGHT-TO-LEFT OVERRIDE}</td><script>alert(2)</script>"
FORMULA = '=HYPERLINK("http://x","y")'
DOCS = Path(__file__).parents[2] / "docs" / "cohort.md"


def page_of(results: Path, *options: object) -> str:
    result = voicemock("cohort", "report", results, "--no-open", *options)
    assert result.exit_code == 0, result.output
    return (results / "report" / "report.html").read_text(encoding="utf-8")


def rows_of(results: Path, name: str) -> list[dict[str, str]]:
    text = (results / "report" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def repeated(candidate: str, count: int = 6, question: str = "failed-program") -> list[dict[str, object]]:
    """Answers of several candidates on two days; one has this name."""
    names = [candidate, *(f"c-{each}" for each in range(1, count))]
    return [
        answer(f"{day}/{place}.flac", name, question, day=day) for day in (1, 9) for place, name in enumerate(names)
    ]


def test_it_writes_a_page_and_three_tables(tmp_path: Path) -> None:
    result = voicemock("cohort", "report", write(tmp_path, cohort(6)), "--no-open")
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'report' / 'report.html'}\n")
    names = sorted(path.name for path in (tmp_path / "report").iterdir())
    assert names == ["candidates.csv", "findings.csv", "measures.csv", "report.html"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    page_of(write(tmp_path, cohort(6)))
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "report").iterdir()} == {0o600}


def test_the_page_is_one_file_that_runs_no_script_of_others(tmp_path: Path) -> None:
    page = page_of(write(tmp_path, cohort(6)))
    assert "default-src &#39;none&#39;" in page
    assert not re.findall(r'(?:src|href)="(?!#)', page)


def test_a_hostile_name_is_a_name(tmp_path: Path) -> None:
    page = page_of(write(tmp_path, repeated(MARKUP)), "--names")
    assert "&lt;img src=x onerror=alert(1)&gt; &lt;/td&gt;" in page
    assert "<img" not in page
    assert "<script>alert" not in page
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in page


def test_a_hostile_question_is_words(tmp_path: Path) -> None:
    page = page_of(write(tmp_path, cohort(6, MARKUP, competency=MARKUP)))
    assert "<img" not in page
    assert [row["group"] for row in rows_of(tmp_path, "measures.csv") if row["grouped_by"] == "question"]


@pytest.mark.parametrize("name", [FORMULA, "+1", "-1", "@SUM(A1)", "\tx\r\n=1"])
def test_a_spreadsheet_computes_no_name(tmp_path: Path, name: str) -> None:
    page_of(write(tmp_path, repeated(name)), "--names")
    (cell,) = {row["candidate"] for row in rows_of(tmp_path, "candidates.csv")} - {f"c-{each}" for each in range(1, 6)}
    assert cell[0] not in "=+-@\t"


def test_without_names_nothing_written_holds_one(tmp_path: Path) -> None:
    rows = [*repeated("Ada Lovelace"), answer("Ada Lovelace/story.flac", "Ada Lovelace", None)]
    page_of(write(tmp_path, rows, [error("Ada Lovelace/broken.flac", "Ada Lovelace")]))
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "report").iterdir()]
    assert not [text for text in texts if "Lovelace" in text]
    assert len(rows_of(tmp_path, "candidates.csv")) == 6


def test_the_numbers_of_page_and_csv_are_the_same(tmp_path: Path) -> None:
    page = page_of(write(tmp_path, [*cohort(6, words_per_minute=150.0), *cohort(3, first=9, words_per_minute=None)]))
    (row,) = [r for r in rows_of(tmp_path, "measures.csv") if (r["grouped_by"], r["measure"]) == ("all", "pace")]
    assert (row["measured"], row["not_measured"], row["median"]) == ("6", "3", "150")
    assert "<strong>150</strong>" in page
    assert "6, 3 not measured" in page


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (cohort(4), "There are fewer than 5 candidates, so no numbers are shown."),
        (
            [answer(f"{each}.flac") for each in range(9)],
            "9 of the answers name no candidate and count as those of one.",
        ),
        ([*cohort(5, analysis_version=98), *cohort(5, "b", analysis_version=99)], "Versions 98, 99 of the rules"),
        ([*cohort(5), *cohort(4, first=5, words_per_minute=None)], "5, 4 not measured"),
        ([*cohort(4), *cohort(5, first=5, words_per_minute=None)], "<strong>fewer than 5 candidates</strong>"),
        (cohort(5, words_per_minute=None), "<strong>not measured</strong>"),
    ],
)
def test_it_says_what_is_not_known(tmp_path: Path, rows: list[dict[str, object]], told: str) -> None:
    assert told in page_of(write(tmp_path, rows))


def test_errors_are_counted(tmp_path: Path) -> None:
    broken = [error("a.flac", "c-1"), error("b.flac", "c-2"), error("c.flac", "c-3", kind="unreadable")]
    page = page_of(write(tmp_path, cohort(5), broken))
    assert "3 recordings could not be measured: 2 had no sound that can be used, 1 could not be read." in page


def test_an_answer_that_lacks_sound_has_no_length_and_nothing_missing(tmp_path: Path) -> None:
    source = {"track": 1, "tracks": 1, "channels": 1, "heard_channels": [1], "is_inverted": False}
    lost = source | {"lost": [{"at_s": 60.0, "lost_s": 61.5}]}
    page = page_of(write(tmp_path, [*cohort(5), *cohort(2, first=5, audio_source=lost)]))
    assert "Sound of 2 recordings could not be decoded, as when a file was cut off." in page
    for measure in ("length_s", "missing_parts", "severity"):
        (row,) = [r for r in rows_of(tmp_path, "measures.csv") if (r["grouped_by"], r["measure"]) == ("all", measure)]
        assert (row["measured"], row["not_measured"]) == ("5", "2")


def test_only_errors_are_a_report_too(tmp_path: Path) -> None:
    assert "could not be measured" in page_of(
        write(tmp_path, errors=[error(f"{each}.flac", str(each)) for each in range(5)])
    )


def test_what_is_not_packed_is_told(tmp_path: Path) -> None:
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal" / "000002.jsonl").write_text("")
    assert "What it has not packed yet is not in here" in page_of(write(tmp_path, cohort(5)))


@pytest.mark.parametrize("name", ["a[1]b", "what?", "all*", "it's"])
def test_any_folder_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "a1b").mkdir()
    assert "6 answers of 6 candidates" in page_of(write(tmp_path / name, cohort(6)))


def test_elsewhere_nothing_is_written_over_unless_told(tmp_path: Path) -> None:
    results, to = write(tmp_path / "results", cohort(5)), tmp_path / "elsewhere"
    to.mkdir()
    (to / "measures.csv").write_text("mine")
    result = voicemock("cohort", "report", results, "--no-open", "--to", to)
    assert (result.exit_code, "already exists" in result.output) == (1, True)
    assert [path.name for path in to.iterdir()] == ["measures.csv"]
    assert voicemock("cohort", "report", results, "--no-open", "--to", to, "--force").exit_code == 0
    assert (to / "report.html").exists()


@pytest.mark.parametrize("is_named", [False, True])
def test_again_it_replaces_its_own(tmp_path: Path, is_named: bool) -> None:
    page_of(write(tmp_path, cohort(5)))
    assert "6 answers" in page_of(write(tmp_path, cohort(6)), *(["--to", tmp_path / "report"] if is_named else []))


@pytest.mark.parametrize("address", ["mysql://me@db/training", "s3://bucket/report"])
def test_an_address_of_something_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.chdir(tmp_path)
    result = voicemock("cohort", "report", write(tmp_path / "results", cohort(5)), "--to", address)
    assert (result.exit_code, "is an address, and nothing is written there" in result.output) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


@pytest.mark.parametrize(
    ("exit_code", "told", "content"),
    [
        (1, "holds no results", None),
        (5, "is not a Parquet file of voicemock", b"nonsense"),
        (5, "is not a Parquet file", b""),
    ],
)
def test_what_is_no_result_is_told(tmp_path: Path, exit_code: int, told: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "answers").mkdir()
        (tmp_path / "answers" / "000001.parquet").write_bytes(content)
    result = voicemock("cohort", "report", tmp_path, "--no-open")
    assert result.exit_code == exit_code
    assert told in " ".join(result.output.split())


def test_a_file_without_a_number_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, cohort(5)) / "answers" / "000001.parquet"
    path.with_name("new.parquet").write_bytes(path.read_bytes())
    result = voicemock("cohort", "report", tmp_path, "--no-open")
    assert (result.exit_code, "new.parquet is not a Parquet file" in " ".join(result.output.split())) == (5, True)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, cohort(6)) / "answers" / "000001.parquet"
    content = bytearray(path.read_bytes())
    content[4:2000] = bytes(1996)
    path.write_bytes(content)
    result = voicemock("cohort", "report", tmp_path, "--no-open")
    assert (result.exit_code, "cannot be read" in result.output) == (5, True)


@pytest.mark.parametrize("version", [None, b"2"])
def test_columns_of_another_version_are_refused(tmp_path: Path, version: bytes | None) -> None:
    path = write(tmp_path, cohort(5)) / "answers" / "000001.parquet"
    metadata = {b"voicemock_cohort_schema": version} if version else None
    pq.write_table(pq.read_table(path, partitioning=None).replace_schema_metadata(metadata), path)
    result = voicemock("cohort", "report", tmp_path, "--no-open")
    assert (result.exit_code, "this voicemock reads 1" in " ".join(result.output.split())) == (1, True)


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "voicemock.cohort.database", None)
    monkeypatch.setattr("voicemock.cli.cohort.NEEDED", ("voicemock.cohort.database",))
    result = voicemock("cohort", "report", tmp_path)
    assert (result.exit_code, "pip install 'voicemock[cohort]'" in result.output) == (1, True)


def test_a_person_is_taken_out_as_the_documentation_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = write(tmp_path, [*cohort(6, first=3), answer("no-name.flac"), *cohort(1, "b", first=7)])
    monkeypatch.chdir(results)
    (command,) = re.findall(r"`(copy \(.*?)`", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    duckdb.execute(command.replace("c-07", "c-7"))
    Path("new.parquet").replace("answers/000001.parquet")
    assert "6 answers of 6 candidates" in page_of(results)


def queries() -> list[str]:
    """The queries of the documentation, which begin with a comment."""
    blocks = re.findall(r"(?:^    .*\n|^\n)+", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    return [block for block in blocks if block.strip().startswith("--")]


@pytest.mark.parametrize("query", queries(), ids=lambda query: query.strip().splitlines()[0].strip("- "))
def test_the_queries_of_the_documentation_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    write(
        tmp_path / "RESULTS",
        [*repeated("c-0"), *cohort(6, "b", missing=["result"], priorities=["no_number"])],
        [error("x.flac")],
    )
    monkeypatch.chdir(tmp_path)
    assert duckdb.execute(query).fetchall()


def test_there_are_four_queries() -> None:
    assert len(queries()) == 4
