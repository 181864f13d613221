"""The wheel holds everything, and works away from the checkout."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel alone into a folder: no checkout, no installation."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(site: Path, cwd: Path, *arguments: str) -> str:
    """Run Python in another folder with the unpacked wheel before everything else."""
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONUTF8": "1"}
    command = [sys.executable, "-W", "error", *arguments]
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def files_of(folder: Path, pattern: str) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_data_files_are_in_the_wheel_as_they_are_in_the_checkout(unpacked: Path) -> None:
    assert files_of(unpacked / "voicemock" / "prompts", "*") == files_of(ROOT / "prompts", "*") != {}


def test_every_module_is_in_the_wheel_and_it_says_that_it_is_typed(unpacked: Path) -> None:
    assert files_of(unpacked / "voicemock", "*.py") == files_of(ROOT / "voicemock", "*.py")
    assert (unpacked / "voicemock" / "py.typed").is_file()


def test_what_the_review_page_is_made_of_is_in_the_wheel(unpacked: Path) -> None:
    assert files_of(unpacked / "voicemock" / "report", "*") == files_of(ROOT / "voicemock" / "report", "*")
    assert (unpacked / "voicemock" / "report" / "vendor" / "chart.LICENSE.md").is_file()


def test_nothing_else_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    assert {name.split("/")[0] for name in names} == {"voicemock", f"voicemock-{PROJECT['version']}.dist-info"}
    assert [name for name in names if name.endswith((".pyc", ".flac", ".wav", ".db"))] == []


def test_the_command_and_the_engines_are_entry_points(unpacked: Path) -> None:
    entry_points = ConfigParser(delimiters="=")
    entry_points.optionxform = str  # type: ignore[assignment,method-assign] - engine names keep their case
    (path,) = unpacked.glob("*.dist-info/entry_points.txt")
    entry_points.read_string(path.read_text(encoding="utf-8"))
    declared = {"console_scripts": PROJECT["scripts"], **PROJECT["entry-points"]}

    assert {group: dict(entry_points[group]) for group in entry_points.sections()} == declared


def built_elsewhere(folder: Path, *, when: int, umask: int, **environment: str) -> dict[str, str]:
    """Build wheel and sdist from a copy of the checkout; return the sha256 of each by name."""
    checkout = folder / "checkout"
    for name in ("voicemock", "prompts"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".gitignore"):
        shutil.copy(ROOT / name, checkout / name)
    for path in checkout.rglob("*"):
        os.utime(path, (when, when))
        path.chmod((0o777 if path.is_dir() else 0o666) & ~umask)
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder / "dist")]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1795392000", **environment}
    subprocess.run(command, cwd=checkout, env=environment, umask=umask, capture_output=True, check=True)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / "dist").iterdir()}


def test_built_twice_in_different_places_it_is_the_same_to_the_byte(tmp_path: Path) -> None:
    here = built_elsewhere(tmp_path / "a", when=1_000_000_000, umask=0o022, TZ="Asia/Tokyo", PYTHONHASHSEED="1")
    there = built_elsewhere(tmp_path / "b", when=1_700_000_000, umask=0o077, TZ="UTC", LC_ALL="C", PYTHONHASHSEED="2")
    assert sorted(Path(name).suffix for name in here) == [".gz", ".whl"]
    assert here == there


def test_the_license_travels_with_it(unpacked: Path) -> None:
    (text,) = unpacked.glob("*.dist-info/licenses/LICENSE")
    assert text.read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_questions_are_found_beside_the_installed_package(unpacked: Path, tmp_path: Path) -> None:
    program = (
        "import voicemock.content.yaml_files, voicemock.content.questions\n"
        "print(voicemock.content.yaml_files.prompts_folder())\n"
        "print(voicemock.content.questions.QuestionBank.load().get('failed-program').framework)\n"
    )
    folder, framework = run(unpacked, tmp_path, "-c", program).splitlines()

    assert Path(folder).resolve() == (unpacked / "voicemock" / "prompts").resolve()
    assert framework == "star"


def test_the_questions_command_works_away_from_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    lines = [
        json.loads(line) for line in run(unpacked, tmp_path, "-m", "voicemock", "questions", "--json").splitlines()
    ]

    assert len(lines) == len({line["id"] for line in lines}) >= 150


def test_a_transcript_is_analyzed_away_from_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_text("I cut the scope, um, and we reduced tickets by 40%.", encoding="utf-8")
    (line,) = run(unpacked, tmp_path, "-m", "voicemock", "analyze", "answer.txt", "--json").splitlines()
    answer = json.loads(line)

    assert [filler["text"] for filler in answer["analysis"]["fillers"]] == ["um"]
    assert [result["text"] for result in answer["analysis"]["quantified_results"]] == ["by 40%"]
    assert answer["feedback"]["spoken"]
