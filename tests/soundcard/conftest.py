"""The virtual sound card, from the outside: a mouth that talks into its microphone and an ear at its speaker."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from tests.fakes import ScriptedDetector
from voicemock.speech.audio_files import write_audio
from voicemock.speech.clip import AudioClip, Samples, to_pcm16

RATE = 48_000


@dataclass
class Ear:
    """Collects what is heard in a thread of its own, from the first sample on."""

    process: subprocess.Popen[bytes]
    heard: bytearray = field(default_factory=bytearray)

    def listen(self) -> None:
        assert self.process.stdout is not None
        while block := self.process.stdout.read1():
            self.heard += block

    @property
    def samples(self) -> Samples:
        return np.frombuffer(bytes(self.heard[: len(self.heard) // 2 * 2]), "<i2").astype(np.float32) / 32767


class SoundCard:
    """What a room is to a real sound card."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mouth = os.environ["VIRTUAL_AUDIO_MOUTH"]
        self._ear = os.environ["VIRTUAL_AUDIO_EAR"]

    def talk(self, clip: AudioClip, mouth: str | None = None) -> subprocess.Popen[bytes]:
        """Start saying a clip into the microphone, or into the sink that is named."""
        path = self._folder / "said.wav"
        write_audio(path, clip)
        return subprocess.Popen(["paplay", f"--device={mouth or self._mouth}", "--latency-msec=50", str(path)])

    def plug(self, module: str, *options: str) -> str:
        """Load a module of the sound server; returns its number."""
        return pactl("load-module", module, *options).strip()

    def unplug(self, *modules: str) -> None:
        """Unload modules, by name or number."""
        for module in modules:
            pactl("unload-module", module)

    def is_playing(self) -> bool:
        """Whether anybody plays anything right now."""
        return bool(pactl("list", "short", "sink-inputs").strip())

    def restore(self) -> None:
        """Plug everything in as it was at first."""
        self.unplug(*(line.split()[0] for line in self._modules() if not line.split()[1].startswith("module-native")))
        for sink in ("speaker", self._mouth):
            self.plug("module-null-sink", f"sink_name={sink}", "norewinds=1")
        self.plug_microphone()
        pactl("set-default-sink", "speaker")

    def plug_microphone(self) -> None:
        """Plug the microphone in and make it the default."""
        self.plug("module-remap-source", "source_name=microphone", f"master={self._mouth}.monitor")
        pactl("set-default-source", "microphone")

    def _modules(self) -> list[str]:
        return pactl("list", "short", "modules").splitlines()[::-1]

    @contextmanager
    def listening(self) -> Iterator[Ear]:
        """Hear what the speaker plays, from the start of the block to a marker tone after its end."""
        command = ["parecord", "--raw", "--format=s16le", "--channels=1", f"--rate={RATE}", "--latency-msec=20"]
        process = subprocess.Popen([*command, f"--device={self._ear}"], stdout=subprocess.PIPE)
        ear = Ear(process)
        assert process.stdout is not None
        ear.heard += process.stdout.read(2)  # the first sample: from here on nothing is missed
        thread = Thread(target=ear.listen)
        thread.start()
        try:
            yield ear
            self._play_out()
        finally:
            process.terminate()
            thread.join()
            process.wait()
            process.stdout.close()

    def _play_out(self) -> None:
        """Play 0.2 s of silence after the clip and wait for it, so that the clip has passed the ear."""
        silence = to_pcm16(np.zeros(RATE // 5, np.float32))
        command = ["paplay", "--raw", "--format=s16le", "--channels=1", f"--rate={RATE}", "--latency-msec=20"]
        subprocess.run(command, input=silence, check=True)


def pactl(*arguments: str) -> str:
    """Ask the sound server."""
    return subprocess.run(["pactl", *arguments], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def sound_card(tmp_path: Path) -> SoundCard:
    if "VIRTUAL_AUDIO_EAR" not in os.environ:
        pytest.skip("needs the virtual sound card: scripts/virtual-audio -- pytest -m soundcard")
    return SoundCard(tmp_path)


@pytest.fixture
def by_loudness(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take for speech what is loud."""
    monkeypatch.setattr("voicemock.interview.listener.load_detector", lambda settings: ScriptedDetector())


@pytest.fixture
def fragile_card(sound_card: SoundCard) -> Iterator[SoundCard]:
    """A sound card that a test may take apart."""
    yield sound_card
    sound_card.restore()
