"""What the interviewer says besides questions and feedback; each is also shown."""

from __future__ import annotations

NOTHING_HEARD = "I did not hear anything yet. Take your time. Here is the question again."
MOVING_ON = "I did not hear an answer, so let us move on. If you did speak, please check your microphone."
LOST = "The connection was lost. What you said until then is kept and analyzed."
STUCK = "Take your time. If that was all, press Enter."
GOING_ON = "Going on with the microphone {name}."
SHOWN_INSTEAD = "The texts are shown until a speaker is there."
HEARD_AGAIN = "The interviewer is heard again."
NO_STORY_YET = "I did not hear anything yet. Take your time, and begin when you are ready."
NO_STORY = "I did not hear a story. If you did speak, please check your microphone."


def dropped_sound(count: int) -> str:
    """Say that some of an answer is missing."""
    times = "once" if count == 1 else f"{count} times"
    return f"Sound was dropped {times}: the computer was too busy, so words may be missing. Close other programs."
