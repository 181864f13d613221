"""Dependencies: locked by hash, licensed as listed, and no GPL outside of the extras that say so."""

from __future__ import annotations

import re
import runpy
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "write-licenses"))
LISTED = {group: packages for group, packages in SCRIPT["licenses"]().items() if group != "inside"}
INSIDE = SCRIPT["licenses"]()["inside"]
LICENSE_OF = {name: text for packages in LISTED.values() for name, text in packages.items()}
GPL_EXTRAS = ("piper", "espeak")
KNOWN_GPL_OUTSIDE = {"av"}
"""Its wheels bring x264 and x265; docs/licenses.md says so, and how to do without."""


def locked(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")


def installed_by(requirements: Iterable[str]) -> set[str]:
    """The packages that requirements bring on this machine, all the way down."""
    waiting = [(Requirement(text), ("",)) for text in requirements]
    seen: set[tuple[str, tuple[str, ...]]] = set()
    while waiting:
        requirement, extras = waiting.pop()
        if requirement.marker and not any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        key = (canonicalize_name(requirement.name), tuple(sorted(requirement.extras)))
        if key in seen:
            continue
        seen.add(key)
        try:
            needed = metadata.requires(requirement.name) or []
        except metadata.PackageNotFoundError:
            continue
        waiting += [(Requirement(text), key[1] or ("",)) for text in needed]
    return {name for name, _ in seen}


@pytest.mark.parametrize("lock", ["demo", "test", "supply"])
def test_every_package_is_locked_to_one_version_with_hashes(lock: str) -> None:
    entries = [entry for entry in re.split(r"^(?=\S)", locked(lock), flags=re.MULTILINE) if entry]
    wrong = [entry.splitlines()[0] for entry in entries if not re.match(r"\S+==\S+.*\\\n +--hash=sha256:\w{64}", entry)]
    assert entries
    assert wrong == []


@pytest.mark.parametrize("page", ["Makefile", "Containerfile", "docs/start.md"])
def test_locks_are_only_ever_installed_with_their_hashes(page: str) -> None:
    lines = [line for line in (ROOT / page).read_text(encoding="utf-8").splitlines() if "install" in line]
    with_lock = [line for line in lines if ".lock" in line and "pip" in line]
    assert with_lock
    assert [line for line in with_lock if "--require-hashes" not in line or "--no-deps" not in line] == []


def test_every_locked_package_is_listed_once_and_no_other() -> None:
    names = [name for packages in LISTED.values() for name in packages]
    assert sorted(names) == sorted(SCRIPT["locked_versions"]()), "Edit requirements/licenses.yaml, then: make licenses"


def test_the_page_is_written_from_the_locks() -> None:
    written = (ROOT / "docs" / "licenses.md").read_text(encoding="utf-8")
    assert written == SCRIPT["page"](), "Run: make licenses"


def test_a_package_states_the_license_that_is_listed() -> None:
    stated = {
        canonicalize_name(found.name): found.metadata.get("License-Expression") for found in metadata.distributions()
    }
    others = {name: text for name, text in stated.items() if text and LICENSE_OF.get(name, text) != text}
    assert others == {}


def test_what_every_installation_brings_is_listed_so() -> None:
    assert installed_by(PROJECT["dependencies"]) <= set(LISTED["always"]) | {"pyobjc"}


@pytest.mark.parametrize("extra", [name for name in PROJECT["optional-dependencies"] if name != "offline"])
def test_what_an_extra_brings_is_listed_under_it(extra: str) -> None:
    brought = installed_by(PROJECT["optional-dependencies"][extra])
    assert brought - set(LISTED["always"]) == set(LISTED[extra])


def test_gpl_comes_only_with_the_extras_that_say_so() -> None:
    strong = re.compile(r"(?<!L)GPL-[\w.-]++(?! WITH)")
    found = {
        (group, name)
        for group, packages in LISTED.items()
        for name, text in packages.items()
        if strong.search(f"{text} {INSIDE.get(name, '')}")
    }
    assert {name for group, name in found if group not in GPL_EXTRAS} == KNOWN_GPL_OUTSIDE
    assert {group for group, _ in found} == {*GPL_EXTRAS, "always"}


def test_no_wheel_brings_a_gpl_library_that_is_not_told() -> None:
    libraries = re.compile(r"/lib(x26[45]|espeak|xvidcore|readline|gsl|fftw3?|gomp|gfortran)[^/]*\.(so|dylib|dll)")
    bringing = {
        canonicalize_name(found.name)
        for found in metadata.distributions()
        for file in found.files or ()
        if libraries.search(f"/{file.as_posix()}")
    }
    assert bringing <= set(INSIDE)
