"""``voicemock rewrite`` and ``--second-opinion``: own words without a model, and nobody is asked twice."""

from __future__ import annotations

import io
import json
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console

from tests.cli.test_tighten_command import EVIL, TEXT
from tests.coaching.language_model.scripted_server import Handler, saying, serving
from tests.commands import voicemock
from tests.interviews import fixture_answer, keep
from voicemock.cli import second_opinion
from voicemock.coaching.language_model.providers import FoundServer, agree
from voicemock.settings import SECOND_OPINION_FILE, load_settings

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema" / "rewrite.schema.json").read_text(encoding="utf-8"))
OLLAMA = FoundServer("Ollama", "http://127.0.0.1:11434/v1", ("qwen3:4b", "llama3.2"))


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "answer.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_without_a_model_it_is_all_in_own_words(text: Path):
    result = voicemock("rewrite", text, "--data-dir", text.parent / "data")
    assert result.exit_code == 0, result.output
    for expected in ("Your answer, rewritten", "no language model was asked", "Situation", "from 12 percent to 4"):
        assert expected in " ".join(result.output.split())


def test_a_kept_answer_and_its_json_fit_the_schema(tmp_path: Path):
    keep(tmp_path, fixture_answer("strong-story", 1))
    result = voicemock("rewrite", "last/1", "--json", "--data-dir", tmp_path)
    found = json.loads(result.stdout)
    jsonschema.validate(found, SCHEMA)
    assert (found["outcome"], found["model"]) == ("own_words", None)


def test_a_model_words_it_and_a_lie_is_refused(text: Path, monkeypatch: pytest.MonkeyPatch):
    worded = {
        "situation": ["I was at a freight company with four regions."],
        "task": ["My job was to get one number by the first of May."],
        "action": ["So I pulled the raw scans for two hundred shipments."],
        "result": ["We cut the late deliveries from 12 percent to 1 percent.", "You are in."],
    }
    with serving(lambda handler, request: handler.send(saying(json.dumps(worded)))) as server:
        monkeypatch.setenv("VOICEMOCK_LANGUAGE_MODEL", server.url)
        monkeypatch.setenv("VOICEMOCK_LANGUAGE_MODEL_NAME", "small")
        result = voicemock("rewrite", text, "--json", "--data-dir", text.parent / "data")
        off = voicemock("rewrite", text, "--json", "--no-second-opinion", "--data-dir", text.parent / "data")
        seen = len(server.requests)
    found = json.loads(result.stdout)
    said = [each["text"] for part in found["parts"] for each in part["sentences"]]
    assert (found["model"], found["outcome"]) == ("small", "rewritten")
    assert not any("1 percent." in each for each in said)
    assert any("from 12 percent to 4 percent" in each for each in said)
    assert found["refused"]
    assert (json.loads(off.stdout)["model"], seen) == (None, 1)


def test_the_seconds_that_are_set_are_those_of_a_rewrite_and_are_told(text: Path, monkeypatch: pytest.MonkeyPatch):
    def stall(handler: Handler, request: dict[str, object]) -> None:
        handler.rfile.read(1)  # returns when the client hangs up

    with serving(stall) as server:
        monkeypatch.setenv("VOICEMOCK_LANGUAGE_MODEL", server.url)
        monkeypatch.setenv("VOICEMOCK_LANGUAGE_MODEL_NAME", "small")
        monkeypatch.setenv("VOICEMOCK_LANGUAGE_MODEL_TIMEOUT_S", "0.2")
        result = voicemock("rewrite", text, "--data-dir", text.parent / "data")
    assert "small is writing, 0.2 s at most" in result.stderr
    assert "was not done in time" in " ".join(result.stdout.split())


def test_notes_without_a_model_and_a_model_that_is_not_asked_are_told(text: Path):
    data = text.parent / "data"
    assert "so they are not used" in voicemock("rewrite", text, "--notes", text, "--data-dir", data).stderr
    agree(data, "http://127.0.0.1:9/v1", "small")
    assert "--second-opinion asks it" in voicemock("rewrite", text, "--data-dir", data).stderr
    assert voicemock("rewrite", text, "--no-second-opinion", "--data-dir", data).stderr == ""


def test_a_model_that_may_see_quotes_only_is_not_asked_and_why_is_told(text: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VOICEMOCK_LANGUAGE_MODEL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("VOICEMOCK_LANGUAGE_MODEL_SHARES", "quotes")
    result = voicemock("rewrite", text, "--second-opinion", "--data-dir", text.parent / "data")
    assert 'language_model_shares = "quotes"' in " ".join(result.stderr.split())
    assert "no language model was asked" in " ".join(result.stdout.split())


def test_nothing_that_was_said_steers_the_terminal(text: Path):
    text.write_text(EVIL, encoding="utf-8")
    result = voicemock("rewrite", text, "--data-dir", text.parent / "data")
    assert "\x1b[31m" not in result.output
    assert "[bold]the raw scans[/bold]" in " ".join(result.output.split())


@pytest.mark.parametrize("options", [["--question", "failed-program", "--framework", "star"], ["--to", "soon"]])
def test_what_contradicts_itself_is_refused(text: Path, options: list[str]):
    assert voicemock("rewrite", text, *options).exit_code == 2


def test_notes_that_cannot_be_read_are_told(text: Path):
    result = voicemock("rewrite", text, "--notes", text.parent / "gone.txt")
    assert result.exit_code == 1
    assert "cannot be read as notes" in result.output


# --- asking once ---------------------------------------------------------------------------------------


def asked(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    reply: str,
    *,
    found: tuple[FoundServer, ...] = (OLLAMA,),
    is_there=True,
) -> tuple[str | None, str]:
    """Ask for a second opinion with this reply to the question; return the server's address and what was shown."""
    shown = io.StringIO()
    console = Console(file=shown, width=200)
    monkeypatch.setattr(second_opinion, "find_servers", lambda: found)
    monkeypatch.setattr(second_opinion, "is_anybody_there", lambda console: is_there)
    monkeypatch.setattr(console, "input", lambda question: (shown.write(str(question)) and reply) or reply)
    settings = second_opinion.with_second_opinion(console, load_settings(data_dir=folder, second_opinion=True))
    return settings.language_model, shown.getvalue()


def test_a_server_that_is_found_is_asked_about_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    url, shown = asked(tmp_path, monkeypatch, "y")
    assert url == OLLAMA.url
    assert "It would get what you say, as text." in shown
    again, shown = asked(tmp_path, monkeypatch, "", found=())
    assert (again, shown) == (OLLAMA.url, "")


@pytest.mark.parametrize("reply", ["", "n", "no", "what?"])
def test_anything_but_yes_is_no(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reply: str):
    url, shown = asked(tmp_path, monkeypatch, reply)
    assert url is None
    assert "It is not used." in shown
    assert not (tmp_path / SECOND_OPINION_FILE).exists()


def test_where_nobody_can_be_asked_it_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    url, shown = asked(tmp_path, monkeypatch, "y", is_there=False)
    assert url is None
    assert "needs your consent first" in shown


def test_where_none_is_found_it_goes_on_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    url, shown = asked(tmp_path, monkeypatch, "y", found=())
    assert url is None
    assert "Going on without one" in shown


def test_unless_one_is_wanted_nobody_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(second_opinion, "find_servers", lambda: pytest.fail("it looked"))
    for given in ({}, {"second_opinion": False}):
        settings = load_settings(data_dir=tmp_path, **given)
        assert second_opinion.with_second_opinion(Console(), settings).language_model is None


@pytest.mark.parametrize(
    ("arguments", "exit_code"), [(("--question", "no-such"), 1), (("--loop", "tpm", "--takes", "2"), 2)]
)
def test_what_cannot_be_practiced_is_told_before_it_looks_for_a_model(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], exit_code: int
) -> None:
    monkeypatch.setattr(second_opinion, "find_servers", lambda: pytest.fail("it looked"))
    assert voicemock("practice", "--second-opinion", *arguments).exit_code == exit_code
