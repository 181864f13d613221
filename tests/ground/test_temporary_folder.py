"""Temporary folders: private, removed at the end, and after a kill at the next start."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from voicemock.files import remove_abandoned, temporary_folder

HOLDS = """
import sys
from pathlib import Path
from voicemock.files import temporary_folder
with temporary_folder(Path(sys.argv[1])) as folder:
    (folder / "speech.wav").write_bytes(b"what was said")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path):
    """Another process that has a folder, and where it is."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_it_is_private_and_gone_afterward(tmp_path: Path) -> None:
    with temporary_folder(tmp_path) as folder:
        (folder / "speech.wav").write_bytes(b"what was said")
        assert folder.parent == tmp_path / "temporary"
        assert sys.platform == "win32" or stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list((tmp_path / "temporary").iterdir()) == []


def test_it_is_gone_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), temporary_folder(tmp_path):
        raise ZeroDivisionError
    assert list((tmp_path / "temporary").iterdir()) == []


def test_what_another_process_uses_stays(tmp_path: Path, other) -> None:
    _, folder = other
    remove_abandoned(tmp_path)
    with temporary_folder(tmp_path):
        assert (folder / "speech.wav").exists()


def test_what_a_killed_process_left_is_gone_at_the_next_start(tmp_path: Path, other) -> None:
    process, folder = other
    process.kill()
    process.wait()
    assert (folder / "speech.wav").exists()
    remove_abandoned(tmp_path)
    assert not folder.exists()


def test_a_folder_without_a_lock_is_removed_and_a_file_stays(tmp_path: Path) -> None:
    (tmp_path / "temporary" / "left").mkdir(parents=True)
    (tmp_path / "temporary" / "mine.txt").touch()
    remove_abandoned(tmp_path)
    assert [path.name for path in (tmp_path / "temporary").iterdir()] == ["mine.txt"]


def test_without_a_cache_there_is_nothing_to_remove(tmp_path: Path) -> None:
    remove_abandoned(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []
