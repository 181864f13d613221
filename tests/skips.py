"""Skipped tests, which are failures in CI on Linux unless their reason is listed: else they are tested nowhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from typing import Any, Final

import pytest

LISTED: Final = {
    "VOICEMOCK_TEST_LANGUAGE_MODEL names no server": "building a model's server takes longer than all tests "
    "(scripts/llama-server); those who change what a model may say run it",
    "no container builder that runs here": "its base image comes from a registry, which CI does not reach; those who "
    "change the container run it",
}
"""What a test says when it skips, and why CI goes without it."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge a test that skips."""
    return judged((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Judge a file of which all tests skip."""
    return judged((yield))


def judged(report: Any) -> Any:
    """Return a report, as a failure where a skip is one: on Linux. What another platform skips is tested there."""
    if (
        not os.environ.get("CI")
        or sys.platform != "linux"
        or report.outcome != "skipped"
        or hasattr(report, "wasxfail")
    ):
        return report
    _, _, reason = report.longrepr
    if reason.removeprefix("Skipped: ") not in LISTED:
        report.outcome = "failed"
        report.longrepr = f"{reason}\nIn CI that is a failure: let it run there, or list the reason in tests/skips.py."
    return report
