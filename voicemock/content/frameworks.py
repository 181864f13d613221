"""Reads the frameworks: how the answers to each kind of question are built."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Framework, FrameworkName, Pillar


def load_frameworks(prompts: Path | None = None) -> tuple[Framework, ...]:
    """Return the frameworks of a folder of prompts, by default voicemock's own, in the order of their files.

    Raises:
        ContentError: A file breaks its schema.
    """
    folder = (prompts or prompts_folder()) / "frameworks"
    return tuple(load_yaml(path, Framework) for path in sorted(folder.glob("*.yaml")))


def usual_frameworks(frameworks: Iterable[Framework]) -> dict[Pillar, FrameworkName]:
    """Return the framework of each pillar that most of its questions have: the first of ``FrameworkName``."""
    last_first = sorted(frameworks, key=lambda each: get_args(FrameworkName).index(each.name), reverse=True)
    return {each.pillar: each.name for each in last_first}
