"""A session as files: complete, never over another file, and harmless to open."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from typer.testing import Result

from tests.commands import voicemock
from tests.readers import ScriptedReader
from tests.store.test_search import heard
from tests.store.test_store import START, answer, assessment
from voicemock.models import Session, Story
from voicemock.report.exports import cues, to_srt, to_vtt
from voicemock.report.safe_text import spreadsheet_cell
from voicemock.store.store import Store

EVIL = '=HYPERLINK("http://x"), <script>alert(1)</script> | *bold* --> \x1b[31mred. -1+1 Done.'


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which files are imported, whatever the clock says."""
    monkeypatch.setattr("voicemock.cli.import_files.today", lambda: date(2026, 11, 30))


@pytest.fixture
def kept(home: Path) -> Session:
    with Store(home / "data") as store:
        session = store.sessions.start("amazon", "0.1.0", START)
        for position, text in enumerate(("We moved it. And it was fast.", EVIL), start=1):
            found = assessment().model_copy(update={"transcript": heard(" ".join(text.split()))})
            store.sessions.add_answer(session, answer(position, assessment=found))
            (store.sessions.folder(session) / f"answer-{position:02}.flac").write_bytes(b"sound")
    return session


def export(*arguments: str | Path) -> Result:
    return voicemock("export", *arguments)


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("md", ["{}.md"]),
        ("notes", ["{}-notes.md"]),
        ("json", ["{}.json"]),
        ("csv", ["{}.csv"]),
        ("srt", ["{}-01.srt", "{}-02.srt"]),
        ("vtt", ["{}-01.vtt", "{}-02.vtt"]),
        ("audio", ["{}-01.flac", "{}-02.flac"]),
    ],
)
def test_every_format_writes_its_files_once(kept: Session, tmp_path: Path, form: str, names: list[str]) -> None:
    result = export("last", "--format", form, "--to", tmp_path / "out")
    assert result.exit_code == 0, result.output
    expected = [tmp_path / "out" / name.format(kept.id) for name in names]
    assert result.stdout.split() == [str(path) for path in expected]
    assert sorted((tmp_path / "out").iterdir()) == expected
    again = export("last", "--format", form, "--to", tmp_path / "out")
    assert again.exit_code == 1
    assert "--force" in again.stderr
    assert export("last", "--format", form, "--to", tmp_path / "out", "--force").exit_code == 0


def test_a_spreadsheet_computes_nothing(kept: Session, tmp_path: Path) -> None:
    export("last", "--format", "csv", "--to", tmp_path)
    text = (tmp_path / f"{kept.id}.csv").read_bytes().decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text))
    assert (first["transcript"], first["question_id"]) == ("We moved it. And it was fast.", "late-dependency")
    assert first["length_s"] == "201.5"
    assert second["transcript"].startswith("'=HYPERLINK")
    assert "\x1b" not in text


@pytest.mark.parametrize("before", ["", " ", "\t", "\r\n", "\u00a0", "\u3000", "\u200b", "\u202e", "\ufeff"])
@pytest.mark.parametrize(
    "start",
    ["=", "+", "-", "@", *"\uff1d\uff0b\uff0d\uff20", *"\ufe66\ufe62\ufe63\ufe6b", *"\u207c\u207a\u2212", "=\u0338"],
)
def test_no_form_of_a_sign_begins_a_formula(before: str, start: str) -> None:
    assert spreadsheet_cell(f"{before}{start}SUM(1)").startswith("'")


@pytest.mark.parametrize("text", ["We cut it by 40%.", "\u4f60\u597d", "a=b", "(a) + b", "", "\u2026 and so on"])
def test_other_words_have_no_apostrophe_before_them(text: str) -> None:
    assert spreadsheet_cell(text) == text


def test_markdown_shows_what_was_said_and_nothing_else(kept: Session, tmp_path: Path) -> None:
    export("last", "--to", tmp_path)
    text = (tmp_path / f"{kept.id}.md").read_text("utf-8")
    assert "\x1b" not in text
    assert "<script>" not in text
    assert r"\*bold\*" in text
    assert "## 1. Tell me about a dependency that slipped." in text


def test_subtitles_are_sentences_with_their_times() -> None:
    found = assessment().model_copy(update={"transcript": heard("We moved it. And it was fast.")})
    assert to_srt(found) == (
        "1\n00:00:00,000 --> 00:00:03,000\nWe moved it.\n\n2\n00:00:03,000 --> 00:00:07,000\nAnd it was fast.\n"
    )
    assert to_vtt(found).startswith("WEBVTT\n\n00:00:00.000 --> 00:00:03.000\nWe moved it.\n")


def test_no_word_is_a_command_of_a_subtitle() -> None:
    found = assessment().model_copy(update={"transcript": heard(" ".join(EVIL.split()))})
    assert to_srt(found).count("-->") == len(list(cues(found)))
    assert "<script>" not in to_vtt(found)
    assert "\x1b" not in to_vtt(found)


def test_a_long_sentence_is_cut_where_two_lines_are_full() -> None:
    found = assessment().model_copy(update={"transcript": heard("word " * 40)})
    assert all(end_s - start_s <= 6 and len(text) <= 80 for start_s, end_s, text in cues(found))
    assert " ".join(text for _, _, text in cues(found)).split() == ["word"] * 40


def test_json_is_that_of_show(kept: Session, tmp_path: Path) -> None:
    export("last", "--format", "json", "--to", tmp_path)
    shown = voicemock("show", "--json").stdout
    assert json.loads((tmp_path / f"{kept.id}.json").read_text("utf-8")) == json.loads(shown)


def test_a_recording_is_only_taken_from_its_own_folder(home: Path, tmp_path: Path) -> None:
    (home / "data").mkdir()
    (home / "data" / "secret.flac").write_bytes(b"secret")
    with Store(home / "data") as store:
        session = store.sessions.start(None, "0.1.0", START, Story.named("Kafka"))
        store.sessions.add_answer(session, answer(1, audio_file="../../secret.flac"))
    result = export("kafka", "--format", "audio", "--to", tmp_path)
    assert result.exit_code == 5
    assert list(tmp_path.glob("*.flac")) == []


def test_what_has_no_times_has_no_subtitles(home: Path, tmp_path: Path) -> None:
    with Store(home / "data") as store:
        store.sessions.add_answer(store.sessions.start(None, "0.1.0", START), answer(1))
    result = export("last", "--format", "srt", "--to", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")


# --- notes ---------------------------------------------------------------------------------------------

NOTES = """\
---
type: interview-practice
title: Kafka
date: 2026-11-23
session: {id}
story: Kafka
answers:
- framework: star
  fillers: 2
  missing:
  - task
  results:
  - by 40 percent
---

# Kafka

Practiced 2026-11-23

### Situation

Our launch was late.

### Task

Not told.

### Action

I cut the scope with two teams.

### Result

We cut support tickets by 40 percent. It taught me to ask early.

### Measured results

- by 40 percent: We cut support tickets by 40 percent.

### Lessons

- It taught me to ask early.
"""


def test_notes_are_the_story_by_parts_with_front_matter(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {
        "Um, our launch was late.": "situation",
        "I cut the, um, scope with two teams.": "action",
        "We cut support tickets by 40 percent.": "result outcome_figure",
        "It taught me to ask early.": "result lesson",
    }
    monkeypatch.setattr("voicemock.coaching.assess.load_reader", lambda: ScriptedReader(told))
    (tmp_path / "a.txt").write_text(" ".join(told), encoding="utf-8")
    imported = ("import", str(tmp_path / "a.txt"), "--story", "Kafka", "--date", "2026-11-23")
    assert voicemock(*imported).exit_code == 0
    export("kafka", "--format", "notes", "--to", tmp_path)
    (path,) = tmp_path.glob("*-notes.md")
    text = path.read_text("utf-8")
    assert text.startswith(NOTES.format(id=path.name.removesuffix("-notes.md")))
    assert "### Next time" in text
    assert "### Drill" in text


def test_no_word_has_an_effect_in_notes(kept: Session, tmp_path: Path) -> None:
    export("last", "--format", "notes", "--to", tmp_path)
    text = (tmp_path / f"{kept.id}-notes.md").read_text("utf-8")
    front = yaml.safe_load(text.split("---\n")[1])
    assert (front["session"], front["date"], len(front["answers"])) == (kept.id, START.astimezone().date(), 2)
    assert "\x1b" not in text
    assert "<script>" not in text


def test_a_name_of_a_story_stays_text_in_the_front_matter(home: Path, tmp_path: Path) -> None:
    name = '"a": [x] #1 --- 🙂'
    with Store(home / "data") as store:
        store.sessions.add_answer(store.sessions.start(None, "0.1.0", START, Story.named(name)), answer(1))
    export("last", "--format", "notes", "--to", tmp_path)
    (path,) = tmp_path.glob("*-notes.md")
    text = path.read_text("utf-8")
    assert yaml.safe_load(text[4 : text.index("\n---\n")])["story"] == name
