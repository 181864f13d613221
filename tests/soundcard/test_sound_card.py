"""The real PortAudio on a virtual sound card: what is played is heard whole, what is said arrives, loss is told."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import sounddevice

from tests.soundcard.conftest import RATE
from voicemock.errors import DeviceError
from voicemock.speech import device_list as library
from voicemock.speech import sound_card as portaudio
from voicemock.speech.clip import FRAME_S, LISTENING_RATE, AudioClip
from voicemock.speech.device_list import list_devices
from voicemock.speech.devices import open_microphone, open_speaker
from voicemock.speech.sound_card import PortAudioMicrophone, PortAudioSpeaker

pytestmark = pytest.mark.soundcard

LOUD = 0.05


def tone(duration_s, frequency, rate=22_050):
    times = np.arange(round(duration_s * rate)) / rate
    return AudioClip((0.5 * np.sin(2 * np.pi * frequency * times)).astype(np.float32), rate)


def loud_part(samples, rate):
    """From the first to the last loud sample."""
    loud = np.flatnonzero(np.abs(samples) > LOUD)
    return AudioClip(samples[loud[0] : loud[-1] + 1], rate) if len(loud) else AudioClip(samples[:0], rate)


def pitch(clip):
    spectrum = np.abs(np.fft.rfft(clip.samples * np.hanning(len(clip.samples))))
    return float(np.argmax(spectrum)) * clip.sample_rate / len(clip.samples)


@pytest.mark.parametrize(("duration_s", "frequency"), [(0.3, 440), (1.5, 1000)])
def test_a_clip_is_heard_whole(sound_card, duration_s, frequency):
    with sound_card.listening() as ear:
        PortAudioSpeaker(None).play(tone(duration_s, frequency))
    heard = loud_part(ear.samples, RATE)
    assert heard.duration_s == pytest.approx(duration_s, abs=0.02)
    assert pitch(heard) == pytest.approx(frequency, abs=5)


def test_clips_are_heard_one_after_the_other(sound_card):
    speaker = PortAudioSpeaker(None)
    with sound_card.listening() as ear:
        speaker.play(tone(0.4, 500))
        speaker.play(tone(0.4, 1500))
    heard = loud_part(ear.samples, RATE)
    assert pitch(heard.between(0.05, 0.35)) == pytest.approx(500, abs=10)
    assert pitch(heard.between(heard.duration_s - 0.35, heard.duration_s - 0.05)) == pytest.approx(1500, abs=10)


def said_into_the_microphone(sound_card, microphone, clip):
    """Say a clip, and return what the microphone heard of it."""
    heard = []
    with closing(microphone.frames()) as frames:
        heard.append(next(frames))
        with sound_card.talk(clip) as mouth:
            while mouth.poll() is None:
                heard.append(next(frames))
        heard += [next(frames) for _ in range(round(0.5 / FRAME_S))]
    return loud_part(np.concatenate(heard), LISTENING_RATE)


def test_what_is_said_into_the_microphone_arrives(sound_card):
    microphone = PortAudioMicrophone(None, 0.0)
    said = said_into_the_microphone(sound_card, microphone, tone(1.0, 700))
    assert said.duration_s == pytest.approx(1.0, abs=0.05)
    assert pitch(said) == pytest.approx(700, abs=5)
    assert microphone.overflows == 0


def test_the_microphone_can_be_opened_again(sound_card):
    microphone = PortAudioMicrophone(None, 0.3)
    for _ in range(3):
        with closing(microphone.frames()) as frames:
            assert next(frames).shape == (480,)


# --- a rate that is refused ---------------------------------------------------------------------------------


@pytest.fixture
def card_of_one_rate(sound_card):
    """Give the sound card a digital output that takes one rate, which can be changed: ALSA's encoder for receivers."""
    path = Path(os.environ["ALSA_CONFIG_PATH"])
    before = path.read_text(encoding="utf-8")

    def configure(text):
        path.with_suffix(".new").write_text(text, encoding="utf-8")
        path.with_suffix(".new").replace(path)  # another file, or ALSA does not look at it within the same second

    def takes(rate):
        configure(before + f"pcm.receiver {{ type a52 slavepcm speaker card 0 channels 2 rate {rate} }}\n")

    yield takes
    configure(before)
    library.look_again()


def test_a_speaker_that_takes_its_old_rate_no_more_is_opened_at_the_new_one(sound_card, card_of_one_rate, monkeypatch):
    card_of_one_rate(44_100)
    library.look_again()
    if "receiver" not in {device.name for device in list_devices()}:
        pytest.skip("this ALSA has no plugin that takes one rate only (on Debian it is in libasound2-plugins)")
    speaker = open_speaker("receiver", realtime=False)
    card_of_one_rate(48_000)
    opened = []

    def open_stream(**options):
        opened.append(options["samplerate"])
        return stream_of_card(**options)

    stream_of_card = sounddevice.OutputStream
    monkeypatch.setattr(sounddevice, "OutputStream", open_stream)
    with sound_card.listening() as ear:
        speaker.play(tone(1.0, 440))
    assert list(dict.fromkeys(opened)) == [44_100, 48_000]
    assert loud_part(ear.samples, RATE).duration_s > 0.9  # encoded: no tone any more


class OneRate:
    """The PortAudio library, in front of a card that takes 48 kHz only: PulseAudio takes any rate from a program."""

    def __init__(self, real):
        self._real = real
        self.refused = set()

    def __getattr__(self, name):
        return getattr(self._real, name)

    def _refuses(self, rate):
        if rate != 48_000:
            self.refused.add(rate)
        return rate != 48_000

    def Pa_IsFormatSupported(self, input_, output, rate):  # noqa: N802 - PortAudio's name
        return library.INVALID_RATE if self._refuses(rate) else self._real.Pa_IsFormatSupported(input_, output, rate)

    def Pa_OpenStream(self, stream, input_, output, rate, *rest):  # noqa: N802 - PortAudio's name
        if self._refuses(rate):
            return library.INVALID_RATE
        return self._real.Pa_OpenStream(stream, input_, output, rate, *rest)


def test_a_microphone_that_refuses_its_own_rate_is_heard_at_another(sound_card, monkeypatch):
    one_rate = OneRate(sounddevice._lib)
    monkeypatch.setattr(sounddevice, "_lib", one_rate)
    said = said_into_the_microphone(sound_card, PortAudioMicrophone(None, 0.0), tone(1.0, 700))
    assert one_rate.refused == {44_100}
    assert said.duration_s == pytest.approx(1.0, abs=0.05)
    assert pitch(said) == pytest.approx(700, abs=5)


# --- which devices there are --------------------------------------------------------------------------------


def test_devices_are_found_by_name_and_by_index(sound_card):
    by_name = {device.name: device.index for device in list_devices()}
    assert open_speaker("SPEAK", realtime=False).name == "speaker"
    assert open_microphone(str(by_name["microphone"]), realtime=False, echo_holdoff_s=0).name == "microphone"
    assert [device.name for device in list_devices() if device.is_default_input] == ["default"]


def test_an_unknown_name_lists_what_there_is(sound_card):
    with pytest.raises(DeviceError, match=r"No microphone matches 'headset'.*microphone \(ALSA\)"):
        open_microphone("headset", realtime=False, echo_holdoff_s=0)


LISTEN_UNTIL_UNPLUGGED = """
import subprocess
from contextlib import closing
from voicemock.speech.sound_card import PortAudioMicrophone
from voicemock.errors import DeviceError

count = 0
with closing(PortAudioMicrophone("microphone", 0.0).frames()) as frames:
    try:
        for count, frame in enumerate(frames, start=1):
            if count == 20:
                subprocess.run(["pactl", "unload-module", "module-remap-source"], check=True)
                subprocess.run(["pactl", "unload-module", "module-null-sink"], check=True)
    except DeviceError as error:
        print(count >= 20, error)
"""


def test_a_microphone_pulled_out_while_listening_is_told_after_what_it_heard(sound_card):
    card_of_its_own = Path(__file__).parents[2] / "scripts" / "virtual-audio"
    done = subprocess.run(
        [card_of_its_own, "--", sys.executable, "-c", LISTEN_UNTIL_UNPLUGGED],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ,
        check=True,
    )
    assert done.stdout.startswith("True The microphone microphone was disconnected.")


LISTEN_TO_THE_END = """
from contextlib import closing
from voicemock.speech.sound_card import PortAudioMicrophone

loud = quiet = 0
with closing(PortAudioMicrophone(None, 0.0).frames()) as frames:
    for frame in frames:
        if not loud:
            print("listening", flush=True)
        is_loud = abs(frame).max() > 0.05
        loud, quiet = loud + is_loud, 0 if is_loud else quiet + 1
        if loud and quiet == 20:
            break
print(loud)
"""


def test_what_is_said_while_the_program_is_stopped_is_heard_when_it_goes_on(sound_card):
    spoken = tone(portaudio.LOST_AFTER_S + 1.0, 700)
    with subprocess.Popen([sys.executable, "-c", LISTEN_TO_THE_END], stdout=subprocess.PIPE, text=True) as listener:
        try:
            assert listener.stdout.readline() == "listening\n"
            listener.send_signal(signal.SIGSTOP)
            sound_card.talk(spoken).wait()
            listener.send_signal(signal.SIGCONT)
            *_, loud = listener.communicate(timeout=60)[0].split()
        finally:
            listener.kill()  # one that is stopped, or hears nothing, never ends
    assert listener.returncode == 0
    assert int(loud) * FRAME_S == pytest.approx(spoken.duration_s, abs=0.1)
