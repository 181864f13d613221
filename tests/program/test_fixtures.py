"""fixtures/audio and its manifest agree: a changed clip or script needs both to be made again."""

import hashlib
import json
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voicemock.content.questions import QuestionBank
from voicemock.speech.audio_files import read_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip

ROOT = Path(__file__).parents[2]
AUDIO = ROOT / "fixtures" / "audio"
MANIFEST = json.loads((AUDIO / "manifest.json").read_text(encoding="utf-8"))["fixtures"]
SOUND = {name: entry for name, entry in MANIFEST.items() if "duration_s" in entry}
SPOKEN = {name: entry for name, entry in SOUND.items() if entry["speech"]}

every_fixture = pytest.mark.parametrize("entry", MANIFEST.values(), ids=MANIFEST.keys())
every_sound = pytest.mark.parametrize("entry", SOUND.values(), ids=SOUND.keys())
every_spoken = pytest.mark.parametrize("entry", SPOKEN.values(), ids=SPOKEN.keys())


@pytest.fixture(scope="module")
def maker():
    loader = SourceFileLoader("make_fixtures", str(ROOT / "scripts" / "make-fixtures"))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    # dataclasses look their own module up by name
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.dont_write_bytecode", True)
        patch.setitem(sys.modules, loader.name, module)
        loader.exec_module(module)
        yield module


def level_dbfs(clip: AudioClip) -> float:
    return float(10 * np.log10(np.mean(clip.samples**2) + 1e-12))


def test_every_file_is_in_the_manifest_and_every_script_has_its_clip():
    files = {path.name for path in AUDIO.iterdir()} - {"manifest.json"}
    scripts = {path.name for path in (ROOT / "fixtures" / "scripts").iterdir()}

    assert files == {entry["file"] for entry in MANIFEST.values()}
    assert scripts == {Path(entry["script"]).name for entry in SPOKEN.values()}


def test_all_fixtures_together_stay_below_ten_megabytes():
    assert sum(path.stat().st_size for path in AUDIO.iterdir()) < 10_000_000


@every_fixture
def test_the_file_is_the_one_that_the_manifest_describes(entry):
    assert hashlib.sha256((AUDIO / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


@every_sound
def test_the_clip_is_listening_quality_flac_of_the_length_given(entry):
    info = soundfile.info(AUDIO / entry["file"])

    assert (info.format, info.subtype) == ("FLAC", "PCM_16")
    assert (info.samplerate, info.channels) == (entry["sample_rate"], entry["channels"]) == (LISTENING_RATE, 1)
    assert info.duration == pytest.approx(entry["duration_s"], abs=0.001)


@every_sound
def test_no_clip_is_driven_to_full_scale(entry):
    assert np.abs(read_audio(AUDIO / entry["file"]).samples).max() < 0.75


@every_spoken
def test_the_manifest_says_what_the_script_says(entry, maker):
    script = maker.read_script(ROOT / "fixtures" / entry["script"])
    truth = maker.truth_of(script)
    timed = {"fillers", "pauses", "fragments"}

    assert {key: entry[key] for key in truth if key not in timed} == {
        key: value for key, value in truth.items() if key not in timed
    }
    assert [(f["text"], f["part"]) for f in entry["fragments"]] == [(f.text, f.part) for f in script.fragments]
    assert [(f["text"], f["kind"]) for f in entry["fillers"]] == [(f["text"], f["kind"]) for f in truth["fillers"]]
    assert [p["end_s"] - p["start_s"] for p in entry["pauses"]] == pytest.approx(
        [f.gap_s for f in script.fragments[1:] if f.gap_s >= 1.0], abs=0.002
    )


@every_spoken
def test_fillers_and_results_stand_where_their_offsets_say(entry):
    for found in (*entry["fillers"], *entry["quantified_results"]):
        assert entry["text"].startswith(found["text"], found["start_char"])


@every_spoken
def test_fragments_follow_each_other_inside_the_clip(entry):
    times = [t for fragment in entry["fragments"] for t in (fragment["start_s"], fragment["end_s"])]

    assert times == sorted(times)
    assert times[0] > 0
    assert times[-1] < entry["duration_s"]


@every_spoken
def test_pauses_hold_room_noise_and_filled_pauses_hold_a_voice(entry):
    clip = read_audio(AUDIO / entry["file"])

    assert all(level_dbfs(clip.between(p["start_s"], p["end_s"])) < -55 for p in entry["pauses"])
    assert all(
        level_dbfs(clip.between(f["start_s"], f["end_s"])) > -35
        for f in entry["fillers"]
        if f["kind"] == "filled_pause"
    )


@every_spoken
def test_no_thinking_pause_is_long_enough_to_end_an_answer(entry):
    assert all(1.0 <= p["end_s"] - p["start_s"] < 4.0 for p in entry["pauses"])


@every_spoken
def test_the_question_is_in_the_bank_with_the_same_framework(entry):
    assert QuestionBank.load().get(entry["question_id"]).framework == entry["framework"]


@pytest.mark.parametrize(
    ("name", "shortest_s", "longest_s", "missing", "has_result"),
    [
        ("strong-story", 200, 225, [], True),
        ("rambling-no-result", 150, 180, ["result"], False),
        ("too-short", 25, 30, ["result"], False),
        ("triage-answer", 120, 150, [], True),
    ],
)
def test_each_answer_is_what_it_is_for(name, shortest_s, longest_s, missing, has_result):
    entry = SPOKEN[name]

    assert shortest_s <= entry["duration_s"] <= longest_s
    assert entry["parts"]["missing"] == missing
    assert entry["has_quantified_result"] is has_result


@pytest.mark.parametrize(
    ("paragraph", "fragments"),
    [
        ("One thing. Another.", [("One thing.", None, 0.75), ("Another.", None, 0.42)]),
        ("So {um,} yes.", [("So", None, 0.75), ("um,", "filled_pause", 0.16), ("yes.", None, 0.16)]),
        ("And, {uh,} [pause 2.1] no.", [("And,", None, 0.75), ("uh,", "filled_pause", 0.16), ("no.", None, 2.1)]),
        ("It was, {like,} late.", [("It was,", None, 0.75), ("like, late.", "discourse_marker", 0.14)]),
        ("We fell <by half>.", [("We fell by half.", None, 0.75)]),
    ],
)
def test_a_script_is_cut_at_sentences_pauses_and_fillers(paragraph, fragments, tmp_path, maker):
    path = tmp_path / "script.txt"
    path.write_text(f"---\nseed: 1\n---\nFirst.\n\n{paragraph}\n", encoding="utf-8")

    assert [(f.text, f.filler, f.gap_s) for f in maker.read_script(path).fragments[1:]] == fragments
