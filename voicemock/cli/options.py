"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

_LENGTH = re.compile(r"(?:(\d+):([0-5]\d)|(\d+(?:\.\d+)?))\s*(m|min|s)?")

SECONDS_FROM = 20.0
"""A bare number from here up means seconds, below it minutes: nobody tells a story of 20 minutes or of 19 seconds."""

Model = Annotated[
    str | None,
    typer.Option(help="Whisper model: base, tiny.en, a folder, or any faster-whisper name.", metavar="NAME|FOLDER"),
]
Target = Annotated[
    str | None,
    typer.Option(help="Good length of an answer: 3-4 (minutes), 2:30-4:00 or 90-150 (seconds).", metavar="MIN-MAX"),
]
DataDir = Annotated[Path | None, typer.Option(help="Folder of sessions.", metavar="FOLDER", show_default=False)]


def parse_target(text: str | None) -> tuple[float, float] | None:
    """Read a length range; returns (shortest, longest) in seconds.

    Raises:
        typer.BadParameter: The text is not two lengths, the shorter first.
    """
    if text is None:
        return None
    ends = [_LENGTH.fullmatch(part.strip()) for part in text.replace("\N{EN DASH}", "-").split("-")]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        raise typer.BadParameter(
            f"{text!r} is not a range. Write 3-4 for three to four minutes, or 90-150 for seconds."
        )
    shortest, longest = _seconds(ends[0]), _seconds(ends[1])
    if not 0 < shortest < longest:
        raise typer.BadParameter(f"{text!r}: the first length must be the shorter one and above zero.")
    return shortest, longest


def _seconds(match: re.Match[str]) -> float:
    minutes, seconds, number, unit = match.groups()
    if minutes is not None:
        return int(minutes) * 60.0 + int(seconds)
    value = float(number)
    in_seconds = unit == "s" or (unit is None and value >= SECONDS_FROM)
    return value if in_seconds else value * 60.0


def target_flags(text: str | None) -> dict[str, float]:
    """Return the settings that a ``--target`` gives."""
    target = parse_target(text)
    return {} if target is None else {"target_min_s": target[0], "target_max_s": target[1]}
