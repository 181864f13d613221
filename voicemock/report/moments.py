"""Stretches of an answer to hear again: from a moment on, around a filler, or all of a part."""

from __future__ import annotations

from typing import Final, NamedTuple

from voicemock.errors import UnknownNameError
from voicemock.feedback import clock
from voicemock.models import Analysis, Filler

AROUND_S: Final = 2.0
"""What is heard before and after a filler: enough to know the place."""

MOMENT_S: Final = 10.0
"""What is heard from a moment on."""


class Moment(NamedTuple):
    """A stretch of a recording."""

    start_s: float
    end_s: float

    def __str__(self) -> str:
        """Return it as people read it: "0:46 to 0:51"."""
        return f"{clock(self.start_s)} to {clock(self.end_s)}"


def from_moment(at_s: float, recording_s: float) -> Moment:
    """Return the stretch that begins at a moment.

    Raises:
        UnknownNameError: The recording is over by then.
    """
    if not 0 <= at_s < recording_s:
        raise UnknownNameError(f"The recording is {clock(recording_s)} long; there is nothing at {clock(at_s)}.")
    return Moment(at_s, min(at_s + MOMENT_S, recording_s))


def around_filler(analysis: Analysis, number: int) -> tuple[Filler, Moment]:
    """Return a filler, counted from 1 in the order they were said, and the stretch around it.

    Raises:
        UnknownNameError: There are not so many.
    """
    fillers = [filler for filler in analysis.fillers if filler.start_s is not None and filler.end_s is not None]
    if not 1 <= number <= len(fillers):
        count = {0: "no filler", 1: "1 filler"}.get(len(fillers), f"{len(fillers)} fillers")
        raise UnknownNameError(f"There is no filler {number}: the answer has {count}.")
    filler = fillers[number - 1]
    start_s, end_s = filler.start_s or 0.0, filler.end_s or 0.0
    return filler, Moment(max(0.0, start_s - AROUND_S), end_s + AROUND_S)


def of_part(analysis: Analysis, name: str) -> tuple[Moment, ...]:
    """Return the stretches in which a part was told; neighboring sentences are one stretch.

    Raises:
        UnknownNameError: The framework has no such part, or it was not heard.
    """
    structure = analysis.structure
    names = [part.name for part in structure.parts] if structure else []
    wanted = name.strip().casefold().replace(" ", "_")
    if structure is None or wanted not in names:
        raise UnknownNameError(f"No part {name!r}. The parts are: {', '.join(names) or 'none'}.")
    moments: list[Moment] = []
    before: str | None = None
    for sentence in structure.sentences:
        if sentence.part == wanted and sentence.start_s is not None and sentence.end_s is not None:
            start_s = moments.pop().start_s if before == wanted and moments else sentence.start_s
            moments.append(Moment(start_s, sentence.end_s))
        before = sentence.part
    if not moments:
        raise UnknownNameError(f"The part {wanted} was not heard in this answer.")
    return tuple(moments)
