"""A short run of what bench/fuzz.py does for hours: the same cases each time, so that a failure can be looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.hostile import READERS

CASES = {
    "audio": 150,
    "transcript": 15,
    "exported": 150,
    "settings": 100,
    "prompts": 100,
    "session": 25,
    "review": 50,
    "database": 60,
    "job": 50,
    "model": 30,
    "analysis": 10,
}
"""Examples at night; by day there are fewer of all."""


@pytest.mark.parametrize("name", sorted(READERS))
def test_a_reader_takes_or_refuses_whatever_it_is_given(name: str, tmp_path: Path) -> None:
    reader = READERS[name]

    @settings(
        max_examples=min(CASES[name], settings.default.max_examples),
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(reader.cases)
    def check(case: Any) -> None:
        reader.check(case, tmp_path)

    check()
