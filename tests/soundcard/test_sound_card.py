"""The real PortAudio on a virtual sound card: what is played is heard whole, what is said arrives, loss is told."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.soundcard.conftest import RATE
from voicemock.audio import FRAME_S, LISTENING_RATE, AudioClip
from voicemock.devices import PortAudioMicrophone, PortAudioSpeaker, list_devices, open_microphone, open_speaker
from voicemock.errors import DeviceError

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


def test_what_is_said_into_the_microphone_arrives(sound_card):
    microphone = PortAudioMicrophone(None, 0.0)
    heard = []
    with closing(microphone.frames()) as frames:
        heard.append(next(frames))
        with sound_card.talk(tone(1.0, 700)) as mouth:
            while mouth.poll() is None:
                heard.append(next(frames))
        heard += [next(frames) for _ in range(round(0.5 / FRAME_S))]
    said = loud_part(np.concatenate(heard), LISTENING_RATE)
    assert said.duration_s == pytest.approx(1.0, abs=0.05)
    assert pitch(said) == pytest.approx(700, abs=5)
    assert microphone.overflows == 0


def test_the_microphone_can_be_opened_again(sound_card):
    microphone = PortAudioMicrophone(None, 0.3)
    for _ in range(3):
        with closing(microphone.frames()) as frames:
            assert next(frames).shape == (480,)


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
from voicemock.devices import PortAudioMicrophone
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
    assert done.stdout.startswith("True The microphone microphone went away.")
