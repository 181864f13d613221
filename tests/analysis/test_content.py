"""Ownership, rambling, coverage and complexity, by small answers."""

from __future__ import annotations

from math import log

import pytest
from pydantic import BaseModel, ValidationError

from tests.readers import ScriptedReader
from voicemock.analysis.amounts import NUMBER_WORDS
from voicemock.analysis.analyze import analyze
from voicemock.analysis.lexicon import FillerWords, Lexicon
from voicemock.analysis.phrasebook import GAP_WORDS, Pattern, Phrasebook, PhraseRule, Phrases
from voicemock.analysis.spoken_text import statement_of
from voicemock.analysis.substance import KINDS, asked_for
from voicemock.content.questions import QuestionBank
from voicemock.content.yaml_files import load_yaml
from voicemock.errors import ContentError
from voicemock.models import Word, transcript_of_text, transcript_of_words

STORY = (
    "At my last company our payments platform failed at every peak. My task was to fix it before the holidays. "
    "I mapped the calls. We moved every service. As a result we cut the errors by 40%."
)
PARTS = {
    "At my last company our payments platform failed at every peak.": "situation",
    "My task was to fix it before the holidays.": "task",
    "I mapped the calls. We moved every service.": "action",
    "As a result we cut the errors by 40%.": "result outcome_figure",
}


@pytest.fixture
def measured(frameworks, lexicon):
    def measure(text, framework="star", question=None, told=PARTS):
        return analyze(
            transcript_of_text(text),
            framework=frameworks[framework],
            target=(180, 240),
            lexicon=lexicon,
            reader=ScriptedReader(told),
            question=question,
        ).analysis

    return measure


# --- phrases -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "said", "found"),
    [
        ("set up a meeting", "I set up a meeting.", "set up a meeting"),
        ("set up ... meeting|sync", "I set up yet another long weekly sync.", "set up yet another long weekly sync"),
        ("set up ... meeting", "I set up a very very long weekly meeting.", None),
        ("meeting*", "All those meetings!", "meetings"),
        ("a? dead letter queue", None, None),
        ("the dead letter queue?", "It goes to the dead-letter table.", "the dead letter"),
        ("{thing} broke", "The old server broke.", "old server broke"),
        ("{number_word} teams", "All thirteen teams came.", "thirteen teams"),
        ("^ pass", "So, pass.", "pass"),
        ("^ pass", "It did not pass.", None),
        ("i don't know", "I don\u2019t, um, know.", "i don't know"),
    ],
)
def test_a_phrase_finds_words(phrase, said, found, lexicon):
    if said is None:
        with pytest.raises(ValueError, match="begins with a word"):
            Phrases.model_validate({"a": [phrase]})
        return
    book = Phrasebook([PhraseRule(name="a", phrases=(phrase,))], {"thing": ("old server", "it")})
    words = said.replace(", um,", "")
    matches = book.find(statement_of(words))
    text = [" ".join(word.text for word in statement_of(words).words[m.first : m.last + 1]) for m in matches]
    assert text == ([found] if found else [])
    assert GAP_WORDS == 4


def test_what_stands_before_or_elsewhere_rules_a_phrase_out():
    rule = PhraseRule(name="a", phrases=("kind of",), not_after=("what",), unless=("do you know",))
    book = Phrasebook([rule], {})
    assert book.find(statement_of("It kind of worked."))
    assert not book.find(statement_of("What kind of plan?"))
    assert not book.find(statement_of("Do you know, it kind of worked."))


def test_a_set_in_a_list_of_words_stands_for_its_words():
    lists = Phrases.model_validate({"numbers": ["oh", "{number_word}", "{far}"], "sets": {"far": ["million"]}})
    assert lists["numbers"] == {"oh", "million", *NUMBER_WORDS}


def test_a_pattern_may_use_the_sets_of_its_file_and_of_all_files():
    words = FillerWords.model_validate(
        {
            "sets": {"thing": "team|{number_word} people"},
            "filled_pauses": ["u+m+", "uh"],
            "back_channels": ["{thing}"],
            "markers": ["like"],
        }
    )
    assert words.filled_pauses.compiled.fullmatch("umm")
    assert words.back_channels.compiled.fullmatch("seventeen people")


@pytest.mark.parametrize("wrong", [7, None, ["uh", 7], {"uh": "um"}])
def test_a_pattern_is_text(wrong):
    with pytest.raises(ValidationError, match="regular expression"):
        FillerWords.model_validate({"filled_pauses": wrong, "back_channels": [], "markers": ["like"]})


def test_every_pattern_is_a_regular_expression(lexicon):
    patterns = list(_patterns_of((lexicon.fillers, lexicon.outcomes)))
    assert len(patterns) > 100
    assert all(pattern.compiled.pattern for pattern in patterns)


def _patterns_of(value):
    if isinstance(value, Pattern):
        yield value
    elif isinstance(value, (tuple, BaseModel)):
        for each in value if isinstance(value, tuple) else dict(value).values():
            yield from _patterns_of(each)


def test_a_set_that_is_not_there_is_named(tmp_path):
    file = tmp_path / "rules.yaml"
    file.write_text("a: ['see {nothing}']\n", encoding="utf-8")
    with pytest.raises(ContentError, match="unknown set nothing"):
        load_yaml(file, Phrases)


# --- ownership -----------------------------------------------------------------------------------------


def test_i_and_we_are_counted_by_part(measured):
    ownership = measured(STORY).ownership
    assert {part.part: (part.i, part.we) for part in ownership.by_part} == {
        "situation": (0, 0), "task": (0, 0), "action": (1, 1), "result": (0, 1)
    }  # fmt: skip
    assert (ownership.i, ownership.we, ownership.we_share) == (1, 2, pytest.approx(2 / 3))


@pytest.mark.parametrize("text", ["I think it was late.", "As I said, it was late.", "I guess so.", "I'm not sure."])
def test_who_only_thinks_does_nothing(text, measured):
    assert measured(text).ownership.i == 0


# --- rambling ------------------------------------------------------------------------------------------


def test_a_statement_said_again_points_at_both(measured):
    text = (
        "The old reporting system was written many years ago by another team. Nobody wanted to touch it. "
        "I called the vendor. As I said, the old reporting system was written years ago by another team."
    )
    (again,) = measured(text).rambling.repeated
    assert text[again.start_char : again.end_char] == again.quote
    assert text[again.first_start_char : again.first_end_char] == again.first_quote
    assert again.quote.startswith("As I said")
    assert again.first_quote.startswith("The old reporting")


def test_options_side_by_side_are_no_repetition(measured):
    text = "Option one was to wait for the vendor until March. Option two was to build a stub and launch in January."
    assert measured(text).rambling.repeated == ()


@pytest.mark.parametrize(
    ("ending", "told", "rule"),
    [
        ("In the end we launched.", "", "landing"),
        ("We cut it by 40%. And that is about it.", "outcome_figure", "measured result"),
        ("They kept the plan. And that is about it.", "result", "last part"),
        ("So, um, yeah, I think that is about it.", "", None),
    ],
)
def test_an_answer_lands_or_fades_out(ending, told, rule, measured):
    landing = measured(
        f"I called the vendor every day. {ending}",
        told={"I called the vendor every day.": "action", ending.partition(". ")[0] + ".": told},
    ).rambling.landing
    assert (landing.rule if landing else None) == rule


def test_a_part_that_is_hardly_likely_lands_no_answer(measured):
    told = {"I called them every day.": "action", "traffic.": "result"}
    analysis = measured("I called them every day. Then we moved the traffic.", told=told)
    assert analysis.structure.sentences[-1].part is None
    assert analysis.rambling.landing is None


def test_an_answer_that_is_given_up_tells_no_event_by_a_part_that_is_hardly_likely(measured):
    question = QuestionBank.load().get("failed-program")
    given_up = (
        "Something inventive. There was the thing with the labels, but that was the idea of a colleague. Or the "
        "dashboard, no, everyone has a dashboard. It is very regulated here, so there is not much room for that kind "
        "of thing. I had something prepared for another question, but it does not fit. No, nothing comes to me."
    )
    for told, kind in (("dashboard.", "no_answer"), ("Or the dashboard, no, everyone has a dashboard.", "on_topic")):
        assert measured(given_up, question=question, told={told: "action"}).relevance.kind == kind


def test_the_background_is_the_situation_and_the_task(measured):
    rambling = measured(STORY).rambling
    shares = {part.name: part.share for part in measured(STORY).structure.parts}
    assert rambling.background_share == pytest.approx(shares["situation"] + shares["task"])
    assert measured(STORY, "triage").rambling.background_share is None


# --- numbers in the background -------------------------------------------------------------------------


def test_a_number_of_the_background_is_no_outcome(measured):
    told = {"The checkout took 900 ms.": "situation", "I wrote a plan.": "action", "Then it was fast.": "result"}
    analysis = measured(" ".join(told), told=told)
    assert analysis.quantified_results == ()
    assert [remark.text for remark in analysis.background_numbers] == ["900 ms"]


# --- designs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "early"),
    [
        ("I would use a multi-region active-active database with sharding.", ["many regions", "sharding"]),
        ("I'd start with a single database. Later we shard it.", []),
        ("A request hits the API and it writes to the database. Then I would shard by user.", []),
        ("I would not shard it yet.", []),
    ],
)
def test_what_is_hard_to_build_before_anything_simple_stands(text, early, measured):
    assert [remark.rule for remark in measured(text, "design").early_complexity] == early
    assert measured(text).early_complexity == ()


def test_a_design_is_held_against_its_checklist(measured):
    told = {
        "Each message goes to a queue.": "component",
        "If the provider is down, the other channels go on.": "failure_handling",
    }
    text = " ".join(told)
    coverage = measured(text, "design", told=told).coverage
    covered = {item.name: item.covered.quote for item in coverage.items if item.covered}
    assert "queue" not in covered  # no question asks for one
    assert covered["failure isolation"] == "If the provider is down, the other channels go on."
    assert "cost" in coverage.missing
    assert "queue" not in coverage.missing
    expected = [item for item in coverage.items if item.expected]
    assert coverage.expected == len(expected) >= coverage.covered + len(coverage.missing)
    assert measured(text).coverage is None


@pytest.mark.parametrize(
    ("sentence", "state"),
    [
        ("I told them on Monday.", "missing"),
        ("I keep the old login as a fallback.", "cannot tell"),  # its words are there, its evidence is not
    ],
)
def test_a_point_whose_words_were_said_is_not_missing(sentence, state, measured):
    coverage = measured(f"We were late. {sentence}", "triage", told={}).coverage
    (item,) = [each for each in coverage.items if each.name == "fallback"]
    assert item.covered is None
    assert (item.name in coverage.missing) == (state == "missing")


@pytest.mark.parametrize(
    ("sentence", "probability", "is_covered"),
    [
        ("I would recommend the second one of these.", 0.90, True),
        ("I would recommend the second one of these.", 0.80, False),
        ("It is the second one of these, in any case.", 0.95, True),
        ("It is the second one of these, in any case.", 0.90, False),
    ],
)
def test_what_is_said_in_other_words_must_be_surer_to_count(frameworks, lexicon, sentence, probability, is_covered):
    coverage = analyze(
        transcript_of_text(f"There are two of them here. {sentence}"),
        framework=frameworks["triage"],
        target=(180, 240),
        lexicon=lexicon,
        reader=ScriptedReader({sentence: "decision"}, sure=log(probability / (1 - probability))),
    ).analysis.coverage
    assert ("recommend" in {item.name for item in coverage.items if item.covered}) == is_covered


def test_a_thing_that_the_question_asks_for_is_covered_by_its_name_in_a_sentence_of_its_kind(measured):
    bank = QuestionBank.load()
    asked = bank.get("design-payments").model_copy(update={"strong_answer": ("A queue between the two", "A key")})
    for kind, names in (("component", {"queue"}), ("aside", set())):
        told = {"Each message goes to a queue.": kind}
        coverage = measured(" ".join(told), "design", told=told, question=asked).coverage
        assert {item.name for item in coverage.items if item.covered} & {"queue"} == names


def test_a_question_asks_for_more_than_every_question(lexicon):
    checklist = next(each for each in lexicon.checklists if each.name == "design")
    question = (
        QuestionBank.load()
        .get("design-payments")
        .model_copy(update={"strong_answer": ("A key that makes retries idempotent", "A queue between the two")})
    )
    assert {"idempotency", "queue", "retries"} <= asked_for(question, checklist, lexicon)
    assert asked_for(None, checklist, lexicon) == frozenset()


# --- substance -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "evidence"), [(kind, name) for kind, names in KINDS.items() for name in names])
def test_a_sentence_shows_the_kinds_of_work_that_are_in_it(kind, evidence, measured):
    told = {"I went there.": f"action {evidence}", "It was late.": "situation"}
    substance = measured(" ".join(told), told=told).substance
    (remark,) = substance.remarks
    assert (remark.kind, remark.quote, remark.part) == (kind, "I went there.", "action")
    assert substance.sentences == {each: int(each == kind) for each in KINDS}


@pytest.mark.parametrize(
    ("told", "share"),
    [
        ({"I went there.": "situation"}, None),
        ({"I went there.": "coordinate_only", "We met.": "coordinate_only decision", "They paid.": "result"}, 0.5),
        ({"I went there.": "coordinate_only"}, 1.0),
    ],
)
def test_coordination_alone_is_counted_among_what_shows_any_work(told, share, measured):
    assert measured(" ".join(told), told=told).substance.coordination_share == share


# --- times ---------------------------------------------------------------------------------------------


def test_a_remark_knows_when_it_was_said(frameworks):
    said = "I set up, um, a weekly meeting."
    words = [Word(text=word, start_s=float(index), end_s=index + 0.5) for index, word in enumerate(said.split())]
    analysis = analyze(
        transcript_of_words(words),
        framework=frameworks["star"],
        target=(180, 240),
        lexicon=Lexicon.load(),
        reader=ScriptedReader({said: "coordinate_only"}),
    ).analysis
    (remark,) = analysis.substance.remarks
    assert (remark.kind, remark.text) == ("coordination", said)
    assert (remark.start_s, remark.end_s) == (0.0, 6.5)
