"""The formats of an export: all that the command's help needs to know."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """The formats of an export."""

    MD = "md"
    NOTES = "notes"
    JSON = "json"
    CSV = "csv"
    SRT = "srt"
    VTT = "vtt"
    AUDIO = "audio"
