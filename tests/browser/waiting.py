"""Waiting in a page whose policy stops Playwright's own."""

from __future__ import annotations

from playwright.sync_api import Page


def until(page: Page, condition: str) -> None:
    """Wait until an expression is true in the page; Playwright's own waiting is stopped by the page's policy."""
    page.evaluate(
        f"""() => new Promise((done, fail) => {{
            const look = () => ({condition}) ? done() : requestAnimationFrame(look);
            setTimeout(() => fail(Error({condition!r})), 20000);
            look();
        }})"""
    )
