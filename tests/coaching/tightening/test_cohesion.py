"""Of what an answer speaks again, and which sentence brought it in."""

from __future__ import annotations

import pytest

from voicemock.analysis.spoken_text import SpokenText, Token
from voicemock.coaching.tightening.cohesion import known_in
from voicemock.coaching.tightening.lines import names_in
from voicemock.models import transcript_of_text


def tokens_of(sentences: list[str]) -> tuple[list[list[Token]], frozenset[int]]:
    spoken = SpokenText.of(transcript_of_text(" ".join(sentences)))
    ends = [sum(len(each) + 1 for each in sentences[: n + 1]) for n in range(len(sentences))]
    starts = [0, *ends[:-1]]
    words = [
        [token for token in spoken.tokens if start <= token.start_char < end]
        for start, end in zip(starts, ends, strict=True)
    ]
    return words, names_in(spoken)


@pytest.mark.parametrize(
    ("first", "second", "is_again"),
    [
        ("We had a proxy.", "I restarted the proxy.", True),
        ("We had proxies.", "I restarted the proxies.", True),
        ("We had 340 copies of it.", "I asked who needs the old copies.", True),
        ("We had a queue in that region.", "I went to that region.", True),
        ("We had a trial.", "Its trial was short.", True),
        ("We had Petra on the team.", "I called Petra.", True),
        ("It took nine minutes.", "I said nine, not two.", True),
        ("It took 4,096 rows.", "We stopped at 4,096 rows.", True),
        ("He said sixteen weeks.", "I had sixteen weeks.", True),
        ("We had a proxy.", "I restarted a proxy.", False),
        ("We had a proxy.", "I restarted proxies.", False),
        ("We had a proxy.", "I said that proxies fail.", False),
        ("It took nine minutes.", "I asked nine vendors.", False),
        ("It took two minutes.", "I said two, not nine.", False),
        ("It was the first outage.", "It was the first day.", False),
        ("We had a queue.", "The people who queued left.", False),
    ],
)
def test_what_is_spoken_of_again(first: str, second: str, is_again: bool):
    words, names = tokens_of([first, second])
    assert bool(known_in(words, names)[1].brought_in_by) is is_again


@pytest.mark.parametrize(
    ("sentences", "brought_in_by"),
    [
        (["We had a proxy.", "It was old.", "The proxy failed."], {0}),
        (["We had a proxy.", "The proxy was old.", "The proxy failed."], {0}),
        (["We had a proxy.", "We bought a proxy.", "The proxy failed."], {1}),
        (["The proxy was old.", "We went on.", "The proxy failed."], {0}),
    ],
)
def test_which_sentence_brought_it_in(sentences: list[str], brought_in_by: set[int]):
    words, names = tokens_of(sentences)
    assert known_in(words, names)[2].brought_in_by == brought_in_by


def test_a_figure_can_be_heard_without_what_it_repeats():
    words, names = tokens_of(["It took 12 days.", "Now it takes 12 days.", "Now the 12 days are gone."])
    known = known_in(words, names)
    assert [each.is_more_than_figures for each in known] == [False, False, True]
