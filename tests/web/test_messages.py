"""What the page may send: everything else is refused."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest

from voicemock.speech.clip import AudioClip
from voicemock.web.messages import (
    LARGEST_BLOCK,
    Hello,
    MessageError,
    Press,
    Start,
    read_block,
    read_message,
    voice_message,
)


def sound(samples: object = (0.5, -0.5), *, stretch: int = 1, sequence: int = 0, rate: int = 48_000) -> bytes:
    return struct.pack("<III", stretch, sequence, rate) + np.array(samples, "<f4").tobytes()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "1",
        '"hello"',
        "{}",
        '{"type": "reboot"}',
        '{"type": "press", "command": "shout"}',
        '{"type": "press", "command": "end", "more": 1}',
        '{"type": "played", "clip": -1}',
        '{"type": "played", "clip": "x"}',
        '{"type": "hello", "tab": ""}',
        json.dumps({"type": "hello", "tab": "x" * 65}),
        json.dumps({"type": "microphone", "name": "x" * 201}),
        json.dumps({"type": "microphone", "name": "x" * 5000}),
        '{"type": "start"}',
        '{"type": "start", "choice": {"count": 0}}',
        '{"type": "start", "choice": {"count": 1000000}}',
        '{"type": "start", "choice": {"pillar": "gardening"}}',
        '{"type": "start", "choice": {"style": "../../etc/passwd"}}',
        '{"type": "start", "choice": {"data_dir": "/"}}',
        "[" * 4000,
        '{"type": "press", "command": "\\ud800"}',
    ],
)
def test_what_is_no_message(text: str):
    with pytest.raises(MessageError):
        read_message(text)


def test_messages_are_read():
    assert read_message('{"type": "hello", "tab": "a"}') == Hello(type="hello", tab="a")
    assert read_message('{"type": "press", "command": "end"}') == Press(type="press", command="end")
    start = read_message('{"type": "start", "choice": {"loop": "amazon", "follow_ups": 1}}')
    assert isinstance(start, Start)
    assert (start.choice.loop, start.choice.follow_ups) == ("amazon", 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        sound()[:12],
        sound()[:-1],
        sound(rate=0),
        sound(rate=7_999),
        sound(rate=192_001),
        sound(np.zeros(LARGEST_BLOCK + 1)),
    ],
)
def test_what_is_no_block_of_sound(data: bytes):
    with pytest.raises(MessageError):
        read_block(data)


def test_a_block_is_read_and_what_is_no_number_is_tamed():
    block = read_block(sound([0.25, np.nan, np.inf, -np.inf, 7.0], stretch=3, sequence=9, rate=44_100))
    assert (block.stretch, block.sequence, block.rate) == (3, 9, 44_100)
    assert block.samples.tolist() == [0.25, 0.0, 1.0, -1.0, 1.0]


def test_a_clip_is_sent_with_its_number_and_rate():
    sent = voice_message(7, AudioClip(np.array([0.0, 0.5, -1.0], np.float32), 22_050))
    assert struct.unpack("<IIhhh", sent) == (7, 22_050, 0, 16_384, -32_768)
