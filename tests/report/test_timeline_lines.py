"""The time axis in characters: a cell is a stretch of time, and nothing depends on color or UTF-8."""

from __future__ import annotations

import io
from typing import get_args

import pytest
from rich.console import Console

from tests.cli.test_terminal import STAR as LOUD_STAR
from tests.cli.test_terminal import assessment
from tests.interviews import assessment_of, bank, fixture_answer
from voicemock.models import FrameworkName, SpeechSpan, Word, transcript_of_words
from voicemock.report.timeline import ASCII, BLOCKS, Stretch, Target, part_letters, show_timeline, timeline_lanes

STAR = bank().framework("star")
FOUND = (
    Stretch("parts", 0.0, 20.0, "situation", "Situation", ""),
    Stretch("parts", 30.0, 60.0, "action", "Action", ""),
    Stretch("pace", 0.0, 30.0, "90.0", "Pace", ""),
    Stretch("pace", 30.0, 60.0, "230.0", "Pace", ""),
    Stretch("pauses", 20.0, 29.0, "silent", "Pause", ""),
    Stretch("pauses", 32.0, 32.1, "silent", "Pause", ""),  # shorter than a cell
    Stretch("pauses", 59.9, 60.0, "silent", "Pause", ""),
    Stretch("fillers", 5.0, 5.3, "filled_pause", "Filled pause", ""),
    Stretch("fillers", 41.0, 41.2, "filled_pause", "Filled pause", ""),
    Stretch("fillers", 41.5, 41.9, "discourse_marker", "Filler phrase", ""),
    Stretch("results", 60.0, 60.0, "result", "Measured result", ""),
)
AIMS = (Target("situation", "Situation", 0.0, 12.0), Target("action", "Action", 12.0, 60.0))


@pytest.mark.parametrize(
    ("signs", "golden"),
    [
        (
            ASCII,
            """
            |0:00      0:30                |
            Parts|SSSSSSSSSS     AAAAAAAAAAAAAAA|
            On target|SSSSSSAAAAAAAAAAAAAAAAAAAAAAAA|
            Pace|---------------+++++++++++++++|
            Pauses|          ____  _            _|
            Fillers|  o                 2         |
            Results|                             *|
            """,
        ),
        (
            BLOCKS,
            """
            |0:00      0:30                |
            Parts|SSSSSSSSSS     AAAAAAAAAAAAAAA|
            On target|SSSSSSAAAAAAAAAAAAAAAAAAAAAAAA|
            Pace|▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇|
            Pauses|          ▬▬▬▬  ▬            ▬|
            Fillers|  ●                 2         |
            Results|                             ◆|
            """,
        ),
    ],
)
def test_everything_stands_where_it_was(signs, golden):
    lanes = timeline_lanes(FOUND, AIMS, 60.0, 30, signs)
    lines = [f"{lane.name}|{lane.cells:30}|" for lane in lanes]
    expected = [line.strip() for line in golden.strip().splitlines()]
    expected[0] = f"|{'0:00'.ljust(15)}{'0:30'.ljust(15)}|"
    assert lines == expected


def test_an_answer_of_no_length_has_no_timeline() -> None:
    transcript = transcript_of_words([Word(text="so", start_s=0.0, end_s=1e-320)])
    told = assessment_of(transcript, "failed-program", [SpeechSpan(0.0, 1.0)], 1.0)
    console = Console(file=io.StringIO())
    show_timeline(console, told, STAR)
    assert console.file.getvalue() == ""


def test_lanes_without_anything_are_left_out():
    lanes = timeline_lanes(FOUND[:2], (), 60.0, 30, ASCII)
    assert [lane.name for lane in lanes] == ["", "Parts"]
    assert timeline_lanes((), AIMS, 60.0, 30, ASCII) == ()


def test_no_two_parts_have_one_letter():
    titles = ("Detect", "Decide", "Do it", "Did")
    aims = [Target(title, title, 0.0, 1.0) for title in titles]
    assert list(part_letters(aims).values()) == ["D", "E", "O", "I"]


@pytest.mark.parametrize("name", get_args(FrameworkName))
def test_every_framework_has_letters(name):
    aims = [Target(part.name, part.title, 0.0, 1.0) for part in bank().framework(name).parts]
    letters = part_letters(aims).values()
    assert len(set(letters)) == len(aims)
    assert "?" not in letters


def drawn(subject, framework=STAR, *, width=80, encoding="utf-8"):
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding=encoding) as file:
        show_timeline(Console(file=file, width=width, color_system=None), subject, framework)
        file.flush()
        return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [20, 40, 80, 132])
@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_it_fits_the_terminal(width, encoding):
    shown = drawn(fixture_answer("strong-story").assessment, width=width, encoding=encoding)
    assert max(map(len, shown.splitlines()), default=0) <= width


def test_a_real_answer_is_read_off_it():
    subject = fixture_answer("too-short").assessment
    lines = drawn(subject, encoding="ascii").splitlines()
    lanes = {line[2:11].strip(): line[13:].rstrip() for line in lines[2:]}
    told = {sentence.part for sentence in subject.analysis.structure.sentences if sentence.part}
    assert set(lanes["Parts"]) - {" "} == {part[0].upper() for part in told} != set()
    assert set(lanes["On target"].strip()) == {"S", "T", "A", "R"}
    assert lanes["Pauses"].strip() == "___"
    assert lanes["Fillers"].count("o") == 3
    assert "Results" not in lanes


def test_a_text_has_no_time_axis():
    assert drawn(assessment(timed=False), LOUD_STAR) == ""
