"""Is this machine ready? One check a part, each with the exact command that cures it here."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import numpy as np

from voicemock.analysis.vectors import load_vectors
from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.phrasing import load_language_model, try_out
from voicemock.errors import (
    AudioFileError,
    DeviceError,
    LanguageModelError,
    StorageError,
    UnknownNameError,
    VoicemockError,
    WeightsError,
)
from voicemock.settings import Settings
from voicemock.speech.audio_quality import judge_test
from voicemock.speech.clip import FRAME_S, LISTENING_RATE, AudioClip, Samples
from voicemock.speech.device_list import list_devices
from voicemock.speech.devices import Microphone, Speaker, open_microphone, open_speaker
from voicemock.speech.engines import engine_class, load_detector, load_synthesizer
from voicemock.speech.narrator import Narrator
from voicemock.speech.vad import speech_flags
from voicemock.store.store import Store
from voicemock.weights import installed_models, resolve_model

Verdict = Literal["ok", "warning", "failed", "skipped"]

MICROPHONE_TEST_S = 2.0
ENOUGH_DISK_BYTES = 500_000_000
"""Half a gigabyte: some 40 hours of answers."""

SPEAKER_TEST = "This is how I will sound."

_MICROPHONE_WARNINGS = {
    "clipped": ("clipping: too loud", "Turn the input level down or sit further away."),
    "noise_without_voice": ("noisy: loud sound, but no voice in it", "Find a quieter place or a headset."),
    "no_voice": ("it is alive, but no voice was heard", "Run this again and speak during the test."),
    "quiet": ("too quiet", "Turn the input level up or come closer to the microphone."),
    "noisy": ("noisy: the background is loud", "Find a quieter place or use a headset."),
}
_WHAT_IT_SEES = {
    "findings": "It sees the coach's sentences without your words.",
    "quotes": "It sees the coach's sentences, the question and what they quote of you, not the rest.",
    "transcript": "It sees all that you say.",
}
_CURES_OF_THE_LANGUAGE_MODEL = {
    "unreachable": "Start it, e.g. with: ollama serve   or: llama-server -m MODEL.gguf --port 8080",
    "timeout": "The first answer loads the model: run this again. Else a smaller model, or language_model_timeout_s.",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What.
        verdict: How it stands; a warning does not keep an interview from working.
        detail: What was found.
        cure: What to do about it; empty when nothing is wrong.
    """

    name: str
    verdict: Verdict
    detail: str
    cure: str = ""


def microphone_verdict(samples: Samples, speech: list[bool]) -> Check:
    """Judge a short recording made while the user was asked to speak.

    Args:
        samples: The recording, 16 kHz.
        speech: Which of its 30 ms frames hold speech.
    """
    name = "microphone test"
    finding, voice_db = judge_test(samples, speech)
    if finding == "silent":
        return Check(name, "failed", "silent: no sound at all arrives", _cure_silent_microphone())
    if finding in _MICROPHONE_WARNINGS:
        return Check(name, "warning", *_MICROPHONE_WARNINGS[finding])
    return Check(name, "ok", f"fine: your voice arrives at {voice_db:.0f} dB of full scale")


def examine(settings: Settings, *, with_sound: bool, on_level: Callable[[float], None]) -> Iterator[Check]:
    """Look at every part, the quick ones first.

    Args:
        settings: Which devices, engines and folders to look at.
        with_sound: Whether to record from the microphone and play on the speaker.
        on_level: Told the level (root mean square, 0 to 1) of each 30 ms of the microphone test.
    """
    yield _python()
    yield _data_folder(settings)
    yield _disk(settings)
    yield _model(settings)
    yield _parts_model(settings)
    yield _detector(settings)
    if settings.language_model:
        yield _language_model(settings)
    yield from _sound(settings, with_sound, on_level)


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Check("Python", "ok", f"{version} on {sys.platform}")


def _data_folder(settings: Settings) -> Check:
    try:
        with Store(settings.data_dir) as store:
            damage = store.integrity()
            left_over = store.unfinished.find(everything=True)
            gone = store.unfinished.without_recordings()
    except StorageError as error:
        return Check(
            "data folder", "failed", str(error), "Make the folder writable, or choose another with --data-dir."
        )
    if damage:
        return Check("data folder", "failed", f"{settings.data_dir}: {damage}", "Restore voicemock.db from a backup.")
    if left_over:
        detail = f"recordings in {settings.data_dir} that are not analyzed: {len(left_over)}"
        return Check("data folder", "warning", detail, "Finish them with: voicemock recover --all")
    if gone:
        detail = f"recordings in {settings.data_dir} that are gone, though their words are kept: {len(gone)}"
        return Check("data folder", "warning", detail, f"Put back from a backup what you miss: {gone[0]}")
    return Check("data folder", "ok", str(settings.data_dir))


def _disk(settings: Settings) -> Check:
    folder = settings.data_dir.absolute()
    there = next(place for place in (folder, *folder.parents) if place.is_dir())
    free = shutil.disk_usage(there).free
    detail = f"{free / 1e9:.1f} GB free"
    if free < ENOUGH_DISK_BYTES:
        return Check("disk space", "warning", detail, "Free at least half a gigabyte before a long interview.")
    return Check("disk space", "ok", detail)


def _model(settings: Settings) -> Check:
    try:
        resolved = resolve_model(settings.model, settings.cache_dir, settings.allow_download)
    except VoicemockError as error:
        return Check("Whisper model", "failed", str(error))
    here = ", ".join(model.name for model in installed_models(settings.cache_dir))
    return Check("Whisper model", "ok", f"{resolved} is intact (installed: {here or 'none from packages'})")


def _parts_model(settings: Settings) -> Check:
    name = "parts of an answer"
    try:
        load_vectors(settings.cache_dir)
    except WeightsError as error:
        return Check(name, "warning", f"told by rules alone, which miss more. {error}")
    return Check(name, "ok", "told by the trained model")


def _detector(settings: Settings) -> Check:
    try:
        engine_class("detectors", settings.vad)()
    except (VoicemockError, ImportError) as error:
        cure = "" if isinstance(error, VoicemockError) else "pip install --force-reinstall webrtcvad-wheels"
        return Check("voice activity detection", "failed", str(error), cure)
    return Check("voice activity detection", "ok", settings.vad)


def _language_model(settings: Settings) -> Check:
    """Ask the language model one small thing; without it the built-in coach speaks, so that nothing here fails."""
    name = "language model"
    try:
        model = load_language_model(settings)
        if model is None:
            return Check(name, "skipped", "off")
        trial = try_out(model, load_guidance())
    except LanguageModelError as error:
        cure = _CURES_OF_THE_LANGUAGE_MODEL.get(error.reason, "")
        return Check(name, "warning", f"not used: the built-in coach speaks. {error}", cure)
    except VoicemockError as error:
        return Check(name, "warning", f"not used: the built-in coach speaks. {error}")
    sees = _WHAT_IT_SEES[settings.language_model_shares]
    detail = f"{model.name} answered in {trial.took_s:.1f} s of {settings.language_model_timeout_s:g}. {sees}"
    if trial.refusal:
        cure = "Choose a larger model: this one may hardly ever get a word in."
        return Check(name, "warning", f"{detail} What it said would not be said ({trial.refusal}).", cure)
    return Check(name, "ok", detail)


def _sound(settings: Settings, with_sound: bool, on_level: Callable[[float], None]) -> Iterator[Check]:
    if not (settings.mic and settings.speaker):
        yield (ports := _portaudio())
        if ports.verdict == "failed":
            yield _voice(settings, None)
            return
    try:
        longest_s = settings.longest_recording_s
        microphone = open_microphone(settings.mic, realtime=False, echo_holdoff_s=0, longest_s=longest_s)
        yield Check("microphone", "ok", microphone.name)
        yield _test_microphone(settings, microphone, on_level) if with_sound else _skipped("microphone test")
    except AudioFileError as error:
        yield Check("microphone", "failed", str(error))
    except DeviceError as error:
        yield Check("microphone", "failed", str(error), "Plug one in, then look at: voicemock devices")
    speaker = None
    try:
        speaker = open_speaker(settings.speaker, realtime=False)
        yield Check("speaker", "ok", speaker.name)
    except DeviceError as error:
        yield Check("speaker", "failed", str(error), "Plug one in, or practice with --silent.")
    yield _voice(settings, speaker if with_sound else None)


def _portaudio() -> Check:
    try:
        found = list_devices()
    except DeviceError as error:
        what, _, cure = str(error).partition(". ")
        return Check("PortAudio", "failed", what, cure)
    if not found:
        return Check("PortAudio", "failed", "no sound device is known to the system", _cure_no_device())
    return Check("PortAudio", "ok", f"{len(found)} devices")


def _test_microphone(settings: Settings, microphone: Microphone, on_level: Callable[[float], None]) -> Check:
    frames: list[Samples] = []
    try:
        with closing(microphone.frames()) as source:
            for frame in islice(source, round(MICROPHONE_TEST_S / FRAME_S)):
                frames.append(frame)
                on_level(float(np.sqrt(np.mean(frame**2))))
    except DeviceError as error:
        return Check("microphone test", "failed", str(error), "Close other programs that use it, then try again.")
    samples = np.concatenate(frames)
    try:
        detector = load_detector(settings)
    except UnknownNameError:
        return Check("microphone test", "skipped", "no voice activity detection to judge it by")
    return microphone_verdict(samples, speech_flags(AudioClip(samples, LISTENING_RATE), detector))


def _voice(settings: Settings, speaker: Speaker | None) -> Check:
    cure = 'pip install "voicemock[piper]", or practice with --silent'
    try:
        synthesizer, notice = load_synthesizer(settings)
        if synthesizer is None:
            return Check(
                "voice", "failed" if notice else "skipped", notice or "silent, as you chose", cure if notice else ""
            )
        if speaker is None:
            return Check("voice", "ok", f"{synthesizer.name} (not played)")
        Narrator(synthesizer, speaker).say(SPEAKER_TEST)
    except VoicemockError as error:
        return Check("voice", "failed", str(error), cure)
    return Check("voice", "ok", f'{synthesizer.name}; it said "{SPEAKER_TEST}" Did you hear it?')


def _skipped(name: str) -> Check:
    return Check(name, "skipped", "not wanted")


def _cure_no_device() -> str:
    files = "or use audio files: voicemock practice --mic FILE --speaker FILE.wav"
    if sys.platform.startswith("linux"):
        return f"Look at: pactl list short sinks; pactl list short sources; {files}"
    return f"Plug in a headset, {files}"


def _cure_silent_microphone() -> str:
    if sys.platform == "darwin":
        return "Allow the microphone: System Settings, Privacy & Security, Microphone, and switch your terminal on."
    if sys.platform == "win32":
        return "Allow the microphone: Settings, Privacy & security, Microphone; and look for a mute key."
    return "Look for a mute key, then: pactl set-source-mute @DEFAULT_SOURCE@ 0"
