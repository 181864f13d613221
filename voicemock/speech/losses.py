"""Tells what is missing in a track that is decoded: by the times of its frames, and by the length that it claims.

Pure arithmetic on seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from voicemock.models import LostSound

LEAST_LOSS_S: Final = 0.1
"""A shorter one is a packet at the seam of two files, or the rounding of a container's times."""

LEAST_LOSS_AT_END_S: Final = 0.5
"""Encoders pad the end by up to a packet or two."""

JOINED_FROM_S: Final = 2.0
"""Times that jump back by more are those of another recording, which was joined to the first."""


@dataclass(slots=True)
class Losses:
    """Follows the times of a track, and collects what is missing in it.

    Attributes:
        decoded_s: Seconds decoded so far.
        found: What is missing.
    """

    decoded_s: float = 0.0
    found: list[LostSound] = field(default_factory=list)
    _offset_s: float | None = None
    """How far the container's clock is ahead of what was decoded."""
    _broken_s: float = 0.0
    """Length of the packets in a row that could not be decoded."""
    _last_broken_at_s: float | None = None
    good: int = 0
    broken: int = 0

    def take_broken(self, length_s: float) -> None:
        """Take a packet that could not be decoded."""
        self.broken += 1
        self._broken_s += length_s
        self._last_broken_at_s = self.decoded_s

    def take(self, time_s: float | None, length_s: float) -> None:
        """Take the next decoded frame; ``time_s`` is the container's."""
        self.good += 1
        ahead_s = 0.0
        if time_s is not None:
            offset_s = time_s - self.decoded_s
            ahead_s = 0.0 if self._offset_s is None else offset_s - self._offset_s
            if self._offset_s is None or ahead_s > -LEAST_LOSS_S or ahead_s < -JOINED_FROM_S:
                self._offset_s = offset_s
        self._lose(max(ahead_s, self._broken_s))
        self._broken_s = 0.0
        self.decoded_s += length_s

    def finish(self, claimed_s: float | None) -> None:
        """Take the end; ``claimed_s`` is the length that the header claims, None if it claims none."""
        self._lose(self._broken_s)
        missing_s = (claimed_s or 0.0) - self.decoded_s - sum(each.lost_s for each in self.found)
        if missing_s >= LEAST_LOSS_AT_END_S:
            at_s = self.decoded_s if self._last_broken_at_s is None else self._last_broken_at_s
            self._lose(missing_s, at_s)

    def _lose(self, lost_s: float, at_s: float | None = None) -> None:
        if lost_s < LEAST_LOSS_S:
            return
        at_s = round(self.decoded_s if at_s is None else at_s, 3)
        before = self.found.pop().lost_s if self.found and self.found[-1].at_s == at_s else 0.0
        self.found.append(LostSound(at_s=at_s, lost_s=round(before + lost_s, 3)))
