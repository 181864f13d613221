"""Every measure on the page has a definition, and the documentation prints the same ones."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from voicemock.report.own_view import DEFINED_AS
from voicemock.report.page_answer import SHARE_OF_A_PART
from voicemock.report.rows import REST_TITLE, RESULTS_TITLE, load_measures

ROOT = Path(__file__).parent.parent.parent


def row_titles() -> set[str]:
    """The titles as the row functions yield them; an answer that shows them all at once would be hard to make."""
    source = (ROOT / "voicemock" / "report" / "rows.py").read_text("utf-8")
    return set(re.findall(r'^ +yield "([^"]+)", ', source, re.MULTILINE))


def test_each_measure_has_a_definition_and_each_definition_a_measure():
    assert {*row_titles(), RESULTS_TITLE, REST_TITLE, SHARE_OF_A_PART, DEFINED_AS} == set(load_measures())


def test_the_documentation_prints_them():
    script = runpy.run_path(str(ROOT / "scripts" / "write-measures"))
    text = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert script["with_measures"](text) == text, "Run scripts/write-measures"
