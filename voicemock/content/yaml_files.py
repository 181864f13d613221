"""Reads YAML files into models; a mistake is reported with file and line."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from voicemock.errors import ContentError, reason_of
from voicemock.files import read_at_most

T = TypeVar("T")

LARGEST_FILE: Final = 4 * 2**20
"""Bytes; our largest has 60,000."""
DEEPEST: Final = 50
MOST_NODES: Final = 200_000
"""With every reference counted as the nodes it stands for; our largest file has 4,000."""

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check_yaml(text: str, loader: type) -> None:
    """Refuse a file that has tags, is too deep or too large, without loading it.

    The C library dies of depth, and references can fill the memory.

    Raises:
        yaml.YAMLError: It is such a file, or not YAML.
    """
    depth, nodes = 0, 0
    sizes: dict[str, int] = {}
    opened: list[tuple[str | None, int]] = []
    for event in yaml.parse(text, Loader=loader):
        if getattr(event, "tag", None) is not None:
            raise yaml.YAMLError(f"{getattr(event, 'tag', '')}: no file of voicemock has tags")
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            anchor, before = opened.pop()
            if anchor is not None:
                sizes[anchor] = nodes - before
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            opened.append((event.anchor, nodes))
            nodes += 1
        elif isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in opened):
                raise yaml.YAMLError(f"*{event.anchor} stands inside itself")
            nodes += sizes.get(str(event.anchor), 1)
        elif isinstance(event, yaml.ScalarEvent):
            nodes += 1
        if depth > DEEPEST or nodes > MOST_NODES:
            raise yaml.YAMLError(f"more than {DEEPEST} levels or {MOST_NODES:,} values: that is no file of voicemock")


@cache
def prompts_folder() -> Path:
    """Return the folder of data files: inside the installed package, or beside it in a checkout."""
    package = Path(str(files("voicemock")))
    for folder in (package / "prompts", package.parent / "prompts"):
        if (folder / "frameworks").is_dir():
            return folder
    raise ContentError(f"The prompts folder is missing beside {package}. Install voicemock again.")


def load_yaml(path: Path, shape: type[T]) -> T:
    """Read a YAML file into a model, or a list, tuple or dict of models; ``prompts/`` is read once a process.

    Raises:
        ContentError: The file is missing, not YAML, or breaks the schema; the message names file and line.
    """
    if not path.is_relative_to(prompts_folder()):
        return _read(path, shape)
    found: T = _read_once(path, shape)
    return copy(found) if isinstance(found, (list, dict)) else found  # models are frozen


def _read(path: Path, shape: type[T]) -> T:
    try:
        return parse_yaml(read_at_most(path, LARGEST_FILE).decode("utf-8"), shape, path)
    except OSError as error:
        raise ContentError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ContentError(f"{path}: not UTF-8 at byte {error.start}") from error


def parse_yaml(text: str, shape: type[T], path: Path) -> T:
    """Read the text of a YAML file, or of one that is to be written, into a model, or a list, tuple or dict of models.

    Raises:
        ContentError: It is not YAML, or breaks the schema; the message names file and line.
    """
    try:
        check_yaml(text, _Loader)
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 - _Loader is one of the two safe loaders
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a malformed date or number
        raise ContentError(f"{path}: {error}") from error
    try:
        return TypeAdapter(shape).validate_python(data)
    except ValidationError as error:
        lines = [f"{path}:{_line_of(text, p['loc'])}: {_field(p['loc'])}: {reason_of(p)}" for p in error.errors()]
        raise ContentError("\n".join(lines)) from error


_read_once: Callable[[Path, Any], Any] = cache(_read)


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in location) or "file"


def _line_of(text: str, location: tuple[int | str, ...]) -> int:
    """Return the line (from 1) of the deepest node on the path of a validation error.

    A step without a place in a list is skipped: a plain list may stand for a mapping.
    """
    node: Any = yaml.compose(text, Loader=_Loader)
    for step in location:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == step), None)
            if found is None:
                break
            node = found
    return int(node.start_mark.line) + 1 if node is not None else 1
