"""Word lists for the checks of a model's answers, and the stems that compare words."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
import yaml

from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.judge import questions_for
from voicemock.coaching.language_model.tokens import numbers_of, sentences_of, stem, words_of
from voicemock.content.frameworks import load_frameworks
from voicemock.content.yaml_files import prompts_folder

GUIDANCE = load_guidance()
LISTS = {
    "plain": GUIDANCE.plain,
    "praise": GUIDANCE.praise,
    "negation": GUIDANCE.negation,
    "out_of_role": GUIDANCE.out_of_role,
}


@pytest.mark.parametrize(("one", "other"), list(combinations(LISTS, 2)))
def test_no_word_is_in_two_lists(one: str, other: str) -> None:
    assert not LISTS[one] & LISTS[other]


def test_every_question_that_may_be_asked_has_a_name_for_people() -> None:
    asked = {each.name for framework in load_frameworks() for each in questions_for(framework, GUIDANCE)}
    assert asked <= GUIDANCE.said_as.keys()


def test_every_style_has_a_temper() -> None:
    assert GUIDANCE.temperaments.keys() == GUIDANCE.push_back_leads.keys() == {"warm", "neutral", "pressing"}


@pytest.mark.parametrize("name", ["out_of_role", "off_limits", "praise", "negation", "openers", "fillers", "plain"])
def test_no_list_names_a_word_or_a_form_of_it_twice(name: str) -> None:
    written = yaml.safe_load((prompts_folder() / "language_model.yaml").read_text(encoding="utf-8"))[name]
    assert [word for word, count in Counter(map(stem, written)).items() if count > 1] == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("three and a half minutes", {"3", "half"}),
        ("Forty percent, that is 40%", {"40", "percent"}),
        ("from 2.1 million to 1,500", {"2.1", "million", "1500"}),
        ("at 3:05 on 24/11", {"3:05", "24/11"}),
        ("one thing, this one, one at a time", set()),
        ("twenty-one, forty two and 1", {"21", "42", "1"}),
        ("forty-one percent", {"41", "percent"}),
        ("twice, a dozen, a couple", {"twice", "dozen", "couple"}),
        ("the tone of the weight", set()),
    ],
)
def test_figures_and_words_are_the_same_numbers(text: str, numbers: set[str]) -> None:
    assert set(numbers_of(text)) == numbers


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two? Three!", ("One.", "Two?", "Three!")),
        ('I heard "We won. It was good" twice. Go on.', ('I heard "We won. It was good" twice.', "Go on.")),
        ("It took 2.5 days. Fine", ("It took 2.5 days.", "Fine")),
        ("", ()),
        ("   ", ()),
        ('An open "quote. And on.', ('An open "quote. And on.',)),
    ],
)
def test_sentences_end_outside_quotes(text: str, sentences: tuple[str, ...]) -> None:
    assert sentences_of(text) == sentences


def test_words_in_their_forms() -> None:
    assert stem("measured") == stem("measures") == stem("Measuring") == stem("measure's")
    assert list(words_of("You didn't, can't and won't; it's ours")) == [
        *("you", "did", "not", "can", "not", "and", "will", "not", "it", "ours")
    ]
