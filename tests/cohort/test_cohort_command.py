from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.commands import voicemock
from voicemock.report.cohort import time_to_go_text

STORY = "Our checkout failed every Friday. I set up a queue and errors fell by 40%."
FIXTURES = Path(__file__).parents[2] / "fixtures" / "audio"


@pytest.fixture(autouse=True)
def stories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with written answers and a manifest of them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "b.md").write_text("I found that nobody owned the on-call rota, so I wrote one.")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00caf\xe9")
    (tmp_path / "list.csv").write_text(
        "path,candidate,question,date\na.txt,c-1,failed-program,2026-11-30\nb.md,c-2,,\nbad.txt,c-3,,\n"
    )
    return tmp_path


def rows(table: str) -> list[dict[str, object]]:
    columns = ["source", "candidate", "question_id", "kind" if table == "errors" else "word_count"]
    found: list[dict[str, object]] = pq.read_table(f"results/{table}", columns=columns).to_pylist()
    return [row | {"source": Path(str(row["source"])).name} for row in found]


def test_a_manifest_becomes_two_tables() -> None:
    result = voicemock("cohort", "run", "list.csv", "--to", "results", "--in-turn")
    assert result.exit_code == 1
    assert result.stdout == (
        "3 recordings: 2 answers and 1 error (1 had no text that can be used). Answers: results/answers. "
        "Errors: results/errors.\n"
    )
    assert [(row["source"], row["candidate"], row["question_id"]) for row in rows("answers")] == [
        *(("a.txt", "c-1", "failed-program"), ("b.md", "c-2", None)),
    ]
    assert [(row["source"], row["kind"]) for row in rows("errors")] == [("bad.txt", "transcript_file")]


def test_the_same_command_says_what_was_there() -> None:
    voicemock("cohort", "run", "*.md", "--to", "results", "--in-turn")
    result = voicemock("cohort", "run", "*.md", "--to", "results", "--in-turn")
    assert (result.exit_code, result.stdout) == (
        0,
        "1 recording: 1 answer and 0 errors. It was there already. Answers: results/answers.\n",
    )


def test_another_spelling_is_the_same_recording(stories: Path) -> None:
    voicemock("cohort", "run", "*.md", "--to", "results", "--in-turn")
    result = voicemock("cohort", "run", f"file://{stories.as_posix()}/*.md", "--to", "results", "--in-turn")
    assert "It was there already." in result.stdout
    assert [row["source"] for row in rows("answers")] == ["b.md"]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "told"),
    [
        (("nowhere", "--to", "results"), 1, "nowhere contains no recordings"),
        (("list.csv",), 2, "--to"),
        (("list.csv", "--to", "results", "--question", "no-such"), 1, "no-such"),
        (("list.csv", "--to", "results", "--address", "tcp://127.0.0.1:1", "--workers", "2"), 2, "--address alone"),
        (("list.csv", "--to", "a.txt"), 5, "a.txt cannot be written"),
        (
            ("list.csv", "--to", "s3://bucket/results"),
            1,
            "s3://bucket/results is an address, and nothing is written there",
        ),
        (("list.csv", "--to", "results", "--address", "http://127.0.0.1:1"), 1, "not the address of a Dask scheduler"),
        (("ftp://127.0.0.1:9/x.wav", "--to", "results"), 1, "ftp://127.0.0.1:9/x.wav cannot be read: Connection"),
    ],
)
def test_a_mistake_is_told(arguments: tuple[str, ...], exit_code: int, told: str) -> None:
    result = voicemock("cohort", "run", *arguments)
    assert result.exit_code == exit_code
    assert told in " ".join(result.output.replace("│", " ").split())


def test_results_inside_the_folder_are_no_recordings(stories: Path) -> None:
    (stories / "in").mkdir()
    (stories / "in" / "bad.wav").write_bytes(b"")
    for _ in range(2):
        result = voicemock("cohort", "run", "in", "--to", "in/results", "--in-turn")
        assert "1 recording: 0 answers and 1 error" in result.stdout


@pytest.mark.parametrize("doing", ["Reading", "Measuring"])
def test_a_run_that_is_stopped_says_what_it_was_doing(monkeypatch: pytest.MonkeyPatch, doing: str) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"voicemock.cohort.run.{'content_hash' if doing == 'Reading' else 'measure'}", stopped)
    result = voicemock("cohort", "run", "list.csv", "--to", "results", "--in-turn")
    assert result.exit_code == 130
    assert f"Stopped while {doing.lower()}, after 0 of 3. What was measured is saved" in result.output


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "voicemock.cohort.results", None)
    monkeypatch.setattr("voicemock.cli.cohort.NEEDED", ("voicemock.cohort.results",))
    result = voicemock("cohort", "run", "list.csv", "--to", "results")
    assert (result.exit_code, "pip install 'voicemock[cohort]'" in result.output) == (1, True)


def test_without_the_engine_a_loop_does_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicemock.cohort.engines.has_dask", lambda: False)
    result = voicemock("cohort", "run", "list.csv", "--to", "results")
    assert "measured one after another in this process" in result.output
    assert len(rows("answers")) == 2


@pytest.mark.parametrize(
    ("time_to_go_s", "expected"),
    [
        (None, ""),
        (10, "less than half a minute to go"),
        (60, "about a minute to go"),
        (430, "about 8 minutes to go"),
        (2500, "about 45 minutes to go"),
        (30_000, "about 9 hours to go"),
        (400_000, "about 5 days to go"),
    ],
)
def test_the_time_to_go_is_no_finer_than_it_is_known(time_to_go_s: float | None, expected: str) -> None:
    assert time_to_go_text(time_to_go_s) == expected


@pytest.mark.models
def test_the_engine_and_the_loop_give_the_same_rows(stories: Path) -> None:
    for name in ("too-short.flac", "keyboard.flac", "not-audio.flac", "empty.wav"):
        shutil.copy(FIXTURES / name, stories / name)
    for how in ("--in-turn", "--workers=2"):
        voicemock("cohort", "run", "*.*a*", "--to", f"results{how}", "--model", "tiny.en", how)
    for table in ("answers", "errors"):
        one, other = (pq.read_table(f"results{how}/{table}").sort_by("source") for how in ("--in-turn", "--workers=2"))
        assert one.num_rows == 2
        assert one.equals(other)
