"""What the coach hears in the course of an answer: plans, asides, jumps, and what the question itself asks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from voicemock.analysis.analyze import Analyzed, analyze
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.structure import Encode
from voicemock.analysis.vectors import load_vectors
from voicemock.coaching.assess import Analyzer
from voicemock.coaching.findings import HeardAnswer
from voicemock.coaching.priorities import find_priorities
from voicemock.coaching.strengths import find_strength
from voicemock.content.questions import QuestionBank
from voicemock.content.wording import PRIORITY_VALUES, STRENGTH_VALUES, load_phrases
from voicemock.models import Question, transcript_of_text
from voicemock.settings import load_settings

PHRASES = load_phrases()

PLAN = """I would start by listening to both sides. Usually people calm down when they are heard. I would then
collect the data, and I'd bring two options. In general it is important to stay fair. If there is no agreement,
I would escalate. You should never do that alone, though. I always keep notes, and I would share them with
everybody afterwards."""

ASIDES = """We were moving the booking system to a new place that year. Oh, and my sister worked there at the
time. I called the vendor about the dates. Anyway, the dates were wrong, and I changed the plan. By the way,
that vendor went under later. I wrote the new plan with two engineers. Where was I? We moved it all in May. What
else, the old one was switched off."""

JUMBLE = """I'd tell the director about it. And the stub, that would be written by my engineers. Oh, and I'd
look at the critical path first. I'd ask the other lead for a smaller piece. By the way, the sponsor has to hear
about it too. I'd look at the logs to see what is true. And a feature flag would help. I forgot, I'd write to
the customers. Going back to the stub, it needs recorded answers. I'd offer them an engineer in return. I'd send
an update every Friday to the sponsors."""

ORDERED = JUMBLE.replace("I'd tell", "First, I'd tell").replace("And the stub", "Second, the stub")

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

HARPING = """It is all about listening, that is what I learned. At the bakery chain nobody listened to the drivers. I
was the program manager there and I listened to them. I went with one driver for a morning, and I
listened. He told me that the route is wrong, and no one had listened to him. So I listened to three more
drivers. You only have to listen. I changed the route, and bread arrived twenty minutes earlier. People
do not listen enough. If you listen, you hear it."""

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


CASES = [
    ("hypothetical", PLAN, "star"),
    ("wandering", ASIDES, "star"),
    ("jumbled", JUMBLE, "triage"),
    ("buried_result", RESULT_IN_PASSING, "star"),
]


@pytest.mark.parametrize(("name", "text", "framework"), CASES, ids=[name for name, _, _ in CASES])
def test_the_course_of_an_answer_is_heard(analyzer, name, text, framework):
    found = {
        finding.name: finding for finding in find_priorities(heard(analyzer, text, None, framework), PHRASES.priorities)
    }
    assert name in found
    assert set(found[name].values) == set(PRIORITY_VALUES[name])


def test_who_says_first_and_second_is_followed(analyzer):
    names = [f.name for f in find_priorities(heard(analyzer, ORDERED, None, "triage"), PHRASES.priorities)]
    assert "jumbled" not in names


def test_what_the_question_is_about_is_missed(analyzer):
    question = QuestionBank.load().get("design-flash-sale")
    found = {f.name: f for f in find_priorities(heard(analyzer, BESIDE, question), PHRASES.priorities)}
    assert found["left_out"].values["untouched"] in {
        point[0].lower() + point[1:].rstrip(".") for point in question.strong_answer
    }


def measured(analyzer: Analyzer, text: str, question: Question, encode_subjects: Encode) -> Analyzed:
    return analyze(
        transcript_of_text(text),
        framework=analyzer.framework_for(question),
        target=analyzer.target_for(question),
        lexicon=Lexicon.load(),
        question=question,
        encode_subjects=encode_subjects,
    )


def test_what_the_question_is_about_brings_an_answer_nearer_in_whatever_words(analyzer):
    question = QuestionBank.load().get("design-flash-sale")
    encode = load_vectors(load_settings().cache_dir).encode_subjects
    near = measured(analyzer, f"{BESIDE} {SELLING_ONCE}", question, encode)
    far = measured(analyzer, BESIDE, question, encode)
    assert far.closeness() is not None
    assessed = analyzer.assess(transcript_of_text(BESIDE), source="", question=question)
    assert "left_out" in {finding.name for finding in assessed.feedback.findings}
    assert near.closeness() is not None
    assert near.closeness().mean > far.closeness().mean


def test_the_meaning_of_a_story_is_looked_at_only_where_nothing_happens_in_it(analyzer):
    question = QuestionBank.load().get("delivery-story-recovered")
    encoded: list[str] = []

    def encode(sentences: Sequence[str]) -> npt.NDArray[np.float32]:
        encoded.extend(sentences)
        return np.ones((len(sentences), 1), np.float32)

    measured(analyzer, RESULT_IN_PASSING, question, encode)
    assert encoded == []
    measured(analyzer, PLAN, question, encode)
    assert question.text.lower() in encoded


def test_a_list_of_products_is_no_design(analyzer):
    names = [f.name for f in find_priorities(heard(analyzer, PRODUCTS, None, "design"), PHRASES.priorities)]
    assert names[0] == "jargon"


def test_one_point_made_in_ever_other_words_is_a_repetition(analyzer):
    names = [f.name for f in find_priorities(heard(analyzer, HARPING, None, "star"), PHRASES.priorities)]
    assert names[0] == "repeating"


def test_a_search_for_an_answer_that_is_given_up_is_none(analyzer):
    names = [f.name for f in find_priorities(heard(analyzer, GIVEN_UP, None, "star"), PHRASES.priorities)]
    assert names == ["no_answer"]


def test_nothing_is_missed_where_no_question_is_known(analyzer):
    names = [f.name for f in find_priorities(heard(analyzer, BESIDE, None, "design"), PHRASES.priorities)]
    assert "left_out" not in names


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
    [(TRIAGE, "triage", {"options", "checked", "trade_off"}), (DESIGN, "design", {"scoped"})],
)
def test_what_is_praised_in_a_plan(analyzer, text, framework, names):
    strength = find_strength(heard(analyzer, text, None, framework), ())
    assert strength is not None
    assert strength.name in names
    assert set(strength.values) == set(STRENGTH_VALUES[strength.name])
