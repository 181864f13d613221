"""A review by somebody else: imported beside the answer, checked, and shown as data."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.outputs import check_plain
from tests.interviews import STARTED, answer_of, assessment_of, bank, fixture_answer, keep, spoken_answer
from voicemock.coaching.debrief import debrief_of
from voicemock.errors import ContentError, InputError, StorageError, TranscriptFileError, UnknownNameError
from voicemock.interview.imports import keep_exported, read_exported
from voicemock.interview.interview import report_of
from voicemock.interview.mentor_reviews import LARGEST_FILE, KeptReview, keep_review, parse_review, read_review
from voicemock.models import (
    MOST_REVIEWS,
    Answer,
    MentorReview,
    Ratings,
    Session,
    hash_of_transcript,
    transcript_of_text,
)
from voicemock.report.exports import to_markdown
from voicemock.store.store import Store

NOW = datetime(2026, 12, 1, tzinfo=UTC)
TEXT = "I led the move of our ledger. We cut the cost by 40 percent."
ANSWER = spoken_answer(TEXT)


def sent(about_session: Session, *comments: dict[str, Any], **changes: Any) -> bytes:
    """A file about the first answer, as the page saves it."""
    about = {
        "position": 1,
        "transcript_sha256": hash_of_transcript(TEXT),
        "ratings": {"length": 4, "structure": None, "result": 2, "delivery": None},
        "comments": [{"start_char": 2, "end_char": 5, "text": "Say it earlier."}, *comments],
    }
    of_answer = {name: changes.pop(name) for name in tuple(changes) if name in about}
    file = {
        "kind": "voicemock-review",
        "schema_version": 1,
        "session": about_session.id,
        "reviewer": "Dana Fox",
        "answers": [about | of_answer],
    }
    return json.dumps(file | changes).encode()


def imported(store: Store, content: bytes) -> KeptReview:
    return keep_review(store, "review.json", parse_review(content, "review.json"), NOW)


def reviews(store: Store, position: int = 1) -> tuple[MentorReview, ...]:
    return store.sessions.answers(store.sessions.find())[position - 1].reviews


def test_a_review_stands_beside_its_answer_with_words_and_moments_of_the_transcript(tmp_path: Path) -> None:
    session = keep(tmp_path, ANSWER)
    last = {"start_char": TEXT.index("We cut"), "end_char": len(TEXT), "text": "Strong.\n\tHow was it  measured?"}
    with Store(tmp_path) as store:
        kept = imported(store, sent(session, last))
        (review,) = reviews(store)
        (measured,) = store.takes.measured()
    assert (kept.positions, kept.comments, kept.replaced) == ((1,), 2, 0)
    assert (review.reviewer, review.ratings, review.imported_at) == ("Dana Fox", Ratings(length=4, result=2), NOW)
    words = ANSWER.assessment.transcript.words  # type: ignore[union-attr]
    assert [(each.quote, each.start_s, each.text) for each in review.comments] == [
        ("led", words[1].start_s, "Say it earlier."),
        ("We cut the cost by 40 percent.", words[7].start_s, "Strong. How was it measured?"),
    ]
    assert measured.measured.word_count == len(TEXT.split())


def test_the_same_person_replaces_what_they_said_and_others_do_not(tmp_path: Path) -> None:
    session = keep(tmp_path, ANSWER)
    with Store(tmp_path) as store:
        imported(store, sent(session))
        imported(store, sent(session, reviewer="Sam"))
        again = imported(store, sent(session, reviewer="DANA  FOX", comments=[], ratings={"length": 1}))
        found = reviews(store)
    assert again.replaced == 1
    assert [(each.reviewer, len(each.comments), each.ratings.length) for each in found] == [
        ("Sam", 1, 4),
        ("DANA FOX", 0, 1),
    ]


def test_an_answer_of_text_has_comments_without_a_moment(tmp_path: Path) -> None:
    transcript = transcript_of_text(TEXT)
    answer = answer_of(assessment_of(transcript, "failed-program", (), 0.0), audio_file=None)
    session = keep(tmp_path, answer)
    with Store(tmp_path) as store:
        imported(store, sent(session))
        (review,) = reviews(store)
    assert [(each.quote, each.start_s) for each in review.comments] == [("led", None)]


def test_a_long_quote_keeps_its_first_words(tmp_path: Path) -> None:
    text = "word " * 100 + "end"
    session = keep(tmp_path, spoken_answer(text))
    whole = {"start_char": 0, "end_char": len(text), "text": "Long."}
    with Store(tmp_path) as store:
        imported(store, sent(session, comments=[whole], transcript_sha256=hash_of_transcript(text)))
        (comment,) = reviews(store)[0].comments
    assert comment.quote == ("word " * 60).rstrip()


OTHER: dict[str, Any] = {"start_char": 0, "end_char": 1, "text": "x"}


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"kind": "other"}, ContentError, "is not a review"),
        ({"schema_version": 2}, ContentError, "schema_version"),
        ({"surprise": 1}, ContentError, "surprise"),
        ({"reviewer": ""}, ContentError, "reviewer"),
        ({"reviewer": "x" * 61}, ContentError, "reviewer"),
        ({"reviewer": "\u202e \u200b"}, ContentError, "does not say who"),
        ({"reviewer": ["Dana"]}, ContentError, "reviewer"),
        ({"answers": []}, ContentError, "answers"),
        ({"answers": [{}]}, ContentError, "position"),
        ({"session": "last"}, UnknownNameError, "not kept here"),
        ({"session": "2026"}, UnknownNameError, "not kept here"),
        ({"session": "../../etc/passwd"}, UnknownNameError, "not kept here"),
        ({"session": "x" * 61}, ContentError, "session"),
        ({"position": 2}, InputError, "answer 2"),
        ({"position": 0}, ContentError, "position"),
        ({"position": "1"}, ContentError, "position"),
        ({"position": True}, ContentError, "position"),
        ({"transcript_sha256": "0" * 64}, InputError, "does not match the words of answer 1"),
        ({"transcript_sha256": "x"}, ContentError, "transcript_sha256"),
        ({"ratings": {"length": 6}}, ContentError, "length"),
        ({"ratings": {"length": 0}}, ContentError, "length"),
        ({"ratings": {"length": 4.5}}, ContentError, "length"),
        ({"ratings": {"hire": 5}}, ContentError, "hire"),
        ({"comments": [OTHER | {"text": "x" * 2001}]}, ContentError, "text"),
        ({"comments": [OTHER | {"text": ""}]}, ContentError, "text"),
        ({"comments": [OTHER] * 201}, ContentError, "comments"),
        ({"comments": [OTHER | {"start_char": -1}]}, ContentError, "start_char"),
        ({"comments": [OTHER | {"start_char": 1, "end_char": 1}]}, InputError, "words outside of it"),
        ({"comments": [OTHER | {"end_char": len(TEXT) + 1}]}, InputError, "words outside of it"),
        ({"comments": [OTHER | {"end_char": 10**400}]}, ContentError, "end_char"),
        ({"comments": [OTHER | {"text": "\u200b\x00"}], "ratings": {}}, InputError, "neither a comment nor a rating"),
        ({"comments": [], "ratings": {}}, InputError, "neither a comment nor a rating"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_of_it_is_kept(
    tmp_path: Path, changes: dict[str, Any], error: type[Exception], told: str
) -> None:
    session = keep(tmp_path, ANSWER)
    with Store(tmp_path) as store:
        with pytest.raises(error, match=told) as raised:
            imported(store, sent(session, **changes))
        assert reviews(store) == ()
    check_plain(str(raised.value))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", ContentError),
        (b"null", ContentError),
        (b"\xff\xfe{}", ContentError),
        (b"[" * 100_000, ContentError),
        (b'{"kind": "voicemock-review"}', ContentError),
        (b'{"kind": "voicemock-review", "x": ' + b"[" * 100_000, ContentError),
        (b'{"kind": "voicemock-review", "reviewer": "\\ud800"}', ContentError),
        (b'{"kind": "voicemock-review", "session": ' + b"9" * 5000 + b"}", ContentError),
        (b" " * (LARGEST_FILE + 1), TranscriptFileError),
    ],
)
def test_what_is_no_review_is_told(tmp_path: Path, content: bytes, error: type[Exception]) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(error) as raised:
        read_review(path)
    check_plain(str(raised.value))


def test_one_answer_twice_is_refused(tmp_path: Path) -> None:
    session = keep(tmp_path, ANSWER)
    file = json.loads(sent(session))
    with pytest.raises(ContentError, match="one answer twice"):
        parse_review(json.dumps(file | {"answers": file["answers"] * 2}).encode(), "x.json")


def test_of_several_answers_all_are_kept_or_none(tmp_path: Path) -> None:
    session = keep(tmp_path, ANSWER, spoken_answer(TEXT, position=2))
    file = json.loads(sent(session))
    (one,) = file["answers"]
    wrong = [one, one | {"position": 2, "comments": [OTHER | {"end_char": 10_000}]}]
    with Store(tmp_path) as store:
        with pytest.raises(InputError, match="answer 2"):
            imported(store, json.dumps(file | {"answers": wrong}).encode())
        assert reviews(store) == ()
        imported(store, json.dumps(file | {"answers": [one, one | {"position": 2}]}).encode())
        assert len(reviews(store)) == len(reviews(store, 2)) == 1


def test_there_is_a_most(tmp_path: Path) -> None:
    session = keep(tmp_path, ANSWER)
    with Store(tmp_path) as store:
        for number in range(MOST_REVIEWS):
            imported(store, sent(session, reviewer=f"Reviewer {number}"))
        with pytest.raises(InputError, match="which is the limit"):
            imported(store, sent(session, reviewer="One more"))
        assert imported(store, sent(session, reviewer="reviewer 3")).replaced == 1


def test_an_answer_that_changed_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    session = keep(tmp_path, ANSWER)
    with Store(tmp_path) as store:
        (read,) = store.sessions.answers(session)
        store.sessions.add_answer(session, read.model_copy(update={"overflows": 3}))
        with pytest.raises(StorageError, match="changed meanwhile"):
            store.sessions.keep_reviews(session, [(read, ())])
        assert store.sessions.answers(session)[0].overflows == 3


def test_a_review_goes_with_its_answer_and_stays_where_it_is_measured_again(tmp_path: Path) -> None:
    session = keep(tmp_path, ANSWER, spoken_answer(TEXT, position=2))
    with Store(tmp_path) as store:
        imported(store, sent(session))
        (take, *_) = store.takes.of_session(session)
        assert take.answer.assessment is not None
        store.takes.reassess(take, take.answer.assessment, NOW)
        assert len(reviews(store)) == 1
        store.delete_answer(session, 1)
        assert [answer.reviews for answer in store.sessions.answers(session)] == [()]
    assert b"Dana" not in (tmp_path / "voicemock.db").read_bytes()


# --- exported, imported, shown ---------------------------------------------------------------------------


def reviewed(tmp_path: Path, *comments: dict[str, Any], **changes: Any) -> tuple[Session, tuple[Answer, ...]]:
    session = keep(tmp_path / "data", ANSWER, fixture_answer("triage-answer", 2))
    with Store(tmp_path / "data") as store:
        imported(store, sent(session, *comments, **changes))
        return session, store.sessions.answers(session)


def test_an_export_brings_it_along_and_takes_words_from_the_transcript(tmp_path: Path) -> None:
    session, answers = reviewed(tmp_path)
    report = json.loads(report_of(session, answers).model_dump_json())
    review = report["answers"][0]["reviews"][0]
    review["comments"][0] |= {"quote": "forged", "start_s": 1e9}
    review["comments"] += [review["comments"][0] | {"end_char": 10**9}, review["comments"][0] | {"text": "\u200b"}]
    report["answers"][0]["reviews"].append({**review, "reviewer": "Sam", "transcript_sha256": "0" * 64})
    path = tmp_path / "x.json"
    path.write_text(json.dumps(report))
    with Store(tmp_path / "other") as store:
        keep_exported(
            store,
            path,
            read_exported(path),
            find_question=bank().get,
            assess_again=lambda answer: answer.assessment,  # type: ignore[arg-type, return-value]
            version="0.1.0",
        )
        assert reviews(store) == answers[0].reviews


def test_the_debrief_has_it_and_rests_nothing_on_it(tmp_path: Path) -> None:
    _, answers = reviewed(tmp_path)
    debrief = debrief_of(answers, bank())
    (found,) = debrief.reviews
    assert (found.position, found.review) == (1, answers[0].reviews[0])
    without = debrief_of([answer.model_copy(update={"reviews": ()}) for answer in answers], bank())
    assert debrief.model_copy(update={"reviews": ()}) == without


def test_in_markdown_it_is_data(tmp_path: Path) -> None:
    hostile = {"start_char": 0, "end_char": 1, "text": "<script>x</script>\n# Title [a](b)"}
    session, answers = reviewed(tmp_path, hostile, reviewer="*Dana* <b>")
    frameworks = [bank().framework("star"), bank().framework("triage")]
    shown = to_markdown(session, answers, frameworks)
    assert "### What others said: \\*Dana\\* \\<b\\>" in shown
    assert '- \\<script\\>x\\</script\\> \\# Title \\[a\\](b) ("I", 0:01)' in shown
    assert "- Length 4 of 5, result 2 of 5" in shown


def test_an_answer_that_an_older_version_kept_takes_a_review(tmp_path: Path) -> None:
    session = keep(tmp_path, ANSWER)
    with Store(tmp_path) as store:
        document = json.loads(ANSWER.model_dump_json())
        del document["reviews"]
        store._database.write("UPDATE answers SET document = ?", json.dumps(document, indent=1))
        imported(store, sent(session))
        assert len(reviews(store)) == 1
    assert ANSWER.recorded_at == STARTED
