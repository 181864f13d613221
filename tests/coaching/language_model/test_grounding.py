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
    "We moved the library.",
)
MAY_BE_SAID = [
    ("I was at a freight company in Hamburg, with four regions.", 0),
    ("We cut the late deliveries from 12% to 4% in 2 months.", 2),
    ("We cut the late deliveries from twelve percent to four percent in two months.", 2),
    ("We didn't hit the date.", 3),
    ("So, we did not hit the date.", 3),
    ("I pulled the raw scans for 200 shipments.", None),
    ("I, um, told Tom that Priya was right.", 6),
    ("We moved the the library.", 8),
]


@pytest.mark.parametrize(("text", "source"), MAY_BE_SAID)
def test_the_candidate_s_own_words_may_be_said(text: str, source: int | None) -> None:
    assert ground(text, LINES, GUIDANCE).source == source


MAY_NOT = [
    ("number", "We cut the late deliveries from 15 percent to 4 percent in two months."),
    ("number", "We cut the late deliveries in three months."),
    ("invented", "We cut the late deliveries by half."),  # half was said of the cost
    ("invented", "We cut the late deliveries twice."),
    ("order", "We cut the late deliveries from 4 percent to 12 percent in two months."),
    ("missing", "We cut the late deliveries from 12 percent to 4 percent."),
    ("invented", "I was at a freight company in Berlin with four regions."),
    ("order", "I told Priya that Tom was right."),
    ("doer", "I cut the late deliveries from 12 percent to 4 percent in two months."),
    ("doer", "I called the vendor."),
    ("missing", "I pulled two hundred scans."),
    ("missing", "Priya checked them."),
    ("turned", "They did not ask, and we did tell them why we left."),
    ("doer", "They did not ask, and we did not tell them why I left."),
    ("turned", "They did not not ask, and we did not tell them why we left."),
    ("turned", "We hit the date."),
    ("turned", "I was not at a freight company in Hamburg with four regions."),
    ("missing", "The team cut the cost by half."),
    ("verdict", "I was at a great freight company in Hamburg with four regions."),
    ("verdict", "I am hired."),
    ("invented", "He called the $ vendor."),
    ("invented", "He basically called the vendor."),
    ("invented", "He called the vendor?"),
    ("symbols", "**I pulled** the raw scans."),
    ("symbols", 'I pulled "the raw scans.'),
    ("length", "He called the vendor. We did not hit the date."),
    ("empty", "So, um."),
    ("empty", ""),
]


@pytest.mark.parametrize(("fault", "text"), MAY_NOT)
def test_anything_else_may_not(fault: str, text: str) -> None:
    assert ground(text, LINES, GUIDANCE) == (None, fault)


def test_where_nothing_was_said_nothing_may_be() -> None:
    assert ground("Errors fell.", (), GUIDANCE) == (None, "invented")


SWAPPED = (
    "Errors fell by 40 percent after the launch.",
    "We reduced the latency from 900 to 300 milliseconds.",
    "Costs went down under the budget.",
    "We shipped two weeks before the deadline.",
    "The split let eight teams go first.",
    "I kept the rollback on for three weeks with Priya.",
    "I took the database out of the old cluster.",
    "I moved the work from the Oslo team to the Riga team.",
    "We were above the target in May without any downtime.",
    "Only one customer can wait, and all of them will pay more.",
    "They must always ask me, and most did ask us up front.",
)
SWAPS = """
by|to to|by from|by from|to before|after after|before first|last last|first on|off off|on up|down
down|up in|out out|into under|over over|under above|below below|above with|without with|for for|with
for|against at|in in|at of|from into|from more|less less|more most|all all|most all|some some|all
any|no only|also always|never never|always can|could can|must could|can must|can must|should
will|would will|did did|will did|could may|will was|is were|are fell|rose ask|asked went|go let|make
one|two eight|eighteen two|ten three|thirty weeks|days percent|points milliseconds|seconds I|We We|I
They|We me|us us|them Oslo|Riga Riga|Oslo old|new teams|team team|teams the|a the|no and|or and|but
kept|turned reduced|raised any|much
"""


def test_no_swapped_word_passes() -> None:
    tried = 0
    for swap in SWAPS.split():
        before, after = swap.split("|")
        for line in SWAPPED:
            for at, word in enumerate(words := line.split()):
                if word.rstrip(".,") == before:
                    tried += 1
                    told = " ".join((*words[:at], word.replace(before, after), *words[at + 1 :]))
                    assert ground(told, SWAPPED, GUIDANCE).fault, told
    assert tried > 60


def test_no_word_that_goes_comes_or_moves_passes() -> None:
    for line in SWAPPED:
        words = line.rstrip(".").split()
        for at, word in enumerate(words):
            rest = [*words[:at], *words[at + 1 :]]
            for told in (rest, [*words[: at + 1], "not", *words[at + 1 :]], [*rest[: at + 2], word, *rest[at + 2 :]]):
                if told != words:
                    assert ground(f"{' '.join(told)}.", SWAPPED, GUIDANCE).fault, told


WORDS = [
    *" ".join(LINES).split(),
    "15",
    "ninety",
    "Google",
    "led",
    "not",
    "hired",
    "saved",
    "so",
    "um",
    "I",
    "we",
    "the",
]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)))
def test_no_number_or_name_gets_in(text: str) -> None:
    found = ground(text, LINES, GUIDANCE)
    if found.source is None:
        return
    source = LINES[found.source]
    assert set(numbers_of(text)) == set(numbers_of(source))
    assert not {"Google", "led", "hired", "saved", "ninety", "15"} & set(text.split())


@pytest.mark.parametrize(
    ("lines", "said", "missing"),
    [
        (["We had 60 services in 11 teams."], "We had 60 services.", ("11 teams",)),
        (["It took twenty-one days."], "It took 21 days.", ()),
        (["We had sixty two dealers."], "We had 62 dealers.", ()),
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
