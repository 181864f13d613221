"""A model's sentence holds nothing that the candidate's sentences do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.grounding import ground, left_out
from voicemock.coaching.language_model.tokens import numbers_of

GUIDANCE = load_guidance()
LINES = (
    "I was at a freight company in Hamburg with four regions.",
    "I pulled the raw scans for two hundred shipments and Priya checked them.",
    "We cut the late deliveries from 12 percent to 4 percent in two months.",
    "We did not hit the date.",
    "The team wanted to cut the cost by half.",
    "He called the vendor.",
    "I told Tom that Priya was right.",
    "They did not ask, and we did not tell them why we left.",
)
NAMES = frozenset({"Priya", "Hamburg", "Tom"})

MAY_BE_SAID = [
    ("I was at a freight company in Hamburg.", (0,)),
    ("We cut the late deliveries from 12% to 4% in two months.", (2,)),
    ("We cut late deliveries from twelve percent to four percent.", (2,)),
    ("We did not hit the date.", (3,)),
    ("We did not hit the date, and he called the vendor.", (3, 5)),
    ("I pulled the raw scans.", (1,)),
    ("Priya checked them.", (1,)),
    ("So, I pulled the raw scans.", (1,)),
]


@pytest.mark.parametrize(("text", "sources"), MAY_BE_SAID)
def test_the_candidate_s_own_words_may_be_said(text: str, sources: tuple[int, ...]) -> None:
    found = ground(text, LINES, NAMES, GUIDANCE)
    assert (found.fault, found.sources) == (None, sources)


MAY_NOT = [
    ("number", "We cut the late deliveries from 15 percent to 4 percent in two months."),
    ("number", "We cut the late deliveries in three months."),
    ("number", "We cut the late deliveries by half."),  # half was said of the cost
    ("number", "We cut the late deliveries twice."),
    ("order", "We cut the late deliveries from 4 percent to 12 percent in two months."),
    ("name", "I was at a freight company in Berlin with four regions."),
    ("invented", "DHL was a freight company in Hamburg."),
    ("order", "I told Priya that Tom was right."),
    ("doer", "I cut the late deliveries from 12 percent to 4 percent in two months."),
    ("doer", "I called the vendor."),
    ("order", "I pulled two hundred scans."),
    ("order", "I checked the shipments."),
    ("order", "Priya pulled the raw scans."),
    ("turned", "They did not ask, and we did tell them why we left."),
    ("doer", "They did not ask, and we did not tell them why I left."),
    ("invented", "He called the vendor, and we did not hit the date."),
    ("invented", "He called the vendor in the region, and they ask for shipments."),
    ("turned", "We hit the date."),
    ("turned", "I was not at a freight company in Hamburg."),
    ("reserve", "The team cut the cost by half."),
    ("reserve", "I pulled the raw scans because Priya checked them."),
    ("invented", "We saved the company."),
    ("invented", "We cut the late deliveries and the customers stayed."),
    ("invented", "I led the freight company in Hamburg."),
    ("direction", "We cut the late deliveries from more than 12 percent to 4 percent in two months."),
    ("verdict", "I was at a great freight company in Hamburg."),
    ("invented", "I am hired."),
    ("symbols", "**I pulled** the raw scans."),
    ("symbols", 'I pulled "the raw scans.'),
    ("length", "I pulled the raw scans. We cut the late deliveries."),
    ("length", f"I pulled {'the raw scans and ' * 15} shipments."),
    ("empty", "So we did it."),
    ("empty", ""),
]


@pytest.mark.parametrize(("fault", "text"), MAY_NOT)
def test_anything_else_may_not(fault: str, text: str) -> None:
    found = ground(text, LINES, NAMES, GUIDANCE)
    assert (found.fault, found.sources) == (fault, ())


WORDS = [*" ".join(LINES).split(), "15", "ninety", "Google", "led", "not", "hired", "saved", "I", "we", "the"]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)))
def test_no_number_or_name_gets_in(text: str) -> None:
    found = ground(text, LINES, NAMES, GUIDANCE)
    if found.fault is not None:
        return
    source = " ".join(LINES[row] for row in found.sources)
    assert set(numbers_of(text)) <= set(numbers_of(source))
    assert not {"Google", "led", "hired", "saved", "ninety", "15"} & set(text.split())
    assert ("not" in text.split()) == ("not" in source.split())


@pytest.mark.parametrize(
    ("lines", "said", "missing"),
    [
        (["We had 60 services in 11 teams."], "We had 60 services.", ("11 teams",)),
        (["It took twenty-one days."], "It took 21 days.", ()),
        (["It fell by 40%, from six weeks to two."], "It fell by forty percent.", ("six weeks", "two")),
        (["I asked Maria in Portland.", "Maria said no."], "I asked Maria.", ("Portland",)),
        (["It was on 19 of them.", "On 19 of them!"], "It was there.", ("19",)),
        (["Maria did it with one other."], "It was done.", ("Maria",)),
        ([], "It was done.", ()),
    ],
)
def test_what_did_not_make_it_is_named_as_it_was_said(lines, said, missing):
    names = frozenset({"Maria", "Portland"})
    assert left_out(lines, names, said, frozenset({"of", "the", "to", "in"})) == missing
