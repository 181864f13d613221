"""Templates and style that all our pages share. It loads nothing that only some pages need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from voicemock.coaching.spoken_numbers import clock, percent
from voicemock.content.questions import spelled
from voicemock.content.wording import times
from voicemock.report.safe_text import cited, printable

_FOLDER: Final = Path(__file__).parent
_SOURCE_MAP: Final = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
"""Removed: developer tools would look for that file."""


@cache
def own_file(name: str) -> Markup:
    """Return one of our own files, to be put into the page as it is."""
    return Markup((_FOLDER / name).read_text(encoding="utf-8"))  # noqa: S704 - our own files


@cache
def chart_library() -> Markup:
    """Return the charting library after its license, which must accompany it."""
    library = _SOURCE_MAP.sub("", own_file("vendor/chart.umd.min.js"))
    return Markup(f"/*\n{own_file('vendor/chart.LICENSE.md')}*/\n{library}")  # noqa: S704 - our own files


def stylesheet() -> Markup:
    """Return the style that all our pages share."""
    return own_file("templates/page.css")


@cache
def shared_files() -> Mapping[str, str]:
    """Return by name the style and the scripts of our pages, for a server that sends them as files."""
    own = ("page.css", "sheet.js", "page.js", "progress.js")
    return {"chart.js": chart_library(), **{name: own_file(f"templates/{name}") for name in own}}


@cache
def environment(*folders: Path) -> Environment:
    """Return the templates of our pages, and of further folders, which are looked through first."""
    environment = Environment(
        loader=FileSystemLoader([*folders, _FOLDER / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters |= {"clock": clock, "percent": percent, "spelled": spelled, "times": times, "cited": cited}
    return environment


def _shown(value: Any) -> Any:
    """Remove characters that would reverse the reading direction or cannot be shown."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
