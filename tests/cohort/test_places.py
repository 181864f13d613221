from __future__ import annotations

import io

import pytest
from fsspec.implementations.ftp import FTPFileSystem

from voicemock.cohort.places import open_place


@pytest.fixture(autouse=True)
def unconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open servers without connecting to one."""
    monkeypatch.setattr(FTPFileSystem, "_connect", lambda server: setattr(server, "ftp", io.BytesIO()))


@pytest.mark.parametrize(
    ("given", "found", "expected"),
    [
        ("ftp://files.example:2121/takes", "/takes/a.wav", "ftp://files.example:2121/takes/a.wav"),
        ("ftp://files.example", "/a.wav", "ftp://files.example/a.wav"),
        ("memory://bucket/takes", "/bucket/takes/a.wav", "memory:///bucket/takes/a.wav"),
    ],
)
def test_an_address_of_what_was_found_names_its_server(given: str, found: str, expected: str) -> None:
    assert open_place(given).address(found) == expected
