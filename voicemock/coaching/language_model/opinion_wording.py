"""Second opinions in words, for the voice and for both screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from voicemock.coaching.language_model.briefing import Guidance
from voicemock.coaching.spoken_numbers import enumerate_words
from voicemock.models import Opinion, SecondOpinion

MOST_SPOKEN: Final = 2
"""Things that one sentence names."""
REASONS: Final = {
    "late": "it was not done in time",
    "timeout": "it was not done in time",
    "unreachable": "no server answers",
    "server_error": "its server refused",
    "no_model": "its server has no model to use, or several",
    "too_large": "it did not stop",
    "malformed": "its server sent nothing that can be read",
    "broken_off": "its server stopped in mid-answer",
    "nothing_to_judge": "there is nothing to judge",
    "no_answer": "what was said does not answer the question",
    "no_json": "it did not answer in the form it was asked for",
    "wrong_ids": "it did not answer in the form it was asked for",
    "control_characters": "it wrote characters that no sentence has",
    "link": "it wrote a link",
    "out_of_role": "it left its role",
}


class OpinionRow(NamedTuple):
    """One line of a second opinion."""

    text: str
    quote: str | None
    start_s: float | None


def spoken_opinion(opinion: SecondOpinion, guidance: Guidance) -> str:
    """Return what is said of a second opinion: what both hear, and what both miss; empty where that is nothing."""
    both = [each for each in opinion.opinions if each.standing == "both"]
    hears = _named([each for each in both if each.is_there], guidance)
    misses = _named([each for each in both if not each.is_there], guidance)
    said = [f"It also hears {hears}."] if hears else []
    said += [f"It also misses {misses}."] if misses else []
    return " ".join(("A second opinion, from the language model on this machine.", *said)) if said else ""


def _named(opinions: Sequence[Opinion], guidance: Guidance) -> str:
    return enumerate_words(tuple(_called(each, guidance) for each in opinions[:MOST_SPOKEN]))


def _called(opinion: Opinion, guidance: Guidance) -> str:
    return guidance.said_as.get(opinion.name, opinion.name.replace("_", " "))


def opinion_rows(opinion: SecondOpinion, guidance: Guidance) -> tuple[OpinionRow, ...]:
    """Return a second opinion line by line: what both hear, what one hears, what both miss. The rest is not told."""
    titles = {
        ("both", True): "Both hear {what}.",
        ("coach", True): "The coach hears {what}; the model cannot tell.",
        ("model", True): "The model hears {what}; the coach was not sure.",
        ("both", False): "Neither hears {what}.",
    }
    return tuple(
        OpinionRow(title.format(what=_called(each, guidance)), each.quote, each.start_s)
        for key, title in titles.items()
        for each in opinion.opinions
        if (each.standing, each.is_there) == key
    )


def opinion_note(opinion: SecondOpinion) -> str:
    """Return whose opinion it is and how long it took, or why there is none, in a sentence."""
    if opinion.reason is not None:
        why = REASONS.get(opinion.reason, f"its answer was dropped ({opinion.reason})")
        return f"{opinion.model} gave no second opinion: {why}."
    silent = sum(each.standing in ("unproven", "contradicted") for each in opinion.opinions)
    left = f" Where the two differ or no quote proves it, nothing is said ({silent} of {len(opinion.opinions)})."
    return f"By {opinion.model}, in {opinion.took_s or 0:.0f} s.{left if silent else ''}"
