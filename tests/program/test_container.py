"""The container: what its file copies is there, only this machine is let in, and where there is a builder it serves."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from voicemock.web.address import USUAL_PORT

ROOT = Path(__file__).parents[2]
FILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
SCRIPT = ROOT / "scripts" / "container-serve"
NO_BUILDER = "no container builder that runs here"


def test_what_it_copies_is_there_and_not_ignored() -> None:
    copied = [name for line in re.findall(r"^COPY (.*) \S+$", FILE, re.MULTILINE) for name in line.split()]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    kept = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{name}" for name in copied} <= set(kept)
    assert (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() == kept


def test_it_is_published_to_this_machine_only_wherever_that_is_written() -> None:
    published = {
        port
        for path in (ROOT / "Containerfile", *(ROOT / "docs").glob("*.md"))
        for port in re.findall(r"run .*-p (\S+)", path.read_text(encoding="utf-8"))
    }
    assert published == {f"127.0.0.1:{USUAL_PORT}:{USUAL_PORT}"}
    assert f"port={USUAL_PORT}\n" in SCRIPT.read_text(encoding="utf-8")


def test_inside_the_page_listens_on_loopback_and_nobody_is_root() -> None:
    assert "--host" not in SCRIPT.read_text(encoding="utf-8")
    assert re.findall(r"^USER (\w+)$", FILE, re.MULTILINE) == ["voicemock"]


def builder() -> str | None:
    """Return a program that builds and runs containers here."""
    for name in ("docker", "podman"):
        if shutil.which(name) and subprocess.run([name, "info"], capture_output=True, check=False).returncode == 0:
            return name
    return None


@pytest.fixture
def served() -> Iterator[str]:
    """Build the image and run it; yield the address that it prints."""
    found = builder()
    if found is None:
        pytest.skip(NO_BUILDER)
    name = f"voicemock-{uuid.uuid4().hex[:8]}"
    subprocess.run([found, "build", "-q", "-t", name, "-f", "Containerfile", "."], cwd=ROOT, check=True)
    port = f"127.0.0.1:{USUAL_PORT}:{USUAL_PORT}"
    program = subprocess.Popen(
        [found, "run", "--rm", "--name", name, "-p", port, name], stdout=subprocess.PIPE, text=True
    )
    try:
        assert program.stdout is not None
        yield program.stdout.readline().strip()
    finally:
        subprocess.run([found, "stop", "-t", "5", name], capture_output=True, check=False)
        program.wait(60)
        subprocess.run([found, "rmi", "-f", name], capture_output=True, check=False)


@pytest.mark.container
def test_the_page_is_served_through_the_published_port(served: str) -> None:
    assert served.startswith(f"http://127.0.0.1:{USUAL_PORT}/?token=")
    for _ in range(50):
        try:
            with urlopen(served) as page:
                assert "voicemock" in page.read().decode()
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    pytest.fail("The page never answered.")
