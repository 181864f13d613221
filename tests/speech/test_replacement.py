"""Replacing a lost device: what is offered, what a reply means, and how long an echo lasts."""

from dataclasses import replace

import numpy as np
import pytest

from voicemock.settings import Settings
from voicemock.speech import desk
from voicemock.speech.clip import LISTENING_RATE
from voicemock.speech.desk import Reply, SoundDesk, goes_stale, offered, reply_to, specs_to_try
from voicemock.speech.device_list import DeviceInfo, find_again
from voicemock.speech.echo import echo_end_s, echo_start_s, holdoff_s

BUILT_IN = DeviceInfo(0, "Built-in", "Core Audio", 1, 2, 48000, False, True)
HEADSET = DeviceInfo(1, "Headset", "Core Audio", 1, 2, 44100, True, False)
HEADSET_AGAIN = replace(HEADSET, index=2, host_api="JACK", is_default_input=False)
SCREEN = DeviceInfo(3, "Screen", "Core Audio", 0, 2, 48000, False, False)
DEVICES = (BUILT_IN, HEADSET, HEADSET_AGAIN, SCREEN)


def test_microphones_are_offered_once_and_the_default_first():
    assert offered(DEVICES, "input") == (HEADSET, BUILT_IN)
    assert offered((SCREEN,), "input") == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Reply.TRY_AGAIN),
        (" Q ", Reply.QUIT),
        ("1", HEADSET),
        ("2", BUILT_IN),
        ("0", None),
        ("3", None),
        ("yes", None),
    ],
)
def test_what_a_reply_means(typed, meant):
    assert reply_to(typed, (HEADSET, BUILT_IN)) == meant


@pytest.mark.parametrize(
    ("reply", "spec", "tried"),
    [
        (Reply.TRY_AGAIN, "usb", ("usb", None)),
        (Reply.TRY_AGAIN, None, (None,)),
        (Reply.NOBODY, "usb", (None,)),
        (Reply.QUIT, "usb", ()),
        (BUILT_IN, "usb", (0,)),
    ],
)
def test_what_is_tried(reply, spec, tried):
    assert specs_to_try(reply, spec) == tried


@pytest.mark.parametrize(
    ("mic", "speaker", "speaks", "asks"),
    [
        ("answer.flac", None, False, False),  # a silent interviewer: the speaker is not used
        ("answer.flac", "interviewer.wav", True, False),
        ("answer.flac", None, True, True),
        (None, None, False, True),
    ],
)
def test_the_sound_card_is_asked_only_where_it_is_used(monkeypatch, mic, speaker, speaks, asks):
    asked = []
    monkeypatch.setattr(desk, "list_devices", lambda: asked.append("devices") or ())
    monkeypatch.setattr(desk, "open_speaker", lambda spec, realtime: object())
    here = SoundDesk(Settings(mic=mic, speaker=speaker), lambda problem, microphones: Reply.NOBODY)
    if speaks:
        here.open_speaker()
    here.look_again()
    assert asked == ["devices"] * asks


def test_a_device_is_known_again_though_its_index_moved():
    moved = replace(HEADSET, index=7)
    assert find_again((BUILT_IN, moved), HEADSET, "input") == moved
    assert find_again((BUILT_IN,), HEADSET, "input") is None


def test_its_own_rate_comes_first_and_the_usual_ones_after():
    assert HEADSET.formats("input") == [(rate, 1) for rate in (44100, 48000, 16000, 32000, 96000)]
    assert SCREEN.formats("output")[:3] == [(48000, 1), (48000, 2), (44100, 1)]


def test_only_some_systems_find_the_default_once():
    assert goes_stale(DEVICES)
    assert not goes_stale((replace(HEADSET, host_api="ALSA"),))


def noise(duration_s, seed=1):
    return np.random.default_rng(seed).uniform(-0.5, 0.5, round(duration_s * LISTENING_RATE)).astype(np.float32)


@pytest.mark.parametrize("delay_s", [0.0, 0.05, 0.3, 1.2])
@pytest.mark.parametrize("gain", [1.0, 0.05])
def test_an_echo_is_found_with_its_end(delay_s, gain):
    played, background = noise(1.5), 0.002 * noise(3.5, seed=2)
    heard = background.copy()
    start = round(delay_s * LISTENING_RATE)
    heard[start : start + len(played)] += gain * played
    assert echo_start_s(played, heard) == pytest.approx(delay_s, abs=0.001)
    assert echo_end_s(played, heard, delay_s) == pytest.approx(delay_s + 1.5, abs=0.04)


@pytest.mark.parametrize("heard", [np.zeros(48000, np.float32), noise(3.0, seed=3)])
def test_where_the_speaker_is_not_heard_there_is_no_echo(heard):
    assert echo_start_s(noise(1.5), heard) is None


@pytest.mark.parametrize(("echo_s", "held_s"), [(None, 0.3), (0.0, 0.3), (0.5, 0.6), (4.0, 1.5)])
def test_the_hold_off_is_what_was_measured_and_a_little_more_within_bounds(echo_s, held_s):
    assert holdoff_s(echo_s) == pytest.approx(held_s)
