"""The report of a cohort in the system's Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.accessibility import accessible
from tests.browser.conftest import Open
from tests.cohort.made import answer, write
from tests.commands import voicemock


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A page of two questions, each answered twice by candidates with a hostile or a long name."""
    names = ["<img src=x>", "x" * 80, *(f"c-{each}" for each in range(6))]
    rows = [
        answer(
            f"{question}/{day}/{place}.flac",
            name,
            question,
            day,
            missing=["result"],
            words_per_minute=100.0 + 20 * place,
        )
        for question in ("failed-program", "a-question-with-quite-a-long-name-that-must-break")
        for day in (1, 9)
        for place, name in enumerate(names)
    ]
    voicemock("cohort", "report", write(tmp_path, rows), "--no-open", "--names")
    return tmp_path / "report" / "report.html"


@pytest.mark.parametrize(("width", "scheme"), [(1100, "light"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_is_too_wide(written: Path, open_page: Open, width: int, scheme: str):
    page = open_page(written, width=width, color_scheme=scheme)
    page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
