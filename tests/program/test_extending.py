"""The pages on extending voicemock: their examples run as they stand there."""

from __future__ import annotations

import os
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from tests.commands import lines, python, voicemock
from voicemock.analysis.lexicon import Lexicon
from voicemock.settings import load_settings

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str, language: str) -> list[str]:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_a_question_of_ones_own_is_listed_and_shown(home: Path) -> None:
    (block,) = blocks("extend-question", "yaml")
    (home / "questions").mkdir()
    (home / "questions" / "mine.yaml").write_text(block, encoding="utf-8")
    assert [line["id"] for line in lines("questions", "list", "--own")][1] == "two-vendors"
    shown = " ".join(voicemock("questions", "two-vendors").stdout.split())
    assert "Names the date by which the program has to choose" in shown


def test_the_command_that_adds_a_question_works() -> None:
    (command,) = re.findall(
        r"^    voicemock (questions add .*)$", (DOCS / "extend-question.md").read_text("utf-8"), re.M
    )
    assert voicemock(*shlex.split(command)).exit_code == 0
    (line,) = lines("questions", "list", "--company", "acme")
    assert line["competency"] == "conflict"


def test_a_filler_of_ones_own_counts(home: Path) -> None:
    (block,) = blocks("extend-phrases", "toml")
    (home / "config.toml").write_text(block, encoding="utf-8")
    wanted = tuple(tomllib.loads(block)["extra_fillers"])
    assert load_settings().extra_fillers == wanted
    assert Lexicon.load(extra_fillers=wanted).extra_fillers
    (home / "said.txt").write_text("To be fair, the launch was late and I cut the scope.", encoding="utf-8")
    (line,) = lines("analyze", home / "said.txt")
    assert [filler["text"].lower().strip(",") for filler in line["analysis"]["fillers"]] == ["to be fair"]


def test_a_phrase_is_heard(tmp_path: Path) -> None:
    (block,) = blocks("extend-phrases", "python")
    assert python(block, tmp_path).splitlines() == ["So I took it to the VP. True", "She took it well. False"]


def test_a_voice_of_ones_own_speaks(tmp_path: Path) -> None:
    (code,) = blocks("extend-engine", "python")
    (entry,) = blocks("extend-engine", "toml")
    ((group, named),) = tomllib.loads(entry)["project"]["entry-points"].items()
    (tmp_path / "beeps.py").write_text(code, encoding="utf-8")
    info = tmp_path / "beeps-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: beeps\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        f"[{group}]\n" + "".join(f"{name} = {place}\n" for name, place in named.items()), encoding="utf-8"
    )
    used = (
        "from voicemock.settings import load_settings\n"
        "from voicemock.speech.engines import load_synthesizer\n"
        "voice, notice = load_synthesizer(load_settings(voice='beeps:880', rate=120))\n"
        "print(voice.name, notice, voice.synthesize('Tell me more.').duration_s)\n"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    assert python(used, tmp_path, PYTHONPATH=path) == "beeps None 1.5\n"


def test_a_measure_of_ones_own_is_computed(tmp_path: Path) -> None:
    (block,) = blocks("extend-measure", "python")
    assert python(block, tmp_path) == "3 sentences, the middle one has 4 words\n"


@pytest.mark.parametrize("page", ["extend-question", "extend-phrases", "extend-engine", "extend-measure"])
def test_every_example_is_run_by_a_test_here(page: str) -> None:
    found = {language: len(blocks(page, language)) for language in ("python", "yaml", "toml")}
    assert 1 <= sum(found.values()) <= 2
    assert max(found.values()) == 1
