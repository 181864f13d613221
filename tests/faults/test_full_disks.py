"""Full disks: real commands on a small disk that fills up before any of the files they write."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.fakes import STEP, Script, quiet, says
from tests.faults.processes import QUESTION, SCRIPTED, Disk, Ended, Processes, answers
from tests.faults.program import ANSWER
from tests.interviews import fixture_answer, keep
from voicemock.speech.audio_files import read_audio, write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.store.store import Store

A_BLOCK = 4096
"""With this much space left, a file can be begun but not finished."""


@pytest.fixture
def disk(processes: Processes) -> Disk:
    return processes.mount(processes.folder / "disk", "size=2m,mode=700")


# --- what a command writes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "left"),
    [
        *((f"export last --format {form} --to DISK/out", A_BLOCK) for form in ("json", "audio", "json --force")),
        *((f"export last --format {form} --to DISK/out", 0) for form in ("csv", "srt")),
        ("report --no-open --to DISK/page.html", A_BLOCK),
        ("report --no-open --embed-audio --to DISK/page.html", A_BLOCK),
        ("progress --page --no-open --to DISK/page.html", A_BLOCK),
    ],
)
def test_nothing_is_left_of_a_file_that_does_not_fit(processes: Processes, disk: Disk, command: str, left: int) -> None:
    keep(processes.data, fixture_answer("strong-story"))
    disk.fill(left)
    done = processes.run(*command.replace("DISK", str(disk.folder)).split())
    assert (done.code, done.stdout) == (1, "")
    assert "cannot be written: No space left on device" in done.told()
    assert disk.files() == []


NOTE = "I led it. We cut the cost of it by 40 percent. " * 200
KEEPING = {
    "job": (("job", "add", "Acme", "--description", "NOTE"), 5),
    "real interview": (("log", "add", "--company", "Acme", "--asked", "Why do you want to work for us?"), 5),
    "own question": (("questions", "add", "Tell me about Acme."), 1),
    "story": (("stories", "add", "Kafka", "--set", "result=We cut it by 40%."), 5),
    "import": (("import", "NOTE", "--story", "Kafka"), 5),
    "debrief": (("debrief",), 5),
    "show": (("show",), 5),
    "export": (("export", "last", "--format", "json"), 5),
    "report": (("report", "last", "--no-open"), 5),
    "progress": (("progress", "--page"), 5),
    "reanalyze": (("reanalyze", "--all", "--again"), 5),
}


@pytest.mark.parametrize(
    ("what", "left"),
    [*((what, 0) for what in KEEPING), ("job", A_BLOCK * 3), ("story", A_BLOCK * 3), ("show", A_BLOCK * 3)],
)
def test_what_cannot_be_kept_is_told_and_what_was_kept_stays(
    processes: Processes, disk: Disk, what: str, left: int
) -> None:
    command, code = KEEPING[what]
    note = processes.folder / "note.txt"
    note.write_text(NOTE * (10 if what == "job" else 1), encoding="utf-8")
    kept = fixture_answer("strong-story").model_copy(update={"audio_file": None})
    keep(processes.data, kept)
    disk.bring(processes.data)
    before = disk.files()
    disk.fill(left)
    done = processes.run(
        *(part.replace("NOTE", str(note)) for part in command),
        data_dir=disk.folder / "data",
        config=disk.folder / "config.toml",
    )
    assert (done.code, done.stdout) == (code, "")
    assert "full" in done.told() or "No space left" in done.told()
    assert [name for name in disk.files() if "voicemock.db-" not in name] == before
    disk.free()
    assert answers(disk.taken(processes.folder / "taken")) == (kept,)


def test_a_take_that_does_not_fit_is_told_and_no_half_of_it_is_kept(processes: Processes, disk: Disk) -> None:
    with Store(processes.data):
        disk.bring(processes.data)
    disk.fill(A_BLOCK * 20)
    note = processes.folder / "note.txt"
    note.write_text(NOTE, encoding="utf-8")
    done = processes.run("import", note, "--story", "Kafka", data_dir=disk.folder / "data")
    assert done.code == 1, "a file that failed; the others are kept"
    assert "The disk is full" in done.told()
    disk.free()
    with Store(disk.taken(processes.folder / "taken")) as store:
        assert (store.overviews.sessions(), store.integrity()) == ((), None)


# --- in an interview ------------------------------------------------------------------------------------


def with_noise(samples: np.ndarray) -> AudioClip:
    """Return sound that FLAC cannot make small; scripted ears hear the same words in it."""
    noise = np.random.default_rng(1).uniform(-STEP / 3, STEP / 3, len(samples))
    return AudioClip((samples + noise).astype(np.float32), LISTENING_RATE)


def unwrapped(interview: Ended) -> str:
    """Return what was shown as one line; it breaks between words and within long names."""
    return " ".join(interview.stdout.split())


def practiced(processes: Processes, answer: Path, *arranged: object, **options: object) -> Ended:
    speaker = options.pop("speaker", processes.folder / "interviewer.wav")
    return processes.run(
        *("practice", *QUESTION, "--mic", answer, "--speaker", speaker),
        arranged=arranged,
        **options,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("owner", "name", "call", "is_recorded"),
    [
        pytest.param("store.unfinished:Marks", "put", 1, False, id="mark"),
        pytest.param("speech.audio_files:RecordingFile", "append", 101, True, id="recording"),
        pytest.param("store.sessions:Sessions", "add_answer", 1, True, id="database"),
        pytest.param("interview.answer_store", "compress_recording", 1, True, id="FLAC"),
        pytest.param("store.sessions:Sessions", "add_answer", 2, True, id="database, FLAC written"),
        pytest.param("store.sessions:Sessions", "add_answer", 3, True, id="database, analyzed"),
    ],
)
def test_a_full_disk_costs_no_answer(
    processes: Processes, scripted: Path, owner: str, name: str, call: int, is_recorded: bool
) -> None:
    disk = processes.mount(processes.folder / "small", "size=4m,mode=700")
    struck = ("struck before", f"voicemock.{owner}", name, call, "disk full")
    practiced(processes, scripted, *SCRIPTED, struck, data_dir=disk.folder / "data")
    assert list(disk.seen.rglob("*film*")), "the fault came about"
    disk.taken(processes.data)
    with Store(processes.data) as store:
        assert store.integrity() is None
    recovered = processes.run("recover", "--all", "--yes", arranged=SCRIPTED)
    assert (recovered.code, recovered.complaints) == (0, "")
    assert [answer.assessment is not None for answer in answers(processes.data)] == [True] * is_recorded
    with Store(processes.data) as store:
        assert store.unfinished.without_recordings() == ()


def test_a_recording_that_cannot_be_compressed_stays_as_it_is(processes: Processes, tmp_path: Path) -> None:
    disk = processes.mount(tmp_path / "small", "size=8m,mode=700")
    said = Script(quiet(1.5), says(" ".join(ANSWER.words), 60))
    write_audio(tmp_path / "long.wav", with_noise(said.samples))
    interview = practiced(
        *(processes, tmp_path / "long.wav", *SCRIPTED, ("struck at", "compressing", "disk almost full")),
        data_dir=disk.folder / "data",
    )
    assert (interview.code, interview.stderr) == (0, "")
    assert "answer-01.flac cannot be written: the disk is full. The recording is kept" in unwrapped(interview)
    data = disk.taken(tmp_path / "taken")
    (answer,) = answers(data)
    assert answer.assessment is not None
    (recording,) = (data / "sessions").glob("*/answer-*")
    assert recording.name == answer.audio_file == "answer-01.recording.wav"
    assert read_audio(recording).duration_s > 61


@pytest.mark.parametrize("left", [0, 1000])
def test_an_interviewer_whose_file_cannot_be_written_is_shown(
    processes: Processes, disk: Disk, scripted: Path, left: int
) -> None:
    disk.fill(left)
    interview = practiced(processes, scripted, *SCRIPTED, speaker=disk.folder / "interviewer.wav")
    assert (interview.code, interview.stderr) == (0, "")
    told = unwrapped(interview)
    assert told.count("cannot be written") == 1
    assert "The text is shown until there is a speaker" in told
    assert "What the interviewer said is in" not in told
    assert disk.files() == []


@pytest.mark.models
def test_a_model_that_cannot_be_put_together_is_told(processes: Processes, disk: Disk, scripted: Path) -> None:
    disk.fill(100_000)
    cache = disk.folder / "cache"
    interview = processes.run("practice", *QUESTION, "--mic", scripted, "--silent", model="base", cache_dir=cache)
    assert interview.code == 4
    assert f"{cache}/models/base/model.bin cannot be written: No space left on device. Free some" in interview.told()
    assert disk.files() == []


@pytest.mark.models
def test_a_voice_that_finds_no_space_for_its_sound_is_told_as_that(
    processes: Processes, disk: Disk, scripted: Path
) -> None:
    disk.fill()
    interview = practiced(
        processes, scripted, "scripted ears", ("installed", str(without_piper(processes.folder))), cache_dir=disk.folder
    )
    assert (interview.code, interview.stderr) == (0, "")
    told = unwrapped(interview)
    assert "No voice works here, so text is shown and not spoken." in told
    assert "but the disk is full. Free some space, or choose another cache_dir." in told
    assert "apt install" not in told.partition("pyttsx3:")[2]
    assert disk.files() == []


def without_piper(folder: Path) -> Path:
    (folder / "site" / "piper").mkdir(parents=True)
    (folder / "site" / "piper" / "__init__.py").write_text("raise ImportError('not here')", encoding="utf-8")
    return folder / "site"


@pytest.mark.models
def test_speech_that_cannot_be_kept_is_spoken(processes: Processes, disk: Disk, scripted: Path) -> None:
    disk.fill(A_BLOCK * 3)
    interview = practiced(processes, scripted, "scripted ears", cache_dir=disk.folder, voice="piper")
    assert (interview.code, interview.stderr) == (0, "")
    assert read_audio(processes.folder / "interviewer.wav").duration_s > 3
    assert not [name for name in disk.files() if "speech" in name]
