"""What a skipped test is in CI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.skips import LISTED

ROOT = Path(__file__).parents[2]
FILE = """
import pytest

def test_that_runs():
    pass

def test_that_skips():
    pytest.skip({reason!r})

@pytest.mark.skipif(True, reason={reason!r})
def test_that_is_marked():
    pass

@pytest.fixture
def needed():
    pytest.skip({reason!r})

def test_whose_fixture_skips(needed):
    pass

@pytest.mark.xfail(reason={reason!r}, strict=True)
def test_that_fails_as_expected():
    assert False
"""
WHOLE_FILE = "import pytest\npytest.importorskip('no_such_module', reason={reason!r})\n"
UNLISTED = "this system lets nobody mount a disk"


def outcome(tmp_path: Path, content: str, reason: str, ci: str) -> str:
    (tmp_path / "test_it.py").write_text(content.format(reason=reason), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CI": ci}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.skips", "-p", "no:cacheprovider", "--rootdir", "."]
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
    return done.stdout.splitlines()[-1].split(" in ")[0]


@pytest.mark.parametrize(
    ("ci", "reason", "counts"),
    [
        ("", UNLISTED, "1 passed, 3 skipped, 1 xfailed"),
        ("true", next(iter(LISTED)), "1 passed, 3 skipped, 1 xfailed"),
        ("true", UNLISTED, "1 failed, 1 passed, 1 xfailed, 2 errors"),
    ],
)
def test_a_test_that_skips_is_a_failure_in_ci_unless_it_is_listed(
    tmp_path: Path, ci: str, reason: str, counts: str
) -> None:
    assert outcome(tmp_path, FILE, reason, ci) == counts


@pytest.mark.parametrize(("ci", "counts"), [("", "1 skipped"), ("true", "1 error")])
def test_so_is_a_file_that_skips(tmp_path: Path, ci: str, counts: str) -> None:
    assert outcome(tmp_path, WHOLE_FILE, UNLISTED, ci) == counts


def test_what_another_platform_skips_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from tests import skips

    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(skips, "sys", SimpleNamespace(platform="win32"))
    report = SimpleNamespace(outcome="skipped", longrepr=("", 1, f"Skipped: {UNLISTED}"))
    assert skips.judged(report).outcome == "skipped"
    monkeypatch.setattr(skips, "sys", SimpleNamespace(platform="linux"))
    assert skips.judged(report).outcome == "failed"


def test_the_tests_of_this_project_are_judged() -> None:
    from tests import conftest, skips

    assert conftest.pytest_runtest_makereport is skips.pytest_runtest_makereport
    assert conftest.pytest_make_collect_report is skips.pytest_make_collect_report
