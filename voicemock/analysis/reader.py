"""Reads an answer with a small network: what each of its words says of each piece of evidence."""

from __future__ import annotations

import re
from typing import Final

_SILENT: Final = re.compile(r"[^\w\s'.,]|_|(?<!\d)[.,]|[.,](?!\d)")
"""Marks that are not heard: all but apostrophes and what stands inside a number."""


def bare(text: str) -> str:
    """Return a text as a listener has it: no capitals, no punctuation. What the reader reads never depends on these."""
    return " ".join(_SILENT.sub(" ", text.replace("%", " percent").replace("\u2019", "'")).lower().split())
