"""A reader to fuzz: its cases and its check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True)
class Reader:
    """One way into the program.

    Attributes:
        cases: What it is given.
        check: Reads a case, with a folder to write to; raises where anything but a refusal comes of it.
    """

    cases: SearchStrategy[Any]
    check: Callable[[Any, Path], None]
