"""What a candidate sees while a story is timed: a cue instead of a question, and the clock before the review."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from voicemock.cli.screen import TerminalScreen
from voicemock.comparison import moves
from voicemock.devices import device_of
from voicemock.models import Assessment, Question
from voicemock.questions import QuestionBank
from voicemock.report.story_clock import show_moves, show_story_clock
from voicemock.report.terminal import show_assessment
from voicemock.settings import Settings
from voicemock.store import Take


class StoryScreen(TerminalScreen):
    """The terminal of one take.

    Args:
        console: Where to write.
        bank: Gives the framework that the story is held against.
        settings: The target length, where one is set.
        takes: Those that are kept already, the first one first.
    """

    def __init__(self, console: Console, bank: QuestionBank, settings: Settings, takes: Sequence[Take]) -> None:
        watches_level = not isinstance(device_of(settings.mic), Path)
        super().__init__(console, bank, settings.target_s, calm=settings.calm, watches_level=watches_level)
        self._takes = takes

    def assessed(self, assessment: Assessment, question: Question | None) -> None:  # noqa: ARG002 - a story has none
        """Show the clock, what moved since the last take, and the review."""
        framework = self._bank.framework_of(assessment)
        if framework is not None:
            show_story_clock(self._console, assessment.analysis, framework)
            self._show_moves(assessment)
        show_assessment(self._console, assessment, framework=framework, title="")

    def _show_moves(self, assessment: Assessment) -> None:
        if not self._takes:
            return
        last = self._takes[-1]
        if last.answer.assessment is None:
            return
        framework = self._bank.framework_of(assessment)
        told = f"{last.answer.recorded_at.astimezone():%d %B, %H:%M}"
        found = moves(last.answer.assessment.analysis, assessment.analysis, framework)
        show_moves(self._console, found, f"Since take {len(self._takes)} ({told})")
