"""Doctor: whether this machine is ready for an interview in the page, each check with its remedy; a microphone test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from voicemock.doctor import MARKS, MICROPHONE_TEST_S, Check, examine_for_page, judge_recording, summary
from voicemock.report.safe_text import printable
from voicemock.settings import Settings
from voicemock.speech.clip import from_pcm16
from voicemock.speech.sound_card import listening_frames
from voicemock.web.messages import RATES
from voicemock.web.pages import page, stage_of, streamed

IN_THE_WAY: Final = "An interview is in progress. Look again when it is over."
PROGRAM: Final = "your browser"
SHORTEST_S: Final = 0.5


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [Route("/doctor", look), Route("/doctor/microphone", judge, methods=["POST"])]


def look(request: Request) -> Response:
    """Show each check as it comes in."""
    if stage_of(request).is_on:
        return page(request, "message.html.j2", 409, title="Doctor", text=IN_THE_WAY)
    examination = _Examination(request.app.state.settings)
    return streamed(
        request, "doctor.html.j2", examination=examination, marks=MARKS, test_s=MICROPHONE_TEST_S, summary=summary
    )


async def judge(request: Request) -> Response:
    """Judge a recording: the body is 16-bit PCM, ``?rate=`` its sample rate in Hz."""
    rate, data = request.query_params.get("rate", ""), await request.body()
    if not (rate.isascii() and rate.isdecimal() and len(rate) <= 6 and int(rate) in RATES):
        return PlainTextResponse("That is not a sample rate of a microphone.", 422)
    check = await run_in_threadpool(_judged, request.app.state.settings, data, int(rate))
    return JSONResponse(
        {
            "verdict": check.verdict,
            "mark": MARKS[check.verdict],
            "name": check.name,
            "detail": printable(check.detail),
            "cure": printable(check.cure),
        }
    )


class _Examination:
    """The checks, one after the other, and how many have failed so far."""

    def __init__(self, settings: Settings) -> None:
        self.failed = 0
        self._settings = settings

    def __iter__(self) -> Iterator[Check]:
        for check in examine_for_page(self._settings):
            self.failed += check.verdict == "failed"
            yield check


def _judged(settings: Settings, data: bytes, rate: int) -> Check:
    samples = from_pcm16(data)
    if len(samples) < SHORTEST_S * rate:
        return Check("microphone test", "failed", "the browser gave no sound", "Check the microphone again.")
    frames = listening_frames(iter([samples[:, None]]), rate, 0.0)
    return judge_recording(settings, np.concatenate(list(frames)), PROGRAM)
