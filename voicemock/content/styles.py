"""Interviewer styles: speaking rate, patience, follow-ups and wordings; and the remarks that every style shares.

Remarks are said besides questions and feedback, and also shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Literal

from pydantic import Field, model_validator

from voicemock.content.wording import check_names, check_wordings, placeholders, times, word
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.errors import unknown_name
from voicemock.models import Model, VoiceName

StyleName = Literal["warm", "neutral", "pressing"]
DEFAULT_STYLE: Final[StyleName] = "neutral"

REMARK_VALUES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "opening": frozenset({"minutes", "count"}),
        "next_round": frozenset({"title"}),
        "next_interviewer": frozenset({"title"}),
        "acknowledged": frozenset(),
        "interruption": frozenset(),
        "cut": frozenset(),
        "again": frozenset(),
        "ask_back": frozenset(),
        "asked_back": frozenset(),
        "nothing_asked": frozenset(),
        "out_of_time": frozenset(),
        "closing": frozenset(),
    }
)
"""The remarks of a style, and the placeholders that their wordings may hold."""


class Style(Model):
    """How an interviewer behaves: the shape of ``prompts/styles/*.yaml``."""

    name: StyleName
    title: str
    summary: str
    """Shown to the candidate when choosing a style."""
    voice: VoiceName = "first"
    """Spoken with where it is installed, unless the settings choose a voice."""
    rate: float = Field(ge=0.7, le=1.3)
    """Factor of the speaking rate."""
    patience: float = Field(ge=0.5, le=2)
    """Factor of the silences that end an answer."""
    follow_ups: int = Field(ge=0, le=3)
    """Most follow-ups to an answer, unless a number was chosen."""
    interrupts_at: float | None = Field(default=None, ge=1)
    """Multiple of the longest good length at which the candidate is asked, once, to conclude. None: never."""
    cuts_at: float | None = Field(default=None, ge=1)
    """Multiple of the longest good length at which the interviewer takes the turn. None: never."""
    remarks: dict[str, tuple[str, ...]]
    """Several wordings of each remark."""

    @model_validator(mode="after")
    def _remarks_are_complete(self) -> Style:
        check_names("remark", self.remarks.keys(), REMARK_VALUES.keys())
        for name, wordings in self.remarks.items():
            if not wordings:
                raise ValueError(f"{name}: needs at least one wording")
            check_wordings(name, wordings, REMARK_VALUES[name])
        return self

    def fixed(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the wordings of remarks that have no placeholders."""
        return tuple(text for name in names for text in self.remarks[name] if not placeholders(text))

    def say(self, remark: str, seed: str, **values: str) -> str:
        """Word a remark; the same seed chooses the same wording."""
        return word(self.remarks[remark], values, f"{seed}|{remark}")


def load_style(name: str = DEFAULT_STYLE) -> Style:
    """Return the style of a name.

    Raises:
        UnknownNameError: There is none.
        ContentError: Its file breaks the schema.
    """
    files = {path.stem: path for path in sorted((prompts_folder() / "styles").glob("*.yaml"))}
    chosen = files.get(name.strip().lower())
    if chosen is None:
        raise unknown_name("interviewer style", name, files)
    return load_yaml(chosen, Style)


NOTHING_HEARD = "Are you there? I have not heard anything yet. Here is the question again."
CHECK_MICROPHONE = (
    "I still hear nothing. Please check that {microphone} is the right microphone, and that it is not muted. "
    "I will wait for you."
)
FILE_ENDED = (
    "The {microphone} has ended, so there is nothing left to hear, and voicemock stops here. Give a longer file with "
    "--mic, or a microphone to speak into."
)
NOT_BEGUN = "I have not heard a word yet. Begin when you are ready, or press s to skip."
PAUSED = "Paused. Press Enter to go on, or q to end the interview."
MOVING_ON = "I did not hear an answer, so let's move on. If you did speak, please check your microphone."
LOST = "The connection was lost. What you said until then is kept and analyzed."
STUCK = "Take your time. If that was all, press Enter."
TAKE_YOUR_TIME = "Take your time."
ASK_AWAY = "Go ahead."
ASSUME = "Make the assumptions you need, and say what they are."
ASSUME_THE_REST = "What I can tell you is this. {fact} Make assumptions for the rest, and say what they are."
UP_TO_YOU = "That is up to you. Choose what shows your work best."
AS_IN_THE_ROOM = "As much as you would in a real interview. Good answers here take {length}."
GOING_ON = "Now using the microphone {name}."
SHOWN_INSTEAD = "The text is shown until there is a speaker."
HEARD_AGAIN = "You can hear the interviewer again."
NO_STORY_YET = "I did not hear anything yet. Take your time, and begin when you are ready."
NO_STORY = "I did not hear a story. If you did speak, please check your microphone."


def dropped_sound(count: int) -> str:
    """Say that some of an answer is missing."""
    return (
        f"Sound was dropped {times(count)}: the computer was too busy, so words may be missing. Close other programs."
    )
