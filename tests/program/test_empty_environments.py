"""Wheel and sdist are installed into empty environments, by pip and as a tool of uv, without the network.

What voicemock depends on is not installed again: the environment borrows it from the one that runs the tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Callable
from pathlib import Path

import pytest
import uv

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PROGRAMS = "Scripts" if sys.platform == "win32" else "bin"
BORROWED = os.pathsep.join(
    dict.fromkeys([sysconfig.get_path("purelib"), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))])
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Build wheel and sdist, as ``make wheel`` does."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "hatchling", "build", "-d", str(folder)], ROOT)
    return {path.suffix: path for path in folder.iterdir()}


def run(command: list[str], cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def into_venv(package: Path, folder: Path) -> Path:
    """Install a package with pip into an empty virtual environment; return the environment."""
    venv.create(folder / "env", with_pip=False)
    borrow(folder / "env")
    python = folder / "env" / PROGRAMS / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index"]
    run([*pip, "--no-deps", "--no-build-isolation", "--force-reinstall", str(package)], folder)
    return folder / "env"


def with_uv(package: Path, folder: Path) -> Path:
    """Install a package with uv as a tool; return its environment."""
    homes = {
        "UV_TOOL_DIR": str(folder / "tools"),
        "UV_TOOL_BIN_DIR": str(folder / "bin"),
        "UV_CACHE_DIR": str(folder / "c"),
    }
    left_out = folder / "left-out.txt"
    left_out.write_text(
        "\n".join(name.split(">")[0].split("=")[0] for name in PROJECT["dependencies"]), encoding="utf-8"
    )
    uv_tool = [uv.find_uv_bin(), "tool", "install", "--quiet", "--offline", "--no-index", "--no-config"]
    run([*uv_tool, "--python", sys.executable, "--excludes", str(left_out), str(package)], folder, **homes)
    return folder / "tools" / "voicemock"


def borrow(environment: Path) -> None:
    """Let an environment find what it lacks in that of the tests; what is installed in it comes first."""
    (site,) = (
        environment.glob("Lib/site-packages") if sys.platform == "win32" else environment.glob("lib/*/site-packages")
    )
    code = f"import site; any(map(site.addsitedir, {BORROWED.split(os.pathsep)!r}))"
    (site / "borrowed.pth").write_text(f"{code}\n", encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("install", "suffix"),
    [(into_venv, ".whl"), (into_venv, ".gz"), (with_uv, ".whl")],
    ids=["pip-wheel", "pip-sdist", "uv-wheel"],
)
def test_it_works_where_nothing_else_is(
    install: Callable[[Path, Path], Path], suffix: str, built: dict[str, Path], tmp_path: Path
) -> None:
    environment = install(built[suffix], tmp_path)
    borrow(environment)
    program = str(environment / PROGRAMS / "voicemock")
    python = str(environment / PROGRAMS / "python")
    where = run([python, "-c", "import voicemock; print(voicemock.__file__)"], tmp_path, PYTHONPATH="").strip()
    assert Path(where).is_relative_to(environment)
    assert run([program, "--version"], tmp_path, PYTHONPATH="") == f"voicemock {PROJECT['version']}\n"
    (tmp_path / "answer.txt").write_text("I cut the scope, um, and we reduced tickets by 40%.", encoding="utf-8")
    assert '"by 40%"' in run([program, "analyze", "answer.txt", "--json"], tmp_path, PYTHONPATH="")
