"""Damages files as broken transfers and attackers do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

EDGES = (
    b"\x00",
    b"\xff",
    b"\x7f",
    b"\x80",
    b"\x00\x00",
    b"\xff\xff",
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\xff",
    b"\xff\xff\xff\x7f",
)
NUMBERS = (0, -1, 1, 255, 2**16, 2**31 - 1, 2**31, 2**53, 2**63, 2**64, 10**400, -(10**400))


@st.composite
def broken(draw: Any, originals: Sequence[bytes]) -> bytes:
    """One of some files, with bytes changed, cut out, doubled or cut off; now and then as it was."""
    content = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(0, 6))):
        if not content:
            break
        # what a file begins with says what the rest is
        place = draw(st.integers(0, min(len(content) - 1, 200)) | st.integers(0, len(content) - 1))
        match draw(st.sampled_from(["put", "put", "put", "flip", "cut", "double", "end", "insert"])):
            case "put":
                edge = draw(st.sampled_from(EDGES))
                content[place : place + len(edge)] = edge
            case "flip":
                content[place] ^= 1 << draw(st.integers(0, 7))
            case "cut":
                del content[place : place + draw(st.integers(1, 5000))]
            case "double":
                length = draw(st.integers(1, 500))
                content[place:place] = content[place : place + length]
            case "end":
                del content[place:]
            case "insert":
                content[place:place] = draw(st.binary(max_size=50))
    return bytes(content)
