"""Hostile names and words in what is printed, terminals that know no UTF-8, pipes that close, disks that are full."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("termios", reason="Windows has none")

from tests.commands import voicemock
from tests.hostile.outputs import check_plain
from tests.hostile.texts import ESCAPES, MARKUP
from tests.interviews import fixture_answer, keep
from tests.pseudo_terminal import PseudoTerminal
from voicemock.cli import app
from voicemock.cli.screen import TerminalScreen
from voicemock.content.questions import QuestionBank
from voicemock.report.terminal import Terminal

ROOT = Path(__file__).parents[2]
VOICEMOCK = (sys.executable, "-m", "voicemock")
TALK = (
    " ".join(escape for escape in ESCAPES if not "\ud800" <= escape <= "\udfff")
    + " um, we cut it by 40%. "
    + " ".join(MARKUP)
)
NAMES = ("a\nb.txt", "\x1b[31mred.txt", "\x9b31m.txt", "[red]x[bold].txt", "--json.txt", "\u202etxt.txt", "é.txt")
COMMANDS = (
    ("analyze", "talk.txt"),
    ("analyze", "talk.txt", "--json"),
    ("analyze", "gone.txt"),
    ("questions",),
    ("show",),
    ("show", "--json"),
    ("progress",),
    ("search", "team"),
    ("config",),
    ("time",),
    ("export", "--to", "out", "--force"),
    ("import", "talk.txt", "--story", "\x1b[31mName"),
    ("report", "--to", "page.html"),
    ("--help",),
    ("nonsense",),
)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with a hostile transcript, and a data folder with an interview."""
    keep(tmp_path / "data", fixture_answer("too-short"))
    (tmp_path / "talk.txt").write_text(TALK, encoding="utf-8")
    return tmp_path


def environment(here: Path, **changes: str) -> dict[str, str]:
    folders = {"VOICEMOCK_DATA_DIR": str(here / "data"), "VOICEMOCK_CONFIG": str(here / "config.toml")}
    return {**os.environ, "PYTHONPATH": str(ROOT), **folders, **changes}


def run(here: Path, *arguments: str | bytes, **changes: str) -> subprocess.CompletedProcess[bytes]:
    command = [*VOICEMOCK, *arguments]
    return subprocess.run(command, cwd=here, env=environment(here, **changes), capture_output=True, check=False)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_terminal_that_knows_ascii_only_reads_everything(here: Path, command: tuple[str, ...]) -> None:
    places = {name: str(value) for name, value in environment(here).items() if name.startswith("VOICEMOCK_")}
    changes = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "TERM": "dumb", "HOME": str(here)}
    arguments = [str(here / each) if each.endswith((".txt", ".html")) or each == "out" else each for each in command]
    with PseudoTerminal(*VOICEMOCK, *arguments, **places, **changes) as terminal:
        code = terminal.ends()
    assert code == {("analyze", "gone.txt"): 1, ("nonsense",): 2}.get(command, 0), terminal.written
    assert "Traceback" not in terminal.written
    assert terminal.written.isascii(), re.findall(r"[^\x00-\x7f]+", terminal.written)
    check_plain(terminal.written.replace("\r\n", "\n"))


OWN_COLORS = re.compile(r"\x1b\[[0-9;]*m")
OWN_QUESTION = """\
- id: own-hostile
  text: "Tell me \\e]52;c;ZXZpbA==\\a\\e]0;owned\\a\\e[2J about \\u202e\\x9b31m\\x9d0;it\\x9c [red]that[/red]."
  companies: ["[/x]\\e[2J", "[link=http://x]y[/link]"]
  strong_answer: ["\\e[2Jone", "two\\u2066"]
  common_mistakes: ["\\x9b31m"]
"""


@pytest.mark.parametrize(
    "command", [("questions",), ("questions", "--own"), ("questions", "own-hostile")], ids=" ".join
)
def test_a_question_of_ones_own_does_not_steer_the_terminal(
    home: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    (home / "questions").mkdir()
    (home / "questions" / "mine.yaml").write_text(OWN_QUESTION)
    result = voicemock(*command, color=True)
    assert result.exit_code == 0, result.output
    assert "[red]that[/red]" in result.output
    check_plain(OWN_COLORS.sub("", result.output))


def test_a_question_of_ones_own_does_not_steer_the_terminal_of_an_interview(home: Path) -> None:
    (home / "questions").mkdir()
    (home / "questions" / "mine.yaml").write_text(OWN_QUESTION)
    bank = QuestionBank.load()
    console = Terminal(file=io.StringIO(), width=80, force_terminal=True, color_system="standard")
    screen = TerminalScreen(console, bank)
    screen.ask(bank.get("own-hostile"), 1, 1, 1)
    screen.notice("\x1b[2J[red]x[/red]")
    shown = console.file.getvalue()
    assert "[red]that[/red]" in shown
    check_plain(OWN_COLORS.sub("", shown))


STEERING = "\x1b]0;owned\x07\x9b31m\u202e\x1b[2J"


@pytest.mark.parametrize(
    "command",
    [
        ("job", "add", "Acme", "--description", "talk.txt", "--company", STEERING),
        ("log", "add", "--company", f"Acme {STEERING}", "--round", STEERING, "--asked", f"Why us {STEERING}?"),
        ("log", "export", f"{STEERING}.json"),
        ("export", "--to", STEERING),
        ("report", "--no-open", "--to", f"{STEERING}.html"),
        ("progress", "--page", "--no-open", "--to", f"{STEERING}.html"),
        ("questions", "add", "Tell me about it now.", "--competency", "a"),
        ("stories", "add", f"Kafka {STEERING}", "--set", f"task={STEERING}"),
        ("delete", "--everything", "--data-dir", STEERING),
        ("time", STEERING),
    ],
)
def test_what_a_command_is_given_does_not_steer_the_terminal(
    here: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(here)
    for name, place in {"DATA_DIR": here / "data", "CONFIG": here / STEERING / "config.toml"}.items():
        monkeypatch.setenv(f"VOICEMOCK_{name}", str(place))
    (here / STEERING).mkdir()
    (here / STEERING / "config.toml").touch()
    check_plain(OWN_COLORS.sub("", voicemock(*command, color=True).output))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a file name is text")
def test_a_page_whose_name_is_no_text_is_told_with_a_sign_for_each_such_byte(here: Path) -> None:
    result = run(here, "report", "--no-open", "--to", b"caf\xe9.html")
    assert (result.returncode, result.stdout.strip()) == (0, bytes(here / "caf?.html"))
    assert b"caf%E9-answer-01.flac" in (here / "caf\udce9.html").read_bytes()


def test_everything_is_shown_through_what_takes_out_codes() -> None:
    sources = (ROOT / "voicemock").rglob("*.py")
    raw = {
        path.name: re.findall(r"\bConsole\(|\becho\(|(?<!\.)(?<!def )\bprint\(", path.read_text("utf-8"))
        for path in sources
    }
    assert {name: found for name, found in raw.items() if found} == {"output.py": ["echo("], "results.py": ["print("]}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_name_does_not_steer_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_there: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    if is_there:
        Path(name).write_text("We cut it by 40%.", encoding="utf-8")
    for command in (["analyze"], ["import", "--story", "x"]):
        result = CliRunner().invoke(app, [*command, "--", name], color=True)
        assert result.exit_code == (0 if is_there else 1)
        check_plain(result.output)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a file name is text")
@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_name_that_is_no_text_is_told(here: Path, is_there: bool) -> None:
    name = b"bad\xff\xfe.txt"
    if is_there:
        Path(os.fsdecode(os.fsencode(here) + b"/" + name)).write_text("We cut it by 40%.", encoding="utf-8")
    result = run(here, "analyze", "--", name)
    assert result.returncode == (0 if is_there else 1)
    assert b"Traceback" not in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize("command", [("questions",), ("analyze", "talk.txt", "--json"), ("--help",)])
def test_output_that_cannot_be_written_is_told(here: Path, command: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [*VOICEMOCK, *command], cwd=here, env=environment(here), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert result.returncode == 1
    assert result.stderr.decode() == "voicemock: The output cannot be written: No space left on device.\n"


@pytest.mark.parametrize("command", [("questions",), ("analyze", "talk.txt", "--json"), ("--help",)])
def test_a_pipe_that_closes_ends_it_without_a_word(here: Path, command: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    result = subprocess.run(
        [*VOICEMOCK, *command], cwd=here, env=environment(here), stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (result.returncode, result.stderr) == (141, b"")


def test_without_any_output_it_does_its_work(here: Path) -> None:
    closed = ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *VOICEMOCK, "analyze", "talk.txt"]
    assert subprocess.run(closed, cwd=here, env=environment(here), check=False).returncode == 0


def test_an_error_that_cannot_be_told_keeps_its_exit_code(here: Path) -> None:
    command = ["sh", "-c", 'exec "$@" 2>/dev/full', "sh", *VOICEMOCK, "show", "--data-dir", "/dev/null/x"]
    if Path("/dev/full").exists():
        assert subprocess.run(command, cwd=here, env=environment(here), check=False).returncode == 5


def test_an_argument_that_is_no_text_is_told(here: Path) -> None:
    result = run(here, "search", b"a\xffb")
    assert (result.returncode, result.stdout) == (1, b"")
    assert b"not UTF-8 text" in result.stderr
    assert b"Traceback" not in result.stderr


@pytest.mark.parametrize("command", [("compare",), ("reanalyze",), ("search", "x", "--loop")])
def test_any_argument_that_is_no_text_is_told(home: Path, command: tuple[str, ...]) -> None:
    result = voicemock(*command, os.fsdecode(b"a\xffb"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "not UTF-8 text" in result.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("questions", "add", "Tell me about it now", "--company"),
        ("questions", "add", "Tell me about it now", "--competency"),
        ("questions", "add"),
        ("job", "add", "Acme", "--description", "talk.txt", "--company"),
        ("job", "add", "--description", "talk.txt"),
        ("log", "add", "--company", "Acme", "--asked"),
        ("log", "add", "--company"),
        ("stories", "add", "Kafka", "-y", "--set", "task="),
        ("stories", "add", "Kafka", "--shows"),
        ("practice", "--competency"),
        ("import", "talk.txt", "--story"),
    ],
)
def test_text_that_is_no_text_is_refused_before_anything_is_kept(
    here: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(here)
    monkeypatch.setenv("VOICEMOCK_DATA_DIR", str(here / "data"))
    monkeypatch.setenv("VOICEMOCK_CONFIG", str(here / "config.toml"))
    *before, last = (*command, "") if not command[-1].endswith("=") else command
    result = voicemock(*before, last + os.fsdecode(b"caf\xe9\xff"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "not UTF-8 text. Type it in UTF-8" in result.stderr
    assert sorted(path.name for path in here.iterdir()) == ["data", "talk.txt"]
    assert not (here / "data" / "jobs").exists()
    assert not (here / "data" / "real").exists()
    assert voicemock("questions", "--own").exit_code == 0


@pytest.mark.parametrize("name", ["VOICEMOCK_DATA_DIR", "VOICEMOCK_CACHE_DIR"])
def test_a_folder_whose_name_is_no_text_is_told(here: Path, name: str) -> None:
    result = run(here, "sessions", **{name: str(here / "d\udcff")})
    assert result.returncode == 1
    assert b"its name is not UTF-8 text" in result.stderr


def test_a_nul_in_the_name_of_a_folder_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOICEMOCK_DATA_DIR")
    (home / "config.toml").write_text('data_dir = "a\\u0000b"')
    result = voicemock("sessions")
    assert result.exit_code == 1
    assert "its name is not UTF-8 text" in result.output


def test_a_job_named_with_long_ligatures_is_told() -> None:
    result = voicemock("job", "show", "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 40)
    assert result.exit_code == 1
    assert "Choose a shorter one" in result.output
