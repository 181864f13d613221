"""The line between an interview and its page: nothing is lost when the page comes and goes."""

from __future__ import annotations

import json
from threading import Thread
from typing import Any

import numpy as np
import pytest

from voicemock.errors import DeviceError
from voicemock.speech.clip import AudioClip
from voicemock.web.line import Keep, Line, PageGoneError, ServerStoppingError
from voicemock.web.messages import Block, MicrophoneLost, MicrophoneReady, Played, Press

CLIP = AudioClip(np.zeros(160, np.float32), 16_000)


class Page:
    """A page that keeps what it is sent."""

    def __init__(self, line: Line) -> None:
        self.events: list[dict[str, Any]] = []
        self.sounds: list[bytes] = []
        self.number = line.attach(self.take)

    def take(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self.sounds.append(message)
        else:
            self.events.append(json.loads(message))

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]


def block(sequence: int, stretch: int = 1, rate: int = 48_000) -> Block:
    return Block(stretch, sequence, rate, np.full(4, sequence, np.float32))


def press(command: str) -> Press:
    return Press(type="press", command=command)  # type: ignore[arg-type]


def test_a_page_that_is_opened_again_shows_the_same():
    line = Line()
    line.tell({"type": "question", "text": "first"}, Keep.ALL)
    line.tell({"type": "clock", "elapsed_s": 1}, Keep.LATEST)
    line.tell({"type": "transcribing"})
    line.tell({"type": "question", "text": "second"}, Keep.ALL)
    line.tell({"type": "clock", "elapsed_s": 2}, Keep.LATEST)
    assert Page(line).events == [
        {"type": "question", "text": "first"},
        {"type": "question", "text": "second"},
        {"type": "clock", "elapsed_s": 2},
        {"type": "shown"},
    ]


def test_a_page_in_place_of_another_is_not_detached_with_it():
    line = Line()
    old, new = Page(line), Page(line)
    line.detach(old.number)
    line.tell({"type": "notice"})
    assert line.is_attached
    assert new.types == ["shown", "notice"]
    assert old.types == ["shown"]


def heard(line: Line, *blocks: Block) -> list[int]:
    """Take blocks in a stretch of listening, and return the sequence numbers that came through."""
    listening = line.listen()
    found: list[int] = []
    line.take(press("end"))  # gives one silent block, so that the generator has begun
    next(listening)
    line.pressed()
    for each in blocks:
        line.take_block(each)
    line.take(MicrophoneLost(type="microphone_lost"))
    with pytest.raises(DeviceError):
        found.extend(each.sequence for each in listening)
    return found


@pytest.mark.parametrize(
    ("blocks", "came", "lost"),
    [
        ([block(0), block(1), block(2)], [0, 1, 2], 0),
        ([block(0), block(1), block(1), block(0), block(2)], [0, 1, 2], 0),  # sent again after the line was broken
        ([block(0), block(2), block(3)], [0, 2, 3], 1),
        ([block(1), block(5)], [1, 5], 2),
        ([block(0, stretch=9), block(0)], [0], 0),  # of another stretch of listening
        ([], [], 0),
    ],
)
def test_blocks_come_once_and_a_gap_is_told(blocks: list[Block], came: list[int], lost: int):
    line = Line()
    Page(line)
    assert heard(line, *blocks) == came
    assert line.lost_blocks == lost


def test_nothing_is_heard_between_two_stretches_of_listening():
    line = Line()
    page = Page(line)
    line.take_block(block(0, stretch=0))
    line.take_block(block(0, stretch=1))
    assert heard(line, block(0)) == [0]
    line.take_block(block(1))
    line.take(MicrophoneReady(type="microphone", name="USB"))
    assert heard(line, block(0, stretch=1), block(0, stretch=2)) == [0]
    assert page.types == ["shown", "listen", "hush", "listen", "hush"]


def test_a_page_that_comes_back_is_told_from_where_to_go_on():
    line = Line()
    first = Page(line)
    listening = line.listen()
    line.take(press("end"))
    next(listening)
    line.pressed()
    for each in (block(0), block(1)):
        line.take_block(each)
    line.detach(first.number)
    assert Page(line).events == [{"type": "shown"}, {"type": "listen", "stretch": 1, "from": 2}]
    line.take_block(block(2))
    assert [next(listening).sequence for _ in range(3)] == [0, 1, 2]
    listening.close()


def test_a_command_is_heeded_although_no_sound_comes():
    line = Line()
    Page(line)
    listening = line.listen()
    line.take(press("quit"))
    assert not next(listening).samples.any()
    assert line.pressed() == ["quit"]
    listening.close()


@pytest.mark.parametrize("way", ["listen", "play", "choice", "command"])
def test_a_page_that_does_not_come_back_is_told_after_a_while(way: str):
    now = [0.0]
    line = Line(grace_s=30, now=lambda: now[0])
    line.detach(Page(line).number)
    now[0] = 30.0
    with pytest.raises(PageGoneError):
        wait(line, way)


@pytest.mark.parametrize("way", ["listen", "play", "choice", "command"])
def test_a_server_that_ends_ends_every_wait(way: str):
    line = Line()
    Page(line)
    line.stop()
    with pytest.raises(ServerStoppingError):
        wait(line, way)


def wait(line: Line, way: str) -> None:
    """Wait in one of the ways there are."""
    if way == "listen":
        next(line.listen())
    elif way == "play":
        line.play(CLIP, lambda: False)
    elif way == "choice":
        line.take(MicrophoneLost(type="microphone_lost"))
        line.wait_for_choice()
    else:
        line.wait_for_key("end")


class PlayingPage(Page):
    """A page that plays at once what it is sent."""

    def __init__(self, line: Line) -> None:
        self.line = line
        super().__init__(line)

    def take(self, message: str | bytes) -> None:
        super().take(message)
        if isinstance(message, bytes):
            clip = int.from_bytes(message[:4], "little")
            Thread(target=self.line.take, args=(Played(type="played", clip=clip),)).start()


def test_a_clip_is_over_when_the_page_has_played_it():
    line = Line()
    page = PlayingPage(line)
    line.play(CLIP, lambda: False)
    line.play(CLIP, lambda: False)
    assert page.types == ["shown", "voice", "voice"]
    assert [len(sound) for sound in page.sounds] == [8 + 320, 8 + 320]


def test_a_clip_that_is_skipped_is_silenced():
    line = Line()
    page = Page(line)
    line.play(CLIP, lambda: True)
    assert page.types == ["shown", "voice", "silence"]


def test_a_page_that_comes_back_plays_the_clip_again():
    line = Line()
    playing = Thread(target=line.play, args=(CLIP, lambda: False))
    line.tell({"type": "question"}, Keep.ALL)
    first = Page(line)
    playing.start()
    while not first.sounds:
        pass
    line.detach(first.number)
    again = PlayingPage(line)
    playing.join()
    assert again.types == ["question", "shown", "voice"]


@pytest.mark.parametrize(
    ("message", "goes_on"), [(MicrophoneReady(type="microphone", name="USB"), True), (press("quit"), False)]
)
def test_a_lost_microphone_is_waited_for(message: MicrophoneReady | Press, goes_on: bool):
    line = Line()
    Page(line)
    line.take(MicrophoneLost(type="microphone_lost"))
    line.take(message)
    assert line.wait_for_choice() is goes_on


def test_a_key_is_waited_for_some_seconds():
    now = [0.0]
    line = Line(now=lambda: now[0])
    Page(line)
    for key in ("skip", "drill"):
        line.take(press(key))
    assert line.wait_for_key("drill", "end", within_s=5) == "drill"
    assert line.wait_for_key("drill", "end", within_s=0) is None
