"""Headings that people write over the parts of a story or a design: layout, and never the name of a speaker."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 40
"""Characters of a heading."""
_EXPLAINED: Final = re.compile(r"(?<=\w) ?\([^()]{1,40}\)$")
_HEADING: Final = re.compile(
    r"(?:the |my )?(?:s|t|a|r|l|situation|context|background|problem(?: statement)?|challenge|task|goal|objective|role"
    r"|job|approach|actions?(?: taken)?|steps?|solution|what i did|what happened|results?|outcomes?|impact|metrics?"
    r"|numbers|learnings?|lessons?(?: learned)?|reflection|takeaways?|trade-?\s?offs?|risks?|options?|decision"
    r"|technology|requirements|design|scale|failure(?: modes)?|assess(?:ment)?|mitigation|communication"
    r"|summary|notes?|title|story|date|company|team|star)(?:[ -]?\d{1,2}|(?: ?[-/&+,] ?| and )\w+)*",
    re.IGNORECASE,
)


def is_heading(label: str) -> bool:
    """Return whether a label is a heading of notes: "Situation", "Result 1", "What I did", "Task & Action"."""
    plain = _EXPLAINED.sub("", label.strip(" \t*_#"))
    return len(plain) <= LONGEST and _HEADING.fullmatch(plain) is not None
