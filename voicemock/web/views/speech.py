"""Speech: what the interviewer's voice sounds like, for a question or for a test, as a WAV file."""

from __future__ import annotations

import io
import wave
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from voicemock.api import prepared_voice, public_sentences
from voicemock.doctor import SPEAKER_TEST
from voicemock.errors import UnknownNameError, VoicemockError
from voicemock.speech.clip import AudioClip, to_pcm16
from voicemock.speech.narrator import sentences_to_say
from voicemock.speech.synthesizer import joined
from voicemock.web.pages import stage_of

IN_THE_WAY: Final = "An interview is in progress. Listen when it is over."
SILENT: Final = "The interviewer is silent, as you chose."


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [Route("/speech/question/{question}", question), Route("/speech/test", test)]


def question(request: Request) -> Response:
    """Send a question, spoken."""
    try:
        return _spoken(request, request.app.state.bank.get(request.path_params["question"]).text)
    except UnknownNameError as error:
        return PlainTextResponse(str(error), 404)


def test(request: Request) -> Response:
    """Send the sentence that tests a speaker."""
    return _spoken(request, SPEAKER_TEST)


def _spoken(request: Request, text: str) -> Response:
    """Send a text in the voice of the settings; that of the bank's questions is kept on disk as for an interview."""
    settings = request.app.state.settings
    if stage_of(request).is_on:
        return PlainTextResponse(IN_THE_WAY, 409)
    if settings.voice == "silent":
        return PlainTextResponse(SILENT, 409)
    voice = prepared_voice(settings, public_sentences(request.app.state.bank))
    try:
        clips = [clip for clip in map(voice.synthesize, sentences_to_say(text)) if len(clip.samples)]
    except VoicemockError as error:
        return PlainTextResponse(str(error), 409)
    if not clips:
        return PlainTextResponse("There is nothing in it for a voice to say.", 409)
    spoken = joined([clip.samples for clip in clips], clips[0].sample_rate)
    return Response(_wav(spoken), media_type="audio/wav")


def _wav(clip: AudioClip) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(clip.sample_rate)
        writer.writeframes(to_pcm16(clip.samples))
    return file.getvalue()
