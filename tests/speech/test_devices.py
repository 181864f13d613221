"""Microphones and speakers: finding the right one, files in their place, and a sound card that misbehaves."""

import os
import sys
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from types import SimpleNamespace

import numpy as np
import pytest

from voicemock.errors import AudioFileError, DeviceError
from voicemock.speech import device_list as library
from voicemock.speech import devices
from voicemock.speech import sound_card as portaudio
from voicemock.speech.audio_files import read_audio, write_audio
from voicemock.speech.clip import FRAME_SAMPLES, LISTENING_RATE, AudioClip
from voicemock.speech.device_list import DeviceInfo, cure_for, find_device, list_devices
from voicemock.speech.devices import AudioFileMicrophone, AudioFileSpeaker, device_of, open_microphone, open_speaker
from voicemock.speech.sound_card import PortAudioMicrophone, PortAudioSpeaker, listening_frames


def tone(duration_s, rate=LISTENING_RATE, frequency=440.0):
    times = np.arange(round(duration_s * rate)) / rate
    return AudioClip((0.5 * np.sin(2 * np.pi * frequency * times)).astype(np.float32), rate)


# --- which device is meant ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "meaning"),
    [
        (None, None),
        ("", None),
        ("3", 3),
        (" 12 ", 12),
        ("headset", "headset"),
        ("USB Audio (hw:1,0)", "USB Audio (hw:1,0)"),
        ("answer.wav", Path("answer.wav")),
        ("takes/answer.FLAC", Path("takes/answer.FLAC")),
        ("~/answer.m4a", Path("~/answer.m4a").expanduser()),
    ],
)
def test_a_setting_is_an_index_a_name_or_a_file(spec, meaning):
    assert device_of(spec) == meaning


def test_a_file_that_is_there_needs_no_suffix(tmp_path):
    (tmp_path / "recording").touch()
    assert device_of(str(tmp_path / "recording")) == tmp_path / "recording"


BUILT_IN = DeviceInfo(0, "Built-in Audio", "ALSA", 2, 2, 48000, True, True)
HEADSET = DeviceInfo(1, "USB Headset", "ALSA", 1, 2, 44100, False, False)
HEADSET_AGAIN = replace(HEADSET, index=2, host_api="JACK")
MONITOR = DeviceInfo(3, "HDMI", "ALSA", 0, 8, 48000, False, False)
CAMERA = DeviceInfo(4, "USB Camera", "ALSA", 1, 0, 48000, False, False)
DEVICES = (BUILT_IN, HEADSET, HEADSET_AGAIN, MONITOR, CAMERA)


@pytest.mark.parametrize(
    ("wanted", "direction", "found"),
    [
        (None, "input", BUILT_IN),
        (None, "output", BUILT_IN),
        (4, "input", CAMERA),
        ("usb headset", "input", HEADSET),
        ("CAMERA", "input", CAMERA),
        ("usb", "output", HEADSET),
        ("hdmi", "output", MONITOR),
    ],
)
def test_a_device_is_found_by_index_or_by_a_part_of_its_name(wanted, direction, found):
    assert find_device(DEVICES, wanted, direction) == found


def test_a_whole_name_comes_before_a_part():
    longer = replace(HEADSET, index=5, name="USB Headset Pro")
    assert find_device((longer, HEADSET), "usb headset", "input") == HEADSET


@pytest.mark.parametrize(
    ("available", "wanted", "direction", "message"),
    [
        (DEVICES, "telephone", "input", r"No microphone matches 'telephone'.*0 Built-in Audio \(ALSA\), 1 USB Headset"),
        (DEVICES, "usb", "input", r"Several microphones match 'usb'"),
        (DEVICES, 3, "input", r"No microphone matches 3"),
        (DEVICES, "camera", "output", r"No speaker matches 'camera'"),
        ((), None, "input", r"no default microphone.*--mic.*none"),
        ((CAMERA,), None, "output", r"no default speaker.*--speaker.*none"),
        ((CAMERA,), "headset", "output", r"There is no speaker, so none matches 'headset'\. Plug one in"),
    ],
)
def test_a_device_that_is_not_there_lists_those_that_are(available, wanted, direction, message):
    with pytest.raises(DeviceError, match=message):
        find_device(available, wanted, direction)


@pytest.mark.parametrize(
    ("code", "cure"),
    [
        (-9997, "44100 or 48000"),
        (-9985, "Close any program"),
        (-9998, "channels"),
        (-9999, "plugged in"),
        (None, "Unplug"),
    ],
)
def test_each_refusal_of_portaudio_has_its_cure(code, cure):
    assert cure in cure_for(code, "input")
    assert "--speaker" in cure_for(code, "output")


# --- blocks to frames -----------------------------------------------------------------------------------


def blocks_of(clip, size, channels=1):
    for start in range(0, len(clip.samples), size):
        yield np.repeat(clip.samples[start : start + size, np.newaxis], channels, axis=1)


@pytest.mark.parametrize(("rate", "size"), [(8000, 1), (16000, 480), (44100, 383), (44100, 4800), (48000, 512)])
def test_blocks_of_any_size_and_rate_become_listening_frames(rate, size):
    frames = list(listening_frames(blocks_of(tone(0.6, rate), size), rate, 0.0))
    assert {frame.shape for frame in frames} == {(FRAME_SAMPLES,)}
    heard = np.concatenate(frames)
    assert len(heard) == pytest.approx(0.6 * LISTENING_RATE, abs=FRAME_SAMPLES)
    middle = slice(2000, 8000)
    assert np.corrcoef(heard[middle], tone(0.6).samples[middle])[0, 1] > 0.999


def test_channels_are_mixed():
    left_only = np.stack([np.full(4800, 0.5, np.float32), np.zeros(4800, np.float32)], axis=1)
    heard = np.concatenate(list(listening_frames(iter([left_only]), LISTENING_RATE, 0.0)))
    assert heard[2400] == pytest.approx(0.25, abs=0.01)


def test_the_beginning_is_left_out_for_as_long_as_the_echo_lasts():
    echo_then_silence = np.concatenate([tone(0.3).samples, np.zeros(8000, np.float32)])
    blocks = blocks_of(AudioClip(echo_then_silence, LISTENING_RATE), 333)
    heard = np.concatenate(list(listening_frames(blocks, LISTENING_RATE, 0.3)))
    assert np.max(np.abs(heard)) < 0.01
    assert len(heard) == pytest.approx(8000, abs=FRAME_SAMPLES)


# --- files for devices ----------------------------------------------------------------------------------


@pytest.fixture
def answer(tmp_path):
    """A file of 100 frames, each at a level of its own."""
    levels = np.arange(100, dtype=np.float32) / 200
    path = tmp_path / "answer.wav"
    write_audio(path, AudioClip(np.repeat(levels, FRAME_SAMPLES), LISTENING_RATE))
    return path


def listen(microphone, count):
    with closing(microphone.frames()) as frames:
        return [round(float(frame[0]) * 200) for frame in islice(frames, count)]


def test_a_file_is_heard_from_its_first_sample(answer):
    assert listen(AudioFileMicrophone(answer), 3) == [0, 1, 2]


def test_a_file_stands_still_between_stretches_of_listening(answer):
    microphone = AudioFileMicrophone(answer)
    assert [*listen(microphone, 3), *listen(microphone, 2)] == [0, 1, 2, 3, 4]


def test_after_the_end_of_a_file_there_is_silence_without_end(answer):
    assert listen(AudioFileMicrophone(answer), 1000)[98:] == [98, 99, *[0] * 900]


def test_a_file_has_ended_when_all_of_it_was_heard(answer):
    microphone = AudioFileMicrophone(answer)
    for count, has_ended in ((99, False), (1, True), (5, True)):
        listen(microphone, count)
        assert microphone.has_ended == has_ended


def test_a_last_frame_is_filled_up_with_silence(tmp_path):
    write_audio(tmp_path / "short.wav", AudioClip(np.full(100, 0.5, np.float32), LISTENING_RATE))
    with closing(AudioFileMicrophone(tmp_path / "short.wav").frames()) as frames:
        frame = next(frames)
    assert (frame[99] > 0.4, frame[100], len(frame)) == (True, 0, FRAME_SAMPLES)


class Clock:
    """A clock that only sleeping moves, and that sleeps a little too long each time."""

    def __init__(self):
        self.now, self.slept = 100.0, []

    def monotonic(self):
        return self.now

    def sleep(self, duration_s):
        self.slept.append(duration_s)
        self.now += duration_s + 0.004


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(devices, "time", clock)
    return clock


def test_a_paced_file_does_not_drift(answer, clock):
    listen(AudioFileMicrophone(answer, realtime=True), 100)
    assert clock.now == pytest.approx(100 + 100 * 0.03, abs=0.005)


def test_an_unpaced_file_never_waits(answer, clock, tmp_path):
    listen(AudioFileMicrophone(answer), 1000)
    AudioFileSpeaker(tmp_path / "said.wav").play(tone(2.0))
    assert clock.slept == []


def test_a_paced_speaker_takes_as_long_as_hearing(clock, tmp_path):
    AudioFileSpeaker(tmp_path / "said.wav", realtime=True).play(tone(2.0))
    assert clock.now == pytest.approx(100 + 2.0, abs=0.005)


def test_skipping_ends_the_wait_for_a_paced_speaker_and_the_file_is_whole(clock, tmp_path):
    path = tmp_path / "said.wav"
    AudioFileSpeaker(path, realtime=True).play(tone(2.0), lambda: clock.now >= 100.5)
    assert 100.5 <= clock.now < 101
    assert read_audio(path).duration_s == pytest.approx(2.0, abs=0.01)


def test_a_speaker_file_is_whole_after_every_clip(tmp_path):
    path = tmp_path / "said.wav"
    speaker = AudioFileSpeaker(path)
    speaker.play(tone(0.5, 22050))
    assert read_audio(path).duration_s == pytest.approx(0.5, abs=0.01)
    speaker.play(tone(0.25, 44100, frequency=1000))
    clip = read_audio(path, 22050)
    assert clip.duration_s == pytest.approx(0.75, abs=0.01)
    second = clip.between(0.55, 0.7).samples
    assert np.argmax(np.abs(np.fft.rfft(second))) / 0.15 == pytest.approx(1000, abs=10)


def test_a_speaker_file_begins_anew_with_the_first_clip_of_a_run(tmp_path):
    path = tmp_path / "said.wav"
    AudioFileSpeaker(path).play(tone(2.0))
    speaker = AudioFileSpeaker(path)
    assert read_audio(path).duration_s == pytest.approx(2.0, abs=0.01)
    speaker.play(tone(0.5))
    assert read_audio(path).duration_s == pytest.approx(0.5, abs=0.01)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_only_the_owner_may_hear_a_speaker_file(tmp_path):
    path = tmp_path / "said.wav"
    path.touch(mode=0o644)
    AudioFileSpeaker(path).play(tone(0.1))
    assert path.stat().st_mode & 0o777 == 0o600


STRANGERS = ["a recording", "a short file", "a link", "a hard link", "a dead link"]


@pytest.mark.parametrize("what", [*STRANGERS, *(["a pipe"] if hasattr(os, "mkfifo") else [])])
def test_a_file_of_somebody_else_is_never_written_over(tmp_path, what):
    mine, path = tmp_path / "mine.wav", tmp_path / "out.wav"
    if what != "a dead link":
        write_audio(mine, tone(1.0))
    {
        "a recording": lambda: mine.rename(path),
        "a short file": lambda: path.write_text("mine"),
        "a hard link": lambda: path.hardlink_to(mine),
        "a pipe": lambda: os.mkfifo(path),
    }.get(what, lambda: path.symlink_to(mine))()
    before = path.lstat()
    with pytest.raises(DeviceError, match=r"already exists, .* name another file with --speaker"):
        AudioFileSpeaker(path)
    after = path.lstat()
    assert (after.st_ino, after.st_mode, after.st_mtime_ns) == (before.st_ino, before.st_mode, before.st_mtime_ns)


def test_files_are_opened_by_their_names(answer, tmp_path):
    assert isinstance(open_microphone(str(answer), realtime=False, echo_holdoff_s=1), AudioFileMicrophone)
    assert isinstance(open_speaker(str(tmp_path / "out.WAV"), realtime=False), AudioFileSpeaker)


@pytest.mark.parametrize(
    ("name", "message"),
    [("nowhere/out.wav", "nowhere does not exist"), ("folder.wav", "is a folder"), ("out.flac", "suffix .wav")],
)
def test_a_speaker_file_that_cannot_be(tmp_path, name, message):
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(DeviceError, match=message):
        open_speaker(str(tmp_path / name), realtime=False)


def test_a_speaker_file_that_cannot_be_written(tmp_path):
    speaker = AudioFileSpeaker(tmp_path / "out.wav")
    (tmp_path / "out.wav").mkdir()
    with pytest.raises(DeviceError, match="cannot be written"):
        speaker.play(tone(0.1))


def test_a_microphone_file_that_is_not_there(tmp_path):
    with pytest.raises(AudioFileError):
        open_microphone(str(tmp_path / "nothing.wav"), realtime=False, echo_holdoff_s=0)


# --- a sound card that behaves badly ----------------------------------------------------------------------


class PortAudioError(Exception):
    pass


def card_named(name, index=0, inputs=2, outputs=2):
    return {
        "index": index,
        "name": name,
        "hostapi": 0,
        "max_input_channels": inputs,
        "max_output_channels": outputs,
        "default_samplerate": 16000.0,
    }


class FakeSoundDevice:
    """What PortAudio would do, told what to refuse. A microphone hears ``heard``, then ends when ``ends`` is set.

    ``plugged`` are the devices there are, the first the default; they are seen only when PortAudio starts.
    """

    PortAudioError = PortAudioError

    def __init__(
        self,
        *,
        refuses_channels=(),
        takes_rates=None,
        open_error=None,
        heard=(),
        overflow=False,
        ends=True,
        host_api="ALSA",
        plugged=("Card",),
    ):
        self.refuses_channels, self.takes_rates, self.open_error = refuses_channels, takes_rates, open_error
        self.heard, self.overflow, self.ends, self.host_api = heard, overflow, ends, host_api
        self.events, self.written, self.opened = [], [], []
        self.plugged, self.known = tuple(plugged), tuple(plugged)
        self.default = SimpleNamespace(device=(0, 0))

    def _terminate(self):
        self.events.append("terminate")

    def _initialize(self):
        self.known = self.plugged

    def query_hostapis(self):
        return ({"name": self.host_api},)

    def query_devices(self):
        return tuple(card_named(name, index) for index, name in enumerate(self.known))

    def check_input_settings(self, *, device, channels, samplerate, **_):
        if channels in self.refuses_channels:
            raise PortAudioError("Invalid number of channels", -9998)
        if self.takes_rates and samplerate not in self.takes_rates:
            raise PortAudioError("Invalid sample rate", -9997)

    check_output_settings = check_input_settings

    def InputStream(self, *, callback=None, finished_callback=None, device, channels, samplerate, **_):  # noqa: N802
        if self.open_error:
            raise self.open_error
        name = self.known[device]
        if name not in self.plugged:
            raise PortAudioError("Device unavailable", -9985)
        self.check_input_settings(device=device, channels=channels, samplerate=samplerate)
        self.opened.append((name, samplerate))
        return FakeStream(self, callback, finished_callback, channels, samplerate)

    OutputStream = InputStream


class FakeStream:
    latency = 0.2

    def __init__(self, card, callback, finished, channels, samplerate):
        self.card, self.callback, self.finished = card, callback, finished
        self.channels, self.samplerate = channels, samplerate

    def start(self):
        self.card.events.append("start")
        if self.callback is None:
            return
        for level in self.card.heard:
            block = np.full((FRAME_SAMPLES, self.channels), level, np.float32)
            self.callback(block, len(block), None, SimpleNamespace(input_overflow=self.card.overflow))
        if self.card.ends:
            self.finished()

    def write(self, block):
        if "unplugged" in self.card.events:
            raise PortAudioError("Device unavailable", -9985)
        self.card.written.append(block)

    def abort(self):
        self.card.events.append("abort")

    def close(self):
        self.card.events.append("close")


@pytest.fixture
def card(monkeypatch):
    def install(**behavior):
        fake = FakeSoundDevice(**behavior)
        for module in (library, portaudio):
            monkeypatch.setattr(module, "load_sounddevice", lambda: fake)
        return fake

    return install


def test_what_a_lost_microphone_heard_comes_before_the_error(card):
    card(heard=[0.1, 0.2, 0.3])
    frames = PortAudioMicrophone(None, 0.0).frames()
    heard = [next(frames) for _ in range(3)]
    assert [round(float(frame.mean()), 1) for frame in heard] == [0.1, 0.2, 0.3]
    with pytest.raises(DeviceError, match="The microphone Card was disconnected"):
        list(frames)


def test_a_microphone_that_falls_silent_for_good_is_lost(card, monkeypatch):
    monkeypatch.setattr(portaudio, "LOST_AFTER_S", 0.0)
    fake = card(heard=[0.1], ends=False)
    with pytest.raises(DeviceError, match="was disconnected"):
        list(PortAudioMicrophone(None, 0.0).frames())
    assert fake.events == ["start", "abort", "close"]


class Overslept(SimpleQueue):
    """A queue whose first wait is over before anything could be put in: the process was stopped meanwhile."""

    waits = 0

    def get(self, block=True, timeout=None):
        self.waits += 1
        if self.waits == 1:
            raise Empty
        return super().get(block, timeout)


def test_a_process_that_was_stopped_has_not_lost_its_microphone(card, monkeypatch):
    monkeypatch.setattr(portaudio, "SimpleQueue", Overslept)
    card(heard=[0.1] * 5)
    with closing(PortAudioMicrophone(None, 0.0).frames()) as frames:
        assert next(frames).mean() == pytest.approx(0.1, abs=0.01)


def test_closing_the_generator_closes_the_microphone(card):
    fake = card(heard=[0.1] * 5)
    with closing(PortAudioMicrophone(None, 0.0).frames()) as frames:
        next(frames)
        assert fake.events == ["start"]
    assert fake.events == ["start", "abort", "close"]


def test_dropped_sound_is_counted(card):
    card(heard=[0.1] * 3, overflow=True)
    microphone = PortAudioMicrophone(None, 0.0)
    with closing(microphone.frames()) as frames:
        next(frames)
    assert microphone.overflows == 3


def test_a_card_without_mono_is_opened_with_all_its_channels_and_mixed(card):
    card(heard=[0.4] * 3, refuses_channels=(1,))
    with closing(PortAudioMicrophone(None, 0.0).frames()) as frames:
        assert next(frames).shape == (FRAME_SAMPLES,)


def test_a_speaker_without_mono_gets_the_same_in_every_channel(card):
    fake = card(refuses_channels=(1,))
    PortAudioSpeaker(None).play(tone(0.1))
    assert {block.shape[1] for block in fake.written} == {2}
    assert all((block[:, 0] == block[:, 1]).all() for block in fake.written)


def test_a_clip_is_followed_by_as_much_silence_as_the_device_holds_in_store(card):
    fake = card()
    clip = tone(0.5)
    PortAudioSpeaker(None).play(clip)
    written = np.concatenate(fake.written)[:, 0]
    assert np.array_equal(written[: len(clip.samples)], clip.samples)
    assert len(written) - len(clip.samples) >= FakeStream.latency * LISTENING_RATE
    assert fake.events == ["start", "abort", "close"]


def test_a_skipped_clip_is_silent_before_its_end(card):
    fake = card()
    PortAudioSpeaker(None).play(tone(2.0), lambda: len(fake.written) == 3)
    assert len(fake.written) == 3
    assert fake.events == ["start", "abort", "close"]


@pytest.mark.parametrize("device", [PortAudioSpeaker, lambda name: PortAudioMicrophone(name, 0.0)])
def test_a_card_that_takes_no_channels_at_all_is_refused_at_once(card, device):
    card(refuses_channels=(1, 2))
    with pytest.raises(DeviceError, match=r"Card cannot be used: Invalid number of channels\..*sound settings"):
        device(None)


def test_a_rate_that_is_refused_gives_way_to_one_that_is_taken(card):
    fake = card(heard=[0.4] * 3, takes_rates={44100.0})
    with closing(PortAudioMicrophone(None, 0.0).frames()) as frames:
        next(frames)
    PortAudioSpeaker(None).play(tone(0.1))
    assert fake.opened == [("Card", 44100.0)] * 2


def test_the_default_of_the_moment_is_used(card):
    fake = card(heard=[0.1], plugged=("Built-in", "Headset"))
    speaker = PortAudioSpeaker(None)
    fake.plugged = ("Headset", "Built-in")
    assert library.look_again()
    speaker.play(tone(0.1))
    assert [name for name, _ in fake.opened] == ["Headset"]


def test_a_device_chosen_by_index_stays_the_same_when_indexes_move(card):
    fake = card(heard=[0.1], plugged=("Built-in", "Headset"))
    speaker = PortAudioSpeaker(1)
    fake.plugged = ("Headset", "Built-in")
    library.look_again()
    speaker.play(tone(0.1))
    assert [name for name, _ in fake.opened] == ["Headset"]


def test_the_list_is_not_read_again_while_a_stream_is_open(card):
    fake = card(heard=[0.1] * 5)
    with closing(PortAudioMicrophone(None, 0.0).frames()) as frames:
        next(frames)
        assert not library.look_again()
    assert "terminate" not in fake.events
    assert library.look_again()


def test_a_busy_card_says_what_to_do(card):
    card(open_error=PortAudioError("Error opening InputStream: Device unavailable", -9985))
    with pytest.raises(DeviceError, match=r"Card cannot be used: Device unavailable\. Close any program that uses it"):
        next(PortAudioMicrophone(None, 0.0).frames())
    with pytest.raises(DeviceError, match="Close any program that uses it"):
        PortAudioSpeaker(None).play(tone(0.1))


def test_a_speaker_that_is_unplugged_while_playing(card):
    fake = card()
    fake.events.append("unplugged")
    with pytest.raises(DeviceError, match="The speaker Card cannot be used"):
        PortAudioSpeaker(None).play(tone(0.1))
    assert fake.events[-2:] == ["abort", "close"]


def test_a_missing_portaudio_library_names_the_cure(tmp_path, monkeypatch):
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(DeviceError, match=r"PortAudio library is missing\. Run: "):
        list_devices()


def test_a_sound_system_that_does_not_start_is_told(tmp_path, monkeypatch):
    (tmp_path / "sounddevice.py").write_text(
        "class PortAudioError(Exception): pass\n"
        "raise PortAudioError('Error initializing PortAudio: Unanticipated host error', -9999)"
    )
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(DeviceError, match=r"does not start: Unanticipated host error\. .*audio files"):
        list_devices()


def test_an_error_of_the_import_that_is_not_portaudios_is_not_hidden(tmp_path, monkeypatch):
    (tmp_path / "sounddevice.py").write_text("raise ZeroDivisionError")
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ZeroDivisionError):
        list_devices()
