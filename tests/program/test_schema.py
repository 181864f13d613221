"""The published JSON Schema is the one the program keeps to."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import jsonschema
import pytest

from tests.commands import voicemock

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs" / "schema"

STORY = """Our checkout was slow when I joined the payments team. I had to bring it under one second.
I profiled it with two engineers and moved the ledger reads to a cache. Um, we cut p99 latency by 40 percent."""


def published(name: str) -> dict[str, object]:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


def test_published_schemas_are_those_of_the_models():
    written = runpy.run_path(str(ROOT / "scripts" / "write-schema"))["schemas"]()
    assert {path.name: path.read_text(encoding="utf-8") for path in SCHEMAS.glob("*.json")} == written


@pytest.mark.parametrize("text", [STORY, "", "no", "Ne govorim engleski. 🙂"])
def test_what_analyze_prints_fits(tmp_path: Path, text: str):
    path = tmp_path / "answer.txt"
    path.write_text(text, encoding="utf-8")
    result = voicemock("analyze", str(path), str(tmp_path / "missing.txt"), "--json")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == 2
    for line in lines:
        jsonschema.validate(line, published("analyze"))
    assert lines[0]["transcript"]["text"] == text
    assert lines[1]["error"]["kind"] == "transcript_file"


@pytest.mark.parametrize("spoiled", [{"schema_version": 2}, {"surprise": 1}, {"transcript": None}])
def test_schema_refuses_what_does_not_fit(tmp_path: Path, spoiled: dict[str, object]):
    path = tmp_path / "answer.txt"
    path.write_text(STORY, encoding="utf-8")
    line = json.loads(voicemock("analyze", str(path), "--json").stdout)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**line, **spoiled}, published("analyze"))


def test_what_questions_prints_fits():
    result = voicemock("questions", "--json")
    lines = result.stdout.splitlines()
    assert len(lines) >= 150
    for line in lines:
        jsonschema.validate(json.loads(line), published("questions"))


def test_what_stories_and_jobs_print_fits(tmp_path: Path):
    (tmp_path / "job.txt").write_text("Lead Kafka migrations without authority.", encoding="utf-8")
    for command in (
        ["stories", "add", "Kafka", "--set", f"action={STORY}", "--shows", "ownership"],
        ["job", "add", "Acme", "--description", str(tmp_path / "job.txt")],
        ["log", "add", "--company", "Acme", "--asked", "Why do you want to work for us?"],
    ):
        assert voicemock(*command).exit_code == 0
    for name, command in {
        "stories": ["stories", "list"],
        "coverage": ["stories", "coverage", "--company", "google"],
        "jobs": ["job", "list"],
        "log": ["log", "list"],
    }.items():
        (line,) = voicemock(*command, "--json").stdout.splitlines()
        jsonschema.validate(json.loads(line), published(name))
