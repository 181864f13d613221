"""Devices that change during an interview: what was said is kept, and the interview goes on with another.

PulseAudio moves a stream to another device when its own is unplugged, as long as there is one; then the loss is only
noticed when the device is opened again.
"""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from tests.soundcard.conftest import SoundCard, pactl
from tests.soundcard.rehearsal import Rehearsal, heard, hum, noise
from voicemock.content.styles import HEARD_AGAIN, LOST, SHOWN_INSTEAD
from voicemock.errors import DeviceError
from voicemock.models import Question
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.speech.desk import DeviceReply, Reply
from voicemock.store.store import Store

pytestmark = [pytest.mark.soundcard, pytest.mark.usefixtures("by_loudness")]


def test_a_microphone_pulled_out_in_mid_answer_and_no_other_there(fragile_card: SoundCard, tmp_path: Path) -> None:
    here = Rehearsal(tmp_path, fragile_card, mic="microphone")
    here.candidate.in_mid_answer = lambda: fragile_card.unplug("module-remap-source", "module-null-sink")
    with pytest.raises(DeviceError), here._open:
        here.interview.run()
    with Store(tmp_path / "data") as store:
        (answer,) = store.sessions.answers(store.sessions.find("last"))
    assert answer.status == "answered"
    assert answer.assessment is not None
    assert answer.assessment.transcript.words
    assert here.candidate.notices[0] == LOST


def test_without_a_person_the_default_takes_the_place_of_a_lost_one(fragile_card: SoundCard, tmp_path: Path) -> None:
    def pull_out() -> None:
        pactl("set-default-source", "candidate.monitor")
        fragile_card.unplug("module-remap-source")

    here = Rehearsal(tmp_path, fragile_card, mic="microphone")
    here.candidate.in_mid_answer = pull_out
    assert heard(here.run()) == [("answered", True), ("answered", True)]
    assert "Now using the microphone default." in here.candidate.notices


def test_pulled_out_and_plugged_in_again(fragile_card: SoundCard, tmp_path: Path) -> None:
    def plug_in() -> DeviceReply:
        fragile_card.restore()
        return Reply.TRY_AGAIN

    here = Rehearsal(tmp_path, fragile_card, mic="microphone")
    here.candidate.in_mid_answer = lambda: fragile_card.unplug("module-remap-source", "module-null-sink")
    here.candidate.choose = plug_in
    assert heard(here.run()) == [("answered", True), ("answered", True)]
    assert here.candidate.notices[0] == LOST
    assert "Now using the microphone microphone." in here.candidate.notices


def test_a_default_switched_in_mid_answer_is_used_from_the_next_question_on(
    fragile_card: SoundCard, tmp_path: Path
) -> None:
    def switch() -> None:
        fragile_card.plug("module-null-sink", "sink_name=second", "norewinds=1")
        pactl("set-default-source", "second.monitor")

    here = Rehearsal(tmp_path, fragile_card)
    here.candidate.in_mid_answer = switch
    here.candidate.mouth_at = {2: "second"}
    assert heard(here.run()) == [("answered", True), ("answered", True)]


def test_a_speaker_pulled_out_while_speaking_is_tried_again(fragile_card: SoundCard, tmp_path: Path) -> None:
    here = Rehearsal(tmp_path, fragile_card, hum(1.5, 700), rest_s=0.1, speaker="speaker", echo_holdoff_s=0)

    def pull_out() -> None:
        while not fragile_card.is_playing():
            pass
        sinks = [
            line.split()[0] for line in pactl("list", "short", "modules").splitlines() if "sink_name=speaker" in line
        ]
        fragile_card.unplug(*sinks)

    def plug_in() -> None:
        fragile_card.plug("module-null-sink", "sink_name=speaker", "norewinds=1")
        pactl("set-default-sink", "speaker")

    ask = here.candidate.ask

    def plug_in_before_the_second(question: Question, position: int, count: int, answer: int) -> None:
        ask(question, position, count, answer)
        if position == 2:
            plug_in()

    here.candidate.ask = plug_in_before_the_second  # type: ignore[method-assign]
    thread = Thread(target=pull_out)
    thread.start()
    report = here.run()
    thread.join()
    assert heard(report) == [("answered", True), ("answered", True)]
    assert any(notice.endswith(SHOWN_INSTEAD) for notice in here.candidate.notices)
    assert HEARD_AGAIN in here.candidate.notices


# --- the speaker played into the microphone --------------------------------------------------------------

SILENT = AudioClip(np.zeros(LISTENING_RATE // 10, np.float32), LISTENING_RATE)


def loop_back(card: SoundCard, delay_ms: int) -> None:
    """Let the microphone hear the speaker, as it does in a room or over a slow wireless headset."""
    card.plug("module-loopback", "source=speaker.monitor", "sink=candidate", f"latency_msec={delay_ms}")


@pytest.mark.parametrize("delay_ms", [50, 300, 600])
def test_the_interviewer_does_not_hear_itself_but_who_begins_after_the_hold_off(
    fragile_card: SoundCard, tmp_path: Path, delay_ms: int
) -> None:
    loop_back(fragile_card, delay_ms)
    here = Rehearsal(tmp_path, fragile_card, noise(1.5))
    here.candidate.says_at = {1: SILENT}
    silent, answer = here.run().answers
    assert (silent.status, silent.transcript.words) == ("no_speech", ())
    assert silent.timings.speech_started_s is None
    assert (answer.status, len(answer.transcript.words)) == ("answered", 1)
    assert answer.analysis.duration_s == pytest.approx(2.0, abs=0.2)


def test_without_a_hold_off_it_does(fragile_card: SoundCard, tmp_path: Path) -> None:
    loop_back(fragile_card, 600)
    here = Rehearsal(tmp_path, fragile_card, noise(1.5), count=1, echo_holdoff_s=0.0)
    here.candidate.says_at = {1: SILENT}
    (answer,) = here.run().answers
    assert answer.status == "answered"
