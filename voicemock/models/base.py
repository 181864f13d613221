"""What every model has in common."""

from __future__ import annotations

from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict

SCHEMA_VERSION: Final = 1
"""Version of the JSON that ``analyze --json`` and ``practice --json`` print."""


class Model(BaseModel):
    """Base of everything saved or printed: frozen, strict about keys. Its errors do not repeat what somebody said."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_serialization_defaults_required=True, hide_input_in_errors=True
    )


class SpeechSpan(NamedTuple):
    """A stretch of the recording in which somebody speaks."""

    start_s: float
    end_s: float
