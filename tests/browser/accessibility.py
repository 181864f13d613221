"""What axe finds wrong in a page."""

from __future__ import annotations

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS: Final[dict[str, Any]] = {
    "runOnly": {"type": "tag", "values": RULES},
    "resultTypes": ["violations"],  # a path to each element that is right takes most of the time
}


def accessible(page: Page) -> None:
    """Assert that axe finds nothing wrong in a page as it is now."""
    results = Axe().run(page, options=OPTIONS)
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
