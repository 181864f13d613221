"""Stories: what is told again and again until it sits."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Self

from pydantic import Field

from voicemock.errors import InputError
from voicemock.models.base import Model
from voicemock.models.questions import FrameworkName

LONGEST_NAME: Final = 100
"""Characters; a longer name is a story, not its name."""

_WORD = re.compile(r"[^\W_]+")


class Story(Model):
    """A story of the candidate's own, under the name it was first given."""

    slug: str = Field(pattern=r"^[^\W_]+(-[^\W_]+)*$")
    """The words of its name in lower case, joined by hyphens: what it is kept and found by."""
    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    framework: FrameworkName
    """What it is held against, as last chosen."""

    @classmethod
    def named(cls, name: str, framework: FrameworkName = "star") -> Self:
        """Return the story of a name; line ends, tabs and what cannot be seen are left out of it.

        Raises:
            InputError: The name is too long, or has neither a letter nor a digit.
        """
        shown = " ".join("".join(char for char in name if char.isprintable() or char.isspace()).split())
        words = _WORD.findall(unicodedata.normalize("NFKC", shown).casefold())
        if not words:
            raise InputError(f"{shown!r} is no name for a story: give it at least one letter or digit.")
        if len(shown) > LONGEST_NAME:
            raise InputError(f"The name of a story has at most {LONGEST_NAME} characters, this one {len(shown)}.")
        return cls(slug="-".join(words), name=shown, framework=framework)

    @property
    def key(self) -> str:
        """What two spellings of one name have in common: "kafkamigration"."""
        return self.slug.replace("-", "")
