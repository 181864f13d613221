"""A server with scripted ears and voice in this process, and a Chromium whose microphone is a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import QUIET
from tests.fakes import Script
from tests.web.stages import Server
from voicemock.models import Word
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.web.server import serving

PATIENCE_MS = 60_000
"""A busy machine takes long."""
expect.set_options(timeout=PATIENCE_MS)

TONE_S = 40.0
WORDS = "our launch was late so I cut the scope and we shipped on time"
STAGED = "#stage[data-phase={}]"

WATCHED = """
// What the tests reach of a page's devices: its sockets, sound contexts and tracks.
globalThis.sockets = []; globalThis.contexts = []; globalThis.tracks = []; globalThis.isCut = false;
globalThis.loudBlocks = 0; // sent by the page
globalThis.WebSocket = class extends WebSocket {
  constructor(url) { super(globalThis.isCut ? url.replace("/line", "/nowhere") : url); sockets.push(this); }
  send(message) {
    if (message instanceof ArrayBuffer && new Float32Array(message, 12).some((sample) => sample > 0.2)) loudBlocks += 1;
    super.send(message);
  }
};
globalThis.AudioContext = class extends AudioContext {
  constructor(options) { super(options); contexts.push(this); }
};
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  globalThis.wanted = wanted;
  if (globalThis.refusal) throw new DOMException("no", globalThis.refusal);
  const stream = await open(wanted);
  tracks.push(...stream.getTracks());
  return stream;
};
"""

SPOKEN_ON_DEMAND = """
// The candidate speaks when told to: the device plays its file from the beginning each time it is opened.
{
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  let context, heard, before;
  globalThis.speak = async () => {
    before?.getTracks().forEach((track) => track.stop());
    before = await open({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
    await context.resume();
    context.createMediaStreamSource(before).connect(heard);
    globalThis.spokeAt = context.currentTime;
  };
  globalThis.spokenFor = () => context.currentTime - spokeAt;
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const asked = await open(wanted); // whether the page may
    asked.getTracks().forEach((track) => track.stop());
    context ??= new AudioContext();
    heard ??= context.createMediaStreamDestination();
    return heard.stream.clone(); // the page stops its track
  };
}
"""

HEARD = """
// What the tests know of the interviewer's voice: each clip that is played, and its loudest sample.
{
  globalThis.clips = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...when) {
    let peak = 0;
    for (const sample of this.buffer.getChannelData(0)) peak = Math.max(peak, Math.abs(sample));
    clips.push({ at: performance.now(), seconds: this.buffer.duration, peak });
    return start.apply(this, when);
  };
}
"""


class WordsForAnySound:
    """Writes the same words down for every clip that holds sound."""

    name = "scripted"

    def transcribe(self, clip: AudioClip) -> tuple[Word, ...]:
        if np.abs(clip.samples).max(initial=0.0) < 0.05:
            return ()
        pieces, step = WORDS.split(), clip.duration_s / len(WORDS.split())
        return tuple(
            Word(text=text, start_s=place * step, end_s=(place + 1) * step, probability=0.9)
            for place, text in enumerate(pieces)
        )


class AnySound(Script):
    """A candidate who says the same words in every answer."""

    def transcriber(self, **options: object) -> Any:
        return WordsForAnySound()


def microphone_flags(recording: Path) -> list[str]:
    """The flags of a Chromium whose microphone plays a file, again and again."""
    return [*QUIET, "--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={recording}"]


def tone() -> np.ndarray:
    """A voice, as far as loudness goes."""
    at = np.arange(round(TONE_S * LISTENING_RATE)) / LISTENING_RATE
    return 0.4 * np.sin(2 * np.pi * 220 * at).astype(np.float32)


class Desktop:
    """A server, and the browser of its user.

    Attributes:
        server: With its interviews.
        url: The printed address.
        complaints: What the pages reported to the console, and errors in them.
    """

    def __init__(self, server: Server, url: str, browser: Browser) -> None:
        self.server = server
        self.url = url
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def page(self, *, allows: bool = True, width: int = 1100, height: int = 900, **options: Any) -> Page:
        """Open the printed address in a browser of its own."""
        context = self._browser.new_context(viewport={"width": width, "height": height}, **options)
        self._contexts.append(context)
        context.add_init_script(WATCHED)
        context.on("request", lambda request: self.requests.append(request.url))
        if allows:
            context.grant_permissions(["microphone"])
        return self.tab(context)

    def tab(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.url)
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@contextmanager
def desktop(folder: Path, browser: Browser) -> Iterator[Desktop]:
    """Serve scripted interviews on a free port."""
    server = Server(folder, AnySound())
    with serving(server.settings, host="127.0.0.1", port=0, new_stage=lambda *_: server.stage) as (access, _wait):
        here = Desktop(server, access.url, browser)
        try:
            yield here
        finally:
            here.close()


def choose(page: Page, title: str = "Anything") -> None:
    page.get_by_role("link", name=title).click()


def begin(page: Page, title: str = "Anything") -> None:
    """Three clicks to the first question."""
    choose(page, title)
    page.get_by_role("button", name="Check the microphone").click()
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(STAGED.format("listening"))


def is_speaking(page: Page) -> None:
    """Wait until the answer has begun, and a key may end it: one that comes sooner was meant for the question."""
    page.wait_for_selector("#clock.below")
    expect(page.locator("#clock")).to_have_text(re.compile(r"^(?!0:00)\d+:\d\d of"))
