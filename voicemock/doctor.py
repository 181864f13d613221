"""Checks whether this machine is ready for an interview, part by part, each failure with the command that cures it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np

from voicemock.analysis.reader import load_reader
from voicemock.analysis.vectors import load_vectors
from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.opinion_wording import REASONS
from voicemock.coaching.language_model.providers import (
    ASKED_WITH,
    FoundServer,
    find_servers,
    has_model,
    wanting,
)
from voicemock.coaching.language_model.second_opinion import Trial, load_language_model, try_out
from voicemock.content.frameworks import load_frameworks
from voicemock.errors import (
    AudioFileError,
    DeviceError,
    InputError,
    LanguageModelError,
    UnknownNameError,
    VoicemockError,
    WeightsError,
)
from voicemock.interview.room import refuse_speaker_file
from voicemock.models import Framework
from voicemock.packaged import PIP, SMART_TURN, SWIFT_F0, is_installed
from voicemock.settings import Settings
from voicemock.speech.audio_quality import judge_test
from voicemock.speech.clip import FRAME_S, LISTENING_RATE, AudioClip, Samples
from voicemock.speech.device_list import list_devices
from voicemock.speech.devices import Microphone, Speaker, device_of, open_microphone, open_speaker
from voicemock.speech.engines import engine_class, load_detector, load_synthesizer, other_voices, takes_any_engine
from voicemock.speech.narrator import Narrator
from voicemock.speech.rumble import without_rumble
from voicemock.speech.vad import speech_flags
from voicemock.store.store import Store
from voicemock.weights import installed_models, ready_model, resolve_model, verify_bundled

Verdict = Literal["ok", "warning", "failed", "skipped"]

MARKS: Final[Mapping[Verdict, str]] = {"ok": "ok", "warning": "look", "failed": "FAILED", "skipped": "-"}
"""What stands before a check."""
MICROPHONE_TEST_S: Final = 2.0
ENOUGH_DISK_BYTES: Final = 500_000_000
"""Half a gigabyte: about 40 hours of answers."""
SPEAKER_TEST: Final = "This is how I will sound."

_MICROPHONE_WARNINGS: Final = {
    "clipped": ("clipping: too loud", "Turn the input level down or sit farther away."),
    "noise_without_voice": ("noisy: loud sound, but no voice in it", "Find a quieter place or a headset."),
    "no_voice": ("it works, but no voice was heard", "Run this again and speak during the test."),
    "quiet": ("too quiet", "Turn the input level up or move closer to the microphone."),
    "noisy": ("noisy: the background is loud", "Find a quieter place or use a headset."),
}
AT_ONCE_S: Final = 8.0
"""A second opinion that takes no longer is there before the coach has finished its feedback."""
TRIAL_MOST_S: Final = 120.0
"""The first request may have to load the model."""
_WHAT_IT_SEES: Final = {
    "quotes": "It sees the question and the quotes in the feedback: enough for follow-ups, not a second opinion.",
    "transcript": "It sees everything you say.",
}
_CURES_OF_THE_LANGUAGE_MODEL: Final = {
    "unreachable": "Start it, e.g. with: ollama serve   or: llama-server -m MODEL.gguf --port 8080",
    "timeout": "The first answer loads the model, so run this again. If still slow, choose a smaller model.",
}
_OTHER_VOICES_CURE: Final = f'For more voices: {PIP} install "voicemock[piper]"'
_VOICE_CURE: Final = f'{PIP} install "voicemock[piper]", or practice with --silent'


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check.

    Attributes:
        name: The part that was checked.
        verdict: Only "failed" keeps an interview from working.
        detail: The finding.
        cure: What to do about it, if anything.
    """

    name: str
    verdict: Verdict
    detail: str
    cure: str = ""


class _Finding(NamedTuple):
    """A check without its name."""

    verdict: Verdict
    detail: str
    cure: str = ""


def examine(settings: Settings, *, with_sound: bool, on_level: Callable[[float], None]) -> Iterator[Check]:
    """Check every part, quick checks first.

    Args:
        settings: Name the devices, engines and folders.
        with_sound: Whether to record from the microphone and play on the speaker.
        on_level: Called with the level (root mean square, 0 to 1) of each 30 ms of the microphone test.
    """
    yield from _parts(settings)
    yield from _sound(settings, with_sound, on_level)


def examine_for_page(settings: Settings) -> Iterator[Check]:
    """Check every part that an interview in a browser needs. The browser has the devices, so nothing is played."""
    yield from _parts(settings)
    yield from _voices(settings, None)


def summary(failed: int) -> str:
    """Return what all checks together say.

    Args:
        failed: How many of them have failed.
    """
    if failed:
        keep = "keeps" if failed == 1 else "keep"
        return f"{failed} of these {keep} an interview from working. The lines marked -> say what to do."
    return "Ready."


def judge_recording(settings: Settings, samples: Samples, program: str) -> Check:
    """Judge a short recording made while the user was asked to speak, by the detector of the settings.

    Args:
        settings: Name the detector.
        samples: At 16 kHz.
        program: Needs the permission for the microphone: "your terminal", "your browser".
    """
    try:
        detector = load_detector(settings)
    except UnknownNameError:
        return Check("microphone test", "skipped", "no voice activity detection to judge it by")
    heard = without_rumble(AudioClip(samples, LISTENING_RATE))
    return microphone_verdict(samples, speech_flags(heard, detector), program)


def microphone_verdict(samples: Samples, speech: list[bool], program: str = "your terminal") -> Check:
    """Judge a short recording made while the user was asked to speak.

    Args:
        samples: At 16 kHz.
        speech: Whether each frame of 30 ms holds speech.
        program: Needs the permission for the microphone.
    """
    name = "microphone test"
    finding, voice_db = judge_test(samples, without_rumble(AudioClip(samples, LISTENING_RATE)).samples, speech)
    if finding == "silent":
        return Check(name, "failed", "silent: no sound at all comes in", _cure_silent_microphone(program))
    if finding in _MICROPHONE_WARNINGS:
        return Check(name, "warning", *_MICROPHONE_WARNINGS[finding])
    return Check(name, "ok", f"fine: your voice comes in at {voice_db:.0f} dB of full scale")


def _parts(settings: Settings) -> Iterator[Check]:
    """Check everything that makes no sound."""
    for name, look, cure in _CHECKS:
        yield _check(name, partial(look, settings), cure)
    if settings.second_opinion or has_model(wanting(settings)):
        yield _check("language model", partial(_language_model, settings))


def _check(name: str, look: Callable[[], _Finding], cure: str = "") -> Check:
    """Return the result of a check, which has failed and needs the cure if it raises an error."""
    try:
        return Check(name, *look())
    except VoicemockError as error:
        return Check(name, "failed", str(error), cure)


def _python(settings: Settings) -> _Finding:  # noqa: ARG001 - as the other checks
    version = ".".join(str(part) for part in sys.version_info[:3])
    return _Finding("ok", f"{version} on {sys.platform}")


def _data_folder(settings: Settings) -> _Finding:
    folder = settings.data_dir
    with Store(folder) as store:
        damage = store.integrity()
        left_over = store.unfinished.find(everything=True)
        gone = store.unfinished.without_recordings()
    if damage:
        return _Finding("failed", f"{folder}: {damage}", "Restore voicemock.db from a backup.")
    if left_over:
        detail = f"recordings in {folder} that are not analyzed: {len(left_over)}"
        return _Finding("warning", detail, "Finish them with: voicemock recover --all")
    if gone:
        detail = f"recordings in {folder} that are gone, though their words are kept: {len(gone)}"
        return _Finding("warning", detail, f"Restore what you miss from a backup: {gone[0]}")
    return _Finding("ok", str(folder))


def _disk(settings: Settings) -> _Finding:
    folder = settings.data_dir.absolute()
    existing = next(place for place in (folder, *folder.parents) if place.is_dir())
    free = shutil.disk_usage(existing).free
    detail = f"{free / 1e9:.1f} GB free"
    if free < ENOUGH_DISK_BYTES:
        return _Finding("warning", detail, "Free at least half a gigabyte before a long interview.")
    return _Finding("ok", detail)


def _whisper_model(settings: Settings) -> _Finding:
    resolved = resolve_model(settings.model, settings.cache_dir, settings.allow_download)
    installed = ", ".join(model.name for model in installed_models(settings.cache_dir))
    return _Finding("ok", f"{resolved} is intact (installed: {installed or 'none from packages'})")


def _reader(_settings: Settings) -> _Finding:
    try:
        load_reader()
    except WeightsError as error:
        return _Finding("failed", str(error), f"{PIP} install --force-reinstall voicemock")
    return _Finding("ok", "ready")


def _subjects_model(settings: Settings) -> _Finding:
    try:
        load_vectors(settings.cache_dir)
    except WeightsError as error:
        return _Finding("warning", f"judged by words alone, which misses more. {error}")
    return _Finding("ok", "judged by meaning")


def _melody(_settings: Settings) -> _Finding:
    try:
        verify_bundled(SWIFT_F0)
    except WeightsError as error:
        return _Finding("warning", f"not measured. {error}")
    return _Finding("ok", "measured")


def _end_of_answer(settings: Settings) -> _Finding:
    """Tell whether Smart Turn is asked; it is optional, so only a damaged one is worth a look."""
    try:
        ready_model(SMART_TURN, settings.cache_dir)
    except WeightsError as error:
        return _Finding("warning" if is_installed(SMART_TURN) else "ok", f"judged by words alone. {error}")
    return _Finding("ok", "judged by words and voice")


def _detector(settings: Settings) -> _Finding:
    try:
        engine_class("detectors", settings.vad)()
    except ImportError as error:
        return _Finding("failed", str(error), f"{PIP} install --force-reinstall webrtcvad-wheels")
    return _Finding("ok", settings.vad)


_CHECKS: Final[tuple[tuple[str, Callable[[Settings], _Finding], str], ...]] = (
    ("Python", _python, ""),
    ("data folder", _data_folder, "Make the folder writable, or choose another with --data-dir."),
    ("disk space", _disk, ""),
    ("Whisper model", _whisper_model, ""),
    ("reader of answers", _reader, ""),
    ("subject of an answer", _subjects_model, ""),
    ("voice activity detection", _detector, ""),
    ("melody of the voice", _melody, ""),
    ("end of an answer", _end_of_answer, ""),
)
"""The checks that take only settings: name, function, and the cure for its errors."""


def _language_model(settings: Settings) -> _Finding:
    """Let the language model judge an answer of three minutes. Nothing here fails: the built-in coach needs none."""
    try:
        model = load_language_model(wanting(settings), TRIAL_MOST_S)
        if model is None:
            return _no_language_model(find_servers())
        trial = try_out(model, _story_framework(), load_guidance())
    except VoicemockError as error:
        reason = error.reason if isinstance(error, LanguageModelError) else ""
        cure = _CURES_OF_THE_LANGUAGE_MODEL.get(reason, "")
        return _Finding("warning", f"not used: the built-in coach needs none. {error}", cure)
    asked = "" if has_model(settings) else f" {ASKED_WITH}"
    detail = f"{model.name} judged an answer of three minutes in {trial.took_s:.1f} s.{asked}"
    sees = _WHAT_IT_SEES[settings.language_model_shares]
    if trial.refusal:
        cure = "Choose a larger model: this one would have most of its answers dropped."
        return _Finding("warning", f"{detail} Its answer would be dropped: {REASONS[trial.refusal]}. {sees}", cure)
    if settings.language_model_shares != "transcript":
        return _Finding("ok", f"{detail} {sees}")
    return _Finding(*expected(trial, settings.language_model_timeout_s, f"{detail} {sees}"))


def _story_framework() -> Framework:
    return next(each for each in load_frameworks() if each.name == "star")


def expected(trial: Trial, budget_s: float, detail: str) -> tuple[Verdict, str, str]:
    """Return what to expect of a model that takes so long, and what to do about it."""
    if trial.took_s > budget_s:
        cure = f"Choose a smaller model, or set language_model_timeout_s to {10 * round(trial.took_s / 10 + 1)}."
        return "warning", f"{detail} That is more than the {budget_s:g} s it may take: expect no second opinion.", cure
    if trial.took_s > AT_ONCE_S:
        return "ok", f"{detail} Expect the coach first, and the second opinion later, on the review page.", ""
    return "ok", f"{detail} Expect a second opinion right after the feedback.", ""


def _no_language_model(found: tuple[FoundServer, ...]) -> _Finding:
    if not found:
        cure = _CURES_OF_THE_LANGUAGE_MODEL["unreachable"]
        return _Finding("warning", "none answers on the usual ports of Ollama, llama.cpp and LM Studio", cure)
    server = found[0]
    detail = f"{server.title} answers at {server.url} with {', '.join(server.models[:4])}. It is not used yet."
    return _Finding("warning", detail, "To decide whether to use it: voicemock practice --second-opinion")


def _sound(settings: Settings, with_sound: bool, on_level: Callable[[float], None]) -> Iterator[Check]:
    if not (settings.mic and settings.speaker):
        yield (ports := _check("PortAudio", _portaudio))
        if ports.verdict == "failed":
            yield from _voices(settings, None)
            return
    try:
        longest_s = settings.longest_recording_s
        microphone = open_microphone(settings.mic, realtime=False, echo_holdoff_s=0, longest_s=longest_s)
        yield Check("microphone", "ok", microphone.name)
        if with_sound:
            yield _test_microphone(settings, microphone, on_level)
        else:
            yield Check("microphone test", "skipped", "not wanted")
    except AudioFileError as error:
        yield Check("microphone", "failed", str(error))
    except DeviceError as error:
        yield Check("microphone", "failed", str(error), "Plug one in, then run: voicemock devices")
    speaker = None
    try:
        refuse_speaker_file(settings)
        speaker = open_speaker(settings.speaker, realtime=False)
        yield Check("speaker", "ok", speaker.name)
    except (InputError, DeviceError) as error:
        is_file = isinstance(device_of(settings.speaker), Path)
        yield Check("speaker", "failed", str(error), "" if is_file else "Plug one in, or practice with --silent.")
    yield from _voices(settings, speaker if with_sound else None)


def _portaudio() -> _Finding:
    try:
        found = list_devices()
    except DeviceError as error:
        what, _, cure = str(error).partition(". ")
        return _Finding("failed", what, cure)
    if not found:
        return _Finding("failed", "the system has no sound device", _cure_no_device())
    return _Finding("ok", f"{len(found)} devices")


def _test_microphone(settings: Settings, microphone: Microphone, on_level: Callable[[float], None]) -> Check:
    frames: list[Samples] = []
    try:
        with closing(microphone.frames()) as source:
            for frame in islice(source, round(MICROPHONE_TEST_S / FRAME_S)):
                frames.append(frame)
                on_level(float(np.sqrt(np.mean(frame**2))))
    except DeviceError as error:
        return Check("microphone test", "failed", str(error), "Close other programs that use it, then try again.")
    return judge_recording(settings, np.concatenate(frames), "your terminal")


def _voices(settings: Settings, speaker: Speaker | None) -> Iterator[Check]:
    """Check the voice, and if it works, list those of further interviewers."""
    yield (voice := _check("voice", partial(_voice, settings, speaker), _VOICE_CURE))
    if voice.verdict == "ok":
        yield _check("other interviewers", partial(_other_voices, settings))


def _other_voices(settings: Settings) -> _Finding:
    """List the voices beyond the first. An interview needs none of them."""
    if not takes_any_engine(settings):
        return _Finding("skipped", "all in this voice, as you chose")
    found = {name: voice.name if voice else "" for name, voice in other_voices(settings)}
    if not any(found.values()):
        return _Finding("ok", "all in this voice, for no other is installed", _OTHER_VOICES_CURE)
    listed = (f"{name}: {voice or 'not installed, so this voice'}" for name, voice in found.items())
    return _Finding("ok", "; ".join(listed))


def _voice(settings: Settings, speaker: Speaker | None) -> _Finding:
    synthesizer, notice = load_synthesizer(settings)
    if synthesizer is None:
        return _Finding("failed", notice, _VOICE_CURE) if notice else _Finding("skipped", "silent, as you chose")
    if speaker is None:
        return _Finding("ok", f"{synthesizer.name} (not played)")
    Narrator(synthesizer, speaker).say(SPEAKER_TEST)
    return _Finding("ok", f'{synthesizer.name}; it said "{SPEAKER_TEST}" Did you hear it?')


def _cure_no_device() -> str:
    files = "or use audio files: voicemock practice --mic FILE --speaker FILE.wav"
    if sys.platform.startswith("linux"):
        return f"Check: pactl list short sinks; pactl list short sources; {files}"
    return f"Plug in a headset, {files}"


def _cure_silent_microphone(program: str) -> str:
    if sys.platform == "darwin":
        return f"Allow the microphone: System Settings, Privacy & Security, Microphone, and switch {program} on."
    if sys.platform == "win32":
        return "Allow the microphone: Settings, Privacy & security, Microphone; and look for a mute key."
    return "Look for a mute key, then: pactl set-source-mute @DEFAULT_SOURCE@ 0"
