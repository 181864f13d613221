"""The sound devices of one interview: opened as the settings say, and replaced when they are lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from enum import Enum
from pathlib import Path
from typing import Final

from voicemock.errors import DeviceError
from voicemock.settings import Settings
from voicemock.speech.clip import AudioClip
from voicemock.speech.device_list import DeviceInfo, Direction, list_devices, look_again
from voicemock.speech.devices import Microphone, Speaker, device_of, open_microphone, open_speaker
from voicemock.speech.echo import LEAST_HOLDOFF_S, EchoMeasuringSpeaker
from voicemock.speech.sound_card import PortAudioMicrophone, PortAudioSpeaker

DEFAULT_IS_A_NAME: Final = frozenset({"ALSA", "PulseAudio", "JACK Audio Connection Kit"})
"""Sound systems whose default device is a name that is looked up at each opening. PortAudio finds the others' default
once, when it starts."""


class Reply(Enum):
    """Replies to "which other device?" besides naming one."""

    TRY_AGAIN = "try again"
    QUIT = "quit"
    NOBODY = "nobody is there to be asked"


DeviceReply = DeviceInfo | Reply

ChooseDevice = Callable[[str, tuple[DeviceInfo, ...]], DeviceReply]
"""Asks the user for another microphone, given what went wrong and the microphones available."""


class SoundDesk:
    """Opens the microphone of an interview and is its speaker.

    A speaker that fails raises; the next clip is tried on it again, then on the default one.

    Args:
        settings: The wanted devices.
        choose: Asks for another microphone.
    """

    def __init__(self, settings: Settings, choose: ChooseDevice) -> None:
        self._settings = settings
        self._choose = choose
        self._microphone: Microphone | None = None
        self._speaker: Speaker | None = None
        self._speaker_failed = False
        self._default_was_tried = False

    @property
    def name(self) -> str:
        """Display name of the speaker."""
        return "no speaker" if self._speaker is None else self._speaker.name

    def open_microphone(self) -> Microphone:
        """Return the microphone of the settings, or the one chosen in its place.

        Raises:
            DeviceError: It cannot be used, and no other is chosen or nobody can be asked.
            AudioFileError: The file is missing or holds no audio.
        """
        try:
            return self._use(self._microphone_for(self._settings.mic))
        except DeviceError as error:
            reply = self._choose(str(error), self._microphones())
            microphone = None if reply is Reply.NOBODY else self._replaced(error, reply)
            if microphone is None:
                raise
            return microphone

    def replace_microphone(self, lost: DeviceError) -> Microphone | None:
        """Return a microphone that gives sound in place of a lost one; None if the user gives up.

        If nobody can be asked, the default one is tried, once in an interview.

        Raises:
            DeviceError: No microphone works, and nobody can be asked.
        """
        return self._replaced(lost, self._choose(str(lost), self._microphones()))

    def open_speaker(self) -> Speaker:
        """Open the speaker of the settings, and return the desk, which plays on it."""
        self._speaker = self._speaker_of_settings()
        return self

    def play(self, clip: AudioClip, is_skipped: Callable[[], bool] = lambda: False) -> None:
        """Play a clip and return after its last sound, as ``Speaker.play`` does.

        Raises:
            DeviceError: The speaker cannot be opened, or was lost; the default one cannot be used either.
        """
        speaker = self._speaker or self._speaker_of_settings()
        if not self._speaker_failed:
            self._play(speaker, clip, is_skipped)
            return
        if not isinstance(device_of(self._settings.speaker), Path):
            look_again()
        try:
            self._play(speaker, clip, is_skipped)
        except DeviceError:
            if not isinstance(device_of(self._settings.speaker), str | int):
                raise
            self._speaker = speaker = self._measuring(PortAudioSpeaker(None))
            self._play(speaker, clip, is_skipped)

    def look_again(self) -> None:
        """Notice that the user switched the default device, if the sound system does not tell by itself.

        Call it before a question, while no stream is open: it may take some tenths of a second.
        """
        used = (self._settings.mic, *(() if self._speaker is None else (self._settings.speaker,)))
        if all(isinstance(device_of(spec), Path) for spec in used):
            return
        if goes_stale(list_devices()):
            look_again()

    def _play(self, speaker: Speaker, clip: AudioClip, is_skipped: Callable[[], bool]) -> None:
        try:
            speaker.play(clip, is_skipped)
        except DeviceError:
            self._speaker_failed = True
            raise
        self._speaker_failed = False

    def _replaced(self, lost: DeviceError, reply: DeviceReply) -> Microphone | None:
        while reply is not Reply.QUIT:
            if reply is Reply.NOBODY:
                if self._default_was_tried:
                    raise lost
                self._default_was_tried = True
            for spec in specs_to_try(reply, self._settings.mic):
                try:
                    return self._use(_proven(self._microphone_for(None if spec is None else str(spec))))
                except DeviceError as error:
                    lost = error
            reply = self._choose(str(lost), self._microphones())
        return None

    def _microphone_for(self, spec: str | None) -> Microphone:
        chosen = self._settings.echo_holdoff_s
        holdoff_s = LEAST_HOLDOFF_S if chosen == "auto" else chosen
        return open_microphone(
            spec,
            realtime=self._settings.realtime,
            echo_holdoff_s=holdoff_s,
            longest_s=self._settings.longest_recording_s,
        )

    def _speaker_of_settings(self) -> Speaker:
        return self._measuring(open_speaker(self._settings.speaker, realtime=self._settings.realtime))

    def _use(self, microphone: Microphone) -> Microphone:
        self._microphone = microphone
        if self._speaker is not None:
            self._speaker = self._measuring(self._speaker)
        return microphone

    def _measuring(self, speaker: Speaker) -> Speaker:
        """Return the speaker, wrapped to measure the echo if there can be one."""
        plain = speaker.speaker if isinstance(speaker, EchoMeasuringSpeaker) else speaker
        if self._settings.echo_holdoff_s != "auto" or not isinstance(plain, PortAudioSpeaker):
            return plain
        if not isinstance(self._microphone, PortAudioMicrophone):
            return plain
        return EchoMeasuringSpeaker(plain, self._microphone)

    def _microphones(self) -> tuple[DeviceInfo, ...]:
        look_again()
        return offered(list_devices(), "input")


def _proven(microphone: Microphone) -> Microphone:
    """Return a microphone after its first frame; it raises a DeviceError if there is none."""
    with closing(microphone.frames()) as frames:
        next(frames)
    return microphone


def goes_stale(devices: tuple[DeviceInfo, ...]) -> bool:
    """Return whether the list of devices may name an outdated default."""
    return any(
        device.host_api not in DEFAULT_IS_A_NAME
        for device in devices
        if device.is_default("input") or device.is_default("output")
    )


def offered(devices: tuple[DeviceInfo, ...], direction: Direction) -> tuple[DeviceInfo, ...]:
    """Return the devices to choose from, the default first, and each only once if several sound systems have it."""
    able = [device for device in devices if device.channels(direction)]
    default = next((device for device in able if device.is_default(direction)), None)
    if default is not None:
        able = [device for device in able if device.host_api == default.host_api]
    return tuple(sorted(able, key=lambda device: not device.is_default(direction)))


def reply_to(text: str, devices: tuple[DeviceInfo, ...]) -> DeviceReply | None:
    """Return the meaning of a line typed below a list numbered from 1; None if it has none."""
    typed = text.strip().lower()
    if not typed:
        return Reply.TRY_AGAIN
    if typed in {"q", "quit"}:
        return Reply.QUIT
    if typed.isdecimal() and 1 <= int(typed) <= len(devices):
        return devices[int(typed) - 1]
    return None


def specs_to_try(reply: DeviceReply, spec: str | None) -> tuple[str | int | None, ...]:
    """Return the devices to try, the best first; None means the system's default.

    Args:
        reply: The reply.
        spec: The lost device as the settings name it; None for the default.
    """
    if isinstance(reply, DeviceInfo):
        return (reply.index,)
    if reply is Reply.TRY_AGAIN:
        return tuple(dict.fromkeys((spec, None)))
    return (None,) if reply is Reply.NOBODY else ()
