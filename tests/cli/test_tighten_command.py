"""``voicemock tighten``: a kept answer, a story or a file, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.commands import voicemock
from tests.interviews import STARTED, fixture_answer, keep
from voicemock.models import Story
from voicemock.store.store import Store

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema" / "tighten.schema.json").read_text(encoding="utf-8"))
TEXT = (
    "Okay, let me think of a good one. I was at a freight company with four regions. "
    "My job was to get one number by the first of May. I pulled the raw scans for, um, two hundred shipments. "
    "I decided to drop the regional clocks, because they were hours apart. "
    "We cut the late deliveries from 12 percent to 4 percent in two months."
)
EVIL = TEXT.replace("the raw scans", "[bold]the raw scans[/bold] \x1b[31mred")


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("day")
    keep(folder, fixture_answer("strong-story", 1), fixture_answer("triage-answer", 2))
    return folder


@pytest.mark.parametrize("columns", ["80", "40"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_an_answer_on_the_terminal(day, columns, encoding, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    result = voicemock("tighten", "last/1", "--to", "1:30", "--data-dir", day, encoding=encoding)
    assert result.exit_code == 0, result.output
    shown = " ".join(result.output.split())
    for expected in ("Your answer, tighter", "at your 1", "words a minute.", "Every cut", "kept", "cut", "[Uh,]"):
        assert expected in shown
    assert "2. " not in shown.split("Your answer, tighter")[0]


def test_json_has_an_object_an_answer_that_fits_the_schema(day):
    result = voicemock("tighten", "--json", "--data-dir", day)
    found = [json.loads(line) for line in result.output.splitlines()]
    assert len(found) == 2
    for each in found:
        jsonschema.validate(each, SCHEMA)
    assert found[0]["outcome"] == "tighter"
    assert found[0]["to_s"] == 120.0
    assert found[0]["is_own_pace"]


@pytest.mark.parametrize(("length", "to_s"), [("2:00", 120), ("2", 120), ("90", 90), ("1.5", 90), ("45s", 45)])
def test_the_length_is_read_as_people_write_it(tmp_path: Path, length: str, to_s: float):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    result = voicemock("tighten", path, "--to", length, "--json")
    assert json.loads(result.output)["to_s"] == to_s


@pytest.mark.parametrize(("asked", "to_s"), [((), 120.0), (("--question", "pitch-elevator"), 80.0)])
def test_the_usual_length_fits_the_question(tmp_path: Path, asked, to_s: float):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert json.loads(voicemock("tighten", path, *asked, "--json").output)["to_s"] == to_s


def test_a_file_is_tightened_without_being_kept(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    result = voicemock("tighten", path, "--data-dir", tmp_path / "data")
    assert result.exit_code == 0
    assert "since text has no pace" in " ".join(result.output.split())
    assert not list((tmp_path / "data").glob("sessions/*"))


def test_a_story_means_its_last_take(tmp_path: Path):
    with Store(tmp_path) as store:
        session = store.sessions.start(None, "0.1.0", STARTED, Story.named("Kafka"))
        store.sessions.add_answer(session, fixture_answer("strong-story").model_copy(update={"question": None}))
    assert "Kafka" in voicemock("tighten", "kafka", "--data-dir", tmp_path).output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("missing.txt",), 1, "missing.txt cannot be read"),
        (("nothing-of-the-kind",), 1, "No session 'nothing-of-the-kind'"),
        (("last/7",), 1, "7"),
        (("last", "--to", "soon"), 2, "is not a length"),
        (("last", "--to", "0"), 2, "is not a length"),
        (("a.txt", "--question", "failed-program", "--framework", "star"), 2, "not both"),
        (("a.txt", "--question", "no-such"), 1, "no-such"),
    ],
)
def test_bad_input_is_told(day, arguments, code, said):
    result = voicemock("tighten", *arguments, "--data-dir", day)
    assert result.exit_code == code
    assert said in " ".join((result.output + result.stderr).split())


def test_what_was_said_cannot_control_the_terminal(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_text(EVIL, encoding="utf-8")
    result = voicemock("tighten", path, "--to", "20")
    assert "\x1b" not in result.output
    assert "[bold]the raw scans[/bold]" in " ".join(result.output.split())
