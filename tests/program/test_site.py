"""The site of the docs: it is built without a warning, holds every page, and asks nothing of any other host."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", str(folder / "trees"), str(ROOT / "docs"), str(folder / "html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


def test_every_page_is_in_it(site: Path) -> None:
    pages = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    built = {path.relative_to(site).with_suffix("") for path in site.rglob("*.html")}
    assert pages <= built


def test_its_search_works_without_a_network(site: Path) -> None:
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    assert index.startswith("Search.setIndex(")  # a script, which a page that is a file may load
    assert all(word in index for word in ("endpoint", "portaudio"))


def test_it_loads_nothing_from_elsewhere(site: Path) -> None:
    loaded = {
        (path.name, url)
        for path in site.rglob("*.html")
        for url in re.findall(
            r'<(?:script|img|iframe|link(?![^>]*rel="canonical"))[^>]*(?:src|href)="([^"]+)"', path.read_text("utf-8")
        )
        if re.match(r"(?:https?:)?//", url)
    }
    assert loaded == set()
    styles = "".join(path.read_text("utf-8") for path in site.rglob("*.css"))
    assert not re.search(r"url\(\s*['\"]?(?:https?:)?//", styles)
