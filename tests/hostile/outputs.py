"""Checks everything made of an assessment as a terminal, a browser and a spreadsheet would see it."""

from __future__ import annotations

import csv
import functools
import io
import re
import unicodedata
from html.parser import HTMLParser

import yaml
from rich.console import Console

from tests.interviews import STARTED, bank, fixture_answer
from voicemock.models import Answer, Assessment, Session
from voicemock.report.exports import to_csv, to_markdown, to_notes, to_srt, to_vtt
from voicemock.report.page import render_page
from voicemock.report.rows import load_measures
from voicemock.report.stories import show_story_clock
from voicemock.report.terminal import show_assessment
from voicemock.report.timeline import show_timeline

_OWN_COLORS = re.compile(r"\x1b\[[0-9;]*m")
_SESSION = Session(id="20261124-091500-7f3a", started_at=STARTED, voicemock_version="0.1.0")


class _Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.handlers: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.handlers |= {name for name, _ in attrs if name.startswith("on")}


def check_elements(page: str) -> None:
    """Raise where a page has an element that our pages have not."""
    check_plain(page)
    elements = _Elements(page)
    assert elements.names <= _usual_elements(), elements.names - _usual_elements()
    assert not elements.handlers


def check_outputs(assessment: Assessment) -> None:
    """Raise where something of what was said steers what shows it."""
    rules = bank().framework_of(assessment)
    for clean in (False, True):
        console = Console(
            file=io.StringIO(), width=80, force_terminal=True, color_system="standard", legacy_windows=False
        )
        show_assessment(console, assessment, framework=rules, clean=clean)
        if rules is not None and assessment.transcript.text.strip():
            show_story_clock(console, assessment.analysis, rules)
        show_timeline(console, assessment, rules)
        check_plain(_OWN_COLORS.sub("", console.file.getvalue()))
    answer = Answer(
        position=1,
        status="answered",
        question=None,
        recorded_at=STARTED,
        audio_file=None,
        assessment=assessment,
        timings=None,
    )
    for write in (to_markdown, to_notes, to_csv):
        check_plain(write(_SESSION, [answer], [rules]).replace("\r\n", "\n"))
    for write in (to_srt, to_vtt):
        check_plain(write(assessment))
    yaml.safe_load(to_notes(_SESSION, [answer], [rules]).split("\n---\n")[0].removeprefix("---\n"))
    for row in csv.reader(io.StringIO(to_csv(_SESSION, [answer], [rules]))):
        assert not any(cell.startswith(("=", "+", "@", "\uff1d", "\uff0b", "\uff20", "\t", "\r")) for cell in row), row
    page = render_page(_SESSION, [answer], [rules], {}, load_measures())
    check_elements(page)
    assert page.count("<script") == page.count("</script") <= _scripts()


def check_plain(text: str) -> None:
    """Raise where a text holds a character that steers a terminal or turns the reading direction."""
    steering = {char for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs")}
    assert not steering, f"{sorted(steering)!r} came through"


@functools.cache
def _usual_page() -> str:
    names = ("strong-story", "triage-answer", "rambling-no-result")
    answers = [fixture_answer(name, position) for position, name in enumerate(names, start=1)]
    return render_page(
        _SESSION, answers, [bank().framework_of(answer.assessment) for answer in answers], {}, load_measures()
    )


@functools.cache
def _usual_elements() -> set[str]:
    return _Elements(_usual_page()).names


@functools.cache
def _scripts() -> int:
    return _usual_page().count("<script")
