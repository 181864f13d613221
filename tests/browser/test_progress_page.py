"""The progress page in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page
from typer.testing import CliRunner

from tests.browser.accessibility import accessible
from tests.browser.conftest import Open
from tests.browser.waiting import until
from tests.progresses import practiced

from voicemock.cli import app  # isort: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("progress")
    practiced(folder, datetime(2026, 11, 24, 12, tzinfo=UTC))
    result = CliRunner().invoke(app, ["progress", "--page", "--no-open", "--data-dir", str(folder)])
    return Path(result.stdout.strip())


def opened(page: Page) -> Page:
    page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
    return page


@pytest.mark.parametrize(("width", "scheme"), [(1100, "light"), (1100, "dark"), (320, "light")])
def test_axe_finds_nothing_and_nothing_is_too_wide(written: Path, open_page: Open, width: int, scheme: str):
    page = opened(open_page(written, width=width, color_scheme=scheme))
    accessible(page)
    until(page, f"document.documentElement.scrollWidth <= {width}")  # a chart follows a frame later


def test_every_chart_is_drawn_and_has_its_table(written: Path, open_page: Open):
    page = opened(open_page(written))
    count = page.locator(".trend").count()
    assert count == page.locator(".trend canvas").count() == page.locator(".trend table").count()
    drawn = page.locator("canvas").evaluate_all(
        "all => all.map(each => Chart.getChart(each).data.datasets[0].data.length)"
    )
    rows = page.locator(".trend table").evaluate_all("all => all.map(each => each.tBodies[0].rows.length)")
    assert drawn == rows
    assert len(drawn) == count > 15


def test_the_charts_follow_dark_and_light(written: Path, open_page: Open):
    page = open_page(written, color_scheme="light")
    light = page.locator("canvas").first.screenshot()
    page.emulate_media(color_scheme="dark")
    assert page.locator("canvas").first.screenshot() != light
