"""Duration, pace, length and pauses, by tables."""

from __future__ import annotations

import pytest

from tests.readers import ScriptedReader
from voicemock.analysis.analyze import analyze
from voicemock.analysis.delivery import find_pauses, judge_length
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import Analysis, SpeechSpan, Transcript, Word, transcript_of_text, transcript_of_words


def words_between(text, start_s, end_s):
    """Words of equal length from ``start_s`` to ``end_s``."""
    pieces = text.split()
    step = (end_s - start_s) / len(pieces)
    return [
        Word(text=piece, start_s=start_s + step * index, end_s=start_s + step * (index + 1), probability=0.9)
        for index, piece in enumerate(pieces)
    ]


@pytest.fixture
def measured(star, lexicon):
    def measure(transcript, **given):
        return analyze(transcript, framework=star, target=(180.0, 240.0), lexicon=lexicon, **given).analysis

    return measure


def test_pace_counts_words_that_are_not_filled_pauses(measured):
    transcript = transcript_of_words(words_between("Um, I led, you know, uh, the launch.", 2.0, 8.0), language="en")
    analysis = measured(transcript)
    assert analysis.duration_s == pytest.approx(6.0)
    assert analysis.word_count == 6
    assert analysis.words_per_minute == pytest.approx(60.0)
    assert analysis.fillers_per_minute == pytest.approx(30.0)


def test_a_text_has_no_times(measured):
    analysis = measured(transcript_of_text("I led the launch. It went well."))
    assert (analysis.duration_s, analysis.length, analysis.words_per_minute) == (None, None, None)
    assert (analysis.pauses, analysis.fillers_per_minute, analysis.recording_s) == (None, None, None)
    assert analysis.word_count == 7
    assert all(part.duration_s is None for part in analysis.structure.parts)


@pytest.mark.parametrize("text", ["", " \n ", "— … 🙂"])
def test_without_a_word_there_is_no_structure(measured, text):
    analysis = measured(transcript_of_text(text))
    assert analysis.structure is None
    assert (analysis.fillers, analysis.quantified_results, analysis.word_count) == ((), (), 0)
    assert (analysis.duration_s, analysis.words_per_minute, analysis.recording_s) == (None, None, None)


def test_a_word_without_a_time_leaves_the_times_unmeasured(measured):
    words = [*words_between("I led the", 0.0, 3.0), Word(text="launch.")]
    analysis = measured(transcript_of_words(words))
    assert (analysis.duration_s, analysis.words_per_minute) == (None, None)


def test_an_answer_below_the_time_step_has_no_pace(measured):
    assert measured(transcript_of_words(words_between("um no", 1.0, 1.01))).words_per_minute is None


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (None, None),
        (179.4, "short"),
        (179.5, "on_target"),  # shown as 3:00
        (180.0, "on_target"),
        (240.0, "on_target"),
        (240.4, "on_target"),
        (240.5, "long"),  # shown as 4:01
    ],
)
def test_length_against_the_target(seconds, expected):
    assert judge_length(seconds, (180.0, 240.0)) == expected


@pytest.mark.parametrize(
    ("seconds", "lost_s", "expected"),
    [
        (100.0, 20.0, "short"),
        (100.0, 80.0, None),
        (200.0, 10.0, "on_target"),
        (200.0, 60.0, None),
        (250.0, 60.0, "long"),
    ],
)
def test_where_a_part_is_lost_the_length_is_told_only_if_that_makes_no_difference(seconds, lost_s, expected):
    assert judge_length(seconds, (180.0, 240.0), lost_s) == expected


@pytest.mark.parametrize(
    ("speech", "expected"),
    [
        (None, None),
        ([(1.0, 9.0)], []),
        ([(1.0, 4.0), (5.0, 9.0)], [(4.0, 5.0)]),
        ([(1.0, 4.0), (4.99, 9.0)], []),
        ([(5.0, 9.0), (1.0, 4.0)], [(4.0, 5.0)]),
        ([(1.0, 6.0), (2.0, 3.0), (7.5, 9.0)], [(6.0, 7.5)]),
        # outside the answer
        ([(0.0, 0.2), (1.0, 9.0), (20.0, 21.0)], []),
        ([(2.5, 6.0)], [(1.0, 2.5), (6.0, 9.0)]),
        ([], [(1.0, 9.0)]),
    ],
)
def test_pauses_are_silences_of_a_second_inside_the_answer(speech, expected):
    spoken = SpokenText.of(transcript_of_words(words_between("I led the launch", 1.0, 9.0)))
    spans = None if speech is None else tuple(SpeechSpan(*span) for span in speech)
    found = find_pauses(spoken, (), (), spans)
    spans = None if found is None else [(pause.start_s, pause.end_s) for pause in found]
    assert spans == expected


def spoken_at(text):
    """Words at given times: "I@0-1 led@3-4"."""
    words = []
    for entry in text.split():
        said, _, times = entry.rpartition("@")
        start_s, end_s = map(float, times.split("-"))
        words.append(Word(text=said, start_s=start_s, end_s=end_s, probability=0.9))
    return transcript_of_words(words)


@pytest.mark.parametrize(
    ("said", "kind", "place"),
    [
        ("I@0-1 led@3-4 it.@4-5", "silent", "within_clause"),
        ("Done.@0-1 Then@3-4 we@4-5 shipped.@5-6", "silent", "between_sentences"),
        ("First,@0-1 we@3-4 shipped.@4-5", "silent", "between_clauses"),
        ("I@0-0.5 um,@0.6-1 led@3-4 it.@4-5", "filled", "within_clause"),
        ("I@0-1 um,@3-3.4 led@3.5-4 it.@4-5", "filled", "within_clause"),
        ("Done.@0-0.5 Um,@0.6-1 then@3-4 we@4-5 shipped.@5-6", "filled", "between_sentences"),
        ("I@0-0.2 um,@0.2-0.5 now@0.5-1 led@3-4 it.@4-5", "silent", "within_clause"),
    ],
)
def test_a_pause_is_silent_or_filled_and_tears_a_clause_apart_or_not(measured, said, kind, place):
    transcript = spoken_at(said)
    (pause,) = measured(transcript, speech=(SpeechSpan(0.0, 1.0), SpeechSpan(3.0, 6.0))).pauses
    assert (pause.start_s, pause.end_s, pause.kind, pause.place) == (1.0, 3.0, kind, place)


def test_articulation_leaves_out_silence_and_filled_pauses(measured):
    transcript = spoken_at("We@0-1 um@1-2 shipped@2-3 it@8-9 today@9-10")
    analysis = measured(transcript, speech=(SpeechSpan(0.0, 3.0), SpeechSpan(8.0, 10.0)))
    assert analysis.words_per_minute == pytest.approx(4 * 60 / 10)
    assert analysis.articulation_words_per_minute == pytest.approx(4 * 60 / 4)


def test_without_sound_nothing_is_said_about_articulation_latency_or_clarity(measured):
    analysis = measured(transcript_of_text("We shipped it."))
    assert analysis.articulation_words_per_minute is None
    assert (analysis.pace_curve, analysis.response_latency_s, analysis.unclear) == (None, None, None)
    assert analysis.audio_quality is None


def test_the_pace_curve_tells_where_it_raced(measured):
    slow, fast = words_between("word " * 15, 2.0, 17.0), words_between("word " * 60, 17.0, 32.0)
    analysis = measured(transcript_of_words([*slow, *fast]), speech=(SpeechSpan(2.0, 32.0),))
    assert [(p.start_s, p.end_s) for p in analysis.pace_curve] == [(2.0, 17.0), (17.0, 32.0)]
    assert [p.words_per_minute for p in analysis.pace_curve] == pytest.approx([60.0, 240.0])
    assert analysis.response_latency_s == 2.0


def test_each_stretch_of_the_pace_has_its_articulation(measured):
    words = [*words_between("word " * 15, 0.0, 15.0), *words_between("word " * 30, 15.0, 30.0)]
    silent_half = (SpeechSpan(0.0, 7.5), SpeechSpan(15.0, 30.0))
    curve = measured(transcript_of_words(words), speech=silent_half).pace_curve
    assert [p.articulation_words_per_minute for p in curve] == pytest.approx([120.0, 120.0])
    assert measured(transcript_of_words(words)).pace_curve[0].articulation_words_per_minute is None


def test_a_stretch_with_hardly_any_speech_has_no_articulation(measured):
    words = words_between("word " * 15, 0.0, 15.0)
    (point,) = measured(transcript_of_words(words), speech=(SpeechSpan(0.0, 0.9),)).pace_curve
    assert point.articulation_words_per_minute is None


def test_a_short_answer_has_one_stretch_of_pace(measured):
    (point,) = measured(transcript_of_words(words_between("we shipped it", 0.0, 3.0))).pace_curve
    assert (point.start_s, point.end_s, point.words_per_minute) == (0.0, 3.0, 60.0)


def doubtful(text):
    """Words of a second each with a probability: "clear/0.9"."""
    pieces = [piece.split("/") for piece in text.split()]
    return transcript_of_words(
        Word(text=said, start_s=index, end_s=index + 1, probability=float(probability))
        for index, (said, probability) in enumerate(pieces)
    )


@pytest.mark.parametrize(
    ("said", "unclear"),
    [
        ("we/0.9 shipped/0.8 it/0.95", []),
        ("we/0.9 shipped/0.2 it/0.95", ["shipped"]),
        ("we/0.9 shipped/0.4 it/0.95", []),  # one unsure word is no stretch
        ("we/0.9 the/0.4 zap/0.5 it/0.95", ["the zap"]),
        ("we/0.9 the/0.58 zap/0.55 it/0.95", []),
        (
            "we/0.9 the/0.4 um/0.01 zap/0.5 it/0.95",
            ["the um zap"],
        ),  # a mumbled um is not unclear, nor does it part words
        ("we/0.9 um/0.01 it/0.95", []),
        ("mumble/0.1 we/0.9 shipped/0.9 mumble/0.1", ["mumble", "mumble"]),
    ],
)
def test_words_that_were_not_understood_are_unclear(measured, said, unclear):
    transcript = doubtful(said)
    found = measured(transcript, speech=(SpeechSpan(0.0, len(transcript.words)),)).unclear
    assert [each.text for each in found] == unclear
    assert all(transcript.text[each.start_char : each.end_char] == each.text for each in found)


@pytest.mark.parametrize(
    ("speech", "unclear"),
    [
        ([(0, 2)], []),
        ([(0, 2), (4, 5.5)], [(4.0, 5.5)]),
        ([(0, 2), (4, 4.9)], []),
        ([(0, 3.5)], [(2.0, 3.5)]),
        ([(0, 2), (6, 9)], [(6.0, 9.0)]),
    ],
)
def test_speech_without_a_word_is_unclear(measured, speech, unclear):
    transcript = spoken_at("we@0-1 shipped@1-2")
    found = measured(transcript, speech=tuple(SpeechSpan(*span) for span in speech)).unclear
    assert [(each.start_s, each.end_s, each.text) for each in found] == [(*span, "") for span in unclear]
    assert all(each.probability is None for each in found)


def test_fillers_know_their_time_and_the_lower_probability(measured):
    words = [
        Word(text="You", start_s=0.0, end_s=0.2, probability=0.9),
        Word(text="know,", start_s=0.2, end_s=0.5, probability=0.4),
        Word(text="um,", start_s=0.5, end_s=1.0, probability=0.05),
        Word(text="yes.", start_s=1.0, end_s=1.5, probability=0.9),
    ]
    marker, pause = measured(transcript_of_words(words)).fillers
    assert (marker.text, marker.kind, marker.start_s, marker.end_s) == ("You know", "discourse_marker", 0.0, 0.5)
    assert marker.probability == 0.4
    assert (pause.text, pause.kind, pause.start_s, pause.end_s) == ("um", "filled_pause", 0.5, 1.0)
    assert (pause.probability, pause.heard_as) == (0.05, "word")


def test_a_filled_pause_found_in_the_audio_says_so(measured):
    words = words_between("um I led uh the launch", 0, 6)
    words[3] = words[3].model_copy(update={"heard_as": "sound"})
    fillers = measured(transcript_of_words(words)).fillers
    assert [(filler.text, filler.heard_as) for filler in fillers] == [("um", "word"), ("uh", "sound")]


def test_a_users_own_fillers_always_count(star):
    lexicon = Lexicon.load(extra_fillers=("At the end of the  day", "super"))
    text = "At the end of the day, it was super hard."
    analysis = analyze(transcript_of_text(text), framework=star, target=(1, 2), lexicon=lexicon).analysis
    assert [filler.text for filler in analysis.fillers] == ["At the end of the day", "super"]


def test_a_users_own_fillers_may_stand_inside_a_repetition(star):
    lexicon = Lexicon.load(extra_fillers=("to be fair",))
    text = "We had, to be fair, we had no owner."
    analysis = analyze(transcript_of_text(text), framework=star, target=(1, 2), lexicon=lexicon).analysis
    assert [(item.kind, item.text) for item in analysis.repetitions] == [("repetition", "We had")]


def test_an_answer_kept_before_repetitions_were_measured_can_be_read(measured):
    kept = measured(transcript_of_text("I led the launch.")).model_dump()
    del kept["repetitions"]
    assert Analysis.model_validate(kept).repetitions == ()


def test_shares_are_seconds_of_labeled_sentences(measured):
    words = [
        *words_between("At my last company the launch was late and leadership was worried.", 0.0, 10.0),
        *words_between("I wrote a plan and I set up a weekly sync with all teams.", 12.0, 42.0),
    ]
    told = {
        " ".join(word.text for word in each): part for each, part in ((words[:12], "situation"), (words[12:], "action"))
    }
    structure = measured(transcript_of_words(words), reader=ScriptedReader(told)).structure
    shares = {part.name: (part.duration_s, part.share) for part in structure.parts}
    assert shares["situation"] == pytest.approx((10.0, 0.25))
    assert shares["action"] == pytest.approx((30.0, 0.75))
    assert shares["result"] == (0.0, 0.0)


def test_a_number_of_what_is_no_outcome_is_none(measured):
    text = "At my last company we had cut the team by 40%. I wrote a plan."
    for told, found in (("situation", []), ("situation outcome_figure", ["by 40%"])):
        reader = ScriptedReader({"At my last company we had cut the team by 40%.": told})
        results = measured(transcript_of_text(text), reader=reader).quantified_results
        assert [result.text for result in results] == found


def test_a_year_and_a_half_is_no_fraction(measured):
    text = "We moved the path. As a result, we have had zero incidents there for a year and a half."
    reader = ScriptedReader({text: "result outcome_figure"})
    found = [result.text for result in measured(transcript_of_text(text), reader=reader).quantified_results]
    assert "zero incidents" in found
    assert not any("half" in each for each in found if "year" not in each)


def test_a_result_carries_its_sentence_part_and_time(measured):
    words = [
        *words_between("First I mapped the dependencies.", 0.0, 5.0),
        *words_between("As a result we cut the lead time by 40%.", 6.0, 16.0),
    ]
    reader = ScriptedReader({"As a result we cut the lead time by 40%.": "result outcome_figure"})
    (found,) = measured(transcript_of_words(words), reader=reader).quantified_results
    assert (found.text, found.quote, found.part) == ("by 40%", "As a result we cut the lead time by 40%.", "result")
    assert (found.start_s, found.end_s) == pytest.approx((14.0, 16.0))


def test_words_are_joined_by_single_spaces_and_keep_no_space_inside():
    words = [Word(text=" I"), Word(text=" "), Word(text="led the", start_s=1.0, end_s=2.2)]
    transcript = transcript_of_words(words, language="en", engine="test")
    assert transcript.text == "I led the"
    assert [(word.text, word.end_s) for word in transcript.words][1:] == [("led", 1.6), ("the", 2.2)]


def test_words_that_are_not_the_text_are_refused():
    with pytest.raises(ValueError, match="2 words"):
        SpokenText.of(Transcript(text="one two three", words=(Word(text="one"), Word(text="two"))))
