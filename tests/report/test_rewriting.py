"""Whose words an answer that is said again is in, in a sentence."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from voicemock.coaching.language_model.checks import Refusal
from voicemock.coaching.language_model.grounding import Fault
from voicemock.coaching.language_model.opinion_wording import REASONS
from voicemock.errors import LanguageModelFailure
from voicemock.models import Rewritten, RewrittenPart, RewrittenSentence
from voicemock.report.rewriting import FAULTS, rewritten_view

SENTENCES = {
    "model": RewrittenSentence(text="We cut it.", by="model", sources=("Um, we cut it.",)),
    "candidate": RewrittenSentence(text="I told Tom.", by="candidate", sources=("I told Tom.",)),
    "blank": RewrittenSentence(text="[by how much?]", by="blank"),
}
OWN = "It is all in your own words, as they were heard: "


def last_line(*by: str, **given: Any) -> str:
    parts = (RewrittenPart(name="result", title="Result", sentences=tuple(SENTENCES[each] for each in by)),)
    base = {"source": "", "question": None, "framework": "star", "outcome": "rewritten", "model": "small"}
    rest = {"words": 6, "words_per_minute": 150.0, "seconds": 2.4, "parts": parts}
    return rewritten_view(Rewritten(**(base | rest | given))).summary[-1]


@pytest.mark.parametrize(
    ("told", "by", "given"),
    [
        (f"{OWN}no language model was asked.", ("candidate",), {"model": None}),
        (f"{OWN}small was asked, but it was not done in time.", ("candidate",), {"reason": "timeout"}),
        (f"{OWN}small was asked, but it wrote a link.", ("candidate",), {"reason": "link"}),
        (f"{OWN}small made no change that could be used.", ("candidate",), {}),
        (
            f"{OWN}small wrote 3 sentences that you did not say: a number that you did not say there (3).",
            ("candidate",),
            {"refused": {"number": 3}},
        ),
        ("1 sentence in the words of small.", ("model", "candidate"), {}),
        (
            "1 sentence in the words of small. 2 more were refused: somebody else did it (2).",
            ("model",),
            {"refused": {"doer": 2}},
        ),
        ("This is too short to rewrite.", (), {"outcome": "brief"}),
    ],
)
def test_whose_words_it_is_in(told: str, by: tuple[str, ...], given: dict[str, Any]) -> None:
    assert last_line(*by, **given) == told


def test_every_fault_and_every_failure_has_its_words() -> None:
    assert FAULTS.keys() == set(get_args(Fault))
    assert REASONS.keys() >= set(get_args(LanguageModelFailure)) - {"closed"}
    assert REASONS.keys() >= set(get_args(Refusal))


def test_blanks_are_counted() -> None:
    base = {"source": "", "question": None, "framework": "star", "outcome": "own_words", "model": None}
    part = RewrittenPart(name="result", title="Result", sentences=(SENTENCES["candidate"], SENTENCES["blank"]))
    view = rewritten_view(Rewritten(**base, words=3, words_per_minute=150.0, seconds=1.2, parts=(part,)))
    assert view.summary[:2] == ("0:01 (3 words) at 150 words a minute.", "1 blank to fill in.")


def test_sentences_that_might_be_missed_are_listed() -> None:
    base = {"source": "", "question": None, "framework": "star", "outcome": "own_words", "model": None}
    rewritten = Rewritten(**base, words=3, words_per_minute=150.0, seconds=1.2, sentences_left_out=("It cost us.",))
    assert rewritten_view(rewritten).left_out == ("It cost us.",)


def test_figures_and_names_that_are_not_in_it_are_named_last() -> None:
    assert last_line("candidate", left_out=("11 teams", "Portland")).endswith("not in it: 11 teams, Portland.")
    assert "not in it" not in last_line("candidate")
