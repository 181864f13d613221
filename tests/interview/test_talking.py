"""A candidate who talks to the interviewer, or does not talk at all, on scripted devices and engines."""

from __future__ import annotations

from functools import partial

import pytest

from tests.coaching.language_model.answers import design
from tests.fakes import Stretch, quiet, says
from tests.interview.rooms import (
    ABOUT_TWO_FRAMES,
    LAUNCH,
    RESULT,
    OpenRoom,
    ScriptedProber,
    with_follow_ups,
)
from tests.interview.test_interview import ScriptedModel, a_day
from voicemock.content.styles import (
    ASSUME,
    CHECK_MICROPHONE,
    MOVING_ON,
    NOT_BEGUN,
    NOTHING_HEARD,
    TAKE_YOUR_TIME,
)
from voicemock.content.wording import load_phrases
from voicemock.interview.agenda import Agenda
from voicemock.speech.narrator import sentences_to_say
from voicemock.speech.recorder import Command

QUESTION = "Tell me about your first launch."
A_MINUTE = says("Give me a minute, please.", 2)
AGAIN = says("Sorry, what was the question?", 2)
SKIP = says("Can we skip this one?", 2)
STOP = says("Let's stop here.", 2)
STORY = " ".join(LAUNCH.words)


def test_who_asks_for_time_is_told_so_once_and_waited_for(room: OpenRoom) -> None:
    here = room(A_MINUTE, quiet(25), A_MINUTE, quiet(55), LAUNCH, quiet(7.2))
    (answer,) = here.run().answers
    assert (answer.status, answer.transcript.text) == ("answered", STORY)
    assert here.said.count(TAKE_YOUR_TIME) == here.screen.notices.count(TAKE_YOUR_TIME) == 1
    assert NOTHING_HEARD not in here.said


def test_who_asks_for_the_question_hears_it_again(room: OpenRoom) -> None:
    here = room(AGAIN, quiet(12), LAUNCH, quiet(7.2))
    (answer,) = here.run().answers
    assert (answer.status, answer.transcript.text) == ("answered", STORY)
    assert here.said.count(QUESTION) == 2


def test_time_then_the_question_then_the_answer(room: OpenRoom) -> None:
    here = room(A_MINUTE, quiet(9), AGAIN, quiet(12), LAUNCH, quiet(7.2))
    (answer,) = here.run().answers
    assert answer.transcript.text == STORY
    assert [aside.kind for aside in here.answers[0].asides] == ["time", "repeat"]


def test_a_settling_word_is_no_answer(room: OpenRoom) -> None:
    here = room(says("Okay, good question.", 2), quiet(20), LAUNCH, quiet(7.2))
    (answer,) = here.run().answers
    assert answer.transcript.text == STORY


def test_an_answer_that_begins_with_talk_goes_on_as_one(room: OpenRoom) -> None:
    here = room(says("Let me think. Last year", 2), LAUNCH, quiet(7.2))
    (answer,) = here.run().answers
    assert answer.transcript.text == f"Let me think. Last year {STORY}"
    assert here.answers[0].asides == ()


def test_an_aside_is_no_part_of_the_answers_words_time_or_pauses(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(2), AGAIN, quiet(20), RESULT, quiet(7.2))
    (answer,) = here.run().answers
    assert answer.transcript.text == f"{STORY} {' '.join(RESULT.words)}"
    assert answer.analysis.duration_s == pytest.approx(12 + 6 + 2.5, abs=1.0)
    assert all(pause.end_s - pause.start_s < 3.5 for pause in answer.analysis.pauses)
    assert here.said.count(QUESTION) == 2


def test_words_stay_where_they_are_in_the_recording(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(2), AGAIN, quiet(20), RESULT, quiet(7.2))
    (answer,) = here.run().answers
    again = here.script.transcriber().transcribe(here.sound("answer-01.flac"))
    assert [word.text for word in again] == answer.transcript.text.split()
    for kept, heard in zip(answer.transcript.words, again, strict=True):
        assert kept.start_s == pytest.approx(heard.start_s, abs=ABOUT_TWO_FRAMES)


def test_nothing_recorded_is_lost(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(2), AGAIN, quiet(20), RESULT, quiet(7.2))
    here.run()
    assert here.files == ["answer-01.aside-1.flac", "answer-01.aside-1.wait.flac", "answer-01.flac"]
    heard = here.script.transcriber().transcribe(here.sound("answer-01.aside-1.flac"))
    assert [word.text for word in heard] == list(AGAIN.words)
    (aside,) = here.answers[0].asides
    assert (aside.text, aside.audio_file) == (" ".join(AGAIN.words), "answer-01.aside-1.flac")
    recorded_s = sum(here.sound(name).duration_s for name in here.files)
    assert recorded_s == pytest.approx(here.microphone.position * 0.03, abs=0.1)


def test_timings_stay_on_the_microphones_clock(room: OpenRoom) -> None:
    here = room(A_MINUTE, quiet(20), LAUNCH, quiet(7.2), RESULT, quiet(7.2), count=2)
    first, second = here.run().answers
    assert first.timings.question_ended_s == 0
    assert first.timings.speech_started_s == pytest.approx(22, abs=0.1)
    assert first.timings.speech_ended_s == pytest.approx(34, abs=0.1)
    assert first.timings.declared_over_s == pytest.approx(40.4, abs=0.1)
    assert second.timings.question_ended_s == first.timings.declared_over_s
    assert first.analysis.duration_s == pytest.approx(12, abs=0.1)


def test_a_long_answer_survives_an_aside_in_its_middle(room: OpenRoom) -> None:
    long = [LAUNCH, quiet(0.9), RESULT, quiet(0.9)] * 4
    here = room(*long, quiet(1), AGAIN, quiet(5), LAUNCH, quiet(7.2))
    (answer,) = here.run().answers
    told = [word for stretch in (*long, LAUNCH) for word in stretch.words]
    assert answer.transcript.text.split() == told


@pytest.mark.parametrize("before", [(), (LAUNCH, quiet(1.5))], ids=["at once", "in mid-answer"])
def test_who_asks_to_skip_gets_the_next_question(room: OpenRoom, before: tuple[Stretch, ...]) -> None:
    here = room(*before, SKIP, quiet(5), RESULT, quiet(7.2), count=2)
    (answer,) = here.run().answers
    assert answer.question is not None
    assert answer.question.id == "second-launch"
    assert here.answers[0].status == "skipped"
    assert here.answers[0].audio_file == "answer-01.flac"


def test_who_asks_to_stop_leaves_as_with_the_key(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(8), STOP, quiet(30), count=3)
    (answer,) = here.run().answers
    assert answer.transcript.text == STORY
    assert [kept.status for kept in here.answers] == ["answered", "skipped"]
    assert len(here.screen.asked) == 2


def test_who_stops_in_mid_answer_keeps_what_was_said(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(1.5), says("I have to stop the interview here.", 2), quiet(30), count=3)
    (answer,) = here.run().answers
    assert answer.transcript.text == STORY
    assert here.screen.asked == [("first-launch", 1, 3)]


def test_it_works_in_follow_ups(room: OpenRoom) -> None:
    here = room(
        *(LAUNCH, quiet(7.5)),
        *(AGAIN, quiet(9), RESULT, quiet(7.5)),
        agenda=with_follow_ups(1),
        prober=ScriptedProber("cost"),
    )
    _, reply = here.run().answers
    assert reply.transcript.text == " ".join(RESULT.words)
    assert here.said.count("What about the cost?") == 2


def test_it_works_in_a_day(room: OpenRoom) -> None:
    day = [A_MINUTE, quiet(15), LAUNCH, quiet(7.5), AGAIN, quiet(9), RESULT, quiet(7.5)]
    here = room(*day, says("What does a good first month look like?", 3), quiet(7.5), count=2, agenda=a_day)
    report = here.run()
    told = [answer.transcript.text for answer in report.answers]
    assert told == [STORY, " ".join(RESULT.words), "What does a good first month look like?"]


def test_only_an_aside_and_then_silence_is_no_answer(room: OpenRoom) -> None:
    here = room(A_MINUTE, quiet(200))
    (answer,) = here.run().answers
    assert (answer.status, answer.transcript.text) == ("no_speech", "")


# --- the keys, and silence -----------------------------------------------------------------------------


def test_enter_before_a_word_does_not_burn_the_question(room: OpenRoom) -> None:
    here = room(quiet(5), LAUNCH, quiet(7.2), keys={1.5: Command.END, 3.0: Command.END})
    (answer,) = here.run().answers
    assert answer.transcript.text == STORY
    assert here.screen.notices.count(NOT_BEGUN) == 1


def test_a_silent_candidate_is_asked_once_told_what_to_check_and_waited_for(room: OpenRoom) -> None:
    here = room(quiet(80), LAUNCH, quiet(7.2))
    here.screen.can_pause = True
    (answer,) = here.run().answers
    assert answer.transcript.text == STORY
    told = CHECK_MICROPHONE.format(microphone="scripted microphone")
    assert here.screen.notices[:2] == [NOTHING_HEARD, told]
    assert here.said.count(NOTHING_HEARD) == 1
    assert here.screen.pauses == 1


def test_who_leaves_in_the_pause_ends_the_interview(room: OpenRoom) -> None:
    here = room(quiet(300), count=3)
    here.screen.can_pause = True
    assert here.run().answers == ()
    assert len(here.screen.asked) == 1
    assert here.screen.pauses == 2


def test_without_keys_silence_is_passed_over_and_nothing_is_said_again(room: OpenRoom) -> None:
    here = room(quiet(590), count=3, agenda=partial(a_day, minutes=60))
    here.run()
    assert here.said.count(NOTHING_HEARD) == 1
    assert here.said.count(MOVING_ON) == 1


def test_who_was_heard_in_between_is_asked_anew(room: OpenRoom) -> None:
    here = room(quiet(62), LAUNCH, quiet(7.2), quiet(62), count=3)
    here.run()
    assert here.said.count(NOTHING_HEARD) == 2


def test_q_while_it_speaks_ends_the_interview_and_keeps_the_answer(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.2), count=3)

    def leaves() -> bool:
        here.screen.has_left = bool(here.screen.assessments)
        return here.screen.has_left

    here.screen.skipped = leaves  # type: ignore[method-assign]
    (answer,) = here.run().answers
    assert answer.status == "answered"
    assert answer.timings.feedback_started_s is not None
    assert len(here.screen.asked) == 1


# --- nothing is said twice -----------------------------------------------------------------------------


def sentences_said(room: OpenRoom, **parts: object) -> list[str]:
    """Return the sentences of an interview of four equal answers with equal replies, without the questions."""
    stretches = [stretch for _ in range(8) for stretch in (LAUNCH, quiet(7.5))]
    here = room(*stretches, count=3, prober=ScriptedProber(*"abcdefgh"), **parts)
    here.run()
    asked = {item.question.text for item in here.interview.agenda.items} | set(here.interview.responder.texts)
    return [
        sentence for text in here.interview.room.said for sentence in sentences_to_say(text) if sentence not in asked
    ]


@pytest.mark.parametrize("agenda", [with_follow_ups(2), a_day], ids=["feedback each", "a day"])
def test_no_sentence_is_said_twice(room: OpenRoom, agenda: object) -> None:
    said = sentences_said(room, agenda=agenda)
    assert len(said) > 3
    assert [sentence for sentence in said if said.count(sentence) > 1] == []


def test_a_drill_is_given_once_and_then_only_referred_to(room: OpenRoom) -> None:
    here = room(*(3 * (LAUNCH, quiet(7.5))), count=3)
    report = here.run()
    drills = [answer.feedback.drill for answer in report.answers]
    assert all(drills)
    assert [drill in here.said for drill in drills if drill] == [True, False, False]
    assert all(answer.feedback.spoken in here.said for answer in report.answers)


def test_the_number_of_an_answer_is_shown_with_its_question(room: OpenRoom) -> None:
    here = room(
        *(LAUNCH, quiet(7.5), RESULT, quiet(7.5)),
        *(LAUNCH, quiet(7.5), RESULT, quiet(7.5)),
        count=2,
        agenda=with_follow_ups(1),
        prober=ScriptedProber("cost", "team"),
    )
    here.run()
    assert here.screen.numbered == [1, 2, 3, 4]
    assert [kept.position for kept in here.answers] == [1, 2, 3, 4]


# --- the drill -----------------------------------------------------------------------------------------


def test_a_key_takes_the_drill_at_once_and_it_is_compared(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.5), RESULT, quiet(7.5), LAUNCH, quiet(7.5), count=2)
    here.screen.drills = 1
    first, drill, second = here.run().answers
    assert first.feedback.drill is not None
    assert drill.question.text == QUESTION
    assert drill.follows == 1
    assert drill.question.id.startswith("drill-")
    assert drill.transcript.text == " ".join(RESULT.words)
    assert drill.feedback.spoken in here.interview.room.said
    assert "by forty percent" in " ".join(drill.feedback.since_last)
    assert second.question.id == "second-launch"
    assert here.screen.numbered == [1, 2, 3]


def test_without_the_key_there_is_no_drill(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.5), RESULT, quiet(7.5), count=2)
    assert len(here.run().answers) == 2


def test_a_drill_that_nobody_says_is_passed_over(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.5), quiet(62), RESULT, quiet(7.5), count=2)
    here.screen.drills = 1
    here.run()
    assert [kept.status for kept in here.answers] == ["answered", "no_speech", "answered"]


def test_an_answer_that_was_cut_off_is_not_told_that_it_has_no_ending(room: OpenRoom) -> None:
    here = room(LAUNCH, RESULT, count=3, keys={12.5: Command.QUIT})
    here.run()
    (kept,) = here.answers
    assert kept.is_cut_off
    assert kept.assessment is not None
    names = {point.name for point in kept.assessment.feedback.points}
    assert not names & {"missing_result", "brief", "no_landing", "too_short", "missing_part", "no_number"}
    assert any(text in kept.assessment.feedback.spoken for text in load_phrases().cut_off)


@pytest.mark.parametrize("is_slow", [False, True])
def test_a_language_model_knows_the_case_of_a_design_or_it_is_up_to_the_candidate(
    room: OpenRoom, is_slow: bool
) -> None:
    asks = says("How many engineers do I have?", 2)
    case = partial(Agenda.of, [design()])
    here = room(asks, quiet(12), LAUNCH, quiet(7.2), agenda=lambda asked: case(), model=ScriptedModel(is_slow=is_slow))
    here.run()
    assert [aside.kind for aside in here.answers[0].asides] == ["clarify"]
    assert (ASSUME in here.said) == is_slow
    assert ("There are nine of those." in here.said) != is_slow
