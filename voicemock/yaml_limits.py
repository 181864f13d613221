"""What a YAML file may be: the C library that puts it together dies of depth, and fills the memory with references."""

from __future__ import annotations

from typing import Final

import yaml

DEEPEST: Final = 50
MOST_NODES: Final = 200_000
"""Every reference counted as what it stands for; our largest file has 4,000."""


def check_yaml(text: str, loader: type) -> None:
    """Look through a file without putting it together.

    Raises:
        yaml.YAMLError: It is not YAML, has tags, is too deep or too large.
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
