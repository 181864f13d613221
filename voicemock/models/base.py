"""What every model has in common."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict

SCHEMA_VERSION: Final = 1
"""Version of the JSON that ``analyze --json`` and ``practice --json`` print."""


_STEERING: Final = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""What JSON may hold as it is, and a terminal obeys or cannot show; control characters are always escaped."""


class Model(BaseModel):
    """Base of everything saved or printed: frozen, strict about keys. Its errors do not repeat what somebody said."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_serialization_defaults_required=True, hide_input_in_errors=True
    )

    def model_dump_json(self, **options: Any) -> str:
        """Return it as JSON in which nothing steers a terminal; who parses it gets every character."""
        return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", super().model_dump_json(**options))


class SpeechSpan(NamedTuple):
    """A stretch of the recording in which somebody speaks."""

    start_s: float
    end_s: float
