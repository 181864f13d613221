"""What a run over many recordings says."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from pathlib import Path
from typing import Final

from voicemock.coaching.spoken_numbers import counted
from voicemock.packaged import PIP

WITHOUT_EXTRA: Final = f"This needs the cohort extra, which is not installed: {PIP} install 'voicemock[cohort]'"
PLAIN_LOOP: Final = (
    "The engine is not installed, so the recordings are measured one after another in this process. "
    f"To use every core: {PIP} install 'voicemock[cohort]'"
)
WITHOUT_PAGE: Final = f"The engine has a page of its own once bokeh is installed: {PIP} install bokeh"


REASONS: Final = {
    "unreadable": "could not be read",
    "audio_file": "had no sound that can be used",
    "transcript_file": "had no text that can be used",
    "unknown_name": "named an unknown question",
    "worker_killed": "crashed or took too much memory",
    "memory": "took too much memory",
    "version": "met another version of voicemock",
}
"""Why recordings have no answer, by the kind of their error."""


def reasons_text(counts: Mapping[str, int]) -> str:
    """Return how many recordings failed and why, the most frequent reason first; ``counts`` by the kind of error."""
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{count:,} {REASONS.get(kind, f'failed ({kind})')}" for kind, count in ordered if kind)


def found_text(recordings: int, transcripts: int, others: int) -> str:
    """Return what a place holds."""
    said = [f"{counted(recordings, 'recording')} found."]
    if transcripts:
        said.append(
            f"{counted(transcripts, 'transcript')} left out, as one may belong to a recording: name them by a pattern "
            "or a manifest to measure them."
        )
    if others:
        said.append(f"{counted(others, 'other file')} passed over.")
    return " ".join(said)


def elsewhere_text(address: str) -> str:
    """Return what follows if the workers run on other machines."""
    return (
        f"The workers of {address} may run on other machines. They read the recordings themselves, so every path must "
        "be readable there. What was said, and everything measured of it, travels over that network: use tls:// unless "
        "you trust it. The tables stay here."
    )


def summary_text(answers: int, reasons: Mapping[str, int], there: int, results: Path) -> str:
    """Return how it ended.

    Args:
        answers: How many recordings have one.
        reasons: How many have an error, by its kind.
        there: How many of both an earlier run has done.
        results: The folder of the tables.
    """
    errors = sum(reasons.values())
    total = answers + errors
    why = f" ({reasons_text(reasons)})" if errors else ""
    said = [f"{counted(total, 'recording')}: {counted(answers, 'answer')} and {counted(errors, 'error')}{why}."]
    said += [_there_text(there, total)] if there else []
    said += [f"Answers: {results / 'answers'}."] if answers else []
    said += [f"Errors: {results / 'errors'}."] if errors else []
    return " ".join(said)


def _there_text(there: int, total: int) -> str:
    if there == total:
        return "It was there already." if total == 1 else "All were there already."
    return f"{there} of them {'was' if there == 1 else 'were'} there already."


def stopped_text(doing: str, done: int, count: int) -> str:
    """Return what is kept of a run that was stopped; ``doing`` is the kind of work."""
    return (
        f"Stopped while {doing.lower()}, after {done} of {count}. What was measured is saved: run the same command "
        "again to go on."
    )


def page_text(page: str | None) -> str:
    """Return where the engine's own page is, or how to get one."""
    return f"The engine's own page: {page}" if page else WITHOUT_PAGE


def loaded_text(rows: Mapping[str, int]) -> str:
    """Return what a server holds of a cohort now; ``rows`` by the name of the table."""
    counts = " and ".join(f"{count:,} in voicemock_{table}" for table, count in rows.items())
    return f"The server holds {counts}. Loading again replaces them."


def time_to_go_text(time_to_go_s: float | None) -> str:
    """Return the time that is left, only as precise as it is known; empty if it is unknown."""
    if time_to_go_s is None:
        return ""
    if time_to_go_s < 90:
        return "about a minute to go" if time_to_go_s > 20 else "less than half a minute to go"
    minutes = time_to_go_s / 60
    if minutes < 90:
        return f"about {_rounded(minutes)} minutes to go"
    if minutes < 48 * 60:
        return f"about {_rounded(minutes / 60)} hours to go"
    return f"about {_rounded(minutes / 60 / 24)} days to go"


def _rounded(number: float) -> int:
    """Return a number as it can be known: whole below ten, by fives above."""
    return ceil(number) if number < 10 else 5 * ceil(number / 5)
