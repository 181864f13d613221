"""Whisper's model is missing, changed or failing, in processes with the real weights."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.faults.processes import QUESTION, Ended, Processes, answers
from voicemock.errors import WeightsError
from voicemock.models import Answer
from voicemock.packaged import BASE, TINY_EN, PackagedModel
from voicemock.weights import resolve_model

pytestmark = pytest.mark.models

SAID = "I took over the program"


@pytest.fixture(scope="module")
def model(cache: Path) -> Path:
    """The file of Whisper base, put together in the cache folder and found to be the published one."""
    return Path(resolve_model("base", cache)) / "model.bin"


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def change_a_byte(path: Path) -> None:
    """Change one in the middle; the size stays."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        (byte,) = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))


def practiced(processes: Processes, spoken: Path, *arguments: object, **options: object) -> Ended:
    files = ("--mic", spoken, "--silent")
    return processes.run("practice", *QUESTION, *files, *arguments, **options)  # type: ignore[arg-type]


def answer_of(processes: Processes) -> Answer:
    (answer,) = answers(processes.data)
    return answer


def analyzed(processes: Processes, spoken: Path) -> str:
    """Return what Whisper base writes down of a recording."""
    done = processes.run("analyze", spoken, "--json", "--model", "base")
    assert (done.code, done.stderr) == (0, "")
    text: str = done.json["transcript"]["text"]
    return text


def answered(processes: Processes, spoken: Path) -> str:
    """Return what Whisper base writes down in an interview."""
    done = practiced(processes, spoken, "--model", "base")
    assert (done.code, done.stderr) == (0, "")
    assessment = answer_of(processes).assessment
    assert assessment is not None
    return assessment.transcript.text


@pytest.mark.parametrize(("damage", "heard"), [(cut, analyzed), (change_a_byte, answered)])
def test_a_damaged_model_is_put_together_anew_and_works(
    processes: Processes,
    model: Path,
    spoken: Path,
    damage: Callable[[Path], None],
    heard: Callable[[Processes, Path], str],
) -> None:
    published = sha256(model.read_bytes()).digest()
    damage(model)
    assert SAID in heard(processes, spoken)
    assert sha256(model.read_bytes()).digest() == published


def shadowed(folder: Path, model: PackagedModel, content: bytes | None) -> Path:
    """Make packages that stand before those of a model: without its files, or with others in their place."""
    for part in (part for file in model.files for part in file.parts):
        path = folder / part
        path.parent.mkdir(parents=True, exist_ok=True)
        (folder / part.partition("/")[0] / "__init__.py").touch()
        if content is not None:
            path.write_bytes(content)
    return folder


@pytest.mark.parametrize(
    ("packaged", "content", "told"),
    [
        pytest.param(BASE, None, 'pip install "voicemock[base]"', id="base, missing"),
        pytest.param(TINY_EN, None, 'pip install "voicemock[tiny]"', id="tiny.en, missing"),
        pytest.param(BASE, b"no model", "--force-reinstall", id="base, wrong hash"),
        pytest.param(TINY_EN, b"no model", "--force-reinstall", id="tiny.en, wrong hash"),
    ],
)
def test_a_model_that_is_missing_or_not_the_published_one_is_told_and_nothing_is_recorded(
    processes: Processes, spoken: Path, tmp_path: Path, packaged: PackagedModel, content: bytes | None, told: str
) -> None:
    site = shadowed(tmp_path / "site", packaged, content)
    interview = practiced(
        *(processes, spoken, "--model", packaged.name),
        arranged=(("installed", str(site)),),
        cache_dir=tmp_path / "cache",
    )
    assert interview.code == WeightsError.exit_code
    assert told in interview.told()
    assert not list((tmp_path / "cache").rglob("*.bin*")), "a model, or half of one, is left"
    assert not list(processes.data.rglob("*.wav"))


def test_a_folder_that_is_not_there_is_told(processes: Processes, spoken: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    interview = practiced(processes, spoken, model=nowhere)
    assert (interview.code, interview.told()) == (
        4,
        f"voicemock: {nowhere} is not a folder. Give the folder of a faster-whisper model.",
    )
    analysis = processes.run("analyze", spoken, "--json", model=nowhere)
    assert (analysis.code, analysis.stderr) == (1, ""), "a file that failed, as the JSON says"
    assert analysis.json["error"]["kind"] == "weights"


def folder_with(damaged: str, folder: Path) -> Path:
    """Make a folder of the user's with Whisper tiny.en in it, of which one file is cut."""
    folder.mkdir()
    for path in Path(resolve_model("tiny.en", folder.parent / "cache")).iterdir():
        if path.name == damaged:
            (folder / path.name).write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        elif path.is_file():
            (folder / path.name).symlink_to(path)
    return folder


@pytest.mark.parametrize("damaged", ["model.bin", "config.json", "tokenizer.json"])
def test_whisper_cannot_be_loaded_and_the_recording_is_kept(
    processes: Processes, spoken: Path, tmp_path: Path, damaged: str
) -> None:
    interview = practiced(processes, spoken, model=folder_with(damaged, tmp_path / "mine"))
    assert interview.code == 4
    assert f"{tmp_path / 'mine'} cannot be loaded" in interview.told()
    assert "What you said is kept. Analyze the last answer with: voicemock recover" in interview.stdout
    assert answer_of(processes).status == "interrupted"


def test_whisper_fails_at_the_first_words_and_the_answer_is_finished_once_it_works(
    processes: Processes, spoken: Path, tmp_path: Path
) -> None:
    interview = practiced(processes, spoken, model=folder_with("vocabulary.txt", tmp_path / "mine"))
    assert interview.code == 4
    assert "mine int8 failed" in interview.told()
    assert answer_of(processes).status == "interrupted"
    recovered = processes.run("recover", "--yes", model="tiny.en")
    assert (recovered.code, recovered.complaints) == (0, "")
    assessment = answer_of(processes).assessment
    assert assessment is not None
    assert SAID in assessment.transcript.text
