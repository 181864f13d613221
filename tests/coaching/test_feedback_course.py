"""What the coach hears in whole answers: what is none, what clearly limits one, and what is good in a plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from voicemock.analysis.analyze import analyze
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.rambling import measure_closeness
from voicemock.analysis.structure import Encode
from voicemock.analysis.vectors import load_vectors
from voicemock.coaching.assess import Analyzer
from voicemock.coaching.findings import HeardAnswer
from voicemock.coaching.priorities import find_priorities
from voicemock.coaching.strengths import find_strength
from voicemock.content.questions import QuestionBank
from voicemock.content.wording import PRIORITY_VALUES, STRENGTH_VALUES, load_phrases
from voicemock.models import Analysis, Question, Transcript, transcript_of_text
from voicemock.settings import load_settings

PHRASES = load_phrases()

PLAN = """I would start by listening to both sides. Usually people calm down when they are heard. I would then
collect the data, and I'd bring two options. In general it is important to stay fair. If there is no agreement,
I would escalate. You should never do that alone, though. I always keep notes, and I would share them with
everybody afterwards."""

BESIDE = """The requirements first, a page that opens in under a second for everybody. I would put the pages on
a content network, and the images get smaller by a better format. The service runs on forty servers behind a
load balancer, and it keeps no state. A dashboard shows the latency and the errors. If one network fails, we
switch to a second one. I would test that with twice the load two weeks before, so that we know it works."""

SELLING_ONCE = """The ten thousand items must be sold once each, so the stock is one counter that is taken down in a
single step, and a buyer holds a reservation for five minutes while he pays. Who comes first waits in a queue with a
number, so it is fair and bots gain nothing. When the payment fails the item goes back, and nobody is charged twice."""

PRODUCTS = """I would take React with the Apollo client. That goes into CloudFront and then into Kong, with Okta in
front. Uploads go to MinIO and the events to Kinesis, and then there is Flink. Search is OpenSearch, with Valkey on the
side. The jobs run in Airflow, and the tables are in Snowflake. For the monitoring I would take Datadog, plus Sentry
and PagerDuty. Everything is in Terraform, and the pipeline is in Jenkins with Argo."""

GIVEN_UP = """Something inventive. There was the thing with the labels, but that was the idea of a colleague. Or the
dashboard, no, everyone has a dashboard. It is very regulated here, so there is not much room for that kind of thing.
I had something prepared for another question, but it does not fit. No, I am sorry, nothing comes to me. Could we skip
this one?"""

RESULT_IN_PASSING = """At my last company the reports took three days. My job was to make them faster before
summer. I mapped every query. I moved the slow ones to a copy of the database. As a result they went from 72
hours to 40 minutes. Then I trained the analysts on the new tool in four sessions. I wrote a handbook for the
new people. I moved the archive, too. I cleaned up the old scripts with an engineer. I also set up the access
rights for the new group and a copy for the auditors."""


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer(load_settings(), QuestionBank.load())


def heard(analyzer: Analyzer, text: str, question: Question | None = None, framework: str | None = None) -> HeardAnswer:
    assessment = analyzer.assess(transcript_of_text(text), source="x", question=question, framework=framework)
    return HeardAnswer(assessment.analysis, analyzer.framework_for(question, framework), question)


@pytest.mark.parametrize(("name", "text", "framework"), [("no_story", PLAN, "star"), ("tool_list", PRODUCTS, "design")])
def test_what_clearly_limits_a_whole_answer_is_heard(analyzer, name, text, framework):
    found = {each.name: each for each in find_priorities(heard(analyzer, text, None, framework), PHRASES.priorities)}
    assert name in found
    assert set(found[name].values) == set(PRIORITY_VALUES[name])


def nearness(text: str, question: Question) -> float:
    """Return how near an answer comes to a strong one."""
    transcript = transcript_of_text(text)
    encode = load_vectors(load_settings().cache_dir).encode_subjects
    structure = measured(transcript, question).structure
    assert structure is not None
    closeness = measure_closeness(transcript, structure.sentences, (), question, encode)
    assert closeness is not None
    return closeness.mean


def measured(transcript: Transcript, question: Question, encode_subjects: Encode | None = None) -> Analysis:
    return analyze(
        transcript,
        framework=QuestionBank.load().framework(question.framework),
        target=(question.target_min_s, question.target_max_s),
        lexicon=Lexicon.load(),
        question=question,
        encode_subjects=encode_subjects,
    ).analysis


def test_what_the_question_is_about_brings_an_answer_nearer_in_whatever_words():
    question = QuestionBank.load().get("design-flash-sale")
    assert nearness(f"{BESIDE} {SELLING_ONCE}", question) > nearness(BESIDE, question)


def test_the_meaning_of_a_story_is_looked_at_only_where_nothing_happens_in_it():
    question = QuestionBank.load().get("delivery-story-recovered")
    encoded: list[str] = []

    def encode(sentences: Sequence[str]) -> npt.NDArray[np.float32]:
        encoded.extend(sentences)
        return np.ones((len(sentences), 1), np.float32)

    measured(transcript_of_text(RESULT_IN_PASSING), question, encode)
    assert encoded == []
    measured(transcript_of_text(PLAN), question, encode)
    assert question.text.lower() in encoded


def test_a_search_for_an_answer_that_is_given_up_is_none(analyzer):
    names = [f.name for f in find_priorities(heard(analyzer, GIVEN_UP, None, "star"), PHRASES.priorities)]
    assert names == ["no_answer"]


@pytest.mark.parametrize(
    "language",
    [
        "Also, das war bei einem Hersteller von Aufzügen, da habe ich das Programm für die Wartung geleitet.",
        "Pues era una empresa de ascensores, y yo era el responsable del programa para los clientes, que no era poco.",
        "C'était une entreprise de transport, et je dirigeais le programme pour les clients dans le nord.",
    ],
)
def test_another_language_is_no_answer(analyzer, language):
    names = [f.name for f in find_priorities(heard(analyzer, language, None, "star"), PHRASES.priorities)]
    assert names == ["other_language"]


def test_the_question_said_back_twice_is_no_answer(analyzer):
    question = QuestionBank.load().get("amazon-invent-simplify-removed-step")
    text = f"{question.text} Okay. So an example of something complicated that you made simple."
    names = [f.name for f in find_priorities(heard(analyzer, text, question), PHRASES.priorities)]
    assert names == ["question_read"]


TRIAGE = """I'd check with the engineers whether three weeks is true, and what it does to the critical path.
Meanwhile my team builds against a stub with recorded answers. I'd ask their lead for the one endpoint we need,
and I'd offer two of our testers. Then I'd bring two options to the sponsor, launch without the export or launch
three weeks later, each with its cost. I recommend the first option, and I'd tell everybody the same day and
every Friday after that."""
DESIGN = """The requirements first. A million users, ten thousand requests a second, an answer in under 200
milliseconds. I would start with one service and one database. Then I'd add a cache in front of it, which costs
us some freshness. If the cache goes down, the database must carry the load for a while, so I would limit the
requests of each client."""


@pytest.mark.parametrize(
    ("text", "framework", "names"),
    [
        (TRIAGE, "triage", {"options", "mitigation", "told_early"}),
        (DESIGN, "design", {"scoped", "trade_off", "failure_handled", "scaled"}),
    ],
)
def test_what_is_praised_in_a_plan(analyzer, text, framework, names):
    strength = find_strength(heard(analyzer, text, None, framework), ())
    assert strength is not None
    assert strength.name in names
    assert set(strength.values) == set(STRENGTH_VALUES[strength.name])
