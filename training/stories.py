"""Reads the training stories: plain text that anybody can extend without Python.

A story begins with ``== its title``; each line is a sentence, its part's letter before it ("-" for none). Lines that
begin with ``#`` are comments. A file's name begins with its style.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

NONE = "-"


@dataclass(frozen=True, slots=True)
class Story:
    """One answer as it was labeled.

    Attributes:
        style: The first word of its file's name: "spoken", "terse" ...
        title: What it is about; different for every story of a framework.
        sentences: Letter of the part and text, in order.
    """

    style: str
    title: str
    sentences: tuple[tuple[str, str], ...]


def read_stories(folder: Path, letters: str) -> list[Story]:
    """Return the stories of a folder, by file and place.

    Args:
        folder: Holds ``*.txt``.
        letters: One for each part of the framework, in order.

    Raises:
        ValueError: A line begins with another letter, or two stories have one title.
    """
    stories = [story for path in sorted(folder.glob("*.txt")) for story in _read_file(path, letters)]
    titles = [f"{story.style} {story.title}" for story in stories]
    if twice := sorted({title for title in titles if titles.count(title) > 1}):
        raise ValueError(f"titles that occur twice: {', '.join(twice)}")
    return stories


def _read_file(path: Path, letters: str) -> list[Story]:
    blocks = re.split(r"^== (.*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    style = path.stem.rsplit("-", 1)[0]
    return [
        Story(style, title, tuple(_sentence(path, line, letters) for line in body.splitlines() if _counts(line)))
        for title, body in zip(blocks[::2], blocks[1::2], strict=True)
    ]


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _sentence(path: Path, line: str, letters: str) -> tuple[str, str]:
    letter, _, text = line.partition(" ")
    if letter not in {*letters, NONE} or not text.strip():
        raise ValueError(f"{path}: no part before {line!r}; there are {', '.join(letters)} and {NONE}")
    return letter, text.strip()
