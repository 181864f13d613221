"""The header of a recording that grows; apart from the sound, so that the store need not load what reads sound."""

from __future__ import annotations

import struct
from typing import Final

HEADER: Final = struct.Struct("<4sI4s4sIHHIIHH4sI")
"""Of a WAV file: its RIFF chunk, the format, and the head of the samples."""
