"""Text to speech: Piper in process, pyttsx3 in a child process. Both return sound; playing it is the speaker's work."""

from voicemock.tts.piper import Piper
from voicemock.tts.pyttsx3 import Pyttsx3
from voicemock.tts.synthesizer import Synthesizer

__all__ = ["Piper", "Pyttsx3", "Synthesizer"]
