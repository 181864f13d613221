"""Private files are private before they have any content."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from voicemock.files import make_folder, start_file, write_new, write_settled, write_whole

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows keeps who may read a file elsewhere")


@pytest.fixture(autouse=True)
def everybody_may_read() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_every_folder_that_was_missing_is_private(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert [mode(tmp_path / "a"), mode(tmp_path / "a" / "b")] == [0o700, 0o700]


def test_a_folder_that_was_there_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_folder(tmp_path)
    assert mode(tmp_path) == 0o755


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for wanted in (tmp_path / "file", tmp_path / "file" / "folder"):
        with pytest.raises(OSError, match="file"):
            make_folder(wanted)


@pytest.mark.parametrize(
    "write", [lambda path: write_whole(path, b"mine"), lambda path: write_settled(path, b"mine"), start_file]
)
def test_an_open_old_file_shows_nothing_of_the_new(tmp_path: Path, write: object) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"old")
    with path.open("rb") as before:
        write(path)  # type: ignore[operator]
        assert before.read() == b"old"
    assert mode(path) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_a_link_in_the_place_of_the_unfinished_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes(b"not yours")
    (tmp_path / ".page.html.part").symlink_to(tmp_path / "outside")
    write_whole(tmp_path / "page.html", b"mine")
    assert ((tmp_path / "outside").read_bytes(), (tmp_path / "page.html").read_bytes()) == (b"not yours", b"mine")


def test_a_new_file_is_never_an_old_one(tmp_path: Path) -> None:
    write_new(tmp_path / "file", b"one")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "file", b"two")
    assert ((tmp_path / "file").read_bytes(), mode(tmp_path / "file")) == (b"one", 0o600)


def test_nothing_is_left_of_a_new_file_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_new(tmp_path / "file", b"one")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_a_file_that_cannot_be_put_into_place(tmp_path: Path) -> None:
    (tmp_path / "page.html").mkdir()
    with pytest.raises(OSError, match=r"page\.html"):
        write_whole(tmp_path / "page.html", b"mine")
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]
