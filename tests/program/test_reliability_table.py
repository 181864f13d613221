"""docs/reliability.md: every fault has a row, and every row names an existing test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")

FAULTS = """
no PortAudio library; no device; device lost: microphone; device lost: speaker; input overflow; sample rate refused;
microphone muted; microphone is the speaker's monitor; silence; clipping; model missing; model truncated; model with
a wrong hash; voice missing; voice dies; voice hangs; Whisper fails; Whisper runs out of memory; disk full: at any
stage; disk full: recording; disk full: FLAC; disk full: database; disk full: import; disk full: output; data folder
that cannot be used; data folder missing; database locked by another process; two interviews at once; clock jumping
back; locale is not UTF-8; terminal is not UTF-8; Ctrl-C at every stage; Ctrl-Z at every stage; SIGTERM at every
stage; SIGHUP at every stage; broken pipe; broken audio; empty audio; huge audio; mislabelled audio; hostile audio;
transcripts: broken; transcripts: huge or hostile; settings: broken or hostile; killed, or out of memory
"""


def rows() -> list[list[str]]:
    """Return the cells of each row that tells of a fault."""
    lines = [line for line in PAGE.splitlines() if line.startswith("| ") and TEST.search(line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def names_in(path: str) -> set[str]:
    """Return the names of the tests of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("fault", [fault.strip() for fault in " ".join(FAULTS.split()).split(";")])
def test_every_fault_has_its_row(fault: str) -> None:
    assert any(row[0].startswith(fault) for row in rows())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_every_row_is_whole_and_names_tests_that_are_there(row: list[str]) -> None:
    assert len(row) == 5
    assert all(row)
    for path, name in TEST.findall(row[-1]):
        assert name in names_in(path)


def test_every_row_of_the_tables_names_a_test() -> None:
    faults = PAGE.split("## Faults")[1].split("## Hostile input")[0]  # before it bars, behind it limits
    lines = [line for line in faults.splitlines() if line.startswith("| ")]
    told = [line for line in lines if not line.startswith(("| ---", "| fault |"))]
    assert [line for line in told if not TEST.search(line)] == []
