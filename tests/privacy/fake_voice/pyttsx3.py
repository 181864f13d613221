"""A pyttsx3 that writes a quarter of a second of sound for any text, for the child process that speaks."""

from __future__ import annotations

import wave
from types import SimpleNamespace


class Engine:
    driver_name = "fake"

    def getProperty(self, name):  # noqa: N802 - the name is pyttsx3's
        return [SimpleNamespace(id="en", name="Fake English", languages=["en_US"])] if name == "voices" else "en"

    def setProperty(self, name, value):  # noqa: N802 - the same
        pass

    def connect(self, topic, callback):
        pass

    def save_to_file(self, text, path):
        with wave.open(path, "wb") as file:
            file.setparams((1, 2, 22050, 0, "NONE", ""))
            file.writeframes(bytes(range(256)) * 43)

    def runAndWait(self):  # noqa: N802 - the same
        pass


init = Engine
