"""The real pipeline on recordings whose truth is known: fixtures/audio against its manifest.

Tolerances come from what the definitions allow, not from what some version printed: word times and voice activity are
worth a few tenths of a second, Whisper base mishears words of a synthetic voice and writes part of its "uh" as "ah".
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from voicemock.api import open_analysis
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import MOVING_ON, NOTHING_HEARD, load_style
from voicemock.errors import AudioFileError, WeightsError
from voicemock.models import Assessment
from voicemock.settings import load_settings
from voicemock.speech.audio_files import read_audio
from voicemock.speech.endpointing import SILENCE_S, Ending
from voicemock.weights import resolve_model

CLOSING = load_style().say("closing", "1")

pytestmark = pytest.mark.models

ROOT = Path(__file__).parents[2]
AUDIO = ROOT / "fixtures" / "audio"
MANIFEST = json.loads((AUDIO / "manifest.json").read_text(encoding="utf-8"))["fixtures"]
SPOKEN = [name for name, entry in MANIFEST.items() if entry.get("speech")]
SPEECHLESS = [name for name, entry in MANIFEST.items() if entry.get("speech") is False]
UNREADABLE = [name for name, entry in MANIFEST.items() if not entry.get("readable", True)]

LENGTH_S = 0.7
"""Whisper's word times at both ends of an answer together may be off by this much."""
PAUSE_S = 0.35
"""The ends of a pause: voice activity, which opens late on a soft start and holds on at a soft end."""
FILLER_S = 0.5
"""Between where a filled pause is and where the transcript puts it, as in bench/speech/speech.py."""
WORD_ERROR_RATE = 0.12
"""Numbers that Whisper writes as digits are errors here: about a fifth of it."""
FILLED_PAUSES_HEARD = 0.5
"""Whisper base writes part of the synthetic "uh" as "ah", which is no filled pause (fixtures/README.md)."""
MARKERS = {"you know", "i mean", "like"}
"""The only discourse markers that the manifest lists."""

every_answer = pytest.mark.parametrize("name", SPOKEN)


def words_of(text: str) -> list[str]:
    """Return the words as they are compared: lower case, no punctuation, no filled pauses."""
    words = (re.sub(r"[^a-z0-9']", "", word) for word in re.split(r"[\s-]+", text.lower()))
    return [word for word in words if word and not re.fullmatch(r"u+h*m+|u+h+|e+r+m?|h+m+|m{2,}", word)]


def word_error_rate(truth: list[str], heard: list[str]) -> float:
    """Return errors per word of the truth; difflib's alignment is never better than the shortest one."""
    operations = SequenceMatcher(None, truth, heard, autojunk=False).get_opcodes()
    return sum(max(b - a, d - c) for kind, a, b, c, d in operations if kind != "equal") / len(truth)


def middle_s(span: Any) -> float:
    return (span["start_s"] + span["end_s"]) / 2


def fragment_of(entry: dict[str, Any], char: int) -> dict[str, Any]:
    """Return the fragment that holds a character of the text."""
    position = 0
    for fragment in entry["fragments"]:
        position = entry["text"].index(fragment["text"], position) + len(fragment["text"])
        if char < position:
            return fragment
    raise AssertionError(char)


@pytest.fixture(scope="module")
def plain_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Remove the user's own settings while this module runs."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.upper().startswith("VOICEMOCK_")]:
            patch.delenv(name)
        patch.setenv("VOICEMOCK_CONFIG", str(tmp_path_factory.mktemp("home") / "config.toml"))
        try:
            resolve_model("base", load_settings().cache_dir)
        except WeightsError as error:
            pytest.skip(str(error))
        yield


Analyze = Callable[[Path, str | None], Assessment]


@pytest.fixture(scope="module")
def analyze(plain_settings: None) -> Iterator[Analyze]:
    """Analyze a file the first time it is asked for, with the default settings."""
    with open_analysis(load_settings()) as analyze_file:
        yield cache(lambda path, question: analyze_file(path, question, None, None))


@pytest.fixture
def answer(name: str, analyze: Analyze) -> Assessment:
    return analyze(AUDIO / MANIFEST[name]["file"], MANIFEST[name]["question_id"])


@pytest.fixture
def truth(name: str) -> dict[str, Any]:
    return MANIFEST[name]


# --- spoken answers ------------------------------------------------------------------------------------


@every_answer
def test_the_length_is_from_the_first_sound_to_the_last(answer: Assessment, truth: dict[str, Any]) -> None:
    spoken_s = truth["fragments"][-1]["end_s"] - truth["fragments"][0]["start_s"]

    assert answer.analysis.duration_s == pytest.approx(spoken_s, abs=LENGTH_S)
    assert answer.analysis.recording_s == pytest.approx(truth["duration_s"], abs=0.001)


@every_answer
def test_the_verdict_on_the_length_is_by_the_target_of_the_question(answer: Assessment, truth: dict[str, Any]) -> None:
    question = QuestionBank.load().get(truth["question_id"])
    spoken_s = truth["fragments"][-1]["end_s"] - truth["fragments"][0]["start_s"]
    short, long = spoken_s < question.target_min_s, spoken_s > question.target_max_s

    assert answer.analysis.length == ("short" if short else "long" if long else "on_target")


@every_answer
def test_every_pause_is_found_and_none_is_invented(answer: Assessment, truth: dict[str, Any]) -> None:
    found = [end for pause in answer.analysis.pauses or () for end in (pause.start_s, pause.end_s)]

    assert found == pytest.approx([end for p in truth["pauses"] for end in (p["start_s"], p["end_s"])], abs=PAUSE_S)


@every_answer
def test_nearly_all_words_are_written_down(answer: Assessment, truth: dict[str, Any]) -> None:
    assert word_error_rate(words_of(truth["text"]), words_of(answer.transcript.text)) < WORD_ERROR_RATE


@every_answer
def test_no_sentence_is_lost(answer: Assessment, truth: dict[str, Any]) -> None:
    heard_s = [middle_s(word.model_dump()) for word in answer.transcript.words]
    said = [fragment for fragment in truth["fragments"] if len(words_of(fragment["text"])) >= 4]

    assert [f["text"] for f in said if not any(f["start_s"] <= t <= f["end_s"] for t in heard_s)] == []


@every_answer
def test_half_of_the_filled_pauses_are_heard_and_none_is_invented(answer: Assessment, truth: dict[str, Any]) -> None:
    said_s = [middle_s(filler) for filler in truth["fillers"] if filler["kind"] == "filled_pause"]
    heard_s = [middle_s(f.model_dump()) for f in answer.analysis.fillers if f.kind == "filled_pause"]

    assert [t for t in heard_s if min(abs(t - said) for said in said_s) > FILLER_S] == []
    assert FILLED_PAUSES_HEARD * len(said_s) <= len(heard_s) <= len(said_s)


@every_answer
def test_words_that_work_are_no_discourse_markers(answer: Assessment, truth: dict[str, Any]) -> None:
    said_s = [filler["start_s"] for filler in truth["fillers"] if filler["kind"] == "discourse_marker"]
    found = [f for f in answer.analysis.fillers if f.kind == "discourse_marker" and f.text.lower() in MARKERS]

    assert [f for f in found if not any(abs(f.start_s - said) <= FILLER_S for said in said_s if f.start_s)] == []


@every_answer
def test_parts_that_are_there_are_found_and_missing_ones_missed(answer: Assessment, truth: dict[str, Any]) -> None:
    structure = answer.analysis.structure

    assert structure is not None
    assert structure.framework == truth["framework"]
    assert set(truth["parts"]["missing"]) <= set(structure.missing)
    assert set(structure.missing).isdisjoint(truth["parts"]["present"])


@every_answer
def test_required_results_are_found(answer: Assessment, truth: dict[str, Any]) -> None:
    found_s = [middle_s(result.model_dump()) for result in answer.analysis.quantified_results]
    required = [result for result in truth["quantified_results"] if result["required"]]

    assert [result["text"] for result in required if not said_in(truth, result, found_s)] == []


@every_answer
def test_numbers_that_are_no_results_are_not_taken_for_some(answer: Assessment, truth: dict[str, Any]) -> None:
    found = answer.analysis.quantified_results

    assert [
        result.text
        for result in found
        if not any(said_in(truth, said, [middle_s(result.model_dump())]) for said in truth["quantified_results"])
    ] == []


def said_in(truth: dict[str, Any], result: dict[str, Any], moments_s: list[float]) -> bool:
    """Whether one of the moments lies in the fragment that a result of the manifest is said in."""
    fragment = fragment_of(truth, result["start_char"])
    return any(fragment["start_s"] <= moment <= fragment["end_s"] for moment in moments_s)


@every_answer
def test_offsets_point_at_what_they_say(answer: Assessment) -> None:
    text, analysis = answer.transcript.text, answer.analysis
    assert analysis.structure is not None
    spans = [*analysis.fillers, *analysis.structure.sentences, *analysis.quantified_results]
    edges = [edge for s in analysis.structure.sentences for edge in (s.start_char, s.end_char)]
    quotes = [point.quote for point in answer.feedback.points if point.quote is not None]

    assert " ".join(word.text for word in answer.transcript.words) == text
    assert [span.text for span in spans] == [text[span.start_char : span.end_char] for span in spans]
    assert edges == sorted(edges)
    assert all(quote in text for quote in [*quotes, *(result.quote for result in analysis.quantified_results)])


@every_answer
def test_times_run_forward_inside_the_recording(answer: Assessment) -> None:
    words = [(word.start_s, word.end_s) for word in answer.transcript.words]
    times = [moment for word in words for moment in word if moment is not None]

    assert len(times) == 2 * len(words)
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= (answer.analysis.recording_s or 0.0)


@every_answer
def test_times_are_whole_milliseconds(answer: Assessment) -> None:
    times = re.findall(r'_s":(\d+\.\d+)', answer.model_dump_json())

    assert times
    assert [time for time in times if len(time.partition(".")[2]) > 3] == []


# --- silence, and files without speech ------------------------------------------------------------------


@pytest.mark.parametrize("name", SPEECHLESS)
def test_where_nobody_speaks_nothing_is_heard_and_nothing_measured(name: str, analyze: Analyze) -> None:
    nothing = analyze(AUDIO / MANIFEST[name]["file"], None)
    measured = (nothing.analysis.duration_s, nothing.analysis.words_per_minute, nothing.analysis.length)

    assert (nothing.transcript.text, nothing.transcript.words) == ("", ())
    assert (nothing.analysis.fillers, nothing.analysis.quantified_results) == ((), ())
    assert nothing.analysis.structure is None
    assert measured == (None, None, None)
    assert nothing.feedback.spoken


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_is_no_recording_is_named(name: str, analyze: Analyze) -> None:
    with pytest.raises(AudioFileError, match=re.escape(MANIFEST[name]["file"])):
        analyze(AUDIO / MANIFEST[name]["file"], None)


# --- an interview from the command line -----------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """An interview that a child process held."""

    data: Path
    speaker: Path
    stderr: str
    report: dict[str, Any]

    @property
    def answer(self) -> dict[str, Any]:
        (answer,) = self.report["answers"]
        return answer


def hold_interview(folder: Path, microphone: str) -> Held:
    """Run ``voicemock practice`` with real voice and Whisper; the voice and the answer are files."""
    speaker, data = folder / "interviewer.wav", folder / "data"
    command = [sys.executable, "-m", "voicemock", "practice", "--question", "failed-program", "--json"]
    files = ["--voice", "piper", "--mic", AUDIO / microphone, "--speaker", speaker, "--data-dir", data]
    done = subprocess.run([*command, *files], capture_output=True, text=True, encoding="utf-8", cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    return Held(data, speaker, done.stderr, json.loads(line))


@pytest.fixture(scope="module")
def answered(plain_settings: None, tmp_path_factory: pytest.TempPathFactory) -> Held:
    return hold_interview(tmp_path_factory.mktemp("answered"), "too-short.flac")


@pytest.fixture(scope="module")
def unanswered(plain_settings: None, tmp_path_factory: pytest.TempPathFactory) -> Held:
    return hold_interview(tmp_path_factory.mktemp("unanswered"), "silence.flac")


@pytest.fixture(params=["answered", "unanswered"])
def held(request: pytest.FixtureRequest) -> Held:
    return request.getfixturevalue(request.param)


def spoken_s(text: str) -> tuple[float, float]:
    """Return how long a voice may take for a text: between 260 and 100 words a minute."""
    count = len(text.split())
    return count * 60 / 260, count * 60 / 100


def test_the_report_fits_the_published_schema(held: Held) -> None:
    schema = json.loads((ROOT / "docs" / "schema" / "practice.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(held.report, schema)


def test_an_answer_that_came_to_nothing_is_waited_for(answered: Held) -> None:
    timings, fragments = answered.answer["timings"], MANIFEST["too-short"]["fragments"]
    order = [
        "question_ended_s", "speech_started_s", "speech_ended_s",
        "declared_over_s", "transcript_complete_s", "feedback_started_s",
    ]  # fmt: skip

    assert [timings[name] for name in order] == sorted(timings.values())
    assert timings["question_ended_s"] == 0
    assert timings["speech_started_s"] == pytest.approx(fragments[0]["start_s"], abs=PAUSE_S)
    assert timings["speech_ended_s"] == pytest.approx(fragments[-1]["end_s"], abs=PAUSE_S)
    assert timings["declared_over_s"] - timings["speech_ended_s"] == pytest.approx(SILENCE_S[Ending.OPEN], abs=0.1)


def test_an_interview_hears_what_analyze_hears_in_its_recording(answered: Held, analyze: Analyze) -> None:
    kept = analyze(next(answered.data.glob("sessions/*/*.flac")), "failed-program")

    assert answered.answer["status"] == "answered"
    assert answered.answer["transcript"] == json.loads(kept.transcript.model_dump_json())
    of_the_file = json.loads(kept.analysis.model_dump_json())
    assert of_the_file.pop("audio_source")["channels"] == 1
    of_the_interview = dict(answered.answer["analysis"])
    assert of_the_interview.pop("audio_source") is None
    assert of_the_interview == of_the_file


def test_the_interviewer_is_heard_asking_and_giving_feedback(answered: Held) -> None:
    speaker = read_audio(answered.speaker)
    said = [QuestionBank.load().get("failed-program").text, answered.answer["feedback"]["spoken"], CLOSING]
    shortest_s, longest_s = spoken_s(" ".join(said))
    loudness_dbfs = 10 * np.log10(np.mean(speaker.samples**2))

    assert shortest_s < speaker.duration_s < longest_s
    assert -35 < loudness_dbfs < -10


def test_a_file_without_an_answer_is_told_and_nobody_is_asked_again(unanswered: Held) -> None:
    question = QuestionBank.load().get("failed-program").text
    shown = " ".join(unanswered.stderr.split())
    shortest_s, longest_s = spoken_s(" ".join([question, CLOSING]))

    assert (shown.count(NOTHING_HEARD), shown.count(MOVING_ON), shown.count("has ended")) == (0, 0, 1)
    assert (unanswered.answer["status"], unanswered.answer["transcript"]["text"]) == ("no_speech", "")
    assert shortest_s < read_audio(unanswered.speaker).duration_s < longest_s


def test_one_recording_is_kept_and_nothing_is_left_over(held: Held) -> None:
    files = sorted(path.relative_to(held.data).as_posix() for path in held.data.rglob("*") if path.is_file())

    assert files == [f"sessions/{held.report['session']['id']}/answer-01.flac", "voicemock.db"]
    assert sorted(path.name for path in held.data.parent.iterdir()) == ["data", "interviewer.wav"]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps who may read a file elsewhere")
def test_nobody_else_may_read_an_interview(held: Held) -> None:
    kept = [held.data, held.speaker, *held.data.rglob("*")]

    assert [path for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
