"""Everything that a person does with an answer, in a program of its own: scripted ears, the real rest.

Run as ``python -m tests.privacy.program FOLDER``, with the settings in the environment. The voice is pyttsx3 in its
child process. What files are made with is not left to the command line's umask: a library has none.
"""

from __future__ import annotations

import os
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.fakes import Script, ScriptedDetector, quiet, says
from voicemock import api
from voicemock.cli import app
from voicemock.files import write_new
from voicemock.interview import listener
from voicemock.models import Story
from voicemock.speech import engines
from voicemock.speech.audio_files import write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.speech.system_voices import Pyttsx3
from voicemock.store.store import Store

SECRET = "Quetzalcoatlus"
"""A word that only the candidate says."""

ANSWER = Script(
    quiet(1.5),
    says(f"Our {SECRET} launch was late. I, um, cut the scope of {SECRET} and we shipped it on time.", 12),
)


class KeptVoice(Pyttsx3):
    """A pyttsx3 whose speech of public sentences is kept, as Piper's is."""

    fingerprint = "kept voice"


def voicemock(*arguments: object) -> None:
    """Run a command as the command line does."""
    try:
        code = app([str(argument) for argument in arguments], standalone_mode=False)
    except SystemExit as end:
        code = end.code
    assert not code, arguments


def synthesizer(engine: str, voice: str | None, settings: Any) -> KeptVoice:
    return KeptVoice(voice, settings.rate, settings.cache_dir)


def main(folder: Path) -> None:
    os.umask(0)
    listener.load_detector = lambda settings: ScriptedDetector()
    api.transcriber_loader = lambda settings: ANSWER.transcriber
    api.voice_fingerprint = lambda settings: KeptVoice.fingerprint
    engines._synthesizer = synthesizer
    microphone, notes = folder / "microphone.wav", folder / "notes.txt"
    write_audio(microphone, AudioClip(ANSWER.samples, LISTENING_RATE))
    write_new(notes, f"I led {SECRET}. We cut its cost by 40%.".encode())
    (folder / "pages").mkdir(mode=0o700)

    files = ("--mic", microphone, "--speaker", folder / "interviewer.wav")
    voicemock("practice", "--question", "failed-program", *files, "--json")
    voicemock("report", "--no-open")
    voicemock("debrief")
    voicemock("report", "--no-open", "--to", folder / "pages" / "review.html", "--embed-audio")
    for form in ("md", "notes", "json", "csv", "srt", "vtt", "audio"):
        voicemock("export", "last", "--format", form, "--to", folder / "exports")
    voicemock("export", "last", "--format", "md", "--to", folder / "exports", "--force")
    voicemock("analyze", notes, "--json")
    voicemock("import", notes, "--story", "The notes")
    voicemock("stories", "add", "Kafka migration", "--set", f"result=We cut the cost of {SECRET} by 40%.")
    voicemock("job", "add", "Amazon TPM", "--description", notes)
    voicemock("questions", "add", f"Tell me about {SECRET}.")
    voicemock("log", "add", "--company", "Acme", "--asked", f"What do you know about {SECRET}?")
    voicemock("log", "list")
    voicemock("log", "export", folder / "exports" / "real.json")
    voicemock("report", "--for-review", "--no-open", "--to", folder / "pages" / "mentor.html", "--embed-audio")
    voicemock("plan", "--date", f"{date.today() + timedelta(days=20)}")
    voicemock("reanalyze", "--all")
    voicemock("progress", "--page", "--no-open")
    with Store(Path(os.environ["VOICEMOCK_DATA_DIR"])) as store:
        assert store.overviews.search(SECRET)
        assert store.takes.of_story(Story.named("The notes"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
