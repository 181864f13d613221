"""The child process that runs pyttsx3: reads one request as JSON from stdin, writes one file, ends.

Requests: ``{"list": true, "to": PATH}`` writes the voices and espeak's variants as JSON; ``{"say": TEXT, "voice": ID or
null, "rate": N or null, "to": PATH}`` writes sound. Success is exit code 0; otherwise the last line on stderr gives the
reason.

Failures that pyttsx3 2.99 takes for success (measured): with espeak ``runAndWait`` returns before the file is written,
errors of queued commands are only notified, and errors in espeak's own thread are only printed.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

NO_SOUND_SERVER: Final = {"PULSE_SERVER": "{none}", "ALSA_CONFIG_PATH": os.devnull}
"""Debian's espeak-ng connects to a sound server when it is initialized, even if it only makes samples.
A PulseAudio address that begins with the name of another machine in braces is never connected to."""


class Utterance:
    """The engine's reports about its one text."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.error: BaseException | None = None

    def finished(self, **_: Any) -> None:
        """Note the end of the text."""
        self.over.set()

    def failed(self, exception: BaseException, **_: Any) -> None:
        """Note the error that prevents the sound."""
        self.error = exception
        self.over.set()

    def failed_in_callback(self, unraisable: Any) -> None:
        """Note an error in espeak's thread, which is reported nowhere else."""
        self.failed(unraisable.exc_value or RuntimeError(str(unraisable.err_msg)))


def provide_espeak() -> None:
    """Let pyttsx3 find the espeak-ng library of the package espeakng-loader on a Linux without one."""
    if not sys.platform.startswith("linux") or find_spec("espeakng_loader") is None:
        return
    for library in ("libespeak-ng.so.1", "/usr/local/lib/libespeak-ng.so.1", "libespeak.so.1"):
        try:
            ctypes.CDLL(library)
        except OSError:
            continue
        return
    import espeakng_loader

    # pyttsx3 asks the linker for libespeak-ng.so.1, which a library loaded under that name answers.
    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()


def list_voices(engine: Any, target: Path) -> None:
    """Write the voices, and the one that the user chose for the system: espeak's own default is no user's choice."""
    voices = [
        {
            "id": str(voice.id),
            "name": str(voice.name),
            "languages": [str(language).replace("_", "-").lower() for language in voice.languages or ()],
        }
        for voice in engine.getProperty("voices")
    ]
    is_espeak = engine.driver_name == "espeak"
    found = {
        "voices": voices,
        "default": None if is_espeak else engine.getProperty("voice"),
        "variants": espeak_variants() if is_espeak else [],
    }
    target.write_text(json.dumps(found), encoding="utf-8")


def espeak_variants() -> list[str]:
    """Return the names of espeak's speakers, each of which can say any language: "f3". pyttsx3 does not list them."""
    from pyttsx3.drivers import _espeak

    found = _espeak.ListVoices(_espeak.VOICE(languages=b"variant"))
    return sorted({voice.identifier.decode("utf-8").rpartition("/")[2] for voice in found})


def say(engine: Any, text: str, voice: str | None, rate: int | None, target: Path) -> None:
    """Write a text as sound, or fail."""
    utterance = Utterance()
    engine.connect("finished-utterance", utterance.finished)
    engine.connect("error", utterance.failed)
    sys.unraisablehook = utterance.failed_in_callback
    if voice is not None:
        engine.setProperty("voice", voice)
    if rate is not None:
        engine.setProperty("rate", rate)
    engine.save_to_file(text, str(target))
    engine.runAndWait()
    if engine.driver_name == "espeak" and utterance.error is None:
        utterance.over.wait()
    if utterance.error is not None:
        raise utterance.error


def main() -> None:
    """Serve the request on stdin."""
    request = json.load(sys.stdin)
    os.environ.update(NO_SOUND_SERVER)
    provide_espeak()
    import pyttsx3

    engine = pyttsx3.init()
    target = Path(request["to"])
    if "say" in request:
        say(engine, request["say"], request["voice"], request["rate"], target)
    else:
        list_voices(engine, target)


if __name__ == "__main__":
    main()
