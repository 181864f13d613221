"""Follow-ups and questions asked back: was it answered, and how; nothing of STAR."""

from __future__ import annotations

import re

import pytest

from voicemock.coaching.assess import Analyzer
from voicemock.coaching.feedback import give_feedback_on_exchange
from voicemock.coaching.findings import HeardAnswer
from voicemock.coaching.replies import judge_reply, questions_in
from voicemock.coaching.wording import SPOKEN_WORDS
from voicemock.content.questions import QuestionBank
from voicemock.content.wording import load_phrases
from voicemock.models import Assessment, Question, SpeechSpan, Word, transcript_of_text, transcript_of_words
from voicemock.settings import load_settings

BANK = QuestionBank.load()
PHRASES = load_phrases()
MAIN = BANK.get("delivery-story-recovered")
VAGUE = "It was a good time for all of us, and the people in the other building were very friendly as well."


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer(load_settings(), BANK)


def probe(asks_for: str | None, kind: str = "follow_up") -> Question:
    text = "What would you like to ask me?" if kind == "ask_back" else "Could you say more about that?"
    short = {"kind": kind, "asks_for": asks_for, "text": text, "target_min_s": 10.0, "target_max_s": 45.0}
    return MAIN.model_copy(update={"id": "probe", **short})


def reply(analyzer: Analyzer, text: str, question: Question) -> Assessment:
    """Assess what was said at 150 words a minute."""
    words = [Word(text=w, start_s=i * 0.4, end_s=i * 0.4 + 0.4, probability=0.9) for i, w in enumerate(text.split())]
    end_s = 0.4 * len(words)
    return analyzer.assess(
        transcript_of_words(words), source="x", question=question, speech=(SpeechSpan(0.0, end_s),), recording_s=end_s
    )


REPLIES = [
    ("number", "About forty percent.", True),
    ("number", "The failures went from twelve a month to three.", True),
    ("number", "It went much better, and everybody was happy with it.", False),
    ("number", "We never measured that, to be honest.", False),
    ("mechanism", "The balancer hashes the client address, so that a client always lands on the same server.", True),
    ("mechanism", "I don't know exactly, I would have to ask the engineers.", False),
    ("decision", "I chose the smaller release.", True),
    ("decision", "There were many opinions in the room.", None),
    ("trade_off", "It cost us two weeks, and we gave up the export.", True),
    ("own_part", "I wrote the rollback plan and called the vendor.", True),
    ("own_part", f"We all did it together. {VAGUE} {VAGUE} We were a great team all the way through.", False),
    ("reason", "Because the other vendor could not sign by June.", True),
    ("risk", "If the cutover failed we would have lost a day of orders.", True),
    ("lesson", "I learned to ask for the batch numbers first.", True),
    ("lesson", f"{VAGUE} {VAGUE} {VAGUE}", False),
    ("position", "I would still go ahead.", None),
    ("position", "Hmm, well.", None),
]


@pytest.mark.parametrize(("asks_for", "text", "expected"), REPLIES, ids=[f"{a}: {t[:30]}" for a, t, _ in REPLIES])
def test_whether_a_reply_holds_what_was_asked_for(analyzer, asks_for, text, expected):
    assessment = reply(analyzer, text, probe(asks_for))
    assert judge_reply(asks_for, assessment.analysis, assessment.transcript).holds is expected


@pytest.mark.parametrize(("asks_for", "text", "expected"), REPLIES, ids=[f"{a}: {t[:30]}" for a, t, _ in REPLIES])
def test_a_reply_hears_nothing_of_the_parts_of_a_story(analyzer, asks_for, text, expected):
    feedback = reply(analyzer, text, probe(asks_for)).feedback
    everything = " ".join([feedback.spoken, *(point.text for point in feedback.points)])
    assert feedback.points
    assert not re.search(r"situation|task|result|missing|story", everything)
    assert [point.kind for point in feedback.points][:1] == ["strength" if expected else "priority"]
    assert all(point.quote is None or point.quote in text for point in feedback.points)
    assert (feedback.drill is None) is (expected is True)


def test_an_answer_that_comes_late_is_told_so(analyzer):
    text = f"{VAGUE} {VAGUE} {VAGUE} In the end the failures went from twelve a month to three."
    feedback = reply(analyzer, text, probe("number")).feedback
    assert [point.kind for point in feedback.points] == ["strength", "priority"]
    assert "twelve a month to three" in feedback.spoken
    assert feedback.points[1].text.startswith("It came late.")


def test_a_reply_that_goes_on_and_on_is_told_so(analyzer):
    text = "By forty percent. " + " ".join([VAGUE] * 10)
    feedback = reply(analyzer, text, probe("number")).feedback
    assert "long for a follow-up" in feedback.points[-1].text


@pytest.mark.parametrize("asks_for", PHRASES.replies.asked)
def test_everything_that_can_be_asked_for_has_a_name_and_a_drill(asks_for):
    assert PHRASES.replies.asked[asks_for]
    assert PHRASES.replies.drills[asks_for]


ASKED = [
    ("No, I think you covered everything, thanks.", 0, None),
    ("What does success look like after six months? And how do you decide what gets cut?", 2, "success look like"),
    ("When will I hear back? And how many vacation days are there?", 2, None),
    ("I'd love to know how the teams here handle a dependency that slips.", 1, "dependency that slips"),
    ("When I arrived in November, every slide was green. What we learned is not to trust slides.", 0, None),
    ("So what is the hardest decision you had to make last year", 1, "the hardest decision"),
    ("How do you measure success, and what does a good first month look like?", 2, "first month"),
    ("Can you tell me how the team plans and who owns the roadmap?", 2, None),
    ("I'd like to know what slips here, and second, how you decide what to drop.", 2, "decide what to drop"),
    ("Yes, two. Who decides? And what slips most often?", 2, None),
    ("How does the team work with product and design?", 1, "product and design"),
]


@pytest.mark.parametrize(("text", "count", "best"), ASKED, ids=[text[:30] for text, _, _ in ASKED])
def test_questions_are_counted_and_the_best_is_quoted(analyzer, text, count, best):
    question = probe(None, "ask_back")
    assessment = reply(analyzer, text, question)
    heard = HeardAnswer(assessment.analysis, analyzer.framework_for(question), question)
    assert len(questions_in(heard)) == count
    strengths = [point.quote for point in assessment.feedback.points if point.kind == "strength"]
    assert [best in (quote or "") for quote in strengths] == ([True] if best else [])
    assert not re.search(r"situation|STAR|result", assessment.feedback.spoken)


def exchange(analyzer: Analyzer, *replies: tuple[str, str]) -> tuple[Assessment, str]:
    story = """At my last company the booking system was late. My job was to bring it back on track by May. First I
    mapped what was waiting for what. Then I moved the export to a later release, and I called the vendor every day.
    In the end we launched on time, and everybody was very happy with it."""
    main = analyzer.assess(transcript_of_text(" ".join(story.split())), source="x", question=MAIN)
    answers = [(probe(asks_for), reply(analyzer, text, probe(asks_for))) for asks_for, text in replies]
    return main, give_feedback_on_exchange(main, answers, PHRASES)


def test_what_was_there_when_asked_belongs_into_the_answer(analyzer):
    main, spoken = exchange(analyzer, ("decision", "I cut the export."), ("number", "We were nine days early."))
    assert "nine days" in spoken
    assert "the number" in spoken
    assert main.feedback.drill is not None
    assert spoken.endswith(main.feedback.drill)
    assert len(spoken.split()) <= SPOKEN_WORDS


def test_what_stayed_open_is_named(analyzer):
    _, spoken = exchange(analyzer, ("number", "It went very well, and people were happy."))
    assert "number" in spoken
    assert any(template.format(asked="the number") in spoken for template in PHRASES.replies.stayed_open)


def test_without_replies_the_feedback_stands_as_it_is(analyzer):
    main, spoken = exchange(analyzer)
    assert spoken == main.feedback.spoken


def test_a_main_feedback_that_is_long_gives_way_from_its_beginning(analyzer):
    main, _ = exchange(analyzer)
    drill = main.feedback.drill or ""
    wordy = main.feedback.model_copy(update={"spoken": f"{'It was long. ' * 40}This is to fix. {drill}"})
    replies = [(probe("number"), reply(analyzer, "By forty percent.", probe("number")))]
    spoken = give_feedback_on_exchange(main.model_copy(update={"feedback": wordy}), replies, PHRASES)
    assert len(spoken.split()) <= SPOKEN_WORDS
    assert "This is to fix." in spoken
    assert spoken.endswith(drill)


PROOFS = [
    ("number", "We moved in the second half of the year. In the end, failed runs fell by 40 percent.", "fell by 40"),
    ("number", "I told the team about it in the third week.", None),
    ("own_part", "The team built it together. I wrote the retry queue and convinced the vendor.", "I wrote the retry"),
    ("decision", "There were three ways. We talked for a week. I decided to cut the export.", "I decided"),
    ("trade_off", "It was faster, and everybody liked it. We gave up the audit trail for it.", "We gave up"),
    ("lesson", "It was a hard year. The team liked it.", None),
]


@pytest.mark.parametrize(("asks_for", "text", "proof"), PROOFS, ids=[text[:30] for _, text, _ in PROOFS])
def test_the_proof_of_a_reply_is_the_sentence_that_shows_it(analyzer, asks_for, text, proof):
    assessment = analyzer.assess(transcript_of_text(text), source="", question=probe(asks_for))
    judged = judge_reply(asks_for, assessment.analysis, assessment.transcript)
    assert (judged.sentence is None) if proof is None else (judged.sentence and proof in judged.sentence.text)
