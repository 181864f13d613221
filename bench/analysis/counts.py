"""Counting right and wrong decisions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Counts:
    """True positives, false positives and false negatives."""

    hits: int = 0
    false: int = 0
    missed: int = 0

    def add(self, *, gold: bool, found: bool) -> None:
        """Count one decision."""
        self.hits += gold and found
        self.false += found and not gold
        self.missed += gold and not found

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.hits + other.hits, self.false + other.false, self.missed + other.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 when nothing was right."""
        return 2 * self.hits / (2 * self.hits + self.false + self.missed) if self.hits else 0.0

    def __str__(self) -> str:
        precision = self.hits / max(1, self.hits + self.false)
        recall = self.hits / max(1, self.hits + self.missed)
        counts = f"({self.hits} right, {self.false} false, {self.missed} missed)"
        return f"P {precision:.3f}  R {recall:.3f}  F1 {self.f1:.3f}   {counts}"
