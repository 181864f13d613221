"""Reads what was trained, from ``prompts/structure``, and checks that it is what was published."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from voicemock.content import prompts_folder
from voicemock.errors import ContentError

SUMS_FILE: Final = "SHA256SUMS"


def read_trained_file(name: str) -> dict[str, npt.NDArray[Any]] | None:
    """Return the arrays of ``NAME.npz``; None when there is no such file.

    Raises:
        ContentError: It is not the file that was published.
    """
    folder = prompts_folder() / "structure"
    path = folder / f"{name}.npz"
    if not path.is_file():
        return None
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != _published_sum(folder / SUMS_FILE, path.name):
        raise ContentError(f"{path} is damaged: its hash is not the one in {SUMS_FILE}. Install voicemock again.")
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)


def _published_sum(path: Path, name: str) -> str | None:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((line.split()[0] for line in lines if line.split()[1:] == [name]), None)
