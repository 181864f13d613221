"""The debrief of a session: only what was observed, with the words that show it."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.debriefs import alone, asked, reply, told, unheard
from tests.interviews import bank, fixture_answer
from voicemock.analysis.replies import Reply
from voicemock.coaching.debrief import debrief_of
from voicemock.coaching.debrief_wording import (
    DEBRIEF_WORDS,
    DebriefPhrases,
    counted_text,
    load_debrief_phrases,
    spoken_debrief,
)
from voicemock.coaching.observations import JudgeReply
from voicemock.coaching.watched import HABITS
from voicemock.content.wording import PRIORITY_VALUES
from voicemock.content.yaml_files import load_yaml
from voicemock.errors import ContentError
from voicemock.models import Analysis, Answer, AsksFor, Debrief, KeptFinding, Pattern, Remark, Substance, Transcript

FIXTURES = ("strong-story", "rambling-no-result", "too-short", "triage-answer")
ONE_WORD = "banana " * 60
BRIEF = "The program failed because the vendor was late."


def holding(held: bool | None) -> JudgeReply:
    """Judges every reply the same."""
    return lambda *_: Reply(holds=held)


def holding_percent(asks_for: AsksFor, analysis: Analysis, transcript: Transcript) -> Reply:
    return Reply(holds="percent" in transcript.text)


NOTHING_TO_FIX = KeptFinding(name="follow_up", severity=20.0, extent=0.0)
MEETINGS = KeptFinding(name="coordinator", severity=90.0, extent=0.9, values={"count": "9", "count_spoken": "nine"})
NO_ENDING = KeptFinding(name="missing_result", severity=84.0, extent=0.8, part="result")


def strong(position: int) -> Answer:
    shown = {
        "decision": "I chose the third.",
        "trade_off": "I took on that trade-off myself.",
        "risk": "It was cheap, but there was no way back.",
    }
    return understood(fixture_answer("strong-story", position), shown, (NOTHING_TO_FIX,))


def rambling(position: int) -> Answer:
    shown = {"coordination": "And I kept the Jira board up to date."}
    return understood(fixture_answer("rambling-no-result", position), shown, (MEETINGS, NO_ENDING), {"result"})


def understood(
    answer: Answer, shown: dict[str, str], findings: tuple[KeptFinding, ...], missing: Set[str] = frozenset()
) -> Answer:
    """An answer with what a good listener takes from it, however well the reader reads."""
    assert answer.assessment is not None
    analysis, feedback, text = answer.assessment.analysis, answer.assessment.feedback, answer.assessment.transcript.text
    assert analysis.structure is not None
    sentences = tuple(
        each.model_copy(update={"part": None}) if each.part in missing else each
        for each in analysis.structure.sentences
    )
    remarks = tuple(remark(kind, words, text.index(words)) for kind, words in shown.items())
    update = {
        "structure": analysis.structure.model_copy(update={"sentences": sentences, "missing": tuple(missing)}),
        "quantified_results": () if "result" in missing else analysis.quantified_results,
        "substance": Substance(remarks=remarks, sentences=dict.fromkeys(shown, 1), coordination_share=None),
    }
    assessment = answer.assessment.model_copy(
        update={
            "analysis": analysis.model_copy(update=update),
            "feedback": feedback.model_copy(update={"findings": findings}),
        }
    )
    return alone(answer.model_copy(update={"assessment": assessment}))


def remark(kind: str, words: str, start: int) -> Remark:
    return Remark(
        kind=kind, rule=kind, confidence=0.9, text=words, quote=words, start_char=start, end_char=start + len(words)
    )


def summed_up(*answers: Answer) -> Debrief:
    return debrief_of(answers, bank())


def named(patterns: Sequence[Pattern]) -> dict[str, Pattern]:
    return {pattern.name: pattern for pattern in patterns}


def seen_in(debrief: Debrief, position: int) -> dict[str, str]:
    (card,) = [card for card in debrief.scorecards if card.position == position]
    return {each.name: each.seen for each in card.observations}


# --- what became of the questions --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (strong(1), "answered"),
        (told(BRIEF, 1), "brief"),
        (told(ONE_WORD, 1), "not_an_answer"),
        (unheard(1, "skipped"), "skipped"),
        (unheard(1, "interrupted"), "interrupted"),
        (unheard(1, "no_speech"), "no_speech"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_became_of_a_question_is_said_as_such(answer, outcome):
    debrief = summed_up(answer)
    assert debrief.scorecards[0].outcome == outcome
    assert debrief.answered == (outcome == "answered")


@pytest.mark.parametrize("answers", [(), (unheard(1),), (unheard(1, "interrupted"),), (told(ONE_WORD, 1),)])
def test_of_nothing_nothing_is_said(answers):
    debrief = summed_up(*answers)
    assert (debrief.strengths, debrief.to_work_on) == ((), ())
    assert all(not each.supported_by for each in debrief.competencies)
    assert all(not card.observations for card in debrief.scorecards)
    assert spoken_debrief(debrief) in load_debrief_phrases().nothing


def test_a_story_needs_no_question():
    story = strong(1).model_copy(update={"question": None})
    debrief = summed_up(story)
    assert (debrief.is_story, debrief.competencies) == (True, ())
    assert debrief.scorecards[0].question is None
    assert "story" in spoken_debrief(debrief)
    assert "question" not in spoken_debrief(debrief).split(".")[0]


def test_an_answer_without_sound_has_no_length():
    assessment = strong(1).assessment
    assert assessment is not None
    read = assessment.model_copy(
        update={"analysis": assessment.analysis.model_copy(update={"duration_s": None, "length": None})}
    )
    card = summed_up(strong(1).model_copy(update={"assessment": read})).scorecards[0]
    assert (card.duration_s, card.length) == (None, None)


@pytest.mark.parametrize(
    ("second", "counts"),
    [(rambling(2), 2), (unheard(2), 1), (told(BRIEF, 2), 1)],
    ids=["", "skipped", "brief"],
)
def test_of_a_question_that_was_answered_again_the_last_answer_counts(second, counts):
    again = second.model_copy(update={"question": strong(1).question})
    debrief = summed_up(strong(1), again, reply("By thirty percent.", 3, follows=counts))
    (card,) = debrief.scorecards
    assert (debrief.questions, card.takes, card.position) == (1, 2, counts)
    assert [each.position for each in card.follow_ups] == [3]


# --- what was observed ---------------------------------------------------------------------------------------


def test_a_strong_story_shows_everything_a_story_owes():
    shown = seen_in(summed_up(strong(1)), 1)
    owed = ("situation", "task", "action", "result", "measured_outcome", "own_actions", "decision", "trade_off")
    assert {name: shown[name] for name in owed} == dict.fromkeys(owed, "seen")


def test_a_story_that_goes_nowhere_shows_what_it_lacks():
    shown = seen_in(summed_up(rambling(1)), 1)
    lacking = ("result", "measured_outcome", "decision", "trade_off", "risk")
    assert {name: shown[name] for name in lacking} == dict.fromkeys(lacking, "not_seen")


def test_a_triage_answer_is_held_against_its_checklist():
    card = summed_up(fixture_answer("triage-answer")).scorecards[0]
    assert {each.kind for each in card.observations} >= {"part", "checklist", "risk"}
    assert "own_actions" not in {each.kind for each in card.observations}


def test_what_older_rules_did_not_measure_is_not_called_missing():
    assessment = strong(1).assessment
    assert assessment is not None
    older = assessment.analysis.model_copy(update={"ownership": None, "substance": None, "rambling": None})
    answer = strong(1).model_copy(update={"assessment": assessment.model_copy(update={"analysis": older})})
    shown = seen_in(summed_up(answer), 1)
    assert {shown[name] for name in ("own_actions", "decision", "trade_off", "risk", "technical")} == {"not_measured"}


@pytest.mark.parametrize("name", FIXTURES)
def test_every_quote_is_an_exact_stretch_of_its_answer(name):
    answers = (fixture_answer(name, 1), reply("It fell by thirty percent, in the end.", 2, follows=1), strong(3))
    debrief = debrief_of(answers, bank(), holding(True))
    texts = {answer.position: answer.assessment.transcript.text for answer in answers if answer.assessment}
    quotes = [(each.position, each.quote) for card in debrief.scorecards for each in card.observations]
    quotes += [(each.position, each.quote) for card in debrief.scorecards for each in card.follow_ups]
    quotes += [(each.position, each.quote) for found in debrief.competencies for each in found.supported_by]
    quotes += [(each.quote_position, each.quote) for each in debrief.strengths]
    held = [(position, quote) for position, quote in quotes if quote is not None]
    assert held
    assert all(quote in texts[position] for position, quote in held)


def test_only_what_was_seen_is_quoted():
    debrief = summed_up(strong(1), rambling(2))
    assert all(each.quote is None for card in debrief.scorecards for each in card.observations if each.seen != "seen")


# --- follow-ups ----------------------------------------------------------------------------------------------


def test_follow_ups_stand_on_the_card_of_the_question_they_probe():
    answers = (
        strong(1),
        reply("By thirty percent.", 2, follows=1),
        rambling(3),
        unheard(4),
        reply("No.", 5, follows=3),
    )
    debrief = debrief_of(answers, bank(), holding_percent)
    assert debrief.questions == 3
    cards = {card.position: [(each.position, each.seen) for each in card.follow_ups] for card in debrief.scorecards}
    assert cards == {1: [(2, "seen")], 3: [(5, "not_seen")], 4: []}


@pytest.mark.parametrize(
    ("held", "seen"), [(True, "seen"), (False, "not_seen"), (None, "not_measured")], ids=lambda value: f"{value}"
)
def test_whether_a_reply_holds_what_was_asked_for_is_judged_elsewhere(held, seen):
    debrief = debrief_of((strong(1), reply("By a lot.", 2, follows=1)), bank(), holding(held))
    assert debrief.scorecards[0].follow_ups[0].seen == seen


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (reply("By a lot.", 2, follows=1, asks_for=None), "not_measured"),
        (unheard(2).model_copy(update={"follows": 1}), "not_seen"),
        (unheard(2, "no_speech").model_copy(update={"follows": 1}), "not_seen"),
        (unheard(2, "interrupted").model_copy(update={"follows": 1}), "not_measured"),
    ],
)
def test_a_reply_that_cannot_be_judged_is_not_measured_and_none_holds_nothing(answer, seen):
    card = summed_up(strong(1), answer).scorecards[0].follow_ups[0]
    assert (card.seen, card.position) == (seen, 2)


def test_short_replies_are_no_habit_of_short_answers():
    replies = [reply("By thirty percent, in two weeks.", position, follows=1) for position in range(2, 6)]
    debrief = debrief_of((strong(1), *replies), bank(), holding(True))
    assert debrief.to_work_on == ()
    assert named(debrief.strengths)["follow_ups"].count == 4


def test_replies_that_miss_what_was_asked_are_a_habit():
    replies = [reply("Well, it went fine in the end, really.", position, follows=1) for position in (2, 3)]
    debrief = debrief_of((strong(1), *replies), bank(), holding(False))
    habit = named(debrief.to_work_on)["follow_ups"]
    assert (habit.count, habit.of, habit.counted, habit.positions) == (2, 2, "follow_ups", (2, 3))


# --- competencies --------------------------------------------------------------------------------------------


def test_a_competency_gathers_the_answers_about_it():
    debrief = summed_up(
        strong(1), rambling(2), fixture_answer("triage-answer", 3), unheard(4, question="failed-program")
    )
    found = {each.competency: each for each in debrief.competencies}
    assert list(found) == ["dependency-management", "failure"]  # program sense comes before behavioral
    failure = found["failure"]
    assert (failure.positions, failure.unanswered) == ((1, 2, 4), (4,))
    assert "measured_outcome" in {each.name for each in failure.supported_by}


def test_what_one_answer_showed_is_not_open():
    open_alone = {each.name for each in summed_up(rambling(1)).competencies[0].left_open}
    assert open_alone >= {"measured_outcome", "decision"}
    assert summed_up(strong(1), rambling(2)).competencies[0].left_open == ()


def test_a_follow_up_without_what_it_asked_for_stays_open():
    answers = (strong(1), reply("By thirty percent.", 2, follows=1), reply("Hard to say.", 3, follows=1))
    debrief = debrief_of(answers, bank(), holding_percent)
    assert [(each.kind, each.position) for each in debrief.competencies[0].left_open] == [("follow_up", 3)]


# --- patterns ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "name", "expected"),
    [
        ([strong(1), rambling(2), rambling(3)], "missing_result", (2, 3, (2, 3))),
        ([strong(1), rambling(2)], "missing_result", None),  # once is no habit
        ([rambling(1), rambling(2), *map(strong, range(3, 8))], "missing_result", None),  # two of seven
        ([rambling(1), rambling(2), *map(strong, range(3, 7))], "missing_result", (2, 6, (1, 2))),
        ([rambling(1), rambling(2)], "no_number", (2, 2, (1, 2))),
        ([rambling(1), rambling(2), fixture_answer("triage-answer", 3)], "no_number", (2, 2, (1, 2))),  # no story
        ([unheard(1), told(BRIEF, 2), strong(3)], "unanswered", (2, 3, (1, 2))),
        ([unheard(1, "interrupted"), unheard(2, "interrupted"), strong(3)], "unanswered", None),
        ([strong(1), strong(2)], "fillers", None),
    ],
)
def test_what_recurs(answers, name, expected):
    found = named(summed_up(*answers).to_work_on).get(name)
    assert (found and (found.count, found.of, found.positions)) == expected


@pytest.mark.parametrize(
    ("answers", "name", "expected"),
    [
        ([strong(1), strong(2)], "measured", ("consistent", 2, 2)),
        ([strong(1), strong(2), strong(3), rambling(4)], "measured", ("consistent", 3, 4)),
        ([strong(1), strong(2), rambling(3)], "measured", ("in_some", 2, 3)),
        ([strong(1)], "measured", ("in_some", 1, 1)),
        ([rambling(1), rambling(2)], "measured", None),
        ([strong(1), rambling(2)], "complete", None),  # in some, and no words to show it by
        ([told(ONE_WORD, 1), told(ONE_WORD, 2)], "few_fillers", None),
        ([told(BRIEF, 1), told(BRIEF, 2)], "steady", None),
    ],
)
def test_what_is_good(answers, name, expected):
    found = named(summed_up(*answers).strengths).get(name)
    assert (found and (found.kind, found.count, found.of)) == expected


def test_nothing_is_both_good_and_a_habit():
    opposites = {"measured": "no_number", "own_actions": "we_in_actions", "few_fillers": "fillers", "on_target": "long"}
    for answers in ([strong(1), rambling(2)], [rambling(1), rambling(2)], [strong(1), rambling(2), rambling(3)]):
        debrief = summed_up(*answers)
        throughout = {each.name for each in debrief.strengths if each.kind == "consistent"}
        assert not {opposites.get(name) for name in throughout} & named(debrief.to_work_on).keys()


# --- what to work on next ------------------------------------------------------------------------------------


def with_drill(answer: Answer, drill: str | None) -> Answer:
    assert answer.assessment is not None
    feedback = answer.assessment.feedback.model_copy(update={"drill": drill})
    return answer.model_copy(update={"assessment": answer.assessment.model_copy(update={"feedback": feedback})})


def test_the_drill_is_the_one_that_was_given_for_the_same_thing():
    answers = (with_drill(strong(1), "Another one."), rambling(2), with_drill(rambling(3), "Tell only the result."))
    work = summed_up(*answers).next_work
    assert work is not None
    assert (work.name, work.drill, work.positions) == ("coordinator", "Tell only the result.", (2, 3))


def test_without_a_drill_of_the_feedback_there_is_one_for_the_habit():
    work = summed_up(with_drill(rambling(1), None), with_drill(rambling(2), None)).next_work
    assert work is not None
    assert work.drill in load_debrief_phrases().habits[work.name].drill


def test_what_limits_the_answers_most_comes_first():
    debrief = summed_up(rambling(1), rambling(2))
    assert [pattern.name for pattern in debrief.to_work_on][:2] == ["coordinator", "missing_result"]


def test_without_a_habit_the_heaviest_single_thing_comes_next():
    single = with_drill(rambling(2), "Tell only the result.")
    work = summed_up(strong(1), single).next_work
    assert work is not None
    assert single.assessment is not None
    assert (work.name, work.positions, work.drill) == ("coordinator", (2,), "Tell only the result.")
    assert work.text == next(point.text for point in single.assessment.feedback.points if point.kind == "priority")


def test_where_nothing_has_to_change_nothing_is_made_up():
    debrief = summed_up(strong(1), strong(2))
    assert (debrief.to_work_on, debrief.next_work) == ((), None)


# --- asking back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "questions"),
    [
        ("What does a good first year look like? And how do teams decide what to stop?", 2),
        ("What does a good first year look like. Thank you very much for that.", 1),  # no question mark
        ("Yes, I would like to know how you measure a program.", 1),
        ("My first question is what success looks like here.", 1),
        ("No, I think you covered everything today. Thank you.", 0),
        ("That sounds great, and I liked what I heard.", 0),
    ],
)
def test_questions_to_the_interviewer_are_found(said, questions):
    debrief = summed_up(strong(1), asked(said, 2))
    assert (debrief.was_asked_back, len(debrief.asked_back), debrief.questions) == (True, questions, 1)


def test_who_was_not_invited_is_not_told_that_nothing_was_asked():
    debrief = summed_up(strong(1))
    assert (debrief.was_asked_back, debrief.asked_back) == (False, ())
    assert not any(text in spoken_debrief(debrief) for text in load_debrief_phrases().asked_nothing)


# --- how it is said ------------------------------------------------------------------------------------------

VERDICTS = re.compile(
    r"\b(?:hire|hired|score|grade|rating|pass(?:ed)?|fail(?:ed)?|offer|level|percent)\b", re.IGNORECASE
)


def outside_quotes(text: str) -> str:
    return re.sub(r'"[^"]*"', "", text)


def session_of(kinds: Sequence[str], *, asks: bool) -> list[Answer]:
    answers: list[Answer] = []
    for kind in kinds:
        position = len(answers) + 1
        if kind in FIXTURES:
            answers.append(alone(fixture_answer(kind, position)))
        elif kind == "reply" and answers and answers[0].follows is None:
            answers.append(reply("We cut it by half, I think.", position, follows=1))
        elif kind in ("skipped", "interrupted"):
            answers.append(unheard(position, kind))
    return [*answers, *([asked("What is the hardest part of this job?", len(answers) + 1)] if asks else [])]


@given(
    kinds=st.lists(st.sampled_from([*FIXTURES, "skipped", "interrupted", "reply"]), max_size=8),
    held=st.sampled_from([True, False, None]),
    asks=st.booleans(),
)
def test_any_session_is_told_in_under_a_minute_without_figures_or_verdicts(kinds, held, asks):
    answers = session_of(kinds, asks=asks)
    spoken = spoken_debrief(debrief_of(answers, bank(), holding(held)))
    assert 0 < len(spoken.split()) <= DEBRIEF_WORDS
    assert not re.search(r"%|[{}_]|\b[0-9]{1,2}\b", outside_quotes(spoken))  # voices read large numbers well
    assert not VERDICTS.search(outside_quotes(spoken))
    assert "  " not in spoken


def test_the_same_session_is_told_in_the_same_words():
    assert spoken_debrief(summed_up(strong(1), rambling(2))) == spoken_debrief(summed_up(strong(1), rambling(2)))


def test_the_habit_and_its_drill_are_said():
    debrief = summed_up(strong(1), rambling(2), rambling(3))
    spoken = spoken_debrief(debrief)
    assert debrief.next_work is not None
    assert debrief.next_work.spoken in spoken
    assert "two of three" in spoken
    assert str(debrief.next_work.drill) in spoken


@pytest.mark.parametrize(
    ("count", "of", "counted", "said"),
    [
        (1, 1, "answers", "your answer"),
        (1, 2, "stories", "one of two stories"),
        (2, 2, "answers", "both answers"),
        (3, 3, "questions", "all three questions"),
        (3, 5, "follow_ups", "three of five follow-ups"),
    ],
)
def test_how_many_of_how_many(count, of, counted, said):
    assert counted_text(count, of, counted) == said


# --- its wording ---------------------------------------------------------------------------------------------


def test_habits_rest_on_findings_that_the_feedback_can_make():
    assert {name for habit in HABITS for name in habit.priorities} <= PRIORITY_VALUES.keys()


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("{of_them}", "{of_those}", "unknown placeholder of_those; it may use: of_them"),
        ("  jargon:", "  slang:", "no wording for jargon; unknown habit slang; known: "),
        ("{drill}", "{exercise}", "unknown placeholder exercise"),
    ],
)
def test_a_mistake_in_the_wording_is_named(tmp_path, old, new, complaint):
    prompts = Path(__file__).parents[2] / "prompts" / "debrief.yaml"
    broken = tmp_path / "debrief.yaml"
    broken.write_text(prompts.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=complaint):
        load_yaml(broken, DebriefPhrases)
