"""A page as microphone and speaker of an interview."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from itertools import groupby
from typing import Final

from voicemock.errors import DeviceError
from voicemock.settings import Settings
from voicemock.speech.clip import AudioClip, Samples
from voicemock.speech.desk import DeviceReply, Reply
from voicemock.speech.device_list import DeviceInfo
from voicemock.speech.devices import Speaker
from voicemock.speech.echo import LEAST_HOLDOFF_S, EchoMeasuringSpeaker
from voicemock.speech.sound_card import listening_frames
from voicemock.web.line import Line, PageGoneError
from voicemock.web.messages import Block

NAME: Final = "the browser"


class PageMicrophone:
    """The microphone of a page, at the browser's own rate, resampled once.

    Args:
        line: To the page.
        echo_holdoff_s: How long it is ignored each time listening opens, so that the speaker's echo is not heard.

    Attributes:
        echo_holdoff_s: May be set between two stretches of listening.
    """

    sound_waits = False

    def __init__(self, line: Line, echo_holdoff_s: float) -> None:
        self.echo_holdoff_s = echo_holdoff_s
        self._line = line

    @property
    def name(self) -> str:
        """Display name, as the browser tells it."""
        return self._line.microphone

    @property
    def overflows(self) -> int:
        """How often sound was lost on its way."""
        return self._line.lost_blocks

    def frames(self) -> Generator[Samples, None, None]:
        """Listen until the generator is closed, as ``Microphone.frames`` does. While the page is away, it waits."""
        yield from self._frames(self.echo_holdoff_s)

    def sound(self) -> Generator[Samples, None, None]:
        """Listen as ``frames()`` does, from the first sample on."""
        yield from self._frames(0.0)

    def _frames(self, skip_s: float) -> Generator[Samples, None, None]:
        with closing(self._line.listen()) as heard:
            for rate, blocks in groupby(heard, key=lambda block: block.rate):
                yield from listening_frames(_columns(blocks), rate, skip_s)
                skip_s = 0.0


def _columns(blocks: Iterator[Block]) -> Iterator[Samples]:
    """Yield blocks as one channel, shape (n, 1)."""
    for block in blocks:
        yield block.samples[:, None]


class PageSpeaker:
    """The speaker of a page.

    Args:
        line: To the page.
    """

    name = NAME

    def __init__(self, line: Line) -> None:
        self._line = line

    def play(self, clip: AudioClip, is_skipped: Callable[[], bool] = lambda: False) -> None:
        """Play a clip and return after its last sound, as ``Speaker.play`` does."""
        if len(clip.samples):
            self._line.play(clip, is_skipped)


class PageDesk:
    """The devices of an interview in a page. The browser chooses among devices; here there is one of each.

    Args:
        line: To the page.
        settings: Say how long the echo of the speaker is.
        choose: Asks the user about a lost microphone.
    """

    def __init__(
        self, line: Line, settings: Settings, choose: Callable[[str, tuple[DeviceInfo, ...]], DeviceReply]
    ) -> None:
        chosen = settings.echo_holdoff_s
        self._measures_echo = chosen == "auto"
        self._microphone = PageMicrophone(line, LEAST_HOLDOFF_S if chosen == "auto" else chosen)
        self._speaker = PageSpeaker(line)
        self._choose = choose

    def open_microphone(self) -> PageMicrophone:
        """Return the page's microphone."""
        return self._microphone

    def open_speaker(self) -> Speaker:
        """Return the page's speaker, which measures its echo with the first sentence."""
        return EchoMeasuringSpeaker(self._speaker, self._microphone) if self._measures_echo else self._speaker

    def look_again(self) -> None:
        """Do nothing: the browser follows a switched device by itself."""

    def replace_microphone(self, lost: DeviceError) -> PageMicrophone | None:
        """Return the microphone once the page has one again; None if the candidate leaves or has left."""
        if isinstance(lost, PageGoneError) or self._choose(str(lost), ()) is Reply.QUIT:
            return None
        return self._microphone
