"""Transcripts of other programs, given to the commands that take them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.commands import voicemock
from tests.speech.transcripts.members import MEMBERS, QUESTION, STORY, VTT, cues, dialog, segments, stamp
from voicemock.speech.audio_files import write_audio
from voicemock.speech.clip import silence
from voicemock.store.store import Store

WORDS = " ".join(STORY)


def given(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def analyzed(*arguments: object) -> list[dict[str, Any]]:
    result = voicemock("analyze", *arguments, "--json")
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_captions_tell_length_pace_pauses_and_shares(tmp_path: Path) -> None:
    path = given(tmp_path, "talk.vtt", MEMBERS["vtt"].content)
    (found,) = analyzed(path)
    measured = found["analysis"]
    assert found["transcript"]["text"] == WORDS
    assert measured["duration_s"] == pytest.approx(24.0)
    assert measured["words_per_minute"] == pytest.approx(43 / 24 * 60)
    assert [(each["start_s"], each["end_s"]) for each in measured["pauses"]] == [(4, 5), (9, 10), (14, 15), (19, 20)]
    structure = measured["structure"]
    told = Counter(sentence["part"] for sentence in structure["sentences"])
    assert {part["name"]: part["duration_s"] for part in structure["parts"]} == {
        part["name"]: pytest.approx(4 * told[part["name"]]) for part in structure["parts"]
    }
    assert found["analysis"]["fillers"][0]["start_s"] is not None
    heard = ("recording_s", "response_latency_s", "articulation_words_per_minute", "unclear", "audio_quality")
    assert [measured[name] for name in heard] == [None] * 5  # only a recording tells them


@pytest.mark.parametrize("name", ["talk.txt", "talk.md", "talk.vtt", "talk.srt"])
def test_captions_are_known_under_any_name(tmp_path: Path, name: str) -> None:
    (found,) = analyzed(given(tmp_path, name, MEMBERS["srt"].content))
    assert (found["transcript"]["text"], found["analysis"]["duration_s"]) == (WORDS, pytest.approx(24.0))


@pytest.mark.parametrize("name", ["talk.json", "talk.txt"])
def test_whispers_json_is_known_under_any_name(tmp_path: Path, name: str) -> None:
    (found,) = analyzed(given(tmp_path, name, MEMBERS["whisper json with words"].content))
    assert (found["transcript"]["text"], found["transcript"]["words"][0]["probability"]) == (WORDS, 0.9)


def test_one_speaker_is_kept_and_the_others_are_named(tmp_path: Path) -> None:
    path = given(tmp_path, "talk.txt", MEMBERS["labels"].content)
    (found,) = analyzed(path)
    assert found["transcript"]["text"].split() == WORDS.split()
    assert found["transcript"]["speakers"] == [
        {"name": "Maya Lin", "word_count": 18, "kept": False},
        {"name": "Omar Reyes", "word_count": 44, "kept": True},
    ]
    shown = " ".join(voicemock("analyze", path).output.split())
    assert "Speaker: Omar Reyes (44 words). Left out: Maya Lin (18 words)." in shown
    assert "--speaker-name NAME" in shown


@pytest.mark.parametrize("name", ["Maya Lin", "maya lin", "Maya", "LIN"])
def test_another_speaker_can_be_kept(tmp_path: Path, name: str) -> None:
    (found,) = analyzed(given(tmp_path, "talk.txt", MEMBERS["labels"].content), "--speaker-name", name)
    assert found["transcript"]["text"] == f"{QUESTION}\nAnd how did it go?"


def test_a_wrong_name_is_answered_with_those_of_the_file(tmp_path: Path) -> None:
    paths = [given(tmp_path, "a.txt", MEMBERS["labels"].content), given(tmp_path, "b.txt", WORDS)]
    result = voicemock("analyze", *paths, "--speaker-name", "Dana", "--json")
    errors = [json.loads(line)["error"] for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [each["kind"] for each in errors] == ["unknown_name"] * 2
    assert "Maya Lin, Omar Reyes" in errors[0]["message"]
    assert "does not name any speaker" in errors[1]["message"]


def test_a_recording_names_no_speaker(tmp_path: Path) -> None:
    write_audio(tmp_path / "take.wav", silence(1.0))
    (found,) = analyzed(tmp_path / "take.wav", "--speaker-name", "Dana")
    assert (found["error"]["kind"], "does not tell apart" in found["error"]["message"]) == ("input", True)


def test_what_others_say_in_between_is_no_time_of_the_speaker(tmp_path: Path) -> None:
    talk = [("Omar Reyes", STORY[0]), ("Maya Lin", QUESTION), ("Omar Reyes", " ".join(STORY[1:]))]
    content = VTT + "".join(
        f"{stamp(10 * i)} --> {stamp(10 * i + 9)}\n<v {name}>{said}</v>\n\n" for i, (name, said) in enumerate(talk)
    )
    (found,) = analyzed(given(tmp_path, "talk.vtt", content))
    assert found["transcript"]["text"].split() == WORDS.split()
    assert (found["analysis"]["duration_s"], found["analysis"]["pauses"]) == (None, None)


@pytest.mark.parametrize(
    "content", ["WEBVTT\n\n", "", "1\n00:00:01,000 --> 00:00:02,000\n\n", '{"segments": []}', "[Music]"]
)
def test_where_nothing_is_said_there_is_no_speech(tmp_path: Path, content: str) -> None:
    path = given(tmp_path, "talk.json" if content.startswith("{") else "talk.vtt", content)
    result = voicemock("analyze", path, "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["transcript"]["text"], found["analysis"]["structure"]) == (0, "", None)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"segments": [', "not complete JSON"),
        ("[" * 5000, "not complete JSON"),
        ('{"a": 1}', "is not a transcript as Whisper writes it"),
        ("[1, 2]", "is not a transcript as Whisper writes it"),
        ('{"session": {}, "answers": []}', "voicemock import"),
    ],
)
def test_json_without_a_transcript_is_refused(tmp_path: Path, content: str, message: str) -> None:
    result = voicemock("analyze", given(tmp_path, "talk.json", content), "--json")
    error = json.loads(result.stdout)["error"]
    assert (result.exit_code, error["kind"]) == (1, "transcript_file")
    assert message in error["message"]


def test_transcripts_of_other_programs_are_kept_as_takes(tmp_path: Path, home: Path) -> None:
    paths = [
        given(tmp_path, "talk.json", json.dumps({"segments": segments(), "language": "en"})),
        given(tmp_path, "talk.srt", cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\n{s}\n\n", "h:m:s,f")),
        given(tmp_path, "talk.txt", dialog(lambda n, a, s: f"{n}  {a}\n{s}\n", "m:s")),
    ]
    result = voicemock("import", *paths, "--story", "Checkout")
    assert result.exit_code == 0, result.output
    assert [line.rpartition(", ")[2] for line in result.stdout.splitlines()] == ["0:24", "0:24", "said by Omar Reyes"]
    before = measures(home)
    assert [len(each["pauses"]) if each["pauses"] is not None else None for each in before] == [4, 4, None]
    assert voicemock("reanalyze", "--all", "--again").exit_code == 0
    assert measures(home) == before


def measures(home: Path) -> list[dict[str, Any]]:
    with Store(home / "data") as store:
        found = [take.answer.assessment for take in store.takes.all()]
    return sorted((each.analysis.model_dump() for each in found if each), key=lambda each: each["duration_s"] is None)
