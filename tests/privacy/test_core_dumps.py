"""A process that crashes leaves no core dump, which would hold voice and words; nor does a child of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

resource = pytest.importorskip("resource", reason="Windows writes no core dumps")

CRASHES = """
import json, os, resource, subprocess, sys
from pathlib import Path

_, most = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
CRASH = "import os; os.abort()"

def crash():
    Path("limits").write_text(json.dumps(resource.getrlimit(resource.RLIMIT_CORE)))
    subprocess.run([sys.executable, "-c", CRASH])
    exec(CRASH)

HELD
"""
COMMAND = """
from voicemock.cli import main
from voicemock.content.questions import QuestionBank
QuestionBank.load = crash
sys.argv = ["voicemock", "questions"]
main()
"""
INTERVIEW = """
from voicemock import api
from voicemock.settings import Settings
api._open_room = lambda *_: crash()
with api.open_interview(Settings(data_dir=Path("data"))):
    pass
"""


@pytest.mark.parametrize("held", [COMMAND, INTERVIEW], ids=["command", "library"])
def test_a_crash_leaves_no_core_dump(tmp_path: Path, held: str) -> None:
    program = CRASHES.replace("HELD", held)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    crashed = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=False)
    assert crashed.returncode == -6
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == ["limits"]
    soft, most = json.loads((tmp_path / "limits").read_text(encoding="utf-8"))
    assert soft == (1 if most else 0)  # with 1, Linux hands the dump to no program either
