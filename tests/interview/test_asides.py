"""What is said to the interviewer, and what only sounds so: a table for each kind."""

from __future__ import annotations

import pytest

from tests.interviews import bank, words_between
from voicemock.interview.asides import aside_in, fact_about, reply_to
from voicemock.models import Question, SpeechSpan, Word

STORY = bank().get("failed-program")
DESIGN = bank().get("design-notification-system")
TRIAGE = bank().get("dependency-four-week-slip")
NUMBER = STORY.model_copy(update={"kind": "follow_up", "asks_for": "number", "text": "How much was that, in numbers?"})
PUSHED = STORY.model_copy(update={"kind": "follow_up", "asks_for": "position", "text": "They say no. Now what?"})
ASK_BACK = STORY.model_copy(update={"kind": "ask_back"})


def heard(*stretches: str) -> list[Word]:
    """Return words with 1.2 s of silence between the stretches."""
    words: list[Word] = []
    at_s = 0.5
    for stretch in stretches:
        length_s = 0.3 * len(stretch.split())
        words += words_between(stretch, at_s, at_s + length_s)
        at_s += length_s + 1.2
    return words


def kind_of(*stretches: str, question: Question | None = STORY) -> str | None:
    aside = aside_in(heard(*stretches), question)
    return aside.kind if aside else None


FOR_TIME = """
Give me a minute.
Give me a second to collect my thoughts.
Could you give me half a minute?
Let me think for a moment.
Let me think about that.
Hmm, let me think.
Um, let me just think about which example fits best.
Can I have a moment, please?
Could I take a minute to gather my thoughts?
I need a second.
I'd like a moment to think, if that's okay.
I'll need a minute for this one.
Hold on.
Hang on, please.
Bear with me for a moment.
One moment, please.
Just a second.
Wait a second.
Wait.
One second.
I am still thinking.
Sorry, I'm thinking.
That's a tough one. Give me a second.
Okay, good question. Let me think about that for a second.
I'm not ready yet.
I need some time to think.
Let me recall a good example.
May I have thirty seconds to think?
Do you mind if I take a moment?
Just give me one more minute, please.
Let me gather my thoughts
uh give me a sec
Let me see if I can come up with an example.
Mind if I think about it for a minute?
"""

FOR_THE_QUESTION = """
Can you say that again?
Could you please repeat that?
Sorry, could you say that one more time?
Would you mind repeating the question?
Sorry, what was the question again?
What was the question?
What's the question?
I didn't catch that.
Sorry, I didn't quite get that.
I did not hear the question.
I missed the last part.
I'm sorry, I missed that.
Come again?
Pardon?
Pardon me?
Sorry?
Excuse me?
Could you rephrase the question, please?
Can you read it again?
Say that again, please.
One more time, please.
Please repeat the question.
I'm not sure I understood the question.
Could you ask that again, a little slower?
I lost you there, can you repeat that?
You broke up for a second, could you repeat?
Remind me of the question, please.
I forgot the question.
What did you ask?
What did you say?
The question again, please.
I didn't understand the question.
Can I hear the question once more?
Um, sorry, I got distracted. What was the question?
Repeat that, please.
can you repeat the question
"""

TO_SKIP = """
Can we skip this one?
Could we skip this question, please?
Let's skip that.
I'd like to skip this one.
Skip this question.
Next question, please.
Next, please.
Pass.
I'll pass on this one.
Can we move on to the next question?
Let's go to the next one.
Can you ask me something else?
Could I get a different question?
I don't have an example for that. Can we skip it?
I would rather not answer this.
Can we come back to this one later?
"""

TO_STOP = """
Let's stop here.
Can we stop the interview?
I want to stop now.
I'd like to end the session.
Let's end it here.
Please stop.
Stop.
That's enough for today.
I need to stop here, sorry.
Let's finish here.
Can we stop for today?
I have to go.
Let's call it a day.
I'm done for today.
End the interview, please.
I want to quit.
"""

TO_CLARIFY = """
How many users are there?
Is it read heavy?
What's the budget?
Are there any latency requirements?
How much traffic do we expect?
Is this for mobile or for the web?
Do we need to support several regions?
Should I focus on the write path?
Can I assume that the providers are fixed?
Okay, so how many messages are there a day?
Which regions do we serve?
What is the expected latency?
How long is the retention
May I ask a few questions first?
Can I ask a clarifying question?
"""

FOR_THE_LENGTH = """
How long should my story be?
How long do you want me to talk?
How detailed should I be?
How much time do I have?
How many minutes do I get?
How deep should I go?
How technical should this get?
Okay, so how long should the example be?
Um, how much context do you need?
How much background would be helpful?
What level of detail are you looking for?
What's a good length for a story?
How long an answer are you looking for?
Is there a time limit?
Is two minutes okay?
Do you want the short version?
Should I keep it short?
Should I go into detail?
Before I start, how much detail do you need?
Sorry, how long do I have
"""

NO_ASIDE = """
Two years ago our billing platform kept failing.
Let me think. In 2021 our billing platform kept failing at month end.
Hang on a second, please, I said to the vendor.
He asked me could you repeat the question.
She said, "Give me a minute."
The customer called and said he did not catch that.
My manager asked what was the question.
I asked the team for a minute of silence.
We needed a minute for every page.
We had to skip this release.
It took one minute.
I stopped the release.
We decided to stop the program.
I told them to hang on.
One second of delay cost us two percent of all orders.
I had to repeat the test three times.
I don't know.
I have no idea.
I can't think of anything.
I would stop the rollout and call the vendor.
Wait times were far too long.
The next question was who would pay for it.
Give me a team of five and a deadline, and I deliver.
I asked for the budget, and they said no.
How much time we had was never clear.
How long would the migration take was what my manager asked.
How long do I wait for a vendor? Two weeks at most.
What level of detail do they need, I asked.
Should I keep it running, I asked my manager.
How do I keep a meeting short? I send the agenda the day before.
Do you want the long list of what broke? It was the cache and the queue.
I need two seconds of latency at most.
First I would ask how many users there are.
I take a second look at every plan.
My first job was to find out what the question was.
I ended the session with a summary of the risks.
Let me tell you about a launch.
Let me start with the background.
So I didn't get that budget.
No.
"""


def lines(table: str) -> list[str]:
    return [line for line in table.splitlines() if line]


@pytest.mark.parametrize("text", lines(FOR_TIME))
def test_a_candidate_may_ask_for_time(text: str) -> None:
    assert kind_of(text) == "time"


@pytest.mark.parametrize("text", lines(FOR_THE_QUESTION))
def test_a_candidate_may_ask_for_the_question(text: str) -> None:
    assert kind_of(text) == "repeat"


@pytest.mark.parametrize("text", lines(TO_SKIP))
def test_a_candidate_may_skip(text: str) -> None:
    assert kind_of(text) == "skip"


@pytest.mark.parametrize("text", lines(TO_STOP))
def test_a_candidate_may_stop(text: str) -> None:
    assert kind_of(text) == "stop"


@pytest.mark.parametrize("text", lines(TO_CLARIFY))
def test_a_candidate_may_ask_about_the_case(text: str) -> None:
    assert kind_of(text, question=DESIGN) == "clarify"


@pytest.mark.parametrize("text", lines(FOR_THE_LENGTH))
@pytest.mark.parametrize("question", [STORY, DESIGN])
def test_a_candidate_may_ask_how_long_the_answer_is_to_be(text: str, question: Question) -> None:
    aside = aside_in(heard(text), question)
    assert aside is not None
    assert aside.kind == "clarify"
    assert reply_to(aside, question, (60.0, 120.0)).endswith("take one to two minutes.")
    assert "three to four minutes" in reply_to(aside, STORY)


@pytest.mark.parametrize(
    "text", ["How long can it be down?", "How long do we have to keep it?", "How much data is there?"]
)
def test_a_length_in_the_case_is_not_that_of_the_answer(text: str) -> None:
    aside = aside_in(heard(text), DESIGN)
    assert aside is not None
    assert "real interview" not in reply_to(aside, DESIGN)


@pytest.mark.parametrize("text", lines(NO_ASIDE))
def test_what_tells_anything_is_an_answer(text: str) -> None:
    assert kind_of(text) is None


MID_ANSWER = [
    (("We moved it to a queue.", "Sorry, what was the question?"), STORY, "repeat"),
    (("We moved it to a queue. Sorry, could you repeat the question?",), STORY, "repeat"),
    (("We moved it to a queue.", "Um, give me a second."), STORY, "time"),
    (("We moved it to a queue and", "let me think."), STORY, "time"),
    (("We moved it to a queue.", "Can we stop the interview here?"), STORY, "stop"),
    (("We moved it to a queue.", "Let's stop here."), STORY, None),
    (("We moved it to a queue.", "Can we skip this one?"), STORY, "skip"),
    (("I'd put it into a queue.", "How many messages are there a day?"), DESIGN, "clarify"),
    (("I'd put it into a queue.", "What happens if that fails?"), DESIGN, None),
    (("We asked for more people.", "I did not get it."), STORY, None),
    (("We moved it to a queue.", "Okay."), STORY, None),
    (("We moved it to a queue.", "How much time do I have?"), STORY, None),
    (("The vendor looked at me and said. Could you repeat the question?",), STORY, None),
    (("My boss kept asking. Can we skip this one?",), STORY, None),
    (("It took us, let me think, four weeks.",), STORY, None),
]


@pytest.mark.parametrize(("stretches", "question", "kind"), MID_ANSWER)
def test_within_an_answer_only_what_surely_asks_the_interviewer_counts(
    stretches: tuple[str, ...], question: Question, kind: str | None
) -> None:
    assert kind_of(*stretches, question=question) == kind


def test_what_the_answer_told_before_is_left_to_it() -> None:
    words = heard("We moved it to a queue.", "Sorry, what was the question?")
    speech = (SpeechSpan(0.5, 2.3), SpeechSpan(3.5, 5.0))
    aside = aside_in(words, STORY, speech)
    assert aside is not None
    assert aside.text == "Sorry, what was the question?"
    assert 2.3 < aside.from_s < 3.5


@pytest.mark.parametrize(
    ("stretches", "kind"),
    [
        (("Okay.", "Good question."), "settle"),
        (("Sure.",), "settle"),
        (("Um, so.",), "settle"),
        (("Okay.", "Could you repeat the question?"), "repeat"),
        (("Good question.", "Give me a second."), "time"),
        (("Could you repeat the question? And give me a minute, please.",), "repeat"),
    ],
)
def test_who_has_only_settled_has_not_begun(stretches: tuple[str, ...], kind: str) -> None:
    aside = aside_in(heard(*stretches), STORY)
    assert aside is not None
    assert (aside.kind, aside.from_s) == (kind, 0.0)


@pytest.mark.parametrize(
    ("text", "question", "kind"),
    [
        ("One minute.", NUMBER, None),
        ("Thirty seconds.", NUMBER, None),
        ("Give me a minute.", NUMBER, "time"),
        ("Yes.", PUSHED, None),
        ("Okay.", PUSHED, None),
        ("What does a good first month look like?", ASK_BACK, None),
        ("How many people are on the team?", ASK_BACK, None),
        ("Does it have to be from my current job?", STORY, "clarify"),
        ("How many users are there?", STORY, None),
        ("Is there a deadline?", TRIAGE, "clarify"),
        ("What would I do about the vendor?", TRIAGE, None),
    ],
)
def test_the_question_decides_what_a_short_answer_may_be(text: str, question: Question, kind: str | None) -> None:
    assert kind_of(text, question=question) == kind


@pytest.mark.parametrize(
    ("text", "question", "reply"),
    [
        ("Give me a minute.", STORY, "Take your time."),
        ("What was the question?", STORY, STORY.text),
        (
            "How many messages are there a day?",
            DESIGN,
            f"What I can tell you is this. {DESIGN.text} Make assumptions for the rest, ",
        ),
        ("Is it for one region?", DESIGN, "Make the assumptions you need, and say what they are."),
        ("May I ask a question?", DESIGN, "Go ahead."),
        ("Should it be a recent example?", STORY, "That is up to you."),
        ("Okay.", STORY, ""),
    ],
)
def test_what_the_interviewer_says_to_it(text: str, question: Question, reply: str) -> None:
    aside = aside_in(heard(text), question)
    assert aside is not None
    assert reply_to(aside, question).startswith(reply)


TWO_FACTS = "A shop has two hundred services and one database. Reads outnumber writes by far. How do you split it?"


@pytest.mark.parametrize(
    ("asked", "fact"),
    [
        ("how many services are there", "A shop has two hundred services and one database."),
        ("what about the reads", "Reads outnumber writes by far."),
        ("how many writes are there", None),
        ("how many regions are there", None),
    ],
)
def test_only_what_the_question_says_is_told(asked: str, fact: str | None) -> None:
    assert fact_about(asked.split(), TWO_FACTS) == fact
