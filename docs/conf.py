"""The site that ``make docs`` builds from these pages with Sphinx, MyST and Furo. It asks nothing of any other host."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent

project = "voicemock"
author = "The voicemock developers"
version = release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
copyright = author  # noqa: A001 - the name that Sphinx reads

extensions = ["myst_parser"]
exclude_patterns = ["schema"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = f"voicemock {version}"
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
