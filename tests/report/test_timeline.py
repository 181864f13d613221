"""The time axis: stretches, and the targets of the parts."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.interviews import bank, fixture_answer, spoken_answer
from tests.voices import prosody
from voicemock.models import OneNote, Part, Sentence, Structure
from voicemock.report.rows import structure_rows
from voicemock.report.timeline import stretches, targets

STAR = bank().framework("star")


def lanes(name: str) -> dict[str, list]:
    found: dict[str, list] = {}
    for stretch in stretches(fixture_answer(name).assessment, STAR):
        found.setdefault(stretch.lane, []).append(stretch)
    return found


def test_every_measure_with_a_time_has_its_lane():
    analysis = fixture_answer("strong-story").assessment.analysis
    found = lanes("strong-story")
    assert len(found["pauses"]) == len(analysis.pauses)
    assert len(found["fillers"]) == len(analysis.fillers)
    assert len(found["results"]) == len(analysis.quantified_results)
    assert len(found["pace"]) == len(analysis.pace_curve)
    assert {stretch.kind for stretch in found["parts"]} <= {"situation", "task", "action", "result"}


def test_what_stands_out_in_the_melody_is_a_stretch():
    assessment = spoken_answer("We shipped it.").assessment
    one = OneNote(start_s=15.0, end_s=30.0, pitch_sd_semitones=0.8)
    analysis = assessment.analysis.model_copy(update={"prosody": prosody(one_note=(one,))})
    found = stretches(assessment.model_copy(update={"analysis": analysis}), STAR)
    assert [(each.start_s, each.title, each.detail) for each in found if each.lane == "melody"] == [
        (12.0, "Trails off", "9 dB quieter than the rest of the sentence"),
        (15.0, "Nearly one note", "0.8 semitones at most"),
        (29.0, "Ends high", "4 semitones up"),
    ]


def test_it_is_in_the_order_of_time():
    starts = [stretch.start_s for stretch in stretches(fixture_answer("strong-story").assessment, STAR)]
    assert starts == sorted(starts)


def test_neighboring_sentences_of_a_part_are_one_stretch():
    def sentence(part, start_s):
        return Sentence(text="x", part=part, start_s=start_s, end_s=start_s + 2, start_char=0, end_char=1)

    parts = ("situation", "situation", None, "situation", "result")
    assessment = spoken_answer("We shipped it.").assessment
    structure = Structure(
        framework="star",
        sentences=tuple(sentence(part, 3.0 * index) for index, part in enumerate(parts)),
        parts=(Part(name="situation", present=True),),
        missing=(),
    )
    analysis = assessment.analysis.model_copy(update={"structure": structure})
    found = stretches(assessment.model_copy(update={"analysis": analysis}), STAR)
    assert [(each.title, each.start_s, each.end_s) for each in found if each.lane == "parts"] == [
        ("Situation", 0.0, 5.0),
        ("Situation", 9.0, 11.0),
        ("Result", 12.0, 14.0),
    ]


def test_targets_fill_the_answer_from_its_first_word_to_its_last():
    assessment = fixture_answer("strong-story").assessment
    found = targets(assessment, STAR)
    words = assessment.transcript.words
    assert [target.kind for target in found] == ["situation", "task", "action", "result"]
    assert found[0].start_s == pytest.approx(words[0].start_s, abs=0.01)
    assert found[-1].end_s == pytest.approx(words[-1].end_s, abs=0.05)
    assert all(one.end_s == other.start_s for one, other in pairwise(found))


def test_a_text_has_no_times():
    assessment = spoken_answer("We shipped it.").assessment
    words = tuple(word.model_copy(update={"start_s": None, "end_s": None}) for word in assessment.transcript.words)
    untimed = assessment.model_copy(update={"transcript": assessment.transcript.model_copy(update={"words": words})})
    assert targets(untimed, STAR) == ()


def test_the_reply_to_a_follow_up_has_no_parts() -> None:
    answer = fixture_answer("strong-story")
    assert any(each.lane == "parts" for each in stretches(answer.assessment, STAR))
    assert not any(each.lane == "parts" for each in stretches(answer.assessment, None))
    assert [name for name, _, _ in structure_rows(answer.assessment.analysis, None)] == ["Measured results"]
