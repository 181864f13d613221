from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from tests.cohort.answers import spoken, written
from voicemock.cohort.recordings import Recording
from voicemock.cohort.rows import (
    answer_row,
    answer_schema,
    error_row,
    error_schema,
    table_of,
    with_identity,
)
from voicemock.models import Analysis, Assessment, Failure

FIRST = ["schema_version", "source", "content_hash", "answer_id", "candidate", "question_id", "competency", "date"]
TAKE = Recording("takes/1.flac", candidate="c-07", question_id="conflict-with-peer", date=dt.date(2026, 11, 30))


def row(assessment: Assessment, recording: Recording = TAKE) -> dict[str, Any]:
    return answer_row(recording, "ab12", "cd34", assessment, "conflict")


def read_back(rows: list[dict[str, Any]], schema: pa.Schema) -> list[dict[str, Any]]:
    return table_of(rows, schema).to_pylist(maps_as_pydicts="strict")


def test_both_tables_begin_with_who_and_what() -> None:
    assert answer_schema().names[:8] == error_schema().names[:8] == FIRST


def test_every_measure_is_a_column_of_its_own() -> None:
    assert set(Analysis.model_fields) <= set(answer_schema().names)


def test_the_columns_are_typed() -> None:
    schema = answer_schema()
    assert schema.field("words_per_minute") == pa.field("words_per_minute", pa.float64())
    assert schema.field("word_count") == pa.field("word_count", pa.int64(), nullable=False)
    assert schema.field("date").type == pa.date32()
    assert schema.field("length").type == pa.string()
    words = schema.field("transcript").type.field("words").type.value_type
    assert [words.field(name).type for name in ("text", "start_s")] == [pa.string(), pa.float64()]
    assert pa.types.is_map(schema.field("evidence").type.field("verdicts").type)


def test_the_columns_say_their_version() -> None:
    assert answer_schema().metadata == error_schema().metadata == {b"voicemock_cohort_schema": b"1"}


@pytest.mark.parametrize("assessment", [spoken(), written(), written("")], ids=["spoken", "written", "empty"])
def test_a_row_holds_the_whole_assessment(assessment: Assessment) -> None:
    (found,) = read_back([row(assessment)], answer_schema())
    whole = assessment.model_dump(mode="json")
    assert {name: found[name] for name in Analysis.model_fields} == whole["analysis"]
    assert {name: found[name] for name in ("question", "transcript", "feedback")} == {
        name: whole[name] for name in ("question", "transcript", "feedback")
    }


def test_what_was_not_measured_is_null() -> None:
    (found,) = read_back([row(written())], answer_schema())
    assert (found["words_per_minute"], found["duration_s"], found["pauses"]) == (None, None, None)


def test_a_row_says_who_answered_what_and_when() -> None:
    (found,) = read_back([row(spoken())], answer_schema())
    assert [found[name] for name in FIRST] == [
        *(1, "takes/1.flac", "ab12", "cd34", "c-07", "conflict-with-peer", "conflict", dt.date(2026, 11, 30))
    ]


def test_an_error_is_a_row_of_its_own_table() -> None:
    failure = Failure(kind="audio_file", message="takes/1.flac is no sound.")
    (found,) = read_back([error_row(TAKE, None, None, 1, failure)], error_schema())
    assert (found["source"], found["content_hash"], found["kind"], found["message"]) == (
        *("takes/1.flac", None, "audio_file", "takes/1.flac is no sound."),
    )


def test_the_same_content_under_another_name_differs_in_who_and_what_alone() -> None:
    other = Recording("takes/copy.flac", candidate="c-08")
    ours, theirs = row(spoken()), with_identity(row(spoken()), other)
    assert {name for name in ours if ours[name] != theirs[name]} == {"source", "candidate", "question_id", "date"}


def test_a_message_names_the_input_that_its_row_is_about() -> None:
    failed = error_row(TAKE, "ab12", "cd34", 1, Failure(kind="audio_file", message="takes/1.flac is no sound."))
    assert with_identity(failed, Recording("takes/copy.flac"))["message"] == "takes/copy.flac is no sound."
