"""Messages between the page and the server: JSON texts both ways, sound as binary both ways.

From the page: ``MICROPHONE_HEADER`` and float32 samples. To the page: ``VOICE_HEADER`` and 16-bit samples. All numbers
are little-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from voicemock.errors import reason_of
from voicemock.speech.clip import AudioClip, Samples, to_pcm16
from voicemock.web.choice import Choice

MICROPHONE_HEADER: Final = struct.Struct("<III")
"""Number of the stretch of listening, number of the block in it from 0, sample rate in Hz."""
VOICE_HEADER: Final = struct.Struct("<II")
"""Number of the clip, sample rate in Hz."""

LARGEST_TEXT: Final = 4096
"""Characters of a message from the page."""
LARGEST_BLOCK: Final = 1 << 16
"""Samples in one message of the microphone; the page sends 2,048."""
RATES: Final = range(8_000, 192_001)
"""Sample rates of a browser's microphone, in Hz."""

Event = dict[str, Any]
"""What the server tells the page: JSON with a key "type"."""


class MessageError(Exception):
    """The page sent something that is not a message."""


Key = Literal["end", "repeat", "skip", "quit", "drill", "1", "2", "3", "4", "5"]
"""What a key or a button does; a number is a rating."""


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hello(_Message):
    """The first message on a socket."""

    type: Literal["hello"]
    tab: str = Field(min_length=1, max_length=64)
    """The browser's tab, the same after a reload."""
    takes_over: bool = False
    """Whether the user wants the interview in this tab."""
    begins: bool = False
    """Whether the page is about to begin an interview, so that it should show nothing of the last one."""


class Start(_Message):
    """Begins an interview."""

    type: Literal["start"]
    choice: Choice


class MicrophoneReady(_Message):
    """The microphone is open, for the first time or again."""

    type: Literal["microphone"]
    name: str = Field(max_length=200)


class MicrophoneLost(_Message):
    """The microphone was disconnected."""

    type: Literal["microphone_lost"]


class Press(_Message):
    """A key or a button, by what it does."""

    type: Literal["press"]
    command: Key


class Played(_Message):
    """A clip was heard to its end."""

    type: Literal["played"]
    clip: int = Field(ge=0)


Message = Hello | Start | MicrophoneReady | MicrophoneLost | Press | Played
_READER: Final[TypeAdapter[Message]] = TypeAdapter(Annotated[Message, Field(discriminator="type")])


def read_message(text: str) -> Message:
    """Return a message of the page.

    Raises:
        MessageError: It is none.
    """
    if len(text) > LARGEST_TEXT:
        raise MessageError("too long")
    try:
        return _READER.validate_json(text)
    except ValidationError as error:
        raise MessageError(reason_of(error.errors(include_input=False)[0])) from error


@dataclass(frozen=True, slots=True)
class Block:
    """Sound of the page's microphone.

    Attributes:
        stretch: Number of the stretch of listening.
        sequence: Place in the stretch, from 0.
        rate: Hz.
        samples: float32 in [-1, 1], shape (n,).
    """

    stretch: int
    sequence: int
    rate: int
    samples: Samples


def read_block(data: bytes) -> Block:
    """Return a block of the microphone; anything in it that is not a number becomes silence.

    Raises:
        MessageError: It is none.
    """
    size = len(data) - MICROPHONE_HEADER.size
    if size <= 0 or size % 4 or size > 4 * LARGEST_BLOCK:
        raise MessageError("a block of sound has another length")
    stretch, sequence, rate = MICROPHONE_HEADER.unpack_from(data)
    if rate not in RATES:
        raise MessageError(f"{rate} Hz is not a sample rate of a microphone")
    samples = np.frombuffer(data, "<f4", offset=MICROPHONE_HEADER.size)
    return Block(stretch, sequence, rate, np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0).clip(-1.0, 1.0))


def voice_message(number: int, clip: AudioClip) -> bytes:
    """Return a clip of the interviewer's voice as it is sent."""
    return VOICE_HEADER.pack(number, clip.sample_rate) + to_pcm16(clip.samples)
