"""Scripted stand-ins for microphone, detector, transcriber, voice, speaker and screen.

One ``Script`` says what a candidate does: ``says("I led it", 2.0)``, ``quiet(4.5)``. Every spoken word has a sound of
its own (the highest tone, at its own level), so the microphone, the detector and the transcriber made from a script
agree on who said what and when, and the recording on disk still tells which word is where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from voicemock.errors import DeviceError, SpeechSynthesisError, VoicemockError
from voicemock.models import Answer, Assessment, Debrief, Question, Ratings, Story, Word
from voicemock.speech.clip import FRAME_S, FRAME_SAMPLES, LISTENING_RATE, AudioClip, Samples, silence
from voicemock.speech.desk import DeviceReply, Reply
from voicemock.speech.device_list import DeviceInfo
from voicemock.speech.recorder import Command, Progress

LOUD = 0.25
"""Level of the first word of a script; anything from half of it up is speech."""
STEP = 1 / 2048
"""Each further word is this much louder: 16 steps of 16-bit sound, so that it survives a file."""
HIGHEST_TONE = np.tile(np.array([1, -1], np.float32), FRAME_SAMPLES // 2)
PATIENCE_S = 600.0
"""A script that is listened to for longer than this has an interview that never ends."""


def flags(script: str) -> list[bool]:
    """Return frame verdicts for "speech 2, silence 4": seconds, rounded to whole frames."""
    verdicts: list[bool] = []
    for stretch in script.split(","):
        what, seconds = stretch.split()
        verdicts += [{"speech": True, "silence": False}[what]] * round(float(seconds) / FRAME_S)
    return verdicts


@dataclass(frozen=True)
class Stretch:
    """Some seconds of words or of silence."""

    words: tuple[str, ...]
    duration_s: float


def says(text: str, duration_s: float) -> Stretch:
    """The candidate says the words evenly over these seconds, without a gap."""
    return Stretch(tuple(text.split()), duration_s)


def quiet(duration_s: float) -> Stretch:
    """Silence."""
    return Stretch((), duration_s)


def frame_at(level: float) -> Samples:
    """A frame of the highest tone at this level: a constant one would be an offset, which nobody hears."""
    return HIGHEST_TONE * np.float32(level)


class Script:
    """What is to be heard, and everything that hears it."""

    def __init__(self, *stretches: Stretch) -> None:
        self.words: list[str] = []
        levels: list[float] = []
        for stretch in stretches:
            frames = round(stretch.duration_s / FRAME_S)
            first = len(self.words)
            count = len(stretch.words)
            levels += [LOUD + STEP * (first + i * count // frames) if count else 0.0 for i in range(frames)]
            self.words += stretch.words
        self.levels = np.array(levels, np.float32)

    @property
    def samples(self) -> Samples:
        """The whole script as sound at 16 kHz."""
        return np.concatenate([np.zeros(0, np.float32), *map(frame_at, self.levels)])

    def microphone(self, **options: object) -> ScriptedMicrophone:
        return ScriptedMicrophone(self, **options)  # type: ignore[arg-type]

    def transcriber(self, **options: object) -> ScriptedTranscriber:
        return ScriptedTranscriber(self, **options)  # type: ignore[arg-type]


class ScriptedMicrophone:
    """Hears a script from where the last listening stopped, then silence.

    Args:
        script: What is heard.
        fails_after_s: The microphone is unplugged after so many seconds of sound.
        error: What it raises then.
    """

    name = "scripted microphone"
    sound_waits = True
    overflows: int | None = None

    def __init__(
        self, script: Script, *, fails_after_s: float | None = None, error: VoicemockError | None = None
    ) -> None:
        self._levels = script.levels
        self._fails_after = None if fails_after_s is None else round(fails_after_s / FRAME_S)
        self._error = error
        self.position = 0
        self.openings = 0
        self.is_open = False

    def frames(self) -> Iterator[Samples]:
        self.openings += 1
        self.is_open = True
        try:
            while True:
                if self.position == self._fails_after:
                    assert self._error is not None
                    raise self._error
                assert self.position * FRAME_S < PATIENCE_S, "nobody stopped listening"
                level = self._levels[self.position] if self.position < len(self._levels) else 0.0
                self.position += 1
                yield frame_at(level)
        finally:
            self.is_open = False


class ScriptedDetector:
    """Takes for speech what is loud."""

    def is_speech(self, frame: Samples) -> bool:
        return bool(np.abs(frame).max() >= LOUD / 2)


class ScriptedTranscriber:
    """Writes down the words of a script by their sounds.

    Args:
        script: Gives the words.
        before: Called with each clip before it is written down.
    """

    name = "scripted"

    def __init__(self, script: Script, before: Callable[[AudioClip], None] = lambda clip: None) -> None:
        self._script = script
        self._before = before
        self.clips: list[AudioClip] = []

    def transcribe(self, clip: AudioClip) -> tuple[Word, ...]:
        self._before(clip)
        self.clips.append(clip)
        levels = np.abs(clip.samples)
        sounds = np.where(levels >= LOUD / 2, np.round((levels - LOUD) / STEP), -1).astype(int)
        edges = [0, *(np.flatnonzero(np.diff(sounds)) + 1), len(sounds)]
        return tuple(
            Word(
                text=self._script.words[sounds[start]],
                start_s=float(start / LISTENING_RATE),
                end_s=float(end / LISTENING_RATE),
                probability=0.9,
            )
            for start, end in pairwise(edges)
            if start < end and sounds[start] >= 0
        )


class ScriptedSynthesizer:
    """Turns every text into a tenth of a second of silence, and remembers it.

    Args:
        fails_on: A text with this in it makes no sound.
    """

    name = "scripted voice"

    def __init__(self, fails_on: str | None = None) -> None:
        self._fails_on = fails_on
        self.texts: list[str] = []

    def synthesize(self, text: str) -> AudioClip:
        if self._fails_on is not None and self._fails_on in text:
            raise SpeechSynthesisError("The voice is hoarse. Choose another with --voice.")
        self.texts.append(text)
        return silence(0.1)


class ListeningSpeaker:
    """Keeps the clips that it is given.

    Args:
        error: What it raises instead.
    """

    name = "listening speaker"

    def __init__(self, error: VoicemockError | None = None) -> None:
        self._error = error
        self.clips: list[AudioClip] = []

    def play(self, clip: AudioClip, is_skipped: Callable[[], bool] = lambda: False) -> None:
        if self._error is not None:
            raise self._error
        if not is_skipped():
            self.clips.append(clip)


@dataclass
class RecordingScreen:
    """Keeps what it was shown, and presses keys at given seconds of listening.

    Attributes:
        keys: What is pressed when, in seconds of microphone audio since listening first opened; an exception class
            is raised instead.
        skips: A notice after which what is spoken is cut off by a key.
    """

    shows_words = False
    keys: Mapping[float, Command | type[BaseException]] = field(default_factory=dict)
    skips: str | None = None
    asked: list[tuple[str, int, int]] = field(default_factory=list)
    numbered: list[int] = field(default_factory=list)
    cued: list[str] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    debriefs: list[tuple[Debrief, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    progresses: list[Progress] = field(default_factory=list)
    chunks: list[tuple[int, int]] = field(default_factory=list)
    microphones: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._waiting = sorted(self.keys.items())

    def ask(self, question: Question, position: int, count: int, answer: int) -> None:
        self.asked.append((question.id, position, count))
        self.numbered.append(answer)

    def cue(self, story: Story) -> None:
        self.cued.append(story.name)

    @contextmanager
    def listening(self, microphone: str) -> Iterator[None]:
        self.microphones.append(microphone)
        yield

    def progress(self, progress: Progress) -> None:
        self.progresses.append(progress)

    def command(self) -> Command | None:
        if not self._waiting or self._waiting[0][0] > len(self.progresses) * FRAME_S:
            return None
        _, pressed = self._waiting.pop(0)
        if isinstance(pressed, Command):
            return pressed
        raise pressed

    def skipped(self) -> bool:
        return self.skips is not None and self.notices[-1:] == [self.skips]

    can_pause = False
    has_left = False
    pauses: int = 0

    def pause(self) -> bool:
        self.pauses += 1
        return self.pauses == 1

    drills: int = 0
    """How many drills are taken when they are offered."""

    def takes_drill(self) -> bool:
        self.drills -= 1
        return self.drills >= 0

    ratings: list[Ratings] = field(default_factory=list)
    """What the candidate gives when asked; nothing once these are used up."""
    own_views: list[Answer] = field(default_factory=list)
    rated_after: list[int] = field(default_factory=list)
    """How many assessments were shown when a rating was asked for."""

    def rate_yourself(self) -> Ratings:
        self.rated_after.append(len(self.assessments))
        return self.ratings.pop(0) if self.ratings else Ratings()

    def own_view(self, answer: Answer) -> None:
        self.own_views.append(answer)

    @contextmanager
    def speaking(self) -> Iterator[None]:
        yield

    def transcribing(self, done: int, count: int) -> None:
        self.chunks.append((done, count))

    def assessed(self, assessment: Assessment, question: Question | None) -> None:
        self.assessments.append(assessment)

    def debriefed(self, debrief: Debrief, spoken: str) -> None:
        self.debriefs.append((debrief, spoken))

    def notice(self, text: str) -> None:
        self.notices.append(text)

    def choose_microphone(self, problem: str, microphones: tuple[DeviceInfo, ...]) -> DeviceReply:
        return Reply.NOBODY


class ScriptedDesk:
    """Has other microphones ready.

    Args:
        microphones: Given out one after the other; None when the candidate has had enough. With none left, the
            microphone that was lost is all there was.
    """

    def __init__(self, *microphones: ScriptedMicrophone | None) -> None:
        self._microphones = list(microphones)
        self.lost: list[str] = []
        self.looks = 0

    def look_again(self) -> None:
        self.looks += 1

    def replace_microphone(self, lost: DeviceError) -> ScriptedMicrophone | None:
        self.lost.append(str(lost))
        if not self._microphones:
            raise lost
        return self._microphones.pop(0)
