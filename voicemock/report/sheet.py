"""What all our pages have in common: one HTML file that works from a disk without a network.

Styles, scripts and the charting library stand inside it, and a content security policy lets nothing else run and
nothing be fetched but recordings. What was said is data: it reaches a page through autoescaping templates only.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from voicemock.feedback import clock, percent
from voicemock.report.passages import printable

_FOLDER: Final = Path(__file__).parent
_SOURCE_MAP: Final = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
"""Developer tools would look for that file."""


def render(template: str, script: str, **values: Any) -> str:
    """Return a page from a template that extends ``sheet.html.j2``.

    The page's own script runs after the charting library and ``sheet.js``.
    """
    style = _inline("templates/page.css")
    scripts = (_chart_library(), _inline("templates/sheet.js"), _inline(f"templates/{script}"))
    policy = content_security_policy(style, scripts)
    return _environment().get_template(template).render(style=style, scripts=scripts, policy=policy, **values)


def content_security_policy(style: str, scripts: Iterable[str]) -> str:
    """Return the policy that lets the page's own style and scripts run, play its recording, and nothing else."""
    allowed = {
        "default-src": "'none'",
        "script-src": " ".join(map(_source_hash, scripts)),
        "style-src": _source_hash(style),
        "img-src": "data:",
        "media-src": "'self' file: data:",  # a browser may not count files beside the page as its own
        "connect-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
    }
    return "; ".join(f"{directive} {sources}" for directive, sources in allowed.items())


def _source_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _chart_library() -> Markup:
    """Return the library behind its license, which asks to travel with it."""
    library = _SOURCE_MAP.sub("", _inline("vendor/chart.umd.min.js"))
    return Markup(f"/*\n{_inline('vendor/chart.LICENSE.md')}*/\n{library}")  # noqa: S704 - our own files


@cache
def _inline(name: str) -> Markup:
    """Return one of our own files to stand in the page as it is."""
    return Markup((_FOLDER / name).read_text(encoding="utf-8"))  # noqa: S704 - our own files


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters |= {"clock": clock, "percent": percent}
    return environment


def _shown(value: Any) -> Any:
    """Take away what could turn the reading direction around or is no character to show."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
